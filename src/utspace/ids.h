/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The table from numbers to groups: a tree of 32-way nodes, dense from below, as deep as it
 * needs to be. What a cookie or a link names is looked up here, so no made-up number is ever
 * followed. */

#include <stdbool.h>
#include <stdint.h>
#include "group.h"

#define AM_ID_LEVEL_BITS 5u /* log2 children of a node */

/* A node stands for 32 numbers or nodes. */
struct split_id_node {
    uint32_t free;   /* bit c: a number is free below child c */
    uint32_t used;   /* bit c: child c is there */
    void *child[32]; /* groups in the lowest level, nodes above */
};

/* Largest number: a cookie has 32 bits for it, or 24 where words are short. */
#define AM_ID_MAX ((uint32_t)(sizeof(seL4_Word) == 8 ? 0xfffffffeu : 0xfffffeu))

/* Give `group` the lowest free number; 0: no book memory, or no number left. */
uint32_t am_id_take(allocman_t *alloc, utspace_split_t *split, struct split_group *group);

/* Free a number that is taken. */
void am_id_drop(allocman_t *alloc, utspace_split_t *split, uint32_t id);

/*@ axiomatic Numbers {
      // The table, while no number is taken or dropped; no contract is proved of code that does.
      logic struct split_group *group_of(utspace_split_t *split, integer id) reads \nothing;
    } */

/*@ assigns \nothing;
    ensures \result == group_of(split, id); */
/* The group of a number, or NULL. */
static inline struct split_group *am_group(const utspace_split_t *split, uint32_t id)
{
    unsigned bits = AM_ID_LEVEL_BITS * split->id_levels;
    if (id == 0 || (uint64_t)id >> bits) {
        return NULL;
    }
    void *at = split->ids;
    while (bits > 0 && at) { /* bounded by id_levels */
        bits -= AM_ID_LEVEL_BITS;
        at = ((struct split_id_node *)at)->child[(id >> bits) & 31u];
    }
    return at;
}

/* The same, for a number that is likely to be that of `recent`. */
static inline struct split_group *am_group_likely(const utspace_split_t *split, uint32_t id)
{
    return split->recent && split->recent->id == id ? split->recent : am_group(split, id);
}

/* Nodes, at worst, that the numbers of one way down take: a new one in each of two levels, and a
 * level more. */
#define AM_ID_NODES_NEEDED 3
