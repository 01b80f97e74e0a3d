/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Faults as values. Layouts: libsel4/sel4_arch_include/riscv32/sel4/sel4_arch/types.bf. */
#pragma once

#define SEL4MODEL_FAULT_WORDS 12
#include <sel4/fault_gen.h>

SEL4MODEL_FAULT_FIELD(UnknownSyscall, FaultIP, 11)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, SP, 10)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, RA, 9)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, A0, 8)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, A1, 7)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, A2, 6)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, A3, 5)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, A4, 4)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, A5, 3)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, A6, 2)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, Syscall, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UnknownSyscall_new(seL4_Word FaultIP,
    seL4_Word SP, seL4_Word RA, seL4_Word A0, seL4_Word A1, seL4_Word A2, seL4_Word A3,
    seL4_Word A4, seL4_Word A5, seL4_Word A6, seL4_Word Syscall)
{
    const seL4_Fault_t fault = {{seL4_Fault_UnknownSyscall, Syscall, A6, A5, A4, A3, A2, A1, A0,
                                 RA, SP, FaultIP}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_new(seL4_Fault_t *fault, seL4_Word FaultIP,
    seL4_Word SP, seL4_Word RA, seL4_Word A0, seL4_Word A1, seL4_Word A2, seL4_Word A3,
    seL4_Word A4, seL4_Word A5, seL4_Word A6, seL4_Word Syscall)
{
    *fault = seL4_Fault_UnknownSyscall_new(FaultIP, SP, RA, A0, A1, A2, A3, A4, A5, A6, Syscall);
}

SEL4MODEL_FAULT_FIELD(UserException, FaultIP, 4)
SEL4MODEL_FAULT_FIELD(UserException, SP, 3)
SEL4MODEL_FAULT_FIELD(UserException, Number, 2)
SEL4MODEL_FAULT_FIELD(UserException, Code, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UserException_new(seL4_Word FaultIP,
    seL4_Word SP, seL4_Word Number, seL4_Word Code)
{
    const seL4_Fault_t fault = {{seL4_Fault_UserException, Code, Number, SP, FaultIP}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_new(seL4_Fault_t *fault, seL4_Word FaultIP,
    seL4_Word SP, seL4_Word Number, seL4_Word Code)
{
    *fault = seL4_Fault_UserException_new(FaultIP, SP, Number, Code);
}
