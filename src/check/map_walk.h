/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* A map of free numbers, read with the validators' own eyes. */

#include <stdbool.h>
#include <allocman/check.h>
#include <allocman/cspace/slot_map.h>

/* Everything that a map says of itself; laws of slots, or of pages when the numbers are pages. */
bool am_check_map(const struct allocman_slot_map *map, enum allocman_law law,
                  struct allocman_violation *violation);

/* Is a number of the range free? */
bool am_check_map_free(const struct allocman_slot_map *map, seL4_Word number);

/* Is a slot one that a manager of two levels has, and taken? */
bool am_check_two_level_taken(const cspace_two_level_t *cspace, seL4_CPtr slot);

/* Is [block, block + bytes) one block of a page of book memory, whole? */
bool am_check_pool_block(const mspace_dual_pool_t *pool, const void *block, size_t bytes);
