/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Slots that somebody else's vka hands out. */

#include <sel4/types.h>
#include <allocman/cspace/cspace.h>
#include <allocman/status.h>
#include <vka/vka.h>

/// The path of a slot of the vka.
///
/// Errors:  an all-zero path iff the vka makes none.
/// Kernel:  none of its own.
static inline cspacepath_t _cspace_vka_make_path(void *_cspace, seL4_CPtr slot)
{
    cspacepath_t path = {0};
    vka_cspace_make_path((vka_t *)_cspace, slot, &path);
    return path;
}

/// A slot of the vka.
///
/// Errors:  ALLOCMAN_NO_SLOT iff the vka gives none, for whatever reason.
/// Cost:    the vka's.
/// Kernel:  none of its own.
static inline int _cspace_vka_alloc(struct allocman *alloc, void *_cspace, cspacepath_t *slot)
{
    (void)alloc;
    cspacepath_t path = {0};
    if (vka_cspace_alloc_path((vka_t *)_cspace, &path)) {
        return ALLOCMAN_NO_SLOT;
    }
    *slot = path;
    return ALLOCMAN_OK;
}

/// Give a slot back to the vka.
///
/// Errors:  none of its own.
/// Kernel:  none of its own.
static inline void _cspace_vka_free(struct allocman *alloc, void *_cspace, const cspacepath_t *slot)
{
    (void)alloc;
    vka_cspace_free((vka_t *)_cspace, slot->capPtr);
}

/// The interface to attach with allocman_attach_cspace; refers to `vka`, which must outlive it.
///
/// Errors:  none.
/// Kernel:  none.
static inline struct cspace_interface cspace_vka_make_interface(vka_t *vka)
{
    return (struct cspace_interface){
        .alloc = _cspace_vka_alloc,
        .free = _cspace_vka_free,
        .make_path = _cspace_vka_make_path,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .cspace = vka,
    };
}
