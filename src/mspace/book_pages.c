/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "book_pages.h"

#include <string.h>

#include "../bits.h"
#include "../internal.h"

#define GRANULE         ALLOCMAN_BOOK_GRANULE_BYTES
#define GRANULES        ALLOCMAN_BOOK_GRANULES
#define HEADER_GRANULES (AM_BOOK_HEADER_BYTES / GRANULE)
/* Pages whose run may or may not do that are looked at before one that surely does is taken. */
#define TRIES_MAX 64

_Static_assert(sizeof(struct book_page) <= AM_BOOK_HEADER_BYTES, "the header has its granules");
_Static_assert(ALLOCMAN_BOOK_PAGE_BITS == seL4_PageBits, "a page is one small frame");

/*@ requires n <= GRANULES - HEADER_GRANULES;
    assigns \nothing;
    ensures \result < ALLOCMAN_BOOK_BUCKETS;
    ensures n < 8 ==> \result == n;
    ensures n == GRANULES - HEADER_GRANULES <==> \result == ALLOCMAN_BOOK_BUCKETS - 1; */
/* List of pages whose longest run is n granules: exact below 8, four lists per doubling above, and
 * the last one for whole pages that are empty. */
static unsigned bucket_of(unsigned n)
{
    if (n < 8) {
        return n;
    }
    if (n == GRANULES - HEADER_GRANULES) {
        return ALLOCMAN_BOOK_BUCKETS - 1;
    }
    const unsigned e = am_highest(n);
    return 8 + (e - 3) * 4 + ((n >> (e - 2)) & 3u);
}

/* First, or second if the first page has a lower address: low pages are used first, so that high
 * ones drain and can be given back. */
static void list_add(struct book_pages *pages, struct book_page *page)
{
    const unsigned b = bucket_of(page->longest);
    struct book_page *const head = pages->bucket[b];
    if (head && (uintptr_t)head < (uintptr_t)page) {
        page->prev = head;
        page->next = head->next;
        head->next = page;
    } else {
        page->prev = NULL;
        page->next = head;
        pages->bucket[b] = page;
    }
    if (page->next) {
        page->next->prev = page;
    }
    pages->buckets |= 1u << b;
}

static void list_remove(struct book_pages *pages, struct book_page *page)
{
    const unsigned b = bucket_of(page->longest);
    if (page->prev) {
        page->prev->next = page->next;
    } else {
        pages->bucket[b] = page->next;
        if (!page->next) {
            pages->buckets &= ~(1u << b);
        }
    }
    if (page->next) {
        page->next->prev = page->prev;
    }
}

/* First granule from `from` on that is free (or used, if `used`); GRANULES if none. */
static unsigned granule_next(const struct book_page *page, unsigned from, bool used)
{
    for (unsigned w = from / 64; w < GRANULES / 64; w++) { /* at most 4 words */
        const uint64_t word = used ? page->used[w] : ~page->used[w];
        const uint64_t rest = w == from / 64 ? word & ~am_mask(from & 63u) : word;
        if (rest) {
            return w * 64 + am_lowest(rest);
        }
    }
    return GRANULES;
}

/* The shortest free run of at least n granules (its start in *best), and the longest run of all.
 * Visits each free run once: at most GRANULES / 2. */
static unsigned page_scan(const struct book_page *page, unsigned n, unsigned *best)
{
    unsigned longest = 0;
    unsigned best_length = GRANULES + 1;
    unsigned at = granule_next(page, HEADER_GRANULES, false);
    while (at < GRANULES) {
        const unsigned end = granule_next(page, at, true);
        const unsigned length = end - at;
        longest = length > longest ? length : longest;
        if (length >= n && length < best_length) {
            best_length = length;
            *best = at;
        }
        at = granule_next(page, end, false);
    }
    return longest;
}

/* What a header's seal is: nothing that a record would hold by chance. */
static uintptr_t seal_of(const struct book_page *page)
{
    return (uintptr_t)page ^ (uintptr_t)UINT64_C(0x9e3779b97f4a7c15);
}

