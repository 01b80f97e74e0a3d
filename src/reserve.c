/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Reserves that users configure. A piece is an item: held, lent, or empty and to be had again.
 * Lending and returning need nothing: the items are there. A reserve is filled again while pieces are
 * out, with new items; what comes back then is too many, and goes to the manager it came from. */

#include "reserve.h"

#include <string.h>

#include "bits.h"
#include "growth.h"
#include "internal.h"
#include "kernel.h"
#include "utspace/object_types.h"

/* Times that one piece is tried to be had, with a growth step between one and the next. */
#define PIECE_TRIES_MAX 5

/* Book memory of the manager's; never out of a reserve. */
static void *book_take(allocman_t *alloc, size_t bytes, int *error)
{
    const bool in_mspace = alloc->in_mspace;
    *error = ALLOCMAN_NO_BOOK;
    alloc->shortage_bytes = bytes;
    alloc->in_mspace = true;
    void *const block = alloc->mspace.alloc(alloc, alloc->mspace.mspace, bytes, error);
    alloc->in_mspace = in_mspace;
    return block;
}

AM_SELDOM static int take_book(allocman_t *alloc, struct allocman_reserve_item *item)
{
    int error;
    void *block = book_take(alloc, item->reserve->size, &error);
    if (!block) { /* what is larger than a page grows as the piece that it is */
        block = am_book_grow(alloc, item->reserve->size, &error);
    }
    item->value = (seL4_Word)(uintptr_t)block;
    return block ? ALLOCMAN_OK : error;
}

AM_SELDOM static int take_slot(allocman_t *alloc, struct allocman_reserve_item *item)
{
    cspacepath_t path;
    const int error = alloc->cspace.alloc(alloc, alloc->cspace.cspace, &path);
    item->value = error ? 0 : path.capPtr;
    return error;
}

AM_SELDOM static int take_untyped(allocman_t *alloc, struct allocman_reserve_item *item)
{
    cspacepath_t path;
    int error = alloc->cspace.alloc(alloc, alloc->cspace.cspace, &path);
    if (error) {
        return error;
    }
    item->value = alloc->utspace.alloc(alloc, alloc->utspace.utspace, item->reserve->size,
                                       seL4_UntypedObject, &path, ALLOCMAN_NO_PADDR, false, &error);
    if (!item->value) {
        alloc->cspace.free(alloc, alloc->cspace.cspace, &path);
        return error ? error : ALLOCMAN_NO_UNTYPED;
    }
    item->slot = path.capPtr;
    item->untyped = true;
    return ALLOCMAN_OK;
}

/* An item without a piece, for one that is out. */
static int item_add(allocman_t *alloc, struct allocman_reserve *reserve)
{
    int error = ALLOCMAN_OK;
    struct allocman_reserve_item *const item = book_take(alloc, sizeof(*item), &error);
    if (!item) {
        return error;
    }
    *item = (struct allocman_reserve_item){.reserve = reserve};
    item_push(&reserve->empty, item);
    return ALLOCMAN_OK;
}

/* Have a piece for an item that is empty. */
static int piece_add(allocman_t *alloc, struct allocman_reserve *reserve,
                     int (*take)(allocman_t *, struct allocman_reserve_item *))
{
    /* Out of the list first: book memory of the user's may take and return pieces meanwhile. */
    struct allocman_reserve_item *const item = item_pop(&reserve->empty);
    const int error = take(alloc, item);
    item_push(error ? &reserve->empty : &reserve->held, item);
    reserve->count += !error;
    alloc->reserves_short -= !error;
    return error;
}

/* A reserve, and how its pieces are had. */
struct source {
    struct allocman_reserve *reserve;
    int (*take)(allocman_t *, struct allocman_reserve_item *);
};

/* The first of a list, or of the lists after it: of book memory, of untyped memory, of slots. */
static struct source source_of(allocman_t *alloc, struct allocman_reserve *reserve,
                               int (*take)(allocman_t *, struct allocman_reserve_item *))
{
    if (!reserve && take == take_book) {
        reserve = alloc->untyped_reserves;
        take = take_untyped;
    }
    if (!reserve && take == take_untyped) {
        reserve = &alloc->slot_reserve;
        take = take_slot;
    }
    return (struct source){reserve, take};
}

/* Fill all reserves, growing for it. What one lacks in the end is not the others' matter. The loop ends
 * with the pieces that lack, and with the reserves. */
