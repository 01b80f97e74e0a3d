/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Text out, without a C library.
#pragma once

#include <stdint.h>

// What the platform gives.
void conformance_print(const char *text);

void conformance_print_word(const char *before, uint64_t word, unsigned base);
