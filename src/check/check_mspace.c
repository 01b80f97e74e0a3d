/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Pages of book memory: what a header says against its bits, and the lists against the pages. */

#include "map_walk.h"
#include "report.h"

#define PAGE     ((size_t)ALLOCMAN_BOOK_PAGE_BYTES)
#define GRANULE  ((size_t)ALLOCMAN_BOOK_GRANULE_BYTES)
#define GRANULES ALLOCMAN_BOOK_GRANULES
/* Granules of a page's header, and what a page of the static pool needs at least. */
#define HEADER         ((unsigned)((sizeof(struct book_page) + GRANULE - 1) / GRANULE))
#define PAGE_MIN_BYTES ((HEADER + 1) * GRANULE)
#define WHOLE_PAGE     (GRANULES - HEADER)

/* What a walk over pages adds up. */
struct page_tally {
    size_t pages;       /* ordinary ones */
    size_t bytes, used; /* of them, headers included; in their blocks */
    size_t empty;       /* of them, without a block */
    size_t spans;       /* bytes of spans */
};

static bool page_broken(struct allocman_violation *violation, const char *what, const void *page)
{
    return am_broken(violation, ALLOCMAN_LAW_L6_PAGES, what, (seL4_Word)(uintptr_t)page);
}

static bool granule_used(const struct book_page *page, unsigned granule)
{
    return (page->used[granule / 64] & UINT64_C(1) << (granule % 64)) != 0;
}

static bool granule_starts(const struct book_page *page, unsigned granule)
{
    return (page->starts[granule / 64] & UINT64_C(1) << (granule % 64)) != 0;
}

/* A header's seal: its own address, mixed with a constant. */
static bool sealed(const struct book_page *page)
{
    return page->seal == ((uintptr_t)page ^ (uintptr_t)UINT64_C(0x9e3779b97f4a7c15));
}

/* The list of pages with a longest run of n: exact below 8, then four for each doubling, then
 * whole pages. */
static unsigned bucket_expected(unsigned n)
{
    if (n >= WHOLE_PAGE) {
        return ALLOCMAN_BOOK_BUCKETS - 1;
    }
    unsigned bucket = 0;
    unsigned from = 0; /* the shortest run of the bucket */
    unsigned width = 1;
    for (;;) { /* bounded by the buckets */
        if (from >= 8) {
            width = bucket % 4 == 0 && from > 8 ? width * 2 : width;
            width = from == 8 ? 2 : width;
        }
        if (n < from + width) {
            return bucket;
        }
        from += width;
        bucket++;
    }
}

/* One ordinary page against its bits. */
static bool page_ok(const struct book_page *page, struct page_tally *tally,
                    struct allocman_violation *violation)
{
    unsigned used = 0, run = 0, longest = 0;
    if (page->span_pages != 0 || page->capacity == 0 || page->capacity > WHOLE_PAGE ||
        !sealed(page)) {
        return page_broken(violation, "a page of a size that it cannot have, or without seal",
                           page);
    }
    for (unsigned g = 0; g < GRANULES; g++) {
        const bool block = g >= HEADER && g < HEADER + page->capacity;
        if (!block && !granule_used(page, g)) {
            return page_broken(violation, "a granule of the header, or beyond the end, is free",
                               page);
        }
        /* A block begins only where it is used, and wherever what is before it is none. */
        if (granule_starts(page, g)
                ? !block || !granule_used(page, g)
                : block && granule_used(page, g) && (g == HEADER || !granule_used(page, g - 1))) {
            return page_broken(violation,
                               "a block without its first granule, or the other way round", page);
        }
        run = granule_used(page, g) ? 0 : run + 1;
        longest = run > longest ? run : longest;
        used += block && granule_used(page, g);
    }
    if (page->used_count != used) {
        return page_broken(violation, "another number of granules used than its bits say", page);
    }
    if (page->longest != longest) {
        return page_broken(violation, "another longest free run than its bits say", page);
    }
    tally->pages++;
    tally->bytes += (HEADER + page->capacity) * GRANULE;
    tally->used += used * GRANULE;
    tally->empty += used == 0;
    return true;
}

/* Where an ordinary page may be. */
typedef bool (*page_place_ok)(const void *pool, const struct book_page *page);

/* All pages through their lists. */
static bool lists_ok(const struct book_pages *pages, const void *pool, page_place_ok place_ok,
                     struct page_tally *tally, struct allocman_violation *violation)
{
    const size_t limit = pages->page_bytes / PAGE_MIN_BYTES;
    for (unsigned b = 0; b < ALLOCMAN_BOOK_BUCKETS; b++) {
        const struct book_page *before = NULL;
        for (const struct book_page *page = pages->bucket[b]; page; page = page->next) {
            if (!place_ok(pool, page) || page->prev != before || tally->pages > limit) {
                return page_broken(violation, "a list of pages that does not hold together", page);
            }
            if (!page_ok(page, tally, violation)) {
                return false;
            }
            if (bucket_expected(page->longest) != b) {
                return page_broken(violation, "a page in the list of another length", page);
            }
            before = page;
        }
        if (((pages->buckets >> b) & 1u) != (pages->bucket[b] != NULL)) {
            return page_broken(violation, "a list's bit does not say whether it is empty", NULL);
        }
    }
    return pages->buckets >> ALLOCMAN_BOOK_BUCKETS == 0 ||
           page_broken(violation, "a bit for a list that is none", NULL);
}

