/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Operations on a map of free numbers (picture and laws: allocman/cspace/slot_map.h). */

#include <stdbool.h>
#include <allocman/allocman.h>
#include <allocman/cspace/slot_map.h>
#include <allocman/extensions.h>

/* Make all of [first, end) free; the range is not empty. */
void am_slot_map_init(struct allocman_slot_map *map, seL4_Word first, seL4_Word end);

/* Take an aligned run of 2^order numbers, the one that breaks the least of longer runs.
 * ALLOCMAN_OK, ALLOCMAN_NO_SLOT, or ALLOCMAN_NO_BOOK: nothing is changed after an error. */
int am_slot_map_alloc(allocman_t *alloc, struct allocman_slot_map *map, unsigned order,
                      seL4_Word *first);

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
