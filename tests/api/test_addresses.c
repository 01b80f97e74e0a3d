/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Objects at physical addresses, and the three kinds of memory: RAM, device registers, device RAM.

#include "api_test.h"

static void expect_frame_at(const struct object *frame, uintptr_t paddr, bool is_device)
{
    const page_address_t answer = page_address(frame->path.capPtr);
    assert_int_equal(answer.paddr, paddr);
    assert_int_equal(object_paddr(frame), paddr);
    assert_int_equal(cap_at(frame->path.capPtr).is_device, is_device);
}

enum { PAGES_MAX = 400 };

// The first page and the last of each boot untyped of a kind; how many.
static size_t edge_pages(bool is_device, uintptr_t *pages)
{
    size_t count = 0;
    for (unsigned nth = 0; nth < boot_untyped_count(13, is_device); nth++) {
        const size_t index = boot_untyped(13, is_device, nth);
        const uintptr_t bytes = (uintptr_t)1 << boot_untyped_bits(index);
        assert_true(count + 2 <= PAGES_MAX);
        pages[count++] = boot_untyped_paddr(index) + (bytes - 4096);
        pages[count++] = boot_untyped_paddr(index);
    }
    return count;
}

static void device_registers_are_had_by_address(void **state)
{
    (void)state;
    static uintptr_t pages[PAGES_MAX];
    static struct object frame[PAGES_MAX];
    const size_t count = edge_pages(true, pages);
    assert_true(count >= 10);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < count; i++) {
            frame[i] = object_at(FRAME, 12, pages[i]);
            expect_frame_at(&frame[i], pages[i], true);
        }
        for (size_t i = 0; i < count; i++) {
            object_free(&frame[round == 1 ? count - 1 - i : i]);
        }
        assert_int_equal(totals()->allocated, 0);
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void ram_is_had_by_address(void **state)
{
    (void)state;
    static uintptr_t pages[PAGES_MAX];
    const size_t count = edge_pages(false, pages);
    for (size_t i = 0; i < count; i++) {
        for (int may_be_device = 0; may_be_device < 2; may_be_device++) {
            struct object frame;
            assert_int_equal(object_try(FRAME, 12, pages[i], may_be_device, &frame), ALLOCMAN_OK);
            expect_frame_at(&frame, pages[i], false);
            object_free(&frame);
        }
    }
    struct object tcb;
    const uintptr_t base = boot_untyped_paddr(boot_ram_largest());
    const uintptr_t tcb_paddr = base + ((uintptr_t)1 << seL4_TCBBits);
    assert_int_equal(object_try(seL4_TCBObject, seL4_TCBBits, tcb_paddr, false, &tcb), ALLOCMAN_OK);
    assert_int_equal(cap_at(tcb.path.capPtr).paddr, tcb_paddr);
    const uintptr_t large_paddr = base + ((uintptr_t)1 << (seL4_LargePageBits + 2));
    const struct object large = object_at(LARGE_FRAME, seL4_LargePageBits, large_paddr);
    expect_frame_at(&large, large_paddr, false);
}

// What lies around the address is cut in quarters, where one division is left over in eighths.
static void an_address_is_reached_by_quarters(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) { // a way that is even and one that is odd
        const size_t registers = boot_untyped(20, true, i); // nothing else is made of them
        const unsigned bits = boot_untyped_bits(registers);
        const unsigned size_bits = bits - 7 - i;
        sel4model_counters_reset();
        (void)object_at(seL4_UntypedObject, size_bits, boot_untyped_paddr(registers));
        assert_int_equal(sel4model_invocations(SEL4MODEL_Untyped_Retype), (7 + i) / 2 + 1);
    }
}

static void neighbours_by_address_do_not_disturb_each_other(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    static struct object frame[COUNT];
    const size_t largest = boot_ram_largest();
    const uintptr_t start_of_pages = boot_untyped_paddr(largest) + (1u << 24);
    for (size_t i = 0; i < COUNT; i++) { // every other page, then the ones between
        const size_t page = i < COUNT / 2 ? 2 * i : 2 * (i - COUNT / 2) + 1;
        frame[i] = object_at(FRAME, 12, start_of_pages + page * 4096);
        expect_frame_at(&frame[i], start_of_pages + page * 4096, false);
        object_free(&(struct object){
            .path = slot_make(), .size_bits = 12, .cookie = 0}); // misuse in between
    }
    assert_int_equal(world.alloc->counts.misuse, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        object_free(&frame[i]);
    }
    allocman_reclaim(world.alloc);
    const unsigned bits = boot_untyped_bits(largest); // each of the largest is whole again
    for (unsigned left = boot_untyped_count(bits, false); left > 0; left--) {
        object_make(seL4_UntypedObject, bits);
    }
}

