/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#include "exclusions.h"

#include <stddef.h>
#include <string.h>

// These compare with addresses of objects that are no frames, in a CSpace of the test's own or in a
// block that they do not fill; see inspect.c.
#define NO_ADDRESS "no invocation tells where an object that is no frame lies"
// These compare with the kernel's own cost, call by call.
#define NO_COST "no invocation tells what the kernel zeroes, or how many capabilities there are"

const struct root_task_exclusion root_task_exclusions[] = {
    {"test_custom_managers", "objects_of_all_sizes_come_and_go", NO_ADDRESS},
    {"test_published_managers", "every_combination_serves", NO_ADDRESS},
    {"test_other_managers", "twinkle_fills_an_untyped_from_its_start", NO_ADDRESS},
    {"test_other_managers", "twinkle_takes_the_smallest_room", NO_ADDRESS},
    {"test_walk", "a_walk_meets_every_byte_once", NO_ADDRESS},
    {"test_new_cspace", "the_exact_pool_does", NO_ADDRESS},
    {"test_new_cspace", "a_refused_step_is_undone", NO_ADDRESS},
    {"test_new_cspace", "a_failed_step_leaves_the_description", NO_ADDRESS},
    {"test_limits", "a_call_zeroes_no_more_than_the_limit", NO_COST},
    {"test_limits", "a_retype_makes_no_more_than_the_limit", NO_COST},
    {"test_limits", "a_free_merges_nothing_if_that_is_wanted", NO_COST},
    {"test_vka_on_kernel", "capabilities_are_copied_moved_and_deleted",
     "no invocation tells a capability's rights"},
    {NULL, NULL, NULL},
};

const char *root_task_exclusion(const char *test)
{
    for (size_t i = 0; root_task_exclusions[i].test; i++) {
        if (strcmp(root_task_exclusions[i].program, ROOT_TASK_PROGRAM) == 0 &&
            strcmp(root_task_exclusions[i].test, test) == 0) {
            return root_task_exclusions[i].reason;
        }
    }
    return NULL;
}
