/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What is held for requests that must not fail: headroom for growth, and the reserves that users
 * configure for their own managers' nested requests. */

#include <stdbool.h>
#include <allocman/allocman.h>

/* Is all the headroom held that was wanted when it was last filled? */
bool am_headroom_is_whole(const allocman_t *alloc);

/* Within a growth step that finds no other memory: a record of at least `bytes` out of the
 * headroom, or NULL. */
void *am_headroom_lend(allocman_t *alloc, size_t bytes);

/* Hold the records that growth can need now, out of the memory there is: true when all are held; else what
 * lacks is the shortage. */
bool am_headroom_take(allocman_t *alloc);

/* Give all records back. */
void am_headroom_let_go(allocman_t *alloc);

/* Empty one page that is kept alive by headroom alone, if its records fit elsewhere; false:
 * there is none. */
bool am_headroom_evacuate(allocman_t *alloc);

/* `freed` was given back: if headroom alone keeps its page alive now, empty the page. */
void am_headroom_leave_page(allocman_t *alloc, const void *freed);

/* Serve a nested request that found nothing else, or fail. */
void *am_reserve_take_book(allocman_t *alloc, size_t bytes);
bool am_reserve_take_slot(allocman_t *alloc, cspacepath_t *slot);
seL4_Word am_reserve_take_untyped(allocman_t *alloc, size_t size_bits, seL4_Word type,
                                  const cspacepath_t *path);

/* A piece that was lent comes back: true if it is one, or if it is misuse of one, which is
 * noted. */
bool am_reserve_return_book(allocman_t *alloc, const void *block, size_t bytes);
bool am_reserve_return_untyped(allocman_t *alloc, seL4_Word cookie, size_t size_bits);

/* log2 bytes of the block of an object: more than the object's if it is a piece that was lent; 0: that
 * was lent under another size, or came back. */
size_t am_reserve_block_bits(allocman_t *alloc, seL4_Word cookie, size_t size_bits);

/* Have the pieces again that were taken: ALLOCMAN_OK or what ran out. */
int am_reserves_fill(allocman_t *alloc);

/* A piece of a reserve. */
struct allocman_reserve_item {
    struct allocman_reserve_item *next;
    struct allocman_reserve *reserve;
    seL4_Word value; /* address of book memory, CPtr of a slot, or cookie of an untyped */
    size_t lent;     /* size under which it is lent; 0: it is not */
    seL4_CPtr slot;  /* capability of the untyped */
    bool untyped;    /* a piece of untyped memory */
};

static inline void item_push(struct allocman_reserve_item **list,
                             struct allocman_reserve_item *item)
{
    item->next = *list;
    *list = item;
}

static inline struct allocman_reserve_item *item_pop(struct allocman_reserve_item **list)
{
    struct allocman_reserve_item *const item = *list;
    *list = item->next;
    return item;
}
