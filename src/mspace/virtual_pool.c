/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/mspace/virtual_pool.h>
#include <allocman/allocman.h>

#include <string.h>

#include "../bits.h"
#include "../cspace/slot_map.h"
#include "../internal.h"
#include "book_pages.h"
#include "pool_pages.h"
#include "virtual_pool.h"

#define PAGE      ALLOCMAN_BOOK_PAGE_BYTES
#define PAGE_BITS ALLOCMAN_BOOK_PAGE_BITS
/* Pages of the largest span: the frames of all of them are noted in the first. */
#define SPAN_PAGES_MAX 248u

_Static_assert(AM_BOOK_HEADER_BYTES + SPAN_PAGES_MAX * sizeof(struct book_frame) < PAGE,
               "a span's data begin in its first page");

void mspace_virtual_pool_create(mspace_virtual_pool_t *virtual_pool,
                                struct mspace_virtual_pool_config config)
{
    memset(virtual_pool, 0, sizeof(*virtual_pool));
    const uintptr_t given = (uintptr_t)config.vstart;
    /* Rounded up; the page at address 0 is left out: NULL is no page. */
    const uintptr_t start = given ? (given + PAGE - 1) & ~(uintptr_t)(PAGE - 1) : PAGE;
    const bool overflows = start < given || given + (config.size - 1) < given;
    if (config.size && !overflows && given + (config.size - 1) >= start) {
        virtual_pool->page_count = (size_t)(given + (config.size - 1) - start + 1) / PAGE;
    }
    virtual_pool->start = start;
    virtual_pool->vspace = config.pd;
    if (virtual_pool->page_count) {
        am_slot_map_init(&virtual_pool->unmapped, start >> PAGE_BITS,
                         (start >> PAGE_BITS) + virtual_pool->page_count);
    }
}

bool am_virtual_pool_owns(const mspace_virtual_pool_t *pool, const void *ptr)
{
    return (uintptr_t)ptr >= pool->start &&
           ((uintptr_t)ptr - pool->start) >> PAGE_BITS < pool->page_count;
}

/* Give the numbers [from, end) back, in aligned runs; `end` is aligned to more than the
 * distance. */
static void numbers_free(allocman_t *alloc, mspace_virtual_pool_t *pool, seL4_Word from,
                         seL4_Word end)
{
    while (from < end) { /* each step doubles the alignment of `from`: at most 8 */
        const unsigned order = am_lowest(from);
        (void)am_slot_map_free(alloc, &pool->unmapped, from, order);
        from += AM_BIT(order);
    }
}

/*@ requires count <= 0x8000000000000000;
    assigns \nothing;
    ensures \result <= 63 && count <= 1 << \result; // enough ...
    ensures \result > 0 ==> count > 1 << (\result - 1); // ... and no more */
static unsigned order_of(size_t count)
{
    return count > 1 ? am_highest(count - 1) + 1 : 0;
}

/* Give a span back: its pages, [0, mapped) of them, and the numbers of all. A page that the
 * kernel does not let go stays out for good. */
AM_SELDOM static void span_unmap(allocman_t *alloc, mspace_virtual_pool_t *pool, seL4_Word first,
                                 const struct book_frame *frames, size_t mapped, size_t count)
{
    for (size_t i = count; i-- > 0;) { /* the first page, which holds `frames`, last */
        if (i < mapped) {
            const struct book_frame frame = frames[i];
            if (!am_pool_page_unmap(alloc, pool, frame)) {
                continue;
            }
        }
        (void)am_slot_map_free(alloc, &pool->unmapped, first + i, 0);
    }
}

/*@ requires count <= 0xffff;
    assigns \nothing;
    ensures \result >= AM_BOOK_HEADER_BYTES + count * sizeof(struct book_frame);
    ensures \result % 16 == 0; */
/* Bytes at the start of a span of `count` pages: header and frames, in whole granules. */
static size_t span_header_bytes(size_t count)
{
    return am_book_round(AM_BOOK_HEADER_BYTES + count * sizeof(struct book_frame));
}

/*@ requires bytes <= 0xffffffffffff;
    assigns \nothing;
    ensures \result * (PAGE - sizeof(struct book_frame)) >= bytes + AM_BOOK_HEADER_BYTES;
    ensures \result * PAGE >= AM_BOOK_HEADER_BYTES + \result * sizeof(struct book_frame) + bytes; */
/* The fewest pages with room for the header and the bytes. Where a record is half a granule, what
 * rounding adds to the header of an odd number of pages is left over anyway: all else is whole
 * granules. */
