/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// Objects with their slot and their memory in one piece: allocate, free, ask for the address.
///
/// The calls follow the rules that vka.h opens with. In addition, for everything here that fills in
/// a vka_object_t:
///
/// - After success the object is the caller's until vka_free_object(); it may be copied and moved
///   about, and any module may free it with the same vka.
/// - After failure *result is all zero, and nothing is taken: the slot went back.
/// - Kernel invocations are the allocator's: at least the one Untyped_Retype.
///
/// The *_leaky forms keep nothing but the capability's address, so what they make can't be freed.

#pragma once

#include <vka/kobject_t.h>
#include <vka/vka.h>

/// An object that a vka made: all that is needed to free it. All zero = no object.
typedef struct vka_object {
    seL4_CPtr cptr;      ///< address of the slot that holds the object's capability; 0 = no object
    seL4_Word ut;        ///< cookie of the object's memory
    seL4_Word type;      ///< as passed to Untyped_Retype
    seL4_Word size_bits; ///< as passed to Untyped_Retype; log2 slots for a CNode, else log2 bytes
} vka_object_t;

/// Make an object: anywhere or at a physical address, perhaps of device memory.
///
/// Units:   paddr = bytes, a multiple of the object's size; VKA_NO_PADDR = anywhere.
/// Shape:   can_use_dev as for vka_utspace_alloc_maybe_device(). With a paddr it says nothing:
///          device memory serves in any case.
/// Errors:  -1 iff result, vka or a function is NULL or this kernel has no such type; else the
///          allocator's code.
/// Kernel:  none of its own.
static inline int vka_alloc_object_at_maybe_dev(vka_t *vka, seL4_Word type, seL4_Word size_bits,
                                                uintptr_t paddr, bool can_use_dev,
                                                vka_object_t *result)
{
    if (result == NULL) {
        return -1;
    }
    memset(result, 0, sizeof(*result));
    if (type >= seL4_ObjectTypeCount) {
        return -1;
    }

    cspacepath_t path;
    int error = vka_cspace_alloc_path(vka, &path);
    if (error != 0) {
        return error;
    }
    seL4_Word cookie = 0;
    if (paddr == VKA_NO_PADDR) {
        error = vka_utspace_alloc_maybe_device(vka, &path, type, size_bits, can_use_dev, &cookie);
    } else {
        error = vka_utspace_alloc_at(vka, &path, type, size_bits, paddr, &cookie);
    }
    if (error != 0) {
        vka_cspace_free_path(vka, path);
        return error;
    }

    result->cptr = path.capPtr;
    result->ut = cookie;
    result->type = type;
    result->size_bits = size_bits;
    return 0;
}

/// Make an object at a physical address.
///
/// Units:   paddr as for vka_alloc_object_at_maybe_dev().
/// Errors:  as vka_alloc_object_at_maybe_dev().
/// Kernel:  none of its own.
static inline int vka_alloc_object_at(vka_t *vka, seL4_Word type, seL4_Word size_bits,
                                      uintptr_t paddr, vka_object_t *result)
{
    return vka_alloc_object_at_maybe_dev(vka, type, size_bits, paddr, false, result);
}

/// Make an object of ordinary memory, anywhere.
///
/// Errors:  as vka_alloc_object_at_maybe_dev().
/// Kernel:  none of its own.
static inline int vka_alloc_object(vka_t *vka, seL4_Word type, seL4_Word size_bits,
                                   vka_object_t *result)
{
    return vka_alloc_object_at(vka, type, size_bits, VKA_NO_PADDR, result);
}

/// Make an object that is never freed.
///
/// Shape:   the address of the slot that holds its capability.
/// Errors:  0 iff vka_alloc_object() fails.
/// Kernel:  none of its own.
__attribute__((warn_unused_result)) static inline seL4_CPtr
vka_alloc_object_leaky(vka_t *vka, seL4_Word type, seL4_Word size_bits)
{
    vka_object_t object;
    return vka_alloc_object(vka, type, size_bits, &object) == 0 ? object.cptr : 0;
}

