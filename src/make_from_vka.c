/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* An allocman over a vka. On its own, so that nobody else's program needs a heap to link with. */

#include <allocman/cspace/vka.h>
#include <allocman/mspace/malloc.h>
#include <allocman/utspace/vka.h>
#include <allocman/vka.h>

int allocman_make_from_vka(vka_t *vka, allocman_t *alloc)
{
    if (!vka || !alloc) {
        return ALLOCMAN_INVALID_ARGUMENT;
    }
    int error = allocman_create(alloc, mspace_malloc_interface);
    if (!error) {
        error = allocman_attach_cspace(alloc, cspace_vka_make_interface(vka));
    }
    return error ? error : allocman_attach_utspace(alloc, utspace_vka_make_interface(vka));
}
