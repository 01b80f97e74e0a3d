/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// aarch32 and arm_hyp: the object types that aarch64 does not have, as tables; kobject_t.h
/// explains them. Two levels of page table; the two largest page sizes are sections.

#pragma once

#include <sel4/sel4.h>

/// The type of the top-level page table.
#define VKA_VSPACE_ROOT_TYPE seL4_ARM_PageDirectoryObject

/// Page sizes.
#define VKA_MODE_FRAMES(ROW)                                                                       \
    ROW(seL4_SectionBits, seL4_ARM_SectionObject)                                                  \
    ROW(seL4_SuperSectionBits, seL4_ARM_SuperSectionObject)

/// kobjects.
#define VKA_MODE_KOBJECTS(ROW) ROW(KOBJECT_PAGE_DIRECTORY, seL4_ARM_PageDirectoryObject)

/// Objects of one size.
#define VKA_MODE_FIXED_SIZES(ROW) ROW(seL4_PageDirBits, seL4_ARM_PageDirectoryObject)
