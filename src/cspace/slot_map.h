/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Operations on a map of free numbers (picture and laws: allocman/cspace/slot_map.h). */

#include <stdbool.h>
#include <allocman/allocman.h>
#include <allocman/cspace/slot_map.h>
#include <allocman/extensions.h>

#include "slot_leaf.h"

/* Make all of [first, end) free; the range is not empty. */
void am_slot_map_init(struct allocman_slot_map *map, seL4_Word first, seL4_Word end);

/* Take an aligned run of 2^order numbers, the one that breaks the least of longer runs.
 * ALLOCMAN_OK, ALLOCMAN_NO_SLOT, or ALLOCMAN_NO_BOOK: nothing is changed after an error. */
int am_slot_map_alloc(allocman_t *alloc, struct allocman_slot_map *map, unsigned order,
                      seL4_Word *first);

/* A leaf no longer has the orders of runs that it had: for the nodes above. */
void am_slot_map_leaf_changed(struct allocman_slot_map *map, seL4_Word number,
                              uint32_t leaf_orders);

/* Take the lowest number of the cursor's word; false: it has none. */
static inline bool am_slot_map_take_next(struct allocman_slot_map *map, seL4_Word *number)
{
    struct allocman_slot_leaf *const leaf = map->cursor;
    const unsigned w = (unsigned)(map->cursor_first >> AM_SLOT_WORD_ORDER) & 15u;
    if (!leaf || !leaf->free[w]) {
        return false;
    }
    const unsigned bit = am_lowest(leaf->free[w]);
    const uint32_t orders = leaf->orders;
    am_slot_leaf_take(leaf, 64 * w + bit);
    map->free_count--;
    *number = map->cursor_first + bit;
    if (leaf->orders != orders) {
        am_slot_map_leaf_changed(map, *number, orders);
    }
    return true;
}

/* Take one number: the next, or any as am_slot_map_alloc. */
static inline int am_slot_map_take(allocman_t *alloc, struct allocman_slot_map *map,
                                   seL4_Word *number)
{
    return am_slot_map_take_next(map, number) ? ALLOCMAN_OK
                                              : am_slot_map_alloc(alloc, map, 0, number);
}

/* Take one particular number: ALLOCMAN_NO_SLOT iff it is taken or out of range. */
int am_slot_map_alloc_at(allocman_t *alloc, struct allocman_slot_map *map, seL4_Word number);

/* Give 2^order numbers back: ALLOCMAN_SLOT_NOT_ALLOCATED, and nothing changed, iff one of them
 * is not taken. */
int am_slot_map_free(allocman_t *alloc, struct allocman_slot_map *map, seL4_Word first,
                     unsigned order);

/* Is a number of the range free? */
bool am_slot_map_is_free(const struct allocman_slot_map *map, seL4_Word number);

/* Give all leaves and nodes back. */
void am_slot_map_destroy(allocman_t *alloc, struct allocman_slot_map *map);

/* Records, at worst, for taking any few numbers: one path to a new leaf, and one to the leaf at the
 * range's end, which may hold too few. Two entries: leaves, nodes. */
void am_slot_map_needs(const struct allocman_slot_map *map, struct allocman_need *need);