static size_t span_pages(size_t bytes)
{
    const size_t per_page = PAGE - sizeof(struct book_frame);
    return (am_book_round(bytes) + AM_BOOK_HEADER_BYTES + per_page - 1) / per_page;
}

/* Map `count` pages in a row as one block. */
AM_SELDOM static void *span_map(allocman_t *alloc, mspace_virtual_pool_t *pool, seL4_Word first,
                                size_t count, int *error)
{
    struct book_page *const head = (struct book_page *)(first << PAGE_BITS);
    struct book_frame frame;
    *error = am_pool_page_map(alloc, pool, (uintptr_t)head, &frame);
    struct book_frame *const frames = (struct book_frame *)((char *)head + AM_BOOK_HEADER_BYTES);
    size_t mapped = 0;
    while (!*error) { /* at most SPAN_PAGES_MAX: count */
        frames[mapped++] = frame;
        if (mapped == count) {
            break;
        }
        *error = am_pool_page_map(alloc, pool, (uintptr_t)head + mapped * PAGE, &frame);
    }
    if (*error) {
        span_unmap(alloc, pool, first, frames, mapped, count);
        return NULL;
    }
    am_book_span_make(head, count);
    pool->pages.page_bytes += count * PAGE;
    pool->pages.used_bytes += count * PAGE;
    return (char *)head + span_header_bytes(count);
}

/* Map a page, and take the block out of it. */
AM_APART static void *page_map(allocman_t *alloc, mspace_virtual_pool_t *pool, seL4_Word first,
                               size_t bytes, int *error)
{
    struct book_frame frame;
    *error = am_pool_page_map(alloc, pool, first << PAGE_BITS, &frame);
    if (*error) {
        (void)am_slot_map_free(alloc, &pool->unmapped, first, 0);
        return NULL;
    }
    am_book_page_add(&pool->pages, (void *)(first << PAGE_BITS), PAGE, frame);
    return am_book_alloc(&pool->pages, bytes);
}

/* Numbers of `count` pages in a row, for a block of `bytes`: the first of them, or 0, which is no page's. */
AM_APART static seL4_Word numbers_take(allocman_t *alloc, mspace_virtual_pool_t *pool, size_t count,
                                       size_t bytes, int *error)
{
    const unsigned order = order_of(count);
    seL4_Word first = 0;
    const bool fits = bytes <= SPAN_PAGES_MAX * PAGE && count <= SPAN_PAGES_MAX && pool->page_count;
    *error = fits ? am_slot_map_alloc(alloc, &pool->unmapped, order, &first) : ALLOCMAN_NO_SLOT;
    if (*error == ALLOCMAN_NO_SLOT) {
        *error = am_fail(alloc, ALLOCMAN_NO_VIRTUAL, bytes, pool->unmapped.free_count * PAGE);
    }
    if (*error) {
        return 0;
    }
    numbers_free(alloc, pool, first + count, first + AM_BIT(order));
    return first;
}

static void *pool_alloc_grown(allocman_t *alloc, void *_pool, size_t bytes, int *error)
{
    mspace_virtual_pool_t *const pool = _pool;
    const bool in_page = bytes <= AM_BOOK_BLOCK_MAX_BYTES;
    const size_t count = in_page ? 1 : span_pages(bytes);
    const seL4_Word first = numbers_take(alloc, pool, count, bytes, error);
    if (!first) {
        return NULL;
    }
    return in_page ? page_map(alloc, pool, first, bytes, error)
                   : span_map(alloc, pool, first, count, error);
}

static bool pool_trim(allocman_t *alloc, void *_pool, size_t keep)
{
    mspace_virtual_pool_t *const pool = _pool;
    struct book_page *const page = am_book_empty_page(&pool->pages);
    if (pool->pages.empty_pages <= keep || !page) {
        return false;
    }
    const struct book_frame frame = page->frame;
    am_book_page_remove(&pool->pages, page);
    if (!am_pool_page_unmap(alloc, pool, frame)) {
        am_book_page_add(&pool->pages, page, PAGE, frame);
        return false;
    }
    (void)am_slot_map_free(alloc, &pool->unmapped, (uintptr_t)page >> PAGE_BITS, 0);
    return true;
}

static bool pool_needs(const void *_pool, struct allocman_need *need)
{
    const mspace_virtual_pool_t *const pool = _pool;
    if (pool->page_count == 0) {
        return false;
    }
    /* Also while the range is used up: a page may be given back at any time, and growth must be
     * possible again then. */
    am_slot_map_needs(&pool->unmapped, need);
    return true;
}

