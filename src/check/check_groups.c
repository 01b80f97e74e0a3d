/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The split trees: each group fits its parent's child, and each split child has exactly one
 * group. */

#include "report.h"
#include "split_walk.h"

/* The tree of a parent's groups branches by position, lowest bit first: no way in it is longer. */
#define POSITION_BITS ALLOCMAN_SPLIT_FAN_OUT_BITS
#define POSITIONS     (1u << POSITION_BITS)

static unsigned words_of(const struct split_group *g)
{
    const unsigned children = 1u << g->fan_out_bits;
    return (children + 31) / 32;
}

bool am_check_free_bit(const struct split_group *g, unsigned child)
{
    return (g->bits[FREE_WORD(child / 32)] & (uint32_t)1 << (child % 32)) != 0;
}

bool am_check_split_bit(const struct split_group *g, unsigned child)
{
    return (g->bits[SPLIT_WORD(child / 32)] & (uint32_t)1 << (child % 32)) != 0;
}

unsigned am_check_family(const struct split_group *g)
{
    switch (g->flags & (GROUP_KIND | GROUP_BOOK)) {
    case ALLOCMAN_UT_KERNEL:
        return SPLIT_FAMILY_KERNEL;
    case ALLOCMAN_UT_KERNEL | GROUP_BOOK:
        return SPLIT_FAMILY_BOOK;
    case ALLOCMAN_UT_DEV_MEM:
        return SPLIT_FAMILY_DEV_MEM;
    default:
        return CHECK_FAMILIES;
    }
}

static bool tree_broken(struct allocman_violation *violation, const char *what,
                        const struct split_group *g)
{
    return am_broken(violation, ALLOCMAN_LAW_L1_TREE, what, g->id);
}

/* Sizes and flags of one record alone. */
static bool record_ok(const struct split_group *g, struct allocman_violation *violation)
{
    const bool root = (g->flags & GROUP_ROOT) != 0;
    if ((g->flags & GROUP_KIND) > ALLOCMAN_UT_DEV_MEM || (g->flags & GROUP_DIRTY) ||
        ((g->flags & GROUP_BOOK) && (g->flags & GROUP_KIND) != ALLOCMAN_UT_KERNEL) ||
        (!root && (g->flags & GROUP_ASIDE)) || (root && (g->flags & GROUP_SINGLES))) {
        return tree_broken(violation, "flags that no group can have", g);
    }
    if (g->fan_out_bits > POSITION_BITS || root != (g->fan_out_bits == 0) ||
        ((g->flags & GROUP_SINGLES) && g->fan_out_bits != 1)) {
        return tree_broken(violation, "a number of children that no group can have", g);
    }
    if (g->child_bits < seL4_MinUntypedBits || g->root_bits > seL4_MaxUntypedBits ||
        g->root_bits >= CHECK_CLASSES || g->child_bits + g->fan_out_bits > g->root_bits ||
        (root && g->child_bits != g->root_bits)) {
        return tree_broken(violation, "a size that no group can have", g);
    }
    if (g->paddr != ALLOCMAN_NO_PADDR && g->paddr % ((seL4_Word)1 << seL4_MinUntypedBits) != 0) {
        return tree_broken(violation, "an address that no untyped can have", g);
    }
    if (!root && (g->flags & GROUP_SINGLES
                      ? g->stride == 0
                      : g->stride != 1 || g->slot % ((seL4_Word)1 << g->fan_out_bits) != 0)) {
        return tree_broken(violation, "slots that are no aligned run", g);
    }
    return true;
}

