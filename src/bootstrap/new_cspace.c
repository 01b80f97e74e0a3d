/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Carrying out the plan of a new CSpace.
 *
 *     from the old CSpace   make the CNodes; fill the initial slots; move the untypeds; make the
 *                           pieces; move all else that keeps its number, if everything does
 *     books                 attach the managers, hand the untypeds over: cannot fail, by the plan
 *     switch                SetSpace
 *     from the new CSpace   delete the old one's capability to the new root
 *
 * Until the switch everything is undone by moving back what was moved and deleting the new CNodes,
 * with what is in them. The source is never revoked: what else was made from it, if anything
 * was, is none of ours. */

#include <string.h>

#include "../bits.h"
#include "../internal.h"
#include "../kernel.h"
#include "../utspace/add.h"
#include "info.h"
#include "plan.h"

/* What a new CSpace has of its own. */
enum { OWN_ROOT, OWN_TCB, OWN_VSPACE, OWN_COUNT };

/* What has been done so far. */
struct execution {
    bootstrap_info_t *info;
    const struct bootstrap_new_plan *plan;
    struct bootstrap_untyped *source; /* what the CNodes are made from */
    const cspacepath_t *tcb;
    const cspacepath_t *vspace;
    cspacepath_t root;               /* the new root CNode, in the old CSpace, without guard */
    seL4_Word own[OWN_COUNT];        /* slots in the new CSpace */
    struct bootstrap_untyped *moved; /* the first untyped that was not moved; NULL: all were */
    uint32_t initial_moved;          /* bit n: the initial capability n was moved, not copied */
    size_t kept_moved;               /* of the capabilities that keep their number */
    bool source_moved;               /* the source keeps its number too, and has been moved */
    bool have_root;                  /* the new root CNode was made */
    seL4_Error refused;              /* the kernel's last answer */
};

/* A slot of the new CSpace, reached from the old one. */
static cspacepath_t path_new(const struct execution *x, seL4_Word slot)
{
    const size_t bits = x->plan->level_two_bits;
    return (cspacepath_t){
        .capPtr = slot,
        .capDepth = x->plan->root_bits + bits,
        .root = x->root.capPtr,
        .dest = bits ? slot >> bits : 0,
        .destDepth = bits ? x->plan->root_bits : 0,
        .offset = bits ? slot & (seL4_Word)am_mask((unsigned)bits) : slot,
        .window = 1,
    };
}

/* The first untyped in the list that is as the plan wants the source. */
static struct bootstrap_untyped *source_find(const bootstrap_info_t *info, unsigned bits)
{
    struct bootstrap_untyped *ut = info->first;
    while (ut && (ut->is_device || ut->size_bits != bits)) { /* bounded by the untypeds */
        ut = ut->next;
    }
    return ut;
}

/* Make the CNodes: the root in the old CSpace, the second levels in the root. */
AM_APART static bool cnodes_make(struct execution *x)
{
    const struct bootstrap_new_plan *const plan = x->plan;
    x->refused = kernel_retype(x->source->slot, seL4_CapTableObject, plan->root_bits, &x->root, 1);
    x->have_root = !x->refused;
    for (size_t i = 0; !x->refused && i < plan->second_levels;) { /* each turn makes some */
        const size_t left = plan->second_levels - i;
        const size_t count =
            left < CONFIG_RETYPE_FAN_OUT_LIMIT ? left : CONFIG_RETYPE_FAN_OUT_LIMIT;
        const cspacepath_t path = {.root = x->root.capPtr, .offset = i};
        x->refused =
            kernel_retype(x->source->slot, seL4_CapTableObject, plan->level_two_bits, &path, count);
        i += count;
    }
    return !x->refused;
}

/* Fill the initial slots. */
AM_APART static bool initial_fill(struct execution *x)
{
    const struct {
        seL4_Word slot;
        const cspacepath_t *from;
        unsigned guard_bits;
    } initial[] = {{x->own[OWN_ROOT], &x->root, x->plan->guard_bits},
                   {x->own[OWN_TCB], x->tcb, 0},
                   {x->own[OWN_VSPACE], x->vspace, 0},
                   {x->plan->old_root, &x->info->boot_root, 0}};
    for (unsigned i = 0; i < sizeof(initial) / sizeof(initial[0]); i++) {
        const cspacepath_t to = path_new(x, initial[i].slot);
        x->refused = kernel_copy(&to, initial[i].from, initial[i].guard_bits);
        if (x->refused) {
            return false;
        }
    }
    return true;
}

