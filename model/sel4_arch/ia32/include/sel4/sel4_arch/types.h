/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Types of ia32. */
#pragma once

#include <sel4/config.h>
#include <sel4/simple_types.h>

/* A thread's registers, in the order in which TCB_ReadRegisters and TCB_WriteRegisters move
 * them. */
typedef struct seL4_UserContext_ {
    seL4_Word eip, esp, eflags, eax, ebx, ecx, edx, esi, edi, ebp;
    seL4_Word fs_base, gs_base;
} seL4_UserContext;
