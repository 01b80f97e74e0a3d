/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Faults as values. Layouts: libsel4/sel4_arch_include/aarch64/sel4/sel4_arch/types.bf. */
#pragma once

#define SEL4MODEL_FAULT_WORDS 14
#include <sel4/fault_gen.h>

SEL4MODEL_FAULT_FIELD(UnknownSyscall, X0, 13)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, X1, 12)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, X2, 11)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, X3, 10)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, X4, 9)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, X5, 8)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, X6, 7)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, X7, 6)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, FaultIP, 5)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, SP, 4)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, LR, 3)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, SPSR, 2)
SEL4MODEL_FAULT_FIELD(UnknownSyscall, Syscall, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UnknownSyscall_new(seL4_Word X0, seL4_Word X1,
    seL4_Word X2, seL4_Word X3, seL4_Word X4, seL4_Word X5, seL4_Word X6, seL4_Word X7,
    seL4_Word FaultIP, seL4_Word SP, seL4_Word LR, seL4_Word SPSR, seL4_Word Syscall)
{
    const seL4_Fault_t fault = {{seL4_Fault_UnknownSyscall, Syscall, SPSR, LR, SP, FaultIP, X7,
                                 X6, X5, X4, X3, X2, X1, X0}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UnknownSyscall_ptr_new(seL4_Fault_t *fault, seL4_Word X0,
    seL4_Word X1, seL4_Word X2, seL4_Word X3, seL4_Word X4, seL4_Word X5, seL4_Word X6,
    seL4_Word X7, seL4_Word FaultIP, seL4_Word SP, seL4_Word LR, seL4_Word SPSR,
    seL4_Word Syscall)
{
    *fault = seL4_Fault_UnknownSyscall_new(X0, X1, X2, X3, X4, X5, X6, X7, FaultIP, SP, LR, SPSR,
        Syscall);
}

SEL4MODEL_FAULT_FIELD(UserException, FaultIP, 5)
SEL4MODEL_FAULT_FIELD(UserException, Stack, 4)
SEL4MODEL_FAULT_FIELD(UserException, SPSR, 3)
SEL4MODEL_FAULT_FIELD(UserException, Number, 2)
SEL4MODEL_FAULT_FIELD(UserException, Code, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UserException_new(seL4_Word FaultIP,
    seL4_Word Stack, seL4_Word SPSR, seL4_Word Number, seL4_Word Code)
{
    const seL4_Fault_t fault = {{seL4_Fault_UserException, Code, Number, SPSR, Stack, FaultIP}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_UserException_ptr_new(seL4_Fault_t *fault, seL4_Word FaultIP,
    seL4_Word Stack, seL4_Word SPSR, seL4_Word Number, seL4_Word Code)
{
    *fault = seL4_Fault_UserException_new(FaultIP, Stack, SPSR, Number, Code);
}

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
SEL4MODEL_FAULT_FIELD(VGICMaintenance, IDX, 1)
SEL4MODEL_FAULT_FIELD(VCPUFault, HSR, 1)
SEL4MODEL_FAULT_FIELD(VPPIEvent, irq, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_VGICMaintenance_new(seL4_Word IDX)
{
    const seL4_Fault_t fault = {{seL4_Fault_VGICMaintenance, IDX}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VGICMaintenance_ptr_new(seL4_Fault_t *fault, seL4_Word IDX)
{
    *fault = seL4_Fault_VGICMaintenance_new(IDX);
}

/* The syndrome has 32 bits. */
LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_VCPUFault_new(seL4_Word HSR)
{
    const seL4_Fault_t fault = {{seL4_Fault_VCPUFault, HSR & 0xffffffffu}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VCPUFault_ptr_new(seL4_Fault_t *fault, seL4_Word HSR)
{
    *fault = seL4_Fault_VCPUFault_new(HSR);
}

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_VPPIEvent_new(seL4_Word irq)
{
    const seL4_Fault_t fault = {{seL4_Fault_VPPIEvent, irq}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VPPIEvent_ptr_new(seL4_Fault_t *fault, seL4_Word irq)
{
    *fault = seL4_Fault_VPPIEvent_new(irq);
}
#endif
