/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* State and constants of the modelled kernel that only ia32 has. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Kernel address of physical address 0 (PPTR_BASE). The kernel's addresses wrap around at 2^32; the
 * model's do not, which is the same to alignments and comparisons. */
#define MODEL_KERNEL_OFFSET UINT64_C(0xe0000000)

/* Physical addresses: untypeds end below (CONFIG_PADDR_USER_DEVICE_TOP). */
#define MODEL_PADDR_BITS 32

/* The memory file goes on above them, for boot objects that fit into no gap between untypeds. */
#define MODEL_MEMORY_BYTES (UINT64_C(2) << MODEL_PADDR_BITS)

/* RAM is below this: the kernel reaches no other (PPTR_TOP). */
#define MODEL_RAM_BYTES UINT64_C(0x1fc00000)

/* The first address that is not the user's (include/plat/pc99/plat/32/plat_mode/machine/hardware.h:
 * USER_TOP). The kernel's own tables begin there. */
#define X86_USER_TOP UINT32_C(0xe0000000)

/* Root CNodes: log2 slots. Kernels can have 2^27; a host program of 32 bits has no room for them. */
#define MODEL_ROOT_CNODE_BITS_MIN 8
#define MODEL_ROOT_CNODE_BITS_MAX 25

/* Levels of paging structures, and log2 of their entries. */
#define MODEL_TOP_LEVEL        2
#define MODEL_TABLE_INDEX_BITS 10
#define MODEL_TOP_INDEX_BITS   10

/* log2 bytes that one last-level page table covers. */
#define MODEL_TABLE_COVER_BITS 22

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
#define MODEL_TLS_REGISTER      gs_base
#define MODEL_STATUS_REGISTER   eflags
#define MODEL_STATUS_USER       0xcd5u
#define MODEL_STATUS_FIXED      0x202u

/* Where to look for free host addresses: wherever the host leaves some. */
#define MODEL_FREE_START UINT32_C(0x10000000)
#define MODEL_FREE_END   UINT32_C(0xe0000000)

/* MCS: the timer of the modelled machine, at 1 GHz; a PC measures its own. */
#define MODEL_TICKS_PER_US 1000

#include "arch/x86/x86_state.h"
