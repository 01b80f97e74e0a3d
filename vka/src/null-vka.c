/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

// The vka that has nothing to give. One function a member; each ignores what it is given and
// answers with that member's failure.

#include <vka/null-vka.h>

static int null_cspace_alloc(void *data, seL4_CPtr *res)
{
    (void)data, (void)res;
    return -1;
}

static void null_cspace_make_path(void *data, seL4_CPtr slot, cspacepath_t *res)
{
    (void)data, (void)slot;
    memset(res, 0, sizeof(*res));
}

static void null_cspace_free(void *data, seL4_CPtr slot)
{
    (void)data, (void)slot;
}

static int null_utspace_alloc(void *data, const cspacepath_t *dest, seL4_Word type,
                              seL4_Word size_bits, seL4_Word *res)
{
    (void)data, (void)dest, (void)type, (void)size_bits, (void)res;
    return -1;
}

static int null_utspace_alloc_maybe_device(void *data, const cspacepath_t *dest, seL4_Word type,
                                           seL4_Word size_bits, bool can_use_dev, seL4_Word *res)
{
    (void)can_use_dev;
    return null_utspace_alloc(data, dest, type, size_bits, res);
}

static int null_utspace_alloc_at(void *data, const cspacepath_t *dest, seL4_Word type,
                                 seL4_Word size_bits, uintptr_t paddr, seL4_Word *cookie)
{
    (void)paddr;
    return null_utspace_alloc(data, dest, type, size_bits, cookie);
}

static void null_utspace_free(void *data, seL4_Word type, seL4_Word size_bits, seL4_Word target)
{
    (void)data, (void)type, (void)size_bits, (void)target;
}

static uintptr_t null_utspace_paddr(void *data, seL4_Word target, seL4_Word type,
                                    seL4_Word size_bits)
{
    (void)data, (void)target, (void)type, (void)size_bits;
    return VKA_NO_PADDR;
}

void vka_init_nullvka(vka_t *vka)
{
    if (vka == NULL) {
        return;
    }
    vka->data = NULL;
    vka->cspace_alloc = null_cspace_alloc;
    vka->cspace_make_path = null_cspace_make_path;
    vka->utspace_alloc = null_utspace_alloc;
    vka->utspace_alloc_maybe_device = null_utspace_alloc_maybe_device;
    vka->utspace_alloc_at = null_utspace_alloc_at;
    vka->cspace_free = null_cspace_free;
    vka->utspace_free = null_utspace_free;
    vka->utspace_paddr = null_utspace_paddr;
}
