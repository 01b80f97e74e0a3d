/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/mspace/fixed_pool.h>

#include "../bits.h"
#include "../internal.h"
#include "book_pages.h"
#include "fixed_pool.h"

#define PAGE ALLOCMAN_BOOK_PAGE_BYTES
/* A page needs its header and one granule. */
#define PAGE_MIN_BYTES (AM_BOOK_HEADER_BYTES + ALLOCMAN_BOOK_GRANULE_BYTES)

static const struct book_frame no_frame = {.slot = 0, .cookie = 0};

void mspace_fixed_pool_create(mspace_fixed_pool_t *fixed_pool,
                              struct mspace_fixed_pool_config config)
{
    const uintptr_t granule = ALLOCMAN_BOOK_GRANULE_BYTES;
    const uintptr_t given = (uintptr_t)config.pool;
    const uintptr_t start = (given + granule - 1) & ~(granule - 1);
    const size_t lost = (size_t)(start - given);
    const size_t bytes =
        config.pool && config.size > lost ? (config.size - lost) & ~(size_t)(granule - 1) : 0;
    *fixed_pool = (mspace_fixed_pool_t){.start = start, .end = start + bytes};
    /* From the last page to the first, so that the first stands first in its list. */
    for (size_t page = (bytes + PAGE - 1) / PAGE; page-- > 0;) {
        const size_t left = bytes - page * PAGE;
        if (left >= PAGE_MIN_BYTES) {
            am_book_page_add(&fixed_pool->pages, (void *)(start + page * PAGE),
                             left < PAGE ? left : PAGE, no_frame);
        }
    }
}

static struct book_page *page_at(const mspace_fixed_pool_t *pool, size_t number)
{
    return (struct book_page *)(pool->start + number * PAGE);
}

/* Whole pages of the pool. */
static size_t whole_pages(const mspace_fixed_pool_t *pool)
{
    return (size_t)(pool->end - pool->start) / PAGE;
}

/* Empty pages in a row for `bytes`; linear in the pages of the pool. */
static void *span_alloc(mspace_fixed_pool_t *pool, size_t bytes)
{
    const size_t need = (bytes + AM_BOOK_HEADER_BYTES + PAGE - 1) / PAGE;
    size_t run = 0;
    for (size_t number = 0;
         number < whole_pages(pool) && need <= UINT16_MAX;) { /* bounded by the pool */
        const struct book_page *const page = page_at(pool, number);
        run = am_book_page_is_empty(page) ? run + 1 : 0;
        number += page->span_pages ? page->span_pages : 1;
        if (run == need) {
            const size_t first = number - need;
            for (size_t i = first; i < number; i++) {
                am_book_page_remove(&pool->pages, page_at(pool, i));
            }
            struct book_page *const head = page_at(pool, first);
            am_book_span_make(head, need);
            pool->pages.page_bytes += need * PAGE;
            pool->pages.used_bytes += need * PAGE;
            return (char *)head + AM_BOOK_HEADER_BYTES;
        }
    }
    return NULL;
}

AM_APART static bool span_free(mspace_fixed_pool_t *pool, struct book_page *head, void *ptr,
                               size_t bytes)
{
    const size_t need = (bytes + AM_BOOK_HEADER_BYTES + PAGE - 1) / PAGE;
    if ((char *)ptr != (char *)head + AM_BOOK_HEADER_BYTES || !am_book_span_is(head, need)) {
        return false;
    }
    pool->pages.page_bytes -= need * PAGE;
    pool->pages.used_bytes -= need * PAGE;
    for (size_t i = need; i-- > 0;) {
        am_book_page_add(&pool->pages, (char *)head + i * PAGE, PAGE, no_frame);
    }
    return true;
}

void *am_fixed_pool_alloc(mspace_fixed_pool_t *pool, size_t bytes)
{
    if (bytes == 0 || bytes > pool->end - pool->start) {
        return NULL;
    }
    return bytes <= AM_BOOK_BLOCK_MAX_BYTES ? am_book_alloc(&pool->pages, bytes)
                                            : span_alloc(pool, bytes);
}

void *_mspace_fixed_pool_alloc(struct allocman *alloc, void *_fixed_pool, size_t bytes, int *error)
{
    mspace_fixed_pool_t *const pool = _fixed_pool;
    void *const block = am_fixed_pool_alloc(pool, bytes);
    if (!block && bytes > 0) {
        return am_pool_exhausted(alloc, pool, bytes, am_book_free_bytes(&pool->pages), error);
    }
    am_book_expect_untouched(alloc, "_mspace_fixed_pool_alloc", block, bytes);
    SET_ERROR(error, block ? ALLOCMAN_OK : ALLOCMAN_INVALID_SIZE);
    return block;
}

void am_fixed_pool_shrink(mspace_fixed_pool_t *pool, void *block, size_t bytes, size_t to_bytes)
{
    struct book_page *const page = page_at(pool, (size_t)((uintptr_t)block - pool->start) / PAGE);
    am_book_shrink(&pool->pages, page, block, bytes, to_bytes);
}

void am_fixed_pool_extend(mspace_fixed_pool_t *pool, size_t pages)
{
    const uintptr_t from = pool->end;
    pool->end += pages * PAGE;
    for (size_t i = pages; i-- > 0;) {
        am_book_page_add(&pool->pages, (void *)(from + i * PAGE), PAGE, no_frame);
    }
}

void _mspace_fixed_pool_free(struct allocman *alloc, void *_fixed_pool, void *ptr, size_t bytes)
{
    mspace_fixed_pool_t *const pool = _fixed_pool;
    bool freed = false;
    if (am_fixed_pool_owns(pool, ptr) && bytes > 0 && bytes <= pool->end - pool->start) {
        struct book_page *const page = page_at(pool, (size_t)((uintptr_t)ptr - pool->start) / PAGE);
        const bool has_header = pool->end - (uintptr_t)page >= PAGE_MIN_BYTES;
        freed = !has_header                       ? false
                : bytes > AM_BOOK_BLOCK_MAX_BYTES ? span_free(pool, page, ptr, bytes)
                                                  : am_book_free(&pool->pages, page, ptr, bytes);
    }
    if (!freed) {
        am_misuse(alloc, "_mspace_fixed_pool_free", ALLOCMAN_BAD_POINTER, (seL4_Word)(uintptr_t)ptr,
                  bytes);
    }
}
