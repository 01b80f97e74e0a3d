/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Runs a group of tests: what include/cmocka.h declares.

#include <cmocka.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "exclusions.h"

static struct {
    void *way_back[5];   // of __builtin_setjmp
    const char *skipped; // why; NULL: not skipped
} running;

void root_task_fail(const char *file, int line, const char *text, ...)
{
    va_list list;
    va_start(list, text);
    printf("    %s:%d: ", file, line);
    (void)vprintf(text, list);
    printf("\n");
    va_end(list);
    __builtin_longjmp(running.way_back, 1);
}

void root_task_skip(const char *reason)
{
    running.skipped = reason;
    __builtin_longjmp(running.way_back, 1);
}

void root_task_assert(bool holds, const char *text, const char *file, int line)
{
    if (!holds) {
        root_task_fail(file, line, "does not hold: %s", text);
    }
}

void root_task_assert_equal(bool wanted, uintmax_t a, uintmax_t b, const char *text,
                            const char *file, int line)
{
    if ((a == b) != wanted) {
        root_task_fail(file, line, "does not hold: %s (%#zx, %#zx)", text, (size_t)a, (size_t)b);
    }
}

void root_task_assert_memory(bool wanted, const void *a, const void *b, size_t bytes,
                             const char *text, const char *file, int line)
{
    root_task_assert((memcmp(a, b, bytes) == 0) == wanted, text, file, line);
}

// One part of a test; whether it came to its end.
static bool part(CMUnitTestFunction test, CMFixtureFunction fixture, void **state)
{
    if (__builtin_setjmp(running.way_back)) {
        return false;
    }
    if (test) {
        test(state);
        return true;
    }
    const int error = fixture ? fixture(state) : 0;
    if (error) {
        printf("    set-up or clean-up answers %d\n", error);
    }
    return error == 0;
}

static bool passes(const struct CMUnitTest *test)
{
    void *state = test->initial_state;
    running.skipped = NULL;
    const bool good = part(NULL, test->setup_func, &state) && part(test->test_func, NULL, &state);
    if (running.skipped) { // what it left behind is of no interest; the next boot cleans up
        return false;
    }
    return part(NULL, test->teardown_func, &state) && good;
}

int root_task_run_tests(const struct CMUnitTest *tests, size_t count)
{
    int passed = 0, failed = 0, skipped = 0;
    for (size_t i = 0; i < count; i++) {
        const char *const excluded = root_task_exclusion(tests[i].name);
        const bool good = excluded == NULL && passes(&tests[i]);
        const char *const why = excluded ? excluded : running.skipped;
        passed += good;
        skipped += !good && why;
        failed += !good && !why;
        printf("%s %s%s%s\n",
               good  ? "passed "
               : why ? "skipped"
                     : "FAILED ",
               tests[i].name, !good && why ? ": " : "", !good && why ? why : "");
    }
    for (size_t i = 0; root_task_exclusions[i].test; i++) {
        if (strcmp(root_task_exclusions[i].program, ROOT_TASK_PROGRAM) != 0) {
            continue;
        }
        bool found = false;
        for (size_t t = 0; t < count; t++) {
            found = found || strcmp(tests[t].name, root_task_exclusions[i].test) == 0;
        }
        if (!found) {
            printf("FAILED  exclusions.c names a test that is not there: %s\n",
                   root_task_exclusions[i].test);
            failed++;
        }
    }
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
    return failed;
}
