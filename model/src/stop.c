/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#include "stop.h"
#include "environment.h"
#include "trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <sel4/assert.h>

void model_stop(const char *format, ...)
{
    va_list arguments;
    model_trace_stopping();
    fflush(stdout);
    model_environment_report();
    fputs("sel4model: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    fflush(stderr);
    abort();
}

void model_unsupported(const char *call)
{
    model_stop("%s is outside the model (no other threads, no IPC, no devices)", call);
}

void sel4model_assert_fail(const char *expression, const char *file, int line, const char *function)
{
    model_stop("%s:%d: %s: assertion failed: %s", file, line, function, expression);
}
