/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Full validators of the laws (DESIGN.md section 3): they walk everything and change nothing. For
 * tests, fuzzers and tools; linked from a library of their own, allocman_check. */

#include <stdbool.h>
#include <stddef.h>
#include <allocman/allocman.h>
#include <allocman/cspace/single_level.h>
#include <allocman/cspace/two_level.h>
#include <allocman/mspace/dual_pool.h>
#include <allocman/utspace/split.h>

/// What a validator found broken; 0 = nothing.
enum allocman_law {
    ALLOCMAN_LAWS_HOLD = 0,
    ALLOCMAN_LAW_L1_TREE,      ///< a group does not fit its parent, or a child has two states
    ALLOCMAN_LAW_L1_BYTES,     ///< bytes free + allocated + split are not the bytes handed in
    ALLOCMAN_LAW_L1_LISTS,     ///< a group with free children is not in the list of its class
    ALLOCMAN_LAW_L1_NUMBERS,   ///< a group's number does not lead to it
    ALLOCMAN_LAW_L1_ADDRESSES, ///< the tree by address is out of order or unbalanced
    ALLOCMAN_LAW_L2_SLOTS,     ///< the slot bitmap contradicts itself or the blocks
    ALLOCMAN_LAW_L4_TOTALS,    ///< a running total is not what a walk finds
    ALLOCMAN_LAW_L5_HEADROOM,  ///< less headroom is held than growth needs
    ALLOCMAN_LAW_L6_PAGES,     ///< a page of book memory contradicts itself
    ALLOCMAN_LAW_L7_BOUNDS     ///< more wholly free groups are kept than the merge policy allows
};

/// Where a law is broken.
struct allocman_violation {
    enum allocman_law law; ///< which
    const char *what;      ///< in a few words
    seL4_Word where;       ///< number of a group, a slot or an address, by law
};

/// Check a split manager: L1, L4 and, after all else, L7.
///
/// L7 follows from the policy of merges, which goes by what the kernel did: after a Revoke that the
/// kernel refused, and within a call that a manager has made back into its allocman, a wholly free
/// group may stay too many until the next allocman_reclaim.
///
/// Shape:   true and *violation untouched, or false and the first violation found; `violation` may
///          be NULL.
/// Needs:   no call on the manager in progress. Links are numbers and are looked up, so that broken
///          books are reported, not followed; only what the number table itself points to is
///          trusted.
/// Errors:  none.
/// Cost:    linear in groups and children.
/// Kernel:  none.
bool utspace_split_check(const utspace_split_t *split, struct allocman_violation *violation);

/// Check a slot manager: L2, as far as it can be told without the kernel.
///
/// Shape:   as utspace_split_check.
/// Needs:   no call in progress. A leaf that is wholly free must be gone; one that was emptied from
///          within the alloc of a book memory manager of yours waits for the next free in it.
/// Errors:  none.
/// Cost:    linear in the leaves.
/// Kernel:  none.
bool cspace_single_level_check(const cspace_single_level_t *cspace,
                               struct allocman_violation *violation);

/// Check a slot manager of two levels: L2.
///
/// Shape:   as utspace_split_check.
/// Needs:   no call in progress.
/// Errors:  none.
/// Cost:    linear in the second levels and their leaves.
/// Kernel:  none.
bool cspace_two_level_check(const cspace_two_level_t *cspace, struct allocman_violation *violation);

/// Check book memory: L6. Spans (blocks larger than a page) of the virtual half are in no list; of
/// them only the sum is checked.
///
/// Shape:   as utspace_split_check.
/// Needs:   no call in progress.
/// Errors:  none.
/// Cost:    linear in the pages.
/// Kernel:  none.
bool mspace_dual_pool_check(const mspace_dual_pool_t *pool, struct allocman_violation *violation);

/// Check an allocman that one of the bootstraps made: its managers, that slots of blocks and of
/// book memory's frames are taken, and its headroom (L5): of every kind of record that a growth
/// step can need, as many are held as it can need, each a block of book memory of its own. That
/// holds from the first time it could be filled; a virtual pool attached where nothing is left to
/// fill it from is a violation until allocman_fill_reserves succeeds.
///
/// Shape:   as utspace_split_check; L7 comes last.
/// Needs:   no call in progress.
/// Errors:  none.
/// Cost:    the sum of the above.
/// Kernel:  none.
bool allocman_check(const allocman_t *alloc, struct allocman_violation *violation);

/// Name a law in a few words.
///
/// Errors:  none; "unknown law" for a value outside the enumeration.
/// Kernel:  none.
const char *allocman_law_text(enum allocman_law law);
