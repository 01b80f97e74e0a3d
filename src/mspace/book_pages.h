/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Blocks inside pages (picture: allocman/mspace/book_pages.h). */

#include <stdbool.h>
#include <stddef.h>
#include <allocman/allocman.h>
#include <allocman/mspace/book_pages.h>

/* struct book_page, rounded up to granules */
#define AM_BOOK_HEADER_BYTES                                                                       \
    ((unsigned)((sizeof(struct book_page) + ALLOCMAN_BOOK_GRANULE_BYTES - 1) /                     \
                ALLOCMAN_BOOK_GRANULE_BYTES * ALLOCMAN_BOOK_GRANULE_BYTES))
/* Largest block of an ordinary page. */
#define AM_BOOK_BLOCK_MAX_BYTES (ALLOCMAN_BOOK_PAGE_BYTES - AM_BOOK_HEADER_BYTES)

/*@ requires bytes <= 0xffffffffffffff;
    assigns \nothing;
    ensures \result % 16 == 0 && bytes <= \result < bytes + 16; */
static inline size_t am_book_round(size_t bytes)
{
    return (bytes + ALLOCMAN_BOOK_GRANULE_BYTES - 1) & ~(size_t)(ALLOCMAN_BOOK_GRANULE_BYTES - 1);
}

/* Make an ordinary page of `bytes` (at most 4096, at least the header and one granule) at
 * `memory`. */
struct book_page *am_book_page_add(struct book_pages *pages, void *memory, size_t bytes,
                                   struct book_frame frame);

/* Take an empty ordinary page out of the lists. */
void am_book_page_remove(struct book_pages *pages, struct book_page *page);

/* Take a page out of the lists, whatever is in it, and put it back. */
void am_book_page_close(struct book_pages *pages, struct book_page *page);
void am_book_page_open(struct book_pages *pages, struct book_page *page);

/* A block of 1..AM_BOOK_BLOCK_MAX_BYTES bytes, or NULL. */
void *am_book_alloc(struct book_pages *pages, size_t bytes);

/* Give a block of `page` back; false, and nothing changed, if it is not one. */
bool am_book_free(struct book_pages *pages, struct book_page *page, void *block, size_t bytes);

/* Free memory is painted in debug builds (ALLOCMAN_DEBUG): misuse is reported if somebody wrote to
 * the bytes of a block before it was taken. */
#ifdef ALLOCMAN_DEBUG
void am_book_expect_untouched(allocman_t *alloc, const char *where, const void *block,
                              size_t bytes);
#else
static inline void am_book_expect_untouched(allocman_t *alloc, const char *where, const void *block,
                                            size_t bytes)
{
    (void)alloc, (void)where, (void)block, (void)bytes;
}
#endif

/* Make a block shorter; what is cut off is free. */
void am_book_shrink(struct book_pages *pages, struct book_page *page, void *block, size_t bytes,
                    size_t to_bytes);

/* Mark the first page of a span; false from am_book_span_is: there is no such span at `head`. */
void am_book_span_make(struct book_page *head, size_t count);
bool am_book_span_is(const struct book_page *head, size_t count);

/* An empty page of full size, or NULL. */
struct book_page *am_book_empty_page(const struct book_pages *pages);

/* Bytes that are in no block, in however many pieces. */
static inline size_t am_book_free_bytes(const struct book_pages *pages)
{
    const size_t count =
        (pages->page_bytes + ALLOCMAN_BOOK_PAGE_BYTES - 1) / ALLOCMAN_BOOK_PAGE_BYTES;
    const size_t taken = pages->used_bytes + count * AM_BOOK_HEADER_BYTES;
    return pages->page_bytes > taken ? pages->page_bytes - taken : 0;
}

/* Does the page hold no block? */
static inline bool am_book_page_is_empty(const struct book_page *page)
{
    return page->span_pages == 0 && page->used_count == 0;
}
