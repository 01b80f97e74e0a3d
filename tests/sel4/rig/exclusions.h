/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The API tests that a real kernel cannot pass, each with the reason.
#pragma once

struct root_task_exclusion {
    const char *program, *test, *reason;
};

extern const struct root_task_exclusion root_task_exclusions[]; // the last one is all NULL

// The reason, or NULL: it is to run. For tests of this program (ROOT_TASK_PROGRAM).
const char *root_task_exclusion(const char *test);
