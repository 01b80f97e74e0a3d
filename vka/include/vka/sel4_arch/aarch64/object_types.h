/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// aarch64: the object types that aarch32 does not have, as tables; kobject_t.h explains them.
/// One page table object for every level but the top; huge pages.
///
/// Older kernels had an object for each level. Their names stand for what took their place:
/// KOBJECT_PAGE_GLOBAL_DIRECTORY is the top of four levels, KOBJECT_PAGE_UPPER_DIRECTORY the level
/// below. Hypervisor mode with 40-bit addresses has three levels: there the upper directory is the
/// top, and a global one does not exist.

#pragma once

#include <sel4/sel4.h>

/// The type of the top-level page table.
#define VKA_VSPACE_ROOT_TYPE seL4_ARM_VSpaceObject

#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT) && defined(CONFIG_ARM_PA_SIZE_BITS_40)
/// The type of KOBJECT_PAGE_GLOBAL_DIRECTORY.
#define VKA_GLOBAL_DIRECTORY_TYPE KOBJECT_NO_TYPE
/// The type of KOBJECT_PAGE_UPPER_DIRECTORY.
#define VKA_UPPER_DIRECTORY_TYPE seL4_ARM_VSpaceObject
#else
/// The type of KOBJECT_PAGE_GLOBAL_DIRECTORY.
#define VKA_GLOBAL_DIRECTORY_TYPE seL4_ARM_VSpaceObject
/// The type of KOBJECT_PAGE_UPPER_DIRECTORY.
#define VKA_UPPER_DIRECTORY_TYPE  seL4_ARM_PageTableObject
#endif

/// Page sizes.
#define VKA_MODE_FRAMES(ROW) ROW(seL4_HugePageBits, seL4_ARM_HugePageObject)

/// kobjects.
#define VKA_MODE_KOBJECTS(ROW)                                                                     \
    ROW(KOBJECT_PAGE_GLOBAL_DIRECTORY, VKA_GLOBAL_DIRECTORY_TYPE)                                  \
    ROW(KOBJECT_PAGE_UPPER_DIRECTORY, VKA_UPPER_DIRECTORY_TYPE)                                    \
    ROW(KOBJECT_PAGE_DIRECTORY, seL4_ARM_PageTableObject)

/// Objects of one size.
#define VKA_MODE_FIXED_SIZES(ROW) ROW(seL4_VSpaceBits, seL4_ARM_VSpaceObject)
