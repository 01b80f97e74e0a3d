/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// allocman_utspace_add_uts: what is taken over, what is refused, and addresses that are nonsense.

#include "api_test.h"

enum { BATCH = 16 };

// Entries of a call, from the boot untypeds.
struct batch {
    size_t count;
    cspacepath_t path[BATCH];
    size_t size_bits[BATCH];
    uintptr_t paddr[BATCH];
};

static void batch_add(struct batch *batch, size_t index)
{
    const seL4_UntypedDesc *const ut = &world.bootinfo->untypedList[index];
    const size_t i = batch->count++;
    batch->path[i] = allocman_cspace_make_path(world.alloc, world.bootinfo->untyped.start + index);
    batch->size_bits[i] = ut->sizeBits;
    batch->paddr[i] = ut->paddr;
}

// The first RAM untypeds of at least a page.
static struct batch ram_batch(size_t count)
{
    struct batch batch = {0};
    for (unsigned i = 0; i < count; i++) {
        batch_add(&batch, boot_untyped(12, false, i));
    }
    return batch;
}

static uint64_t bytes_of(const struct batch *batch)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < batch->count; i++) {
        bytes += (uint64_t)1 << batch->size_bits[i];
    }
    return bytes;
}

static int hand_over(struct batch *batch, int kind)
{
    return allocman_utspace_add_uts(world.alloc, batch->count, batch->path, batch->size_bits,
                                    batch->paddr, kind);
}

// One untyped that is there from the start, in no batch: the first of all makes a table that stays.
static uint64_t warm_up(void)
{
    const size_t index = boot_untyped(12, false, boot_untyped_count(12, false) - 1);
    assert_int_equal(boot_untyped_add(index, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(index)),
                     ALLOCMAN_OK);
    return (uint64_t)1 << boot_untyped_bits(index);
}

static void expect_taken_besides(const struct batch *batch, size_t roots, uint64_t bytes)
{
    assert_int_equal(totals()->roots, batch->count + roots);
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_KERNEL], bytes_of(batch) + bytes);
}

static void expect_taken(const struct batch *batch)
{
    expect_taken_besides(batch, 0, 0);
}

static void expect_refused(struct batch *batch, int kind, int status)
{
    const struct ledger before = ledger_now();
    const size_t roots = totals()->roots;
    assert_int_equal(hand_over(batch, kind), status);
    assert_failure(status);
    assert_int_equal(totals()->roots, roots);
    assert_nothing_changed(before);
}

// As many untypeds of 2^bits as there are, then gives them back.
static size_t count_of(unsigned bits)
{
    static struct object object[5000];
    size_t count = 0;
    while (count < 5000 && object_try(seL4_UntypedObject, bits, ALLOCMAN_NO_PADDR, false,
                                      &object[count]) == ALLOCMAN_OK) {
        count++;
    }
    for (size_t i = 0; i < count; i++) {
        object_free(&object[i]);
    }
    return count;
}

static void a_batch_is_taken_over_without_the_kernel(void **state)
{
    (void)state;
    struct batch batch = ram_batch(BATCH);
    const struct batch copy = batch;
    sel4model_counters_reset();
    assert_int_equal(hand_over(&batch, ALLOCMAN_UT_KERNEL), ALLOCMAN_OK);
    assert_no_invocations();
    expect_taken(&batch);
    assert_memory_equal(&batch, &copy, sizeof(batch)); // the caller's arrays are not written to
    const size_t last_page = ((size_t)1 << batch.size_bits[3]) - 4096;
    const struct object frame = object_at(FRAME, 12, batch.paddr[3] + last_page);
    assert_int_equal(object_paddr(&frame), batch.paddr[3] + last_page);
    assert_int_equal(totals()->addresses_dropped, 0);
}

static void nothing_may_be_handed_over(void **state)
{
    (void)state;
    assert_int_equal(allocman_utspace_add_uts(world.alloc, 0, NULL, NULL, NULL, ALLOCMAN_UT_KERNEL),
                     ALLOCMAN_OK);
    assert_int_equal(totals()->roots, 0);
    struct object object;
    assert_int_equal(object_try(FRAME, 12, ALLOCMAN_NO_PADDR, true, &object), ALLOCMAN_NO_UNTYPED);
    assert_int_equal(allocman_last_failure(world.alloc)->available, 0);
    char text[160];
    assert_string_equal(
        allocman_failure_text(allocman_last_failure(world.alloc), text, sizeof(text)),
        "out of untyped memory: 2^12 bytes needed, nothing free");
}

