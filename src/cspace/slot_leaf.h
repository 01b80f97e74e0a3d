/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The bits of one leaf of a slot map: 1024 numbers. */

#include <stdbool.h>
#include <allocman/cspace/slot_map.h>

/* Bring has[] up to date after word `w` changed. */
void am_slot_leaf_update(struct allocman_slot_leaf *leaf, unsigned w);

/* Where in a leaf an aligned run of `order` is free: the number within the leaf. */
unsigned am_slot_leaf_pick(const struct allocman_slot_leaf *leaf, unsigned order);

/* Set (free) or clear (take) 2^order bits that begin at `at`. */
void am_slot_leaf_write(struct allocman_slot_leaf *leaf, unsigned at, unsigned order, bool set);

/* Are 2^order bits from `at` all taken? */
bool am_slot_leaf_taken(const struct allocman_slot_leaf *leaf, unsigned at, unsigned order);
