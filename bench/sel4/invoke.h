/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Included before everything else in the library: its invocations are measured. Then libsel4's own
 * function makes the invocation. The names are macros, which do not expand inside themselves. */

#include "meter.h"
#include <sel4/sel4.h>

#define METERED(name, ...)                                                                         \
    (meter_begin(), meter_end(SEL4MODEL_##name, (seL4_Error)seL4_##name(__VA_ARGS__)))

#define seL4_Untyped_Retype(...) METERED(Untyped_Retype, __VA_ARGS__)
#define seL4_CNode_Copy(...)     METERED(CNode_Copy, __VA_ARGS__)
#define seL4_CNode_Mint(...)     METERED(CNode_Mint, __VA_ARGS__)
#define seL4_CNode_Move(...)     METERED(CNode_Move, __VA_ARGS__)
#define seL4_CNode_Revoke(...)   METERED(CNode_Revoke, __VA_ARGS__)
#define seL4_CNode_Delete(...)   METERED(CNode_Delete, __VA_ARGS__)
#define seL4_TCB_SetSpace(...)   METERED(TCB_SetSpace, __VA_ARGS__)
#if defined(CONFIG_ARCH_X86)
#define seL4_X86_Page_Map(...)          METERED(X86_Page_Map, __VA_ARGS__)
#define seL4_X86_Page_Unmap(...)        METERED(X86_Page_Unmap, __VA_ARGS__)
#define seL4_X86_PageTable_Map(...)     METERED(X86_PageTable_Map, __VA_ARGS__)
#define seL4_X86_PageDirectory_Map(...) METERED(X86_PageDirectory_Map, __VA_ARGS__)
#define seL4_X86_PDPT_Map(...)          METERED(X86_PDPT_Map, __VA_ARGS__)
#elif defined(CONFIG_ARCH_ARM)
#define seL4_ARM_Page_Map(...)      METERED(ARM_Page_Map, __VA_ARGS__)
#define seL4_ARM_Page_Unmap(...)    METERED(ARM_Page_Unmap, __VA_ARGS__)
#define seL4_ARM_PageTable_Map(...) METERED(ARM_PageTable_Map, __VA_ARGS__)
#else
#define seL4_RISCV_Page_Map(...)      METERED(RISCV_Page_Map, __VA_ARGS__)
#define seL4_RISCV_Page_Unmap(...)    METERED(RISCV_Page_Unmap, __VA_ARGS__)
#define seL4_RISCV_PageTable_Map(...) METERED(RISCV_PageTable_Map, __VA_ARGS__)
#endif
