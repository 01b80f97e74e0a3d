/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// To the kernel's debug console; start/console.c.
#pragma once

#include <stdarg.h>
#include <stddef.h>

// Two streams, and both are the console.
typedef struct root_task_stream FILE;
#define stdout ((FILE *)0)
#define stderr ((FILE *)0)

int putchar(int character);
__attribute__((format(printf, 2, 3))) int fprintf(FILE *stream, const char *text, ...);
__attribute__((format(printf, 1, 2))) int printf(const char *text, ...);
__attribute__((format(printf, 1, 0))) int vprintf(const char *text, va_list list);
__attribute__((format(printf, 3, 4))) int snprintf(char *to, size_t bytes, const char *text, ...);
__attribute__((format(printf, 3, 0))) int vsnprintf(char *to, size_t bytes, const char *text,
                                                    va_list list);
