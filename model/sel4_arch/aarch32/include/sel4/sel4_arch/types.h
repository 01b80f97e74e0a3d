/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Types of aarch32. */
#pragma once

#include <sel4/config.h>
#include <sel4/simple_types.h>

/* A thread's registers, in the order in which TCB_ReadRegisters and TCB_WriteRegisters move
 * them. */
typedef struct seL4_UserContext_ {
    seL4_Word pc, sp, cpsr, r0, r1, r8, r9, r10, r11, r12;
    seL4_Word r2, r3, r4, r5, r6, r7, r14;
    seL4_Word tpidrurw, tpidruro;
} seL4_UserContext;
