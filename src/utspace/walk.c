/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Visiting every block. */

#include <allocman/utspace/split.h>

#include "group.h"
#include "ids.h"
#include "roots.h"

/* Down from a child to the first block below it that is not split. */
static void descend(const utspace_split_t *split, struct utspace_split_cursor *cursor)
{
    while (child_is_split(cursor->group, cursor->position)) { /* bounded by the classes */
        cursor->group = am_child_group(split, cursor->group, cursor->position);
        cursor->position = 0;
    }
}

/* To the next child: of this group, of one above it, or the next root. */
static bool advance(const utspace_split_t *split, struct utspace_split_cursor *cursor)
{
    struct split_group *g = cursor->group;
    unsigned position = cursor->position + 1;
    while (!group_is_root(g) && position == group_children(g)) { /* bounded by the classes */
        position = g->position + 1u;
        g = am_group(split, g->parent);
    }
    if (group_is_root(g)) {
        g = am_group(split, g->parent);
        position = 0;
    }
    cursor->group = g;
    cursor->position = position;
    return g != NULL;
}

static const struct split_group *root_of(const utspace_split_t *split, const struct split_group *g)
{
    while (!group_is_root(g)) { /* bounded by the classes */
        g = am_group(split, g->parent);
    }
    return g;
}

/* Bytes from the root's start to a child. */
static seL4_Word offset_of(const utspace_split_t *split, const struct split_group *g,
                           unsigned child)
{
    seL4_Word offset = (seL4_Word)child << g->child_bits;
    while (!group_is_root(g)) { /* bounded by the classes */
        const struct split_group *const parent = am_group(split, g->parent);
        offset += (seL4_Word)g->position << parent->child_bits;
        g = parent;
    }
    return offset;
}

bool utspace_split_next_block(const utspace_split_t *split, struct utspace_split_cursor *cursor,
                              struct utspace_split_block *block)
{
    if (!cursor->started) {
        cursor->started = true;
        cursor->group = split->first_root;
        cursor->position = 0;
        if (!cursor->group) {
            return false;
        }
    } else if (!cursor->group || !advance(split, cursor)) {
        return false;
    }
    descend(split, cursor);
    const struct split_group *const g = cursor->group;
    const struct split_group *const root = root_of(split, g);
    *block = (struct utspace_split_block){
        .capability = child_slot(g, cursor->position),
        .paddr = child_paddr(g, cursor->position),
        .root_offset = offset_of(split, g, cursor->position),
        .root_paddr = root->paddr,
        .root = root->slot,
        .size_bits = g->child_bits,
        .root_bits = root->root_bits,
        .kind = (uint8_t)group_kind(g),
        .allocated = !child_is_free(g, cursor->position),
        .set_aside = (root->flags & GROUP_ASIDE) != 0,
    };
    return true;
}