/* A group against the child that it is the split of. */
static bool parent_ok(const utspace_split_t *split, const struct split_group *g,
                      struct allocman_violation *violation)
{
    const struct split_group *const parent = am_check_group(split, g->parent);
    if (!parent || parent->fan_out_bits > POSITION_BITS ||
        g->position >= 1u << parent->fan_out_bits) {
        return tree_broken(violation, "no parent, or no such child there", g);
    }
    if (!am_check_split_bit(parent, g->position) || (parent->flags & GROUP_ASIDE)) {
        return tree_broken(violation, "its parent does not say that it is split", g);
    }
    if (parent->child_bits != g->child_bits + g->fan_out_bits ||
        parent->root_bits != g->root_bits ||
        ((parent->flags ^ g->flags) & (GROUP_KIND | GROUP_BOOK))) {
        return tree_broken(violation, "another size or kind than the parent's child", g);
    }
    const seL4_Word paddr =
        parent->paddr == ALLOCMAN_NO_PADDR
            ? ALLOCMAN_NO_PADDR
            : parent->paddr + g->position * ((seL4_Word)1 << parent->child_bits);
    return g->paddr == paddr ||
           tree_broken(violation, "an address that is not the parent's and its position's", g);
}

/* Each child is free, allocated or split, and nothing stands beyond the children. */
static bool children_ok(const struct split_group *g, struct split_tally *tally,
                        struct allocman_violation *violation)
{
    const unsigned children = 1u << g->fan_out_bits;
    const bool aside = (g->flags & GROUP_ASIDE) != 0;
    const uint64_t child_bytes = UINT64_C(1) << g->child_bits;
    unsigned is_free = 0, is_split = 0;
    for (unsigned c = 0; c < words_of(g) * 32; c++) { /* at most 256 */
        const bool f = am_check_free_bit(g, c);
        const bool s = am_check_split_bit(g, c);
        if ((f && s) || ((f || s) && (c >= children || aside))) {
            return tree_broken(violation, "a child that is free and split, or none at all", g);
        }
        if (f && c / 32 < g->free_word) {
            return tree_broken(violation, "a free child where there is said to be none", g);
        }
        is_free += f;
        is_split += s;
    }
    if (g->free_count != is_free) {
        return tree_broken(violation, "another number of free children than its bits say", g);
    }
    const unsigned taken = children - is_free - is_split;
    if ((g->flags & GROUP_ROOT) && !aside && !(g->flags & GROUP_USED) && is_free == 0) {
        return tree_broken(violation, "a root in use that never was used", g);
    }
    tally->free_bytes[g->flags & GROUP_KIND] += is_free * child_bytes;
    tally->bytes += (is_free + taken) * child_bytes;
    if (!aside) {
        tally->allocated += taken;
        tally->live[g->child_bits] += taken;
    }
    return true;
}

/* The tree of the groups below one parent: positions on their way, each split child once. */
static bool child_tree_ok(const utspace_split_t *split, const struct split_group *parent,
                          struct split_tally *tally, struct allocman_violation *violation)
{
    struct {
        uint32_t number;
        unsigned depth, low; /* low: the lowest `depth` bits of the positions below */
    } stack[POSITION_BITS + 2];
    uint32_t seen[POSITIONS / 32] = {0};
    unsigned height = 0;
    unsigned found = 0;
    if (parent->first_child) {
        stack[height].number = parent->first_child;
        stack[height].depth = stack[height].low = 0;
        height++;
    }
    while (height > 0) { /* bounded by the children: each position is seen once */
        const unsigned depth = stack[--height].depth;
        const unsigned low = stack[height].low;
        const struct split_group *const g = am_check_group(split, stack[height].number);
        if (!g || (g->flags & GROUP_ROOT) || g->parent != parent->id || depth > POSITION_BITS ||
            g->position % (1u << depth) != low) {
            return tree_broken(violation, "a group in its tree that does not belong there", parent);
        }
        if (seen[g->position / 32] & (uint32_t)1 << (g->position % 32)) {
            return tree_broken(violation, "two groups for one child", parent);
        }
        seen[g->position / 32] |= (uint32_t)1 << (g->position % 32);
        found++;
        for (unsigned side = 0; side < 2; side++) {
            const uint32_t next = side ? g->right : g->left;
            if (next) {
                stack[height].number = next;
                stack[height].depth = depth + 1;
                stack[height].low = low | side << depth;
                height++;
            }
        }
    }
    for (unsigned c = 0; c < 1u << parent->fan_out_bits; c++) { /* at most 256 */
        if (am_check_split_bit(parent, c) != ((seen[c / 32] & (uint32_t)1 << (c % 32)) != 0)) {
            return tree_broken(violation, "a split child without a group, or the other way round",
                               parent);
        }
    }
    tally->hanging += found;
    return true;
}

