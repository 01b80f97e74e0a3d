/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The class lists and the tree of roots by address: what finds a free block. */

#include "report.h"
#include "split_walk.h"

/* Height of a balanced tree (AVL) of at most 2^32 nodes, and one more. */
#define WAY_MAX 48u

static bool list_broken(struct allocman_violation *violation, const char *what, uint32_t where)
{
    return am_broken(violation, ALLOCMAN_LAW_L1_LISTS, what, where);
}

/* May `g` stand in the ring of free roots (`roots`) or groups of that family and class? */
static bool belongs(const struct split_group *g, unsigned family, unsigned bits, bool roots)
{
    return am_check_family(g) == family && g->child_bits == bits && g->free_count > 0 &&
           ((g->flags & GROUP_ROOT) != 0) == roots && !(g->flags & GROUP_ASIDE);
}

/* What the rings of a class hold. */
struct ring_tally {
    size_t members;
    uint64_t is_free;    /* children */
    uint16_t kept;       /* bit f: a wholly free group with 2^f children */
    uint32_t kept_twice; /* one with as many as another, or 0 */
};

/* One ring, from its first member round. Each has one `next`, so it is in no other. */
static bool ring_ok(const utspace_split_t *split, uint32_t first, unsigned family, unsigned bits,
                    bool roots, size_t limit, struct ring_tally *ring,
                    struct allocman_violation *violation)
{
    bool whole_seen = false;
    uint32_t at = first;
    for (size_t i = 0; first != 0; i++) { /* bounded by the groups */
        const struct split_group *const g = am_check_group(split, at);
        const struct split_group *const next = g ? am_check_group(split, g->next) : NULL;
        if (!next || next->prev != g->id || i > limit) {
            return list_broken(violation, "a ring that does not close", at);
        }
        if (!belongs(g, family, bits, roots)) {
            return list_broken(violation, "a group in the ring of another class", at);
        }
        const bool whole = g->free_count == 1u << g->fan_out_bits;
        if (!roots && whole_seen && !whole) {
            return list_broken(violation, "a wholly free group before a partly used one", at);
        }
        whole_seen = whole;
        ring->members++;
        ring->is_free += g->free_count;
        if (whole && !roots) {
            const uint16_t bit = (uint16_t)(1u << g->fan_out_bits);
            ring->kept_twice = ring->kept & bit ? g->id : ring->kept_twice;
            ring->kept |= bit;
        }
        at = g->next;
        if (at == first) {
            break;
        }
    }
    return true;
}

/* What stands in no ring has no neighbours. */
static bool loners_ok(const utspace_split_t *split, struct allocman_violation *violation)
{
    struct number_walk walk = {.started = false};
    uint32_t number = 0;
    const struct split_group *g;
    while ((g = am_check_next(split, &walk, &number)) != NULL) { /* bounded by the table */
        const bool listed = g->free_count > 0 && am_check_family(g) < CHECK_FAMILIES;
        if ((g->next != 0) != listed || (g->prev != 0) != listed) {
            return list_broken(violation,
                               listed ? "a group with free children in no ring"
                                      : "a group in a ring without free children",
                               number);
        }
    }
    return true;
}

/* All that is in a ring belongs there: so if they are as many as belong in one, none is missing. */
bool am_check_lists(const utspace_split_t *split, struct split_tally *tally,
                    struct allocman_violation *violation)
{
    size_t members = 0;
    for (unsigned f = 0; f < CHECK_FAMILIES; f++) {
        const struct split_family *const family = &split->family[f];
        if (family->classes >> (CHECK_CLASSES - 1) > 1) {
            return list_broken(violation, "a class that cannot be", f);
        }
        for (unsigned bits = 0; bits < CHECK_CLASSES; bits++) {
            struct ring_tally ring = {0};
            if (!ring_ok(split, family->root[bits], f, bits, true, tally->groups, &ring,
                         violation) ||
                !ring_ok(split, family->head[bits], f, bits, false, tally->groups, &ring,
                         violation)) {
                return false;
            }
            members += ring.members;
            tally->kept_twice = ring.kept_twice ? ring.kept_twice : tally->kept_twice;
            if (((family->classes >> bits) & 1u) != (ring.members > 0)) {
                return list_broken(violation,
                                   "a class's bit does not say whether it has free children", bits);
            }
            if (family->free_count[bits] != ring.is_free) {
                return am_broken(violation, ALLOCMAN_LAW_L4_TOTALS, "free children of a class",
                                 bits);
            }
        }
    }
    return loners_ok(split, violation) &&
           (members == tally->listed ||
            list_broken(violation, "groups in a ring that is no class's",
                        (uint32_t)(tally->listed - members)));
}

static bool address_broken(struct allocman_violation *violation, const char *what, uint32_t where)
{
    return am_broken(violation, ALLOCMAN_LAW_L1_ADDRESSES, what, where);
}

/* Heights of one root and of those just below it; right everywhere means balanced everywhere. */
static bool height_ok(const utspace_split_t *split, const struct split_group *g)
{
    const struct split_group *const left = am_check_group(split, g->left);
    const struct split_group *const right = am_check_group(split, g->right);
    const int l = left ? left->height : 0;
    const int r = right ? right->height : 0;
    return (left != NULL) == (g->left != 0) && (right != NULL) == (g->right != 0) && l - r <= 1 &&
           r - l <= 1 && g->height == (l > r ? l : r) + 1;
}

/* One root against the one before it in order. */
static bool order_ok(const struct split_group *before, const struct split_group *g)
{
    const seL4_Word size = (seL4_Word)1 << (before ? before->root_bits : 0);
    return !before || (before->paddr < g->paddr && g->paddr - before->paddr >= size);
}

bool am_check_addresses(const utspace_split_t *split, const struct split_tally *tally,
                        struct allocman_violation *violation)
{
    const struct split_group *way[WAY_MAX];
    const struct split_group *before = NULL;
    const struct split_group *at = split->roots;
    unsigned height = 0;
    size_t visited = 0;
    while (at || height > 0) { /* in order; bounded by the roots */
        if (at && height < WAY_MAX) {
            way[height++] = at;
            at = am_check_group(split, at->left);
            continue;
        }
        if (at || visited++ > tally->addressed) {
            return address_broken(violation, "a way that is longer than a balanced tree's",
                                  at ? at->id : 0);
        }
        const struct split_group *const g = way[--height];
        if (!(g->flags & GROUP_ROOT) || g->paddr == ALLOCMAN_NO_PADDR) {
            return address_broken(violation, "no root with an address", g->id);
        }
        if (!height_ok(split, g)) {
            return address_broken(violation, "heights are wrong or out of balance", g->id);
        }
        if (!order_ok(before, g)) {
            return address_broken(violation, "roots out of order, or one over another", g->id);
        }
        before = g;
        at = am_check_group(split, g->right);
    }
    return visited == tally->addressed ||
           address_broken(violation, "not every root with an address is there", (uint32_t)visited);
}
