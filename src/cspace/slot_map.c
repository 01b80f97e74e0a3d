/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "slot_map.h"

#include <string.h>

#include "../bits.h"
#include "../internal.h"
#include "slot_leaf.h"

#define LEAF_BITS    ALLOCMAN_SLOT_LEAF_BITS
#define NODE_BITS    ALLOCMAN_SLOT_NODE_BITS
#define ORDERS       ALLOCMAN_RUN_ORDERS
#define LEAF_NUMBERS ((seL4_Word)AM_SLOT_LEAF_NUMBERS)
/* Descents that may find their way changed by a nested request before one is given up. */
#define RETRIES_MAX 4

_Static_assert(LEAF_BITS + NODE_BITS * ALLOCMAN_SLOT_LEVELS_MAX >= 64,
               "every range has enough levels");
_Static_assert(sizeof(struct allocman_slot_leaf) <= 160, "a leaf is 10 granules of book memory");

/* A leaf, and the offset of its first number from the map's base. */
struct place {
    struct allocman_slot_leaf *leaf;
    seL4_Word offset;
};

/* log2 of the numbers that one child of a node `depth` below the top stands for. */
static unsigned child_bits(const struct allocman_slot_map *map, unsigned depth)
{
    return LEAF_BITS + NODE_BITS * (map->levels - 1 - depth);
}

/* The part of [offset, offset + 2^bits) that lies in the map's range, as offsets; empty: *low >=
 * *high. */
static void part_in_range(const struct allocman_slot_map *map, seL4_Word offset, unsigned bits,
                          seL4_Word *low, seL4_Word *high)
{
    const seL4_Word range_low = map->first - map->base;
    const seL4_Word range_high = map->end - map->base;
    const seL4_Word last = offset + (seL4_Word)am_mask(bits); /* inclusive: may not overflow */
    *low = offset > range_low ? offset : range_low;
    *high = last < range_high ? last + 1 : range_high;
}

/* Which orders of aligned runs an untouched part of the range has. */
static uint32_t orders_untouched(const struct allocman_slot_map *map, seL4_Word offset,
                                 unsigned bits)
{
    seL4_Word low, high;
    part_in_range(map, offset, bits, &low, &high);
    uint32_t orders = 0;
    for (unsigned order = 0; order < ORDERS && low < high; order++) {
        const seL4_Word start = (low + AM_BIT(order) - 1) & ~(AM_BIT(order) - 1);
        if (start < high && high - start >= AM_BIT(order)) {
            orders |= 1u << order;
        }
    }
    return orders;
}

AM_APART static void node_init(const struct allocman_slot_map *map, struct allocman_slot_node *node,
                               unsigned depth, seL4_Word offset)
{
    const unsigned bits = child_bits(map, depth);
    memset(node, 0, sizeof(*node));
    for (unsigned c = 0; c < 32; c++) {
        /* A child beyond the range may begin beyond the largest number: it has no runs then. */
        const bool reachable = ((map->end - 1 - map->base) >> bits) >= (offset >> bits) + c;
        const uint32_t orders =
            reachable ? orders_untouched(map, offset + ((seL4_Word)c << bits), bits) : 0;
        for (unsigned order = 0; order < ORDERS; order++) {
            node->has[order] |= ((orders >> order) & 1u) << c;
        }
        node->orders |= orders;
    }
}

AM_APART static void leaf_init(const struct allocman_slot_map *map, struct allocman_slot_leaf *leaf,
                               seL4_Word offset)
{
    seL4_Word low, high;
    part_in_range(map, offset, LEAF_BITS, &low, &high);
    memset(leaf, 0, sizeof(*leaf));
    for (unsigned w = 0; w < 16; w++) {
        const seL4_Word start = offset + 64 * w;
        const unsigned from = low > start ? (low - start < 64 ? (unsigned)(low - start) : 64) : 0;
        const unsigned to = high > start ? (high - start < 64 ? (unsigned)(high - start) : 64) : 0;
        leaf->free[w] = am_mask(to) & ~am_mask(from);
        am_slot_leaf_update(leaf, w);
    }
    leaf->size = (uint16_t)(high - low);
    leaf->free_count = leaf->size;
}

