/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The cost table: what the kernel takes for Retype, Delete and Revoke, by type of object and number
 * of objects, and for the other invocations that the allocator makes. Raw invocations, no allocator.
 * Of several tries the least is told: in some of them the kernel may serve a timer. */

#include <sel4/sel4.h>
#include <stdbool.h>

/* On a machine that has just booted; false iff the kernel refuses what it should not, and what that
 * is has been said. */
bool costs_measure(const seL4_BootInfo *boot_info);
