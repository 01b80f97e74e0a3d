/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Describing a system step by step. Nothing here asks the kernel but the last step, new_cspace.c. */

#include "info.h"

#include <string.h>

#include "../internal.h"
#include "plan.h"

bootstrap_info_t *bootstrap_create_info(size_t pool_size, void *pool)
{
    allocman_t *const alloc = bootstrap_create_allocman(pool_size, pool);
    if (!alloc) {
        return NULL;
    }
    am_start_begin(alloc);
    bootstrap_info_t *const info = allocman_mspace_alloc(alloc, sizeof(*info), NULL);
    if (info) {
        memset(info, 0, sizeof(*info));
        info->alloc = alloc;
        info->pool_size = pool_size;
    }
    am_start_end(alloc);
    return info;
}

int bootstrap_set_boot_cspace(bootstrap_info_t *bs, cspace_interface_t cspace,
                              cspacepath_t root_cnode)
{
    if (!bs || !cspace.alloc || !cspace.free || !cspace.make_path) {
        return ALLOCMAN_INVALID_ARGUMENT;
    }
    bs->boot = cspace;
    bs->boot_root = root_cnode;
    bs->have_boot = true;
    return ALLOCMAN_OK;
}

/* Take out what stands after `last`. */
static void untypeds_cut(bootstrap_info_t *bs, struct bootstrap_untyped *last)
{
    struct bootstrap_untyped *ut = last ? last->next : bs->first;
    while (ut) { /* bounded by the untypeds added */
        struct bootstrap_untyped *const next = ut->next;
        bs->census.count--;
        bs->census.ram[ut->size_bits] -= !ut->is_device;
        allocman_mspace_free(bs->alloc, ut, sizeof(*ut));
        ut = next;
    }
    *(last ? &last->next : &bs->first) = NULL;
    bs->last = last;
}

static int untyped_add(bootstrap_info_t *bs, const cspacepath_t *path, size_t size_bits,
                       seL4_Word paddr, bool is_device)
{
    int error = ALLOCMAN_OK;
    if (size_bits < seL4_MinUntypedBits || size_bits > seL4_MaxUntypedBits) {
        return am_fail(bs->alloc, ALLOCMAN_INVALID_SIZE, size_bits, path->capPtr);
    }
    struct bootstrap_untyped *const ut = allocman_mspace_alloc(bs->alloc, sizeof(*ut), &error);
    if (!ut) {
        return error;
    }
    *ut = (struct bootstrap_untyped){.slot = path->capPtr,
                                     .root = path->root,
                                     .paddr = paddr,
                                     .depth = (uint8_t)path->capDepth,
                                     .size_bits = (uint8_t)size_bits,
                                     .is_device = is_device};
    *(bs->last ? &bs->last->next : &bs->first) = ut;
    bs->last = ut;
    bs->census.count++;
    bs->census.ram[size_bits] += !is_device;
    return ALLOCMAN_OK;
}

int bootstrap_add_untypeds(bootstrap_info_t *bs, size_t num, const cspacepath_t *uts,
                           size_t *size_bits, uintptr_t *paddr, bool isDevice)
{
    if (!bs || (num && (!uts || !size_bits))) {
        return ALLOCMAN_INVALID_ARGUMENT;
    }
    struct bootstrap_untyped *const last = bs->last;
    for (size_t i = 0; i < num; i++) { /* bounded by num */
        const int error =
            untyped_add(bs, &uts[i], size_bits[i], paddr ? paddr[i] : ALLOCMAN_NO_PADDR, isDevice);
        if (error) {
            untypeds_cut(bs, last);
            return error;
        }
    }
    return ALLOCMAN_OK;
}

int bootstrap_add_untypeds_from_bootinfo(bootstrap_info_t *bs, seL4_BootInfo *bi)
{
    struct allocman_failure why;
    if (!bs) {
        return ALLOCMAN_INVALID_ARGUMENT;
    }
    int error = am_bootstrap_check_bootinfo(bi, &why);
    if (error) {
        return am_fail(bs->alloc, why.status, why.needed, why.available);
    }
    struct bootstrap_untyped *const last = bs->last;
    for (seL4_Word i = 0; i < bi->untyped.end - bi->untyped.start && !error; i++) {
        const seL4_UntypedDesc *const ut = &bi->untypedList[i]; /* bounded by the bootinfo */
        const cspacepath_t path = {.capPtr = bi->untyped.start + i,
                                   .capDepth = seL4_WordBits,
                                   .root = seL4_CapInitThreadCNode,
                                   .offset = bi->untyped.start + i,
                                   .window = 1};
        error = untyped_add(bs, &path, ut->sizeBits, ut->paddr, ut->isDevice != 0);
    }
    if (error) {
        untypeds_cut(bs, last);
        return error;
    }
    am_bootstrap_census_initial(&bs->census, bi);
    struct bootstrap_managers *const m = (struct bootstrap_managers *)bs->alloc;
    m->bootinfo_full = m->bootinfo_full || bootstrap_bootinfo_is_full(bi);
    return ALLOCMAN_OK;
}

void am_bootstrap_info_drop(bootstrap_info_t *info)
{
    untypeds_cut(info, NULL);
    allocman_mspace_free(info->alloc, info, sizeof(*info));
}

allocman_t *bootstrap_new_1level_why(bootstrap_info_t *info, size_t cnode_size, cspacepath_t tcb,
                                     cspacepath_t pd, cspacepath_t *oldroot,
                                     struct allocman_failure *why)
{
    return am_bootstrap_new_cspace(info, cnode_size, 0, &tcb, &pd, oldroot, why);
}

allocman_t *bootstrap_new_1level(bootstrap_info_t *info, size_t cnode_size, cspacepath_t tcb,
                                 cspacepath_t pd, cspacepath_t *oldroot)
{
    return bootstrap_new_1level_why(info, cnode_size, tcb, pd, oldroot, NULL);
}

allocman_t *bootstrap_new_2level_why(bootstrap_info_t *info, size_t l1size, size_t l2size,
                                     cspacepath_t tcb, cspacepath_t pd, cspacepath_t *oldroot,
                                     struct allocman_failure *why)
{
    return am_bootstrap_level_two_ok(l2size, why)
               ? am_bootstrap_new_cspace(info, l1size, l2size, &tcb, &pd, oldroot, why)
               : NULL;
}

allocman_t *bootstrap_new_2level(bootstrap_info_t *info, size_t l1size, size_t l2size,
                                 cspacepath_t tcb, cspacepath_t pd, cspacepath_t *oldroot)
{
    return bootstrap_new_2level_why(info, l1size, l2size, tcb, pd, oldroot, NULL);
}