static void untypeds_without_addresses_serve(void **state)
{
    (void)state;
    struct batch batch = ram_batch(4);
    assert_int_equal(allocman_utspace_add_uts(world.alloc, 4, batch.path, batch.size_bits, NULL,
                                              ALLOCMAN_UT_KERNEL),
                     ALLOCMAN_OK);
    expect_taken(&batch);
    const struct object frame = frame_make();
    assert_int_equal(object_paddr(&frame), ALLOCMAN_NO_PADDR);
    const cspacepath_t path = slot_make();
    expect_refusal(12, FRAME, &path, batch.paddr[0], true, ALLOCMAN_ADDRESS_UNKNOWN);
    object_free(&frame);
    assert_int_equal(count_of(12) << 12, bytes_of(&batch));
}

static void garbage_addresses_do_no_harm(void **state)
{
    (void)state;
    static const uintptr_t garbage[] = {1,
                                        7,
                                        0x123457,
                                        ~(uintptr_t)0,
                                        ~(uintptr_t)0xfff,
                                        (uintptr_t)1 << (seL4_WordBits - 1),
                                        (uintptr_t)0xa5a5a5a5a5a5a5a5,
                                        ~(uintptr_t)0xfffff,
                                        0x8000000,
                                        0x8000010,
                                        0,
                                        16};
    for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
        start((struct start){.pool_bytes = POOL_BYTES, .without_untypeds = true});
        struct batch batch = ram_batch(5);
        batch.paddr[0] = garbage[i];
        batch.paddr[1] = batch.paddr[2];      // overlaps a later one
        batch.paddr[3] = batch.paddr[2] + 16; // overlaps an earlier one
        assert_int_equal(hand_over(&batch, ALLOCMAN_UT_KERNEL), ALLOCMAN_OK);
        expect_taken(&batch);
        assert_int_equal(count_of(12) << 12, bytes_of(&batch));
        const struct object frame = object_at(FRAME, 12, batch.paddr[4]);
        assert_int_equal(object_paddr(&frame), cap_at(frame.path.capPtr).paddr);
        (void)stop(NULL);
    }
}

static void the_caller_may_not_have_set_the_address(void **state)
{
    (void)state;
    const size_t index = boot_untyped(20, false, 0);
    assert_int_equal(boot_untyped_add(index, ALLOCMAN_UT_KERNEL, (uintptr_t)0x5a5a5a5a5a5a5a5b),
                     ALLOCMAN_OK);
    assert_int_equal(totals()->addresses_dropped, 1);
    assert_int_equal(count_of(12), (size_t)1 << (boot_untyped_bits(index) - 12));
    assert_int_equal(count_of(20), (size_t)1 << (boot_untyped_bits(index) - 20));
}

static void duplicates_are_refused(void **state)
{
    (void)state;
    struct batch batch = ram_batch(5);
    assert_int_equal(hand_over(&batch, ALLOCMAN_UT_KERNEL), ALLOCMAN_OK);
    for (unsigned i = 0; i < 5; i++) {
        struct batch again = {0};
        batch_add(&again, boot_untyped(12, false, 10)); // a good one before it
        batch_add(&again, boot_untyped(12, false, i));
        batch_add(&again, boot_untyped(12, false, 11)); // and behind it
        expect_refused(&again, ALLOCMAN_UT_KERNEL, ALLOCMAN_ALREADY_ADDED);
    }
    expect_taken(&batch);
}

static void duplicates_within_a_batch_are_refused(void **state)
{
    (void)state;
    const uint64_t before = warm_up();
    struct batch batch = ram_batch(4);
    batch_add(&batch, boot_untyped(12, false, 2));
    expect_refused(&batch, ALLOCMAN_UT_KERNEL, ALLOCMAN_ALREADY_ADDED);
    batch.count = 4;
    assert_int_equal(hand_over(&batch, ALLOCMAN_UT_KERNEL), ALLOCMAN_OK);
    expect_taken_besides(&batch, 1, before);
}

// Without addresses the capability itself is all that tells.
static void duplicates_without_addresses_destroy_nothing(void **state)
{
    (void)state;
    struct batch batch = ram_batch(1);
    int error = 0;
    for (int i = 0; i < 2; i++) {
        error = allocman_utspace_add_uts(world.alloc, 1, batch.path, batch.size_bits, NULL,
                                         ALLOCMAN_UT_KERNEL);
    }
    if (error) {
        assert_int_equal(error, ALLOCMAN_ALREADY_ADDED);
        return;
    }
    // Taken twice: no live object may be lost by it, in whatever order things go.
    const unsigned bits = (unsigned)batch.size_bits[0];
    const struct object first = object_make(seL4_UntypedObject, bits);
    object_free(&first);
    struct object object[4];
    size_t count = 0;
    while (count < 4 && object_try(seL4_UntypedObject, bits, ALLOCMAN_NO_PADDR, false,
                                   &object[count]) == ALLOCMAN_OK) {
        count++;
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(cap_at(object[i].path.capPtr).kind, SEL4MODEL_CAP_UNTYPED);
        }
    }
    assert_int_equal(count, 1);
}