/* What one group adds to the lists and to the figures. */
static void tally_add(struct split_tally *tally, const struct split_group *g)
{
    const unsigned children = 1u << g->fan_out_bits;
    const bool root = (g->flags & GROUP_ROOT) != 0;
    const bool whole = !root && g->free_count == children;
    tally->book_bytes += sizeof(struct split_group) + sizeof(uint32_t) * 2 * words_of(g) +
                         (GENERATION_BITS ? (children * GENERATION_BITS + 31) / 32 * 4 : 0);
    if (root) {
        tally->roots++;
        tally->root_bytes += UINT64_C(1) << g->root_bits;
        tally->addressed += g->paddr != ALLOCMAN_NO_PADDR;
        tally->aside += (g->flags & GROUP_ASIDE) != 0;
        tally->book_roots += (g->flags & GROUP_BOOK) != 0;
        if ((g->flags & GROUP_KIND) == ALLOCMAN_UT_KERNEL &&
            g->root_bits > tally->largest_root_bits) {
            tally->largest_root_bits = g->root_bits;
        }
    } else {
        tally->own_slots += children;
    }
    if (am_check_family(g) < CHECK_FAMILIES) {
        tally->listed += g->free_count > 0;
    } else if (whole) { /* nothing is kept of device registers */
        tally->kept_twice = g->id;
    }
}

/* Every root stands in the chain of roots, and nothing else does. */
static bool chain_ok(const utspace_split_t *split, const struct split_tally *tally,
                     struct allocman_violation *violation)
{
    size_t roots = 0;
    const struct split_group *last = NULL;
    const struct split_group *root = split->first_root;
    while (root && roots <= tally->roots) {
        if (!(root->flags & GROUP_ROOT) || am_check_group(split, root->id) != root) {
            return tree_broken(violation, "no root, but in the chain of roots", root);
        }
        last = root;
        roots++;
        root = root->parent ? am_check_group(split, root->parent) : NULL;
    }
    if (roots != tally->roots || split->last_root != last || (last && last->parent != 0)) {
        return am_broken(violation, ALLOCMAN_LAW_L1_TREE,
                         "the chain of roots does not hold all of them", roots);
    }
    return true;
}

bool am_check_groups(const utspace_split_t *split, struct split_tally *tally,
                     struct allocman_violation *violation)
{
    struct number_walk walk = {.started = false};
    uint32_t number = 0;
    const struct split_group *g;
    bool recent = split->recent == NULL;
    while ((g = am_check_next(split, &walk, &number)) != NULL) { /* bounded by the table */
        recent = recent || g == split->recent;
        if (!record_ok(g, violation) ||
            (!(g->flags & GROUP_ROOT) && !parent_ok(split, g, violation)) ||
            !children_ok(g, tally, violation) || !child_tree_ok(split, g, tally, violation)) {
            return false;
        }
        tally_add(tally, g);
    }
    if (tally->hanging != tally->groups - tally->roots) {
        return am_broken(violation, ALLOCMAN_LAW_L1_TREE, "a group in nobody's tree",
                         tally->hanging);
    }
    if (!recent) {
        return am_broken(violation, ALLOCMAN_LAW_L1_TREE, "the last group used is none", 0);
    }
    return chain_ok(split, tally, violation);
}
