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

/*@ requires order <= WORD_ORDER && runs(word, order) != 0;
    assigns \nothing;
    ensures \result < 64 && \result % (1 << order) == 0;
    ensures \forall integer i; \result <= i < \result + (1 << order) ==> bit(word, i);
    ensures \result == lowest(runs(word, order)); */
/* Where in a word the first aligned run of 2^order free numbers starts; there is one. */
static unsigned lowest_run(uint64_t word, unsigned order)
{
    uint64_t runs = word;
    /*@ loop invariant o <= order && runs == runs(word, o);
        loop assigns o, runs;
        loop variant order - o; */
    for (unsigned o = 0; o < order; o++) {
        runs = runs_of_two(runs, o);
    }
    //@ assert bit(runs(word, order), lowest(runs(word, order)));
    return am_lowest(runs);
}

/*@ requires order <= WORD_ORDER && at < 64 && at % (1 << order) == 0;
    assigns \nothing;
    ensures at + (1 << order) <= 64;
    ensures \forall integer i; 0 <= i < 64 ==> (bit(\result, i) <==> at <= i < at + (1 << order)); */
/* The aligned run of 2^order bits that starts at bit `at` of a word. */
static inline uint64_t run_at(unsigned at, unsigned order)
{
    /*@ assert each: (order == 0 ==> at + 1 <= 64) && (order == 1 ==> at % 2 == 0 && at + 2 <= 64) &&
        (order == 2 ==> at % 4 == 0 && at + 4 <= 64) && (order == 3 ==> at % 8 == 0 && at + 8 <= 64) &&
        (order == 4 ==> at % 16 == 0 && at + 16 <= 64) &&
        (order == 5 ==> at % 32 == 0 && at + 32 <= 64) && (order == 6 ==> at % 64 == 0 && at == 0); */
    //@ assert (uint32_t)(1 << order) == 1 << order && at + (1 << order) <= 64;
    const uint64_t low = am_mask(1u << order);
    //@ assert low == mask(1 << order) && (uint64_t)(low << at) == moved(1 << order, at);
    return low << at;
}

/*@ requires order <= WORD_ORDER && at < 64 && at % (1 << order) == 0;
    assigns \nothing;
    ensures \forall integer i; 0 <= i < 64 ==>
            (bit(\result, i) <==> (at <= i < at + (1 << order) ? set != 0 : bit(word, i))); */
/* The word with that run set (free) or cleared (taken). */
static inline uint64_t run_written(uint64_t word, unsigned at, unsigned order, bool set)
{
    const uint64_t run = run_at(at, order);
    //@ assert (word | run) == either(word, run) && (word & (uint64_t)~run) == but(word, run);
    return set ? word | run : word & ~run;
}

/*@ requires order <= WORD_ORDER && at < 64 && at % (1 << order) == 0;
    assigns \nothing;
    ensures \result <==> \forall integer i; at <= i < at + (1 << order) ==> !bit(word, i); */
/* Is no number of that run free? */
static inline bool run_is_taken(uint64_t word, unsigned at, unsigned order)
{
    const uint64_t run = run_at(at, order);
    //@ assert (word & run) == both(word, run);
    //@ assert both(word, run) == 0 ==> \forall integer i; 0 <= i < 64 ==> !bit(both(word, run), i);
    /*@ assert both(word, run) == 0 ==>
        \forall integer i; at <= i < at + (1 << order) ==> !bit(word, i); */
    /*@ assert both(word, run) != 0 ==> \let i = lowest(both(word, run));
        bit(word, i) && at <= i < at + (1 << order); */
    return !(word & run);
}

/*@ requires w < 16 && \valid(leaf) && nibble(leaf->longest, w) <= 7;
    assigns leaf->longest, leaf->has[0 .. 8], leaf->orders;
    ensures exact(leaf, w);
    ensures \forall integer v; 0 <= v < 16 && v != w ==>
            nibble(leaf->longest, v) == nibble(\old(leaf->longest), v); */
void am_slot_leaf_update(struct allocman_slot_leaf *leaf, unsigned w)
{
    const unsigned before = am_slot_leaf_longest(leaf, w);
    const unsigned now = longest_run(leaf->free[w]);
    if (now == before) {
        return;
    }
    leaf->longest ^= (uint64_t)(before ^ now) << (4 * w);
    //@ assert (uint32_t)(4 * w) == 4 * w && now < 8;
    //@ assert leaf->longest == nibbled(\at(leaf->longest, Pre), w, before, now);
    //@ assert nibble(leaf->longest, w) == now && now == longest(leaf->free[w]);
    const unsigned low = now < before ? now : before;
    const unsigned high = now < before ? before : now;
    uint32_t orders = leaf->orders;
    /*@ loop invariant low <= order <= high <= WORD_ORDER + 1;
        loop assigns order, orders, leaf->has[0 .. WORD_ORDER];
        loop variant high - order; */
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
    return w * 64 + lowest_run(leaf->free[w], order);
}

/*@ requires order <= 8 && at < 1024 && at % (1 << order) == 0;
    assigns \nothing;
    ensures \result == (order > 6 ? 1 << (order - 6) : 1) && at / 64 + \result <= 16;
    ensures at % 64 % (order > 6 ? 64 : 1 << order) == 0; */
