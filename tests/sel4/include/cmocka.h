/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The part of cmocka's interface that the API tests use, where there is no cmocka: in a root task.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void (*CMUnitTestFunction)(void **state);
typedef int (*CMFixtureFunction)(void **state);

struct CMUnitTest {
    const char *name;
    CMUnitTestFunction test_func;
    CMFixtureFunction setup_func, teardown_func;
    void *initial_state;
};

#define cmocka_unit_test_setup_teardown(f, setup, teardown)                                        \
    {                                                                                              \
#f, f, setup, teardown, NULL                                                               \
    }
#define cmocka_unit_test(f)                    cmocka_unit_test_setup_teardown(f, NULL, NULL)
#define cmocka_unit_test_setup(f, setup)       cmocka_unit_test_setup_teardown(f, setup, NULL)
#define cmocka_unit_test_teardown(f, teardown) cmocka_unit_test_setup_teardown(f, NULL, teardown)

// How many failed.
int root_task_run_tests(const struct CMUnitTest *tests, size_t count);
#define cmocka_run_group_tests(tests, group_setup, group_teardown)                                 \
    root_task_run_tests(tests, sizeof(tests) / sizeof((tests)[0]))

// End the running test.
_Noreturn __attribute__((format(printf, 3, 4))) void root_task_fail(const char *file, int line,
                                                                    const char *text, ...);
_Noreturn void root_task_skip(const char *reason);

void root_task_assert(bool holds, const char *text, const char *file, int line);
void root_task_assert_equal(bool wanted, uintmax_t a, uintmax_t b, const char *text,
                            const char *file, int line);
void root_task_assert_memory(bool wanted, const void *a, const void *b, size_t bytes,
                             const char *text, const char *file, int line);

#define fail_msg(...)      root_task_fail(__FILE__, __LINE__, __VA_ARGS__)
#define fail()             fail_msg("failed")
#define skip()             root_task_skip("by itself")
#define assert_true(c)     root_task_assert((c) ? true : false, #c, __FILE__, __LINE__)
#define assert_false(c)    root_task_assert(!(c), "not " #c, __FILE__, __LINE__)
#define assert_null(p)     root_task_assert((p) == NULL, "no " #p, __FILE__, __LINE__)
#define assert_non_null(p) root_task_assert((p) != NULL, #p, __FILE__, __LINE__)
#define assert_int_equal(a, b)                                                                     \
    root_task_assert_equal(true, (uintmax_t)(a), (uintmax_t)(b), #a " == " #b, __FILE__, __LINE__)
#define assert_int_not_equal(a, b)                                                                 \
    root_task_assert_equal(false, (uintmax_t)(a), (uintmax_t)(b), #a " != " #b, __FILE__, __LINE__)
#define assert_ptr_equal(a, b)                                                                     \
    root_task_assert_equal(true, (uintptr_t)(a), (uintptr_t)(b), #a " == " #b, __FILE__, __LINE__)
#define assert_ptr_not_equal(a, b)                                                                 \
    root_task_assert_equal(false, (uintptr_t)(a), (uintptr_t)(b), #a " != " #b, __FILE__, __LINE__)
#define assert_in_range(value, from, to)                                                           \
    root_task_assert((uintmax_t)(value) >= (uintmax_t)(from) &&                                    \
                         (uintmax_t)(value) <= (uintmax_t)(to),                                    \
                     #value " in [" #from ", " #to "]", __FILE__, __LINE__)
#define assert_memory_equal(a, b, bytes)                                                           \
    root_task_assert_memory(true, a, b, bytes, #a " holds what " #b " does", __FILE__, __LINE__)
#define assert_memory_not_equal(a, b, bytes)                                                       \
    root_task_assert_memory(false, a, b, bytes, #a " holds what " #b " does not", __FILE__,        \
                            __LINE__)
#define assert_string_equal(a, b)                                                                  \
    root_task_assert(strcmp(a, b) == 0, #a " reads as " #b, __FILE__, __LINE__)
#define assert_string_not_equal(a, b)                                                              \
    root_task_assert(strcmp(a, b) != 0, #a " reads other than " #b, __FILE__, __LINE__)
