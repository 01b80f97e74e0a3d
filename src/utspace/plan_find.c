/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Which block an allocation takes, and how finely it divides it. */

#include "plan.h"

#include "../internal.h"
#include "lists.h"
#include "roots.h"

/* Fewest children of the last split, in log2, while memory and slots allow: sixteen frames cost
 * one split. */
#define FAN_OUT_FIRST 4u
/* Of the slots that are free, one split may take one in 2^this. */
#define SLOT_SHARE_BITS 2u
/* Of the memory that is free, a last split may divide one part in 2^this: what is divided serves one
 * size only, until all of it is free again. */
#define MEMORY_SHARE_BITS 8u
/* The same where other sizes compete for memory. */
#define RIVALS_SHARE_BITS 10u
/* They do unless all but one in 2^this of the blocks allocated have the size wanted. */
#define RIVALS_BITS 3u

/* Are blocks of other sizes in demand too? What this one ties up they may lack. */
static bool sizes_compete(const utspace_split_t *split, unsigned bits)
{
    const size_t allocated = split->totals.allocated;
    return allocated - split->live[bits] > allocated >> RIVALS_BITS;
}

/* log2 of the children that a share of the free memory makes. */
static unsigned fan_out_of_share(const utspace_split_t *split, const struct split_family *family,
                                 unsigned bits)
{
    const bool device = family == &split->family[SPLIT_FAMILY_DEV_MEM];
    const int kind = device ? ALLOCMAN_UT_DEV_MEM : ALLOCMAN_UT_KERNEL;
    const uint64_t share = split->totals.free_bytes[kind] >>
                           (sizes_compete(split, bits) ? RIVALS_SHARE_BITS : MEMORY_SHARE_BITS);
    const unsigned share_bits = share ? am_highest(share) : 0;
    return share_bits > bits ? share_bits - bits : 1;
}

/* log2 of the children that the last split should make: as many as there are live blocks of that
 * size, and few enough that the last memory is not tied to one size and the last slots still become
 * objects. */
static unsigned fan_out_wanted(const allocman_t *alloc, const utspace_split_t *split,
                               const struct split_family *family, unsigned bits)
{
    if (!alloc->slot_runs) {
        return 1; /* two single slots make two children, whatever is wanted */
    }
    /* Book memory's frames: few groups. Else, for paging structures: what is left serves frames. */
    unsigned wanted = bits == seL4_PageBits ? PLAN_FAN_OUT_MAX : 1;
    if (!alloc->in_growth) {
        const uint32_t live = split->live[bits];
        const unsigned of_share = fan_out_of_share(split, family, bits);
        wanted = live ? am_highest(live) : 0;
        wanted = wanted < FAN_OUT_FIRST ? FAN_OUT_FIRST : wanted;
        wanted = wanted > PLAN_FAN_OUT_MAX ? PLAN_FAN_OUT_MAX : wanted;
        wanted = wanted < of_share ? wanted : of_share;
    }
    const size_t share = am_free_slots(alloc) >> SLOT_SHARE_BITS;
    const unsigned affordable = share > 1 ? am_highest(share) : 1;
    wanted = wanted < affordable ? wanted : affordable;
    return wanted < am_plan_fan_out_max(alloc) ? wanted : am_plan_fan_out_max(alloc);
}

/* The kernel zeroes the whole of a boot untyped at its first Retype: instead of an untouched
 * root take the smallest one that does, if there is a smaller one. */
static unsigned root_before(const utspace_split_t *split, const struct split_family *family,
                            unsigned from, unsigned bits)
{
    const struct split_group *const chosen = am_family_pick(split, family, from);
    if (!group_is_root(chosen) || (chosen->flags & GROUP_USED)) {
        return from;
    }
    for (unsigned c = bits + 1; c < from; c++) { /* bounded by the classes */
        if (family->root[c]) {
            return c;
        }
    }
    return from;
}

/*@ requires fitting != 0 && enough <= 64;
    assigns \nothing;
    ensures \result < 64; */
/* The class to divide a block of, some being in `fitting`, all larger than wanted: the one that is
 * just large enough for the whole fan-out. Else the smallest that is larger, so that neighbouring
 * classes do not eat each other; but where sizes compete the largest that is smaller, so that what is
 * large stays whole. */
static unsigned class_to_divide(uint64_t fitting, unsigned enough, bool compete)
{
    const uint64_t larger = fitting & ~am_mask(enough);
    if (!larger) {
        return am_highest(fitting);
    }
    const uint64_t smaller = fitting & am_mask(enough);
    const bool take_larger = !smaller || !compete || am_lowest(larger) == enough;
    return take_larger ? am_lowest(larger) : am_highest(smaller);
}

