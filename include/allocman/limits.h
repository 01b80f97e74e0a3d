/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Bounds on what one call may cost the kernel, for tasks whose latency matters more than the last
 * slot. */

#include <stdbool.h>

struct allocman;

/// What one call may do. All zero: no bound.
struct allocman_limits {
    /// log2 bytes, at least 8, of the largest block that a call divides, or makes by merging: the
    /// kernel zeroes a block that is divided again, all of it (an untouched boot untyped too). 0:
    /// any size. What is asked for itself may be larger.
    unsigned zeroed_bits;
    /// log2 of the blocks, 2 to 256, that one Retype makes: the kernel does not look at interrupts
    /// meanwhile. 0: as many as it allows.
    unsigned fan_out_bits;
    /// A free merges nothing: a Delete of the user's is all that it costs the kernel. What can be
    /// merged is by allocman_reclaim, or when an allocation would be refused. Device registers,
    /// which are never zeroed, are merged by the free all the same.
    bool merge_lazily;
};

/// Set the limits, or with NULL lift them, and reclaim: what the old ones kept apart is merged.
///
/// Errors:  ALLOCMAN_INVALID_ARGUMENT iff a limit is out of its range; ALLOCMAN_NOT_ATTACHED iff the
///          untyped manager has no limits; then nothing changed.
/// Cost:    as allocman_reclaim.
/// Kernel:  as allocman_reclaim.
int allocman_set_limits(struct allocman *alloc, const struct allocman_limits *limits);

/// Divide every free block of kernel RAM that is larger than `zeroed_bits` allows, down to that
/// size: at the start, or when there is time. What lies in larger blocks is refused with
/// ALLOCMAN_OVER_LIMIT until then.
///
/// Errors:  0 iff all are divided; else what ran out, and what was divided stays so: slots, one a
///          block; book memory.
/// Cost:    linear in the blocks made.
/// Kernel:  one Retype for up to 256 blocks; it zeroes all memory that was used.
int allocman_prepare(struct allocman *alloc);
