/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The short way of an allocation and a free: the block is of just the size wanted, so nothing is
 * divided, and nothing becomes whole by what comes back, so nothing is merged. No record is made or
 * dropped here, and no manager is called. */

#include "cookie.h"
#include "lists.h"

/* Is a block of just 2^size_bits bytes of kernel RAM free? Any size_bits. */
static inline bool am_exact_is_free(const utspace_split_t *split, size_t size_bits)
{
    return size_bits < ALLOCMAN_SPLIT_CLASSES &&
           (split->family[SPLIT_FAMILY_KERNEL].classes >> size_bits & 1u);
}

/* Take it: what am_plan_find chooses then. */
static inline struct split_group *am_exact_take(utspace_split_t *split, size_t size_bits,
                                                unsigned *child)
{
    struct split_family *const family = &split->family[SPLIT_FAMILY_KERNEL];
    struct split_group *const group = am_group_likely(
        split, family->root[size_bits] ? family->root[size_bits] : family->head[size_bits]);
    split->recent = group;
    *child = am_child_take_first(split, family, group);
    return group;
}

/* The kernel refused to make the object of the block that was taken: repair it if that is what is
 * wrong. ALLOCMAN_OK: the object is made. ALLOCMAN_PARTLY_USED: the block's root is set aside, and another
 * may do. Else the block is free again. */
int am_exact_refused(allocman_t *alloc, utspace_split_t *split, struct split_group *group,
                     unsigned child, seL4_Word type, const cspacepath_t *slot, seL4_Error refused);

/* The group of a cookie whose block can be freed just so, and in *child which child it is; NULL: the
 * cookie is no good, or the group would become whole, or it is none of common kernel RAM. */
static inline struct split_group *am_exact_find(const utspace_split_t *split, seL4_Word cookie,
                                                size_t size_bits, unsigned *child)
{
    struct split_group *const group = am_cookie_group(split, cookie, child);
    const bool good = group && group->child_bits == size_bits &&
                      am_cookie_is_last(group, *child, cookie) && child_is_taken(group, *child) &&
                      (group->flags & (GROUP_KIND | GROUP_ASIDE | GROUP_BOOK)) == 0 &&
                      group->free_count + 1u != group_children(group);
    return good ? group : NULL;
}

/* Free it. */
static inline void am_exact_give(utspace_split_t *split, struct split_group *group, unsigned child)
{
    split->recent = group;
    am_child_release_to(split, &split->family[SPLIT_FAMILY_KERNEL], group, child);
}
