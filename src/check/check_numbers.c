/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The table of numbers: every group stands at its own number, and what a node says of the nodes
 * below is so. */

#include "report.h"
#include "split_walk.h"

#define FAN      32u
#define FAN_BITS 5u

struct split_group *am_check_next(const utspace_split_t *split, struct number_walk *walk,
                                  uint32_t *number)
{
    if (!walk->started) {
        if (split->id_levels == 0 || split->id_levels > CHECK_ID_LEVELS_MAX) {
            return NULL;
        }
        walk->started = true;
        walk->level = split->id_levels - 1;
        walk->node[walk->level] = split->ids;
    }
    while (walk->level < split->id_levels) { /* bounded by the entries of all nodes */
        if (walk->next[walk->level] == FAN) {
            walk->next[walk->level++] = 0;
            continue;
        }
        void *const child = walk->node[walk->level]->child[walk->next[walk->level]++];
        if (child && walk->level == 0) {
            *number = 0;
            for (unsigned level = 0; level < split->id_levels; level++) {
                *number |= (uint32_t)(walk->next[level] - 1) << (FAN_BITS * level);
            }
            return child;
        }
        if (child) {
            walk->node[--walk->level] = child;
            walk->next[walk->level] = 0;
        }
    }
    return NULL;
}

const struct split_group *am_check_group(const utspace_split_t *split, uint32_t number)
{
    uint64_t room = 1;
    for (unsigned level = 0; level < split->id_levels; level++) {
        room *= FAN;
    }
    if (number == 0 || number >= room || split->id_levels == 0) {
        return NULL;
    }
    const void *at = split->ids;
    for (unsigned level = split->id_levels; at && level > 0; level--) { /* bounded by the levels */
        room /= FAN;
        at = ((const struct split_id_node *)at)->child[(number / room) % FAN];
    }
    return at;
}

/* One node's bits against its children. `lowest`: its children are groups; `zero`: number 0 lies
 * below. */
static bool node_ok(const struct split_id_node *node, bool lowest, bool zero)
{
    for (unsigned c = 0; c < FAN; c++) {
        const void *const child = node->child[c];
        const bool used = (node->used >> c) & 1u;
        const bool has_free = (node->free >> c) & 1u;
        const bool below = child ? !lowest && ((const struct split_id_node *)child)->free != 0
                                 : !(lowest && zero && c == 0);
        if (used != (child != NULL) || has_free != below) {
            return false;
        }
    }
    return node->used != 0 ||
           zero; /* an empty node is given back, but for the one that keeps number 0 taken */
}

/* All nodes, depth first. */
static bool nodes_ok(const utspace_split_t *split, size_t *nodes)
{
    const struct split_id_node *way[CHECK_ID_LEVELS_MAX];
    unsigned next[CHECK_ID_LEVELS_MAX] = {0};
    unsigned level = split->id_levels - 1;
    way[level] = split->ids;
    bool entered = true;
    while (level < split->id_levels) { /* bounded by the entries of all nodes */
        bool zero = true;
        for (unsigned above = level + 1; above < split->id_levels; above++) {
            zero = zero && next[above] == 1;
        }
        if (entered && !node_ok(way[level], level == 0, zero)) {
            return false;
        }
        *nodes += entered;
        entered = false;
        if (level == 0 || next[level] == FAN) {
            next[level++] = 0;
            continue;
        }
        const void *const child = way[level]->child[next[level]++];
        if (child) {
            way[--level] = child;
            next[level] = 0;
            entered = true;
        }
    }
    return true;
}

bool am_check_numbers(const utspace_split_t *split, struct split_tally *tally,
                      struct allocman_violation *violation)
{
    if (!split->ids || split->id_levels == 0) {
        return (!split->ids && split->id_levels == 0 && !split->first_root) ||
               am_broken(violation, ALLOCMAN_LAW_L1_NUMBERS, "the table has no top, but groups", 0);
    }
    if (split->id_levels > CHECK_ID_LEVELS_MAX ||
        (split->id_levels > 1 ? split->ids->used == 1 : split->ids->used == 0)) {
        return am_broken(violation, ALLOCMAN_LAW_L1_NUMBERS,
                         "the table is higher than it needs to be", split->id_levels);
    }
    size_t nodes = 0;
    if (!nodes_ok(split, &nodes)) {
        return am_broken(violation, ALLOCMAN_LAW_L1_NUMBERS,
                         "a node of the table contradicts its children", nodes);
    }
    tally->book_bytes += nodes * sizeof(struct split_id_node);
    struct number_walk walk = {.started = false};
    uint32_t number = 0;
    const struct split_group *g;
    while ((g = am_check_next(split, &walk, &number)) != NULL) { /* bounded by the table */
        if (g->id != number) {
            return am_broken(violation, ALLOCMAN_LAW_L1_NUMBERS,
                             "a group has another number than its place", number);
        }
        if (am_check_group(split, number) != g) {
            return am_broken(violation, ALLOCMAN_LAW_L1_NUMBERS,
                             "a number does not lead to its group", number);
        }
        tally->groups++;
    }
    return true;
}
