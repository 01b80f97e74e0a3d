/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Undoing splits: one Revoke of the block, and its slots and its record are free again. */

#include "group.h"

/* A child of `group` was freed: merge the group, and what that makes whole, as far as the policy
 * says: only while the class keeps as much free elsewhere. */
void am_merge_upward(allocman_t *alloc, utspace_split_t *split, struct split_group *group);

/* Merge everything that is wholly free; true if anything was. */
bool am_merge_all(allocman_t *alloc, utspace_split_t *split);

/* Have the kernel revoke a group's child. */
seL4_Error am_child_revoke(allocman_t *alloc, const struct split_group *group, unsigned child);
