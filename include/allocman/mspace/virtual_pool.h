/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Book memory that grows: frames mapped into a range of the task's own address space, with the
 * paging structures that they need, without any vspace manager. Pages that are empty again are
 * given back; paging structures are kept, because others may map through them by then. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>
#include <allocman/extensions.h>
#include <allocman/cspace/slot_map.h>
#include <allocman/mspace/mspace.h>
#include <allocman/mspace/book_pages.h>

#define ALLOCMAN_PAGING_LEVELS_MAX 3 ///< paging structures that one page can lack

/// The address range.
struct mspace_virtual_pool_config {
    void *vstart; ///< its start; rounded up to a page
    size_t size;  ///< bytes; rounded down to pages
    seL4_CPtr pd; ///< capability of the task's VSpace (top-level table)
};

/// The pool. Private.
typedef struct mspace_virtual_pool {
    struct book_pages pages;           ///< the pages mapped
    struct allocman_slot_map unmapped; ///< pages that are not mapped
    uintptr_t start;                   ///< first address
    size_t page_count;                 ///< pages of the range
    seL4_CPtr vspace;                  ///< where to map
    seL4_CPtr
        table[ALLOCMAN_PAGING_LEVELS_MAX]; ///< paging structures set aside, lowest level first
    uint32_t tables_mapped[ALLOCMAN_PAGING_LEVELS_MAX]; ///< mapped for good, per level
    uint32_t tables_elsewhere; ///< of these and those set aside, how many have a block of their own
    uint32_t tables_left;      ///< structures that the block for them still makes
    seL4_CPtr tables_block;    ///< that block, an untyped
    uint8_t tables_block_bits; ///< log2 bytes of it; 0: there is none
    uint8_t tables_held;       ///< bit i: table[i] is set aside
    uint8_t tables_made;       ///< bit i: a growth step made made[i] and mapped it
    struct book_frame made[ALLOCMAN_PAGING_LEVELS_MAX]; ///< paging structures of the growth step
    seL4_CPtr first_slot; ///< a run of slots for frames, if there is one
    unsigned slot_count;  ///< slots of that run; 0: none was to be had
    uint64_t free_slots;  ///< bit i: slot i of the run is free
    size_t frames_mapped; ///< frames mapped now
} mspace_virtual_pool_t;

/// Make a pool of the range; nothing is mapped yet.
///
/// Shape:   it grows as the book memory of an allocman, or as the half of a dual pool that is; its
///          first records need other memory, so the dual pool is what to use.
/// Errors:  none; a range without one whole page gives a pool that refuses everything.
/// Cost:    constant.
/// Kernel:  none.
void mspace_virtual_pool_create(mspace_virtual_pool_t *virtual_pool,
                                struct mspace_virtual_pool_config config);

/// See allocman_mspace_alloc.
///
/// Errors:  ALLOCMAN_NO_BOOK, ALLOCMAN_NO_VIRTUAL, ALLOCMAN_INVALID_SIZE, and what growth
///          lacks; a mapping that failed half-way is undone.
/// Cost:    constant, and a step of growth.
/// Kernel:  as allocman_mspace_alloc.
void *_mspace_virtual_pool_alloc(struct allocman *alloc, void *_virtual_pool, size_t bytes,
                                 int *error);

/// See allocman_mspace_free.
///
/// Errors:  none; misuse is counted.
/// Cost:    constant.
/// Kernel:  none; empty pages are given back at the end of the allocman's call.
void _mspace_virtual_pool_free(struct allocman *alloc, void *_virtual_pool, void *ptr,
                               size_t bytes);

/// The extension that allocman_register_book_growth takes.
extern const struct allocman_book_growth mspace_virtual_pool_growth;

/// The interface to give to allocman_create.
///
/// Errors:  none.
/// Kernel:  none.
static inline struct mspace_interface
mspace_virtual_pool_make_interface(mspace_virtual_pool_t *virtual_pool)
{
    return (struct mspace_interface){
        .alloc = _mspace_virtual_pool_alloc,
        .free = _mspace_virtual_pool_free,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .mspace = virtual_pool,
    };
}
