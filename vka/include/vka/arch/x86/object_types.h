/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// x86: the object types that x86_64 and ia32 share, as tables; kobject_t.h explains them.

#pragma once

#include <sel4/sel4.h>

#if defined(CONFIG_ARCH_X86_64)
#include <vka/sel4_arch/x86_64/object_types.h>
#else
#include <vka/sel4_arch/ia32/object_types.h>
#endif

/// Page sizes.
#define VKA_ARCH_FRAMES(ROW)                                                                       \
    ROW(seL4_PageBits, seL4_X86_4K)                                                                \
    ROW(seL4_LargePageBits, seL4_X86_LargePageObject)

/// kobjects.
#define VKA_ARCH_KOBJECTS(ROW)                                                                     \
    ROW(KOBJECT_IO_PAGETABLE, seL4_X86_IOPageTableObject)                                          \
    ROW(KOBJECT_PAGE_DIRECTORY, seL4_X86_PageDirectoryObject)                                      \
    ROW(KOBJECT_PAGE_TABLE, seL4_X86_PageTableObject)

/// Objects of one size. libsel4 gives absent ones a number too.
#define VKA_ARCH_FIXED_SIZES(ROW)                                                                  \
    ROW(seL4_PageTableBits, seL4_X86_PageTableObject)                                              \
    ROW(seL4_PageDirBits, seL4_X86_PageDirectoryObject)                                            \
    ROW(seL4_IOPageTableBits, seL4_X86_IOPageTableObject)                                          \
    ROW(seL4_X86_VCPUBits, seL4_X86_VCPUObject)                                                    \
    ROW(seL4_X86_EPTPML4Bits, seL4_X86_EPTPML4Object)                                              \
    ROW(seL4_X86_EPTPDPTBits, seL4_X86_EPTPDPTObject)                                              \
    ROW(seL4_X86_EPTPDBits, seL4_X86_EPTPDObject)                                                  \
    ROW(seL4_X86_EPTPTBits, seL4_X86_EPTPTObject)