int am_plan_find(allocman_t *alloc, utspace_split_t *split, const struct split_family *family,
                 unsigned bits, bool narrow, struct plan *plan)
{
    *plan = (struct plan){.bits = bits, .paddr = ALLOCMAN_NO_PADDR};
    uint64_t fitting = family->classes & ~am_mask(bits);
    if (!fitting) {
        return ALLOCMAN_NO_UNTYPED;
    }
    if (family != &split->family[SPLIT_FAMILY_DEV_MEM]) { /* that is never zeroed */
        fitting &= am_mask(am_divisible_bits(alloc) + 1) | UINT64_C(1) << bits;
    }
    if (!fitting) {
        return ALLOCMAN_OVER_LIMIT;
    }
    unsigned from = am_lowest(fitting);
    if (from != bits) {
        plan->fan_out_bits = narrow ? 1 : fan_out_wanted(alloc, split, family, bits);
        from = class_to_divide(fitting, bits + plan->fan_out_bits, sizes_compete(split, bits));
        from = root_before(split, family, from, bits);
    }
    plan->source = am_family_pick(split, family, from);
    plan->child = am_child_take_first(split, am_family(split, plan->source), plan->source);
    return ALLOCMAN_OK;
}

int am_plan_find_at(const allocman_t *alloc, utspace_split_t *split, seL4_Word paddr, unsigned bits,
                    bool may_be_device, bool is_frame, struct plan *plan)
{
    struct split_group *g = am_root_at(split, paddr);
    /* What lies around an address is not wanted yet. */
    *plan = (struct plan){.bits = bits, .paddr = paddr, .fan_out_bits = PLAN_FAN_OUT_COARSE};
    if (!g || bits > g->root_bits || (g->flags & GROUP_ASIDE) ||
        (group_kind(g) != ALLOCMAN_UT_KERNEL && !may_be_device)) {
        return ALLOCMAN_ADDRESS_UNKNOWN;
    }
    if ((paddr - g->paddr) & (seL4_Word)am_mask(bits)) {
        return ALLOCMAN_UNALIGNED;
    }
    if (group_kind(g) != ALLOCMAN_UT_KERNEL && !is_frame) {
        return ALLOCMAN_INVALID_TYPE;
    }
    unsigned child = 0;
    while (child_is_split(g, child)) { /* bounded by PLAN_STEPS_MAX: each level is smaller */
        g = am_child_group(split, g, child);
        if (g->child_bits < bits) {
            return ALLOCMAN_ADDRESS_OCCUPIED; /* cut finer than wanted, and some of it in use */
        }
        child = (unsigned)((paddr - g->paddr) >> g->child_bits);
    }
    if (!child_is_free(g, child)) {
        return ALLOCMAN_ADDRESS_OCCUPIED;
    }
    if (g->child_bits > bits && g->child_bits > am_divisible_bits(alloc) &&
        group_kind(g) == ALLOCMAN_UT_KERNEL) {
        return ALLOCMAN_OVER_LIMIT;
    }
    plan->source = g;
    plan->child = child;
    am_child_take(split, g, child);
    return ALLOCMAN_OK;
}

size_t am_plan_slots(const utspace_split_t *split, unsigned bits)
{
    const uint64_t fitting = split->family[SPLIT_FAMILY_KERNEL].classes & ~am_mask(bits);
    const unsigned divisions = fitting ? am_lowest(fitting) - bits : 0;
    return divisions > 1 ? 2 * divisions : 2;
}

void am_plan_needs(const utspace_split_t *split, struct allocman_need *need)
{
    const unsigned top = split->largest_root_bits;
    /* Where slots lie scattered every split makes two; else far fewer records than that are
     * used. */
    const size_t splits = top > seL4_PageBits ? top - seL4_PageBits : 0;
    need[0] = (struct allocman_need){.bytes = group_bytes(FAN_OUT_FIRST), .count = splits};
    /* The frame and a paging structure may each end in a split of the largest size. */
    need[1] = (struct allocman_need){.bytes = group_bytes(ALLOCMAN_SPLIT_FAN_OUT_BITS),
                                     .count = splits ? 2 : 0};
    need[2] = (struct allocman_need){.bytes = sizeof(struct split_id_node),
                                     .count = splits ? AM_ID_NODES_NEEDED : 0};
}
