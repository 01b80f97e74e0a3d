/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// Kernel objects under names that are the same on every architecture, and the size of each.
///
/// Two vocabularies meet here. A *type* is the number that Untyped_Retype takes; it differs between
/// kernels and configurations. A *kobject* is one of the names below; together with a size it
/// stands for one type: KOBJECT_FRAME of 12 bits is seL4_X86_4K on a PC, seL4_ARM_SmallPageObject
/// on Arm.
///
/// | kobject                       | where      | stands for                                |
/// |-------------------------------|------------|-------------------------------------------|
/// | KOBJECT_TCB, _CNODE, _UNTYPED | everywhere | the generic object                        |
/// | KOBJECT_ENDPOINT              | everywhere | the generic object                        |
/// | KOBJECT_NOTIFICATION          | everywhere | the generic object                        |
/// | KOBJECT_REPLY, _SCHED_CONTEXT | everywhere | nothing without CONFIG_KERNEL_MCS         |
/// | KOBJECT_CSLOT                 | everywhere | nothing: a slot is not an object          |
/// | KOBJECT_FRAME                 | everywhere | the page of that size                     |
/// | KOBJECT_PAGE_TABLE            | everywhere | the lowest level of page table            |
/// | KOBJECT_PAGE_DIRECTORY        | everywhere | the level above                           |
/// | KOBJECT_IO_PAGETABLE          | x86        | nothing without CONFIG_IOMMU              |
/// | KOBJECT_PDPT                  | x86        | the level above that; nothing on ia32     |
/// | KOBJECT_PML4                  | x86_64     | the top level                             |
/// | KOBJECT_PAGE_UPPER_DIRECTORY  | aarch64    | see its object_types.h                    |
/// | KOBJECT_PAGE_GLOBAL_DIRECTORY | aarch64    | see its object_types.h                    |
///
/// An architecture's part is three tables in arch/, and three in sel4_arch/ for one mode of it:
///
/// - VKA_ARCH_FRAMES, VKA_MODE_FRAMES: rows (log2 bytes, type), one for each page size;
/// - VKA_ARCH_KOBJECTS, VKA_MODE_KOBJECTS: rows (kobject, type);
/// - VKA_ARCH_FIXED_SIZES, VKA_MODE_FIXED_SIZES: rows (log2 bytes, type), one for each other type.

#pragma once

#include <sel4/sel4.h>

#if defined(CONFIG_ARCH_X86)
#include <vka/arch/x86/object_types.h>
#elif defined(CONFIG_ARCH_ARM)
#include <vka/arch/arm/object_types.h>
#elif defined(CONFIG_ARCH_RISCV)
#include <vka/arch/riscv/object_types.h>
#else
#error "libsel4 is configured for no architecture that vka knows"
#endif

/// The type of a kobject that this kernel does not have. No object type is that large.
#define KOBJECT_NO_TYPE ((seL4_Word)-1)

/// The size of an object whose type is unknown.
#define VKA_NO_OBJECT_SIZE ((unsigned long)-1)

/// What a row of the tables above turns into: an enumerator, or a case of a switch.
#define VKA_ROW_NAME(kobject, type) kobject,
#define VKA_ROW_KOBJECT_TO_TYPE(kobject, type)                                                     \
    case kobject:                                                                                  \
        return type;
#define VKA_ROW_SIZE_TO_TYPE(size_bits, type)                                                      \
    case size_bits:                                                                                \
        return type;
#define VKA_ROW_TYPE_TO_SIZE(size_bits, type)                                                      \
    case type:                                                                                     \
        return size_bits;

/// The kobjects of this architecture.
enum _kobject_type {
    KOBJECT_FRAME,                                                  ///< a page
    VKA_MODE_KOBJECTS(VKA_ROW_NAME) VKA_ARCH_KOBJECTS(VKA_ROW_NAME) ///< page tables
    KOBJECT_TCB,                                                    ///< a thread
    KOBJECT_CNODE,                                                  ///< a table of slots
    KOBJECT_CSLOT,                                                  ///< one slot
    KOBJECT_UNTYPED,                                                ///< memory to make objects of
    KOBJECT_ENDPOINT,                                               ///< a place to send messages to
    KOBJECT_NOTIFICATION,                                           ///< a word of signals
    KOBJECT_REPLY,                                                  ///< the right to answer a call
    KOBJECT_SCHED_CONTEXT,                                          ///< a share of processor time
    NUM_KOBJECT_TYPES,                                              ///< how many there are

