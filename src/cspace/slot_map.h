/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Operations on a map of free numbers (picture and laws: allocman/cspace/slot_map.h). */

#include <stdbool.h>
#include <allocman/allocman.h>
#include <allocman/cspace/slot_map.h>
#include <allocman/extensions.h>

#include "slot_leaf.h"

/* A leaf begins at a multiple of this: so does a map's `base`. */
#define AM_SLOT_LEAF_NUMBERS (1u << ALLOCMAN_SLOT_LEAF_BITS)

/* Make all of [first, end) free; the range is not empty. */
void am_slot_map_init(struct allocman_slot_map *map, seL4_Word first, seL4_Word end);

/* Take an aligned run of 2^order numbers, the one that breaks the least of longer runs.
 * ALLOCMAN_OK, ALLOCMAN_NO_SLOT, or ALLOCMAN_NO_BOOK: nothing is changed after an error. */
int am_slot_map_alloc(allocman_t *alloc, struct allocman_slot_map *map, unsigned order,
                      seL4_Word *first);

/* The longest run of a number's word has changed perhaps: for the summaries of its leaf and of the
 * nodes above. */
void am_slot_map_word_changed(struct allocman_slot_map *map, struct allocman_slot_leaf *leaf,
                              seL4_Word number);

/* Take the lowest number of the cursor's word; false: it has none. */
static inline bool am_slot_map_take_next(struct allocman_slot_map *map, seL4_Word *number)
{
    struct allocman_slot_leaf *const leaf = map->cursor;
    const unsigned w = (unsigned)(map->cursor_first >> AM_SLOT_WORD_ORDER) & 15u;
    if (!leaf || !leaf->free[w]) {
        return false;
    }
    const unsigned bit = am_lowest(leaf->free[w]);
    const seL4_Word taken = map->cursor_first + bit;
    map->free_count--;
    *number = taken;
    if (am_slot_leaf_take(leaf, 64 * w + bit)) {
        am_slot_map_word_changed(map, leaf, taken);
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

/* The leaf of a number, which may be any number; NULL: there is none. */
static inline struct allocman_slot_leaf *am_slot_map_leaf(const struct allocman_slot_map *map,
                                                          seL4_Word number)
{
    if (map->cursor && (number ^ map->cursor_first) >> ALLOCMAN_SLOT_LEAF_BITS == 0) {
        return map->cursor;
    }
    const seL4_Word offset = number - map->base;
    unsigned bits = ALLOCMAN_SLOT_LEAF_BITS + ALLOCMAN_SLOT_NODE_BITS * (map->levels - 1);
    const void *child = map->top.child[(offset >> bits) & 31u];
    while (child && bits > ALLOCMAN_SLOT_LEAF_BITS) { /* bounded by levels */
        bits -= ALLOCMAN_SLOT_NODE_BITS;
        child = ((const struct allocman_slot_node *)child)->child[(offset >> bits) & 31u];
    }
    return (struct allocman_slot_leaf *)child;
}

/* A single number was taken or given back: the next one comes from the same word, unless that is
 * whole, which is worth keeping. */
static inline void am_slot_map_cursor_set(struct allocman_slot_map *map,
                                          struct allocman_slot_leaf *leaf, seL4_Word number)
{
    const bool whole = !~leaf->free[number >> AM_SLOT_WORD_ORDER & 15u];
    map->cursor = whole ? NULL : leaf;
    map->cursor_first = number & ~(seL4_Word)63;
}

/* Give one number back, any; false, and nothing is changed: it is not taken, or its leaf becomes free
 * as a whole. */
static inline bool am_slot_map_give_back(struct allocman_slot_map *map, seL4_Word number)
{
    if (number - map->first >= map->end - map->first) {
        return false;
    }
    struct allocman_slot_leaf *const leaf = am_slot_map_leaf(map, number);
    const unsigned at = (unsigned)number & (AM_SLOT_LEAF_NUMBERS - 1);
    if (!leaf || leaf->free[at / 64] >> (at & 63u) & 1u || leaf->free_count + 1u == leaf->size) {
        return false;
    }
    const bool changed = am_slot_leaf_give(leaf, at);
    map->free_count++;
    am_slot_map_cursor_set(map, leaf, number);
    if (changed) {
        am_slot_map_word_changed(map, leaf, number);
    }
    return true;
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
