/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What every architecture has, by one name each: the recorded machine, object types, mapping calls.
#pragma once

#include <sel4/sel4.h>

#include <stdbool.h>

#if defined(CONFIG_ARCH_X86)
#define ARCH_CALL(name)         seL4_X86_##name
#define ARCH_KIND(name)         SEL4MODEL_X86_##name
#define ARCH_TEXT(name)         "X86_" name
#define ARCH_DEFAULT_ATTRIBUTES seL4_X86_Default_VMAttributes
#define SMALL_FRAME             seL4_X86_4K
#define LARGE_FRAME             seL4_X86_LargePageObject
#define PAGE_TABLE              seL4_X86_PageTableObject
typedef seL4_X86_Page_GetAddress_t page_address_t;
#elif defined(CONFIG_ARCH_ARM)
#define ARCH_CALL(name)         seL4_ARM_##name
#define ARCH_KIND(name)         SEL4MODEL_ARM_##name
#define ARCH_TEXT(name)         "ARM_" name
#define ARCH_DEFAULT_ATTRIBUTES seL4_ARM_Default_VMAttributes
#define SMALL_FRAME             seL4_ARM_SmallPageObject
#define LARGE_FRAME             seL4_ARM_LargePageObject
#define PAGE_TABLE              seL4_ARM_PageTableObject
typedef seL4_ARM_Page_GetAddress_t page_address_t;
#else
#define ARCH_CALL(name)         seL4_RISCV_##name
#define ARCH_KIND(name)         SEL4MODEL_RISCV_##name
#define ARCH_TEXT(name)         "RISCV_" name
#define ARCH_DEFAULT_ATTRIBUTES seL4_RISCV_Default_VMAttributes
#define SMALL_FRAME             seL4_RISCV_4K_Page
#define LARGE_FRAME             seL4_RISCV_Mega_Page
#define PAGE_TABLE              seL4_RISCV_PageTableObject
typedef seL4_RISCV_Page_GetAddress_t page_address_t;
#endif

// aarch64's are also named after what their kernels were configured with.
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
#define HYP_SUFFIX "-hyp"
#else
#define HYP_SUFFIX ""
#endif
#ifdef CONFIG_ARM_PA_SIZE_BITS_44
#define PA_SUFFIX "-pa44"
#else
#define PA_SUFFIX ""
#endif

// Machines recorded with MCS are named after it.
#ifdef CONFIG_KERNEL_MCS
#define MCS_SUFFIX "-mcs"
#else
#define MCS_SUFFIX ""
#endif

// HUGE_FRAME where there is one; LARGEST_FRAME is always there.
#if defined(CONFIG_ARCH_X86_64)
#define HUGE_FRAME  seL4_X64_HugePageObject
#define VSPACE_ROOT seL4_X64_PML4Object
#define MACHINE     "pc99-512m" MCS_SUFFIX
#elif defined(CONFIG_ARCH_IA32)
#define VSPACE_ROOT seL4_X86_PageDirectoryObject
#define MACHINE     "pc99-512m-ia32" MCS_SUFFIX
#elif defined(CONFIG_ARCH_AARCH32)
#define VSPACE_ROOT seL4_ARM_PageDirectoryObject
#define MACHINE     "sabre-1g-aarch32" MCS_SUFFIX
#elif defined(CONFIG_ARCH_AARCH64)
#define HUGE_FRAME  seL4_ARM_HugePageObject
#define VSPACE_ROOT seL4_ARM_VSpaceObject
#define MACHINE     "virt-2g-aarch64" HYP_SUFFIX PA_SUFFIX MCS_SUFFIX
#elif defined(CONFIG_ARCH_RISCV32)
#define VSPACE_ROOT seL4_RISCV_PageTableObject
#define MACHINE     "spike-512m-riscv32" MCS_SUFFIX
#elif defined(CONFIG_ARCH_RISCV64)
#define HUGE_FRAME  seL4_RISCV_Giga_Page
#define VSPACE_ROOT seL4_RISCV_PageTableObject
#define MACHINE     "spike-4g-riscv64" MCS_SUFFIX
#endif

// Names in data/bootinfo of this architecture's machines.
#if defined(CONFIG_ARCH_X86_64) && !defined(CONFIG_KERNEL_MCS)
#define MACHINES MACHINE, "pc99-3g", "pc99-16g", "pc99-64g", "pc99-400g"
#else
#define MACHINES MACHINE
#endif

// What vka calls a page directory.
#if defined(CONFIG_ARCH_X86)
#define PAGE_DIRECTORY seL4_X86_PageDirectoryObject
#elif defined(CONFIG_ARCH_AARCH32)
#define PAGE_DIRECTORY seL4_ARM_PageDirectoryObject
#else
#define PAGE_DIRECTORY PAGE_TABLE
#endif

