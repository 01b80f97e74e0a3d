/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The headroom that makes growth of book memory possible at any time (law L5).
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

bool am_headroom_take(allocman_t *alloc)
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

void am_headroom_let_go(allocman_t *alloc)
{
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        struct allocman_headroom *const kind = &alloc->headroom[i];
        while (kind->held > 0) {
            am_book_give(alloc, record_pop(kind), kind->bytes);
        }
    }
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
