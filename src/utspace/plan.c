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

/* Most children of one split, in log2: of our records, and of the kernel's Retype. */
#define FAN_OUT_MAX                                                                                \
    (CONFIG_RETYPE_FAN_OUT_LIMIT >= 256 ? ALLOCMAN_SPLIT_FAN_OUT_BITS                              \
                                        : am_highest(CONFIG_RETYPE_FAN_OUT_LIMIT))
/* Fewest children of the last split, in log2, while memory and slots allow: sixteen frames cost
 * one split. */
#define FAN_OUT_FIRST 4u
/* Splits on the way down to there: four children each. */
#define FAN_OUT_COARSE 2u
/* Of the slots that are free, one split may take one in 2^this. */
#define SLOT_SHARE_BITS 2u
/* Of the memory that is free, a last split may divide one part in 2^this: what is divided serves one
 * size only, until all of it is free again. */
#define MEMORY_SHARE_BITS 8u

/* log2 of the children that a share of the free memory makes. */
static unsigned fan_out_of_share(const utspace_split_t *split, const struct split_family *family,
                                 unsigned bits)
{
    const bool device = family == &split->family[SPLIT_FAMILY_DEV_MEM];
    const int kind = device ? ALLOCMAN_UT_DEV_MEM : ALLOCMAN_UT_KERNEL;
    const uint64_t share = split->totals.free_bytes[kind] >> MEMORY_SHARE_BITS;
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
    unsigned wanted = bits == seL4_PageBits ? FAN_OUT_MAX : 1;
    if (!alloc->in_growth) {
        const uint32_t live = split->live[bits];
        const unsigned of_share = fan_out_of_share(split, family, bits);
        wanted = live ? am_highest(live) : 0;
        wanted = wanted < FAN_OUT_FIRST ? FAN_OUT_FIRST : wanted;
        wanted = wanted > FAN_OUT_MAX ? FAN_OUT_MAX : wanted;
        wanted = wanted < of_share ? wanted : of_share;
    }
    const size_t share = am_free_slots(alloc) >> SLOT_SHARE_BITS;
    const unsigned affordable = share > 1 ? am_highest(share) : 1;
    return wanted < affordable ? wanted : affordable;
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

int am_plan_find(allocman_t *alloc, utspace_split_t *split, const struct split_family *family,
                 unsigned bits, bool narrow, struct plan *plan)
{
    plan->bits = bits;
    plan->paddr = ALLOCMAN_NO_PADDR;
    plan->steps = 0;
    plan->first = plan->last = NULL;
    plan->fan_out_bits = 0;
    const uint64_t fitting = family->classes & ~am_mask(bits);
    if (!fitting) {
        return ALLOCMAN_NO_UNTYPED;
    }
    unsigned from = am_lowest(fitting);
    if (from != bits) {
        plan->fan_out_bits = narrow ? 1 : fan_out_wanted(alloc, split, family, bits);
        const unsigned enough = bits + plan->fan_out_bits;
        const uint64_t far = enough < 64 ? fitting & ~am_mask(enough) : 0;
        /* The smallest block that gives the whole fan-out, or else the largest there is. */
        from = far ? am_lowest(far) : am_highest(fitting);
        from = root_before(split, family, from, bits);
    }
    plan->source = am_family_pick(split, family, from);
    plan->child = am_child_take_first(split, am_family(split, plan->source), plan->source);
    return ALLOCMAN_OK;
}

int am_plan_find_at(utspace_split_t *split, seL4_Word paddr, unsigned bits, bool may_be_device,
                    bool is_frame, struct plan *plan)
{
    struct split_group *g = am_root_at(split, paddr);
    plan->bits = bits;
    plan->paddr = paddr;
    plan->steps = 0;
    plan->first = plan->last = NULL;
    plan->fan_out_bits = FAN_OUT_COARSE; /* what lies around an address is not wanted yet */
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
    plan->source = g;
    plan->child = child;
    am_child_take(split, g, child);
    return ALLOCMAN_OK;
}

/*@ requires 1 <= distance <= 64;
    requires wanted <= ALLOCMAN_SPLIT_FAN_OUT_BITS;
    assigns \nothing;
    ensures 1 <= \result <= distance; // progress, and never past the size wanted
    ensures \result <= ALLOCMAN_SPLIT_FAN_OUT_BITS; */
/* How to divide next, `distance` log2 steps above the size wanted. */
static unsigned fan_out_next(unsigned distance, unsigned wanted)
{
    wanted = wanted ? wanted : 1;
    if (distance <= wanted || (distance == wanted + 1 && distance <= FAN_OUT_MAX)) {
        return distance;
    }
    return distance - wanted < FAN_OUT_COARSE ? distance - wanted : FAN_OUT_COARSE;
}

/* Slots for a group's children: a run, a shorter run, or two single slots. Sets fan_out_bits. */
static int slots_reserve(allocman_t *alloc, struct split_group *g, unsigned fan_out_bits)
{
    int error = ALLOCMAN_NO_SLOT;
    for (unsigned f = alloc->slot_runs ? fan_out_bits : 0; f > 0; f--) { /* at most FAN_OUT_MAX */
        error = alloc->slot_runs->alloc_run(alloc, alloc->cspace.cspace, f, &g->slot);
        if (error != ALLOCMAN_NO_SLOT) {
            g->fan_out_bits = (uint8_t)f;
            g->stride = 1;
            return error;
        }
    }
    cspacepath_t one, two;
    error = allocman_cspace_alloc(alloc, &one);
    if (error) {
        return error;
    }
    error = allocman_cspace_alloc(alloc, &two);
    if (error) {
        allocman_cspace_free(alloc, &one);
        return error;
    }
    g->fan_out_bits = 1;
    g->flags |= GROUP_SINGLES;
    g->slot = one.capPtr;
    g->stride = two.capPtr - one.capPtr;
    return ALLOCMAN_OK;
}

/* Give the slots back. Of dirty ones, those in which somebody left a capability stay out for
 * good. */
static void slots_discard(allocman_t *alloc, utspace_split_t *split, const struct split_group *g)
{
    if (g->flags & (GROUP_SINGLES | GROUP_DIRTY)) {
        for (unsigned c = 0; c < group_children(g); c++) { /* at most 2^FAN_OUT_MAX */
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
    struct split_group draft = {.flags = parent->flags & (GROUP_KIND | GROUP_BOOK)};
    int error = slots_reserve(alloc, &draft, fan_out_bits);
    if (error) {
        return error;
    }
    const size_t bytes = group_bytes(draft.fan_out_bits);
    struct split_group *const g = allocman_mspace_alloc(alloc, bytes, NULL);
    if (!g) {
        slots_discard(alloc, split, &draft);
        return ALLOCMAN_NO_BOOK;
    }
    memset(g, 0, bytes);
    *g = draft;
    g->parent = parent->id;
    g->position = (uint8_t)position;
    g->child_bits = (uint8_t)(block_bits - draft.fan_out_bits);
    g->root_bits = parent->root_bits;
    g->paddr = child_paddr(parent, position);
    g->generation = split->next_generation;
    g->id = am_id_take(alloc, split, g);
    if (!g->id) {
        slots_discard(alloc, split, g);
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

/* Nothing comes of the plan: let go of what it holds. */
static void plan_abandon(allocman_t *alloc, utspace_split_t *split, struct plan *plan)
{
    steps_discard(alloc, split, plan, 0);
    am_child_release(split, plan->source, plan->child);
}

int am_plan_reserve(allocman_t *alloc, utspace_split_t *split, struct plan *plan)
{
    const struct split_group *parent = plan->source;
    unsigned position = plan->child;
    unsigned at = parent->child_bits;
    while (at > plan->bits) { /* bounded by PLAN_STEPS_MAX: `at` falls */
        struct split_group *g;
        const int error = step_reserve(alloc, split, parent, position, at,
                                       fan_out_next(at - plan->bits, plan->fan_out_bits), &g);
        if (error) {
            plan_abandon(alloc, split, plan);
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

/* Retype from the block down. *made counts the splits that were made. */
static seL4_Error chain_make(allocman_t *alloc, const utspace_split_t *split,
                             const struct plan *plan, seL4_Word type, const cspacepath_t *slot,
                             unsigned *made)
{
    seL4_CPtr block = child_slot(plan->source, plan->child);
    const struct split_group *g = plan->first;
    for (*made = 0; *made < plan->steps; ++*made) { /* bounded by PLAN_STEPS_MAX */
        const seL4_Error refused = children_make(alloc, block, g);
        if (refused) {
            return refused;
        }
        block = child_slot(g, step_child(plan, g));
        g = am_group(split, g->next);
    }
    return kernel_retype(block, type, am_type_argument(type, plan->bits), slot, 1);
}

/* A root that serves nothing: out of everything, for good. */
static int root_set_aside(allocman_t *alloc, utspace_split_t *split, struct split_group *root,
                          enum allocman_status why)
{
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
        return root_set_aside(alloc, split, g, ALLOCMAN_PARTLY_USED);
    }
    const cspacepath_t path = child_path(alloc, g, plan->child);
    split->totals.repairs++;
    am_misuse(alloc, "_utspace_split_alloc", ALLOCMAN_STILL_IN_USE, path.capPtr, g->child_bits);
    return kernel_revoke(&path) == seL4_NoError ? ALLOCMAN_OK : ALLOCMAN_KERNEL_REFUSED;
}

/* Does a refusal mean that an untouched root is not what it was handed in as? It is no untyped, or
 * memory of a device that was called RAM: that becomes untypeds and frames only. */
static bool root_is_false(const struct plan *plan, seL4_Error refused, unsigned made,
                          seL4_Word type, const cspacepath_t *slot)
{
    const struct split_group *const g = plan->source;
    if (!group_is_root(g) || (g->flags & GROUP_USED)) {
        return false;
    }
    const bool kernel_object = type != seL4_UntypedObject && !am_type_is_frame(type);
    return (made == plan->steps && kernel_object && kernel_refused_device(refused)) ||
           (made == 0 && kernel_refused_source(refused, g->slot, slot));
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

/* The first `made` splits were made, and nothing came of it: undo them. Where the kernel refuses that
 * they are groups whose children are all free, to be merged as others are. */
static void splits_undo(allocman_t *alloc, utspace_split_t *split, struct plan *plan, unsigned made)
{
    const cspacepath_t path = child_path(alloc, plan->source, plan->child);
    if (made == 0 || kernel_revoke(&path) == seL4_NoError) {
        plan_abandon(alloc, split, plan);
        return;
    }
    steps_discard(alloc, split, plan, made);
    struct split_group *const last = plan->last;
    steps_enter(split, plan);
    am_child_release(split, last, step_child(plan, last));
    am_merge_upward(alloc, split, last);
}

/* What a refusal of the whole chain comes to; `made` splits had been made. */
static int chain_refused(allocman_t *alloc, utspace_split_t *split, struct plan *plan,
                         seL4_Error refused, unsigned made, const cspacepath_t *slot)
{
    int status = ALLOCMAN_KERNEL_REFUSED;
    if (refused == seL4_DeleteFirst && made < plan->steps) {
        struct split_group *g = plan->first;
        for (unsigned i = 0; i < made; i++) { /* bounded by PLAN_STEPS_MAX */
            g = am_group(split, g->next);
        }
        g->flags |= GROUP_DIRTY;
        status = ALLOCMAN_SLOT_NOT_ALLOCATED; /* whose slots they are; the caller tries again */
    } else if (refused == seL4_DeleteFirst) {
        status = am_fail_kernel(alloc, ALLOCMAN_SLOT_OCCUPIED, refused);
        alloc->failure.needed = slot->capPtr;
    } else {
        status = am_fail_kernel(alloc, ALLOCMAN_KERNEL_REFUSED, refused);
    }
    splits_undo(alloc, split, plan, made);
    return status;
}

int am_plan_refused(allocman_t *alloc, utspace_split_t *split, struct plan *plan,
                    seL4_Error refused, unsigned made, seL4_Word type, const cspacepath_t *slot)
{
    if (refused == seL4_NotEnoughMemory && made == 0) {
        const int error = block_repair(alloc, split, plan);
        if (error == ALLOCMAN_PARTLY_USED) {
            steps_discard(alloc, split, plan, 0);
            return error;
        }
        refused = error ? refused : chain_make(alloc, split, plan, type, slot, &made);
    }
    if (!refused) {
        return ALLOCMAN_OK;
    }
    if (root_is_false(plan, refused, made, type, slot)) {
        const cspacepath_t path = child_path(alloc, plan->source, plan->child);
        (void)(made > 0 && kernel_revoke(&path));
        steps_discard(alloc, split, plan, 0);
        return root_set_aside(alloc, split, plan->source, ALLOCMAN_NOT_UNTYPED);
    }
    plan->source->flags |= made > 0 ? GROUP_USED : 0;
    return chain_refused(alloc, split, plan, refused, made, slot);
}

int am_plan_execute(allocman_t *alloc, utspace_split_t *split, struct plan *plan, seL4_Word type,
                    const cspacepath_t *slot, struct split_group **group, unsigned *child)
{
    unsigned made;
    const seL4_Error refused = chain_make(alloc, split, plan, type, slot, &made);
    const int error =
        refused ? am_plan_refused(alloc, split, plan, refused, made, type, slot) : ALLOCMAN_OK;
    if (error) {
        return error;
    }
    plan->source->flags |= GROUP_USED;
    steps_enter(split, plan);
    *group = plan->steps ? plan->last : plan->source;
    *child = plan->steps ? step_child(plan, *group) : plan->child;
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
