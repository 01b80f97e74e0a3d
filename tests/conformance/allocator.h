/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The allocator's load and what it wants of the platform.
#pragma once

#include <stddef.h>

#include <sel4/sel4.h>

#include "print.h"

int conformance_allocator(seL4_BootInfo *bootinfo);

// Free addresses, nothing mapped near them.
void *conformance_addresses(size_t bytes);
