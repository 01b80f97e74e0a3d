/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The bits of one leaf of a slot map: 1024 numbers. */

#include <stdbool.h>
#include <allocman/cspace/slot_map.h>

#include "../bits.h"

#define AM_SLOT_WORD_ORDER 6u /* a word of 64 numbers */

/*@ // What a leaf notes of its word w is so.
    predicate exact{L}(struct allocman_slot_leaf *leaf, integer w) =
        nibble(leaf->longest, w) == longest(leaf->free[w]);
    // Is bit i of word w one of 2^order bits from number `at`? Runs of more than a word are whole words.
    predicate in_run(integer at, integer order, integer w, integer i) =
        at / 64 <= w < at / 64 + (order > 6 ? 1 << (order - 6) : 1) &&
        at % 64 <= i < at % 64 + (order > 6 ? 64 : 1 << order); */

/* Bring has[] up to date after word `w` changed. */
void am_slot_leaf_update(struct allocman_slot_leaf *leaf, unsigned w);

/*@ requires w < 16 && \valid_read(leaf);
    assigns \nothing;
    ensures \result == nibble(leaf->longest, w); */
/* 1 + order of the longest run of word `w`; 0: it has none. */
static inline unsigned am_slot_leaf_longest(const struct allocman_slot_leaf *leaf, unsigned w)
{
    return (unsigned)(leaf->longest >> (4 * w)) & 15u;
}

/*@ requires at < 64 && order <= AM_SLOT_WORD_ORDER;
    assigns \nothing;
    ensures \result <==> bit(runs(word, order), at - at % (1 << order)); */
/* Is the aligned run of 2^order around number `at` of a word free as a whole? */
static inline bool am_slot_run_is_free(uint64_t word, unsigned at, unsigned order)
{
    const uint64_t run = ~UINT64_C(0) >> (64 - (1u << order)) << (at & ~((1u << order) - 1));
    //@ assert run == run_mask(at, order);
    return (word & run) == run;
}

/*@ requires \valid(leaf) && at < 1024 && leaf->free_count > 0 && exact(leaf, at / 64);
    requires leaf->free[at / 64] != 0 && at % 64 == lowest(leaf->free[at / 64]);
    assigns leaf->free[at / 64], leaf->free_count;
    ensures \forall integer i; 0 <= i < 64 ==>
            (bit(leaf->free[at / 64], i) <==> bit(\old(leaf->free[at / 64]), i) && i != at % 64);
    ensures leaf->free_count == \old(leaf->free_count) - 1;
    ensures !\result ==> exact(leaf, at / 64); */
/* Take the lowest number of its word that is free. True: the word's longest run changes perhaps, and
 * am_slot_leaf_update is due. */
static inline bool am_slot_leaf_take(struct allocman_slot_leaf *leaf, unsigned at)
{
    const unsigned w = at / 64;
    const uint64_t word = leaf->free[w];
    leaf->free[w] = word & (word - 1);
    leaf->free_count--;
    //@ assert w == at / 64 && leaf->free[w] == without_lowest(word);
    /* Only one of the longest runs matters: the number is the first of one or in none. */
    const unsigned order = am_slot_leaf_longest(leaf, w) - 1;
    //@ assert order == longest(word) - 1 && (at & 63) == lowest(word);
    /*@ assert (at & (uint32_t)((uint32_t)(1 << order) - 1)) == 0 <==>
        lowest(word) % (1 << order) == 0; */
    /*@ assert !(lowest(word) % (1 << order) == 0 && bit(runs(word, order), lowest(word))) ==>
        longest(without_lowest(word)) == longest(word); */
    return !(at & ((1u << order) - 1)) && am_slot_run_is_free(word, at & 63u, order);
}

/*@ requires \valid(leaf) && at < 1024 && leaf->free_count < 1024 && exact(leaf, at / 64);
    requires !bit(leaf->free[at / 64], at % 64);
    assigns leaf->free[at / 64], leaf->free_count;
    ensures \forall integer i; 0 <= i < 64 ==>
            (bit(leaf->free[at / 64], i) <==> bit(\old(leaf->free[at / 64]), i) || i == at % 64);
    ensures leaf->free_count == \old(leaf->free_count) + 1;
    ensures !\result ==> exact(leaf, at / 64); */
/* Give one number back that is taken. True as above. */
static inline bool am_slot_leaf_give(struct allocman_slot_leaf *leaf, unsigned at)
{
    const unsigned w = at / 64;
    const uint64_t word = leaf->free[w] | UINT64_C(1) << (at & 63u);
    //@ assert w == at / 64 && (at & 63) == at % 64 && (uint64_t)(1 << (at & 63)) == 1 << (at % 64);
    //@ assert word == with_bit(leaf->free[w], at % 64);
    leaf->free[w] = word;
    leaf->free_count++;
    /* Only a run longer than the longest matters; a word has none of more than itself. */
    //@ assert nibble(leaf->longest, at / 64) == longest(\at(leaf->free[at / 64], Pre));
    //@ assert leaf->free[at / 64] == word && nibble(leaf->longest, w) == nibble(leaf->longest, at / 64);
    /*@ assert \let had = \at(leaf->free[at / 64], Pre); \let n = at % 64;
        !bit(runs(with_bit(had, n), longest(had)), n - n % (1 << longest(had))) ==>
        longest(with_bit(had, n)) == longest(had); */
    const unsigned order = am_slot_leaf_longest(leaf, w);
    //@ assert order == longest(\at(leaf->free[at / 64], Pre));
    return am_slot_run_is_free(word, at & 63u, order);
}

/* Where in a leaf an aligned run of `order` is free: the number within the leaf. */
unsigned am_slot_leaf_pick(const struct allocman_slot_leaf *leaf, unsigned order);

/* Set (free) or clear (take) 2^order bits that begin at `at`. */
void am_slot_leaf_write(struct allocman_slot_leaf *leaf, unsigned at, unsigned order, bool set);

/* Are 2^order bits from `at` all taken? */
bool am_slot_leaf_taken(const struct allocman_slot_leaf *leaf, unsigned at, unsigned order);
