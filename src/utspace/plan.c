/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "plan.h"

#include <string.h>

#include "../internal.h"
#include "../kernel.h"
#include "ids.h"
#include "lists.h"
#include "merge.h"
#include "object_types.h"
#include "roots.h"

/*@ requires 1 <= distance <= 64;
    requires wanted <= ALLOCMAN_SPLIT_FAN_OUT_BITS;
    requires 1 <= most <= ALLOCMAN_SPLIT_FAN_OUT_BITS;
    assigns \nothing;
    ensures 1 <= \result <= distance; // progress, and never past the size wanted
    ensures \result <= most; */
/* How to divide next, `distance` log2 steps above the size wanted. */
static unsigned fan_out_next(unsigned distance, unsigned wanted, unsigned most)
{
    const unsigned coarse = most < PLAN_FAN_OUT_COARSE ? most : PLAN_FAN_OUT_COARSE;
    wanted = wanted ? wanted : 1;
    if (distance <= wanted || (distance == wanted + 1 && distance <= most)) {
        return distance < most ? distance : most;
    }
    return distance - wanted < coarse ? distance - wanted : coarse;
}

AM_SELDOM static int single_take(allocman_t *alloc, seL4_CPtr *slot)
{
    cspacepath_t path;
    const int error = allocman_cspace_alloc(alloc, &path);
    *slot = error ? 0 : path.capPtr;
    return error;
}

AM_SELDOM static void single_give(allocman_t *alloc, seL4_CPtr slot)
{
    const cspacepath_t path = alloc->cspace.make_path(alloc->cspace.cspace, slot);
    allocman_cspace_free(alloc, &path);
}

/* Slots for the children of a group that has no record yet. */
struct slots {
    seL4_CPtr first;
    seL4_Word stride;      /* from one to the next */
    unsigned fan_out_bits; /* log2 of their number */
    bool singles;          /* taken one by one, not as a run */
};

/* A run, a shorter run, or two single slots. */
static int slots_reserve(allocman_t *alloc, unsigned fan_out_bits, struct slots *slots)
{
    int error = ALLOCMAN_NO_SLOT;
    for (unsigned f = alloc->slot_runs ? fan_out_bits : 0; f > 0;
         f--) { /* at most PLAN_FAN_OUT_MAX */
        error = alloc->slot_runs->alloc_run(alloc, alloc->cspace.cspace, f, &slots->first);
        if (error != ALLOCMAN_NO_SLOT) {
            slots->fan_out_bits = f;
            slots->stride = 1;
            slots->singles = false;
            return error;
        }
    }
    seL4_CPtr second;
    error = single_take(alloc, &slots->first);
    if (error) {
        return error;
    }
    error = single_take(alloc, &second);
    if (error) {
        single_give(alloc, slots->first);
        return error;
    }
    slots->fan_out_bits = 1;
    slots->stride = second - slots->first;
    slots->singles = true;
    return ALLOCMAN_OK;
}

/* Undo slots_reserve. */
AM_SELDOM static void slots_give_back(allocman_t *alloc, const struct slots *slots)
{
    if (slots->singles) {
        single_give(alloc, slots->first);
        single_give(alloc, slots->first + slots->stride);
    } else {
        alloc->slot_runs->free_run(alloc, alloc->cspace.cspace, slots->first, slots->fan_out_bits);
    }
}

/* Give the slots back. Of dirty ones, those in which somebody left a capability stay out for
 * good. */
AM_SELDOM static void slots_discard(allocman_t *alloc, utspace_split_t *split,
                                    const struct split_group *g)
{
    if (g->flags & (GROUP_SINGLES | GROUP_DIRTY)) {
        for (unsigned c = 0; c < group_children(g); c++) { /* at most 2^PLAN_FAN_OUT_MAX */
            const cspacepath_t path = child_path(alloc, g, c);
            if ((g->flags & GROUP_DIRTY) && kernel_slot_occupied(&path)) {
                split->totals.slots_quarantined++;
                am_misuse(alloc, "_utspace_split_alloc", ALLOCMAN_SLOT_OCCUPIED, path.capPtr, 0);
            } else {
                alloc->cspace.free(alloc, alloc->cspace.cspace, &path);
            }
        }
    } else {
        alloc->slot_runs->free_run(alloc, alloc->cspace.cspace, g->slot, g->fan_out_bits);
    }
}

