/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What a process is made of on seL4. */

#include <stdbool.h>

struct demo;

/// Build one process: a CNode with capabilities in it, an address space, threads that are set up
/// to run in both, endpoints, notifications, and frames that hold something.
///
/// Errors:  false and a report iff the allocator or the kernel refuses.
bool process_build(struct demo *demo, unsigned number);
