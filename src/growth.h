/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Growth, which only an outermost call begins. */

#include <allocman/allocman.h>

/* Grow book memory by what `bytes` need and allocate them; the headroom is whole again
 * afterwards, or nothing was done. */
void *am_book_grow(allocman_t *alloc, size_t bytes, int *error);

/* Hold the headroom that growth can need now, growing for it where needed: ALLOCMAN_OK or what
 * ran out. */
int am_headroom_fill(allocman_t *alloc);

/* Grow what a request lacked: slots for ALLOCMAN_NO_SLOT, for ALLOCMAN_NO_BOOK the shortage of book
 * memory. ALLOCMAN_OK: it can be asked again; else what lacks for that, or `lacks` itself where nothing
 * grows. */
int am_grow(allocman_t *alloc, int lacks);

/* The slot manager's last slots were taken: let it grow while it can. Not while anything is in the
 * middle of a request. */
static inline void am_slots_top_up(allocman_t *alloc)
{
    if (alloc->slots_low) {
        (void)am_grow(alloc, ALLOCMAN_NO_SLOT);
        alloc->slots_low = false; /* tried once a call */
    }
}
