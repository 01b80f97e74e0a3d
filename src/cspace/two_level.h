/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What the parts of the two-level slot manager tell each other. */

#include <allocman/allocman.h>
#include <allocman/cspace/two_level.h>

/* Lists beside those of runs. */
#define AM_LIST_FULL  ALLOCMAN_RUN_ORDERS
#define AM_LIST_EMPTY (ALLOCMAN_RUN_ORDERS + 1)

static inline size_t am_two_level_slots(const cspace_two_level_t *cspace)
{
    return (size_t)1 << cspace->config.level_two_bits;
}

/* Is this the CSpace that `alloc` itself takes its slots from? */
static inline bool am_two_level_own(const allocman_t *alloc, const cspace_two_level_t *cspace)
{
    return alloc->have_cspace && alloc->cspace.cspace == cspace;
}

/*@ requires largest_bits <= 64 && level_two_bits <= 64;
    assigns \nothing;
    ensures \result <= 1024; */
/* Slots to hold so that a second level can be made at any time, out of untypeds of at most
 * 2^largest_bits bytes; `with_book`: and book memory can grow for that. */
size_t am_two_level_held(unsigned largest_bits, size_t level_two_bits, bool with_book);

/* The same for an allocman as it is now; 0 if it cannot grow, or not out of itself. */
size_t am_two_level_hold(const allocman_t *alloc, const cspace_two_level_t *cspace);

/* Slots that should be free at the end of a call: one second level more, so that there are slots for
 * the last of memory too; but not while memory is short. */
size_t am_two_level_wanted(const allocman_t *alloc, const cspace_two_level_t *cspace);

/* A record without a CNode behind it, in no list, or NULL. */
struct cspace_two_level_node *am_two_level_node(allocman_t *alloc, const cspace_two_level_t *cspace,
                                                size_t index, int *error);

/* Stand where the longest free run says. */
void am_two_level_file(cspace_two_level_t *cspace, struct cspace_two_level_node *node);
void am_two_level_unfile(cspace_two_level_t *cspace, struct cspace_two_level_node *node);

/* Make the second level of one index: ALLOCMAN_OK or what lacks. */
int am_two_level_make(allocman_t *alloc, cspace_two_level_t *cspace, size_t number);

/* Make one anywhere: also ALLOCMAN_NO_SLOT, where level one is full. */
int am_two_level_add(allocman_t *alloc, cspace_two_level_t *cspace);

/* Give all book memory and all CNodes of ours back. */
void am_two_level_drop_all(allocman_t *alloc, cspace_two_level_t *cspace);
