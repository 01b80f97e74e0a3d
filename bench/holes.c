/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "holes.h"

#include "utspace/group.h"
#include "utspace/ids.h"
#include "utspace/roots.h"
#include <allocman/utspace/utspace.h>

/* A group on the way from a root down to where the walk stands. */
struct level {
    const struct split_group *group;
    unsigned position;  /* of the child looked at next */
    bool all_free;      /* those before it are */
    struct holes holes; /* in those before it */
};

/* One root, without recursion: each level adds up what lies below it, and a group that is wholly
 * free counts as one block of the level above. */
static struct holes root_holes(const utspace_split_t *split, const struct split_group *root)
{
    struct level levels[ALLOCMAN_SPLIT_CLASSES];
    unsigned depth = 0;
    levels[0] = (struct level){.group = root, .all_free = true};
    for (;;) { /* ends: every turn passes a child or leaves a group */
        struct level *const level = &levels[depth];
        const struct split_group *const group = level->group;
        if (level->position < group_children(group)) {
            const unsigned child = level->position;
            if (child_is_split(group, child)) {
                levels[++depth] =
                    (struct level){.group = am_child_group(split, group, child), .all_free = true};
                continue;
            }
            const bool is_free = child_is_free(group, child);
            level->holes.blocks[group->child_bits] += is_free ? 1 : 0;
            level->all_free = level->all_free && is_free;
            level->position++;
            continue;
        }
        if (depth == 0) {
            return level->holes;
        }
        struct level *const above = &levels[--depth];
        above->position++;
        if (level->all_free) {
            above->holes.blocks[above->group->child_bits]++;
            continue;
        }
        above->all_free = false;
        for (unsigned bits = 0; bits < ALLOCMAN_SPLIT_CLASSES; bits++) {
            above->holes.blocks[bits] += level->holes.blocks[bits];
        }
    }
}

struct holes holes_find(const utspace_split_t *split)
{
    struct holes all = {0};
    for (const struct split_group *root = split->first_root; root;
         root = am_group(split, root->parent)) { /* of a root: the next one */
        if (group_kind(root) != ALLOCMAN_UT_KERNEL || (root->flags & GROUP_ASIDE)) {
            continue;
        }
        const struct holes holes = root_holes(split, root);
        for (unsigned bits = 0; bits < ALLOCMAN_SPLIT_CLASSES; bits++) {
            all.blocks[bits] += holes.blocks[bits];
        }
    }
    return all;
}

unsigned holes_largest_bits(const struct holes *holes)
{
    unsigned bits = ALLOCMAN_SPLIT_CLASSES - 1;
    while (bits > 0 && holes->blocks[bits] == 0) {
        bits--;
    }
    return bits;
}

size_t holes_blocks(const struct holes *holes, unsigned size_bits)
{
    size_t blocks = 0;
    for (unsigned bits = size_bits; bits < ALLOCMAN_SPLIT_CLASSES; bits++) {
        blocks += holes->blocks[bits] << (bits - size_bits);
    }
    return blocks;
}