/* Have an initial capability at its own number in the new CSpace: a copy, so that the old number
 * is good too, or where the kernel copies none (the one right to interrupts, say) the capability
 * itself. */
static bool initial_arrive(struct execution *x, seL4_Word slot)
{
    const cspacepath_t from = x->info->boot.make_path(x->info->boot.cspace, slot);
    const cspacepath_t to = path_new(x, slot);
    x->refused = kernel_copy(&to, &from, 0);
    if (x->refused == seL4_IllegalOperation && slot < seL4_NumInitialCaps) {
        x->refused = kernel_move(&to, &from);
        x->initial_moved |= x->refused ? 0 : UINT32_C(1) << slot;
    }
    if (kernel_refused_empty(x->refused)) {
        x->refused = seL4_NoError; /* a machine lacks some of them */
    }
    return !x->refused;
}

/* All initial capabilities that are not there yet. */
AM_APART static bool initial_others(struct execution *x)
{
    const struct bootstrap_census *const census = &x->info->census;
    bool ok = true;
    for (seL4_Word n = AM_NEW_SLOT_OTHERS; census->initial && ok && n < seL4_NumInitialCaps; n++) {
        ok = initial_arrive(x, n);
    }
    const seL4_SlotRegion sched = census->sched_control; /* one for each core */
    for (seL4_Word n = sched.start; ok && n < sched.end; n++) {
        ok = initial_arrive(x, n);
    }
    return ok;
}

/* The new slot of an untyped; *next is that of the next one that has no number of its own. */
static seL4_Word untyped_slot(const struct execution *x, const struct bootstrap_untyped *ut,
                              seL4_Word *next)
{
    return x->plan->keeps ? ut->slot : (*next)++;
}

/* Move all untypeds but the source to their new slots. */
AM_APART static bool untypeds_move(struct execution *x)
{
    seL4_Word next = x->plan->first_untyped;
    for (struct bootstrap_untyped *ut = x->info->first; ut; ut = ut->next) {
        x->moved = ut; /* bounded by the untypeds */
        if (ut == x->source) {
            continue;
        }
        const cspacepath_t from = bootstrap_untyped_path(ut);
        const cspacepath_t to = path_new(x, untyped_slot(x, ut, &next));
        x->refused = kernel_move(&to, &from);
        if (x->refused) {
            return false;
        }
    }
    x->moved = NULL;
    return true;
}

/* Cut the rest of the source into pieces. */
AM_APART static bool pieces_make(struct execution *x)
{
    seL4_Word slot = x->plan->first_piece;
    uint64_t at = x->plan->cnode_bytes;
    unsigned bits;
    while ((bits = am_bootstrap_piece(x->plan->source_bits, at)) != 0) { /* each doubles `at` */
        const cspacepath_t path = path_new(x, slot++);
        x->refused = kernel_retype(x->source->slot, seL4_UntypedObject, bits, &path, 1);
        if (x->refused) {
            return false;
        }
        at += UINT64_C(1) << bits;
    }
    return true;
}

/* The n-th capability that keeps its number, or 0: there is none, or it has its slot already. */
static seL4_Word kept_slot(const struct execution *x, size_t n)
{
    const seL4_Word slot = x->info->kept.nth(x->info->kept.data, n);
    const struct bootstrap_untyped *ut = x->info->first;
    for (unsigned i = 0; i < OWN_COUNT; i++) {
        if (slot == x->own[i]) {
            return 0;
        }
    }
    while (ut && ut->slot != slot) { /* bounded by the untypeds */
        ut = ut->next;
    }
    return ut ? 0 : slot;
}

static cspacepath_t path_old(const struct execution *x, seL4_Word slot)
{
    return (cspacepath_t){
        .capPtr = slot, .capDepth = AM_WORD_BITS, .root = x->info->boot_root.capPtr};
}

