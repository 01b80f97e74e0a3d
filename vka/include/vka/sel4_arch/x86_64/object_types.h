/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// x86_64: the object types that ia32 does not have, as tables; kobject_t.h explains them.
/// Four levels of page table, and huge pages: their type is an impossible number without
/// CONFIG_HUGE_PAGE.

#pragma once

#include <sel4/sel4.h>

/// The type of the top-level page table.
#define VKA_VSPACE_ROOT_TYPE seL4_X64_PML4Object

/// Page sizes.
#define VKA_MODE_FRAMES(ROW) ROW(seL4_HugePageBits, seL4_X64_HugePageObject)

/// kobjects.
#define VKA_MODE_KOBJECTS(ROW)                                                                     \
    ROW(KOBJECT_PML4, seL4_X64_PML4Object)                                                         \
    ROW(KOBJECT_PDPT, seL4_X86_PDPTObject)

/// Objects of one size.
#define VKA_MODE_FIXED_SIZES(ROW)                                                                  \
    ROW(seL4_PML4Bits, seL4_X64_PML4Object)                                                        \
    ROW(seL4_PDPTBits, seL4_X86_PDPTObject)