/* The figures; `tally->spans` is what the walk knows of spans. */
static bool figures_ok(const struct book_pages *pages, const struct page_tally *tally,
                       struct allocman_violation *violation)
{
    if (pages->page_bytes != tally->bytes + tally->spans) {
        return page_broken(violation, "bytes of pages", pages);
    }
    if (pages->used_bytes != tally->used + tally->spans) {
        return page_broken(violation, "bytes in blocks", pages);
    }
    return pages->empty_pages == tally->empty ||
           page_broken(violation, "pages without a block", pages);
}

static bool fixed_place_ok(const void *_pool, const struct book_page *page)
{
    const mspace_fixed_pool_t *const pool = _pool;
    const uintptr_t at = (uintptr_t)page;
    return at >= pool->start && at < pool->end && (at - pool->start) % PAGE == 0;
}

static bool fixed_pool_ok(const mspace_fixed_pool_t *pool, struct allocman_violation *violation)
{
    struct page_tally listed = {0}, there = {0};
    if (pool->start % GRANULE != 0 || pool->end < pool->start || pool->end % GRANULE != 0) {
        return page_broken(violation, "the static pool's range", (const void *)pool->start);
    }
    if (!lists_ok(&pool->pages, pool, fixed_place_ok, &listed, violation)) {
        return false;
    }
    for (uintptr_t at = pool->start; pool->end - at >= PAGE_MIN_BYTES;) { /* bounded by the pool */
        const struct book_page *const page = (const struct book_page *)at;
        const size_t left = pool->end - at;
        const size_t bytes = page->span_pages ? page->span_pages * PAGE : left < PAGE ? left : PAGE;
        if (bytes > left || (!page->span_pages && page->capacity != bytes / GRANULE - HEADER)) {
            return page_broken(violation, "a page of the static pool that leaves it", page);
        }
        there.pages += page->span_pages == 0;
        listed.spans += page->span_pages ? bytes : 0;
        at += bytes;
    }
    if (there.pages != listed.pages) {
        return page_broken(violation, "a page of the static pool in no list", pool);
    }
    return figures_ok(&pool->pages, &listed, violation);
}

static bool virtual_place_ok(const void *_pool, const struct book_page *page)
{
    const mspace_virtual_pool_t *const pool = _pool;
    const uintptr_t at = (uintptr_t)page;
    return at >= pool->start && (at - pool->start) / PAGE < pool->page_count && at % PAGE == 0 &&
           !am_check_map_free(&pool->unmapped, at / PAGE);
}

/* Spans of the virtual pool have no list: their bytes must be whole pages, and no more than are
 * mapped. */
static bool virtual_pool_ok(const mspace_virtual_pool_t *pool, struct allocman_violation *violation)
{
    struct page_tally tally = {0};
    if (pool->page_count == 0) {
        return (pool->frames_mapped == 0 && pool->unmapped.end == 0) ||
               page_broken(violation, "pages of a virtual pool that has none", pool);
    }
    if (pool->start % PAGE != 0 || pool->unmapped.first != pool->start / PAGE ||
        pool->unmapped.end - pool->unmapped.first != pool->page_count) {
        return page_broken(violation, "the virtual pool's range", (const void *)pool->start);
    }
    if (!am_check_map(&pool->unmapped, ALLOCMAN_LAW_L6_PAGES, violation) ||
        !lists_ok(&pool->pages, pool, virtual_place_ok, &tally, violation)) {
        return false;
    }
    if (tally.bytes != tally.pages * PAGE) {
        return page_broken(violation, "a page of the virtual pool that is no whole page", pool);
    }
    const size_t mapped = pool->page_count - pool->unmapped.free_count;
    tally.spans = pool->pages.page_bytes - tally.bytes;
    if (pool->pages.page_bytes < tally.bytes || tally.spans % PAGE != 0 ||
        tally.pages + tally.spans / PAGE > mapped) {
        return page_broken(violation, "more pages than are mapped", pool);
    }
    if (pool->frames_mapped != mapped) {
        return page_broken(violation, "frames mapped", pool);
    }
    return figures_ok(&pool->pages, &tally, violation);
}

bool mspace_dual_pool_check(const mspace_dual_pool_t *pool, struct allocman_violation *violation)
{
    return fixed_pool_ok(&pool->fixed_pool, violation) &&
           (!pool->have_virtual_pool || virtual_pool_ok(&pool->virtual_pool, violation));
}

bool am_check_pool_block(const mspace_dual_pool_t *pool, const void *block, size_t bytes)
{
    const uintptr_t at = (uintptr_t)block;
    const bool fixed = at >= pool->fixed_pool.start && at < pool->fixed_pool.end;
    const uintptr_t start = fixed ? pool->fixed_pool.start : 0;
    const struct book_page *const page = (const struct book_page *)(at - (at - start) % PAGE);
    if (!fixed && !(pool->have_virtual_pool && virtual_place_ok(&pool->virtual_pool, page))) {
        return false;
    }
    const size_t offset = at - (uintptr_t)page;
    const size_t first = offset / GRANULE;
    const size_t end = (offset + bytes + GRANULE - 1) / GRANULE;
    bool one =
        offset % GRANULE == 0 && page->span_pages == 0 && end <= HEADER + (size_t)page->capacity;
    for (size_t g = first; one && g < end; g++) { /* at most a page's granules */
        one = granule_used(page, (unsigned)g) && granule_starts(page, (unsigned)g) == (g == first);
    }
    return one && (end == HEADER + (size_t)page->capacity || !granule_used(page, (unsigned)end) ||
                   granule_starts(page, (unsigned)end));
}
