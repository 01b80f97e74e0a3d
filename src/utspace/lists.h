/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The state of a group's children, and the class lists that follow from it. Every change of a
 * child's state goes through here, so that lists, counts and totals cannot part from the bits. */

#include "group.h"
#include "ids.h"

/* The family of a group; NULL for device registers, which are found by address only, and for
 * roots set aside. */
static inline struct split_family *am_family(utspace_split_t *split,
                                             const struct split_group *group)
{
    switch (group->flags & (GROUP_KIND | GROUP_ASIDE | GROUP_BOOK)) {
    case ALLOCMAN_UT_KERNEL:
        return &split->family[SPLIT_FAMILY_KERNEL];
    case ALLOCMAN_UT_KERNEL | GROUP_BOOK:
        return &split->family[SPLIT_FAMILY_BOOK];
    case ALLOCMAN_UT_DEV_MEM:
        return &split->family[SPLIT_FAMILY_DEV_MEM];
    default:
        return NULL;
    }
}

/* A group with a free child of class `bits`, the best to take; NULL if the family has none. */
static inline struct split_group *am_family_pick(const utspace_split_t *split,
                                                 const struct split_family *family, unsigned bits)
{
    /* A free root first: it is as small as a root can be that serves this, and breaks nothing. */
    return am_group(split, family->root[bits] ? family->root[bits] : family->head[bits]);
}

/* Children of `group` became free (count > 0) or ceased to be: bits are set already. */
void am_free_count_changed(utspace_split_t *split, struct split_group *group, int count);

/*@ requires \valid(&group->free_count) && \valid_read(&group->flags) && \valid_read(&group->child_bits);
    requires (group->flags & GROUP_KIND) < 3 && group->child_bits < ALLOCMAN_SPLIT_CLASSES;
    requires 0 <= group->free_count + step <= 65535 && -1 <= step <= 1;
    requires \valid(&split->totals) && \valid(family);
    requires \separated(&split->totals.free_bytes[0 .. 2], &group->flags, &group->child_bits, &group->free_count);
    assigns group->free_count, split->totals.free_bytes[group->flags & GROUP_KIND],
            family->free_count[group->child_bits];
    ensures group->free_count == \old(group->free_count) + step;
    ensures \let kind = group->flags & GROUP_KIND; split->totals.free_bytes[kind] ==
            (uint64_t)(\old(split->totals.free_bytes[group->flags & GROUP_KIND]) +
                       (uint64_t)((uint64_t)step << group->child_bits));
    ensures family->free_count[group->child_bits] ==
            (uint32_t)(\old(family->free_count[group->child_bits]) + (uint32_t)step); */
/* The same for one child of a group that stays where it stands in its list: neither before nor
 * afterwards it has no free child, or free ones only. */
static inline void am_free_count_step(utspace_split_t *split, struct split_family *family,
                                      struct split_group *group, int step)
{
    group->free_count = (uint16_t)(group->free_count + step);
    split->totals.free_bytes[group_kind(group)] += (uint64_t)(int64_t)step << group->child_bits;
    family->free_count[group->child_bits] += (uint32_t)step;
}

/* A free child of a group of this family (NULL: none) was allocated: its bit is cleared already. */
static inline void am_child_taken(utspace_split_t *split, struct split_family *family,
                                  struct split_group *group)
{
    split->live[group->child_bits]++;
    split->totals.allocated++;
    if (family && group->free_count > 1 && !group_is_whole(group)) {
        am_free_count_step(split, family, group, -1);
    } else {
        am_free_count_changed(split, group, -1);
    }
}

/* free -> allocated: the lowest child that is free. Returns which it is. */
static inline unsigned am_child_take_first(utspace_split_t *split, struct split_family *family,
                                           struct split_group *group)
{
    const unsigned child = group_take_first(group);
    am_child_taken(split, family, group);
    return child;
}

/* free -> allocated. */
static inline void am_child_take(utspace_split_t *split, struct split_group *group, unsigned child)
{
    child_set_free(group, child, false);
    am_child_taken(split, am_family(split, group), group);
}

/* allocated -> free, in a group of this family (NULL: none). */
static inline void am_child_release_to(utspace_split_t *split, struct split_family *family,
                                       struct split_group *group, unsigned child)
{
    child_set_free(group, child, true);
    split->live[group->child_bits]--;
    split->totals.allocated--;
    if (family && group->free_count > 0 && group->free_count + 1u < group_children(group)) {
        am_free_count_step(split, family, group, 1);
    } else {
        am_free_count_changed(split, group, 1);
    }
}

/* allocated -> free. */
static inline void am_child_release(utspace_split_t *split, struct split_group *group,
                                    unsigned child)
{
    am_child_release_to(split, am_family(split, group), group, child);
}

/* allocated -> split, when a group has been made of the child. */
void am_child_split(utspace_split_t *split, struct split_group *group, unsigned child);

/* split -> allocated, when that group is gone. */
void am_child_unsplit(utspace_split_t *split, struct split_group *group, unsigned child);

/* Move a free root to the family of book memory. */
void am_root_to_book(utspace_split_t *split, struct split_group *root);

/* Enter a new group, or take one out that is wholly free, with its free children. */
void am_group_enter(utspace_split_t *split, struct split_group *group);
void am_group_leave(utspace_split_t *split, struct split_group *group);