static bool start_is(const struct book_page *page, unsigned granule)
{
    return (page->starts[granule / 64] >> (granule % 64)) & 1u;
}

static void start_set(struct book_page *page, unsigned granule, bool value)
{
    const uint64_t bit = UINT64_C(1) << (granule % 64);
    uint64_t *const word = &page->starts[granule / 64];
    *word = value ? *word | bit : *word & ~bit;
}

/* Mark granules [from, from + n) used or free; n > 0. */
static void granules_write(struct book_page *page, unsigned from, unsigned n, bool used)
{
    for (unsigned w = from / 64; w <= (from + n - 1) / 64; w++) { /* at most 4 words */
        const unsigned low = w == from / 64 ? from & 63u : 0;
        const unsigned high = w == (from + n - 1) / 64 ? ((from + n - 1) & 63u) + 1 : 64;
        const uint64_t bits = am_mask(high) & ~am_mask(low);
        page->used[w] = used ? page->used[w] | bits : page->used[w] & ~bits;
    }
}

#ifdef ALLOCMAN_DEBUG
/* What free memory holds. */
#define PAINT 0xfdu

static void granules_paint(struct book_page *page, unsigned at, unsigned n)
{
    memset((char *)page + (size_t)at * GRANULE, PAINT, (size_t)n * GRANULE);
}

void am_book_expect_untouched(allocman_t *alloc, const char *where, const void *block, size_t bytes)
{
    const unsigned char *const byte = block;
    for (size_t i = 0;
         alloc && block && bytes <= AM_BOOK_BLOCK_MAX_BYTES && i < am_book_round(bytes); i++) {
        if (byte[i] != PAINT) { /* one report a block */
            am_misuse(alloc, where, ALLOCMAN_BAD_POINTER, (seL4_Word)(uintptr_t)&byte[i], bytes);
            return;
        }
    }
}
#else
static inline void granules_paint(const struct book_page *page, unsigned at, unsigned n)
{
    (void)page, (void)at, (void)n;
}
#endif

struct book_page *am_book_page_add(struct book_pages *pages, void *memory, size_t bytes,
                                   struct book_frame frame)
{
    struct book_page *const page = memory;
    memset(page, 0, sizeof(*page));
    page->frame = frame;
    page->seal = seal_of(page);
    granules_write(page, 0, HEADER_GRANULES, true);
    const unsigned granules = (unsigned)(bytes / GRANULE);
    if (granules < GRANULES) {
        granules_write(page, granules, GRANULES - granules, true);
    }
    page->capacity = (uint16_t)(granules - HEADER_GRANULES);
    page->longest = page->capacity;
    granules_paint(page, HEADER_GRANULES, page->capacity);
    list_add(pages, page);
    pages->page_bytes += bytes;
    pages->empty_pages++;
    return page;
}

void am_book_page_remove(struct book_pages *pages, struct book_page *page)
{
    list_remove(pages, page);
    pages->empty_pages--;
    pages->page_bytes -= (size_t)(page->capacity + HEADER_GRANULES) * GRANULE;
}

void am_book_page_close(struct book_pages *pages, struct book_page *page)
{
    list_remove(pages, page);
}

void am_book_page_open(struct book_pages *pages, struct book_page *page)
{
    list_add(pages, page);
}

static void page_resize_run(struct book_pages *pages, struct book_page *page, unsigned longest)
{
    if (bucket_of(longest) != bucket_of(page->longest)) {
        list_remove(pages, page);
        page->longest = (uint16_t)longest;
        list_add(pages, page);
    }
    page->longest = (uint16_t)longest;
}

/* A page with a free run of n granules: the lowest among the first pages of the lists that
 * surely have one, and a few of the list that may. */