/// Delete an object's capability, then give back its slot and its memory.
///
/// Needs:   other capabilities to the object are deleted; an object is freed once, though it may
///          have been copied.
/// Errors:  nothing happens iff vka or object is NULL, the object is all zero, or its slot has no
///          path. Iff the kernel refuses to delete, slot and memory stay taken: both are in use.
/// Kernel:  CNode_Delete 1.
static inline void vka_free_object(vka_t *vka, vka_object_t *object)
{
    if (object == NULL || object->cptr == 0) {
        return;
    }
    cspacepath_t path;
    vka_cspace_make_path(vka, object->cptr, &path);
    if (path.capPtr == 0 ||
        seL4_CNode_Delete(path.root, path.capPtr, (seL4_Uint8)path.capDepth) != seL4_NoError) {
        return;
    }
    vka_cspace_free(vka, object->cptr);
    vka_utspace_free(vka, object->type, object->size_bits, object->ut);
}

/// Tell where in physical memory an object lies.
///
/// Units:   bytes.
/// Errors:  VKA_NO_PADDR iff object is NULL, or as vka_utspace_paddr().
/// Kernel:  none.
static inline uintptr_t vka_object_paddr(vka_t *vka, vka_object_t *object)
{
    if (object == NULL) {
        return VKA_NO_PADDR;
    }
    return vka_utspace_paddr(vka, object->ut, object->type, object->size_bits);
}

/// Make an object under its architecture-neutral name.
///
/// Units:   size_bits = log2 slots for KOBJECT_CNODE; log2 bytes for KOBJECT_UNTYPED, _FRAME and
///          _SCHED_CONTEXT.
/// Errors:  -1 iff this kernel has no such kobject; else as vka_alloc_object_at_maybe_dev().
/// Kernel:  none of its own.
static inline int vka_alloc_kobject(vka_t *vka, kobject_t type, seL4_Word size_bits,
                                    vka_object_t *result)
{
    return vka_alloc_object(vka, kobject_get_type(type, size_bits), size_bits, result);
}

/// Defines `int vka_alloc_NAME(vka_t *vka, vka_object_t *result)`, which makes an object of a type
/// that has one size, and `seL4_CPtr vka_alloc_NAME_leaky(vka_t *vka)`.
///
/// Shape:   result->size_bits is vka_get_object_size() of the type.
/// Errors:  -1 iff this kernel has no such object; else as vka_alloc_object_at_maybe_dev(). The
///          leaky form: 0 iff the other one fails.
/// Kernel:  none of its own.
///
/// A use ends in a semicolon: the last line is there to take it.
#define VKA_FIXED_OBJECT(name, type)                                                               \
    static inline int vka_alloc_##name(vka_t *vka, vka_object_t *result)                           \
    {                                                                                              \
        return vka_alloc_object(vka, type, vka_get_object_size(type, 0), result);                  \
    }                                                                                              \
    __attribute__((warn_unused_result)) static inline seL4_CPtr vka_alloc_##name##_leaky(          \
        vka_t *vka)                                                                                \
    {                                                                                              \
        return vka_alloc_object_leaky(vka, type, vka_get_object_size(type, 0));                    \
    }                                                                                              \
    struct vka_object

/// Defines `int vka_alloc_NAME(vka_t *vka, uint32_t size_bits, vka_object_t *result)`, which makes
/// an object of a kobject that has many sizes, and
/// `seL4_CPtr vka_alloc_NAME_leaky(vka_t *vka, uint32_t size_bits)`.
///
/// Units:   size_bits as for vka_alloc_kobject().
/// Errors:  as vka_alloc_kobject(). The leaky form: 0 iff the other one fails.
/// Kernel:  none of its own.
#define VKA_SIZED_OBJECT(name, kobject)                                                            \
    static inline int vka_alloc_##name(vka_t *vka, uint32_t size_bits, vka_object_t *result)       \
    {                                                                                              \
        return vka_alloc_kobject(vka, kobject, size_bits, result);                                 \
    }                                                                                              \
    __attribute__((warn_unused_result)) static inline seL4_CPtr vka_alloc_##name##_leaky(          \
        vka_t *vka, uint32_t size_bits)                                                            \
    {                                                                                              \
        return vka_alloc_object_leaky(vka, kobject_get_type(kobject, size_bits), size_bits);       \
    }                                                                                              \
    struct vka_object