int am_reserves_fill(allocman_t *alloc)
{
    int first = ALLOCMAN_OK;
    bool kept = false;
    unsigned tries = 0;
    struct source s = source_of(alloc, alloc->book_reserves, take_book);
    while (s.reserve) {
        if (s.reserve->count >= s.reserve->wanted) {
            s = source_of(alloc, s.reserve->next, s.take);
            continue;
        }
        am_slots_top_up(alloc);
        const bool has_item = s.reserve->empty != NULL;
        int error = has_item ? piece_add(alloc, s.reserve, s.take) : item_add(alloc, s.reserve);
        tries = error ? tries + 1 : 0;
        if (error && tries < PIECE_TRIES_MAX && !(has_item && s.take == take_book)) {
            error = am_grow(alloc, error); /* refused, its reason is the piece's */
        }
        if (error) {
            (void)am_fail_slots(alloc, error);
            kept = first ? kept : am_failure_keep(alloc);
            first = first ? first : error;
            s = source_of(alloc, s.reserve->next, s.take);
            tries = 0;
        }
    }
    if (first) {
        am_failure_let_go(alloc, kept);
    }
    return first;
}

/* The reserve with the smallest pieces that do and are held. */
static struct allocman_reserve *reserve_pick(struct allocman_reserve *list, size_t size)
{
    struct allocman_reserve *best = NULL;
    for (struct allocman_reserve *r = list; r;
         r = r->next) { /* bounded by the reserves configured */
        if (r->held && r->size >= size && (!best || r->size < best->size)) {
            best = r;
        }
    }
    return best;
}

static struct allocman_reserve_item *reserve_lend(allocman_t *alloc,
                                                  struct allocman_reserve *reserve, size_t size)
{
    struct allocman_reserve_item *const item = item_pop(&reserve->held);
    item->lent = size;
    reserve->count--;
    alloc->reserves_short += reserve->count < reserve->wanted;
    alloc->counts.reserve_pieces++;
    return item;
}

void *am_reserve_take_book(allocman_t *alloc, size_t bytes)
{
    struct allocman_reserve *const reserve = reserve_pick(alloc->book_reserves, bytes);
    if (!reserve) {
        return NULL;
    }
    struct allocman_reserve_item *const item = reserve_lend(alloc, reserve, bytes);
    item_push(&alloc->loans, item);
    return (void *)(uintptr_t)item->value;
}

bool am_reserve_take_slot(allocman_t *alloc, cspacepath_t *slot)
{
    struct allocman_reserve *const reserve = &alloc->slot_reserve;
    if (!reserve->held) {
        return false;
    }
    struct allocman_reserve_item *const item = reserve_lend(alloc, reserve, 1);
    *slot = alloc->cspace.make_path(alloc->cspace.cspace, item->value);
    item_push(&reserve->empty, item);
    return true;
}

/* Make an object of a piece. One that came back while capabilities to what was in it are alive is
 * revoked, as a block is that was freed so. Where the object fills the piece the kernel tells that;
 * a smaller one would be made beside what is alive, so that is revoked unasked. */
static seL4_Error piece_retype(allocman_t *alloc, const struct allocman_reserve_item *item,
                               seL4_Word type, size_t size_bits, const cspacepath_t *path)
{
    const seL4_Word size = get_sel4_object_size(type, size_bits);
    const cspacepath_t piece = alloc->cspace.make_path(alloc->cspace.cspace, item->slot);
    seL4_Error refused = size_bits < item->reserve->size ? kernel_revoke(&piece) : seL4_NoError;
    refused = refused ? refused : kernel_retype(item->slot, type, size, path, 1);
    if (refused != seL4_NotEnoughMemory) {
        return refused;
    }
    am_misuse(alloc, "allocman_utspace_alloc", ALLOCMAN_STILL_IN_USE, item->slot,
              item->reserve->size);
    return kernel_revoke(&piece) ? refused : kernel_retype(item->slot, type, size, path, 1);
}

seL4_Word am_reserve_take_untyped(allocman_t *alloc, size_t size_bits, seL4_Word type,
                                  const cspacepath_t *path)
{
    struct allocman_reserve *const reserve = reserve_pick(alloc->untyped_reserves, size_bits);
    if (!reserve || am_type_check(type, size_bits) != ALLOCMAN_OK) {
        return 0;
    }
    struct allocman_reserve_item *const item = reserve->held;
    if (piece_retype(alloc, item, type, size_bits, path) != seL4_NoError) {
        return 0;
    }
    item_push(&alloc->loans, reserve_lend(alloc, reserve, size_bits));
    return item->value;
}

