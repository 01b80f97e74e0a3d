/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Faults as values. Layouts: libsel4/sel4_arch_include/x86_64/sel4/sel4_arch/types.bf. */
#pragma once

#define SEL4MODEL_FAULT_WORDS 20
#include <sel4/fault_gen.h>

SEL4MODEL_FAULT_FIELD(UnknownSyscall, RAX, 19)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, RBX, 18)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, RCX, 17)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, RDX, 16)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, RSI, 15)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, RDI, 14)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, RBP, 13)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R8, 12)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R9, 11)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R10, 10)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R11, 9)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R12, 8)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R13, 7)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R14, 6)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, R15, 5)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, FaultIP, 4)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, RSP, 3)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, FLAGS, 2)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, Syscall, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UnknownSyscall_new(seL4_Word RAX,
    seL4_Word RBX, seL4_Word RCX, seL4_Word RDX, seL4_Word RSI, seL4_Word RDI, seL4_Word RBP,
    seL4_Word R8, seL4_Word R9, seL4_Word R10, seL4_Word R11, seL4_Word R12, seL4_Word R13,
    seL4_Word R14, seL4_Word R15, seL4_Word FaultIP, seL4_Word RSP, seL4_Word FLAGS,
    seL4_Word Syscall)
{
    const seL4_Fault_t fault = {{seL4_Fault_UnknownSyscall, Syscall, FLAGS, RSP, FaultIP, R15,
                                 R14, R13, R12, R11, R10, R9, R8, RBP, RDI, RSI, RDX, RCX, RBX,
                                 RAX}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_new(seL4_Fault_t *fault, seL4_Word RAX,
    seL4_Word RBX, seL4_Word RCX, seL4_Word RDX, seL4_Word RSI, seL4_Word RDI, seL4_Word RBP,
    seL4_Word R8, seL4_Word R9, seL4_Word R10, seL4_Word R11, seL4_Word R12, seL4_Word R13,
    seL4_Word R14, seL4_Word R15, seL4_Word FaultIP, seL4_Word RSP, seL4_Word FLAGS,
    seL4_Word Syscall)
{
    *fault = seL4_Fault_UnknownSyscall_new(RAX, RBX, RCX, RDX, RSI, RDI, RBP, R8, R9, R10, R11,
        R12, R13, R14, R15, FaultIP, RSP, FLAGS, Syscall);
}

SEL4MODEL_FAULT_FIELD(UserException, FaultIP, 5)
SEL4MODEL_FAULT_FIELD(UserException, Stack, 4)
SEL4MODEL_FAULT_FIELD(UserException, FLAGS, 3)
SEL4MODEL_FAULT_FIELD(UserException, Number, 2)
SEL4MODEL_FAULT_FIELD(UserException, Code, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UserException_new(seL4_Word FaultIP,
    seL4_Word Stack, seL4_Word FLAGS, seL4_Word Number, seL4_Word Code)
{
    const seL4_Fault_t fault = {{seL4_Fault_UserException, Code, Number, FLAGS, Stack, FaultIP}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_new(seL4_Fault_t *fault, seL4_Word FaultIP,
    seL4_Word Stack, seL4_Word FLAGS, seL4_Word Number, seL4_Word Code)
{
    *fault = seL4_Fault_UserException_new(FaultIP, Stack, FLAGS, Number, Code);
}
