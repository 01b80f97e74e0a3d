/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The bits of one leaf of a slot map: 1024 numbers. */

#include <stdbool.h>
#include <allocman/cspace/slot_map.h>

#include "../bits.h"

#define AM_SLOT_WORD_ORDER 6u /* a word of 64 numbers */

/* Bring has[] up to date after word `w` changed. */
void am_slot_leaf_update(struct allocman_slot_leaf *leaf, unsigned w);

/* 1 + order of the longest run of word `w`; 0: it has none. */
static inline unsigned am_slot_leaf_longest(const struct allocman_slot_leaf *leaf, unsigned w)
{
    return (unsigned)(leaf->longest >> (4 * w)) & 15u;
}

/* Is the aligned run of 2^order around number `at` of a word free as a whole? */
static inline bool am_slot_run_is_free(uint64_t word, unsigned at, unsigned order)
{
    const uint64_t run = ~UINT64_C(0) >> (64 - (1u << order)) << (at & ~((1u << order) - 1));
    return (word & run) == run;
}

/* Take the lowest number of its word that is free. True: the word's longest run changes perhaps, and
 * am_slot_leaf_update is due. */
static inline bool am_slot_leaf_take(struct allocman_slot_leaf *leaf, unsigned at)
{
    const unsigned w = at / 64;
    const uint64_t word = leaf->free[w];
    leaf->free[w] = word & (word - 1);
    leaf->free_count--;
    /* Only one of the longest runs matters: the number is the first of one or in none. */
    const unsigned order = am_slot_leaf_longest(leaf, w) - 1;
    return !(at & ((1u << order) - 1)) && am_slot_run_is_free(word, at & 63u, order);
}

/* Give one number back that is taken. True as above. */
static inline bool am_slot_leaf_give(struct allocman_slot_leaf *leaf, unsigned at)
{
    const unsigned w = at / 64;
    const uint64_t word = leaf->free[w] | UINT64_C(1) << (at & 63u);
    leaf->free[w] = word;
    leaf->free_count++;
    /* Only a run longer than the longest matters; a word has none of more than itself. */
    return am_slot_run_is_free(word, at & 63u, am_slot_leaf_longest(leaf, w));
}

/* Where in a leaf an aligned run of `order` is free: the number within the leaf. */
unsigned am_slot_leaf_pick(const struct allocman_slot_leaf *leaf, unsigned order);

/* Set (free) or clear (take) 2^order bits that begin at `at`. */
void am_slot_leaf_write(struct allocman_slot_leaf *leaf, unsigned at, unsigned order, bool set);

/* Are 2^order bits from `at` all taken? */
bool am_slot_leaf_taken(const struct allocman_slot_leaf *leaf, unsigned at, unsigned order);
