/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The slots of one CNode, handed out singly or in aligned runs, and taken back. */

#include <stddef.h>
#include <sel4/types.h>
#include <allocman/cspace/cspace.h>
#include <allocman/cspace/slot_map.h>
#include <allocman/extensions.h>

/// A range of slots of one CNode.
struct cspace_single_level_config {
    seL4_CPtr cnode;         ///< the CNode, invocable from the calling thread's CSpace
    size_t cnode_size_bits;  ///< log2 slots of it
    size_t cnode_guard_bits; ///< bits of guard before it
    size_t first_slot;       ///< first slot to hand out
    size_t end_slot;         ///< one past the last
};

/// The manager. Private but for `config`.
typedef struct cspace_single_level {
    struct cspace_single_level_config config; ///< as given to create
    struct allocman_slot_map map;             ///< free slots
} cspace_single_level_t;

/// Make the manager. Every one of the end_slot - first_slot slots can be had.
///
/// Errors:  ALLOCMAN_INVALID_ARGUMENT iff the range is empty or does not lie in the CNode;
///          nothing is written then.
/// Cost:    constant; book memory is taken as slots are used: about 160 bytes per 1024
///          slots touched.
/// Kernel:  none.
int cspace_single_level_create(struct allocman *alloc, cspace_single_level_t *cspace,
                               struct cspace_single_level_config config);

/// Give the manager's book memory back; slots that are still allocated are forgotten.
///
/// Errors:  none.
/// Cost:    linear in the slots that were touched and not freed.
/// Kernel:  none.
void cspace_single_level_destroy(struct allocman *alloc, cspace_single_level_t *cspace);

/// Take one slot.
///
/// Errors:  ALLOCMAN_NO_SLOT, ALLOCMAN_NO_BOOK; nothing is changed then.
/// Cost:    constant.
/// Kernel:  none.
int _cspace_single_level_alloc(struct allocman *alloc, void *_cspace, cspacepath_t *slot);

/// Take one particular slot.
///
/// Errors:  ALLOCMAN_NO_SLOT iff it is taken or outside the range; ALLOCMAN_NO_BOOK.
///          Nothing is changed then.
/// Cost:    constant.
/// Kernel:  none.
int _cspace_single_level_alloc_at(struct allocman *alloc, void *_cspace, seL4_CPtr slot);

/// Give one slot back.
///
/// Errors:  none; a slot that is not allocated is counted as misuse and changes nothing.
/// Cost:    constant.
/// Kernel:  none.
void _cspace_single_level_free(struct allocman *alloc, void *_cspace, const cspacepath_t *slot);

/// The extension to register with allocman_register_slot_runs.
extern const struct allocman_slot_runs cspace_single_level_runs;

/// The path of a slot of this CNode.
///
/// Errors:  none.
/// Kernel:  none.
cspacepath_t _cspace_single_level_make_path(void *_cspace, seL4_CPtr slot);

/// The interface to attach with allocman_attach_cspace.
///
/// Errors:  none.
/// Kernel:  none.
static inline cspace_interface_t cspace_single_level_make_interface(cspace_single_level_t *cspace)
{
    return (cspace_interface_t){
        .alloc = _cspace_single_level_alloc,
        .free = _cspace_single_level_free,
        .make_path = _cspace_single_level_make_path,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .cspace = cspace,
    };
}
