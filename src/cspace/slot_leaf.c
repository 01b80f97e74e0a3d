/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "slot_leaf.h"

#define WORD_ORDER AM_SLOT_WORD_ORDER

/* For each order, the bits of a word at which an aligned run of that order can start. */
static const uint64_t run_starts[WORD_ORDER + 1] = {
    UINT64_C(0xffffffffffffffff), UINT64_C(0x5555555555555555), UINT64_C(0x1111111111111111),
    UINT64_C(0x0101010101010101), UINT64_C(0x0001000100010001), UINT64_C(0x0000000100000001),
    UINT64_C(0x0000000000000001)};

/*@ requires order < WORD_ORDER;
    assigns \nothing;
    ensures \result == fold(runs, order); */
/* Of the bits at which free aligned runs of 2^order start, those at which runs of twice that do. */
static inline uint64_t runs_of_two(uint64_t runs, unsigned order)
{
    /*@ assert each:
        (order == 0 ==> run_starts[(uint32_t)(order + 1)] == starts(order + 1)) &&
        (order == 1 ==> run_starts[(uint32_t)(order + 1)] == starts(order + 1)) &&
        (order == 2 ==> run_starts[(uint32_t)(order + 1)] == starts(order + 1)) &&
        (order == 3 ==> run_starts[(uint32_t)(order + 1)] == starts(order + 1)) &&
        (order == 4 ==> run_starts[(uint32_t)(order + 1)] == starts(order + 1)) &&
        (order == 5 ==> run_starts[(uint32_t)(order + 1)] == starts(order + 1)); */
    /*@ assert table: run_starts[(uint32_t)(order + 1)] == starts(order + 1) &&
        (uint32_t)(1 << order) == 1 << order; */
    //@ assert ordered(1, 2, 3, 1, 2, 3);
    return runs & (runs >> (1u << order)) & run_starts[order + 1];
}

/*@ assigns \nothing;
    ensures \result == longest(word) && \result <= WORD_ORDER + 1; */
/* 1 + order of the longest aligned run of a word; 0: there is none. */
static unsigned longest_run(uint64_t word)
{
    uint64_t runs = word;
    unsigned orders = 0;
    /*@ loop invariant orders <= WORD_ORDER && runs == runs(word, orders);
        loop invariant \forall integer o; 0 <= o < orders ==> runs(word, o) != 0;
        loop assigns runs, orders;
        loop variant WORD_ORDER - orders; */
    for (; runs && orders < WORD_ORDER; orders++) {
        runs = runs_of_two(runs, orders);
    }
    return runs ? orders + 1 : orders;
}

void am_slot_leaf_update(struct allocman_slot_leaf *leaf, unsigned w)
{
    const unsigned before = am_slot_leaf_longest(leaf, w);
    const unsigned now = longest_run(leaf->free[w]);
    if (now == before) {
        return;
    }
    leaf->longest ^= (uint64_t)(before ^ now) << (4 * w);
    const unsigned low = now < before ? now : before;
    const unsigned high = now < before ? before : now;
    uint32_t orders = leaf->orders;
    for (unsigned order = low; order < high; order++) { /* at most WORD_ORDER + 1 */
        leaf->has[order] ^= (uint16_t)(1u << w);
        orders = leaf->has[order] ? orders | 1u << order : orders & ~(1u << order);
    }
    if (high > WORD_ORDER) { /* a word became whole or ceased to be */
        const unsigned full = leaf->has[WORD_ORDER];
        const unsigned pairs = full & (full >> 1) & 0x5555u;
        const unsigned fours = pairs & (pairs >> 2) & 0x1111u;
        leaf->has[7] = (uint16_t)pairs;
        leaf->has[8] = (uint16_t)fours;
        orders &= (1u << (WORD_ORDER + 1)) - 1;
        orders |= (pairs ? 1u << 7 : 0) | (fours ? 1u << 8 : 0);
    }
    leaf->orders = (uint16_t)orders;
}

unsigned am_slot_leaf_pick(const struct allocman_slot_leaf *leaf, unsigned order)
{
    if (order > WORD_ORDER) {
        return am_lowest(leaf->has[order]) * 64;
    }
    unsigned words = leaf->has[order];
    for (unsigned o = order; o < WORD_ORDER; o++) {
        const unsigned exact = leaf->has[o] & ~(unsigned)leaf->has[o + 1];
        if (exact) {
            words = exact;
            break;
        }
    }
    const unsigned w = am_lowest(words);
    uint64_t runs = leaf->free[w];
    for (unsigned o = 0; o < order; o++) {
        runs &= (runs >> (1u << o)) & run_starts[o + 1];
    }
    return w * 64 + am_lowest(runs);
}

void am_slot_leaf_write(struct allocman_slot_leaf *leaf, unsigned at, unsigned order, bool set)
{
    const unsigned words = order > WORD_ORDER ? 1u << (order - WORD_ORDER) : 1;
    const uint64_t bits = order > WORD_ORDER ? ~UINT64_C(0) : am_mask(1u << order) << (at & 63u);
    for (unsigned w = at / 64; w < at / 64 + words; w++) { /* at most 4 words */
        leaf->free[w] = set ? leaf->free[w] | bits : leaf->free[w] & ~bits;
        am_slot_leaf_update(leaf, w);
    }
    const unsigned count = 1u << order;
    leaf->free_count = (uint16_t)(set ? leaf->free_count + count : leaf->free_count - count);
}

bool am_slot_leaf_taken(const struct allocman_slot_leaf *leaf, unsigned at, unsigned order)
{
    const unsigned words = order > WORD_ORDER ? 1u << (order - WORD_ORDER) : 1;
    const uint64_t bits = order > WORD_ORDER ? ~UINT64_C(0) : am_mask(1u << order) << (at & 63u);
    uint64_t free = 0;
    for (unsigned w = at / 64; w < at / 64 + words; w++) { /* at most 4 words */
        free |= leaf->free[w] & bits;
    }
    return free == 0;
}
