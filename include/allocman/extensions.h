/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What a manager can offer beyond the published interface structs. Each is a constant table that is
 * registered after the manager was attached; a manager without them works too, only less well. */

#include <stdbool.h>
#include <stddef.h>
#include <sel4/types.h>

struct allocman;

/// Records that a manager can need at worst for its part of one growth step of book memory.
struct allocman_need {
    size_t bytes; ///< bytes of one record
    size_t count; ///< records
};

#define ALLOCMAN_SLOT_NEEDS    2 ///< kinds of records of a slot manager
#define ALLOCMAN_UNTYPED_NEEDS 3 ///< kinds of records of an untyped manager
#define ALLOCMAN_BOOK_NEEDS    2 ///< kinds of records of a growing book memory

/// A slot manager that can hand out aligned runs of slots, so that one Retype can fill many.
struct allocman_slot_runs {
    /// 2^order_bits consecutive slots of one CNode, aligned to their number; 0 or a status.
    int (*alloc_run)(struct allocman *alloc, void *cspace, unsigned order_bits, seL4_CPtr *first);
    /// Take a run back, whole.
    void (*free_run)(struct allocman *alloc, void *cspace, seL4_CPtr first, unsigned order_bits);
    /// Slots that are free now.
    size_t (*free_slots)(const void *cspace);
    /// What handing out the slots of one growth step can need: writes ALLOCMAN_SLOT_NEEDS entries.
    void (*needs)(const void *cspace, struct allocman_need *need);
};

/// A book memory that grows out of untyped memory.
struct allocman_book_growth {
    /// Grow by what `bytes` need and allocate them. May use the attached managers' alloc directly.
    void *(*alloc_grown)(struct allocman *alloc, void *mspace, size_t bytes, int *error);
    /// Give back one empty page if more than `keep` are empty; true if one was given back.
    bool (*trim)(struct allocman *alloc, void *mspace, size_t keep);
    /// What one growth step can need for the pool's own records: writes ALLOCMAN_BOOK_NEEDS
    /// entries; false: it cannot grow, and nothing is written.
    bool (*needs)(const void *mspace, struct allocman_need *need);
    /// Make a block of up to 4096 bytes shorter: headroom may be lent in pieces larger than what is
    /// asked for.
    void (*shrink)(void *mspace, void *block, size_t bytes, size_t to_bytes);
    /// The page that could be given back if `record` and others were not in it, or NULL.
    void *(*page_of)(void *mspace, const void *record);
    /// Keep a page from being allocated from, if `bytes` are all that is used of it; false: they
    /// are not.
    bool (*page_close)(void *mspace, void *page, size_t bytes);
    /// Undo page_close.
    void (*page_open)(void *mspace, void *page);
    /// Hold what growth needs beside memory (paging structures); 0 or a status.
    int (*set_aside)(struct allocman *alloc, void *mspace);
};

/// A slot manager whose CSpace grows out of untyped memory.
struct allocman_slot_growth {
    /// Make room for more slots, and enough of it for the next step too; sets *more once there is
    /// more than before. ALLOCMAN_OK; ALLOCMAN_NO_SLOT if the CSpace has its full size;
    /// ALLOCMAN_NO_BOOK if a record lacks that allocman_mspace_alloc did not have: book memory
    /// grows, and this is called again with the same `more`; or what else lacks.
    /// Called while no request is in the middle of anything; may use the attached managers' alloc.
    int (*grow)(struct allocman *alloc, void *cspace, bool *more);
    /// Hand out the slots that are held for growing, until the next step that succeeds; false: none
    /// are held.
    bool (*release)(struct allocman *alloc, void *cspace);
    /// Give back one part that is wholly free, if that leaves what is held for growing, and another
    /// `keep` parts' worth of free slots; true if one was given back.
    bool (*trim)(struct allocman *alloc, void *cspace, size_t keep);
};

/// An untyped manager that can merge what it left split. A member that it has nothing to say to may
/// be NULL.
struct allocman_untyped_reclaim {
    /// Merge all that is wholly free; true if anything was merged.
    bool (*merge_all)(struct allocman *alloc, void *utspace);
    /// Choose memory for book memory's frames, where they do not pin large blocks.
    void (*choose_book_memory)(void *utspace);
    /// Could an object that stays for good pin a large block now? False: book memory's own has
    /// room.
    bool (*would_pin)(const void *utspace, size_t size_bits);
    /// What pulling out one page-sized block can need: writes ALLOCMAN_UNTYPED_NEEDS entries.
    void (*needs)(const void *utspace, struct allocman_need *need);
    /// Divide one free block of kernel RAM that is larger than 2^size_bits bytes, down to that or
    /// as far as one Retype goes: ALLOCMAN_OK, ALLOCMAN_NO_UNTYPED if there is none, what lacks,
    /// or ALLOCMAN_PARTLY_USED or ALLOCMAN_SLOT_NOT_ALLOCATED for one that is set aside meanwhile.
    /// A manager that has this keeps to the limits.
    int (*divide)(struct allocman *alloc, void *utspace, unsigned size_bits);
    /// log2 bytes of the largest untyped of kernel RAM that was handed in, or 0.
    unsigned (*largest_bits)(const void *utspace);
};

/// Register the runs of the attached slot manager.
///
/// Errors:  ALLOCMAN_NOT_ATTACHED iff there is no slot manager.
/// Kernel:  none.
int allocman_register_slot_runs(struct allocman *alloc, const struct allocman_slot_runs *runs);

/// Register the growth of the attached slot manager.
///
/// Errors:  ALLOCMAN_NOT_ATTACHED iff there is no slot manager.
/// Kernel:  none.
int allocman_register_slot_growth(struct allocman *alloc,
                                  const struct allocman_slot_growth *growth);

/// Register the growth of the attached book memory, and take headroom for it.
///
/// Errors:  ALLOCMAN_NOT_ATTACHED iff slots, untyped memory or book memory are not
///          attached yet; else what the headroom lacks (the growth is registered all the same).
/// Kernel:  the Retypes of the paging structures set aside.
int allocman_register_book_growth(struct allocman *alloc,
                                  const struct allocman_book_growth *growth);

/// Register the merging of the attached untyped manager.
///
/// Errors:  ALLOCMAN_NOT_ATTACHED iff there is no untyped manager.
/// Kernel:  none.
int allocman_register_untyped_reclaim(struct allocman *alloc,
                                      const struct allocman_untyped_reclaim *reclaim);
