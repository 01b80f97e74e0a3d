/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "index.h"

#include <string.h>

#include "../bits.h"

#define FAN_BITS ALLOCMAN_INDEX_BITS
#define FAN_MASK ((1u << FAN_BITS) - 1)
/* Nodes that one entry may need, each found missing at most twice: a request for book memory can
 * lead to entries being removed. */
#define ATTEMPTS_MAX (2u * ALLOCMAN_INDEX_LEVELS_MAX)

typedef struct allocman_index_node node_t;

/* Which child of a node `depth` below the top leads to a number. */
static unsigned child_of(const struct allocman_index *index, size_t number, unsigned depth)
{
    return (unsigned)(number >> (FAN_BITS * (index->levels - 1 - depth))) & FAN_MASK;
}

/*@ assigns \nothing;
    ensures 1 <= \result <= ALLOCMAN_INDEX_LEVELS_MAX; */
static unsigned levels_for(size_t capacity)
{
    unsigned levels = 1;
    /*@ loop invariant 1 <= levels <= ALLOCMAN_INDEX_LEVELS_MAX;
        loop assigns levels;
        loop variant ALLOCMAN_INDEX_LEVELS_MAX - levels; */
    while (levels < ALLOCMAN_INDEX_LEVELS_MAX && FAN_BITS * levels < AM_WORD_BITS &&
           (capacity - 1) >> (FAN_BITS * levels)) {
        levels++;
    }
    return levels;
}

void am_index_init(struct allocman_index *index, size_t capacity)
{
    memset(index, 0, sizeof(*index));
    index->levels = levels_for(capacity);
}

size_t am_index_nodes(size_t capacity, size_t count)
{
    size_t nodes = 0;
    for (unsigned level = 1; level < levels_for(capacity); level++) { /* bounded by levels */
        count = (count + FAN_MASK) >> FAN_BITS;
        nodes += count;
    }
    return nodes;
}

void *am_index_get(const struct allocman_index *index, size_t number)
{
    const unsigned bits = FAN_BITS * index->levels;
    if (bits < AM_WORD_BITS && number >> bits) {
        return NULL;
    }
    const node_t *node = &index->top;
    for (unsigned depth = 0; depth + 1 < index->levels; depth++) { /* bounded by levels */
        node = node->child[child_of(index, number, depth)];
        if (!node) {
            return NULL;
        }
    }
    return node->child[child_of(index, number, index->levels - 1)];
}

size_t am_index_lowest_free(const struct allocman_index *index)
{
    const node_t *node = &index->top;
    size_t number = 0;
    for (unsigned depth = 0; depth < index->levels; depth++) { /* bounded by levels */
        /* Below a node that is not there everything is free: its first number is. */
        const uint32_t open = node ? ~node->full : ~UINT32_C(0);
        const unsigned c = open ? am_lowest(open) : 0;
        number = number << FAN_BITS | c;
        node = node && depth + 1 < index->levels ? node->child[c] : NULL;
    }
    return number;
}

/* Cut off the nodes that lead to a number's entry and nowhere else, if there is no entry. */
AM_SELDOM static void branch_drop(allocman_t *alloc, struct allocman_index *index, size_t number)
{
    node_t *fork = &index->top; /* the last that holds something else */
    unsigned depth = 0;
    node_t *node = fork;
    for (unsigned d = 0; node && d < index->levels; d++) { /* bounded by levels */
        const bool is_lowest = d + 1 == index->levels;
        const uint32_t way = is_lowest ? 0 : UINT32_C(1) << child_of(index, number, d);
        if (node->used & ~way) {
            fork = node;
            depth = d;
        }
        node = is_lowest ? NULL : node->child[child_of(index, number, d)];
    }
    if (depth + 1 == index->levels) {
        return; /* the lowest node itself, and it holds something */
    }
    const unsigned c = child_of(index, number, depth);
    node = fork->child[c];
    fork->child[c] = NULL;
    fork->used &= ~(UINT32_C(1) << c);
    while (node) { /* bounded by levels */
        depth++;
        node_t *const next =
            depth + 1 < index->levels ? node->child[child_of(index, number, depth)] : NULL;
        allocman_mspace_free(alloc, node, sizeof(*node));
        node = next;
    }
}

/* Walk to the lowest node of a number's way; NULL, and *missing set, where one lacks. */
static node_t *way_walk(struct allocman_index *index, size_t number, node_t **missing,
                        unsigned *child)
{
    node_t *node = &index->top;
    for (unsigned depth = 0; depth + 1 < index->levels; depth++) { /* bounded by levels */
        const unsigned c = child_of(index, number, depth);
        if (!node->child[c]) {
            *missing = node;
            *child = c;
            return NULL;
        }
        node = node->child[c];
    }
    return node;
}

/* The node of a number's entry, made if need be, or NULL. Between a walk and the next nothing is
 * remembered: a request for book memory may have removed entries. */
static node_t *way_make(allocman_t *alloc, struct allocman_index *index, size_t number, int *error)
{
    for (unsigned attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        node_t *parent;
        unsigned c;
        node_t *const lowest = way_walk(index, number, &parent, &c);
        if (lowest) {
            return lowest;
        }
        node_t *const made = allocman_mspace_alloc(alloc, sizeof(*made), error);
        if (!made) {
            return NULL;
        }
        memset(made, 0, sizeof(*made));
        if (way_walk(index, number, &parent, &c)) { /* somebody else was quicker */
            allocman_mspace_free(alloc, made, sizeof(*made));
        } else {
            parent->child[c] = made;
            parent->used |= UINT32_C(1) << c;
        }
    }
    *error = ALLOCMAN_NO_BOOK;
    return NULL;
}

int am_index_put(allocman_t *alloc, struct allocman_index *index, size_t number, void *entry)
{
    int error = ALLOCMAN_OK;
    node_t *const lowest = way_make(alloc, index, number, &error);
    if (!lowest || lowest->child[number & FAN_MASK]) {
        branch_drop(alloc, index, number);
        return lowest ? ALLOCMAN_SLOT_OCCUPIED : error;
    }
    node_t *way[ALLOCMAN_INDEX_LEVELS_MAX] = {&index->top};
    for (unsigned depth = 0; depth + 1 < index->levels; depth++) { /* bounded by levels */
        way[depth + 1] = way[depth]->child[child_of(index, number, depth)];
    }
    lowest->child[number & FAN_MASK] = entry;
    lowest->used |= UINT32_C(1) << (number & FAN_MASK);
    index->count++;
    for (unsigned depth = index->levels; depth-- > 0;) { /* full nodes tell their parents */
        way[depth]->full |= UINT32_C(1) << child_of(index, number, depth);
        if (~way[depth]->full) {
            break;
        }
    }
    return ALLOCMAN_OK;
}

void am_index_remove(allocman_t *alloc, struct allocman_index *index, size_t number)
{
    node_t *node = &index->top;
    for (unsigned depth = 0; depth < index->levels; depth++) { /* bounded by levels */
        const unsigned c = child_of(index, number, depth);
        node->full &= ~(UINT32_C(1) << c);
        if (depth + 1 < index->levels) {
            node = node->child[c];
        } else {
            node->child[c] = NULL;
            node->used &= ~(UINT32_C(1) << c);
        }
    }
    index->count--;
    branch_drop(alloc, index, number);
}