    /// KOBJECT_NOTIFICATION under an older name.
    KOBJECT_ASYNC_ENDPOINT __attribute__((deprecated("use KOBJECT_NOTIFICATION"))) =
        KOBJECT_NOTIFICATION,
    /// KOBJECT_ENDPOINT under an older name.
    KOBJECT_SYNC_ENDPOINT __attribute__((deprecated("use KOBJECT_ENDPOINT"))) = KOBJECT_ENDPOINT
};

/// A KOBJECT_ number.
typedef int kobject_t;

/// Tell the type of a frame.
///
/// Units:   size_bits = log2 bytes.
/// Errors:  KOBJECT_NO_TYPE iff there is no page of that size; or libsel4's own impossible number
///          where it names a type that this configuration lacks.
/// Kernel:  none.
static inline seL4_Word vka_frame_type(seL4_Word size_bits)
{
    switch (size_bits) {
        VKA_ARCH_FRAMES(VKA_ROW_SIZE_TO_TYPE)
        VKA_MODE_FRAMES(VKA_ROW_SIZE_TO_TYPE)
    default:
        return KOBJECT_NO_TYPE;
    }
}

/// Tell the type of a kobject: what to pass to Untyped_Retype and to vka_alloc_object().
///
/// Units:   objectSize = log2 bytes for KOBJECT_FRAME; other kobjects ignore it.
/// Errors:  KOBJECT_NO_TYPE iff the kobject stands for nothing; or as vka_frame_type().
/// Kernel:  none.
static inline seL4_Word kobject_get_type(kobject_t type, seL4_Word objectSize)
{
    switch (type) {
    case KOBJECT_FRAME:
        return vka_frame_type(objectSize);
    case KOBJECT_TCB:
        return seL4_TCBObject;
    case KOBJECT_CNODE:
        return seL4_CapTableObject;
    case KOBJECT_UNTYPED:
        return seL4_UntypedObject;
    case KOBJECT_ENDPOINT:
        return seL4_EndpointObject;
    case KOBJECT_NOTIFICATION:
        return seL4_NotificationObject;
#ifdef CONFIG_KERNEL_MCS
    case KOBJECT_REPLY:
        return seL4_ReplyObject;
    case KOBJECT_SCHED_CONTEXT:
        return seL4_SchedContextObject;
#endif
        VKA_ARCH_KOBJECTS(VKA_ROW_KOBJECT_TO_TYPE)
        VKA_MODE_KOBJECTS(VKA_ROW_KOBJECT_TO_TYPE)
    default:
        return KOBJECT_NO_TYPE;
    }
}

/// Tell how much untyped memory an object takes.
///
/// Shape:   log2 of the bytes of untyped that Untyped_Retype uses up for one object.
/// Units:   objectSize = log2 slots for a CNode, log2 bytes for an untyped or a scheduling context
///          (less than the smallest counts as the smallest); other types ignore it.
/// Errors:  VKA_NO_OBJECT_SIZE iff this architecture has no such type.
/// Kernel:  none.
static inline unsigned long vka_get_object_size(seL4_Word objectType, seL4_Word objectSize)
{
    switch (objectType) {
    case seL4_UntypedObject:
        return objectSize;
    case seL4_TCBObject:
        return seL4_TCBBits;
    case seL4_EndpointObject:
        return seL4_EndpointBits;
    case seL4_NotificationObject:
        return seL4_NotificationBits;
    case seL4_CapTableObject:
        return seL4_SlotBits + objectSize;
#ifdef CONFIG_KERNEL_MCS
    case seL4_SchedContextObject:
        return objectSize > seL4_MinSchedContextBits ? objectSize : seL4_MinSchedContextBits;
    case seL4_ReplyObject:
        return seL4_ReplyBits;
#endif
        VKA_ARCH_FRAMES(VKA_ROW_TYPE_TO_SIZE)
        VKA_MODE_FRAMES(VKA_ROW_TYPE_TO_SIZE)
        VKA_ARCH_FIXED_SIZES(VKA_ROW_TYPE_TO_SIZE)
        VKA_MODE_FIXED_SIZES(VKA_ROW_TYPE_TO_SIZE)
    default:
        return VKA_NO_OBJECT_SIZE;
    }
}

/// Tell how much untyped memory a kobject takes.
///
/// Units:   log2 bytes; objectSize as for kobject_get_type() and vka_get_object_size().
/// Errors:  0 iff there is no such object or no page of that size.
/// Kernel:  none.
static inline seL4_Word kobject_get_size(kobject_t type, seL4_Word objectSize)
{
    const unsigned long size_bits =
        vka_get_object_size(kobject_get_type(type, objectSize), objectSize);
    return size_bits == VKA_NO_OBJECT_SIZE ? 0 : size_bits;
}
