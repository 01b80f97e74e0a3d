/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The map of free numbers: what its nodes say of runs, recomputed from the bits alone. */

#include "map_walk.h"
#include "report.h"

#define LEAF_NUMBERS ((seL4_Word)1 << ALLOCMAN_SLOT_LEAF_BITS)
#define LEAF_WORDS   16u
#define FAN          32u
#define LEVELS_MAX   ALLOCMAN_SLOT_LEVELS_MAX
#define WORD_BITS    (sizeof(seL4_Word) * 8)

/* What a walk over a map adds up. */
struct map_tally {
    size_t taken;      /* numbers */
    size_t book_bytes; /* bytes of leaves and nodes */
};

/* log2 of the numbers below one child of a node at `level`; the lowest nodes, over leaves, are
 * at level 0. */
static unsigned below_bits(unsigned level)
{
    return ALLOCMAN_SLOT_LEAF_BITS + ALLOCMAN_SLOT_NODE_BITS * level;
}

/* Has the untouched part of [number, number + 2^bits) in the map's range an aligned run of
 * 2^order? `number` may lie beyond the range, but does not overflow. */
static bool untouched_has(const struct allocman_slot_map *map, seL4_Word number, unsigned bits,
                          unsigned order)
{
    const seL4_Word first = number > map->first ? number : map->first;
    const seL4_Word last_there =
        bits >= WORD_BITS ? ~(seL4_Word)0 : number + (((seL4_Word)1 << bits) - 1);
    const seL4_Word last = last_there < map->end - 1 ? last_there : map->end - 1; /* inclusive */
    const seL4_Word length = (seL4_Word)1 << order;
    const seL4_Word skip = (length - first % length) % length; /* to the next aligned number */
    return first <= last && last - first >= skip && last - first - skip >= length - 1;
}

/* Has a word of bits an aligned run of 2^order ones, order <= 6? */
static bool word_has(uint64_t word, unsigned order)
{
    const unsigned length = 1u << order;
    const uint64_t ones = length == 64 ? ~UINT64_C(0) : (UINT64_C(1) << length) - 1;
    if (word == 0 || word == ~UINT64_C(0)) {
        return word != 0;
    }
    for (unsigned at = 0; at < 64; at += length) {
        if (((word >> at) & ones) == ones) {
            return true;
        }
    }
    return false;
}

/* Does an aligned run of 2^order begin in word `w` of a leaf, or lie in it? */
static bool leaf_has(const struct allocman_slot_leaf *leaf, unsigned w, unsigned order)
{
    const unsigned words = order > 6 ? 1u << (order - 6) : 1;
    bool whole = w % words == 0;
    for (unsigned i = w; whole && i < w + words; i++) { /* at most 4 */
        whole = word_has(leaf->free[i], order > 6 ? 6 : order);
    }
    return whole;
}

static unsigned ones_of(uint64_t word)
{
    unsigned ones = 0;
    for (; word != 0; word &= word - 1) { /* at most 64 */
        ones++;
    }
    return ones;
}

/* One leaf, whose first number is `number`. */
static const char *leaf_wrong(const struct allocman_slot_map *map,
                              const struct allocman_slot_leaf *leaf, seL4_Word number,
                              struct map_tally *tally)
{
    unsigned is_free = 0, inside = 0;
    for (unsigned w = 0; w < LEAF_WORDS; w++) {
        uint64_t range = 0;
        for (unsigned b = 0; b < 64; b++) {
            const seL4_Word at = number + w * 64 + b;
            range |= (uint64_t)(at >= number && at >= map->first && at < map->end) << b;
        }
        if (leaf->free[w] & ~range) {
            return "a number outside the range is free";
        }
        is_free += ones_of(leaf->free[w]);
        inside += ones_of(range);
    }
    for (unsigned order = 0; order < ALLOCMAN_RUN_ORDERS; order++) {
        unsigned has = 0;
        for (unsigned w = 0; w < LEAF_WORDS; w++) {
            has |= (unsigned)leaf_has(leaf, w, order) << w;
        }
        if (leaf->has[order] != has || ((leaf->orders >> order) & 1u) != (has != 0)) {
            return "a leaf's runs are not those of its bits";
        }
    }
    for (unsigned w = 0; w < LEAF_WORDS; w++) {
        unsigned longest = 0;
        for (unsigned order = 0; order <= 6; order++) {
            longest = word_has(leaf->free[w], order) ? order + 1 : longest;
        }
        if (((leaf->longest >> (4 * w)) & 15u) != longest) {
            return "a word's longest run is not that of its bits";
        }
    }
    if (leaf->free_count != is_free || leaf->size != inside ||
        leaf->orders >> ALLOCMAN_RUN_ORDERS) {
        return "a leaf's count is not that of its bits";
    }
    tally->taken += inside - is_free;
    tally->book_bytes += sizeof(*leaf);
    return is_free == inside ? "a leaf that is wholly free is still there" : NULL;
}

/* Orders of runs that child `c` of a node has, from the child itself. */
static uint32_t orders_of(const struct allocman_slot_map *map,
                          const struct allocman_slot_node *node, unsigned c, unsigned level,
                          seL4_Word number)
{
    const void *const child = node->child[c];
    if (child) {
        return level == 0 ? ((const struct allocman_slot_leaf *)child)->orders
                          : ((const struct allocman_slot_node *)child)->orders;
    }
    const unsigned bits = below_bits(level);
    uint32_t orders = 0;
    /* Numbers past the end of the range may not fit a word. */
    if ((map->end - 1 - number) >> (bits < WORD_BITS ? bits : WORD_BITS - 1) < c ||
        map->end - 1 < number) {
        return 0;
    }
    for (unsigned order = 0; order < ALLOCMAN_RUN_ORDERS; order++) {
        orders |= (uint32_t)untouched_has(map, number + c * ((seL4_Word)1 << bits), bits, order)
                  << order;
    }
    return orders;
}