static void occupied_ranges_are_refused(void **state)
{
    (void)state;
    const cspacepath_t path = slot_make();
    const size_t large_bits = seL4_LargePageBits;
    const uintptr_t large_bytes = (uintptr_t)1 << large_bits;
    const size_t one = boot_untyped(24, false, 1);
    const uintptr_t large_paddr = boot_untyped_paddr(one) + large_bytes;
    const uintptr_t two = boot_untyped_paddr(boot_untyped(24, false, 0));
    const uintptr_t frame_paddr = two + 0x5000;
    const size_t registers = boot_untyped(20, true, 1);
    const uintptr_t device_paddr = boot_untyped_paddr(registers);
    const struct object large = object_at(LARGE_FRAME, large_bits, large_paddr);
    const struct object frame = object_at(FRAME, 12, frame_paddr);
    const struct object device = object_at(FRAME, 12, device_paddr);
    expect_refusal(large_bits, LARGE_FRAME, &path, large_paddr, true,
                   ALLOCMAN_ADDRESS_OCCUPIED);                                      // the same
    expect_refusal(12, FRAME, &path, large_paddr, true, ALLOCMAN_ADDRESS_OCCUPIED); // inside
    expect_refusal(12, FRAME, &path, large_paddr + large_bytes - 4096, true,
                   ALLOCMAN_ADDRESS_OCCUPIED);
    expect_refusal(4, seL4_EndpointObject, &path, frame_paddr + 0xff0, false,
                   ALLOCMAN_ADDRESS_OCCUPIED);
    expect_refusal(12, FRAME, &path, frame_paddr, false, ALLOCMAN_ADDRESS_OCCUPIED);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, 12);
    assert_int_equal(allocman_last_failure(world.alloc)->available, frame_paddr);
    expect_refusal(large_bits, LARGE_FRAME, &path, two, false,
                   ALLOCMAN_ADDRESS_OCCUPIED); // around
    const unsigned bits = boot_untyped_bits(one);
    expect_refusal(bits, seL4_UntypedObject, &path, boot_untyped_paddr(one), false,
                   ALLOCMAN_ADDRESS_OCCUPIED);
    expect_refusal(20, seL4_UntypedObject, &path, device_paddr, true, ALLOCMAN_ADDRESS_OCCUPIED);
    object_free(&large);
    object_free(&frame);
    object_free(&device);
    const struct object whole =
        object_at(seL4_UntypedObject, bits, boot_untyped_paddr(one)); // nothing stayed behind
    assert_int_equal(object_paddr(&whole), boot_untyped_paddr(one));
    object_at(seL4_UntypedObject, 20, device_paddr);
}

static void expect_impossible(size_t bits, seL4_Word type, uintptr_t paddr, int status)
{
    const cspacepath_t path = allocman_cspace_make_path(world.alloc, world.bootinfo->empty.end - 1);
    expect_refusal(bits, type, &path, paddr, true, status);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, bits);
}

static void addresses_off_alignment_are_refused(void **state)
{
    (void)state;
    const uintptr_t ram = boot_untyped_paddr(boot_ram_largest());
    const uintptr_t device = boot_untyped_paddr(boot_untyped(20, true, 0));
    sel4model_counters_reset();
    expect_impossible(12, FRAME, ram + 0x800, ALLOCMAN_UNALIGNED);
    expect_impossible(12, FRAME, ram + 0x10, ALLOCMAN_UNALIGNED);
    expect_impossible(12, FRAME, device + 4, ALLOCMAN_UNALIGNED);
    expect_impossible(12, FRAME, device + 2, ALLOCMAN_UNALIGNED);
    expect_impossible(seL4_LargePageBits, LARGE_FRAME,
                      ram + ((uintptr_t)1 << (seL4_LargePageBits - 1)), ALLOCMAN_UNALIGNED);
    expect_impossible(4, seL4_EndpointObject, ram + 8, ALLOCMAN_UNALIGNED);
    assert_no_invocations();
}

