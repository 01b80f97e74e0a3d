/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// RISC-V: its object types, as tables; kobject_t.h explains them. One page table object for every
/// level; each level brings a page size.

#pragma once

#include <sel4/sel4.h>

/// The type of the top-level page table.
#define VKA_VSPACE_ROOT_TYPE seL4_RISCV_PageTableObject

#ifndef seL4_PageDirBits
/// log2 bytes. libsel4 has no page directory here; vka does, and it is a page table.
#define seL4_PageDirBits seL4_PageTableBits
#endif

/// Page sizes of every RISC-V.
#define VKA_ARCH_FRAMES(ROW)                                                                       \
    ROW(seL4_PageBits, seL4_RISCV_4K_Page)                                                         \
    ROW(seL4_LargePageBits, seL4_RISCV_Mega_Page)

/// Page sizes from the third level on.
#if CONFIG_PT_LEVELS > 3
#define VKA_MODE_FRAMES(ROW)                                                                       \
    ROW(seL4_HugePageBits, seL4_RISCV_Giga_Page)                                                   \
    ROW(seL4_TeraPageBits, seL4_RISCV_Tera_Page)
#elif CONFIG_PT_LEVELS > 2
#define VKA_MODE_FRAMES(ROW) ROW(seL4_HugePageBits, seL4_RISCV_Giga_Page)
#else
#define VKA_MODE_FRAMES(ROW)
#endif

/// kobjects.
#define VKA_ARCH_KOBJECTS(ROW)                                                                     \
    ROW(KOBJECT_PAGE_DIRECTORY, seL4_RISCV_PageTableObject)                                        \
    ROW(KOBJECT_PAGE_TABLE, seL4_RISCV_PageTableObject)

/// Objects of one size.
#define VKA_ARCH_FIXED_SIZES(ROW) ROW(seL4_PageTableBits, seL4_RISCV_PageTableObject)

/// kobjects of one mode alone: none.
#define VKA_MODE_KOBJECTS(ROW)

/// Objects of one size and one mode alone: none.
#define VKA_MODE_FIXED_SIZES(ROW)
