/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* A small heap with one list of free blocks, for programs that used it from here. This library's
 * own managers do not: their blocks have no headers (mspace/book_pages.h). */

#include <stddef.h>

/// What stands before each block; also the unit that sizes are counted in.
typedef union k_r_malloc_header {
    struct {
        union k_r_malloc_header *ptr; ///< next free block, by rising address; of a live block: none
        size_t size;                  ///< units of the block, this header included
    } s;                              ///< the header's contents
    long long x;                      ///< never used: aligns the block
} k_r_malloc_header_t;

/// A heap. Its members are the implementation's, but for `cookie`.
typedef struct mspace_k_r_malloc {
    k_r_malloc_header_t base;   ///< where the ring of free blocks begins; no memory behind it
    k_r_malloc_header_t *freep; ///< where the next search begins
    size_t cookie;              ///< passed to morecore
    /// Bring at least `new_units` units: write their number to the header at their start, hand them
    /// over by mspace_k_r_malloc_free of what stands behind that header, and return `freep`; NULL:
    /// there are none.
    k_r_malloc_header_t *(*morecore)(size_t cookie, struct mspace_k_r_malloc *k_r_malloc,
                                     size_t new_units);
} mspace_k_r_malloc_t;

/// Make an empty heap.
///
/// Errors:  none. `morecore` may be NULL: then memory comes by mspace_k_r_malloc_free only.
/// Kernel:  none.
void mspace_k_r_malloc_init(mspace_k_r_malloc_t *k_r_malloc, size_t cookie,
                            k_r_malloc_header_t *(*morecore)(size_t cookie,
                                                             mspace_k_r_malloc_t *k_r_malloc,
                                                             size_t new_units));

/// Take a block, aligned to the size of a header.
///
/// Units:   bytes.
/// Errors:  NULL iff nbytes is 0 or there is no room, and morecore brings none.
/// Cost:    linear in the free blocks.
/// Kernel:  none of its own.
void *mspace_k_r_malloc_alloc(mspace_k_r_malloc_t *k_r_malloc, size_t nbytes);

/// Give a block back, or hand new memory over (see morecore). Neighbours that are free are joined.
///
/// Errors:  none; NULL, a header without a size, and what lies in a free block already (as after a
///          double free) are let pass and change nothing.
/// Cost:    linear in the free blocks.
/// Kernel:  none.
void mspace_k_r_malloc_free(mspace_k_r_malloc_t *k_r_malloc, void *ap);
