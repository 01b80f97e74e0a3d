/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/bootstrap.h>

#include "../bits.h"
#include "../internal.h"
#include "plan.h"

_Static_assert(offsetof(struct bootstrap_managers, allocman) == 0,
               "the allocman leads to its managers");

/* Put the managers into the pool as planned. Nothing here can fail: the plan has checked it. */
allocman_t *am_bootstrap_managers_make(const struct bootstrap_plan *plan)
{
    struct bootstrap_managers *const m = plan->managers;
    m->two_level = NULL;
    m->bootinfo_full = false;
    mspace_dual_pool_create(&m->mspace, plan->book);
    (void)allocman_create(&m->allocman, mspace_dual_pool_make_interface(&m->mspace));
    (void)cspace_single_level_create(&m->allocman, &m->cspace, plan->cspace);
    (void)allocman_attach_cspace(&m->allocman, cspace_single_level_make_interface(&m->cspace));
    (void)allocman_register_slot_runs(&m->allocman, &cspace_single_level_runs);
    utspace_split_create(&m->utspace);
    (void)allocman_attach_utspace(&m->allocman, utspace_split_make_interface(&m->utspace));
    (void)allocman_register_untyped_reclaim(&m->allocman, &utspace_split_reclaim);
    return &m->allocman;
}

static int add_boot_untypeds(allocman_t *alloc, const seL4_BootInfo *bi)
{
    for (seL4_Word i = 0; i < bi->untyped.end - bi->untyped.start;
         i++) { /* bounded by the boot information */
        const seL4_UntypedDesc *const ut = &bi->untypedList[i];
        const cspacepath_t path = allocman_cspace_make_path(alloc, bi->untyped.start + i);
        size_t size_bits = ut->sizeBits;
        uintptr_t paddr = ut->paddr;
        const int error =
            allocman_utspace_add_uts(alloc, 1, &path, &size_bits, &paddr,
                                     ut->isDevice ? ALLOCMAN_UT_DEV : ALLOCMAN_UT_KERNEL);
        if (error) {
            return error;
        }
    }
    return ALLOCMAN_OK;
}

struct cspace_single_level_config am_bootstrap_cspace_of(seL4_CPtr cnode, size_t radix_bits,
                                                         seL4_CPtr first, seL4_CPtr end)
{
    return (struct cspace_single_level_config){
        .cnode = cnode,
        .cnode_size_bits = radix_bits,
        .cnode_guard_bits = radix_bits <= AM_WORD_BITS ? AM_WORD_BITS - radix_bits : 0,
        .first_slot = first,
        .end_slot = end,
    };
}

/* Managers for the boot CSpace, in the pool; NULL and *why: they are not possible. */
AM_APART static allocman_t *boot_managers_make(const seL4_BootInfo *bi, size_t pool_size,
                                               void *pool, struct allocman_failure *why)
{
    struct allocman_failure failure;
    struct bootstrap_plan plan;
    int error = am_bootstrap_check_bootinfo(bi, &failure);
    if (!error) {
        const size_t untypeds = (size_t)(bi->untyped.end - bi->untyped.start);
        error = am_bootstrap_plan(&plan, pool_size, pool,
                                  am_bootstrap_cspace_of(seL4_CapInitThreadCNode,
                                                         bi->initThreadCNodeSizeBits,
                                                         bi->empty.start, bi->empty.end),
                                  untypeds, &failure);
    }
    if (error) {
        if (why) {
            *why = failure;
        }
        return NULL;
    }
    allocman_t *const alloc = am_bootstrap_managers_make(&plan);
    plan.managers->bootinfo_full = bootstrap_bootinfo_is_full(bi);
    return alloc;
}

allocman_t *bootstrap_use_bootinfo_why(seL4_BootInfo *bi, size_t pool_size, void *pool,
                                       struct allocman_failure *why)
{
    allocman_t *const alloc = boot_managers_make(bi, pool_size, pool, why);
    const int error = alloc ? add_boot_untypeds(alloc, bi) : ALLOCMAN_OK;
    if (error && why) {
        *why = *allocman_last_failure(alloc);
    }
    return error ? NULL : alloc;
}

