/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* vka counts a CNode in slots, an allocman in bytes; else each call is the same. */

#include <allocman/vka.h>

static int am_cspace_alloc(void *data, seL4_CPtr *res)
{
    cspacepath_t path;
    const int error = allocman_cspace_alloc(data, &path);
    if (!error) {
        *res = path.capPtr;
    }
    return error;
}

static void am_cspace_make_path(void *data, seL4_CPtr slot, cspacepath_t *res)
{
    const allocman_t *const alloc = data;
    *res = alloc->have_cspace ? alloc->cspace.make_path(alloc->cspace.cspace, slot)
                              : (cspacepath_t){0};
}

static void am_cspace_free(void *data, seL4_CPtr slot)
{
    cspacepath_t path;
    am_cspace_make_path(data, slot, &path);
    allocman_cspace_free(data, &path);
}

static int am_utspace_at(void *data, const cspacepath_t *dest, seL4_Word type, seL4_Word size_bits,
                         uintptr_t paddr, bool can_use_dev, seL4_Word *res)
{
    int error = ALLOCMAN_OK;
    const size_t memory_bits = (size_t)vka_get_object_size(type, size_bits);
    const seL4_Word cookie =
        allocman_utspace_alloc_at(data, memory_bits, type, dest, paddr, can_use_dev, &error);
    if (!error) {
        *res = cookie;
    }
    return error;
}

static int am_utspace_alloc(void *data, const cspacepath_t *dest, seL4_Word type,
                            seL4_Word size_bits, seL4_Word *res)
{
    return am_utspace_at(data, dest, type, size_bits, ALLOCMAN_NO_PADDR, false, res);
}

static int am_utspace_alloc_maybe_device(void *data, const cspacepath_t *dest, seL4_Word type,
                                         seL4_Word size_bits, bool can_use_dev, seL4_Word *res)
{
    return am_utspace_at(data, dest, type, size_bits, ALLOCMAN_NO_PADDR, can_use_dev, res);
}

static int am_utspace_alloc_at(void *data, const cspacepath_t *dest, seL4_Word type,
                               seL4_Word size_bits, uintptr_t paddr, seL4_Word *cookie)
{
    return am_utspace_at(data, dest, type, size_bits, paddr, true, cookie);
}

static void am_utspace_free(void *data, seL4_Word type, seL4_Word size_bits, seL4_Word target)
{
    allocman_utspace_free(data, target, (size_t)vka_get_object_size(type, size_bits));
}

static uintptr_t am_utspace_paddr(void *data, seL4_Word target, seL4_Word type, seL4_Word size_bits)
{
    return allocman_utspace_paddr(data, target, (size_t)vka_get_object_size(type, size_bits));
}

void allocman_make_vka(vka_t *vka, allocman_t *alloc)
{
    *vka = (vka_t){
        .data = alloc,
        .cspace_alloc = am_cspace_alloc,
        .cspace_make_path = am_cspace_make_path,
        .utspace_alloc = am_utspace_alloc,
        .utspace_alloc_maybe_device = am_utspace_alloc_maybe_device,
        .utspace_alloc_at = am_utspace_alloc_at,
        .cspace_free = am_cspace_free,
        .utspace_free = am_utspace_free,
        .utspace_paddr = am_utspace_paddr,
    };
}
