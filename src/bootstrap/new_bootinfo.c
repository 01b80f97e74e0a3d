/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* A new CSpace for a task that was started with a boot information. */

#include "../bits.h"
#include "info.h"
#include "plan.h"

/* The boot CSpace, from within. */
static struct cspace_simple1level_config boot_cspace(const seL4_BootInfo *bi, seL4_CPtr root)
{
    const size_t radix = bi->initThreadCNodeSizeBits;
    return (struct cspace_simple1level_config){
        .cnode = root,
        .cnode_size_bits = radix,
        .cnode_guard_bits = radix <= AM_WORD_BITS ? AM_WORD_BITS - radix : 0,
        .first_slot = bi->empty.start,
        .end_slot = bi->empty.end,
    };
}

/* What the initial thread has of its own. */
static const cspacepath_t own_tcb = {
    .capPtr = seL4_CapInitThreadTCB, .capDepth = seL4_WordBits, .root = seL4_CapInitThreadCNode};
static const cspacepath_t own_vspace = {
    .capPtr = seL4_CapInitThreadVSpace, .capDepth = seL4_WordBits, .root = seL4_CapInitThreadCNode};

/* Describe a system by its boot information, in a pool that was found large enough. */
AM_APART static bootstrap_info_t *info_from_bootinfo(seL4_BootInfo *bi, size_t pool_size,
                                                     void *pool, cspace_simple1level_t *boot)
{
    bootstrap_info_t *const info = bootstrap_create_info(pool_size, pool);
    const cspacepath_t root = {.capPtr = seL4_CapInitThreadCNode,
                               .capDepth = seL4_WordBits,
                               .root = seL4_CapInitThreadCNode,
                               .window = 1};
    cspace_simple1level_create(boot, boot_cspace(bi, seL4_CapInitThreadCNode));
    if (!info) {
        return NULL;
    }
    am_start_begin(info->alloc);
    const bool ok =
        !bootstrap_set_boot_cspace(info, cspace_simple1level_make_interface(boot), root) &&
        !bootstrap_add_untypeds_from_bootinfo(info, bi);
    am_start_end(info->alloc);
    return ok ? info : NULL;
}

/* Is there a pool, and a place in the old CSpace for what is made there? */
static int check_place(const seL4_BootInfo *bi, size_t pool_size, const void *pool,
                       struct allocman_failure *why)
{
    int status = ALLOCMAN_OK;
    if (!pool || (uintptr_t)pool + pool_size < (uintptr_t)pool) {
        status = ALLOCMAN_INVALID_ARGUMENT;
    } else if (bi->empty.start == bi->empty.end) {
        status = ALLOCMAN_NO_SLOT;
    }
    if (status) {
        *why = (struct allocman_failure){.status = (enum allocman_status)status, .needed = 1};
    }
    return status;
}

/* Is a new CSpace possible? */
AM_APART static int check_possible(const seL4_BootInfo *bi, size_t l1size, size_t l2size,
                                   size_t pool_size, struct allocman_failure *why)
{
    struct bootstrap_new_plan plan;
    struct bootstrap_census census;
    am_bootstrap_census(&census, bi);
    return am_bootstrap_plan_new(&plan, &census, l1size, l2size, pool_size, why);
}

/* Tell what the boot CSpace is now, in memory of the allocman's; by the plan there is enough. */
AM_APART static void boot_tell(allocman_t *alloc, const cspace_simple1level_t *boot,
                               seL4_CPtr old_root, cspace_simple1level_t **old_cspace)
{
    am_start_begin(alloc);
    *old_cspace = allocman_mspace_alloc(alloc, sizeof(**old_cspace), NULL);
    if (*old_cspace) {
        **old_cspace = *boot;
        (*old_cspace)->config.cnode = old_root;
    }
    am_start_end(alloc);
}

static allocman_t *new_cspace_from_bootinfo(seL4_BootInfo *bi, size_t l1size, size_t l2size,
                                            size_t pool_size, void *pool,
                                            cspace_simple1level_t **old_cspace,
                                            struct allocman_failure *why)
{
    cspace_simple1level_t boot;
    if (am_bootstrap_check_bootinfo(bi, why) || check_place(bi, pool_size, pool, why) ||
        check_possible(bi, l1size, l2size, pool_size, why)) {
        return NULL; /* and the pool is as it was */
    }
    bootstrap_info_t *const info = info_from_bootinfo(bi, pool_size, pool, &boot);
    if (!info) {
        *why = (struct allocman_failure){.status = ALLOCMAN_NO_BOOK};
        return NULL;
    }
    cspacepath_t old_root;
    allocman_t *const alloc =
        am_bootstrap_new_cspace(info, l1size, l2size, &own_tcb, &own_vspace, &old_root, why);
    if (alloc && old_cspace) {
        boot_tell(alloc, &boot, old_root.capPtr, old_cspace);
    }
    return alloc;
}

allocman_t *bootstrap_new_1level_bootinfo_why(seL4_BootInfo *bi, size_t cnode_size,
                                              size_t pool_size, void *pool,
                                              cspace_simple1level_t **old_cspace,
                                              struct allocman_failure *why)
{
    struct allocman_failure failure;
    return new_cspace_from_bootinfo(bi, cnode_size, 0, pool_size, pool, old_cspace,
                                    why ? why : &failure);
}

allocman_t *bootstrap_new_1level_bootinfo(seL4_BootInfo *bi, size_t cnode_size, size_t pool_size,
                                          void *pool, cspace_simple1level_t **old_cspace)
{
    return bootstrap_new_1level_bootinfo_why(bi, cnode_size, pool_size, pool, old_cspace, NULL);
}

allocman_t *bootstrap_new_2level_bootinfo_why(seL4_BootInfo *bi, size_t l1size, size_t l2size,
                                              size_t pool_size, void *pool,
                                              cspace_simple1level_t **old_cspace,
                                              struct allocman_failure *why)
{
    struct allocman_failure failure;
    why = why ? why : &failure;
    return am_bootstrap_level_two_ok(l2size, why)
               ? new_cspace_from_bootinfo(bi, l1size, l2size, pool_size, pool, old_cspace, why)
               : NULL;
}

allocman_t *bootstrap_new_2level_bootinfo(seL4_BootInfo *bi, size_t l1size, size_t l2size,
                                          size_t pool_size, void *pool,
                                          cspace_simple1level_t **old_cspace)
{
    return bootstrap_new_2level_bootinfo_why(bi, l1size, l2size, pool_size, pool, old_cspace, NULL);
}
