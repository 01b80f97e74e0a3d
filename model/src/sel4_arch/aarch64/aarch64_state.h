/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* State and constants of the modelled kernel that only aarch64 has. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Kernel address of physical address 0 (PPTR_BASE). */
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
#define MODEL_KERNEL_OFFSET UINT64_C(0x8000000000)
#else
#define MODEL_KERNEL_OFFSET UINT64_C(0xffffff8000000000)
#endif

/* Physical addresses that untypeds can have (CONFIG_PADDR_USER_DEVICE_TOP). */
#ifdef CONFIG_ARM_PA_SIZE_BITS_44
#define MODEL_PADDR_BITS 44
#else
#define MODEL_PADDR_BITS 40
#endif

/* The memory file goes on above them, for boot objects that fit into no gap between untypeds. */
#define MODEL_MEMORY_BYTES (UINT64_C(2) << MODEL_PADDR_BITS)

/* RAM is below this: the kernel reaches no other memory (PPTR_TOP). */
#define MODEL_RAM_BYTES ((UINT64_C(1) << 39) - (UINT64_C(1) << 30))

/* Root CNodes: log2 slots. */
#define MODEL_ROOT_CNODE_BITS_MIN 7
#define MODEL_ROOT_CNODE_BITS_MAX 26

/* Levels of paging structures, and log2 of their entries. Guests' addresses of 40 bits need three
 * levels only, the top of two pages (AARCH64_VSPACE_S2_START_L1). */
#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT) && defined(CONFIG_ARM_PA_SIZE_BITS_40)
#define MODEL_TOP_LEVEL 3
#else
#define MODEL_TOP_LEVEL 4
#endif
#define MODEL_TABLE_INDEX_BITS seL4_PageTableIndexBits
#define MODEL_TOP_INDEX_BITS   seL4_VSpaceIndexBits

/* log2 bytes that one last-level page table covers. */
#define MODEL_TABLE_COVER_BITS 21

/* VSpaces are objects of their own, not page tables. */
#define MODEL_VSPACE_KIND CAP_VSPACE

#define MODEL_ASID_CONTROL_MAKE_POOL SEL4MODEL_ARM_ASIDControl_MakePool
#define MODEL_ASID_POOL_ASSIGN       SEL4MODEL_ARM_ASIDPool_Assign

/* Message words that travel in registers. */
#define MODEL_MESSAGE_REGISTERS seL4_FastMessageRegisters

/* Registers of a thread, by their names in seL4_UserContext: the first that CopyRegisters counts as
 * integer, the one that SetTLSBase sets, and the status, with the bits that are the user's and those
 * that are always set. */
#define MODEL_INTEGER_REGISTERS x9
#define MODEL_TLS_REGISTER      tpidr_el0
#define MODEL_STATUS_REGISTER   spsr
#define MODEL_STATUS_USER       0xf0000000u
#define MODEL_STATUS_FIXED      0x40u

/* Where to look for free host addresses. At EL1 as x86_64 does, whose user addresses are the same;
 * those of a hypervisor end at 2^40 or 2^44, and are free in ordinary processes and under Valgrind. */
#ifndef CONFIG_ARM_HYPERVISOR_SUPPORT
#define MODEL_FREE_REGIONS                                                                         \
    {                                                                                              \
        0x300000000000u, 0x200000000000u, 0x80000000000u, 0x20000000000u                           \
    }
#elif defined(CONFIG_ARM_PA_SIZE_BITS_40)
#define MODEL_FREE_REGIONS                                                                         \
    {                                                                                              \
        0x4000000000u, 0x2000000000u                                                               \
    }
#else
#define MODEL_FREE_REGIONS                                                                         \
    {                                                                                              \
        0x20000000000u, 0x8000000000u                                                              \
    }
#endif

/* Reservations are this far apart: each in a top-level entry of its own. */
#define MODEL_FREE_REGION_STEP (UINT64_C(1) << (12 + 9 * (MODEL_TOP_LEVEL - 1)))

/* AddressSanitizer leaves only these below 2^44; reservations there share top-level entries. */
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
#define MODEL_FREE_START 0x10000000u
#define MODEL_FREE_END   0x7fff0000u
#endif

/* MCS: the timer has 62.5 MHz; the kernel computes with kHz where MHz do not divide, and so gets a
 * thousandth. */
#define MODEL_TICKS_PER_US 62500

/* qemu-arm-virt: the private interrupts are below 32. The kernel's timer is the virtual one (27); a
 * hypervisor's is its own (26), the virtual one and the virtual GIC's (25) are its guests'. */
enum {
    ARM_IRQ_MAX = 159,
    ARM_IRQ_VIRTUAL_TIMER = 27,
};
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
#define MODEL_IRQS_OF_KERNEL                                                                       \
    {                                                                                              \
        25, 26, ARM_IRQ_VIRTUAL_TIMER                                                              \
    }
#else
#define MODEL_IRQS_OF_KERNEL                                                                       \
    {                                                                                              \
        ARM_IRQ_VIRTUAL_TIMER                                                                      \
    }
#endif

#include "arch/arm/arm_state.h"