void am_slot_map_init(struct allocman_slot_map *map, seL4_Word first, seL4_Word end)
{
    memset(map, 0, sizeof(*map));
    map->first = first;
    map->end = end;
    map->base = first & ~(seL4_Word)am_mask(LEAF_BITS);
    map->free_count = end - first;
    map->levels = 1;
    while (LEAF_BITS + NODE_BITS * map->levels < AM_WORD_BITS &&
           (end - 1 - map->base) >> (LEAF_BITS + NODE_BITS * map->levels)) {
        map->levels++; /* at most ALLOCMAN_SLOT_LEVELS_MAX: the first condition */
    }
    node_init(map, &map->top, 0, 0);
}

void am_slot_map_needs(const struct allocman_slot_map *map, struct allocman_need *need)
{
    need[0] = (struct allocman_need){.bytes = sizeof(struct allocman_slot_leaf), .count = 2};
    need[1] = (struct allocman_need){.bytes = sizeof(struct allocman_slot_node),
                                     .count = 2 * (map->levels - 1)};
}

static void *record_alloc(allocman_t *alloc, struct allocman_slot_map *map, size_t bytes)
{
    void *const record = allocman_mspace_alloc(alloc, bytes, NULL);
    map->book_bytes += record ? bytes : 0;
    return record;
}

static void record_free(allocman_t *alloc, struct allocman_slot_map *map, void *record,
                        size_t bytes)
{
    map->book_bytes -= bytes;
    allocman_mspace_free(alloc, record, bytes);
}

/* The child with a run of `order` that has the least of longer runs; there is one. */
AM_APART static unsigned node_pick(const struct allocman_slot_node *node, unsigned order)
{
    for (unsigned o = order; o + 1 < ORDERS; o++) {
        const uint32_t exact = node->has[o] & ~node->has[o + 1];
        if (exact) {
            return am_lowest(exact);
        }
    }
    return am_lowest(node->has[ORDERS - 1]);
}

static unsigned child_at(const struct allocman_slot_map *map, unsigned depth, seL4_Word offset)
{
    return (unsigned)(offset >> child_bits(map, depth)) & 31u;
}

/* Make the child of a node that has none at `offset`; false: no book memory, or somebody else was
 * quicker. */
static bool child_make(allocman_t *alloc, struct allocman_slot_map *map,
                       struct allocman_slot_node *node, unsigned depth, seL4_Word offset,
                       int *error)
{
    const bool is_leaf = depth + 1 == map->levels;
    const unsigned c = child_at(map, depth, offset);
    const size_t bytes =
        is_leaf ? sizeof(struct allocman_slot_leaf) : sizeof(struct allocman_slot_node);
    void *const record = record_alloc(alloc, map, bytes);
    if (!record) {
        *error = ALLOCMAN_NO_BOOK;
        return false;
    }
    if (node->child[c]) { /* a book memory manager took slots meanwhile, and just these */
        record_free(alloc, map, record, bytes);
        *error = ALLOCMAN_OK;
        return false;
    }
    if (is_leaf) {
        leaf_init(map, record, offset);
    } else {
        node_init(map, record, depth + 1, offset);
    }
    node->child[c] = record;
    node->present |= 1u << c;
    return true;
}

/* Cut off what leads to `offset` and nowhere else, and give its records back. */
AM_SELDOM static void branch_drop(allocman_t *alloc, struct allocman_slot_map *map,
                                  seL4_Word offset)
{
    struct allocman_slot_node *fork = &map->top; /* the last that leads elsewhere too */
    unsigned depth = 0;
    struct allocman_slot_node *node = fork;
    for (unsigned d = 0; node && d < map->levels; d++) { /* bounded by levels */
        const unsigned c = child_at(map, d, offset);
        if (node->present & ~(1u << c)) {
            fork = node;
            depth = d;
        }
        node = node->child[c];
    }
    const unsigned c = child_at(map, depth, offset);
    void *record = fork->child[c];
    fork->child[c] = NULL;
    fork->present &= ~(1u << c);
    while (record) { /* bounded by levels */
        depth++;
        const bool is_leaf = depth == map->levels;
        node = record;
        void *const next = is_leaf ? NULL : node->child[child_at(map, depth, offset)];
        map->cursor = map->cursor == record ? NULL : map->cursor;
        record_free(alloc, map, record,
                    is_leaf ? sizeof(struct allocman_slot_leaf) : sizeof(*node));
        record = next;
    }
}