static void bad_sizes_and_kinds_take_nothing_over(void **state)
{
    (void)state;
    const uint64_t before = warm_up();
    static const size_t sizes[] = {0, 3, seL4_MaxUntypedBits + 1, 64, 256 + 12, ~(size_t)0};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (size_t at = 0; at < 5; at++) {
            struct batch batch = ram_batch(5);
            batch.size_bits[at] = sizes[i];
            expect_refused(&batch, ALLOCMAN_UT_KERNEL, ALLOCMAN_INVALID_SIZE);
            assert_int_equal(allocman_last_failure(world.alloc)->needed, sizes[i]);
        }
    }
    struct batch batch = ram_batch(5);
    static const int kinds[] = {-1, 3, 4, 1000, INT32_MIN};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        expect_refused(&batch, kinds[i], ALLOCMAN_INVALID_ARGUMENT);
    }
    assert_int_equal(allocman_utspace_add_uts(world.alloc, 5, NULL, batch.size_bits, NULL, 0),
                     ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(allocman_utspace_add_uts(world.alloc, 5, batch.path, NULL, NULL, 0),
                     ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(totals()->roots, 1);
    assert_int_equal(hand_over(&batch, ALLOCMAN_UT_KERNEL),
                     ALLOCMAN_OK); // all of them still can be
    expect_taken_besides(&batch, 1, before);
    const struct object frame = object_at(FRAME, 12, batch.paddr[4]);
    assert_int_equal(cap_at(frame.path.capPtr).paddr, batch.paddr[4]);
}

static void without_book_memory_none_is_taken_over(void **state)
{
    (void)state;
    start((struct start){.pool_bytes = ALLOCMAN_STATIC_POOL_BYTES(0), .without_untypeds = true});
    (void)warm_up();
    struct batch batch = ram_batch(BATCH);
    static void *block[2000];
    size_t count = 0;
    while ((block[count] = allocman_mspace_alloc(world.alloc, 16, NULL)) != NULL) {
        count++;
    }
    assert_true(count >= 30);
    for (size_t i = 0; i < 30; i++) { // 480 bytes, in one place
        allocman_mspace_free(world.alloc, block[count - 1 - i], 16);
    }
    expect_refused(&batch, ALLOCMAN_UT_KERNEL, ALLOCMAN_NO_BOOK);
    assert_true(allocman_last_failure(world.alloc)->needed > 0);
    assert_int_equal(totals()->roots, 1);
}

static void kinds_are_kept_apart(void **state)
{
    (void)state;
    const size_t ram = boot_untyped(20, false, 0);
    const size_t device = boot_untyped(20, true, 0);
    const size_t device_ram = boot_untyped(20, true, 1);
    assert_int_equal(boot_untyped_add(ram, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(ram)),
                     ALLOCMAN_OK);
    assert_int_equal(boot_untyped_add(device, ALLOCMAN_UT_DEV, boot_untyped_paddr(device)),
                     ALLOCMAN_OK);
    assert_int_equal(boot_untyped_add(device_ram, ALLOCMAN_UT_DEV_MEM, ALLOCMAN_NO_PADDR),
                     ALLOCMAN_OK);
    const uint64_t *const free_bytes = totals()->free_bytes;
    assert_int_equal(free_bytes[ALLOCMAN_UT_KERNEL], (uint64_t)1 << boot_untyped_bits(ram));
    assert_int_equal(free_bytes[ALLOCMAN_UT_DEV], (uint64_t)1 << boot_untyped_bits(device));
    assert_int_equal(free_bytes[ALLOCMAN_UT_DEV_MEM], (uint64_t)1 << boot_untyped_bits(device_ram));
    struct object object;
    assert_int_equal(object_try(FRAME, 12, ALLOCMAN_NO_PADDR, true, &object), ALLOCMAN_OK);
    assert_true(cap_at(object.path.capPtr).is_device);
    assert_int_equal(free_bytes[ALLOCMAN_UT_DEV_MEM],
                     ((uint64_t)1 << boot_untyped_bits(device_ram)) - 4096);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bare_test(a_batch_is_taken_over_without_the_kernel),
        bare_test(nothing_may_be_handed_over),
        bare_test(untypeds_without_addresses_serve),
        booting_test(garbage_addresses_do_no_harm),
        bare_test(the_caller_may_not_have_set_the_address),
        bare_test(duplicates_are_refused),
        bare_test(duplicates_within_a_batch_are_refused),
        bare_test(duplicates_without_addresses_destroy_nothing),
        bare_test(bad_sizes_and_kinds_take_nothing_over),
        booting_test(without_book_memory_none_is_taken_over),
        bare_test(kinds_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
