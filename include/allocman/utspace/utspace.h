/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The untyped manager as an allocman sees it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>
#include <allocman/properties.h>
#include <allocman/cspace/cspace.h>
#include <vka/vka.h>
#include <vka/object.h>

#define ALLOCMAN_UT_KERNEL  0 ///< RAM that the kernel may make any object from
#define ALLOCMAN_UT_DEV     1 ///< device registers: frames and untypeds, by address only
#define ALLOCMAN_UT_DEV_MEM 2 ///< RAM reported as device: frames and untypeds, never zeroed
#define ALLOCMAN_NO_PADDR   1 ///< no physical address: none asked for, or none known

/// The size argument that Untyped_Retype takes for an object.
///
/// Units:   size_bits = log2 bytes in memory; the result is log2 slots for a CNode, log2 bytes for
///          untypeds and scheduling contexts, and the object's own size otherwise (the kernel
///          ignores it).
/// Errors:  none.
/// Cost:    constant.
/// Kernel:  none.
static inline size_t get_sel4_object_size(seL4_Word type, size_t size_bits)
{
    return type == seL4_CapTableObject ? size_bits - seL4_SlotBits
                                       : (size_t)vka_get_object_size(type, size_bits);
}

struct allocman;

/// An untyped manager. Users write their own by filling in all members. size_bits is log2 of the
/// bytes in memory throughout, also for CNodes.
typedef struct utspace_interface {
    /// Make an object in `slot`; returns its cookie (never 0 nor ~0), or 0 with *error set.
    seL4_Word (*alloc)(struct allocman *alloc, void *utspace, size_t size_bits,
                       seL4_Word object_type, const cspacepath_t *slot, uintptr_t paddr,
                       bool canBeDevice, int *error);
    /// Take an object's memory back; the caller has deleted every capability to it.
    void (*free)(struct allocman *alloc, void *utspace, seL4_Word cookie, size_t size_bits);
    /// Take over untypeds; `paddr` may be NULL; utType is an ALLOCMAN_UT_ kind.
    int (*add_uts)(struct allocman *alloc, void *utspace, size_t num, const cspacepath_t *uts,
                   size_t *size_bits, uintptr_t *paddr, int utType);
    /// The physical address of an object, or ALLOCMAN_NO_PADDR.
    uintptr_t (*paddr)(void *utspace, seL4_Word cookie, size_t size_bits);
    struct allocman_properties properties; ///< what alloc and free call back
    void *utspace;                         ///< passed to each as the second argument
} utspace_interface_t;
