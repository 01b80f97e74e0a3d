/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Faults as values. Layouts: libsel4/sel4_arch_include/ia32/sel4/sel4_arch/types.bf. */
#pragma once

#define SEL4MODEL_FAULT_WORDS 12
#include <sel4/fault_gen.h>

SEL4MODEL_FAULT_FIELD(UnknownSyscall, EAX, 11)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, EBX, 10)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, ECX, 9)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, EDX, 8)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, ESI, 7)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, EDI, 6)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, EBP, 5)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, FaultIP, 4)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, ESP, 3)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, EFLAGS, 2)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, Syscall, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UnknownSyscall_new(seL4_Word EAX, seL4_Word EBX,
    seL4_Word ECX, seL4_Word EDX, seL4_Word ESI, seL4_Word EDI, seL4_Word EBP, seL4_Word FaultIP,
    seL4_Word ESP, seL4_Word EFLAGS, seL4_Word Syscall)
{
    const seL4_Fault_t fault = {{seL4_Fault_UnknownSyscall, Syscall, EFLAGS, ESP, FaultIP, EBP,
                                 EDI, ESI, EDX, ECX, EBX, EAX}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_new(seL4_Fault_t *fault, seL4_Word EAX,
    seL4_Word EBX, seL4_Word ECX, seL4_Word EDX, seL4_Word ESI, seL4_Word EDI, seL4_Word EBP,
    seL4_Word FaultIP, seL4_Word ESP, seL4_Word EFLAGS, seL4_Word Syscall)
{
    *fault = seL4_Fault_UnknownSyscall_new(EAX, EBX, ECX, EDX, ESI, EDI, EBP, FaultIP, ESP,
        EFLAGS, Syscall);
}

SEL4MODEL_FAULT_FIELD(UserException, FaultIP, 5)
SEL4MODEL_FAULT_FIELD(UserException, Stack, 4)
SEL4MODEL_FAULT_FIELD(UserException, EFLAGS, 3)
SEL4MODEL_FAULT_FIELD(UserException, Number, 2)
SEL4MODEL_FAULT_FIELD(UserException, Code, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UserException_new(seL4_Word FaultIP,
    seL4_Word Stack, seL4_Word EFLAGS, seL4_Word Number, seL4_Word Code)
{
    const seL4_Fault_t fault = {{seL4_Fault_UserException, Code, Number, EFLAGS, Stack, FaultIP}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_new(seL4_Fault_t *fault, seL4_Word FaultIP,
    seL4_Word Stack, seL4_Word EFLAGS, seL4_Word Number, seL4_Word Code)
{
    *fault = seL4_Fault_UserException_new(FaultIP, Stack, EFLAGS, Number, Code);
}