/* Move what keeps its number. A slot that is empty, or was moved before, is passed over. */
AM_APART static bool kept_move(struct execution *x)
{
    if (x->plan->keeps) {
        const cspacepath_t from = bootstrap_untyped_path(x->source);
        const cspacepath_t to = path_new(x, x->source->slot);
        x->refused = kernel_move(&to, &from);
        x->source_moved = !x->refused;
    }
    while (!x->refused && x->kept_moved < x->info->kept.count) { /* each turn raises it */
        const seL4_Word slot = kept_slot(x, x->kept_moved++);
        const cspacepath_t from = path_old(x, slot);
        const cspacepath_t to = path_new(x, slot);
        x->refused = slot ? kernel_move(&to, &from) : seL4_NoError;
        x->refused = kernel_refused_empty(x->refused) ? seL4_NoError : x->refused;
    }
    return !x->refused;
}

AM_APART static void kept_undo(struct execution *x)
{
    for (size_t i = x->kept_moved; i-- > 0;) {
        const seL4_Word slot = kept_slot(x, i);
        const cspacepath_t from = path_new(x, slot);
        const cspacepath_t to = path_old(x, slot);
        (void)(slot ? kernel_move(&to, &from) : seL4_NoError);
    }
    if (x->source_moved) {
        const cspacepath_t from = path_new(x, x->source->slot);
        const cspacepath_t to = bootstrap_untyped_path(x->source);
        (void)kernel_move(&to, &from);
    }
}

/* Delete the new CNodes. Second levels first: a CNode that goes with the one that it stands in leaves
 * its memory in use until the untyped is revoked. So does one with a capability to itself. */
AM_APART static void cnodes_drop(struct execution *x)
{
    const bool two_levels = x->plan->second_levels != 0;
    for (size_t i = 0; x->have_root && i < x->plan->second_levels; i++) {
        const cspacepath_t second = {
            .capPtr = i, .capDepth = x->plan->root_bits, .root = x->root.capPtr};
        (void)kernel_delete(&second);
    }
    if (x->have_root) {
        const cspacepath_t own = path_new(x, x->own[OWN_ROOT]);
        (void)(two_levels ? seL4_NoError : kernel_delete(&own));
        (void)kernel_delete(&x->root);
    }
}

/* Undo everything. */
AM_APART static void kernel_undo(struct execution *x)
{
    seL4_Word next = x->plan->first_untyped;
    kept_undo(x);
    for (struct bootstrap_untyped *ut = x->info->first; ut && ut != x->moved; ut = ut->next) {
        if (ut != x->source) { /* bounded by the untypeds */
            const cspacepath_t from = path_new(x, untyped_slot(x, ut, &next));
            const cspacepath_t to = bootstrap_untyped_path(ut);
            (void)kernel_move(&to, &from);
        }
    }
    for (seL4_Word n = AM_NEW_SLOT_OTHERS; n < seL4_NumInitialCaps; n++) {
        if (x->initial_moved >> n & 1u) {
            const cspacepath_t from = path_new(x, n);
            const cspacepath_t to = x->info->boot.make_path(x->info->boot.cspace, n);
            (void)kernel_move(&to, &from);
        }
    }
    cnodes_drop(x);
}