/* Words of 64 that an aligned run has a part in. */
static inline unsigned words_spanned(unsigned at, unsigned order)
{
    /*@ assert (order == 7 ==> at % 128 == 0 && at % 64 == 0 && at / 64 + 2 <= 16) &&
        (order == 8 ==> at % 256 == 0 && at % 64 == 0 && at / 64 + 4 <= 16) &&
        (order == 6 ==> at % 64 == 0); */
    //@ assert order == 5 ==> at % 32 == 0 && at % 64 % 32 == 0;
    //@ assert order == 4 ==> at % 16 == 0 && at % 64 % 16 == 0;
    //@ assert order == 3 ==> at % 8 == 0 && at % 64 % 8 == 0;
    //@ assert order == 2 ==> at % 4 == 0 && at % 64 % 4 == 0;
    //@ assert order == 1 ==> at % 2 == 0 && at % 64 % 2 == 0;
    (void)at; /* the contract tells of it */
    return order > WORD_ORDER ? 1u << (order - WORD_ORDER) : 1;
}

/*@ requires \valid(leaf) && order <= 8 && at < 1024 && at % (1 << order) == 0;
    requires \forall integer w; 0 <= w < 16 ==> exact(leaf, w);
    requires set ==> leaf->free_count + (1 << order) <= 1024;
    requires !set ==> leaf->free_count >= 1 << order;
    assigns leaf->free[0 .. 15], leaf->free_count, leaf->longest, leaf->has[0 .. 8], leaf->orders;
    ensures \forall integer w, i; 0 <= w < 16 && 0 <= i < 64 ==>
            (bit(leaf->free[w], i) <==>
             (in_run(at, order, w, i) ? set != 0 : bit(\old(leaf->free[w]), i)));
    ensures \forall integer w; 0 <= w < 16 ==> exact(leaf, w);
    ensures leaf->free_count == \old(leaf->free_count) + (set ? 1 << order : -(1 << order)); */
void am_slot_leaf_write(struct allocman_slot_leaf *leaf, unsigned at, unsigned order, bool set)
{
    const unsigned in_word = order < WORD_ORDER ? order : WORD_ORDER;
    const unsigned words = words_spanned(at, order);
    //@ assert (1 << in_word) == (order > 6 ? 64 : 1 << order) && (at & 63) == at % 64;
    /*@ assert \forall integer v, i; in_run(at, order, v, i) <==>
        at / 64 <= v < at / 64 + words && at % 64 <= i < at % 64 + (1 << in_word); */
    /*@ loop invariant at / 64 <= w <= at / 64 + words;
        loop invariant \forall integer v, i; 0 <= v < 16 && 0 <= i < 64 ==>
                       (bit(leaf->free[v], i) <==>
                        (at / 64 <= v < w && at % 64 <= i < at % 64 + (1 << in_word)
                             ? set != 0 : bit(\at(leaf->free[v], Pre), i)));
        loop invariant \forall integer v; 0 <= v < 16 ==> nibble(leaf->longest, v) <= 7;
        loop invariant \forall integer v; at / 64 <= v < w ==> exact(leaf, v);
        loop invariant \forall integer v; 0 <= v < 16 && !(at / 64 <= v < w) ==>
                       nibble(leaf->longest, v) == nibble(\at(leaf->longest, Pre), v) &&
                       leaf->free[v] == \at(leaf->free[v], Pre);
        loop assigns w, leaf->free[0 .. 15], leaf->longest, leaf->has[0 .. 8], leaf->orders;
        loop variant at / 64 + words - w; */
    for (unsigned w = at / 64; w < at / 64 + words; w++) { /* at most 4 words */
        leaf->free[w] = run_written(leaf->free[w], at & 63u, in_word, set);
        //@ assert leaf->longest == \at(leaf->longest, LoopCurrent);
        /*@ assert \forall integer i; 0 <= i < 64 ==>
            (bit(leaf->free[w], i) <==> (at % 64 <= i < at % 64 + (1 << in_word)
                 ? set != 0 : bit(\at(leaf->free[w], LoopCurrent), i))); */
        am_slot_leaf_update(leaf, w);
        //@ assert exact(leaf, w) && nibble(leaf->longest, w) <= 7;
        /*@ assert \forall integer v; 0 <= v < 16 && v != w ==>
            leaf->free[v] == \at(leaf->free[v], LoopCurrent); */
        /*@ assert \forall integer v; 0 <= v < 16 && v != w ==>
            nibble(leaf->longest, v) == nibble(\at(leaf->longest, LoopCurrent), v); */
    }
    const unsigned count = 1u << order;
    leaf->free_count = (uint16_t)(set ? leaf->free_count + count : leaf->free_count - count);
}

/*@ requires \valid_read(leaf) && order <= 8 && at < 1024 && at % (1 << order) == 0;
    assigns \nothing;
    ensures \result <==> \forall integer w, i; in_run(at, order, w, i) ==> !bit(leaf->free[w], i); */
bool am_slot_leaf_taken(const struct allocman_slot_leaf *leaf, unsigned at, unsigned order)
{
    const unsigned in_word = order < WORD_ORDER ? order : WORD_ORDER;
    const unsigned words = words_spanned(at, order);
    //@ assert (1 << in_word) == (order > 6 ? 64 : 1 << order) && (at & 63) == at % 64;
    bool taken = true;
    /*@ loop invariant at / 64 <= w <= at / 64 + words;
        loop invariant taken <==> \forall integer v, i; at / 64 <= v < w &&
                       at % 64 <= i < at % 64 + (1 << in_word) ==> !bit(leaf->free[v], i);
        loop assigns w, taken;
        loop variant at / 64 + words - w; */
    for (unsigned w = at / 64; w < at / 64 + words; w++) { /* at most 4 words */
        taken = taken && run_is_taken(leaf->free[w], at & 63u, in_word);
    }
    /*@ assert \forall integer v, i; in_run(at, order, v, i) <==>
        at / 64 <= v < at / 64 + words && at % 64 <= i < at % 64 + (1 << in_word); */
    return taken;
}
