/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* State and constants of the modelled kernel that only aarch64 has. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Kernel address of physical address 0 (PPTR_BASE). */
#define MODEL_KERNEL_OFFSET UINT64_C(0xffffff8000000000)

/* Physical addresses that untypeds can have (CONFIG_PADDR_USER_DEVICE_TOP). */
#define MODEL_PADDR_BITS 40

/* The memory file goes on above them, for boot objects that fit into no gap between untypeds. */
#define MODEL_MEMORY_BYTES (UINT64_C(2) << MODEL_PADDR_BITS)

/* RAM is below this: the kernel reaches no other. */
#define MODEL_RAM_BYTES (UINT64_C(1) << 39)

/* Root CNodes: log2 slots. */
#define MODEL_ROOT_CNODE_BITS_MIN 7
#define MODEL_ROOT_CNODE_BITS_MAX 26

/* Levels of paging structures, and log2 of their entries. */
#define MODEL_TOP_LEVEL        4
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

/* Where to look for free host addresses: as x86_64 does, whose user addresses are the same. */
#define MODEL_FREE_REGIONS                                                                         \
    {                                                                                              \
        0x300000000000u, 0x200000000000u, 0x80000000000u, 0x20000000000u                           \
    }

/* Reservations are this far apart: each in a top-level entry of its own. */
#define MODEL_FREE_REGION_STEP (UINT64_C(1) << 39)

/* MCS: the timer has 62.5 MHz; the kernel computes with kHz where MHz do not divide, and so gets a
 * thousandth. */
#define MODEL_TICKS_PER_US 62500

/* qemu-arm-virt: the private interrupts are below 32, the timer's among them. */
enum {
    ARM_IRQ_TIMER = 27,
    ARM_IRQ_MAX = 159,
};

#include "arch/arm/arm_state.h"
