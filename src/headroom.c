/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Growth of book memory, and the headroom that makes it possible at any time (law L5).
 *
 * A growth step may need records of its own: for the splits that lead down to one page, for the
 * slots of these, for the map of the pool's pages. Just these records are held as headroom, each
 * in its own size, so that it does not matter how the rest of book memory is cut up. A step that
 * finds no other memory takes them, and takes them again out of the page that it has brought
 * (law L6: a page is more than they are). */

#include <allocman/extensions.h>

#include "headroom.h"
#include "internal.h"
#include "mspace/book_pages.h"
#include "reserve.h"

/* Growth steps that one refill of the headroom may take: all of it fits in two pages. */
#define REFILL_GROWTHS_MAX 3

_Static_assert(ALLOCMAN_SLOT_NEEDS + ALLOCMAN_UNTYPED_NEEDS + ALLOCMAN_BOOK_NEEDS ==
                   ALLOCMAN_HEADROOM_KINDS,
               "one kind for every need");

/* How many records of each kind are wanted now. */
static void needs_update(allocman_t *alloc)
{
    struct allocman_need need[ALLOCMAN_HEADROOM_KINDS] = {{0}};
    if (alloc->book_growth && alloc->book_growth->needs(alloc->mspace.mspace, need)) {
        if (alloc->slot_runs) {
            alloc->slot_runs->needs(alloc->cspace.cspace, need + ALLOCMAN_BOOK_NEEDS);
        }
        if (alloc->untyped_reclaim && alloc->untyped_reclaim->needs) {
            alloc->untyped_reclaim->needs(alloc->utspace.utspace,
                                          need + ALLOCMAN_BOOK_NEEDS + ALLOCMAN_SLOT_NEEDS);
        }
    }
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        alloc->headroom[i].wanted = (uint16_t)need[i].count;
        if (need[i].count) {
            alloc->headroom[i].bytes = (uint32_t)need[i].bytes;
        }
    }
}

static void record_push(struct allocman_headroom *kind, void *record)
{
    *(void **)record = kind->first;
    kind->first = record;
    kind->held++;
}

static void *record_pop(struct allocman_headroom *kind)
{
    void *const record = kind->first;
    kind->first = *(void **)record;
    kind->held--;
    return record;
}

/* Hold what is wanted, out of the memory there is; true when all is held. */
static bool headroom_take(allocman_t *alloc)
{
    needs_update(alloc);
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        struct allocman_headroom *const kind = &alloc->headroom[i];
        while (kind->held > kind->wanted) {
            am_book_give(alloc, record_pop(kind), kind->bytes);
        }
        while (kind->held < kind->wanted) {
            void *const record =
                alloc->mspace.alloc(alloc, alloc->mspace.mspace, kind->bytes, NULL);
            if (!record) {
                alloc->shortage_bytes = kind->bytes;
                return false;
            }
            record_push(kind, record);
        }
    }
    return true;
}

bool am_headroom_is_whole(const allocman_t *alloc)
{
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        if (alloc->headroom[i].held < alloc->headroom[i].wanted) {
            return false;
        }
    }
    return true;
}

void *am_headroom_lend(allocman_t *alloc, size_t bytes)
{
    const unsigned kind = am_headroom_kind(alloc->headroom, bytes);
    if (kind == ALLOCMAN_HEADROOM_KINDS) {
        return NULL;
    }
    struct allocman_headroom *const best = &alloc->headroom[kind];
    void *const record = record_pop(best);
    alloc->book_growth->shrink(alloc->mspace.mspace, record, best->bytes, bytes);
    return record;
}

/* Give all records back. */
static void headroom_let_go(allocman_t *alloc)
{
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        struct allocman_headroom *const kind = &alloc->headroom[i];
        while (kind->held > 0) {
            am_book_give(alloc, record_pop(kind), kind->bytes);
        }
    }
}

/* Take what lacks, growing for it. A headroom that is not whole may hold just the memory that
 * growth needs in another size: then it is let go first. */
static int headroom_complete(allocman_t *alloc)
{
    int error = ALLOCMAN_NO_BOOK;
    for (unsigned i = 0; i < REFILL_GROWTHS_MAX; i++) {
        if (headroom_take(alloc)) {
            return ALLOCMAN_OK;
        }
        const size_t bytes = alloc->shortage_bytes;
        void *block = alloc->book_growth->alloc_grown(alloc, alloc->mspace.mspace, bytes, &error);
        if (!block && error == ALLOCMAN_NO_BOOK) {
            headroom_let_go(alloc);
            block = alloc->book_growth->alloc_grown(alloc, alloc->mspace.mspace, bytes, &error);
        }
        if (!block) {
            const struct allocman_failure reason = alloc->failure;
            (void)headroom_take(alloc);
            alloc->failure = reason;
            return error;
        }
        am_book_give(alloc, block, bytes);
    }
    return headroom_take(alloc) ? ALLOCMAN_OK : ALLOCMAN_NO_BOOK;
}

int am_headroom_fill(allocman_t *alloc)
{
    if (!alloc->book_growth || alloc->in_growth) {
        return ALLOCMAN_OK;
    }
    alloc->in_growth = true;
    if (alloc->untyped_reclaim && alloc->untyped_reclaim->choose_book_memory) {
        alloc->untyped_reclaim->choose_book_memory(alloc->utspace.utspace);
    }
    const int aside = alloc->book_growth->set_aside(alloc, alloc->mspace.mspace);
    const struct allocman_failure why = alloc->failure;
    const int error = headroom_complete(alloc);
    if (aside && !error) { /* it may have been short of something meanwhile */
        alloc->failure = why;
    }
    alloc->in_growth = false;
    return error ? error : aside;
}

