/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// cmocka's checks as the tests call them: one that fails ends the run of the test.

#include "refusals.h"

#include <stdio.h>
#include <string.h>

extern jmp_buf run_end;
extern char run_end_why[300];

__attribute__((noreturn)) static void end(const char *what, const char *file, int line)
{
    (void)snprintf(run_end_why, sizeof(run_end_why), "%s:%d: %s", file, line, what);
    longjmp(run_end, 1);
}

void _fail(const char *const file, const int line)
{
    end("fail", file, line);
}

void _skip(const char *const file, const int line)
{
    run.skipped = true;
    end("skip", file, line);
}

void print_error(const char *const format, ...)
{
    (void)format;
}

void cmocka_print_error(const char *const format, ...)
{
    (void)format;
}

void cm_print_error(const char *const format, ...)
{
    (void)format;
}

void print_message(const char *const format, ...)
{
    (void)format;
}

void _assert_true(const LargestIntegralType result, const char *const expression,
                  const char *const file, const int line)
{
    if (!result) {
        end(expression, file, line);
    }
}

void _assert_int_equal(const LargestIntegralType a, const LargestIntegralType b,
                       const char *const file, const int line)
{
    if (a != b) {
        char text[80];
        (void)snprintf(text, sizeof(text), "%#llx != %#llx", (unsigned long long)a,
                       (unsigned long long)b);
        end(text, file, line);
    }
}

void _assert_int_not_equal(const LargestIntegralType a, const LargestIntegralType b,
                           const char *const file, const int line)
{
    if (a == b) {
        end("equal", file, line);
    }
}

void _assert_string_equal(const char *const a, const char *const b, const char *const file,
                          const int line)
{
    if (strcmp(a, b) != 0) {
        end(a, file, line);
    }
}

void _assert_string_not_equal(const char *const a, const char *const b, const char *file,
                              const int line)
{
    if (strcmp(a, b) == 0) {
        end(a, file, line);
    }
}

void _assert_memory_equal(const void *const a, const void *const b, const size_t size,
                          const char *const file, const int line)
{
    if (memcmp(a, b, size) != 0) {
        end("memory differs", file, line);
    }
}

void _assert_memory_not_equal(const void *const a, const void *const b, const size_t size,
                              const char *const file, const int line)
{
    if (memcmp(a, b, size) == 0) {
        end("memory is equal", file, line);
    }
}

void _assert_in_range(const LargestIntegralType value, const LargestIntegralType minimum,
                      const LargestIntegralType maximum, const char *const file, const int line)
{
    if (value < minimum || value > maximum) {
        end("out of range", file, line);
    }
}