void am_group_discard(allocman_t *alloc, utspace_split_t *split, struct split_group *group)
{
    const size_t bytes = group_bytes(group->fan_out_bits);
    slots_discard(alloc, split, group);
    am_id_drop(alloc, split, group->id);
    split->totals.book_bytes -= bytes;
    split->totals.own_slots -= group_children(group);
    allocman_mspace_free(alloc, group, bytes);
}

/* Make the record of one split of a block of 2^block_bits bytes. The slots come first: they
 * decide how many children there are, and so how long the record is. */
static int step_reserve(allocman_t *alloc, utspace_split_t *split, const struct split_group *parent,
                        unsigned position, unsigned block_bits, unsigned fan_out_bits,
                        struct split_group **made)
{
    struct slots slots;
    const int error = slots_reserve(alloc, fan_out_bits, &slots);
    if (error) {
        return error;
    }
    const size_t bytes = group_bytes(slots.fan_out_bits);
    struct split_group *const g = allocman_mspace_alloc(alloc, bytes, NULL);
    if (!g) {
        slots_give_back(alloc, &slots);
        return ALLOCMAN_NO_BOOK;
    }
    memset(g, 0, bytes);
    g->flags = (uint8_t)((parent->flags & (GROUP_KIND | GROUP_BOOK)) |
                         (slots.singles ? GROUP_SINGLES : 0));
    g->slot = slots.first;
    g->stride = slots.stride;
    g->fan_out_bits = (uint8_t)slots.fan_out_bits;
    g->parent = parent->id;
    g->position = (uint8_t)position;
    g->child_bits = (uint8_t)(block_bits - slots.fan_out_bits);
    g->root_bits = parent->root_bits;
    g->paddr = child_paddr(parent, position);
    g->generation = split->next_generation;
    g->id = am_id_take(alloc, split, g);
    if (!g->id) {
        slots_give_back(alloc, &slots);
        allocman_mspace_free(alloc, g, bytes);
        return ALLOCMAN_NO_BOOK;
    }
    split->next_generation++;
    split->totals.book_bytes += bytes;
    split->totals.own_slots += group_children(g);
    *made = g;
    return ALLOCMAN_OK;
}

/* Which child of a step the way goes on through. */
static unsigned step_child(const struct plan *plan, const struct split_group *g)
{
    return plan->paddr == ALLOCMAN_NO_PADDR ? 0
                                            : (unsigned)((plan->paddr - g->paddr) >> g->child_bits);
}

static void steps_discard(allocman_t *alloc, utspace_split_t *split, struct plan *plan,
                          unsigned kept)
{
    for (; plan->steps > kept; plan->steps--) { /* bounded by PLAN_STEPS_MAX */
        struct split_group *const g = plan->last;
        plan->last = plan->steps > 1 ? am_group(split, g->parent) : NULL;
        am_group_discard(alloc, split, g);
    }
}

int am_plan_reserve(allocman_t *alloc, utspace_split_t *split, struct plan *plan)
{
    const struct split_group *parent = plan->source;
    unsigned position = plan->child;
    unsigned at = parent->child_bits;
    while (at > plan->bits) { /* bounded by PLAN_STEPS_MAX: `at` falls */
        struct split_group *g = NULL;
        const int error = step_reserve(
            alloc, split, parent, position, at,
            fan_out_next(at - plan->bits, plan->fan_out_bits, am_plan_fan_out_max(alloc)), &g);
        if (error) {
            return error;
        }
        if (plan->steps++ == 0) {
            plan->first = g;
        } else {
            plan->last->next = g->id;
        }
        plan->last = g;
        at = g->child_bits;
        parent = g;
        position = step_child(plan, g);
    }
    return ALLOCMAN_OK;
}

/* Make the children of a group: one Retype for a run, one each for two single slots. All or
 * none. */
static seL4_Error children_make(allocman_t *alloc, seL4_CPtr block, const struct split_group *g)
{
    const bool run = !(g->flags & GROUP_SINGLES);
    const cspacepath_t first = child_path(alloc, g, 0);
    seL4_Error refused = kernel_retype(block, seL4_UntypedObject, g->child_bits, &first,
                                       run ? group_children(g) : 1);
    if (!run && !refused) {
        const cspacepath_t second = child_path(alloc, g, 1);
        refused = kernel_retype(block, seL4_UntypedObject, g->child_bits, &second, 1);
        if (refused) {
            (void)kernel_delete(&first);
        }
    }
    return refused;
}

