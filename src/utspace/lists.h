/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The state of a group's children, and the class lists that follow from it. Every change of a
 * child's state goes through here, so that lists, counts and totals cannot part from the bits. */

#include "group.h"

/* The family of a group; NULL for device registers, which are found by address only, and for
 * roots set aside. */
struct split_family *am_family(utspace_split_t *split, const struct split_group *group);

/* A group with a free child of class `bits`, the best to take; NULL if the family has none. */
struct split_group *am_family_pick(const utspace_split_t *split, const struct split_family *family,
                                   unsigned bits);

/* free -> allocated. */
void am_child_take(utspace_split_t *split, struct split_group *group, unsigned child);

/* allocated -> free. */
void am_child_release(utspace_split_t *split, struct split_group *group, unsigned child);

/* allocated -> split, when a group has been made of the child. */
void am_child_split(utspace_split_t *split, struct split_group *group, unsigned child);

/* split -> allocated, when that group is gone. */
void am_child_unsplit(utspace_split_t *split, struct split_group *group, unsigned child);

/* Move a free root to the family of book memory. */
void am_root_to_book(utspace_split_t *split, struct split_group *root);

/* Enter a new group, or take one out that is wholly free, with its free children. */
void am_group_enter(utspace_split_t *split, struct split_group *group);
void am_group_leave(utspace_split_t *split, struct split_group *group);
