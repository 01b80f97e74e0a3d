/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// A capability slot, named in the two ways the kernel asks for one.
///
/// CNode invocations take (root, index, depth); Untyped_Retype takes a destination CNode and an
/// offset in it. A cspacepath_t holds both, for one slot or for a run of neighbouring slots:
///
///     CNode invocations               Untyped_Retype
///     root ──▶ CNode                  root ──▶ CNode
///       capPtr, capDepth bits           dest, destDepth bits (0: root itself)
///         └──▶ the slot                   └──▶ CNode ──▶ slot number `offset`, `window` slots
///
/// With a second level of 2^8 slots behind a first level that resolves 56 bits, slot 5 of the
/// second-level CNode at 3 has capPtr 0x305, capDepth 64, dest 3, destDepth 56, offset 5.

#pragma once

#include <sel4/sel4.h>

/// One slot, or `window` slots in a row inside one CNode.
typedef struct _cspacepath_t {
    seL4_CPtr capPtr;    ///< address of the (first) slot, relative to `root`; 0 = no slot
    seL4_Word capDepth;  ///< bits of capPtr to resolve
    seL4_CNode root;     ///< the CNode that every address in here is relative to
    seL4_Word dest;      ///< address of the CNode that holds the slot; unused when destDepth is 0
    seL4_Word destDepth; ///< bits of dest to resolve; 0 = `root` itself holds the slot
    seL4_Word offset;    ///< slots, from the start of the holding CNode
    seL4_Word window;    ///< slots, from capPtr on
} cspacepath_t;

/// Exchange two paths.
///
/// Needs:   a and b not NULL; they may be the same.
/// Errors:  none.
/// Kernel:  none.
static inline void cspacepath_swap(cspacepath_t *a, cspacepath_t *b)
{
    const cspacepath_t first = *a;
    *a = *b;
    *b = first;
}

/// Print a path where there is something to print with. Here there is not: does nothing, and
/// exists for callers that leave the call in.
///
/// Errors:  none.
/// Kernel:  none.
static inline void cspacepath_t_print(const cspacepath_t *src)
{
    (void)src;
}