allocman_t *bootstrap_use_bootinfo(seL4_BootInfo *bi, size_t pool_size, void *pool)
{
    return bootstrap_use_bootinfo_why(bi, pool_size, pool, NULL);
}

allocman_t *bootstrap_use_current_1level_why(seL4_CPtr root_cnode, size_t cnode_size,
                                             seL4_CPtr start_slot, seL4_CPtr end_slot,
                                             size_t pool_size, void *pool,
                                             struct allocman_failure *why)
{
    struct allocman_failure failure;
    struct bootstrap_plan plan;
    if (am_bootstrap_plan(&plan, pool_size, pool,
                          am_bootstrap_cspace_of(root_cnode, cnode_size, start_slot, end_slot), 0,
                          &failure)) {
        if (why) {
            *why = failure;
        }
        return NULL;
    }
    return am_bootstrap_managers_make(&plan);
}

allocman_t *bootstrap_use_current_1level(seL4_CPtr root_cnode, size_t cnode_size,
                                         seL4_CPtr start_slot, seL4_CPtr end_slot, size_t pool_size,
                                         void *pool)
{
    return bootstrap_use_current_1level_why(root_cnode, cnode_size, start_slot, end_slot, pool_size,
                                            pool, NULL);
}

allocman_t *bootstrap_create_allocman(size_t pool_size, void *pool)
{
    const uintptr_t start = ((uintptr_t)pool + 15) & ~(uintptr_t)15;
    const size_t used = (size_t)(start - (uintptr_t)pool) + sizeof(struct bootstrap_managers);
    if (!pool || pool_size <= used) {
        return NULL;
    }
    struct bootstrap_managers *const m = (struct bootstrap_managers *)start;
    m->two_level = NULL;
    m->bootinfo_full = false;
    mspace_dual_pool_create(
        &m->mspace, (struct mspace_fixed_pool_config){.pool = m + 1, .size = pool_size - used});
    (void)allocman_create(&m->allocman, mspace_dual_pool_make_interface(&m->mspace));
    return &m->allocman;
}

static void virtual_pool_attach(allocman_t *alloc, struct mspace_virtual_pool_config config)
{
    struct bootstrap_managers *const m = (struct bootstrap_managers *)alloc;
    if (!alloc->have_cspace || !alloc->have_utspace) {
        (void)am_fail(alloc, ALLOCMAN_NOT_ATTACHED, 0, 0);
        return;
    }
    if (m->mspace.have_virtual_pool) {
        (void)am_fail(alloc, ALLOCMAN_ALREADY_ATTACHED, 0, 0);
        return;
    }
    const mspace_fixed_pool_t *const fixed = &m->mspace.fixed_pool;
    const uintptr_t start = (uintptr_t)config.vstart;
    if (start < fixed->end && (fixed->start <= start || fixed->start - start < config.size)) {
        am_misuse(alloc, "bootstrap_configure_virtual_pool", ALLOCMAN_OVERLAPS, start, config.size);
        return;
    }
    mspace_dual_pool_attach_virtual(&m->mspace, config);
    if (m->mspace.virtual_pool.page_count == 0) {
        m->mspace.have_virtual_pool = false;
        (void)am_fail(alloc, ALLOCMAN_NO_VIRTUAL, ALLOCMAN_BOOK_PAGE_BYTES, config.size);
        return;
    }
    (void)allocman_register_book_growth(alloc, &mspace_dual_pool_growth);
}

void bootstrap_configure_virtual_pool(allocman_t *alloc, void *vstart, size_t vsize, seL4_CPtr pd)
{
    const bool held = am_hold(alloc);
    virtual_pool_attach(
        alloc, (struct mspace_virtual_pool_config){.vstart = vstart, .size = vsize, .pd = pd});
    am_let_go(alloc, held);
}
