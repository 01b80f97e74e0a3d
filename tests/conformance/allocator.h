/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The allocator's load and what it wants of the platform.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <sel4/sel4.h>

int conformance_allocator(seL4_BootInfo *bootinfo);

void conformance_print(const char *text);
void conformance_print_word(const char *before, uint64_t word, unsigned base);

// Free addresses, nothing mapped near them.
void *conformance_addresses(size_t bytes);
