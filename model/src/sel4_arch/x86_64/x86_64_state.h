/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* State and constants of the modelled kernel that only x86_64 has. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Kernel address of physical address 0 (PPTR_BASE). */
#define MODEL_KERNEL_OFFSET UINT64_C(0xffffff8000000000)

/* Physical addresses that untypeds can have (CONFIG_PADDR_USER_DEVICE_TOP). */
#define MODEL_PADDR_BITS 47

/* The memory file goes on above them, for boot objects that fit into no gap between untypeds. */
#define MODEL_MEMORY_BYTES ((UINT64_C(1) << MODEL_PADDR_BITS) + (UINT64_C(1) << 40))

/* RAM is below this: the kernel reaches no other. */
#define MODEL_RAM_BYTES (UINT64_C(1) << 39)

/* The last user address in the kernel's eyes: a page further than libsel4's seL4_UserTop
 * (include/plat/pc99/plat/64/plat_mode/machine/hardware.h: USER_TOP). */
#define X86_USER_TOP UINT64_C(0x7fffffffffff)

/* Root CNodes: log2 slots. */
#define MODEL_ROOT_CNODE_BITS_MIN 7
#define MODEL_ROOT_CNODE_BITS_MAX 26

/* Levels of paging structures, and log2 of their entries. */
#define MODEL_TOP_LEVEL        4
#define MODEL_TABLE_INDEX_BITS 9
#define MODEL_TOP_INDEX_BITS   9

/* log2 bytes that one last-level page table covers. */
#define MODEL_TABLE_COVER_BITS 21

/* VSpaces are objects of their own, not page tables. */
#define MODEL_VSPACE_KIND CAP_VSPACE

#define MODEL_ASID_CONTROL_MAKE_POOL SEL4MODEL_X86_ASIDControl_MakePool
#define MODEL_ASID_POOL_ASSIGN       SEL4MODEL_X86_ASIDPool_Assign

/* Message words that travel in registers. */
#define MODEL_MESSAGE_REGISTERS seL4_FastMessageRegisters

/* Registers of a thread, by their names in seL4_UserContext: the first that CopyRegisters counts as
 * integer, the one that SetTLSBase sets, and the status, with the bits that are the user's and those
 * that are always set. */
#define MODEL_INTEGER_REGISTERS fs_base
#define MODEL_TLS_REGISTER      fs_base
#define MODEL_STATUS_REGISTER   rflags
#define MODEL_STATUS_USER       0xcd5u
#define MODEL_STATUS_FIXED      0x202u

/* Where to look for free host addresses. The first two are free in ordinary processes and under
 * AddressSanitizer, whose shadow ends at 0x10007fff8000; the last two are within Valgrind's 16
 * TiB. */
#define MODEL_FREE_REGIONS                                                                         \
    {                                                                                              \
        0x300000000000u, 0x200000000000u, 0x80000000000u, 0x20000000000u                           \
    }

/* Reservations are this far apart: each in a top-level entry of its own. */
#define MODEL_FREE_REGION_STEP (UINT64_C(1) << 39)

/* MCS: the timer of the modelled machine, at 1 GHz; a PC measures its own. */
#define MODEL_TICKS_PER_US 1000

#include "arch/x86/x86_state.h"
