/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "roots.h"

#include "ids.h"

/* Height of a balanced tree (AVL) of at most 2^32 nodes: below 1.45 * 32. */
#define HEIGHT_MAX    47u
#define POSITION_BITS ALLOCMAN_SPLIT_FAN_OUT_BITS

/* Last address of a root, inclusive: its end may be 2^64. */
static seL4_Word root_last(const struct split_group *root)
{
    return root->paddr + (seL4_Word)am_mask(root->root_bits);
}

/* The root with the highest base at or below `paddr`, or NULL. */
static struct split_group *root_below(const utspace_split_t *split, seL4_Word paddr)
{
    struct split_group *best = NULL;
    struct split_group *at = split->roots;
    while (at) { /* bounded by HEIGHT_MAX */
        if (at->paddr <= paddr) {
            best = at;
        }
        at = am_group(split, at->paddr <= paddr ? at->right : at->left);
    }
    return best;
}

struct split_group *am_root_at(const utspace_split_t *split, seL4_Word paddr)
{
    struct split_group *const root = root_below(split, paddr);
    return root && paddr <= root_last(root) ? root : NULL;
}

struct split_group *am_root_overlapping(const utspace_split_t *split, seL4_Word paddr,
                                        unsigned bits)
{
    struct split_group *const root = root_below(split, paddr + (seL4_Word)am_mask(bits));
    return root && root_last(root) >= paddr ? root : NULL;
}

static unsigned height(const utspace_split_t *split, uint32_t id)
{
    const struct split_group *const g = am_group(split, id);
    return g ? g->height : 0;
}

static void height_update(const utspace_split_t *split, struct split_group *g)
{
    const unsigned left = height(split, g->left);
    const unsigned right = height(split, g->right);
    g->height = (uint8_t)((left > right ? left : right) + 1);
}

/* Turn the edge between `top` and its higher child; returns the new top. */
static struct split_group *rotate(const utspace_split_t *split, struct split_group *top,
                                  bool to_left)
{
    struct split_group *const up = am_group(split, to_left ? top->right : top->left);
    if (to_left) {
        top->right = up->left;
        up->left = top->id;
    } else {
        top->left = up->right;
        up->right = top->id;
    }
    height_update(split, top);
    height_update(split, up);
    return up;
}

static struct split_group *rebalance(const utspace_split_t *split, struct split_group *top)
{
    const unsigned left = height(split, top->left);
    const unsigned right = height(split, top->right);
    if (left > right + 1) {
        struct split_group *const child = am_group(split, top->left);
        if (height(split, child->right) > height(split, child->left)) {
            top->left = rotate(split, child, true)->id;
        }
        return rotate(split, top, false);
    }
    if (right > left + 1) {
        struct split_group *const child = am_group(split, top->right);
        if (height(split, child->left) > height(split, child->right)) {
            top->right = rotate(split, child, false)->id;
        }
        return rotate(split, top, true);
    }
    height_update(split, top);
    return top;
}

/* Balance every node on a way from the tree's top down; way[0] is the top. */
static void way_rebalance(utspace_split_t *split, struct split_group *const *way, unsigned length)
{
    for (unsigned i = length; i-- > 0;) { /* bounded by HEIGHT_MAX */
        struct split_group *const top = rebalance(split, way[i]);
        if (i == 0) {
            split->roots = top;
        } else if (way[i - 1]->left == way[i]->id) {
            way[i - 1]->left = top->id;
        } else {
            way[i - 1]->right = top->id;
        }
    }
}

/* The way to where a root with that base is or would be. */
static unsigned way_to(const utspace_split_t *split, seL4_Word paddr, struct split_group **way)
{
    unsigned length = 0;
    struct split_group *at = split->roots;
    while (at && length < HEIGHT_MAX) {
        way[length++] = at;
        if (at->paddr == paddr) {
            break;
        }
        at = am_group(split, paddr < at->paddr ? at->left : at->right);
    }
    return length;
}

void am_root_insert(utspace_split_t *split, struct split_group *root)
{
    struct split_group *way[HEIGHT_MAX];
    root->left = root->right = 0;
    root->height = 1;
    const unsigned length = way_to(split, root->paddr, way);
    if (length == 0) {
        split->roots = root;
        return;
    }
    struct split_group *const above = way[length - 1];
    if (root->paddr < above->paddr) {
        above->left = root->id;
    } else {
        above->right = root->id;
    }
    way_rebalance(split, way, length);
}

void am_root_remove(utspace_split_t *split, struct split_group *root)
{
    struct split_group *way[HEIGHT_MAX];
    unsigned length = way_to(split, root->paddr, way);
    /* With two children, the next higher root takes the place: swap the two along the way. */
    if (root->left && root->right) {
        const unsigned at = length - 1;
        struct split_group *next = am_group(split, root->right);
        way[length++] = next;
        while (next->left) { /* bounded by HEIGHT_MAX */
            next = am_group(split, next->left);
            way[length++] = next;
        }
        struct split_group *const next_parent = way[length - 2];
        if (next_parent != root) {
            next_parent->left = next->right;
            next->right = root->right;
        }
        next->left = root->left;
        if (at > 0) {
            *(way[at - 1]->left == root->id ? &way[at - 1]->left : &way[at - 1]->right) = next->id;
        }
        way[at] = next;
        split->roots = way[0];
        way_rebalance(split, way, length - 1 > at ? length - 1 : at + 1);
        return;
    }
    const uint32_t only = root->left ? root->left : root->right;
    if (length == 1) {
        split->roots = am_group(split, only);
        return;
    }
    struct split_group *const above = way[length - 2];
    *(above->left == root->id ? &above->left : &above->right) = only;
    way_rebalance(split, way, length - 1);
}

/* Groups of one parent stand in a tree that branches by the bits of their position, lowest first: a
 * group stands anywhere on the way of its position, so none needs balancing and no way is longer
 * than POSITION_BITS + 1. */
static uint32_t *branch(struct split_group *g, unsigned position, unsigned depth)
{
    return (position >> depth) & 1u ? &g->right : &g->left;
}

struct split_group *am_child_group(const utspace_split_t *split, const struct split_group *parent,
                                   unsigned position)
{
    struct split_group *g = am_group(split, parent->first_child);
    for (unsigned depth = 0; g && g->position != position && depth < POSITION_BITS; depth++) {
        g = am_group(split, *branch(g, position, depth));
    }
    return g && g->position == position ? g : NULL;
}

void am_child_group_insert(const utspace_split_t *split, struct split_group *parent,
                           struct split_group *g)
{
    uint32_t *link = &parent->first_child;
    for (unsigned depth = 0; *link; depth++) { /* bounded by POSITION_BITS */
        link = branch(am_group(split, *link), g->position, depth);
    }
    *link = g->id;
    g->left = g->right = 0;
}

void am_child_group_remove(const utspace_split_t *split, struct split_group *parent,
                           struct split_group *g)
{
    uint32_t *link = &parent->first_child;
    for (unsigned depth = 0; *link != g->id; depth++) { /* bounded by POSITION_BITS */
        link = branch(am_group(split, *link), g->position, depth);
    }
    /* Any group below may take the place: one without groups below it. */
    uint32_t *leaf_link = link;
    struct split_group *leaf = g;
    while (leaf->left || leaf->right) { /* bounded by POSITION_BITS */
        leaf_link = leaf->left ? &leaf->left : &leaf->right;
        leaf = am_group(split, *leaf_link);
    }
    *leaf_link = 0;
    if (leaf != g) {
        leaf->left = g->left;
        leaf->right = g->right;
        *link = leaf->id;
    }
}