/* One node, whose first number is `number`. */
static const char *node_wrong(const struct allocman_slot_map *map,
                              const struct allocman_slot_node *node, unsigned level,
                              seL4_Word number)
{
    uint32_t has[ALLOCMAN_RUN_ORDERS] = {0};
    for (unsigned c = 0; c < FAN; c++) {
        const uint32_t orders = orders_of(map, node, c, level, number);
        for (unsigned order = 0; order < ALLOCMAN_RUN_ORDERS; order++) {
            has[order] |= ((orders >> order) & 1u) << c;
        }
        if (((node->present >> c) & 1u) != (node->child[c] != NULL)) {
            return "a node does not know which children it has";
        }
    }
    for (unsigned order = 0; order < ALLOCMAN_RUN_ORDERS; order++) {
        if (node->has[order] != has[order] || ((node->orders >> order) & 1u) != (has[order] != 0)) {
            return "a node's runs are not those of its children";
        }
    }
    return node->orders >> ALLOCMAN_RUN_ORDERS ? "a node has runs of an order that is none" : NULL;
}

/* All nodes and leaves, depth first. */
static const char *tree_wrong(const struct allocman_slot_map *map, struct map_tally *tally,
                              seL4_Word *where)
{
    const struct allocman_slot_node *way[LEVELS_MAX];
    seL4_Word number[LEVELS_MAX];
    unsigned next[LEVELS_MAX] = {0};
    unsigned level = map->levels - 1;
    way[level] = &map->top;
    number[level] = *where = map->base;
    const char *wrong = node_wrong(map, way[level], level, map->base);
    while (!wrong && level < map->levels) { /* bounded by the children of all nodes */
        if (next[level] == FAN) {
            next[level++] = 0;
            continue;
        }
        const unsigned c = next[level]++;
        const void *const child = way[level]->child[c];
        if (!child) {
            continue;
        }
        *where = number[level] + c * ((seL4_Word)1 << below_bits(level));
        if (level == 0) {
            wrong = leaf_wrong(map, child, *where, tally);
            continue;
        }
        way[--level] = child;
        number[level] = *where;
        next[level] = 0;
        tally->book_bytes += sizeof(struct allocman_slot_node);
        wrong = node_wrong(map, way[level], level, *where);
        if (!wrong && way[level]->present == 0) {
            wrong = "a node that is wholly free is still there";
        }
    }
    return wrong;
}

static unsigned levels_needed(const struct allocman_slot_map *map)
{
    unsigned levels = 1;
    while (levels < LEVELS_MAX && below_bits(levels) < WORD_BITS &&
           (map->end - 1 - map->base) >> below_bits(levels)) {
        levels++;
    }
    return levels;
}

/* The leaf of a number of the range, or NULL. */
static const struct allocman_slot_leaf *leaf_at(const struct allocman_slot_map *map,
                                                seL4_Word number)
{
    const void *at = &map->top;
    for (unsigned level = map->levels; at && level-- > 0;) { /* bounded by the levels */
        at = ((const struct allocman_slot_node *)at)
                 ->child[((number - map->base) >> below_bits(level)) % FAN];
    }
    return at;
}

bool am_check_map(const struct allocman_slot_map *map, enum allocman_law law,
                  struct allocman_violation *violation)
{
    struct map_tally tally = {0};
    seL4_Word where = 0;
    if (map->first >= map->end || map->base % LEAF_NUMBERS != 0 || map->base > map->first ||
        map->first - map->base >= LEAF_NUMBERS || map->levels != levels_needed(map)) {
        return am_broken(violation, law, "a map's range and its height do not fit", map->first);
    }
    const char *const wrong = tree_wrong(map, &tally, &where);
    if (wrong) {
        return am_broken(violation, law, wrong, where);
    }
    if (map->free_count != map->end - map->first - tally.taken) {
        return am_broken(violation, law, "a map's count is not that of its leaves",
                         map->free_count);
    }
    if (map->cursor &&
        (map->cursor_first % 64 != 0 || map->cursor_first < map->base ||
         map->cursor_first >= map->end || leaf_at(map, map->cursor_first) != map->cursor)) {
        return am_broken(violation, law, "a map's cursor is in no leaf of it", map->cursor_first);
    }
    return map->book_bytes == tally.book_bytes ||
           am_broken(violation, law, "bytes of a map's records", tally.book_bytes);
}

bool am_check_map_free(const struct allocman_slot_map *map, seL4_Word number)
{
    const struct allocman_slot_leaf *const leaf = leaf_at(map, number);
    const unsigned bit = (unsigned)((number - map->base) % LEAF_NUMBERS);
    return !leaf || (leaf->free[bit / 64] >> (bit % 64) & 1u);
}

bool cspace_single_level_check(const cspace_single_level_t *cspace,
                               struct allocman_violation *violation)
{
    if (cspace->map.first != cspace->config.first_slot ||
        cspace->map.end != cspace->config.end_slot) {
        return am_broken(violation, ALLOCMAN_LAW_L2_SLOTS,
                         "the map is not of the range that was given", cspace->map.first);
    }
    return am_check_map(&cspace->map, ALLOCMAN_LAW_L2_SLOTS, violation);
}
