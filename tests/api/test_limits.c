/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Limits on what one call costs the kernel: bytes zeroed, blocks of one Retype, merges in a free.

#include "api_test.h"

#include "rng.h"

enum { LIVE = 300 };

#define roomy_test(name) cmocka_unit_test_setup_teardown(name, start_roomy, stop)

// A limit by which the machine's memory makes 2^11 blocks or fewer: there are slots for as many.
static unsigned limit_bits(void)
{
    const seL4_BootInfo *const info = world.bootinfo;
    uint64_t bytes = 0;
    for (size_t i = 0; i < info->untyped.end - info->untyped.start; i++) {
        bytes += info->untypedList[i].isDevice ? 0 : UINT64_C(1) << info->untypedList[i].sizeBits;
    }
    unsigned bits = 16;
    while (bytes >> bits > 1u << 11) {
        bits++;
    }
    return bits;
}

static uint64_t zeroed(void)
{
    struct sel4model_counters counters;
    sel4model_counters_get(&counters);
    return counters.bytes_zeroed;
}

// Objects of sizes up to the limit come and go; what one call lets the kernel zero, and how many
// capabilities one makes at most.
static void churn(uint64_t *zeroed_worst, unsigned long *caps_worst)
{
    static struct object objects[LIVE];
    struct rng rng = {.state = 7};
    unsigned count = 0;
    *zeroed_worst = *caps_worst = 0;
    for (unsigned step = 0; step < 6000; step++) {
        const uint64_t before = zeroed();
        const unsigned long caps = sel4model_live_caps();
        if (count == LIVE || (count > 0 && rng_percent(&rng, 45))) {
            const unsigned at = rng_below(&rng, count);
            object_free(&objects[at]);
            objects[at] = objects[--count];
        } else {
            const unsigned bits = rng_from(&rng, seL4_MinUntypedBits, limit_bits());
            objects[count++] = object_make(seL4_UntypedObject, bits);
            const unsigned long made = sel4model_live_caps() - caps;
            *caps_worst = made > *caps_worst ? made : *caps_worst;
        }
        const uint64_t bytes = zeroed() - before;
        *zeroed_worst = bytes > *zeroed_worst ? bytes : *zeroed_worst;
        if (step % 20 == 0) {
            assert_laws();
        }
    }
    while (count > 0) {
        object_free(&objects[--count]);
    }
}

static void a_call_zeroes_no_more_than_the_limit(void **state)
{
    (void)state;
    const uint64_t free_bytes = world.managers->utspace.totals.free_bytes[ALLOCMAN_UT_KERNEL];
    uint64_t worst;
    unsigned long caps;
    churn(&worst, &caps);
    assert_true(worst > UINT64_C(1) << limit_bits()); // without it they do
    const struct allocman_limits limits = {.zeroed_bits = limit_bits()};
    assert_int_equal(allocman_set_limits(world.alloc, &limits), ALLOCMAN_OK);
    assert_int_equal(allocman_prepare(world.alloc), ALLOCMAN_OK);
    assert_laws();
    churn(&worst, &caps);
    // A way down to a small block goes through blocks of the limit at most.
    assert_in_range(worst, 1, UINT64_C(1) << limit_bits());
    assert_int_equal(allocman_set_limits(world.alloc, NULL), ALLOCMAN_OK);
    assert_laws();
    assert_int_equal(world.managers->utspace.totals.free_bytes[ALLOCMAN_UT_KERNEL], free_bytes);
    assert_int_equal(utspace_split_largest_free_bits(&world.managers->utspace, ALLOCMAN_UT_KERNEL),
                     boot_untyped_bits(boot_ram_largest()));
}

static void what_is_not_prepared_is_refused(void **state)
{
    (void)state;
    const struct allocman_limits limits = {.zeroed_bits = limit_bits()};
    assert_int_equal(allocman_set_limits(world.alloc, &limits), ALLOCMAN_OK);
    struct object object;
    unsigned long count = 0;
    int error;
    while ((error = object_try(FRAME, FRAME_BITS, ALLOCMAN_NO_PADDR, false, &object)) == 0) {
        count++; // from the small ones that the machine starts with
    }
    assert_int_equal(error, ALLOCMAN_OVER_LIMIT);
    assert_failure(ALLOCMAN_OVER_LIMIT);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, FRAME_BITS);
    assert_int_equal(allocman_last_failure(world.alloc)->available, limit_bits());
    assert_laws();
    const unsigned largest = boot_untyped_bits(boot_ram_largest());
    const uintptr_t paddr = world.bootinfo->untypedList[boot_ram_largest()].paddr;
    const cspacepath_t path = slot_make();
    expect_refusal(FRAME_BITS, FRAME, &path, paddr, false, ALLOCMAN_OVER_LIMIT);
    // A block of just the size asked for is divided by nobody.
    object = object_make(seL4_UntypedObject, largest);
    object_free(&object);
    assert_int_equal(allocman_prepare(world.alloc), ALLOCMAN_OK);
    object = object_at(FRAME, FRAME_BITS, paddr);
    object_free(&object);
    assert_int_equal(object_try(seL4_UntypedObject, largest, ALLOCMAN_NO_PADDR, false, &object),
                     ALLOCMAN_NO_UNTYPED);
    assert_true(count > 0);
}

