/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// vka_t: what code that needs kernel objects asks an allocator for, whoever implements it.
///
/// What holds for every call here, in object.h and in object_capops.h:
///
/// - An int result is 0 for success. Anything else is failure: -1 from these wrappers when an
///   argument or a function is missing (NULL), else the allocator's own code unchanged.
/// - A wrapper never calls a missing function. One that returns nothing then does nothing.
/// - `type` and `size_bits` are what Untyped_Retype takes: size_bits is log2 slots for a CNode,
///   log2 bytes for an untyped or a scheduling context, and without meaning for any other type.
/// - A cookie (`res`, `cookie`, `target`) stands for the memory of one object. Only the vka that
///   gave it out can read it.
/// - Cost and kernel invocations are those of the allocator behind the vka; "Kernel" lists what the
///   function here adds.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sel4/sel4.h>
#include <vka/cspacepath_t.h>

/// The physical address that stands for "none" and for "anywhere". No object can have it: the
/// smallest object is 16 bytes and aligned to its size.
#define VKA_NO_PADDR 1

/// Take an empty slot out of the allocator's care; see vka_cspace_alloc().
typedef int (*vka_cspace_alloc_fn)(void *data, seL4_CPtr *res);

/// Describe a slot for kernel invocations; see vka_cspace_make_path().
typedef void (*vka_cspace_make_path_fn)(void *data, seL4_CPtr slot, cspacepath_t *res);

/// Give a slot back; see vka_cspace_free().
typedef void (*vka_cspace_free_fn)(void *data, seL4_CPtr slot);

/// Make an object in a slot; see vka_utspace_alloc().
typedef int (*vka_utspace_alloc_fn)(void *data, const cspacepath_t *dest, seL4_Word type,
                                    seL4_Word size_bits, seL4_Word *res);

/// Make an object, perhaps of device memory; see vka_utspace_alloc_maybe_device().
typedef int (*vka_utspace_alloc_maybe_device_fn)(void *data, const cspacepath_t *dest,
                                                 seL4_Word type, seL4_Word size_bits,
                                                 bool can_use_dev, seL4_Word *res);

/// Make an object at a physical address; see vka_utspace_alloc_at().
typedef int (*vka_utspace_alloc_at_fn)(void *data, const cspacepath_t *dest, seL4_Word type,
                                       seL4_Word size_bits, uintptr_t paddr, seL4_Word *cookie);

/// Give the memory of an object back; see vka_utspace_free().
typedef void (*vka_utspace_free_fn)(void *data, seL4_Word type, seL4_Word size_bits,
                                    seL4_Word target);

/// Tell the physical address of an object; see vka_utspace_paddr().
typedef uintptr_t (*vka_utspace_paddr_fn)(void *data, seL4_Word target, seL4_Word type,
                                          seL4_Word size_bits);

/// An allocator of slots and objects. Filled in by its implementation, copied freely: all copies
/// stand for the same allocator. A function may be NULL when the allocator does not offer it.
typedef struct vka {
    void *data; ///< the implementation's own; the first argument of every function
    vka_cspace_alloc_fn cspace_alloc;                             ///< behind vka_cspace_alloc()
    vka_cspace_make_path_fn cspace_make_path;                     ///< behind vka_cspace_make_path()
    vka_utspace_alloc_fn utspace_alloc;                           ///< behind vka_utspace_alloc()
    vka_utspace_alloc_maybe_device_fn utspace_alloc_maybe_device; ///< with a say on device memory
    vka_utspace_alloc_at_fn utspace_alloc_at;                     ///< behind vka_utspace_alloc_at()
    vka_cspace_free_fn cspace_free;                               ///< behind vka_cspace_free()
    vka_utspace_free_fn utspace_free;                             ///< behind vka_utspace_free()
    vka_utspace_paddr_fn utspace_paddr;                           ///< behind vka_utspace_paddr()
} vka_t;

/// Take an empty slot.
///
/// Shape:   on success *res is the slot's address and the caller's until vka_cspace_free().
/// Errors:  -1 iff vka, res or the function is NULL; else the allocator's.
/// Kernel:  none.
static inline int vka_cspace_alloc(vka_t *vka, seL4_CPtr *res)
{
    if (vka == NULL || res == NULL || vka->cspace_alloc == NULL) {
        return -1;
    }
    return vka->cspace_alloc(vka->data, res);
}

/// Describe a slot of this allocator in the terms that kernel invocations take.
///
/// Shape:   *res is written, and names the slot for as long as the slot is allocated; its capPtr is
///          `slot` itself.
/// Errors:  res untouched iff it is NULL; *res all zero (capPtr 0) iff vka or the function is NULL.
/// Kernel:  none.
static inline void vka_cspace_make_path(vka_t *vka, seL4_CPtr slot, cspacepath_t *res)
{
    if (res == NULL) {
        return;
    }
    if (vka == NULL || vka->cspace_make_path == NULL) {
        memset(res, 0, sizeof(*res));
        return;
    }
    vka->cspace_make_path(vka->data, slot, res);
}