/* Walk to a leaf: to the one of `number` if `order` is ORDERS, else to one that has a run of
 * `order`. ALLOCMAN_OK, ALLOCMAN_NO_SLOT or ALLOCMAN_NO_BOOK. */
static int leaf_find(allocman_t *alloc, struct allocman_slot_map *map, unsigned order,
                     seL4_Word number, struct place *place)
{
    for (unsigned attempt = 0; attempt < RETRIES_MAX; attempt++) {
        if (order < ORDERS && !map->top.has[order]) {
            return ALLOCMAN_NO_SLOT;
        }
        void *record = &map->top;
        seL4_Word offset = 0;
        int error = ALLOCMAN_OK;
        unsigned depth = 0;
        for (; depth < map->levels; depth++) { /* bounded by levels */
            struct allocman_slot_node *const node = record;
            const unsigned c =
                order < ORDERS ? node_pick(node, order) : child_at(map, depth, number - map->base);
            offset += (seL4_Word)c << child_bits(map, depth);
            if (!node->child[c] && !child_make(alloc, map, node, depth, offset, &error)) {
                if (!node->child[c]) { /* drop what was made before it on this walk */
                    branch_drop(alloc, map, offset);
                }
                break;
            }
            record = node->child[c];
        }
        *place = (struct place){record, offset};
        if (depth == map->levels || error) {
            return error;
        }
    }
    return ALLOCMAN_NO_BOOK;
}

/* Walk to a leaf that is there already and has a run of `order`: for when a new one cannot be
 * had. Tries each child of the top, and below it the best at each level. */
AM_SELDOM static bool leaf_find_present(struct allocman_slot_map *map, unsigned order,
                                        struct place *place)
{
    for (uint32_t tops = map->top.has[order] & map->top.present; tops; tops &= tops - 1) { /* 32 */
        seL4_Word offset = (seL4_Word)am_lowest(tops) << child_bits(map, 0);
        void *child = map->top.child[am_lowest(tops)];
        for (unsigned depth = 1; child && depth < map->levels; depth++) { /* bounded by levels */
            struct allocman_slot_node *const node = child;
            const uint32_t fitting = node->has[order] & node->present;
            const unsigned c = fitting ? am_lowest(fitting) : 0;
            offset += (seL4_Word)c << child_bits(map, depth);
            child = fitting ? node->child[c] : NULL;
        }
        if (child) {
            *place = (struct place){child, offset};
            return true;
        }
    }
    return false;
}

/* Tell the nodes above which orders of runs a number's leaf has now and had not, or the other way
 * round; stops where nothing changes: mostly at once. */
AM_SELDOM static void nodes_update(struct allocman_slot_map *map, seL4_Word number,
                                   uint32_t changed)
{
    struct allocman_slot_node *way[ALLOCMAN_SLOT_LEVELS_MAX];
    void *record = &map->top;
    for (unsigned depth = 0; depth < map->levels; depth++) { /* bounded by levels */
        way[depth] = record;
        record = way[depth]->child[child_at(map, depth, number - map->base)];
    }
    for (unsigned depth = map->levels; changed && depth-- > 0;) { /* bounded by levels */
        struct allocman_slot_node *const node = way[depth];
        const uint32_t child = 1u << child_at(map, depth, number - map->base);
        uint32_t above = 0;
        for (; changed; changed &= changed - 1) { /* at most ORDERS */
            const unsigned order = am_lowest(changed);
            const uint32_t had = node->has[order];
            const uint32_t has = had ^ child;
            node->has[order] = has;
            above |= !had || !has ? 1u << order : 0; /* the first, or the last that had any */
        }
        node->orders ^= above;
        changed = above;
    }
}

static inline void leaf_changed(struct allocman_slot_map *map, seL4_Word number, uint32_t changed)
{
    if (changed) {
        nodes_update(map, number, changed);
    }
}

AM_SELDOM void am_slot_map_word_changed(struct allocman_slot_map *map,
                                        struct allocman_slot_leaf *leaf, seL4_Word number)
{
    const uint32_t orders = leaf->orders;
    am_slot_leaf_update(leaf, (unsigned)(number % LEAF_NUMBERS) / 64);
    leaf_changed(map, number, orders ^ leaf->orders);
}

