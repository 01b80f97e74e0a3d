/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct text text_count(uint64_t count)
{
    char digits[24];
    const int length = snprintf(digits, sizeof(digits), "%" PRIu64, count);
    struct text text;
    size_t at = 0;
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            text.s[at++] = ',';
        }
        text.s[at++] = digits[i];
    }
    text.s[at] = '\0';
    return text;
}

struct text text_bytes(uint64_t bytes)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    unsigned unit = 0;
    while (unit < 4 && bytes >> (10 * unit) >= 1024) {
        unit++;
    }
    const uint64_t whole = bytes >> (10 * unit);
    const uint64_t rest = bytes - (whole << (10 * unit));
    struct text text;
    if (rest == 0) {
        snprintf(text.s, sizeof(text.s), "%" PRIu64 " %s", whole, units[unit]);
    } else {
        const uint64_t tenth = rest * 10 >> (10 * unit); /* rounded down */
        snprintf(text.s, sizeof(text.s), "%" PRIu64 ".%" PRIu64 " %s", whole, tenth, units[unit]);
    }
    return text;
}

struct text text_bits_short(unsigned size_bits)
{
    struct text text;
    const unsigned unit = size_bits / 10 < 4 ? size_bits / 10 : 4;
    snprintf(text.s, sizeof(text.s), "%" PRIu64 "%c", UINT64_C(1) << (size_bits - 10 * unit),
             "BKMGT"[unit]);
    return text;
}

size_t text_line(const char *text, size_t columns)
{
    const size_t length = strlen(text);
    if (length <= columns) {
        return length;
    }
    size_t end = columns;
    while (end > 0 && text[end] != ' ') {
        end--;
    }
    return end > 0 ? end : columns;
}