/* Retype from the block down. */
static seL4_Error chain_make(allocman_t *alloc, const utspace_split_t *split, struct plan *plan,
                             seL4_Word type, const cspacepath_t *slot)
{
    seL4_CPtr block = child_slot(plan->source, plan->child);
    const struct split_group *g = plan->first;
    for (plan->made = 0; plan->made < plan->steps; plan->made++) { /* bounded by PLAN_STEPS_MAX */
        const seL4_Error refused = children_make(alloc, block, g);
        if (refused) {
            return refused;
        }
        block = child_slot(g, step_child(plan, g));
        g = am_group(split, g->next);
    }
    return plan->only_divide
               ? seL4_NoError
               : kernel_retype(block, type, am_type_argument(type, plan->bits), slot, 1);
}

/* A root that serves nothing: out of everything, for good. */
static int root_set_aside(allocman_t *alloc, utspace_split_t *split, struct plan *plan,
                          enum allocman_status why)
{
    struct split_group *const root = plan->source;
    plan->set_aside = true;
    root->flags |= GROUP_ASIDE;
    split->live[root->child_bits]--;
    split->totals.allocated--;
    split->totals.roots_set_aside++;
    const struct allocman_misuse misuse = {why, "_utspace_split_alloc", root->slot,
                                           root->child_bits};
    am_misuse_of(alloc, &misuse, why == ALLOCMAN_PARTLY_USED ? root->child_bits : root->slot,
                 root->slot);
    return ALLOCMAN_PARTLY_USED;
}

/* The block was free in our books, but the kernel says that it has children. */
static int block_repair(allocman_t *alloc, utspace_split_t *split, struct plan *plan)
{
    struct split_group *const g = plan->source;
    if (group_is_root(g) && !(g->flags & GROUP_USED)) { /* never ours yet: somebody else's */
        return root_set_aside(alloc, split, plan, ALLOCMAN_PARTLY_USED);
    }
    split->totals.repairs++;
    am_misuse(alloc, "_utspace_split_alloc", ALLOCMAN_STILL_IN_USE, child_slot(g, plan->child),
              g->child_bits);
    return am_child_revoke(alloc, g, plan->child) == seL4_NoError ? ALLOCMAN_OK
                                                                  : ALLOCMAN_KERNEL_REFUSED;
}

/* Does a refusal mean that an untouched root is not what it was handed in as? It is no untyped, or
 * memory of a device that was called RAM: that becomes untypeds and frames only. */
static bool root_is_false(const struct plan *plan, seL4_Error refused, seL4_Word type,
                          const cspacepath_t *slot)
{
    const struct split_group *const g = plan->source;
    if (!group_is_root(g) || (g->flags & GROUP_USED)) {
        return false;
    }
    const bool kernel_object = type != seL4_UntypedObject && !am_type_is_frame(type);
    return (plan->made == plan->steps && kernel_object && kernel_refused_device(refused)) ||
           (plan->made == 0 && kernel_refused_source(refused, g->slot, slot));
}

/* The kernel did it all: enter the groups, from the block down. */
static void steps_enter(utspace_split_t *split, struct plan *plan)
{
    struct split_group *parent = plan->source;
    unsigned position = plan->child;
    struct split_group *next = plan->first;
    for (unsigned i = 0; i < plan->steps; i++) { /* bounded by PLAN_STEPS_MAX */
        struct split_group *const g = next;
        next = am_group(split, g->next);
        g->next = 0; /* in no ring yet */
        am_child_split(split, parent, position);
        am_child_group_insert(split, parent, g);
        am_group_enter(split, g);
        position = step_child(plan, g);
        am_child_take(split, g, position);
        parent = g;
        split->totals.splits++;
    }
}

