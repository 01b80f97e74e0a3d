/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// Badged copies of an object's capability, each in a new slot.

#pragma once

#include <vka/capops.h>
#include <vka/object.h>
#include <vka/vka.h>

/// Mint a capability to an object into a new slot of another CSpace.
///
/// Shape:   on success *result names a slot of dest_vka that is the caller's: delete the capability
///          in it, then vka_cspace_free_path(). The object stays src_vka's.
/// Units:   badge = as CNode_Mint takes it: a badge, or the guard of a CNode.
/// Errors:  -1 iff a pointer or a function is missing or the object has no path; dest_vka's code
///          iff it has no slot; a seL4_Error iff the kernel refused. After any error the slot is
///          given back and *result is all zero.
/// Kernel:  CNode_Mint 1.
static inline int vka_mint_object_inter_cspace(vka_t *src_vka, vka_object_t *object,
                                               vka_t *dest_vka, cspacepath_t *result,
                                               seL4_CapRights_t rights, seL4_Word badge)
{
    if (object == NULL || result == NULL) {
        return -1;
    }
    memset(result, 0, sizeof(*result));

    cspacepath_t source;
    vka_cspace_make_path(src_vka, object->cptr, &source);
    if (source.capPtr == 0) {
        return -1;
    }
    int error = vka_cspace_alloc_path(dest_vka, result);
    if (error != 0) {
        return error;
    }
    error = vka_cnode_mint(result, &source, rights, badge);
    if (error != 0) {
        vka_cspace_free_path(dest_vka, *result);
        memset(result, 0, sizeof(*result));
    }
    return error;
}

/// Mint a capability to an object into a new slot of the same CSpace.
///
/// Shape:   as vka_mint_object_inter_cspace() with one vka for both.
/// Errors:  as vka_mint_object_inter_cspace().
/// Kernel:  CNode_Mint 1.
static inline int vka_mint_object(vka_t *vka, vka_object_t *object, cspacepath_t *result,
                                  seL4_CapRights_t rights, seL4_Word badge)
{
    return vka_mint_object_inter_cspace(vka, object, vka, result, rights, badge);
}
