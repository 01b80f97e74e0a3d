/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Growth of book memory, and the headroom that makes it possible at any time (law L5).
 *
 * A growth step may need records of its own: for the splits that lead down to one page, for the slots
 * of these, for the map of the pool's pages. They come out of the headroom, which is let go for the
 * step and taken again out of the page that the step has brought (law L6: a page is more than that). */

#include <allocman/extensions.h>

#include "internal.h"
#include "reserve.h"

/* A piece gives at least this many bytes to records: the largest of them may not fit at its end. */
#define PIECE_YIELD_BYTES (ALLOCMAN_HEADROOM_PIECE_BYTES - 304u)
/* Growth steps that one refill of the headroom may take: each brings a page, and two pieces fit in one. */
#define REFILL_GROWTHS_MAX ALLOCMAN_HEADROOM_PIECES_MAX

size_t am_headroom_bytes(const allocman_t *alloc)
{
    const size_t own = alloc->book_growth ? alloc->book_growth->headroom_bytes(alloc->mspace.mspace) : 0;
    if (own == 0) {
        return 0;
    }
    const size_t slots = alloc->slot_runs ? alloc->slot_runs->headroom_bytes(alloc->cspace.cspace) : 0;
    const size_t untyped =
        alloc->untyped_reclaim ? alloc->untyped_reclaim->headroom_bytes(alloc->utspace.utspace) : 0;
    return own + slots + untyped;
}

size_t am_headroom_pieces(const allocman_t *alloc)
{
    const size_t pieces = (am_headroom_bytes(alloc) + PIECE_YIELD_BYTES - 1) / PIECE_YIELD_BYTES;
    return pieces < ALLOCMAN_HEADROOM_PIECES_MAX ? pieces : ALLOCMAN_HEADROOM_PIECES_MAX;
}

static void headroom_release(allocman_t *alloc, size_t keep)
{
    while (alloc->headroom_count > keep) { /* at most ALLOCMAN_HEADROOM_PIECES_MAX */
        allocman_mspace_free(alloc, alloc->headroom[--alloc->headroom_count],
                             ALLOCMAN_HEADROOM_PIECE_BYTES);
    }
}

/* Take what lacks out of the memory there is; true when all is held. */
static bool headroom_take(allocman_t *alloc)
{
    const size_t wanted = am_headroom_pieces(alloc);
    headroom_release(alloc, wanted);
    while (alloc->headroom_count < wanted) { /* at most ALLOCMAN_HEADROOM_PIECES_MAX */
        void *const piece = allocman_mspace_alloc(alloc, ALLOCMAN_HEADROOM_PIECE_BYTES, NULL);
        if (!piece) {
            return false;
        }
        alloc->headroom[alloc->headroom_count++] = piece;
    }
    return true;
}

/* Take what lacks, growing for it. The headroom need not be whole for that: what a step takes out of it,
 * the step before has left as free blocks. */
static int headroom_complete(allocman_t *alloc)
{
    int error = ALLOCMAN_OK;
    for (unsigned i = 0; !headroom_take(alloc) && i < REFILL_GROWTHS_MAX; i++) {
        void *const piece = alloc->book_growth->alloc_grown(alloc, alloc->mspace.mspace,
                                                            ALLOCMAN_HEADROOM_PIECE_BYTES, &error);
        if (!piece) {
            return error;
        }
        allocman_mspace_free(alloc, piece, ALLOCMAN_HEADROOM_PIECE_BYTES);
    }
    return alloc->headroom_count >= am_headroom_pieces(alloc) ? ALLOCMAN_OK : ALLOCMAN_NO_BOOK;
}

int am_headroom_fill(allocman_t *alloc)
{
    if (am_headroom_bytes(alloc) == 0 || alloc->in_growth) {
        return ALLOCMAN_OK;
    }
    alloc->in_growth = true;
    int error = headroom_complete(alloc);
    const int aside = alloc->book_growth->set_aside(alloc, alloc->mspace.mspace);
    error = error ? error : aside;
    alloc->in_growth = false;
    return error;
}

void am_headroom_settle(allocman_t *alloc)
{
    if (alloc->headroom_count > 0) {
        headroom_release(alloc, 0);
        (void)headroom_take(alloc); /* there is room: it was there a moment ago */
    }
}

void *am_book_grow(allocman_t *alloc, size_t bytes, int *error)
{
    if (!alloc->book_growth || alloc->in_growth) {
        *error = ALLOCMAN_NO_BOOK;
        return NULL;
    }
    alloc->in_growth = true;
    headroom_release(alloc, 0);
    void *block = alloc->book_growth->alloc_grown(alloc, alloc->mspace.mspace, bytes, error);
    const int short_of = headroom_complete(alloc);
    if (block && short_of) { /* not at the price of the headroom */
        allocman_mspace_free(alloc, block, bytes);
        (void)headroom_take(alloc);
        *error = short_of;
        block = NULL;
    }
    if (block) {
        /* Only so that large roots are not pinned later; growth itself does not depend on it. */
        (void)alloc->book_growth->set_aside(alloc, alloc->mspace.mspace);
        alloc->counts.growths++;
    }
    alloc->in_growth = false;
    return block;
}
