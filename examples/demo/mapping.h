/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Frames in address spaces, with the paging structures that they need. */

#include <stdbool.h>
#include <stdint.h>
#include <sel4/sel4.h>

struct demo;

/// Map a frame, and before it whatever paging structures are missing there.
///
/// Shape:   the paging structures become objects of the demonstration; `keep` marks them as kept.
/// Errors:  false and a report iff the allocator or the kernel refuses.
bool map_frame(struct demo *demo, seL4_CPtr vspace, seL4_CPtr frame, uintptr_t vaddr, bool keep);

/// Map a frame where the root task can read and write it.
///
/// Shape:   its address, or NULL.
/// Units:   size_bits = log2 bytes of the frame.
/// Errors:  NULL and a report as for map_frame(), and iff the window has no room.
uint64_t *map_into_window(struct demo *demo, seL4_CPtr frame, unsigned size_bits);
