/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Which numbers of a range are free: a tree of bitmaps that finds a single number or an aligned run
 * of 2^0..2^8 in constant time and has no record for parts that were never touched.
 *
 *            top: 32 children            has[o] bit c: child c has a free aligned run of 2^o
 *           /   |        \
 *        node  (none)    node            a child that is not there is free as a whole
 *       /    \           /
 *    leaf   (none)     leaf              1024 numbers, one bit each
 *
 * Laws: a number is free iff its bit is set or it has no leaf; has[o] is exact; a leaf or node that
 * is free as a whole does not exist. So a free never needs memory: its leaf is there.
 *
 * Single numbers come from one word of 64 while it has any: the one that the last of them came
 * from or went back to. has[] changes only when the longest run of a word does, which is seldom:
 * so a single number mostly costs one bit and three counts. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>

struct allocman;

#define ALLOCMAN_RUN_ORDERS      9  ///< aligned runs of 2^0 .. 2^8 numbers
#define ALLOCMAN_SLOT_LEAF_BITS  10 ///< log2 numbers of a leaf
#define ALLOCMAN_SLOT_NODE_BITS  5  ///< log2 children of a node
#define ALLOCMAN_SLOT_LEVELS_MAX 11 ///< levels of nodes above the leaves: 10 + 11 * 5 >= 64 bits

/// A leaf: 1024 numbers.
struct allocman_slot_leaf {
    uint64_t free[16];                 ///< bit set: that number is free
    uint16_t has[ALLOCMAN_RUN_ORDERS]; ///< has[o] bit w: word w has a free aligned run of 2^o
    uint16_t orders;                   ///< bit o: has[o] is not 0
    uint16_t free_count;               ///< numbers; == popcount(free)
    uint16_t size;                     ///< numbers of it that lie in the map's range
    uint64_t longest;                  ///< 4 bits a word: 1 + order of its longest run; 0: none
};

/// A node: 32 leaves or nodes.
struct allocman_slot_node {
    void *child[32];                   ///< NULL: free as a whole, as far as it lies in the range
    uint32_t has[ALLOCMAN_RUN_ORDERS]; ///< has[o] bit c: child c has a free aligned run of 2^o
    uint32_t present;                  ///< bit c: child c is there
    uint32_t orders;                   ///< bit o: has[o] is not 0
};

/// The free numbers of [first, end).
struct allocman_slot_map {
    seL4_Word first;                   ///< first number
    seL4_Word end;                     ///< one past the last
    seL4_Word base;                    ///< number of the first leaf's first bit, <= first
    unsigned levels;                   ///< levels of nodes above the leaves, at least 1
    size_t free_count;                 ///< numbers free
    size_t book_bytes;                 ///< bytes of book memory held by leaves and nodes
    struct allocman_slot_leaf *cursor; ///< where the next single number comes from, or NULL
    seL4_Word cursor_first;            ///< first number of the word there
    struct allocman_slot_node top;     ///< the root of the tree
};
