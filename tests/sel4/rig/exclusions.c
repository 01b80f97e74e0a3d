/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#include "exclusions.h"

#include <stddef.h>
#include <string.h>

const struct root_task_exclusion root_task_exclusions[] = {
    {"test_custom_managers", "objects_of_all_sizes_come_and_go",
     "only the model tells where in a block an object lies that does not fill it"},
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
