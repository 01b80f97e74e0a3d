/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Plans of a new CSpace for descriptions that cannot be true: refused, and no sum of theirs wraps.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bits.h"
#include "bootstrap/info.h"
#include "bootstrap/plan.h"

// One untyped of RAM of every size.
static struct bootstrap_census all_sizes(void)
{
    struct bootstrap_census census = {.initial = true};
    for (unsigned bits = seL4_MinUntypedBits; bits <= seL4_MaxUntypedBits; bits++) {
        census.ram[bits] = 1;
        census.count++;
    }
    return census;
}

static void expect_no_slot(const struct bootstrap_census *census, size_t root_bits,
                           size_t level_two_bits)
{
    struct bootstrap_new_plan plan;
    struct allocman_failure why = {.status = ALLOCMAN_OK};
    assert_int_equal(
        am_bootstrap_plan_new(&plan, census, root_bits, level_two_bits, SIZE_MAX, &why),
        ALLOCMAN_NO_SLOT);
    assert_int_equal(why.status, ALLOCMAN_NO_SLOT);
    assert_in_range(why.available, 1, why.needed);
}

// With two levels there can be more slot numbers than slots in any one untyped.
static void numbers_beyond_all_memory_are_refused(void **state)
{
    (void)state;
    const size_t root_bits = seL4_MaxUntypedBits - seL4_SlotBits;
    const size_t level_two_bits = AM_WORD_BITS - 1 - root_bits;
    const seL4_Word most = AM_BIT(AM_WORD_BITS - 1);
    const seL4_Word last[] = {~(seL4_Word)0, ~(seL4_Word)0 - 1, ~(seL4_Word)0 - 60,
                              most,          most - 200,        AM_BIT(root_bits)};
    for (size_t i = 0; i < sizeof(last) / sizeof(last[0]); i++) {
        struct bootstrap_census census = all_sizes();
        census.kept_last = last[i];
        expect_no_slot(&census, root_bits, level_two_bits);
        expect_no_slot(&census, 4, 0);
        expect_no_slot(&census, 4, 4);
        census = all_sizes();
        census.sched_control = (seL4_SlotRegion){seL4_NumInitialCaps, last[i]};
        census.sched_control.end += last[i] == AM_BIT(root_bits);
        expect_no_slot(&census, root_bits, level_two_bits);
    }
}

// What no machine has can be planned: the sums do not wrap.
static void the_last_number_that_can_be(void **state)
{
    (void)state;
    const size_t root_bits = seL4_MaxUntypedBits - seL4_SlotBits - 2;
    struct bootstrap_census census = all_sizes();
    struct bootstrap_new_plan plan;
    struct allocman_failure why;
    census.kept_last = AM_BIT(root_bits) - 200;
    assert_int_equal(am_bootstrap_plan_new(&plan, &census, root_bits, 0, SIZE_MAX, &why),
                     ALLOCMAN_OK);
    assert_int_equal(plan.old_root, census.kept_last + 1);
    assert_int_equal(plan.first_piece, plan.old_root + 1);
    assert_int_equal(plan.end, AM_BIT(root_bits));
    assert_in_range(plan.first_free, plan.first_piece, plan.end - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_beyond_all_memory_are_refused),
        cmocka_unit_test(the_last_number_that_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
