/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Faults as values. Layouts: libsel4/sel4_arch_include/aarch32/sel4/sel4_arch/types.bf. */
#pragma once

#define SEL4MODEL_FAULT_WORDS 14
#include <sel4/fault_gen.h>

SEL4MODEL_FAULT_FIELD(UnknownSyscall, R0, 13)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R1, 12)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R2, 11)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R3, 10)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R4, 9)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R5, 8)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R6, 7)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R7, 6)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, FaultIP, 5)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, SP, 4)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, LR, 3)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, CPSR, 2)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, Syscall, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UnknownSyscall_new(seL4_Word R0, seL4_Word R1,
    seL4_Word R2, seL4_Word R3, seL4_Word R4, seL4_Word R5, seL4_Word R6, seL4_Word R7,
    seL4_Word FaultIP, seL4_Word SP, seL4_Word LR, seL4_Word CPSR, seL4_Word Syscall)
{
    const seL4_Fault_t fault = {{seL4_Fault_UnknownSyscall, Syscall, CPSR, LR, SP, FaultIP, R7,
                                 R6, R5, R4, R3, R2, R1, R0}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_new(seL4_Fault_t *fault, seL4_Word R0,
    seL4_Word R1, seL4_Word R2, seL4_Word R3, seL4_Word R4, seL4_Word R5, seL4_Word R6,
    seL4_Word R7, seL4_Word FaultIP, seL4_Word SP, seL4_Word LR, seL4_Word CPSR,
    seL4_Word Syscall)
{
    *fault = seL4_Fault_UnknownSyscall_new(R0, R1, R2, R3, R4, R5, R6, R7, FaultIP, SP, LR, CPSR,
        Syscall);
}

SEL4MODEL_FAULT_FIELD(UserException, FaultIP, 5)
SEL4MODEL_FAULT_FIELD(UserException, Stack, 4)
SEL4MODEL_FAULT_FIELD(UserException, CPSR, 3)
SEL4MODEL_FAULT_FIELD(UserException, Number, 2)
SEL4MODEL_FAULT_FIELD(UserException, Code, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UserException_new(seL4_Word FaultIP,
    seL4_Word Stack, seL4_Word CPSR, seL4_Word Number, seL4_Word Code)
{
    const seL4_Fault_t fault = {{seL4_Fault_UserException, Code, Number, CPSR, Stack, FaultIP}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_new(seL4_Fault_t *fault, seL4_Word FaultIP,
    seL4_Word Stack, seL4_Word CPSR, seL4_Word Number, seL4_Word Code)
{
    *fault = seL4_Fault_UserException_new(FaultIP, Stack, CPSR, Number, Code);
}