static void pool_shrink(void *_pool, void *block, size_t bytes, size_t to_bytes)
{
    mspace_virtual_pool_t *const pool = _pool;
    am_book_shrink(&pool->pages, (struct book_page *)((uintptr_t)block & ~(uintptr_t)(PAGE - 1)),
                   block, bytes, to_bytes);
}

static void *pool_page_of(void *_pool, const void *record)
{
    const mspace_virtual_pool_t *const pool = _pool;
    return am_virtual_pool_owns(pool, record) ? (void *)((uintptr_t)record & ~(uintptr_t)(PAGE - 1))
                                              : NULL;
}

static bool pool_page_close(void *_pool, void *_page, size_t bytes)
{
    mspace_virtual_pool_t *const pool = _pool;
    struct book_page *const page = _page;
    if ((size_t)page->used_count * ALLOCMAN_BOOK_GRANULE_BYTES != bytes) {
        return false;
    }
    am_book_page_close(&pool->pages, page);
    return true;
}

static void pool_page_open(void *_pool, void *page)
{
    mspace_virtual_pool_t *const pool = _pool;
    am_book_page_open(&pool->pages, page);
}

const struct allocman_book_growth mspace_virtual_pool_growth = {
    .alloc_grown = pool_alloc_grown,
    .trim = pool_trim,
    .needs = pool_needs,
    .shrink = pool_shrink,
    .page_of = pool_page_of,
    .page_close = pool_page_close,
    .page_open = pool_page_open,
    .set_aside = am_pool_set_aside,
};

void *am_virtual_pool_alloc_mapped(mspace_virtual_pool_t *pool, size_t bytes)
{
    return bytes > 0 && bytes <= AM_BOOK_BLOCK_MAX_BYTES ? am_book_alloc(&pool->pages, bytes)
                                                         : NULL;
}

void *_mspace_virtual_pool_alloc(struct allocman *alloc, void *_virtual_pool, size_t bytes,
                                 int *error)
{
    am_growth_offer(alloc, _virtual_pool, &mspace_virtual_pool_growth);
    void *const block = am_virtual_pool_alloc_mapped(_virtual_pool, bytes);
    if (!block && bytes > 0) {
        const mspace_virtual_pool_t *const pool = _virtual_pool;
        return am_pool_exhausted(alloc, pool, bytes, am_book_free_bytes(&pool->pages), error);
    }
    am_book_expect_untouched(alloc, "_mspace_virtual_pool_alloc", block, bytes);
    SET_ERROR(error, block ? ALLOCMAN_OK : ALLOCMAN_INVALID_SIZE);
    return block;
}

AM_SELDOM static bool span_free(allocman_t *alloc, mspace_virtual_pool_t *pool,
                                struct book_page *head, void *ptr, size_t bytes)
{
    const size_t count = span_pages(bytes);
    if (!am_book_span_is(head, count) || (char *)ptr != (char *)head + span_header_bytes(count)) {
        return false;
    }
    pool->pages.page_bytes -= count * PAGE;
    pool->pages.used_bytes -= count * PAGE;
    const struct book_frame *const frames =
        (const struct book_frame *)((const char *)head + AM_BOOK_HEADER_BYTES);
    span_unmap(alloc, pool, (uintptr_t)head >> PAGE_BITS, frames, count, count);
    return true;
}

/* Is the page that holds `ptr` mapped? */
static bool page_is_mapped(const mspace_virtual_pool_t *pool, const void *ptr)
{
    return am_virtual_pool_owns(pool, ptr) &&
           !am_slot_map_is_free(&pool->unmapped, (uintptr_t)ptr >> PAGE_BITS);
}

void _mspace_virtual_pool_free(struct allocman *alloc, void *_virtual_pool, void *ptr, size_t bytes)
{
    mspace_virtual_pool_t *const pool = _virtual_pool;
    bool freed = false;
    if (bytes > 0 && bytes < pool->page_count * PAGE && page_is_mapped(pool, ptr)) {
        struct book_page *const page =
            (struct book_page *)((uintptr_t)ptr & ~(uintptr_t)(PAGE - 1));
        freed = bytes > AM_BOOK_BLOCK_MAX_BYTES ? span_free(alloc, pool, page, ptr, bytes)
                                                : am_book_free(&pool->pages, page, ptr, bytes);
    }
    if (!freed) {
        am_misuse(alloc, "_mspace_virtual_pool_free", ALLOCMAN_BAD_POINTER,
                  (seL4_Word)(uintptr_t)ptr, bytes);
    }
}
