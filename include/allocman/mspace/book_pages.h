/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Book memory inside pages of 4 KiB, common to the pools.
 *
 *     page   [ header 112 | granules of 16 bytes, two bits each: used, first of a block ... ]
 *
 * Frees carry the size, so blocks have no header; the bits tell whether address and size are a
 * block's. Pages stand in lists by the longest free run that they have; a request takes a page
 * whose run is just long enough, and in it the shortest run that does. A request larger than a
 * page gets a span: whole pages, one header. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>

#define ALLOCMAN_BOOK_PAGE_BITS     12                              ///< log2 bytes of a page
#define ALLOCMAN_BOOK_PAGE_BYTES    (1u << ALLOCMAN_BOOK_PAGE_BITS) ///< bytes of a page
#define ALLOCMAN_BOOK_GRANULE_BYTES 16u                             ///< bytes of a granule
#define ALLOCMAN_BOOK_GRANULES      (ALLOCMAN_BOOK_PAGE_BYTES / ALLOCMAN_BOOK_GRANULE_BYTES)
#define ALLOCMAN_BOOK_BUCKETS       29 ///< lists by longest free run

/// Where the frame of a page of the virtual pool came from.
struct book_frame {
    seL4_CPtr slot;   ///< slot of the frame's capability; 0 in the static pool
    seL4_Word cookie; ///< its memory
};

/// The header of a page.
struct book_page {
    uint64_t
        used[ALLOCMAN_BOOK_GRANULES / 64]; ///< bit set: granule used, header, or beyond the end
    uint64_t starts[ALLOCMAN_BOOK_GRANULES / 64]; ///< bit set: first granule of a block
    uintptr_t seal;                               ///< tells a header from what a span holds
    struct book_page *next;                       ///< next page of the same list
    struct book_page *prev;                       ///< previous one
    struct book_frame frame;                      ///< where the page came from
    uint16_t longest;                             ///< granules of the longest free run
    uint16_t used_count;                          ///< granules used by blocks
    uint16_t capacity;                            ///< granules that blocks can use
    uint16_t span_pages;                          ///< pages of the span that starts here, or 0
};

/// The pages of one pool.
struct book_pages {
    struct book_page *bucket[ALLOCMAN_BOOK_BUCKETS]; ///< pages by longest free run
    uint32_t buckets;                                ///< bit b: bucket[b] is not empty
    size_t used_bytes;                               ///< bytes in blocks
    size_t page_bytes;                               ///< bytes of pages held, headers included
    size_t empty_pages;                              ///< ordinary pages without a block
};