/* Where a lent piece hangs, or the end of the list; bounded by the pieces configured. */
static struct allocman_reserve_item **loan_find(struct allocman_reserve_item **link,
                                                seL4_Word value, bool untyped)
{
    while (*link && ((*link)->value != value || (*link)->untyped != untyped)) {
        link = &(*link)->next;
    }
    return link;
}

/* Is the value that of a piece that is held? Bounded by the pieces configured. */
static bool piece_is_held(const struct allocman_reserve *list, seL4_Word value)
{
    for (; list; list = list->next) {
        for (const struct allocman_reserve_item *i = list->held; i; i = i->next) {
            if (i->value == value) {
                return true;
            }
        }
    }
    return false;
}

/* False: the kernel does not delete it; it is held beyond what is wanted. */
AM_SELDOM static bool untyped_release(allocman_t *alloc, struct allocman_reserve_item *item)
{
    const cspacepath_t path = alloc->cspace.make_path(alloc->cspace.cspace, item->slot);
    if (kernel_delete(&path) != seL4_NoError) {
        item_push(&item->reserve->held, item);
        item->reserve->count++;
        return false;
    }
    alloc->cspace.free(alloc, alloc->cspace.cspace, &path);
    alloc->utspace.free(alloc, alloc->utspace.utspace, item->value, item->reserve->size);
    return true;
}

/* The reserve was filled meanwhile: a piece goes to the manager that it came from, with its item. Giving it
 * up may free a record that is such a piece as well: that one waits for its turn. */
AM_APART static bool piece_release(allocman_t *alloc, struct allocman_reserve_item *item)
{
    item_push(&alloc->surplus, item);
    if (alloc->in_release) {
        return true;
    }
    alloc->in_release = true;
    while (alloc->surplus) { /* bounded by the pieces that are out */
        item = item_pop(&alloc->surplus);
        if (item->untyped && !untyped_release(alloc, item)) {
            continue;
        }
        if (!item->untyped) {
            alloc->mspace.free(alloc, alloc->mspace.mspace, (void *)(uintptr_t)item->value,
                               item->reserve->size);
        }
        alloc->mspace.free(alloc, alloc->mspace.mspace, item, sizeof(*item));
        alloc->book_freed = item;
    }
    alloc->in_release = false;
    return true;
}

/* A free of what is no piece that is out, or not of its size: `lent`, or 0. True: of one that is
 * held, or of another size. */
AM_APART static bool piece_misused(allocman_t *alloc, seL4_Word value, size_t size, size_t lent,
                                   bool untyped)
{
    if (!lent && !piece_is_held(untyped ? alloc->untyped_reserves : alloc->book_reserves, value)) {
        return false;
    }
    const char *const where = untyped ? "allocman_utspace_free" : "allocman_mspace_free";
    const enum allocman_status status = !untyped ? ALLOCMAN_BAD_POINTER
                                        : lent   ? ALLOCMAN_WRONG_SIZE
                                                 : ALLOCMAN_DOUBLE_FREE;
    const struct allocman_misuse misuse = {status, where, value, size};
    am_misuse_of(alloc, &misuse, untyped && lent ? lent : value, size);
    return true;
}

/* True: the free is dealt with, be it a piece that comes back or a misuse of one. */
static bool piece_return(allocman_t *alloc, seL4_Word value, size_t size, bool untyped)
{
    struct allocman_reserve_item **const link = loan_find(&alloc->loans, value, untyped);
    if (!*link || (*link)->lent != size) {
        return piece_misused(alloc, value, size, *link ? (*link)->lent : 0, untyped);
    }
    struct allocman_reserve_item *const item = item_pop(link);
    item->lent = 0;
    if (item->reserve->count >= item->reserve->wanted) {
        return piece_release(alloc, item);
    }
    item_push(&item->reserve->held, item);
    item->reserve->count++;
    alloc->reserves_short--;
    return true;
}

bool am_reserve_return_book(allocman_t *alloc, const void *block, size_t bytes)
{
    return piece_return(alloc, (seL4_Word)(uintptr_t)block, bytes, false);
}

bool am_reserve_return_untyped(allocman_t *alloc, seL4_Word cookie, size_t size_bits)
{
    return piece_return(alloc, cookie, size_bits, true);
}

size_t am_reserve_block_bits(allocman_t *alloc, seL4_Word cookie, size_t size_bits)
{
    const struct allocman_reserve_item *const item = *loan_find(&alloc->loans, cookie, true);
    if (item) {
        return item->lent == size_bits ? item->reserve->size : 0;
    }
    return piece_is_held(alloc->untyped_reserves, cookie) ? 0 : size_bits;
}
