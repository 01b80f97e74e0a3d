/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What a manager can offer beyond the published interface structs. Each is a constant table that is
 * registered after the manager was attached; a manager without them works too, only less well. */

#include <stdbool.h>
#include <stddef.h>
#include <sel4/types.h>

struct allocman;

/// A slot manager that can hand out aligned runs of slots, so that one Retype can fill many.
struct allocman_slot_runs {
    /// 2^order_bits consecutive slots of one CNode, aligned to their number; 0 or a status.
    int (*alloc_run)(struct allocman *alloc, void *cspace, unsigned order_bits, seL4_CPtr *first);
    /// Take a run back, whole.
    void (*free_run)(struct allocman *alloc, void *cspace, seL4_CPtr first, unsigned order_bits);
    /// Slots that are free now.
    size_t (*free_slots)(const void *cspace);
    /// Bytes of book memory that handing out the slots of one growth step can take at worst.
    size_t (*headroom_bytes)(const void *cspace);
};

/// A book memory that grows out of untyped memory.
struct allocman_book_growth {
    /// Grow by what `bytes` need and allocate them. May use the attached managers' alloc directly.
    void *(*alloc_grown)(struct allocman *alloc, void *mspace, size_t bytes, int *error);
    /// Give back one empty page if more than `keep` are empty; true if one was given back.
    bool (*trim)(struct allocman *alloc, void *mspace, size_t keep);
    /// Bytes of book memory that one growth step can take at worst for the pool's own records; 0: it cannot grow.
    size_t (*headroom_bytes)(const void *mspace);
    /// Hold what growth needs beside memory (paging structures); 0 or a status.
    int (*set_aside)(struct allocman *alloc, void *mspace);
};

/// An untyped manager that can merge what it left split.
struct allocman_untyped_reclaim {
    /// Merge all that is wholly free; true if anything was merged.
    bool (*merge_all)(struct allocman *alloc, void *utspace);
    /// Bytes of book memory that pulling one page-sized block out can take at worst.
    size_t (*headroom_bytes)(const void *utspace);
};

/// Register the runs of the attached slot manager.
///
/// Errors:  ALLOCMAN_NOT_ATTACHED iff there is no slot manager.
/// Kernel:  none.
int allocman_register_slot_runs(struct allocman *alloc, const struct allocman_slot_runs *runs);

/// Register the growth of the attached book memory, and take headroom for it.
///
/// Errors:  ALLOCMAN_NOT_ATTACHED iff slots, untyped memory or book memory are not attached yet; else what
///          the headroom lacks (the growth is registered all the same).
/// Kernel:  the Retypes of the paging structures set aside.
int allocman_register_book_growth(struct allocman *alloc, const struct allocman_book_growth *growth);

/// Register the merging of the attached untyped manager.
///
/// Errors:  ALLOCMAN_NOT_ATTACHED iff there is no untyped manager.
/// Kernel:  none.
int allocman_register_untyped_reclaim(struct allocman *alloc, const struct allocman_untyped_reclaim *reclaim);