/// Objects of one size that every architecture has: vka_alloc_tcb() and so on. vspace_root is the
/// top-level page table under whatever name. sched_context makes the smallest one; without
/// CONFIG_KERNEL_MCS, sched_context and reply fail. The architecture's own are in arch/object.h.
VKA_FIXED_OBJECT(tcb, seL4_TCBObject);
VKA_FIXED_OBJECT(endpoint, seL4_EndpointObject);
VKA_FIXED_OBJECT(notification, seL4_NotificationObject);
VKA_FIXED_OBJECT(reply, kobject_get_type(KOBJECT_REPLY, 0));
VKA_FIXED_OBJECT(sched_context, kobject_get_type(KOBJECT_SCHED_CONTEXT, 0));
VKA_FIXED_OBJECT(page_table, kobject_get_type(KOBJECT_PAGE_TABLE, 0));
VKA_FIXED_OBJECT(page_directory, kobject_get_type(KOBJECT_PAGE_DIRECTORY, 0));
VKA_FIXED_OBJECT(vspace_root, VKA_VSPACE_ROOT_TYPE);

/// Objects of many sizes: vka_alloc_untyped() and vka_alloc_frame() count in log2 bytes,
/// vka_alloc_cnode_object() in log2 slots.
VKA_SIZED_OBJECT(untyped, KOBJECT_UNTYPED);
VKA_SIZED_OBJECT(frame, KOBJECT_FRAME);
VKA_SIZED_OBJECT(cnode_object, KOBJECT_CNODE);

/// Make an untyped object at a physical address.
///
/// Units:   size_bits = log2 bytes; paddr as for vka_alloc_object_at_maybe_dev().
/// Errors:  as vka_alloc_object_at_maybe_dev().
/// Kernel:  none of its own.
static inline int vka_alloc_untyped_at(vka_t *vka, uint32_t size_bits, uintptr_t paddr,
                                       vka_object_t *result)
{
    return vka_alloc_object_at(vka, seL4_UntypedObject, size_bits, paddr, result);
}

/// Make a frame at a physical address.
///
/// Units:   size_bits = log2 bytes; paddr as for vka_alloc_object_at_maybe_dev().
/// Errors:  -1 iff there is no frame of that size; else as vka_alloc_object_at_maybe_dev().
/// Kernel:  none of its own.
static inline int vka_alloc_frame_at(vka_t *vka, uint32_t size_bits, uintptr_t paddr,
                                     vka_object_t *result)
{
    return vka_alloc_object_at(vka, kobject_get_type(KOBJECT_FRAME, size_bits), size_bits, paddr,
                               result);
}

/// Make a frame anywhere, perhaps of device memory.
///
/// Units:   size_bits = log2 bytes.
/// Errors:  -1 iff there is no frame of that size; else as vka_alloc_object_at_maybe_dev().
/// Kernel:  none of its own.
static inline int vka_alloc_frame_maybe_device(vka_t *vka, uint32_t size_bits, bool can_use_dev,
                                               vka_object_t *result)
{
    return vka_alloc_object_at_maybe_dev(vka, kobject_get_type(KOBJECT_FRAME, size_bits), size_bits,
                                         VKA_NO_PADDR, can_use_dev, result);
}

/// Make a scheduling context with room for more refills than the smallest has.
///
/// Units:   size_bits = log2 bytes, from seL4_MinSchedContextBits on.
/// Errors:  -1 iff size_bits is below that or there is no CONFIG_KERNEL_MCS; else as
///          vka_alloc_object_at_maybe_dev().
/// Kernel:  none of its own.
static inline int vka_alloc_sched_context_size(vka_t *vka, vka_object_t *result, uint32_t size_bits)
{
    const bool too_small = size_bits < kobject_get_size(KOBJECT_SCHED_CONTEXT, 0);
    const seL4_Word type =
        too_small ? KOBJECT_NO_TYPE : kobject_get_type(KOBJECT_SCHED_CONTEXT, size_bits);
    return vka_alloc_object(vka, type, size_bits, result);
}

/// vka_alloc_notification() under an older name.
///
/// Errors:  as vka_alloc_notification().
/// Kernel:  none of its own.
__attribute__((deprecated("use vka_alloc_notification"))) static inline int
vka_alloc_async_endpoint(vka_t *vka, vka_object_t *result)
{
    return vka_alloc_notification(vka, result);
}

/// vka_alloc_notification_leaky() under an older name.
///
/// Errors:  as vka_alloc_notification_leaky().
/// Kernel:  none of its own.
__attribute__((deprecated("use vka_alloc_notification_leaky"))) static inline seL4_CPtr
vka_alloc_async_endpoint_leaky(vka_t *vka)
{
    return vka_alloc_notification_leaky(vka);
}

#include <vka/arch/object.h>