static void a_retype_makes_no_more_than_the_limit(void **state)
{
    (void)state;
    uint64_t worst;
    unsigned long caps;
    churn(&worst, &caps);
    assert_true(caps > 1 + 8);
    const struct allocman_limits limits = {.fan_out_bits = 2};
    assert_int_equal(allocman_set_limits(world.alloc, &limits), ALLOCMAN_OK);
    for (unsigned bits = seL4_MinUntypedBits; bits < 20; bits++) {
        const size_t splits = world.managers->utspace.totals.splits;
        const size_t own = world.managers->utspace.totals.own_slots;
        const struct object object = object_make(seL4_UntypedObject, bits);
        assert_in_range(world.managers->utspace.totals.own_slots - own, 0,
                        4 * (world.managers->utspace.totals.splits - splits));
        object_free(&object);
    }
    churn(&worst, &caps);
    assert_laws();
}

static void a_free_merges_nothing_if_that_is_wanted(void **state)
{
    (void)state;
    const struct allocman_limits limits = {.merge_lazily = true};
    assert_int_equal(allocman_set_limits(world.alloc, &limits), ALLOCMAN_OK);
    const size_t merges = world.managers->utspace.totals.merges;
    uint64_t worst;
    unsigned long caps;
    churn(&worst, &caps);
    assert_int_equal(world.managers->utspace.totals.merges, merges);
    assert_true(world.managers->utspace.totals.splits > 0);
    allocman_reclaim(world.alloc);
    assert_int_equal(world.managers->utspace.totals.merges - merges,
                     world.managers->utspace.totals.splits);
    // Memory that is short is merged all the same.
    const struct object small = object_make(seL4_UntypedObject, seL4_MinUntypedBits);
    object_free(&small);
    for (unsigned nth = 0; nth < boot_untyped_count(seL4_PageBits, false); nth++) {
        (void)object_make(seL4_UntypedObject,
                          boot_untyped_bits(boot_untyped(seL4_PageBits, false, nth)));
    }
}

// Reclaiming does not come to device registers: their frees merge them, limits or not.
static void device_registers_become_whole_under_limits(void **state)
{
    (void)state;
    static const struct allocman_limits limits[] = {{.merge_lazily = true}, {.zeroed_bits = 13}};
    for (size_t i = 0; i < 2; i++) {
        const size_t index = boot_untyped(20, true, 0);
        assert_int_equal(allocman_set_limits(world.alloc, &limits[i]), ALLOCMAN_OK);
        const struct object page = object_at(FRAME, seL4_PageBits, boot_untyped_paddr(index));
        object_free(&page);
        assert_int_equal(allocman_set_limits(world.alloc, NULL), ALLOCMAN_OK);
        assert_laws();
        const struct object whole =
            object_at(seL4_UntypedObject, boot_untyped_bits(index), boot_untyped_paddr(index));
        object_free(&whole);
    }
}

static void nonsense_is_refused(void **state)
{
    (void)state;
    static const struct allocman_limits bad[] = {
        {.zeroed_bits = 7}, {.zeroed_bits = seL4_MaxUntypedBits + 1}, {.fan_out_bits = 9}};
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(allocman_set_limits(world.alloc, &bad[i]), ALLOCMAN_INVALID_ARGUMENT);
        assert_failure(ALLOCMAN_INVALID_ARGUMENT);
    }
    assert_int_equal(allocman_prepare(world.alloc), ALLOCMAN_OK); // there are no limits
    assert_no_invocations();
    allocman_t bare;
    assert_int_equal(allocman_create(&bare, world.alloc->mspace), ALLOCMAN_OK);
    assert_int_equal(allocman_set_limits(&bare, NULL), ALLOCMAN_NOT_ATTACHED);
    assert_int_equal(allocman_prepare(&bare), ALLOCMAN_NOT_ATTACHED);
}

// Every slot is taken: nothing can be divided, and that is told; what was divided stays so.
static void slots_that_run_out_are_told(void **state)
{
    (void)state;
    start((struct start){.empty_slots = 200, .pool_bytes = POOL_BYTES});
    const struct allocman_limits limits = {.zeroed_bits = 12};
    assert_int_equal(allocman_set_limits(world.alloc, &limits), ALLOCMAN_OK);
    assert_int_equal(allocman_prepare(world.alloc), ALLOCMAN_NO_SLOT);
    assert_failure(ALLOCMAN_NO_SLOT);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, 1);
    assert_laws();
    assert_int_equal(allocman_set_limits(world.alloc, NULL), ALLOCMAN_OK);
    assert_int_equal(utspace_split_largest_free_bits(&world.managers->utspace, ALLOCMAN_UT_KERNEL),
                     boot_untyped_bits(boot_ram_largest()));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        roomy_test(a_call_zeroes_no_more_than_the_limit),
        roomy_test(what_is_not_prepared_is_refused),
        roomy_test(a_retype_makes_no_more_than_the_limit),
        roomy_test(a_free_merges_nothing_if_that_is_wanted),
        roomy_test(device_registers_become_whole_under_limits),
        api_test(nonsense_is_refused),
        booting_test(slots_that_run_out_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
