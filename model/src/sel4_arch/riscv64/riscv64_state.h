/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* State and constants of the modelled kernel that only riscv64 has. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Kernel address of physical address 0 (PPTR_BASE). */
#define MODEL_KERNEL_OFFSET UINT64_C(0xffffffc000000000)

/* Physical addresses that untypeds can have (CONFIG_PADDR_USER_DEVICE_TOP). */
#define MODEL_PADDR_BITS 39

/* The memory file goes on above them, for boot objects that fit into no gap between untypeds. */
#define MODEL_MEMORY_BYTES (UINT64_C(2) << MODEL_PADDR_BITS)

/* RAM is below this: the kernel reaches no other (PPTR_TOP). */
#define MODEL_RAM_BYTES ((UINT64_C(1) << 38) - (UINT64_C(1) << 31))

/* Root CNodes: log2 slots. */
#define MODEL_ROOT_CNODE_BITS_MIN 7
#define MODEL_ROOT_CNODE_BITS_MAX 26

/* Levels of paging structures, and log2 of their entries. */
#define MODEL_TOP_LEVEL        CONFIG_PT_LEVELS
#define MODEL_TABLE_INDEX_BITS seL4_PageTableIndexBits
#define MODEL_TOP_INDEX_BITS   seL4_PageTableIndexBits

/* log2 bytes that one last-level page table covers. */
#define MODEL_TABLE_COVER_BITS 21

/* A VSpace is a page table that has an ASID. */
#define MODEL_VSPACE_KIND CAP_PAGE_TABLE

#define MODEL_ASID_CONTROL_MAKE_POOL SEL4MODEL_RISCV_ASIDControl_MakePool
#define MODEL_ASID_POOL_ASSIGN       SEL4MODEL_RISCV_ASIDPool_Assign

/* Message words that travel in registers (the kernel's n_msgRegisters; libsel4 has no name). */
#define MODEL_MESSAGE_REGISTERS 4

/* Registers of a thread, by their names in seL4_UserContext: the first that CopyRegisters counts as
 * integer, and the one that SetTLSBase sets. There is no status: no bit of what stands for it is
 * ever changed. */
#define MODEL_INTEGER_REGISTERS a0
#define MODEL_TLS_REGISTER      tp
#define MODEL_STATUS_REGISTER   pc
#define MODEL_STATUS_USER       (~(seL4_Word)0)
#define MODEL_STATUS_FIXED      0u

/* Where to look for free host addresses: user addresses end at 2^38. All are free in ordinary
 * processes and under Valgrind. */
#define MODEL_FREE_REGIONS                                                                         \
    {                                                                                              \
        0x1000000000u, 0x800000000u                                                                \
    }

/* Reservations are this far apart: each in a top-level entry of its own. */
#define MODEL_FREE_REGION_STEP (UINT64_C(1) << 30)

/* AddressSanitizer leaves only these below 2^38; reservations there share top-level entries. */
#define MODEL_FREE_START 0x10000000u
#define MODEL_FREE_END   0x7fff0000u

/* MCS: the timer has 10 MHz. */
#define MODEL_TICKS_PER_US 10

#include "arch/riscv/riscv_state.h"
