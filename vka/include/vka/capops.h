/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// CNode invocations and Untyped_Retype on paths, so that callers never take a path apart.
///
/// What holds for every function here: the paths are not NULL, the result is the seL4_Error of the
/// one invocation made (0 = seL4_NoError), and after an error the kernel has changed nothing.
/// A delete or a revoke that is preempted is restarted by the kernel and counts as one.

#pragma once

#include <vka/cspacepath_t.h>
#include <vka/object.h>

/// Copy the capability in src to the empty slot dest, with at most these rights.
///
/// Errors:  seL4_DeleteFirst iff dest is not empty; else the kernel's.
/// Kernel:  CNode_Copy 1.
static inline int vka_cnode_copy(const cspacepath_t *dest, const cspacepath_t *src,
                                 seL4_CapRights_t rights)
{
    return (int)seL4_CNode_Copy(dest->root, dest->capPtr, (seL4_Uint8)dest->capDepth, src->root,
                                src->capPtr, (seL4_Uint8)src->capDepth, rights);
}

/// Copy the capability in src to the empty slot dest, with at most these rights and a badge.
///
/// Units:   badge = a badge for endpoints and notifications, a guard for CNodes.
/// Errors:  seL4_DeleteFirst iff dest is not empty; else the kernel's.
/// Kernel:  CNode_Mint 1.
static inline int vka_cnode_mint(const cspacepath_t *dest, const cspacepath_t *src,
                                 seL4_CapRights_t rights, seL4_Word badge)
{
    return (int)seL4_CNode_Mint(dest->root, dest->capPtr, (seL4_Uint8)dest->capDepth, src->root,
                                src->capPtr, (seL4_Uint8)src->capDepth, rights, badge);
}

/// Move the capability in src to the empty slot dest; src is empty afterwards.
///
/// Errors:  seL4_DeleteFirst iff dest is not empty; else the kernel's.
/// Kernel:  CNode_Move 1.
static inline int vka_cnode_move(const cspacepath_t *dest, const cspacepath_t *src)
{
    return (int)seL4_CNode_Move(dest->root, dest->capPtr, (seL4_Uint8)dest->capDepth, src->root,
                                src->capPtr, (seL4_Uint8)src->capDepth);
}

/// Move the capability in src to the empty slot dest and give it a guard on the way.
///
/// Units:   badge = a guard for CNodes; ignored otherwise.
/// Errors:  seL4_DeleteFirst iff dest is not empty; seL4_IllegalOperation for endpoints and
///          notifications, whose badge is for good; else the kernel's.
/// Kernel:  CNode_Mutate 1.
static inline int vka_cnode_mutate(const cspacepath_t *dest, const cspacepath_t *src,
                                   seL4_Word badge)
{
    return (int)seL4_CNode_Mutate(dest->root, dest->capPtr, (seL4_Uint8)dest->capDepth, src->root,
                                  src->capPtr, (seL4_Uint8)src->capDepth, badge);
}

/// Move the capability in pivot to dest and the one in src to pivot, in one step.
///
/// Shape:   dest_badge and pivot_badge are given to the capability that arrives in that slot. dest
///          is empty, or the same slot as src: then pivot and src are exchanged.
/// Units:   badges as for vka_cnode_mutate().
/// Errors:  as vka_cnode_mutate().
/// Kernel:  CNode_Rotate 1.
static inline int vka_cnode_rotate(const cspacepath_t *dest, seL4_Word dest_badge,
                                   const cspacepath_t *pivot, seL4_Word pivot_badge,
                                   const cspacepath_t *src)
{
    return (int)seL4_CNode_Rotate(dest->root, dest->capPtr, (seL4_Uint8)dest->capDepth, dest_badge,
                                  pivot->root, pivot->capPtr, (seL4_Uint8)pivot->capDepth,
                                  pivot_badge, src->root, src->capPtr, (seL4_Uint8)src->capDepth);
}

/// Empty a slot. The object goes with its last capability.
///
/// Errors:  the kernel's. An empty slot is none.
/// Kernel:  CNode_Delete 1.
static inline int vka_cnode_delete(const cspacepath_t *src)
{
    return (int)seL4_CNode_Delete(src->root, src->capPtr, (seL4_Uint8)src->capDepth);
}

/// Delete every capability that was derived from the one in src, which stays.
///
/// Errors:  the kernel's.
/// Kernel:  CNode_Revoke 1.
static inline int vka_cnode_revoke(const cspacepath_t *src)
{
    return (int)seL4_CNode_Revoke(src->root, src->capPtr, (seL4_Uint8)src->capDepth);
}

/// Cancel the sends that wait on an endpoint under the badge of the capability in src.
///
/// Errors:  the kernel's.
/// Kernel:  CNode_CancelBadgedSends 1.
static inline int vka_cnode_cancelBadgedSends(const cspacepath_t *src)
{
    return (int)seL4_CNode_CancelBadgedSends(src->root, src->capPtr, (seL4_Uint8)src->capDepth);
}

#ifndef CONFIG_KERNEL_MCS
/// Save the calling thread's reply capability in the empty slot src. Not on MCS kernels, where
/// reply objects do this.
///
/// Errors:  seL4_DeleteFirst iff the slot is not empty; else the kernel's.
/// Kernel:  CNode_SaveCaller 1.
static inline int vka_cnode_saveCaller(const cspacepath_t *src)
{
    return (int)seL4_CNode_SaveCaller(src->root, src->capPtr, (seL4_Uint8)src->capDepth);
}
#endif

/// Make objects of one type out of an untyped object, in neighbouring slots from `path` on.
///
/// Shape:   the new capabilities are the caller's, and no allocator knows of them.
/// Units:   size_bits as in vka.h (log2 slots for a CNode); num_objects = count.
/// Errors:  the kernel's: seL4_NotEnoughMemory, seL4_DeleteFirst, seL4_RangeError and others.
/// Kernel:  Untyped_Retype 1.
static inline int vka_untyped_retype(vka_object_t *untyped, int type, int size_bits,
                                     int num_objects, const cspacepath_t *path)
{
    return (int)seL4_Untyped_Retype(untyped->cptr, (seL4_Word)type, (seL4_Word)size_bits,
                                    path->root, path->dest, path->destDepth, path->offset,
                                    (seL4_Word)num_objects);
}