#ifdef HUGE_FRAME
#define LARGEST_FRAME      HUGE_FRAME
#define LARGEST_FRAME_BITS seL4_HugePageBits
#elif defined(CONFIG_ARCH_AARCH32)
#define LARGEST_FRAME      seL4_ARM_SuperSectionObject
#define LARGEST_FRAME_BITS seL4_SuperSectionBits
#else
#define LARGEST_FRAME      LARGE_FRAME
#define LARGEST_FRAME_BITS seL4_LargePageBits
#endif

// The frame that covers as much as a page table.
#ifdef CONFIG_ARCH_AARCH32
#define TABLE_FRAME      seL4_ARM_SectionObject
#define TABLE_FRAME_BITS seL4_SectionBits
#else
#define TABLE_FRAME      LARGE_FRAME
#define TABLE_FRAME_BITS seL4_LargePageBits
#endif

// Paging structures between the top-level one and frames, uppermost first.
#if CONFIG_WORD_SIZE == 32
enum { TABLE_LEVELS = 1 };
#elif defined(CONFIG_ARCH_RISCV64) ||                                                              \
    (defined(CONFIG_ARM_HYPERVISOR_SUPPORT) && defined(CONFIG_ARM_PA_SIZE_BITS_40))
enum { TABLE_LEVELS = 2 };
#else
enum { TABLE_LEVELS = 3 };
#endif

static inline seL4_Word table_type(unsigned level)
{
#if defined(CONFIG_ARCH_X86_64)
    return level == 0   ? (seL4_Word)seL4_X86_PDPTObject
           : level == 1 ? (seL4_Word)seL4_X86_PageDirectoryObject
                        : (seL4_Word)seL4_X86_PageTableObject;
#else
    (void)level;
    return PAGE_TABLE;
#endif
}

static inline seL4_Error map_table(unsigned level, seL4_CPtr table, seL4_CPtr vspace,
                                   seL4_Word vaddr)
{
#if defined(CONFIG_ARCH_X86_64)
    if (level == 0) {
        return seL4_X86_PDPT_Map(table, vspace, vaddr, ARCH_DEFAULT_ATTRIBUTES);
    }
    if (level == 1) {
        return seL4_X86_PageDirectory_Map(table, vspace, vaddr, ARCH_DEFAULT_ATTRIBUTES);
    }
#endif
    (void)level;
    return ARCH_CALL(PageTable_Map)(table, vspace, vaddr, ARCH_DEFAULT_ATTRIBUTES);
}

static inline seL4_Error unmap_table(unsigned level, seL4_CPtr table)
{
#if defined(CONFIG_ARCH_X86_64)
    if (level == 0) {
        return seL4_X86_PDPT_Unmap(table);
    }
    if (level == 1) {
        return seL4_X86_PageDirectory_Unmap(table);
    }
#endif
    (void)level;
    return ARCH_CALL(PageTable_Unmap)(table);
}

static inline seL4_Error page_map(seL4_CPtr frame, seL4_CPtr vspace, seL4_Word vaddr,
                                  seL4_CapRights_t rights)
{
    return ARCH_CALL(Page_Map)(frame, vspace, vaddr, rights, ARCH_DEFAULT_ATTRIBUTES);
}

static inline seL4_Error page_unmap(seL4_CPtr frame)
{
    return ARCH_CALL(Page_Unmap)(frame);
}

static inline page_address_t page_address(seL4_CPtr frame)
{
    return ARCH_CALL(Page_GetAddress)(frame);
}

static inline seL4_Error assign_asid(seL4_CPtr pool, seL4_CPtr vspace)
{
    return ARCH_CALL(ASIDPool_Assign)(pool, vspace);
}

// No fault endpoint, no scheduling context.
static inline seL4_Error configure_tcb(seL4_CPtr tcb, seL4_CPtr cspace, seL4_Word cspace_data,
                                       seL4_CPtr vspace, seL4_Word vspace_data, seL4_Word buffer,
                                       seL4_CPtr frame)
{
#ifdef CONFIG_KERNEL_MCS
    return seL4_TCB_Configure(tcb, cspace, cspace_data, vspace, vspace_data, buffer, frame);
#else
    return seL4_TCB_Configure(tcb, 0, cspace, cspace_data, vspace, vspace_data, buffer, frame);
#endif
}

static inline seL4_Error set_sched_params(seL4_CPtr tcb, seL4_CPtr authority, seL4_Word mcp,
                                          seL4_Word priority)
{
#ifdef CONFIG_KERNEL_MCS
    return seL4_TCB_SetSchedParams(tcb, authority, mcp, priority, 0, 0);
#else
    return seL4_TCB_SetSchedParams(tcb, authority, mcp, priority);
#endif
}
