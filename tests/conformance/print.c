/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#include "print.h"

void conformance_print_word(const char *before, uint64_t word, unsigned base)
{
    char text[24];
    char *at = &text[sizeof(text) - 1];
    *at = '\0';
    do { // at most 20 digits
        *--at = "0123456789abcdef"[word % base];
        word /= base;
    } while (word != 0);
    conformance_print(before);
    conformance_print(at);
}