static struct book_page *page_pick(const struct book_pages *pages, unsigned n)
{
    const unsigned b = bucket_of(n);
    struct book_page *best = NULL;
    struct book_page *page = pages->bucket[b];
    for (unsigned i = 0; page && !best && i < TRIES_MAX; i++, page = page->next) {
        best = page->longest >= n ? page : NULL;
    }
    uint32_t longer = pages->buckets & ~(uint32_t)am_mask(b + 1);
    while (longer) { /* at most ALLOCMAN_BOOK_BUCKETS lists */
        page = pages->bucket[am_lowest(longer)];
        best = !best || (uintptr_t)page < (uintptr_t)best ? page : best;
        longer &= longer - 1;
    }
    return best;
}

void *am_book_alloc(struct book_pages *pages, size_t bytes)
{
    const unsigned n = (unsigned)(am_book_round(bytes) / GRANULE);
    struct book_page *const page = page_pick(pages, n);
    if (!page) {
        return NULL;
    }
    unsigned at = 0;
    unsigned rest = 0;
    (void)page_scan(page, n, &at);
    granules_write(page, at, n, true);
    start_set(page, at, true);
    pages->empty_pages -= page->used_count == 0;
    page->used_count = (uint16_t)(page->used_count + n);
    pages->used_bytes += (size_t)n * GRANULE;
    page_resize_run(pages, page, page_scan(page, GRANULES, &rest));
    return (char *)page + (size_t)at * GRANULE;
}

/* Is [at, at + n) one block, whole? */
static bool block_is(const struct book_page *page, unsigned at, unsigned n)
{
    if (page->seal != seal_of(page) || page->span_pages || at < HEADER_GRANULES || n == 0 ||
        at + n > HEADER_GRANULES + page->capacity || !start_is(page, at) ||
        granule_next(page, at, false) < at + n) {
        return false;
    }
    for (unsigned g = at + 1; g < at + n; g++) { /* at most one page's granules */
        if (start_is(page, g)) {
            return false;
        }
    }
    /* Behind it: the end, a free granule, or another block. */
    return at + n == HEADER_GRANULES + page->capacity || start_is(page, at + n) ||
           granule_next(page, at + n, false) == at + n;
}

/* Give granules [at, at + n) of a block back. */
static void granules_free(struct book_pages *pages, struct book_page *page, unsigned at, unsigned n)
{
    unsigned rest = 0;
    granules_write(page, at, n, false);
    granules_paint(page, at, n);
    page->used_count = (uint16_t)(page->used_count - n);
    pages->used_bytes -= (size_t)n * GRANULE;
    pages->empty_pages += page->used_count == 0;
    page_resize_run(pages, page, page_scan(page, GRANULES, &rest));
}

bool am_book_free(struct book_pages *pages, struct book_page *page, void *block, size_t bytes)
{
    const size_t offset = (size_t)((char *)block - (char *)page);
    const unsigned at = (unsigned)(offset / GRANULE);
    const unsigned n = (unsigned)(am_book_round(bytes) / GRANULE);
    if (offset % GRANULE || !block_is(page, at, n)) {
        return false;
    }
    start_set(page, at, false);
    granules_free(pages, page, at, n);
    return true;
}

void am_book_shrink(struct book_pages *pages, struct book_page *page, void *block, size_t bytes,
                    size_t to_bytes)
{
    const unsigned at = (unsigned)((size_t)((char *)block - (char *)page) / GRANULE);
    const unsigned n = (unsigned)(am_book_round(bytes) / GRANULE);
    const unsigned kept = (unsigned)(am_book_round(to_bytes) / GRANULE);
    if (kept < n) {
        granules_free(pages, page, at + kept, n - kept);
    }
}

void am_book_span_make(struct book_page *head, size_t count)
{
    memset(head, 0, sizeof(*head));
    head->seal = seal_of(head);
    head->span_pages = (uint16_t)count;
}

bool am_book_span_is(const struct book_page *head, size_t count)
{
    return head->seal == seal_of(head) && head->span_pages == count;
}

struct book_page *am_book_empty_page(const struct book_pages *pages)
{
    return pages->bucket[ALLOCMAN_BOOK_BUCKETS - 1];
}
