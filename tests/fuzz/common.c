/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What all targets need.

#include "fuzz.h"

#include <stdarg.h>
#include <stdlib.h>

FILE *fuzz_out;

bool fuzz_tell(const struct api_record *record)
{
    if (fuzz_out) {
        api_trace_print(record, fuzz_out);
        (void)fflush(fuzz_out);
    }
    return true;
}

bool fuzz_open(const uint8_t *data, size_t size, unsigned *start, size_t *records)
{
    struct api_header header;
    const char *const wrong = api_trace_get_header(&header, data, size);
    if (wrong) {
        if (fuzz_out) {
            fprintf(fuzz_out, "%s\n", wrong);
        }
        return false;
    }
    *start = header.start % fuzz_target.starts;
    *records = api_trace_count(size);
    if (fuzz_out) {
        fprintf(fuzz_out, "start %s, %zu operations\n", fuzz_target.start_name(*start), *records);
    }
    return true;
}

__attribute__((noreturn)) void fuzz_fail(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    fprintf(stderr, "%s: ", fuzz_target.name);
    (void)vfprintf(stderr, format, list);
    va_end(list);
    fprintf(stderr, "\n");
    abort();
}
