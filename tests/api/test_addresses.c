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

static void device_registers_are_had_by_address(void **state)
{
    (void)state;
    static const uintptr_t addresses[] = {
        0xb8000, 0xfed00000, 0xb9000,      0xfebff000,    0xfec01000,
        0,       0xffffe000, 0x8000000000, 0x7fffffff000, 0x7fffffffe000};
    for (int round = 0; round < 3; round++) {
        struct object frame[10];
        for (size_t i = 0; i < 10; i++) {
            frame[i] = object_at(FRAME, 12, addresses[i]);
            expect_frame_at(&frame[i], addresses[i], true);
        }
        for (size_t i = 0; i < 10; i++) {
            object_free(&frame[round == 1 ? 9 - i : i]);
        }
        assert_int_equal(totals()->allocated, 0);
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void ram_is_had_by_address(void **state)
{
    (void)state;
    static const uintptr_t addresses[] = {0x100000,   0x1ff000,   0x8000000,
                                          0x17fff000, 0x1f009000, 0x1ffdf000};
    for (size_t i = 0; i < 6; i++) {
        for (int may_be_device = 0; may_be_device < 2; may_be_device++) {
            struct object frame;
            assert_int_equal(object_try(FRAME, 12, addresses[i], may_be_device, &frame),
                             ALLOCMAN_OK);
            expect_frame_at(&frame, addresses[i], false);
            object_free(&frame);
        }
    }
    struct object tcb;
    assert_int_equal(object_try(seL4_TCBObject, seL4_TCBBits, 0x8000800, false, &tcb), ALLOCMAN_OK);
    assert_int_equal(cap_at(tcb.path.capPtr).paddr, 0x8000800);
    const struct object large = object_at(LARGE_FRAME, 21, 0x10200000);
    expect_frame_at(&large, 0x10200000, false);
}

static void neighbours_by_address_do_not_disturb_each_other(void **state)
{
    (void)state;
    enum { COUNT = 200 };
    static struct object frame[COUNT];
    for (size_t i = 0; i < COUNT; i++) { // every other page, then the ones between
        const size_t page = i < COUNT / 2 ? 2 * i : 2 * (i - COUNT / 2) + 1;
        frame[i] = object_at(FRAME, 12, 0x9000000 + page * 4096);
        expect_frame_at(&frame[i], 0x9000000 + page * 4096, false);
        object_free(&(struct object){
            .path = slot_make(), .size_bits = 12, .cookie = 0}); // misuse in between
    }
    assert_int_equal(world.alloc->counts.misuse, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        object_free(&frame[i]);
    }
    allocman_reclaim(world.alloc);
    object_make(seL4_UntypedObject, 27);
    object_make(seL4_UntypedObject, 27);
}

static void occupied_ranges_are_refused(void **state)
{
    (void)state;
    const cspacepath_t path = slot_make();
    const struct object large = object_at(LARGE_FRAME, 21, 0x10200000);
    const struct object frame = object_at(FRAME, 12, 0x8123000);
    const struct object device = object_at(FRAME, 12, 0xfed00000);
    expect_refusal(21, LARGE_FRAME, &path, 0x10200000, true, ALLOCMAN_ADDRESS_OCCUPIED); // the same
    expect_refusal(12, FRAME, &path, 0x10200000, true, ALLOCMAN_ADDRESS_OCCUPIED);                    // inside
    expect_refusal(12, FRAME, &path, 0x103ff000, true, ALLOCMAN_ADDRESS_OCCUPIED);
    expect_refusal(4, seL4_EndpointObject, &path, 0x8123ff0, false, ALLOCMAN_ADDRESS_OCCUPIED);
    expect_refusal(12, FRAME, &path, 0x8123000, false, ALLOCMAN_ADDRESS_OCCUPIED);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, 12);
    assert_int_equal(allocman_last_failure(world.alloc)->available, 0x8123000);
    expect_refusal(21, LARGE_FRAME, &path, 0x8000000, false, ALLOCMAN_ADDRESS_OCCUPIED); // around
    expect_refusal(27, seL4_UntypedObject, &path, 0x10000000, false, ALLOCMAN_ADDRESS_OCCUPIED);
    expect_refusal(20, seL4_UntypedObject, &path, 0xfed00000, true, ALLOCMAN_ADDRESS_OCCUPIED);
    object_free(&large);
    object_free(&frame);
    object_free(&device);
    const struct object whole =
        object_at(seL4_UntypedObject, 27, 0x10000000); // nothing stayed behind
    assert_int_equal(object_paddr(&whole), 0x10000000);
    object_at(seL4_UntypedObject, 20, 0xfed00000);
}

static void impossible_addresses_are_refused(void **state)
{
    (void)state;
    const cspacepath_t path = slot_make();
    static const struct {
        size_t bits;
        seL4_Word type;
        uintptr_t paddr;
        int status;
    } wanted[] = {
        {12, SMALL_FRAME, 0x8000800, ALLOCMAN_UNALIGNED},
        {12, SMALL_FRAME, 0x8000010, ALLOCMAN_UNALIGNED},
        {12, SMALL_FRAME, 0xb8004, ALLOCMAN_UNALIGNED},
        {12, SMALL_FRAME, 2, ALLOCMAN_UNALIGNED},
        {21, LARGE_FRAME, 0x8100000, ALLOCMAN_UNALIGNED},
        {4, seL4_EndpointObject, 0x8000008, ALLOCMAN_UNALIGNED},
        {12, SMALL_FRAME, 0xfec00000, ALLOCMAN_ADDRESS_UNKNOWN},         // the kernel's own IO-APIC
        {12, SMALL_FRAME, 0xfee00000, ALLOCMAN_ADDRESS_UNKNOWN},         // and local APIC
        {12, SMALL_FRAME, 0x800000, ALLOCMAN_ADDRESS_UNKNOWN},           // the task's image
        {12, SMALL_FRAME, (uintptr_t)1 << 47, ALLOCMAN_ADDRESS_UNKNOWN}, // beyond the machine
        {12, SMALL_FRAME, ~(uintptr_t)0xfff, ALLOCMAN_ADDRESS_UNKNOWN},
        {12, SMALL_FRAME, 0xfffff000, ALLOCMAN_ADDRESS_UNKNOWN},        // untypeds smaller than a frame
        {28, seL4_UntypedObject, 0x10000000, ALLOCMAN_ADDRESS_UNKNOWN}, // spans two untypeds
        {21, LARGE_FRAME, 0x0, ALLOCMAN_ADDRESS_UNKNOWN},  // 2^20 and what follows it
    };
    sel4model_counters_reset();
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        expect_refusal(wanted[i].bits, wanted[i].type, &path, wanted[i].paddr, true,
                       wanted[i].status);
        assert_int_equal(allocman_last_failure(world.alloc)->needed, wanted[i].bits);
    }
    assert_no_invocations();
}

