/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Memory behind frames: kept while the frame lives, aliased, zero after a reset; what a reset
// costs.
#include "model_test.h"

#include <sys/resource.h>

enum { TABLES = 0, FRAMES = 10 }; // offsets from first_slot
enum { LAST = ((1 << seL4_PageTableIndexBits) - 1) << seL4_PageBits };

static volatile unsigned char *region;

// Tables of all levels, so that small frames can be mapped in the range of one page table at
// `region`, whose last page is LAST.
static int set_up(void **state)
{
    if (boot_machine(state) != 0) {
        return -1;
    }
    const seL4_CPtr untyped = ram(21);
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)sel4model_free_vaddr(1);
    region = (volatile unsigned char *)vaddr;
    for (unsigned level = 0; level < TABLE_LEVELS; level++) {
        expect_ok(retype(untyped, table_type(level), 0, first_slot + TABLES + level));
        expect_ok(map_table(level, first_slot + TABLES + level, VSPACE, vaddr));
    }
    return 0;
}

static void map_at(seL4_Word slot, size_t offset)
{
    expect_ok(page_map(slot, VSPACE, (seL4_Word)(uintptr_t)region + offset, seL4_ReadWrite));
}

static void frames_keep_what_is_written(void **state)
{
    (void)state;
    const seL4_Word frame = first_slot + FRAMES;
    expect_ok(retype_many(ram(19), SMALL_FRAME, 0, frame, 2));
    map_at(frame, 0);
    assert_int_equal(region[0], 0);
    region[0] = 1;
    region[4095] = 2;
    expect_ok(page_unmap(frame));
    map_at(frame, 8192);
    assert_int_equal(region[8192], 1);
    assert_int_equal(region[8192 + 4095], 2);
    // Two capabilities, one memory.
    expect_ok(copy_cap(frame + 5, frame));
    map_at(frame + 5, 0);
    region[1] = 3;
    assert_int_equal(region[8193], 3);
    // The other frame is other memory.
    map_at(frame + 1, 4096);
    assert_int_equal(region[4096], 0);
    // Until the last capability goes, and even after that, until the untyped is used again.
    expect_ok(delete_cap(frame));
    assert_int_equal(region[0], 1);
}

static void a_reset_zeroes(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    const seL4_Word frame = first_slot + FRAMES;
    const uint64_t paddr = cap_at(untyped).paddr;
    unsigned char byte = 0;
    for (int round = 0; round < 3; round++) {
        expect_ok(retype_many(untyped, SMALL_FRAME, 0, frame, 8));
        for (seL4_Word i = 0; i < 8; i += 2) {
            map_at(frame + i, i * 4096);
            assert_int_equal(region[i * 4096 + 77], 0);
            region[i * 4096 + 77] = (unsigned char)(i + 1);
        }
        expect_ok(revoke_cap(untyped));
        assert_true(sel4model_read_memory(paddr + 6 * 4096 + 77, &byte, 1));
        assert_int_equal(byte, 7); // not yet
    }
    expect_ok(retype_many(untyped, SMALL_FRAME, 0, frame, 8));
    for (seL4_Word i = 0; i < 8; i++) {
        map_at(frame + i, i * 4096);
        assert_int_equal(region[i * 4096 + 77], 0);
    }
}

static void pieces_of_a_large_reset(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(27);
    const seL4_Word frame = first_slot + FRAMES;
    // Frames at the ends of words and of the untyped of the dirty map: first, 63rd, 64th, last.
    static const seL4_Word places[] = {0, 62, 63, 64, 65, 127, 128, 255};
    expect_ok(retype_many(untyped, SMALL_FRAME, 0, frame, 256));
    for (size_t i = 0; i < 8; i++) {
        map_at(frame + places[i], places[i] * 4096);
        region[places[i] * 4096] = 9;
        region[places[i] * 4096 + 4095] = 9;
    }
    expect_ok(revoke_cap(untyped));
    expect_ok(retype_many(untyped, SMALL_FRAME, 0, frame, 256));
    for (seL4_Word i = 0; i < 256; i++) {
        map_at(frame + i, i * 4096);
        assert_int_equal(region[i * 4096], 0);
        assert_int_equal(region[i * 4096 + 4095], 0);
    }
}