/* Attach a slot manager for the new CSpace. */
AM_APART static int slots_attach(struct execution *x)
{
    const struct bootstrap_new_plan *const plan = x->plan;
    allocman_t *const alloc = x->info->alloc;
    struct bootstrap_managers *const m = (struct bootstrap_managers *)alloc;
    if (!plan->level_two_bits) {
        (void)cspace_single_level_create(
            alloc, &m->cspace,
            (struct cspace_single_level_config){.cnode = x->own[OWN_ROOT],
                                                .cnode_size_bits = plan->root_bits,
                                                .cnode_guard_bits = plan->guard_bits,
                                                .first_slot = plan->first_free,
                                                .end_slot = plan->end});
        (void)allocman_attach_cspace(alloc, cspace_single_level_make_interface(&m->cspace));
        return allocman_register_slot_runs(alloc, &cspace_single_level_runs);
    }
    int error = ALLOCMAN_OK;
    cspace_two_level_t *const cspace = allocman_mspace_alloc(alloc, sizeof(*cspace), &error);
    if (!cspace) {
        return error;
    }
    error = cspace_two_level_create(
        alloc, cspace,
        (struct cspace_two_level_config){.cnode = x->own[OWN_ROOT],
                                         .cnode_size_bits = plan->root_bits,
                                         .cnode_guard_bits = plan->guard_bits,
                                         .first_slot = 0,
                                         .end_slot = (size_t)1 << plan->root_bits,
                                         .level_two_bits = plan->level_two_bits,
                                         .start_existing_index = 0,
                                         .end_existing_index = plan->second_levels,
                                         .start_existing_slot = 0,
                                         .end_existing_slot = plan->first_free});
    if (error) {
        allocman_mspace_free(alloc, cspace, sizeof(*cspace));
        return error;
    }
    m->two_level = cspace;
    (void)allocman_attach_cspace(alloc, cspace_two_level_make_interface(cspace));
    (void)allocman_register_slot_runs(alloc, &cspace_two_level_runs);
    return allocman_register_slot_growth(alloc, &cspace_two_level_growth);
}

static int untyped_hand_over(allocman_t *alloc, seL4_Word slot, size_t bits, uintptr_t paddr,
                             bool is_device)
{
    const cspacepath_t path = allocman_cspace_make_path(alloc, slot);
    return allocman_utspace_add_uts(alloc, 1, &path, &bits, &paddr,
                                    is_device ? ALLOCMAN_UT_DEV : ALLOCMAN_UT_KERNEL);
}

/* Attach a manager for the untypeds and hand them over, in the order in which they were moved. */
AM_APART static int untypeds_attach(struct execution *x)
{
    allocman_t *const alloc = x->info->alloc;
    struct bootstrap_managers *const m = (struct bootstrap_managers *)alloc;
    const struct bootstrap_untyped *const source = x->source;
    int error = ALLOCMAN_OK;
    utspace_split_create(&m->utspace);
    (void)allocman_attach_utspace(alloc, utspace_split_make_interface(&m->utspace));
    (void)allocman_register_untyped_reclaim(alloc, &utspace_split_reclaim);
    seL4_Word next = x->plan->first_untyped;
    for (struct bootstrap_untyped *ut = x->info->first; ut && !error; ut = ut->next) {
        if (ut != source) { /* bounded by the untypeds */
            error = untyped_hand_over(alloc, untyped_slot(x, ut, &next), ut->size_bits, ut->paddr,
                                      ut->is_device);
        }
    }
    seL4_Word slot = x->plan->first_piece;
    uint64_t at = x->plan->cnode_bytes;
    unsigned bits;
    while (!error && (bits = am_bootstrap_piece(source->size_bits, at)) != 0) {
        const uintptr_t paddr =
            source->paddr == ALLOCMAN_NO_PADDR ? ALLOCMAN_NO_PADDR : source->paddr + (uintptr_t)at;
        error = untyped_hand_over(alloc, slot++, bits, paddr, false);
        at += UINT64_C(1) << bits;
    }
    return error;
}

/* Detach the managers again. */
AM_APART static void books_undo(struct execution *x)
{
    allocman_t *const alloc = x->info->alloc;
    struct bootstrap_managers *const m = (struct bootstrap_managers *)alloc;
    if (alloc->have_utspace) {
        am_split_forget_roots(alloc, &m->utspace);
    }
    alloc->have_cspace = alloc->have_utspace = false;
    alloc->slot_runs = NULL;
    alloc->slot_growth = NULL;
    alloc->untyped_reclaim = NULL;
    if (m->two_level) {
        cspace_two_level_destroy(alloc, m->two_level); /* makes no call: none of it was made */
        allocman_mspace_free(alloc, m->two_level, sizeof(*m->two_level));
        m->two_level = NULL;
    }
}

/* From the new CSpace: delete the old one's capability to the new root, and let its slot go. What
 * cannot be deleted stays there, and the slot with it. */
