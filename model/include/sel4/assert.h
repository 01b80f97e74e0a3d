/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Assertions of libsel4; the failing one is reported by the program's C library. */
#pragma once

#include <sel4/macros.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Print a failed assertion and stop the program (ours, so as not to clash with the C library's).
void sel4model_assert_fail(const char *expression, const char *file, int line,
                           const char *function) __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

#define seL4_Fail(s) sel4model_assert_fail(s, __FILE__, __LINE__, __func__)

#define seL4_Assert(expr)                                                  \
    do {                                                                   \
        if (!(expr)) {                                                     \
            sel4model_assert_fail(#expr, __FILE__, __LINE__, __func__);    \
        }                                                                  \
    } while (0)

#define seL4_CompileTimeAssert(expr) SEL4_COMPILE_ASSERT(seL4_CompileTimeAssert, expr)
