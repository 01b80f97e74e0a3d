/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What a test does about a signal that is to end it: where runs are counted (preset coverage), keep
// the counts first.
#pragma once

#include <signal.h>

#if defined(ALLOCMAN_COVERAGE)
void __gcov_dump(void);
static void keep_counts(int number)
{
    signal(number, SIG_DFL);
    __gcov_dump();
}
#define WHEN_STOPPED keep_counts
#else
#define WHEN_STOPPED SIG_DFL
#endif
