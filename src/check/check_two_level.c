/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* A slot manager of two levels: its table, its lists, and the map of each second level. */

#include "map_walk.h"
#include "report.h"

#define FAN                      (1u << ALLOCMAN_INDEX_BITS)
#define LEVELS_MAX               ALLOCMAN_INDEX_LEVELS_MAX
#define LIST_FULL                ALLOCMAN_RUN_ORDERS
#define LIST_EMPTY               (ALLOCMAN_RUN_ORDERS + 1)
#define CHECK_L2(v, what, where) am_broken(v, ALLOCMAN_LAW_L2_SLOTS, what, where)

typedef struct cspace_two_level_node node_t;

/* What a walk over the table adds up. */
struct table_tally {
    size_t entries;
    size_t free_slots;
    size_t in_list[ALLOCMAN_TWO_LEVEL_LISTS];
};

/* The list that a second level belongs in, by its map. */
static unsigned list_of(const cspace_two_level_t *cspace, const node_t *node)
{
    unsigned list = LIST_FULL;
    for (unsigned order = 0; order < ALLOCMAN_RUN_ORDERS && !node->unusable; order++) {
        list = (node->map.top.orders >> order) & 1u ? order : list;
    }
    const bool empty = node->map.free_count == (size_t)1 << cspace->config.level_two_bits;
    return empty && node->cookie ? LIST_EMPTY : list;
}

static bool node_ok(const cspace_two_level_t *cspace, const node_t *node, size_t number,
                    struct table_tally *tally, struct allocman_violation *violation)
{
    if (node->index != cspace->config.first_slot + number || node->map.first != 0 ||
        node->map.end != (seL4_Word)1 << cspace->config.level_two_bits) {
        return CHECK_L2(violation, "a second level does not fit its place in the table", number);
    }
    if (!am_check_map(&node->map, ALLOCMAN_LAW_L2_SLOTS, violation)) {
        return false;
    }
    if (node->list != list_of(cspace, node)) {
        return CHECK_L2(violation, "a second level is in the wrong list", node->index);
    }
    tally->entries++;
    tally->free_slots += node->unusable ? 0 : node->map.free_count;
    tally->in_list[node->list]++;
    return true;
}

/* All entries of the table, depth first, and whether its nodes know which numbers are free. */
static bool table_ok(const cspace_two_level_t *cspace, struct table_tally *tally,
                     struct allocman_violation *violation)
{
    const struct allocman_index_node *way[LEVELS_MAX] = {&cspace->index.top};
    size_t number[LEVELS_MAX] = {0};
    unsigned next[LEVELS_MAX] = {0};
    const unsigned levels = cspace->index.levels;
    for (unsigned depth = 0;;) { /* bounded by the children of all nodes */
        if (next[depth] == FAN) {
            if (depth == 0) {
                return true;
            }
            depth--;
            continue;
        }
        const unsigned c = next[depth]++;
        const bool lowest = depth + 1 == levels;
        const void *const child = way[depth]->child[c];
        const struct allocman_index_node *const below = lowest ? NULL : child;
        const bool full = child && (lowest || !~below->full);
        if (((way[depth]->used >> c) & 1u) != (child != NULL) ||
            ((way[depth]->full >> c) & 1u) != full || (below && !below->used)) {
            return CHECK_L2(violation, "the table of second levels contradicts itself", c);
        }
        const size_t at = number[depth] << ALLOCMAN_INDEX_BITS | c;
        if (child && lowest && !node_ok(cspace, child, at, tally, violation)) {
            return false;
        }
        if (below) {
            way[++depth] = below;
            number[depth] = at;
            next[depth] = 0;
        }
    }
}

/* Is each list linked both ways, and as long as it should be? */
static bool lists_ok(const cspace_two_level_t *cspace, const struct table_tally *tally,
                     struct allocman_violation *violation)
{
    for (unsigned list = 0; list < ALLOCMAN_TWO_LEVEL_LISTS; list++) {
        size_t length = 0;
        const node_t *prev = NULL;
        for (const node_t *node = cspace->list[list]; node && length <= tally->in_list[list];
             node = node->next) {
            if (node->prev != prev || node->list != list) {
                return CHECK_L2(violation, "a list of second levels is broken", node->index);
            }
            prev = node;
            length++;
        }
        if (length != tally->in_list[list]) {
            return CHECK_L2(violation, "a list of second levels has another length", list);
        }
    }
    return true;
}

bool cspace_two_level_check(const cspace_two_level_t *cspace, struct allocman_violation *violation)
{
    struct table_tally tally = {0};
    if (!table_ok(cspace, &tally, violation) || !lists_ok(cspace, &tally, violation)) {
        return false;
    }
    if (tally.entries != cspace->index.count) {
        return CHECK_L2(violation, "another number of second levels than is told", tally.entries);
    }
    if (tally.free_slots != cspace->free_count) {
        return CHECK_L2(violation, "another number of free slots than is told", tally.free_slots);
    }
    return !cspace->growing || CHECK_L2(violation, "a growth step was left unfinished", 0);
}

bool am_check_two_level_taken(const cspace_two_level_t *cspace, seL4_CPtr slot)
{
    const size_t index = (size_t)(slot >> cspace->config.level_two_bits);
    const seL4_Word mask = ((seL4_Word)1 << cspace->config.level_two_bits) - 1;
    if (index < cspace->config.first_slot || index >= cspace->config.end_slot) {
        return false;
    }
    const size_t number = index - cspace->config.first_slot;
    const void *at = &cspace->index.top;
    for (unsigned level = cspace->index.levels; at && level-- > 0;) { /* bounded by levels */
        at = ((const struct allocman_index_node *)at)
                 ->child[(number >> (ALLOCMAN_INDEX_BITS * level)) % FAN];
    }
    const node_t *const node = at;
    return node && !node->unusable && !am_check_map_free(&node->map, slot & mask);
}
