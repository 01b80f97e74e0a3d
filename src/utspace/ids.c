/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "ids.h"

#include <string.h>

#define LEVEL_BITS AM_ID_LEVEL_BITS
#define LEVELS_MAX 7u /* 7 * 5 >= 32 bits */
/* Walks that may find their way changed by a nested request before one is given up. */
#define RETRIES_MAX 4u

static struct split_id_node *node_make(allocman_t *alloc, utspace_split_t *split)
{
    struct split_id_node *const node = allocman_mspace_alloc(alloc, sizeof(*node), NULL);
    if (node) {
        memset(node, 0, sizeof(*node));
        node->free = ~UINT32_C(0);
        split->totals.book_bytes += sizeof(*node);
    }
    return node;
}

static void node_drop(allocman_t *alloc, utspace_split_t *split, struct split_id_node *node)
{
    split->totals.book_bytes -= sizeof(*node);
    allocman_mspace_free(alloc, node, sizeof(*node));
}

/* Put one level above the table, unless a nested request has just done so. */
static bool level_add(allocman_t *alloc, utspace_split_t *split)
{
    const struct split_id_node *const before = split->ids;
    struct split_id_node *const top =
        split->id_levels < LEVELS_MAX ? node_make(alloc, split) : NULL;
    if (!top) {
        return false;
    }
    if (split->ids != before) {
        node_drop(alloc, split, top);
        return true;
    }
    if (split->ids) {
        top->child[0] = split->ids;
        top->used = 1;
        top->free = split->ids->free ? ~UINT32_C(0) : ~UINT32_C(1);
    } else {
        top->free = ~UINT32_C(1); /* number 0 is never given out */
    }
    split->ids = top;
    split->id_levels++;
    return true;
}

/* Drop top levels that lead to number 0's part only, and the last node with the last number, so
 * that nothing of a burst stays. */
static void levels_trim(allocman_t *alloc, utspace_split_t *split)
{
    while (split->id_levels > 1 && split->ids->used == 1) { /* bounded by id_levels */
        struct split_id_node *const top = split->ids;
        split->ids = top->child[0];
        split->id_levels--;
        node_drop(alloc, split, top);
    }
    if (split->id_levels == 1 && !split->ids->used) {
        struct split_id_node *const last = split->ids;
        split->ids = NULL;
        split->id_levels = 0;
        node_drop(alloc, split, last);
    }
}

/* Drop empty nodes along the way to `id`, from `level` upward. way[level] is the node at that
 * level. */
static void way_trim(allocman_t *alloc, utspace_split_t *split, struct split_id_node *const *way,
                     uint32_t id, unsigned level)
{
    for (; level + 1 < split->id_levels && !way[level]->used; level++) {
        struct split_id_node *const parent = way[level + 1];
        const unsigned c = (id >> (LEVEL_BITS * (level + 1))) & 31u;
        if (c == 0 && (id >> (LEVEL_BITS * (level + 1))) == 0) {
            return; /* the node of number 0 stays: it keeps that number taken */
        }
        parent->child[c] = NULL;
        parent->used &= ~((uint32_t)1 << c);
        node_drop(alloc, split, way[level]);
    }
}

/* Walk to the lowest free number, making nodes on the way. ALLOCMAN_OK, ALLOCMAN_NO_BOOK, or, when a nested
 * request changed the way meanwhile, ALLOCMAN_STATUS_COUNT: again. */
static int way_make(allocman_t *alloc, utspace_split_t *split, struct split_id_node **way,
                    uint32_t *id)
{
    if ((!split->ids || !split->ids->free) && !level_add(alloc, split)) {
        return ALLOCMAN_NO_BOOK;
    }
    const unsigned levels = split->id_levels;
    way[levels - 1] = split->ids;
    *id = 0;
    for (unsigned level = levels - 1; level > 0; level--) { /* bounded by id_levels */
        struct split_id_node *const node = way[level];
        if (!node->free) {
            return ALLOCMAN_STATUS_COUNT;
        }
        const unsigned c = am_lowest(node->free);
        *id |= (uint32_t)c << (LEVEL_BITS * level);
        struct split_id_node *const made = node->child[c] ? NULL : node_make(alloc, split);
        if (levels != split->id_levels || (made && node->child[c])) {
            if (made) {
                node_drop(alloc, split, made);
            }
            return ALLOCMAN_STATUS_COUNT;
        }
        if (!made && !node->child[c]) {
            if (!alloc->in_mspace) { /* else what was made waits for the next number */
                way_trim(alloc, split, way, *id, level);
                levels_trim(alloc, split);
            }
            return ALLOCMAN_NO_BOOK;
        }
        if (made) {
            node->child[c] = made;
            node->used |= (uint32_t)1 << c;
        }
        way[level - 1] = node->child[c];
    }
    return way[0]->free ? ALLOCMAN_OK : ALLOCMAN_STATUS_COUNT;
}

uint32_t am_id_take(allocman_t *alloc, utspace_split_t *split, struct split_group *group)
{
    struct split_id_node *way[LEVELS_MAX];
    uint32_t id = 0;
    int status = ALLOCMAN_STATUS_COUNT;
    for (unsigned i = 0; status == ALLOCMAN_STATUS_COUNT && i < RETRIES_MAX; i++) {
        status = way_make(alloc, split, way, &id);
    }
    if (status) {
        return 0;
    }
    const unsigned c = am_lowest(way[0]->free);
    id |= c;
    if (id > AM_ID_MAX) {
        return 0; /* the nodes are full but for this number: none of them is empty */
    }
    way[0]->child[c] = group;
    way[0]->used |= (uint32_t)1 << c;
    for (unsigned level = 0; level < split->id_levels;
         level++) { /* full nodes tell their parents */
        way[level]->free &= ~((uint32_t)1 << ((id >> (LEVEL_BITS * level)) & 31u));
        if (way[level]->free) {
            break;
        }
    }
    return id;
}

void am_id_drop(allocman_t *alloc, utspace_split_t *split, uint32_t id)
{
    struct split_id_node *way[LEVELS_MAX];
    split->recent = NULL;
    way[split->id_levels - 1] = split->ids;
    for (unsigned level = split->id_levels - 1; level > 0; level--) { /* bounded by id_levels */
        way[level - 1] = way[level]->child[(id >> (LEVEL_BITS * level)) & 31u];
    }
    way[0]->child[id & 31u] = NULL;
    way[0]->used &= ~((uint32_t)1 << (id & 31u));
    for (unsigned level = 0; level < split->id_levels; level++) {
        way[level]->free |= (uint32_t)1 << ((id >> (LEVEL_BITS * level)) & 31u);
    }
    if (!alloc->in_mspace) { /* else the nodes wait for the next drop */
        way_trim(alloc, split, way, id, 0);
        levels_trim(alloc, split);
    }
}