// Where the machine has nothing for the task: behind untypeds, in untypeds that are too small, over the edge of one.
static void unknown_addresses_are_refused(void **state)
{
    (void)state;
    unsigned gaps = 0;
    sel4model_counters_reset();
    for (size_t i = 0; i < world.bootinfo->untyped.end - world.bootinfo->untyped.start; i++) {
        const unsigned bits = boot_untyped_bits(i);
        const uintptr_t end = boot_untyped_paddr(i) + ((uintptr_t)1 << bits);
        if (end % 4096 == 0 && !boot_knows(end)) {
            expect_impossible(12, FRAME, end, ALLOCMAN_ADDRESS_UNKNOWN);
            gaps++;
        }
        if (bits < 12) {
            expect_impossible(12, FRAME, boot_untyped_paddr(i) & ~(uintptr_t)0xfff,
                              ALLOCMAN_ADDRESS_UNKNOWN);
        } else if (bits < seL4_MaxUntypedBits) {
            expect_impossible(bits + 1, seL4_UntypedObject, boot_untyped_paddr(i),
                              ALLOCMAN_ADDRESS_UNKNOWN);
        }
    }
    assert_true(gaps >= 2);
    const uintptr_t far[] = {(uintptr_t)1 << (seL4_WordBits - 17), ~(uintptr_t)0xfff};
    for (size_t i = 0; i < 2; i++) {
        if (!boot_knows(far[i])) {
            expect_impossible(12, FRAME, far[i], ALLOCMAN_ADDRESS_UNKNOWN);
        }
    }
    assert_no_invocations();
}

static void device_memory_is_for_those_who_may(void **state)
{
    (void)state;
    const cspacepath_t path = slot_make();
    const uintptr_t device = boot_untyped_paddr(boot_untyped(20, true, 0));
    expect_refusal(12, FRAME, &path, device, false, ALLOCMAN_ADDRESS_UNKNOWN);
    static const struct {
        size_t bits;
        seL4_Word type;
    } kernel_objects[] = {{seL4_EndpointBits, seL4_EndpointObject},
                          {seL4_TCBBits, seL4_TCBObject},
                          {10, seL4_CapTableObject},
                          {seL4_PageTableBits, PAGE_TABLE},
                          {seL4_VSpaceBits, VSPACE_ROOT}};
    for (size_t i = 0; i < 5; i++) {
        expect_refusal(kernel_objects[i].bits, kernel_objects[i].type, &path, device, true,
                       ALLOCMAN_INVALID_TYPE);
    }
    // The untyped may be handed on; frames come out of it.
    const struct object untyped = object_at(seL4_UntypedObject, 13, device);
    assert_true(cap_at(untyped.path.capPtr).is_device);
}

// Book memory for all of a machine's memory in blocks of 2^25 bytes.
static int start_with_much_book(void **state)
{
    (void)state;
    start((struct start){.pool_bytes = POOL_BYTES});
    return 0;
}

static void registers_are_never_had_without_address(void **state)
{
    (void)state;
    size_t count = 0;
    struct object object;
    const uint64_t registers = totals()->free_bytes[ALLOCMAN_UT_DEV];
    while (object_try(seL4_UntypedObject, 25, ALLOCMAN_NO_PADDR, true, &object) == ALLOCMAN_OK) {
        assert_false(cap_at(object.path.capPtr).is_device);
        count++;
    }
    assert_true(count >= 10);
    assert_failure(ALLOCMAN_NO_UNTYPED);
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_DEV], registers);
}

// --- device RAM ----------------------------------------------------------------------------------

static uintptr_t device_ram; // physical address of a boot untyped that is taken for RAM
static unsigned device_ram_bits;