/* Bytes of headroom that lie in a page; visits the records held. */
static size_t bytes_in_page(const allocman_t *alloc, const void *page)
{
    size_t bytes = 0;
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        const struct allocman_headroom *const kind = &alloc->headroom[i];
        for (void *record = kind->first; record; record = *(void **)record) {
            const bool inside = alloc->book_growth->page_of(alloc->mspace.mspace, record) == page;
            bytes += inside ? am_book_round(kind->bytes) : 0;
        }
    }
    return bytes;
}

/* Take one record elsewhere for each that lies in `page`, which is closed; false, and none is
 * taken, if there is no room. The new ones become the first of their kinds. */
static bool records_double(allocman_t *alloc, const void *page)
{
    size_t added[ALLOCMAN_HEADROOM_KINDS] = {0};
    bool room = true;
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS && room; i++) {
        struct allocman_headroom *const kind = &alloc->headroom[i];
        for (void *old = kind->first; old && room; old = *(void **)old) {
            if (alloc->book_growth->page_of(alloc->mspace.mspace, old) == page) {
                void *const record =
                    alloc->mspace.alloc(alloc, alloc->mspace.mspace, kind->bytes, NULL);
                room = record != NULL;
                if (room) {
                    record_push(kind, record);
                    added[i]++;
                }
            }
        }
    }
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS && !room; i++) {
        for (; added[i] > 0; added[i]--) {
            struct allocman_headroom *const kind = &alloc->headroom[i];
            alloc->mspace.free(alloc, alloc->mspace.mspace, record_pop(kind), kind->bytes);
        }
    }
    return room;
}

/* Free the records that lie in `page`. */
static void records_leave(allocman_t *alloc, const void *page)
{
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        struct allocman_headroom *const kind = &alloc->headroom[i];
        void *record = kind->first;
        kind->first = NULL;
        kind->held = 0;
        while (record) { /* bounded by the records held */
            void *const next = *(void **)record;
            if (alloc->book_growth->page_of(alloc->mspace.mspace, record) == page) {
                alloc->mspace.free(alloc, alloc->mspace.mspace, record, kind->bytes);
            } else {
                record_push(kind, record);
            }
            record = next;
        }
    }
}

/* Empty one page if headroom is all that is in it. */
static bool page_evacuate(allocman_t *alloc, void *page)
{
    const struct allocman_book_growth *const growth = alloc->book_growth;
    const size_t bytes = bytes_in_page(alloc, page);
    if (bytes == 0 || !growth->page_close(alloc->mspace.mspace, page, bytes)) {
        return false;
    }
    const bool moved = records_double(alloc, page);
    growth->page_open(alloc->mspace.mspace, page);
    if (moved) {
        records_leave(alloc, page);
    }
    return moved;
}

void am_headroom_leave_page(allocman_t *alloc, const void *freed)
{
    void *const page = alloc->book_growth->page_of(alloc->mspace.mspace, freed);
    if (page) {
        (void)page_evacuate(alloc, page);
    }
}

bool am_headroom_evacuate(allocman_t *alloc)
{
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS && alloc->book_growth; i++) {
        for (void *record = alloc->headroom[i].first; record; record = *(void **)record) {
            void *const page = alloc->book_growth->page_of(alloc->mspace.mspace, record);
            if (page && page_evacuate(alloc, page)) {
                return true;
            }
        }
    }
    return false;
}

/* A growth step came to nothing. What it divided is whole again, but a spare is kept of everything:
 * merge, so that the records that the headroom lent are free to be taken again. */
static void headroom_recover(allocman_t *alloc)
{
    if (!headroom_take(alloc) && alloc->untyped_reclaim && alloc->untyped_reclaim->merge_all) {
        (void)alloc->untyped_reclaim->merge_all(alloc, alloc->utspace.utspace);
        (void)headroom_take(alloc);
    }
}

void *am_book_grow(allocman_t *alloc, size_t bytes, int *error)
{
    if (!alloc->book_growth || alloc->in_growth) {
        *error = ALLOCMAN_NO_BOOK;
        return NULL;
    }
    alloc->in_growth = true;
    void *block = alloc->book_growth->alloc_grown(alloc, alloc->mspace.mspace, bytes, error);
    struct allocman_failure reason = alloc->failure;
    const int short_of = headroom_complete(alloc);
    if (block && short_of) { /* not at the price of the headroom */
        reason = alloc->failure;
        reason.needed = short_of == ALLOCMAN_NO_VIRTUAL ? bytes : reason.needed;
        am_book_give(alloc, block, bytes);
        *error = short_of;
        block = NULL;
    }
    if (short_of) {
        headroom_recover(alloc);
    }
    if (!block) { /* the step's own reason, not that of an attempt to complete the headroom */
        alloc->failure = reason;
    }
    if (block) {
        /* Only so that large roots are not pinned later; growth itself does not depend on it. */
        (void)alloc->book_growth->set_aside(alloc, alloc->mspace.mspace);
        alloc->counts.growths++;
    }
    alloc->in_growth = false;
    return block;
}

void *am_pool_exhausted(allocman_t *alloc, const void *pool, size_t bytes, size_t free_bytes,
                        int *error)
{
    int status = ALLOCMAN_NO_BOOK;
    void *block = NULL;
    if (alloc) {
        const bool outermost = am_call_enter(alloc);
        (void)am_fail(alloc, ALLOCMAN_NO_BOOK, bytes, free_bytes);
        if (outermost) {
            const bool own = alloc->book_growth && alloc->mspace.mspace == pool;
            block = own ? am_book_grow(alloc, bytes, &status) : NULL;
            (void)am_call_leave(alloc, block ? ALLOCMAN_OK : status);
        }
    }
    SET_ERROR(error, block ? ALLOCMAN_OK : status);
    return block;
}
