/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Growth. A step asks the managers for what it is made of, and what is lacking then is not grown by who
 * finds it out, but by who began: so steps follow each other here, and none lies in another, neither
 * in what they may use up nor on the stack. */

#include "growth.h"

#include <allocman/extensions.h>

#include "bits.h"
#include "internal.h"
#include "reserve.h"

/* Growth steps that one refill of the headroom may take: all of it fits in two pages. */
#define REFILL_GROWTHS_MAX 3
/* Steps that one growth may take, of the CSpace and of book memory for it. */
#define STEPS_MAX 64

/* Take what lacks, growing for it. A headroom that is not whole may hold just the memory that
 * growth needs in another size: then it is let go first. */
static AM_FLAT int headroom_complete(allocman_t *alloc)
{
    int error = ALLOCMAN_NO_BOOK;
    for (unsigned i = 0; i < REFILL_GROWTHS_MAX; i++) {
        if (am_headroom_take(alloc)) {
            return ALLOCMAN_OK;
        }
        const size_t bytes = alloc->shortage_bytes;
        void *block = alloc->book_growth->alloc_grown(alloc, alloc->mspace.mspace, bytes, &error);
        if (!block && error == ALLOCMAN_NO_BOOK) {
            am_headroom_let_go(alloc);
            block = alloc->book_growth->alloc_grown(alloc, alloc->mspace.mspace, bytes, &error);
        }
        if (!block) {
            const bool kept = am_failure_keep(alloc);
            (void)am_headroom_take(alloc);
            am_failure_let_go(alloc, kept);
            return error;
        }
        am_book_give(alloc, block, bytes);
    }
    return am_headroom_take(alloc) ? ALLOCMAN_OK : ALLOCMAN_NO_BOOK;
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

/* A growth step came to nothing. What it divided is whole again, but a spare is kept of everything:
 * merge, so that the records that the headroom lent are free to be taken again. */
static void headroom_recover(allocman_t *alloc)
{
    if (!am_headroom_take(alloc) && alloc->untyped_reclaim && alloc->untyped_reclaim->merge_all) {
        (void)alloc->untyped_reclaim->merge_all(alloc, alloc->utspace.utspace);
        (void)am_headroom_take(alloc);
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
    bool kept = alloc->failure_kept;
    alloc->failure_kept = kept || !block; /* the step's own reason, not that of what follows */
    const int short_of = headroom_complete(alloc);
    if (short_of) { /* not at the price of the headroom */
        if (block && short_of == ALLOCMAN_NO_VIRTUAL && !kept) {
            alloc->failure.needed = bytes;
        }
        alloc->failure_kept = true;
        am_book_give(alloc, block, bytes);
        *error = block ? short_of : *error;
        block = NULL;
        headroom_recover(alloc);
    }
    am_failure_let_go(alloc, kept);
    if (block) {
        /* Only so that large roots are not pinned later; growth itself does not depend on it. */
        (void)alloc->book_growth->set_aside(alloc, alloc->mspace.mspace);
        alloc->counts.growths++;
    }
    alloc->in_growth = false;
    return block;
}

/* Grow book memory by the shortage of a request. The block is given back: it is the room that is
 * wanted. */
static AM_FLAT int shortage_grow(allocman_t *alloc)
{
    int error = ALLOCMAN_NO_BOOK;
    const size_t bytes = alloc->shortage_bytes;
    void *const block = bytes ? am_book_grow(alloc, bytes, &error) : NULL;
    am_book_give(alloc, block, bytes);
    return block ? ALLOCMAN_OK : error;
}

int am_grow(allocman_t *alloc, int lacks)
{
    bool more = false; /* slots */
    bool slots = lacks == ALLOCMAN_NO_SLOT && alloc->slot_growth;
    bool book = lacks == ALLOCMAN_NO_BOOK;
    for (unsigned i = 0; (slots || book) && i < STEPS_MAX; i++) {
        lacks = book ? shortage_grow(alloc)
                     : alloc->slot_growth->grow(alloc, alloc->cspace.cspace, &more);
        slots = slots && lacks == (book ? ALLOCMAN_OK : ALLOCMAN_NO_BOOK);
        book = slots && !book;
    }
    return more ? ALLOCMAN_OK : lacks;
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
