/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* State and constants of the modelled kernel that only aarch32 has. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Kernel addresses less physical ones: sabre's memory, from 0x10000000 on, is where user addresses
 * end. The kernel's addresses wrap around at 2^32; the model's do not, which is the same to
 * alignments and comparisons. */
#define MODEL_KERNEL_OFFSET UINT64_C(0xd0000000)

/* Physical addresses that untypeds can have (CONFIG_PADDR_USER_DEVICE_TOP). */
#define MODEL_PADDR_BITS 32

/* The memory file goes on above them, for boot objects that fit into no gap between untypeds. */
#define MODEL_MEMORY_BYTES (UINT64_C(2) << MODEL_PADDR_BITS)

/* RAM is below this: the kernel reaches no other (PADDR_TOP). */
#define MODEL_RAM_BYTES UINT64_C(0x2ff00000)

/* Root CNodes: log2 slots. Kernels can have 2^27; a host program of 32 bits has no room for them. */
#define MODEL_ROOT_CNODE_BITS_MIN 8
#define MODEL_ROOT_CNODE_BITS_MAX 25

/* Levels of paging structures, and log2 of their entries. */
#define MODEL_TOP_LEVEL        2
#define MODEL_TABLE_INDEX_BITS seL4_PageTableIndexBits
#define MODEL_TOP_INDEX_BITS   seL4_PageDirIndexBits

/* log2 bytes that one last-level page table covers. */
#define MODEL_TABLE_COVER_BITS 20

/* VSpaces are objects of their own, not page tables. */
#define MODEL_VSPACE_KIND CAP_VSPACE

#define MODEL_ASID_CONTROL_MAKE_POOL SEL4MODEL_ARM_ASIDControl_MakePool
#define MODEL_ASID_POOL_ASSIGN       SEL4MODEL_ARM_ASIDPool_Assign

/* Message words that travel in registers. */
#define MODEL_MESSAGE_REGISTERS seL4_FastMessageRegisters

/* Registers of a thread, by their names in seL4_UserContext: the first that CopyRegisters counts as
 * integer, the one that SetTLSBase sets, and the status, with the bits that are the user's and those
 * that are always set. */
#define MODEL_INTEGER_REGISTERS r2
#define MODEL_TLS_REGISTER      tpidrurw
#define MODEL_STATUS_REGISTER   cpsr
#define MODEL_STATUS_USER       0xf8000000u
#define MODEL_STATUS_FIXED      0x50u

/* Where to look for free host addresses: wherever the host leaves some. */
#define MODEL_FREE_START UINT32_C(0x10000000)
#define MODEL_FREE_END   UINT32_C(0xe0000000)

/* MCS: the timer has 498 MHz. */
#define MODEL_TICKS_PER_US 498

/* sabre (imx6): the private interrupts are below 32, the timer's among them; MCS takes the global
 * timer. */
enum { ARM_IRQ_MAX = 159 };
#ifdef CONFIG_KERNEL_MCS
#define MODEL_IRQS_OF_KERNEL                                                                       \
    {                                                                                              \
        27                                                                                         \
    }
#else
#define MODEL_IRQS_OF_KERNEL                                                                       \
    {                                                                                              \
        29                                                                                         \
    }
#endif

#include "arch/arm/arm_state.h"
