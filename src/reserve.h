/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What is held for requests that must not fail: headroom for growth, and the reserves that users
 * configure for their own managers' nested requests. */

#include <stdbool.h>
#include <allocman/allocman.h>

/* Bytes of headroom that one growth step can take at worst; 0: book memory cannot grow. */
size_t am_headroom_bytes(const allocman_t *alloc);

/* Pieces in which that many bytes are held. */
size_t am_headroom_pieces(const allocman_t *alloc);

/* Hold as much headroom as that, growing where needed: ALLOCMAN_OK or what ran out. */
int am_headroom_fill(allocman_t *alloc);

/* Move the headroom to the fullest pages that hold it, so that it keeps no other page alive. */
void am_headroom_settle(allocman_t *alloc);

/* Grow book memory by what `bytes` need and allocate them; the headroom is whole again afterwards, or
 * nothing was done. */
void *am_book_grow(allocman_t *alloc, size_t bytes, int *error);

/* Serve a nested request that found nothing else, or fail. */
void *am_reserve_take_book(allocman_t *alloc, size_t bytes);
bool am_reserve_take_slot(allocman_t *alloc, cspacepath_t *slot);
seL4_Word am_reserve_take_untyped(allocman_t *alloc, size_t size_bits, seL4_Word type,
                                  const cspacepath_t *path);

/* A piece that was lent comes back: true if it is one. */
bool am_reserve_return_book(allocman_t *alloc, const void *block);
bool am_reserve_return_untyped(allocman_t *alloc, seL4_Word cookie);

/* log2 bytes of the block that was lent under this cookie; 0: it was not lent. */
size_t am_reserve_lent_bits(allocman_t *alloc, seL4_Word cookie);

/* Have the pieces again that were taken: ALLOCMAN_OK or what ran out. */
int am_reserves_fill(allocman_t *alloc);