AM_APART static void old_clean(struct execution *x)
{
    const cspacepath_t root = {
        .capPtr = x->root.capPtr, .capDepth = x->root.capDepth, .root = x->plan->old_root};
    if (kernel_delete(&root) == seL4_NoError) {
        x->info->boot.free(x->info->alloc, x->info->boot.cspace, &x->root);
    }
}

static int execute(struct execution *x)
{
    int error = ALLOCMAN_OK;
    x->moved = x->info->first;
    const bool made = cnodes_make(x) && initial_fill(x) && initial_others(x) && untypeds_move(x) &&
                      pieces_make(x) && kept_move(x);
    if (made) {
        error = slots_attach(x);
        error = error ? error : untypeds_attach(x);
        if (!error) {
            x->refused = kernel_set_space(x->tcb->capPtr, x->root.capPtr, x->plan->guard_bits,
                                          x->vspace->capPtr);
        }
        if (error || x->refused) {
            books_undo(x);
        }
    }
    if (error || x->refused) {
        kernel_undo(x);
        x->info->boot.free(x->info->alloc, x->info->boot.cspace, &x->root);
        return error ? error
                     : am_fail_kernel(x->info->alloc, ALLOCMAN_KERNEL_REFUSED, 0, x->refused);
    }
    old_clean(x);
    return ALLOCMAN_OK;
}

/* Check and plan, then execute; *old_root is written on success only, *why on failure only. */
AM_APART static int new_cspace(bootstrap_info_t *info, size_t l1size, size_t l2size,
                               const cspacepath_t *tcb, const cspacepath_t *pd, seL4_Word *old_root,
                               struct allocman_failure *why)
{
    struct bootstrap_new_plan plan;
    int error = am_bootstrap_plan_new(&plan, &info->census, l1size, l2size, info->pool_size, why);
    if (error) {
        return error;
    }
    struct execution x = {.info = info,
                          .plan = &plan,
                          .tcb = tcb,
                          .vspace = pd,
                          .own = {AM_NEW_SLOT_ROOT, AM_NEW_SLOT_TCB, AM_NEW_SLOT_VSPACE}};
    if (plan.keeps) {
        x.own[OWN_ROOT] = info->boot_root.capPtr;
        x.own[OWN_TCB] = tcb->capPtr;
        x.own[OWN_VSPACE] = pd->capPtr;
    }
    x.source = source_find(info, plan.source_bits);
    error = info->boot.alloc(info->alloc, info->boot.cspace, &x.root);
    if (error) {
        *why = (struct allocman_failure){.status = ALLOCMAN_NO_SLOT, .needed = 1};
        return ALLOCMAN_NO_SLOT;
    }
    error = execute(&x);
    if (error) {
        const struct allocman_failure *const failure = &info->alloc->failure;
        *why = (int)failure->status == error
                   ? *failure
                   : (struct allocman_failure){.status = (enum allocman_status)error};
    } else {
        *old_root = plan.old_root;
    }
    return error;
}

allocman_t *am_bootstrap_new_cspace(bootstrap_info_t *info, size_t l1size, size_t l2size,
                                    const cspacepath_t *tcb, const cspacepath_t *pd,
                                    cspacepath_t *oldroot, struct allocman_failure *why)
{
    struct allocman_failure failure = {.status = ALLOCMAN_OK};
    seL4_Word old_root = 0;
    why = why ? why : &failure;
    if (!info || !info->have_boot) {
        *why = (struct allocman_failure){.status = info ? ALLOCMAN_NOT_ATTACHED
                                                        : ALLOCMAN_INVALID_ARGUMENT};
        return NULL;
    }
    allocman_t *const alloc = info->alloc;
    am_start_begin(alloc);
    const int error = new_cspace(info, l1size, l2size, tcb, pd, &old_root, why);
    if (!error) {
        am_bootstrap_info_drop(info);
        alloc->failure = (struct allocman_failure){.status = ALLOCMAN_OK};
        if (oldroot) {
            *oldroot = alloc->cspace.make_path(alloc->cspace.cspace, old_root);
        }
    }
    am_start_end(alloc);
    return error ? NULL : alloc;
}
