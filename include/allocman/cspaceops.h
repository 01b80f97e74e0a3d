/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Moving capabilities into an allocman's CSpace. */

#include <allocman/allocman.h>
#include <allocman/cspace/cspace.h>
#include <vka/capops.h>

/// Move a capability into a slot of `alloc`.
///
/// Shape:   *result is the new slot; `src` is empty afterwards. After an error `src` is as
///          it was and no slot is taken.
/// Errors:  as allocman_cspace_alloc; ALLOCMAN_KERNEL_REFUSED iff the Move fails.
/// Cost:    as allocman_cspace_alloc.
/// Kernel:  1 CNode_Move.
static inline int cspace_move_alloc(allocman_t *alloc, cspacepath_t src, cspacepath_t *result)
{
    const int error = allocman_cspace_alloc(alloc, result);
    if (error) {
        return error;
    }
    if (vka_cnode_move(result, &src) != seL4_NoError) {
        allocman_cspace_free(alloc, result);
        return ALLOCMAN_KERNEL_REFUSED;
    }
    return ALLOCMAN_OK;
}

/// The same for a slot of another slot manager.
///
/// Errors:  as cspace_move_alloc.
/// Kernel:  1 CNode_Move.
static inline int cspace_move_alloc_cptr(allocman_t *alloc, cspace_interface_t source_cspace,
                                         seL4_CPtr slot, cspacepath_t *result)
{
    return cspace_move_alloc(alloc, source_cspace.make_path(source_cspace.cspace, slot), result);
}