static int start_with_device_ram(void **state)
{
    start_without_untypeds(state);
    const seL4_BootInfo *const bi = world.bootinfo;
    const size_t ram = boot_untyped(24, true, 1);
    device_ram = boot_untyped_paddr(ram);
    device_ram_bits = boot_untyped_bits(ram);
    for (size_t i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
        const bool is_ram = i == ram;
        const int kind = !bi->untypedList[i].isDevice ? ALLOCMAN_UT_KERNEL
                         : is_ram                     ? ALLOCMAN_UT_DEV_MEM
                                                      : ALLOCMAN_UT_DEV;
        assert_int_equal(boot_untyped_add(i, kind, bi->untypedList[i].paddr), ALLOCMAN_OK);
    }
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_DEV_MEM], (uint64_t)1 << device_ram_bits);
    return 0;
}

static bool is_device_ram(const struct object *object)
{
    const uint64_t paddr = cap_at(object->path.capPtr).paddr;
    return paddr >= device_ram && paddr < device_ram + ((uint64_t)1 << device_ram_bits);
}

static void device_ram_is_preferred_where_it_may_be(void **state)
{
    (void)state;
    struct object object;
    static const struct {
        size_t bits;
        seL4_Word type;
        bool fits;
    } wanted[] = {{12, SMALL_FRAME, true},
                  {seL4_LargePageBits, LARGE_FRAME, true},
                  {16, seL4_UntypedObject, true},
                  {4, seL4_EndpointObject, false},
                  {seL4_TCBBits, seL4_TCBObject, false},
                  {seL4_PageTableBits, PAGE_TABLE, false},
                  {15, seL4_CapTableObject, false}};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        for (int may_be_device = 0; may_be_device < 2; may_be_device++) {
            assert_int_equal(object_try(wanted[i].type, wanted[i].bits, ALLOCMAN_NO_PADDR,
                                        may_be_device, &object),
                             ALLOCMAN_OK);
            assert_int_equal(is_device_ram(&object), may_be_device && wanted[i].fits);
            assert_int_equal(cap_at(object.path.capPtr).is_device, is_device_ram(&object));
            object_free(&object);
        }
    }
}

static void ram_serves_when_device_ram_is_gone(void **state)
{
    (void)state;
    struct object whole;
    assert_int_equal(
        object_try(seL4_UntypedObject, device_ram_bits, ALLOCMAN_NO_PADDR, true, &whole),
        ALLOCMAN_OK);
    assert_true(is_device_ram(&whole));
    struct object frame;
    assert_int_equal(object_try(FRAME, 12, ALLOCMAN_NO_PADDR, true, &frame), ALLOCMAN_OK);
    assert_false(cap_at(frame.path.capPtr).is_device);
    object_free(&whole);
    assert_int_equal(object_try(FRAME, 12, ALLOCMAN_NO_PADDR, true, &frame), ALLOCMAN_OK);
    assert_true(is_device_ram(&frame));
}

static void device_ram_is_had_by_address(void **state)
{
    (void)state;
    const cspacepath_t path = slot_make();
    const struct object frame = object_at(FRAME, 12, device_ram + 0x5000);
    expect_frame_at(&frame, device_ram + 0x5000, true);
    expect_refusal(12, FRAME, &path, device_ram + 0x6000, false, ALLOCMAN_ADDRESS_UNKNOWN);
    expect_refusal(4, seL4_EndpointObject, &path, device_ram + 0x6000, true, ALLOCMAN_INVALID_TYPE);
    const uintptr_t device = boot_untyped_paddr(boot_untyped(12, true, 0));
    const struct object registers = object_at(FRAME, 12, device);
    expect_frame_at(&registers, device, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        roomy_test(device_registers_are_had_by_address),
        roomy_test(ram_is_had_by_address),
        roomy_test(neighbours_by_address_do_not_disturb_each_other),
        api_test(an_address_is_reached_by_quarters),
        api_test(occupied_ranges_are_refused),
        api_test(addresses_off_alignment_are_refused),
        api_test(unknown_addresses_are_refused),
        api_test(device_memory_is_for_those_who_may),
        cmocka_unit_test_setup_teardown(registers_are_never_had_without_address,
                                        start_with_much_book, stop),
        cmocka_unit_test_setup_teardown(device_ram_is_preferred_where_it_may_be,
                                        start_with_device_ram, stop),
        cmocka_unit_test_setup_teardown(ram_serves_when_device_ram_is_gone, start_with_device_ram,
                                        stop),
        cmocka_unit_test_setup_teardown(device_ram_is_had_by_address, start_with_device_ram, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