void am_plan_undo(allocman_t *alloc, utspace_split_t *split, struct plan *plan)
{
    const bool undone =
        plan->made == 0 || am_child_revoke(alloc, plan->source, plan->child) == seL4_NoError;
    steps_discard(alloc, split, plan, undone || plan->set_aside ? 0 : plan->made);
    if (plan->set_aside) {
        return;
    }
    if (undone) {
        am_child_release(split, plan->source, plan->child);
        return;
    }
    /* What the kernel keeps are groups whose children are all free, to be merged as others are. */
    struct split_group *const last = plan->last;
    steps_enter(split, plan);
    am_child_release(split, last, step_child(plan, last));
    am_merge_upward(alloc, split, last);
}

/* What a refusal of the whole chain comes to. */
static int chain_refused(allocman_t *alloc, const utspace_split_t *split, const struct plan *plan,
                         seL4_Error refused, const cspacepath_t *slot)
{
    if (refused != seL4_DeleteFirst) {
        return am_fail_kernel(alloc, ALLOCMAN_KERNEL_REFUSED, 0, refused);
    }
    if (plan->made == plan->steps) {
        return am_fail_kernel(alloc, ALLOCMAN_SLOT_OCCUPIED, slot->capPtr, refused);
    }
    struct split_group *g = plan->first;
    for (unsigned i = 0; i < plan->made; i++) { /* bounded by PLAN_STEPS_MAX */
        g = am_group(split, g->next);
    }
    g->flags |= GROUP_DIRTY;
    return ALLOCMAN_SLOT_NOT_ALLOCATED; /* whose slots they are; the caller tries again */
}

int am_plan_refused(allocman_t *alloc, utspace_split_t *split, struct plan *plan,
                    seL4_Error refused, seL4_Word type, const cspacepath_t *slot)
{
    if (refused == seL4_NotEnoughMemory && plan->made == 0) {
        const int error = block_repair(alloc, split, plan);
        if (error == ALLOCMAN_PARTLY_USED) {
            return error;
        }
        refused = error ? refused : chain_make(alloc, split, plan, type, slot);
    }
    if (!refused) {
        return ALLOCMAN_OK;
    }
    if (root_is_false(plan, refused, type, slot)) {
        return root_set_aside(alloc, split, plan, ALLOCMAN_NOT_UNTYPED);
    }
    plan->source->flags |= plan->made > 0 ? GROUP_USED : 0;
    return chain_refused(alloc, split, plan, refused, slot);
}

int am_plan_execute(allocman_t *alloc, utspace_split_t *split, struct plan *plan, seL4_Word type,
                    const cspacepath_t *slot)
{
    const seL4_Error refused = chain_make(alloc, split, plan, type, slot);
    const int error =
        refused ? am_plan_refused(alloc, split, plan, refused, type, slot) : ALLOCMAN_OK;
    if (error) {
        return error;
    }
    plan->source->flags |= GROUP_USED;
    steps_enter(split, plan);
    if (plan->steps) {
        plan->source = plan->last;
        plan->child = step_child(plan, plan->last);
    }
    return ALLOCMAN_OK;
}

int am_plan_divide(allocman_t *alloc, utspace_split_t *split, unsigned to_bits)
{
    const uint64_t larger = ~am_mask(to_bits + 1);
    const struct split_family *family = &split->family[SPLIT_FAMILY_KERNEL];
    family = family->classes & larger ? family : &split->family[SPLIT_FAMILY_BOOK];
    if (!(family->classes & larger)) {
        return ALLOCMAN_NO_UNTYPED;
    }
    const unsigned from = am_highest(family->classes);
    const unsigned most = am_plan_fan_out_max(alloc);
    const unsigned fan_out_bits = from - to_bits < most ? from - to_bits : most;
    struct plan plan = {.bits = from - fan_out_bits,
                        .paddr = ALLOCMAN_NO_PADDR,
                        .fan_out_bits = fan_out_bits,
                        .only_divide = true};
    plan.source = am_family_pick(split, family, from);
    plan.child = am_child_take_first(split, am_family(split, plan.source), plan.source);
    const cspacepath_t block = child_path(alloc, plan.source, plan.child);
    int error = am_plan_reserve(alloc, split, &plan);
    if (!error) {
        error = am_plan_execute(alloc, split, &plan, seL4_UntypedObject, &block);
    }
    if (error) {
        am_plan_undo(alloc, split, &plan);
    } else {
        am_child_release(split, plan.source, plan.child);
    }
    return error;
}