static void large_frames_are_memory(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(26);
    const seL4_Word frame = first_slot + FRAMES;
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)region;
    expect_ok(unmap_table(TABLE_LEVELS - 1, first_slot + TABLES + TABLE_LEVELS - 1));
    for (int round = 0; round < 2; round++) {
        expect_ok(retype(untyped, TABLE_FRAME, 0, frame));
        expect_ok(page_map(frame, VSPACE, vaddr, seL4_ReadWrite));
        assert_int_equal(region[0], 0);
        assert_int_equal(region[((size_t)1 << TABLE_FRAME_BITS) - 1], 0);
        region[0] = 1;
        region[((size_t)1 << TABLE_FRAME_BITS) - 1] = 2;
        expect_ok(delete_cap(frame));
    }
}

// Device memory is never cleared.
static void device_memory_stays(void **state)
{
    (void)state;
    const seL4_CPtr device = small_device();
    const seL4_Word frame = first_slot + FRAMES;
    struct sel4model_counters counters;
    expect_ok(retype(device, SMALL_FRAME, 0, frame));
    map_at(frame, 0);
    region[5] = 5;
    expect_ok(delete_cap(frame));
    sel4model_counters_reset();
    expect_ok(retype(device, SMALL_FRAME, 0, frame));
    map_at(frame, 4096);
    assert_int_equal(region[4096 + 5], 5);
    sel4model_counters_get(&counters);
    assert_int_equal(counters.bytes_zeroed, 0);
}

static uint64_t zeroed_by(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits, seL4_Word slot)
{
    struct sel4model_counters before;
    struct sel4model_counters after;
    sel4model_counters_get(&before);
    expect_ok(retype(untyped, type, size_bits, slot));
    sel4model_counters_get(&after);
    return after.bytes_zeroed - before.bytes_zeroed;
}

static void what_a_reset_costs(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    const seL4_Word slot = first_slot + FRAMES;
    // A boot untyped is full: the first use clears all of it.
    assert_int_equal(zeroed_by(untyped, seL4_EndpointObject, 0, slot), 1 << 19);
    assert_int_equal(zeroed_by(untyped, seL4_EndpointObject, 0, slot + 1), 0);
    expect_ok(delete_cap(slot));
    expect_ok(delete_cap(slot + 1));
    // Then only what was used, in chunks of 256 bytes.
    assert_int_equal(zeroed_by(untyped, seL4_EndpointObject, 0, slot), 256);
    expect_ok(delete_cap(slot));
    assert_int_equal(zeroed_by(untyped, SMALL_FRAME, 0, slot), 256);
    assert_int_equal(zeroed_by(untyped, seL4_EndpointObject, 0, slot + 1), 0);
    expect_ok(revoke_cap(untyped));
    assert_int_equal(zeroed_by(untyped, seL4_UntypedObject, 7, slot), 4096 + 256);
    // Less than a chunk is cleared whole.
    assert_int_equal(zeroed_by(slot, seL4_EndpointObject, 0, slot + 1), 0);
    expect_ok(delete_cap(slot + 1));
    assert_int_equal(zeroed_by(slot, seL4_EndpointObject, 0, slot + 1), 128);
    expect_ok(delete_cap(slot + 1));
    expect_ok(copy_cap(slot + 2, slot));
    expect_ok(delete_cap(slot + 2));
    assert_int_equal(zeroed_by(slot, seL4_EndpointObject, 0, slot + 1), 128);
}

static void read_only_frames(void **state)
{
    (void)state;
    const seL4_Word frame = first_slot + FRAMES;
    expect_ok(retype(ram(19), SMALL_FRAME, 0, frame));
    expect_ok(copy_cap(frame + 1, frame));
    map_at(frame, 0);
    region[0] = 4;
    expect_ok(page_map(frame + 1, VSPACE, (seL4_Word)(uintptr_t)region + 4096, seL4_CanRead));
    assert_int_equal(region[4096], 4);
}

