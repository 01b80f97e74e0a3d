/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Slots of a range of one CNode, handed out in order and never taken back: for the first moments
 * of a system. */

#include <stddef.h>
#include <sel4/types.h>
#include <allocman/cspace/cspace.h>

/// A range of slots of one CNode.
struct cspace_simple1level_config {
    seL4_CPtr cnode;         ///< the CNode, invocable from the calling thread's CSpace
    size_t cnode_size_bits;  ///< log2 slots of it
    size_t cnode_guard_bits; ///< bits of guard before it
    size_t first_slot;       ///< first slot to hand out
    size_t end_slot;         ///< one past the last
};

/// The manager.
typedef struct cspace_simple1level {
    struct cspace_simple1level_config config; ///< as given to create
    size_t current_slot;                      ///< next slot to hand out
} cspace_simple1level_t;

/// Make the manager; nothing is allocated.
///
/// Errors:  none.
/// Kernel:  none.
void cspace_simple1level_create(cspace_simple1level_t *cspace,
                                struct cspace_simple1level_config config);

/// The next slot of the range.
///
/// Errors:  ALLOCMAN_NO_SLOT iff the range is used up.
/// Cost:    constant.
/// Kernel:  none.
int _cspace_simple1level_alloc(struct allocman *alloc, void *_cspace, cspacepath_t *slot);

/// Does nothing: slots are not taken back.
///
/// Errors:  none.
/// Kernel:  none.
void _cspace_simple1level_free(struct allocman *alloc, void *_cspace, const cspacepath_t *slot);

/// The path of a slot of this CNode.
///
/// Errors:  none.
/// Kernel:  none.
static inline cspacepath_t _cspace_simple1level_make_path(void *_cspace, seL4_CPtr slot)
{
    const cspace_simple1level_t *const cspace = (const cspace_simple1level_t *)_cspace;
    return (cspacepath_t){
        .capPtr = slot,
        .capDepth = cspace->config.cnode_size_bits + cspace->config.cnode_guard_bits,
        .root = cspace->config.cnode,
        .dest = 0,
        .destDepth = 0,
        .offset = slot,
        .window = 1,
    };
}

/// The interface to attach with allocman_attach_cspace.
///
/// Errors:  none.
/// Kernel:  none.
static inline struct cspace_interface
cspace_simple1level_make_interface(cspace_simple1level_t *cspace)
{
    return (struct cspace_interface){
        .alloc = _cspace_simple1level_alloc,
        .free = _cspace_simple1level_free,
        .make_path = _cspace_simple1level_make_path,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .cspace = cspace,
    };
}
