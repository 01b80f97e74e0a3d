/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* A split manager read with the validators' own eyes: none of this is shared with the manager,
 * but for the layout of its records. */

#include <stdbool.h>
#include <stdint.h>
#include <allocman/check.h>

#include "../utspace/group.h"
#include "../utspace/ids.h"

#define CHECK_ID_LEVELS_MAX 7u /* 32-way levels that 32 bits of number can have */
#define CHECK_FAMILIES      ALLOCMAN_SPLIT_FAMILIES
#define CHECK_CLASSES       ALLOCMAN_SPLIT_CLASSES

/* What a walk over all groups adds up. */
struct split_tally {
    uint64_t free_bytes[3];                     /* per kind */
    uint64_t bytes;                             /* free, allocated and set aside, of all kinds */
    uint64_t root_bytes;                        /* in roots */
    size_t groups, roots, addressed, allocated; /* groups; roots; roots with an address; children */
    size_t own_slots, book_bytes, aside;        /* as in the totals; roots set aside */
    size_t hanging;                             /* groups found in their parent's tree */
    size_t book_roots;                          /* roots chosen for book memory */
    size_t listed;                              /* groups and roots that belong in a ring */
    uint32_t live[CHECK_CLASSES];               /* children allocated */
    uint32_t kept_twice;       /* a group of the same kind, class and fan-out as one kept, or 0 */
    uint8_t largest_root_bits; /* of kernel RAM */
};

/* Where a walk over the table of numbers stands; from all zero. */
struct number_walk {
    const struct split_id_node *node[CHECK_ID_LEVELS_MAX]; /* [level] */
    unsigned next[CHECK_ID_LEVELS_MAX];                    /* child to look at next */
    unsigned level;
    bool started;
};

/* The next entry of the table and its number, or NULL. */
struct split_group *am_check_next(const utspace_split_t *split, struct number_walk *walk,
                                  uint32_t *number);

/* The entry of a number, or NULL. */
const struct split_group *am_check_group(const utspace_split_t *split, uint32_t number);

/* Free or split bit of a child, straight from the record. */
bool am_check_free_bit(const struct split_group *g, unsigned child);
bool am_check_split_bit(const struct split_group *g, unsigned child);

/* Which family lists a kind of memory; CHECK_FAMILIES: none does. */
unsigned am_check_family(const struct split_group *g);

/* The laws, one part each. Those after the first may follow numbers and parents. */
bool am_check_numbers(const utspace_split_t *split, struct split_tally *tally,
                      struct allocman_violation *violation);
bool am_check_groups(const utspace_split_t *split, struct split_tally *tally,
                     struct allocman_violation *violation);
bool am_check_lists(const utspace_split_t *split, struct split_tally *tally,
                    struct allocman_violation *violation);
bool am_check_addresses(const utspace_split_t *split, const struct split_tally *tally,
                        struct allocman_violation *violation);
bool am_check_kept(const struct split_tally *tally, struct allocman_violation *violation);

/* All of a split manager's laws but the last one, and what was added up. */
bool am_check_split(const utspace_split_t *split, struct split_tally *tally,
                    struct allocman_violation *violation);
