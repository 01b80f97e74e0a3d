/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The way of one allocation: a free block, and the splits that lead from it down to the size
 * wanted.
 *
 *     check     plan_find  chooses the block; nothing but its bit changes
 *     reserve   plan_reserve takes a record, a number and slots for every split
 *     commit    plan_execute asks the kernel: one Retype a split, one for the object
 *     or undo   plan_undo, whatever failed: one Revoke of the block takes back what the kernel did
 */

#include <allocman/allocman.h>

#include "../bits.h"
#include "group.h"

/* Most children of one split, in log2: of our records, and of the kernel's Retype. */
#define PLAN_FAN_OUT_MAX                                                                           \
    (CONFIG_RETYPE_FAN_OUT_LIMIT >= 256 ? ALLOCMAN_SPLIT_FAN_OUT_BITS                              \
                                        : am_highest(CONFIG_RETYPE_FAN_OUT_LIMIT))
/* Splits on the way down to the last one: four children each. */
#define PLAN_FAN_OUT_COARSE 2u
/* Splits of one way: every one divides by two at least. */
#define PLAN_STEPS_MAX ALLOCMAN_SPLIT_CLASSES

struct plan {
    struct split_group *source; /* group whose child is the block; once executed, the object's */
    unsigned child;             /* which */
    unsigned bits;              /* log2 bytes wanted */
    seL4_Word paddr;            /* address wanted, or ALLOCMAN_NO_PADDR */
    unsigned fan_out_bits;      /* of the last split, if nothing lies in the way */
    bool only_divide;           /* no object is made */
    bool set_aside;             /* the block's root is, so the block does not become free again */
    unsigned steps;             /* splits */
    unsigned made;              /* of these, by the kernel */
    struct split_group *first;  /* their groups, from the block down; */
    struct split_group *last;   /* each knows the next, as a ring would have it */
};

/* log2 of the children that one split of the call in progress may have. */
static inline unsigned am_plan_fan_out_max(const allocman_t *alloc)
{
    return alloc->fan_out_bits && alloc->fan_out_bits < PLAN_FAN_OUT_MAX ? alloc->fan_out_bits
                                                                         : PLAN_FAN_OUT_MAX;
}

/* Find a block of `family` for 2^bits bytes and take it: ALLOCMAN_OK, ALLOCMAN_NO_UNTYPED, or
 * ALLOCMAN_OVER_LIMIT: the only ones are larger than may be divided.
 * Narrow: the nearest block that does, by as few slots as it takes; for when the slots of a wider way are not to
 * be had. */
int am_plan_find(allocman_t *alloc, utspace_split_t *split, const struct split_family *family,
                 unsigned bits, bool narrow, struct plan *plan);

/* The same for the block that holds the address: also ALLOCMAN_ADDRESS_UNKNOWN,
 * ALLOCMAN_ADDRESS_OCCUPIED, ALLOCMAN_UNALIGNED, ALLOCMAN_INVALID_TYPE (`is_frame` false in
 * device memory). */
int am_plan_find_at(const allocman_t *alloc, utspace_split_t *split, seL4_Word paddr, unsigned bits,
                    bool may_be_device, bool is_frame, struct plan *plan);

/* Take all that the splits need. */
int am_plan_reserve(allocman_t *alloc, utspace_split_t *split, struct plan *plan);

/* Have the kernel do it and enter the groups; the plan names the object's block then. ALLOCMAN_PARTLY_USED: the block's root holds somebody else's objects, or is none, and is
 * set aside; ALLOCMAN_SLOT_NOT_ALLOCATED: somebody filled slots of ours; another plan may do. */
int am_plan_execute(allocman_t *alloc, utspace_split_t *split, struct plan *plan, seL4_Word type,
                    const cspacepath_t *slot);

/* The kernel refused after `made` splits: repair the block if that is what is wrong and try once
 * more. ALLOCMAN_OK: it did it all then; else as am_plan_execute. */
int am_plan_refused(allocman_t *alloc, utspace_split_t *split, struct plan *plan,
                    seL4_Error refused, seL4_Word type, const cspacepath_t *slot);

/* Reserving or executing failed: let go of all that the plan holds. The block is free then unless its
 * root was set aside. Apart from what failed, so that neither is on the stack of the other. */
void am_plan_undo(allocman_t *alloc, utspace_split_t *split, struct plan *plan);

/* Divide one free block that is larger than 2^to_bits bytes (allocman_untyped_reclaim.divide). */
int am_plan_divide(allocman_t *alloc, utspace_split_t *split, unsigned to_bits);

/* Slots that a way down to 2^bits bytes takes where they are short: two a division. */
size_t am_plan_slots(const utspace_split_t *split, unsigned bits);

/* Records, at worst, of a way down to one page: small groups, large groups, nodes of numbers. */
void am_plan_needs(const utspace_split_t *split, struct allocman_need *need);

/* Release the slots, the number and the record of a group. */
void am_group_discard(allocman_t *alloc, utspace_split_t *split, struct split_group *group);