/* Take a run out of a leaf that has one; its first number. */
AM_APART static seL4_Word run_take(struct allocman_slot_map *map, const struct place *place,
                                   unsigned order)
{
    struct allocman_slot_leaf *const leaf = place->leaf;
    const unsigned at = am_slot_leaf_pick(leaf, order);
    const seL4_Word first = map->base + place->offset + at;
    const uint32_t orders = leaf->orders;
    am_slot_leaf_write(leaf, at, order, false);
    map->free_count -= (size_t)1 << order;
    leaf_changed(map, first, orders ^ leaf->orders);
    if (order == 0) {
        am_slot_map_cursor_set(map, leaf, first);
    }
    return first;
}

int am_slot_map_alloc(allocman_t *alloc, struct allocman_slot_map *map, unsigned order,
                      seL4_Word *first)
{
    struct place place;
    int error = leaf_find(alloc, map, order, 0, &place);
    if (error == ALLOCMAN_NO_BOOK && leaf_find_present(map, order, &place)) {
        error = ALLOCMAN_OK;
    }
    if (!error) {
        *first = run_take(map, &place, order);
    }
    return error;
}

int am_slot_map_alloc_at(allocman_t *alloc, struct allocman_slot_map *map, seL4_Word number)
{
    struct place place;
    if (number < map->first || number >= map->end) {
        return ALLOCMAN_NO_SLOT;
    }
    const int error = leaf_find(alloc, map, ORDERS, number, &place);
    if (error) {
        return error;
    }
    struct allocman_slot_leaf *const leaf = place.leaf;
    const unsigned at = (unsigned)(number - map->base - place.offset);
    if (am_slot_leaf_taken(leaf, at, 0)) {
        return ALLOCMAN_NO_SLOT;
    }
    const uint32_t orders = leaf->orders;
    am_slot_leaf_write(leaf, at, 0, false);
    map->free_count--;
    leaf_changed(map, number, orders ^ leaf->orders);
    return ALLOCMAN_OK;
}

int am_slot_map_free(allocman_t *alloc, struct allocman_slot_map *map, seL4_Word first,
                     unsigned order)
{
    if (order == 0 && am_slot_map_give_back(map, first)) {
        return ALLOCMAN_OK;
    }
    const seL4_Word count = AM_BIT(order);
    const bool inside = first >= map->first && first < map->end && map->end - first >= count;
    struct allocman_slot_leaf *const leaf =
        inside && !(first & (count - 1)) ? am_slot_map_leaf(map, first) : NULL;
    const unsigned at = (unsigned)(first % LEAF_NUMBERS);
    if (!leaf || !am_slot_leaf_taken(leaf, at, order)) {
        return ALLOCMAN_SLOT_NOT_ALLOCATED;
    }
    const uint32_t orders = leaf->orders;
    am_slot_leaf_write(leaf, at, order, true);
    map->free_count += count;
    if (order == 0) {
        am_slot_map_cursor_set(map, leaf, first);
    }
    leaf_changed(map, first, orders ^ leaf->orders);
    /* A leaf that is free as a whole goes; while book memory is busy with the request that led here, it
     * stays for the next free. */
    if (leaf->free_count == leaf->size && !alloc->in_mspace) {
        branch_drop(alloc, map, first - map->base);
    }
    return ALLOCMAN_OK;
}

bool am_slot_map_is_free(const struct allocman_slot_map *map, seL4_Word number)
{
    const struct allocman_slot_leaf *const leaf = am_slot_map_leaf(map, number);
    return !leaf || !am_slot_leaf_taken(leaf, (unsigned)(number % LEAF_NUMBERS), 0);
}

void am_slot_map_destroy(allocman_t *alloc, struct allocman_slot_map *map)
{
    while (map->top.present) { /* each turn drops a leaf, so the records bound the loop */
        void *record = &map->top;
        seL4_Word offset = 0;
        for (unsigned depth = 0; depth < map->levels; depth++) { /* bounded by levels */
            struct allocman_slot_node *const node = record;
            offset += (seL4_Word)am_lowest(node->present) << child_bits(map, depth);
            record = node->child[am_lowest(node->present)];
        }
        branch_drop(alloc, map, offset);
    }
    am_slot_map_init(map, map->first, map->end);
}
