/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Finding by address: roots in a balanced tree, a child's group by its position. */

#include "group.h"

/* Bytes a record of a root takes. */
#define AM_ROOT_BYTES (group_bytes(0))

/* The root whose range holds `paddr`, or NULL. */
struct split_group *am_root_at(const utspace_split_t *split, seL4_Word paddr);

/* The first root whose range meets [paddr, paddr + 2^bits), or NULL. */
struct split_group *am_root_overlapping(const utspace_split_t *split, seL4_Word paddr,
                                        unsigned bits);

/* Enter a root that overlaps none. */
void am_root_insert(utspace_split_t *split, struct split_group *root);

/* Take a root out again: the one entered last, before anything else was entered. */
void am_root_remove(utspace_split_t *split, struct split_group *root);

/* The group that the split of a child made, or NULL. */
struct split_group *am_child_group(const utspace_split_t *split, const struct split_group *parent,
                                   unsigned position);
void am_child_group_insert(const utspace_split_t *split, struct split_group *parent,
                           struct split_group *g);
void am_child_group_remove(const utspace_split_t *split, struct split_group *parent,
                           struct split_group *g);