/// Give a slot back.
///
/// Needs:   the slot is empty: delete the capability first. A slot is given back once.
/// Errors:  nothing happens iff vka or the function is NULL.
/// Kernel:  none.
static inline void vka_cspace_free(vka_t *vka, seL4_CPtr slot)
{
    if (vka != NULL && vka->cspace_free != NULL) {
        vka->cspace_free(vka->data, slot);
    }
}

/// Take an empty slot, described for kernel invocations.
///
/// Shape:   on success *res names a slot that is the caller's until vka_cspace_free_path().
/// Errors:  -1 iff res is NULL or vka cannot make paths; else as vka_cspace_alloc(). After any
///          error no slot is taken.
/// Kernel:  none.
static inline int vka_cspace_alloc_path(vka_t *vka, cspacepath_t *res)
{
    if (vka == NULL || res == NULL || vka->cspace_make_path == NULL) {
        return -1;
    }
    seL4_CPtr slot = 0;
    const int error = vka_cspace_alloc(vka, &slot);
    if (error == 0) {
        vka_cspace_make_path(vka, slot, res);
    }
    return error;
}

/// Give back the slot that a path names.
///
/// Needs:   as vka_cspace_free().
/// Errors:  as vka_cspace_free().
/// Kernel:  none.
static inline void vka_cspace_free_path(vka_t *vka, cspacepath_t path)
{
    vka_cspace_free(vka, path.capPtr);
}

/// Make an object out of ordinary memory, its capability in an empty slot of the caller's.
///
/// Shape:   on success *res is the cookie of the object's memory, the caller's until
///          vka_utspace_free(). The slot stays the caller's throughout.
/// Errors:  -1 iff vka, res or the function is NULL; else the allocator's. The slot stays empty.
/// Kernel:  none.
static inline int vka_utspace_alloc(vka_t *vka, const cspacepath_t *dest, seL4_Word type,
                                    seL4_Word size_bits, seL4_Word *res)
{
    if (vka == NULL || res == NULL || vka->utspace_alloc == NULL) {
        return -1;
    }
    return vka->utspace_alloc(vka->data, dest, type, size_bits, res);
}

/// Make an object as vka_utspace_alloc() does, of device memory if need be.
///
/// Shape:   as vka_utspace_alloc(). can_use_dev = true says that the caller never relies on the
///          memory being zero, and asks for an object (a frame) that device memory can become.
/// Errors:  as vka_utspace_alloc().
/// Kernel:  none.
static inline int vka_utspace_alloc_maybe_device(vka_t *vka, const cspacepath_t *dest,
                                                 seL4_Word type, seL4_Word size_bits,
                                                 bool can_use_dev, seL4_Word *res)
{
    if (vka == NULL || res == NULL || vka->utspace_alloc_maybe_device == NULL) {
        return -1;
    }
    return vka->utspace_alloc_maybe_device(vka->data, dest, type, size_bits, can_use_dev, res);
}

/// Make an object as vka_utspace_alloc() does, at a given physical address. Device memory serves.
///
/// Shape:   as vka_utspace_alloc(), with the cookie in *cookie.
/// Units:   paddr = bytes, a multiple of the object's size.
/// Errors:  as vka_utspace_alloc().
/// Kernel:  none.
static inline int vka_utspace_alloc_at(vka_t *vka, const cspacepath_t *dest, seL4_Word type,
                                       seL4_Word size_bits, uintptr_t paddr, seL4_Word *cookie)
{
    if (vka == NULL || cookie == NULL || vka->utspace_alloc_at == NULL) {
        return -1;
    }
    return vka->utspace_alloc_at(vka->data, dest, type, size_bits, paddr, cookie);
}

/// Give the memory of an object back.
///
/// Needs:   every capability to the object is deleted; type, size_bits and target are those of the
///          allocation. An allocation is given back once.
/// Errors:  nothing happens, and the memory stays taken, iff vka or the function is NULL.
/// Kernel:  none.
static inline void vka_utspace_free(vka_t *vka, seL4_Word type, seL4_Word size_bits,
                                    seL4_Word target)
{
    if (vka != NULL && vka->utspace_free != NULL) {
        vka->utspace_free(vka->data, type, size_bits, target);
    }
}

/// Tell where in physical memory an object lies.
///
/// Shape:   the address of the object's first byte.
/// Units:   bytes.
/// Errors:  VKA_NO_PADDR iff vka or the function is NULL, or the allocator does not know.
/// Kernel:  none.
static inline uintptr_t vka_utspace_paddr(vka_t *vka, seL4_Word target, seL4_Word type,
                                          seL4_Word size_bits)
{
    if (vka == NULL || vka->utspace_paddr == NULL) {
        return VKA_NO_PADDR;
    }
    return vka->utspace_paddr(vka->data, target, type, size_bits);
}