// Writing there must end a process.
static void expect_fault(size_t offset)
{
    int status = 0;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        close(STDERR_FILENO);
        signal(SIGSEGV, SIG_DFL);
        region[offset] = 1;
        _exit(0);
    }
    waitpid(child, &status, 0);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// An address that is reserved but not mapped is a fault, before and after a mapping.
static void unmapped_addresses_fault(void **state)
{
    (void)state;
    const seL4_Word frame = first_slot + FRAMES;
    expect_ok(retype_many(ram(19), SMALL_FRAME, 0, frame, 2));
    for (int round = 0; round < 2; round++) {
        expect_fault(0);
        map_at(frame, 0);
        region[0] = 1;
        expect_ok(page_unmap(frame));
    }
    map_at(frame, 0);
    map_at(frame + 1, LAST);
    expect_ok(delete_cap(frame));
    expect_fault(0);
    region[LAST] = 1;
    // With a table goes all that it maps, also below tables of its own.
    const unsigned level = TABLE_LEVELS == 1 ? 0 : TABLE_LEVELS - 2;
    expect_ok(unmap_table(level, first_slot + TABLES + level));
    expect_fault(LAST);
}

static void read_only_mappings_fault(void **state)
{
    (void)state;
    const seL4_Word frame = first_slot + FRAMES;
    expect_ok(retype(ram(19), SMALL_FRAME, 0, frame));
    expect_ok(page_map(frame, VSPACE, (seL4_Word)(uintptr_t)region, seL4_CanRead));
    assert_int_equal(region[0], 0);
    expect_fault(0);
    map_at(frame, 0); // more rights, at the same place
    region[0] = 1;
}

static void map_beyond_a_limit(void)
{
    const struct rlimit none = {0, 0};
    expect_ok(retype_many(ram(19), SMALL_FRAME, 0, first_slot + FRAMES, 2));
    map_at(first_slot + FRAMES, 0);
    (void)setrlimit(RLIMIT_AS, &none);
    map_at(first_slot + FRAMES + 1, 8192);
}

static void limits_of_the_host_are_told(void **state)
{
    (void)state;
    expect_stop(map_beyond_a_limit, "too many mappings (vm.max_map_count)");
}

static void reading_memory(void **state)
{
    (void)state;
    char bytes[16];
    assert_true(sel4model_read_memory(0x100000, bytes, sizeof(bytes)));
    assert_false(sel4model_read_memory(~(uint64_t)0, bytes, sizeof(bytes)));
    assert_false(sel4model_read_memory(~(uint64_t)0 - 7, bytes, sizeof(bytes)));
#if CONFIG_WORD_SIZE == 64
    assert_false(sel4model_read_memory(0, bytes, SIZE_MAX));
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(frames_keep_what_is_written, set_up, shut_down),
        cmocka_unit_test_setup_teardown(a_reset_zeroes, set_up, shut_down),
        cmocka_unit_test_setup_teardown(pieces_of_a_large_reset, set_up, shut_down),
        cmocka_unit_test_setup_teardown(large_frames_are_memory, set_up, shut_down),
        cmocka_unit_test_setup_teardown(device_memory_stays, set_up, shut_down),
        cmocka_unit_test_setup_teardown(what_a_reset_costs, set_up, shut_down),
        cmocka_unit_test_setup_teardown(read_only_frames, set_up, shut_down),
        cmocka_unit_test_setup_teardown(unmapped_addresses_fault, set_up, shut_down),
        cmocka_unit_test_setup_teardown(read_only_mappings_fault, set_up, shut_down),
        cmocka_unit_test_setup_teardown(limits_of_the_host_are_told, set_up, shut_down),
        cmocka_unit_test_setup_teardown(reading_memory, set_up, shut_down),
    };
    return cmocka_run_group_tests_name("model: memory", tests, NULL, NULL);
}
