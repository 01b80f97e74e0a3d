/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// Arm: the object types that all its modes share, as tables; kobject_t.h explains them.
/// arm_hyp is aarch32 with other numbers behind libsel4's names.

#pragma once

#include <sel4/sel4.h>

#if defined(CONFIG_ARCH_AARCH64)
#include <vka/sel4_arch/aarch64/object_types.h>
#else
#include <vka/sel4_arch/aarch32/object_types.h>
#endif

/// Page sizes.
#define VKA_ARCH_FRAMES(ROW)                                                                       \
    ROW(seL4_PageBits, seL4_ARM_SmallPageObject)                                                   \
    ROW(seL4_LargePageBits, seL4_ARM_LargePageObject)

/// kobjects.
#define VKA_ARCH_KOBJECTS(ROW) ROW(KOBJECT_PAGE_TABLE, seL4_ARM_PageTableObject)

/// Objects of one size. libsel4 gives absent ones a number too.
#define VKA_ARCH_FIXED_SIZES(ROW)                                                                  \
    ROW(seL4_PageTableBits, seL4_ARM_PageTableObject)                                              \
    ROW(seL4_ARM_VCPUBits, seL4_ARM_VCPUObject)                                                    \
    ROW(seL4_IOPageTableBits, seL4_ARM_IOPageTableObject)