static void device_memory_is_for_those_who_may(void **state)
{
    (void)state;
    const cspacepath_t path = slot_make();
    expect_refusal(12, FRAME, &path, 0xb8000, false, ALLOCMAN_ADDRESS_UNKNOWN);
    static const struct {
        size_t bits;
        seL4_Word type;
    } kernel_objects[] = {{seL4_EndpointBits, seL4_EndpointObject}, {seL4_TCBBits, seL4_TCBObject},
                          {10, seL4_CapTableObject}, {12, PAGE_TABLE}, {12, VSPACE_ROOT}};
    for (size_t i = 0; i < 5; i++) {
        expect_refusal(kernel_objects[i].bits, kernel_objects[i].type, &path, 0xb8000, true,
                       ALLOCMAN_INVALID_TYPE);
    }
    // The untyped may be handed on; frames come out of it.
    const struct object untyped = object_at(seL4_UntypedObject, 13, 0xb8000);
    assert_true(cap_at(untyped.path.capPtr).is_device);
}

static void registers_are_never_had_without_address(void **state)
{
    (void)state;
    size_t count = 0;
    struct object object;
    while (object_try(seL4_UntypedObject, 25, ALLOCMAN_NO_PADDR, true, &object) == ALLOCMAN_OK) {
        assert_false(cap_at(object.path.capPtr).is_device);
        count++;
    }
    assert_true(count >= 10);
    assert_failure(ALLOCMAN_NO_UNTYPED);
    assert_true(totals()->free_bytes[ALLOCMAN_UT_DEV] > (uint64_t)1 << 40);
}

