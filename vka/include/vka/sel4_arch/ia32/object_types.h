/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// ia32: the object types that x86_64 does not have, as tables; kobject_t.h explains them.
/// Two levels of page table. KOBJECT_PDPT names an object that is not there, for code that x86_64
/// shares.

#pragma once

#include <sel4/sel4.h>

/// The type of the top-level page table.
#define VKA_VSPACE_ROOT_TYPE seL4_X86_PageDirectoryObject

/// Page sizes: none.
#define VKA_MODE_FRAMES(ROW)

/// kobjects.
#define VKA_MODE_KOBJECTS(ROW) ROW(KOBJECT_PDPT, seL4_IA32_PDPTObject)

/// Objects of one size: none.
#define VKA_MODE_FIXED_SIZES(ROW)
