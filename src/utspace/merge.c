/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "merge.h"

#include "../internal.h"
#include "../kernel.h"
#include "ids.h"
#include "lists.h"
#include "plan.h"
#include "roots.h"

__attribute__((noinline)) seL4_Error
am_child_revoke(allocman_t *alloc, const struct split_group *group, unsigned child)
{
    const cspacepath_t path = child_path(alloc, group, child);
    return kernel_revoke(&path);
}

/* Undo one split whose children are all free; the block is free then. False iff the kernel
 * refuses. */
static bool merge_one(allocman_t *alloc, utspace_split_t *split, struct split_group *g)
{
    struct split_group *const parent = am_group(split, g->parent);
    const unsigned position = g->position;
    /* A kernel does not refuse this; should one do, once more, since nothing else comes back to
     * it. */
    if (am_child_revoke(alloc, parent, position) != seL4_NoError &&
        am_child_revoke(alloc, parent, position) != seL4_NoError) {
        return false;
    }
    am_group_leave(split, g);
    am_child_group_remove(split, parent, g);
    am_child_unsplit(split, parent, position);
    am_child_release(split, parent, position);
    am_group_discard(alloc, split, g);
    split->totals.merges++;
    return true;
}

/* Does the class of a wholly free group have as much free elsewhere? */
static bool spare_elsewhere(utspace_split_t *split, const struct split_group *g)
{
    const struct split_family *const family = am_family(split, g);
    return !family || family->free_count[g->child_bits] >= 2 * group_children(g);
}

/* Which of two wholly free groups of one size to merge: the one in the larger root, and else the one
 * with the higher number, which is mostly the younger, so that large roots and the pages of book
 * memory that were mapped last become whole. */
static struct split_group *merge_choice(const utspace_split_t *split, struct split_group *g)
{
    struct split_group *const other = am_group(split, g->prev); /* wholly free groups stand last */
    if (other == g || !group_is_whole(other) || other->fan_out_bits != g->fan_out_bits) {
        return g;
    }
    if (other->root_bits != g->root_bits) {
        return other->root_bits > g->root_bits ? other : g;
    }
    return other->id > g->id ? other : g;
}

/* May a call merge this group's block? Device registers are never zeroed, and nothing but the free of
 * their last block comes back to them. */
static bool within_limit(const allocman_t *alloc, const struct split_group *g)
{
    return group_kind(g) == ALLOCMAN_UT_DEV ||
           (unsigned)g->child_bits + g->fan_out_bits <= am_divisible_bits(alloc);
}

void am_merge_upward(allocman_t *alloc, utspace_split_t *split, struct split_group *group)
{
    /* Bounded by PLAN_STEPS_MAX: each parent's block is larger. */
    while (!group_is_root(group) && group_is_whole(group) && spare_elsewhere(split, group) &&
           within_limit(alloc, group)) {
        struct split_group *const chosen =
            am_family(split, group) ? merge_choice(split, group) : group;
        struct split_group *const parent = am_group(split, chosen->parent);
        if (!merge_one(alloc, split, chosen)) {
            return;
        }
        group = parent;
    }
}

/* The last group of a ring that may be merged, or NULL: wholly free ones stand last. */
static struct split_group *last_to_merge(const allocman_t *alloc, const utspace_split_t *split,
                                         uint32_t ring)
{
    struct split_group *const head = am_group(split, ring);
    struct split_group *g = head ? am_group(split, head->prev) : NULL;
    while (g && group_is_whole(g)) { /* bounded by the ring */
        if (within_limit(alloc, g)) {
            return g;
        }
        g = g == head ? NULL : am_group(split, g->prev);
    }
    return NULL;
}

bool am_merge_all(allocman_t *alloc, utspace_split_t *split)
{
    bool any = false;
    for (unsigned f = 0; f < ALLOCMAN_SPLIT_FAMILIES; f++) {
        struct split_family *const family = &split->family[f];
        /* Rising classes with free blocks, at most ALLOCMAN_SPLIT_CLASSES: a merge frees a block of a
         * larger class, which is looked at later. */
        for (uint64_t left = family->classes; left;) {
            const unsigned bits = am_lowest(left);
            struct split_group *last;
            while ((last = last_to_merge(alloc, split, family->head[bits])) != NULL &&
                   merge_one(alloc, split, last)) { /* each turn takes one away */
                any = true;
            }
            left = family->classes & ~am_mask(bits + 1);
        }
    }
    return any;
}