// --- device RAM ----------------------------------------------------------------------------------

enum { DEVICE_RAM = 0x20000000, DEVICE_RAM_BITS = 29 };

static int start_with_device_ram(void **state)
{
    start_without_untypeds(state);
    const seL4_BootInfo *const bi = world.bootinfo;
    for (size_t i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
        const bool is_ram = bi->untypedList[i].paddr == DEVICE_RAM;
        const int kind = !bi->untypedList[i].isDevice ? ALLOCMAN_UT_KERNEL
                         : is_ram                     ? ALLOCMAN_UT_DEV_MEM
                                                      : ALLOCMAN_UT_DEV;
        assert_int_equal(boot_untyped_add(i, kind, bi->untypedList[i].paddr), ALLOCMAN_OK);
    }
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_DEV_MEM], (uint64_t)1 << DEVICE_RAM_BITS);
    return 0;
}

static bool is_device_ram(const struct object *object)
{
    const uint64_t paddr = cap_at(object->path.capPtr).paddr;
    return paddr >= DEVICE_RAM && paddr < DEVICE_RAM + ((uint64_t)1 << DEVICE_RAM_BITS);
}

static void device_ram_is_preferred_where_it_may_be(void **state)
{
    (void)state;
    struct object object;
    static const struct {
        size_t bits;
        seL4_Word type;
        bool fits;
    } wanted[] = {{12, SMALL_FRAME, true},        {21, LARGE_FRAME, true},
                  {16, seL4_UntypedObject, true}, {4, seL4_EndpointObject, false},
                  {11, seL4_TCBObject, false},    {12, PAGE_TABLE, false},
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
        object_try(seL4_UntypedObject, DEVICE_RAM_BITS, ALLOCMAN_NO_PADDR, true, &whole),
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
    const struct object frame = object_at(FRAME, 12, DEVICE_RAM + 0x5000);
    expect_frame_at(&frame, DEVICE_RAM + 0x5000, true);
    expect_refusal(12, FRAME, &path, DEVICE_RAM + 0x6000, false, ALLOCMAN_ADDRESS_UNKNOWN);
    expect_refusal(4, seL4_EndpointObject, &path, DEVICE_RAM + 0x6000, true, ALLOCMAN_INVALID_TYPE);
    const struct object registers = object_at(FRAME, 12, 0xb8000);
    expect_frame_at(&registers, 0xb8000, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        roomy_test(device_registers_are_had_by_address),
        api_test(ram_is_had_by_address),
        roomy_test(neighbours_by_address_do_not_disturb_each_other),
        api_test(occupied_ranges_are_refused),
        api_test(impossible_addresses_are_refused),
        api_test(device_memory_is_for_those_who_may),
        api_test(registers_are_never_had_without_address),
        cmocka_unit_test_setup_teardown(device_ram_is_preferred_where_it_may_be,
                                        start_with_device_ram, stop),
        cmocka_unit_test_setup_teardown(ram_serves_when_device_ram_is_gone, start_with_device_ram,
                                        stop),
        cmocka_unit_test_setup_teardown(device_ram_is_had_by_address, start_with_device_ram, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
