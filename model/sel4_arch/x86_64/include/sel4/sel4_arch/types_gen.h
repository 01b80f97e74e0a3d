/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Faults as values. Layouts: libsel4/sel4_arch_include/x86_64/sel4/sel4_arch/types.bf. */
#pragma once

#include <sel4/config.h>
#include <sel4/simple_types.h>

struct seL4_Fault {
    seL4_Uint64 words[20];
};
typedef struct seL4_Fault seL4_Fault_t;

enum seL4_Fault_tag {
    seL4_Fault_NullFault = 0,
    seL4_Fault_CapFault = 1,
    seL4_Fault_UnknownSyscall = 2,
    seL4_Fault_UserException = 3,
#ifdef CONFIG_KERNEL_MCS
    seL4_Fault_Timeout = 5,
    seL4_Fault_VMFault = 6
#else
    seL4_Fault_VMFault = 5
#endif
};
typedef enum seL4_Fault_tag seL4_Fault_tag_t;

LIBSEL4_INLINE_FUNC CONST seL4_Uint64 seL4_Fault_get_seL4_FaultType(seL4_Fault_t fault)
{
    return fault.words[0] & 0xfu;
}

LIBSEL4_INLINE_FUNC int seL4_Fault_seL4_FaultType_equals(seL4_Fault_t fault, seL4_Uint64 type)
{
    return seL4_Fault_get_seL4_FaultType(fault) == type;
}

/* A field is a whole word of the fault. */
#define SEL4MODEL_FAULT_FIELD(kind, field, index)                                                \
    LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_Fault_##kind##_get_##field(seL4_Fault_t fault)          \
    {                                                                                            \
        return fault.words[index];                                                               \
    }                                                                                            \
    LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_##kind##_set_##field(seL4_Fault_t fault,         \
                                                                     seL4_Uint64 to)             \
    {                                                                                            \
        fault.words[index] = to;                                                                 \
        return fault;                                                                            \
    }

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_NullFault_new(void)
{
    const seL4_Fault_t fault = {{seL4_Fault_NullFault}};
    return fault;
}

SEL4MODEL_FAULT_FIELD(CapFault, IP, 7)
SEL4MODEL_FAULT_FIELD(CapFault, Addr, 6)
SEL4MODEL_FAULT_FIELD(CapFault, InRecvPhase, 5)
SEL4MODEL_FAULT_FIELD(CapFault, LookupFailureType, 4)
SEL4MODEL_FAULT_FIELD(CapFault, MR4, 3)
SEL4MODEL_FAULT_FIELD(CapFault, MR5, 2)
SEL4MODEL_FAULT_FIELD(CapFault, MR6, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_CapFault_new(
    seL4_Uint64 IP, seL4_Uint64 Addr, seL4_Uint64 InRecvPhase, seL4_Uint64 LookupFailureType,
    seL4_Uint64 MR4, seL4_Uint64 MR5, seL4_Uint64 MR6)
{
    const seL4_Fault_t fault = {{seL4_Fault_CapFault, MR6, MR5, MR4, LookupFailureType,
                                 InRecvPhase, Addr, IP}};
    return fault;
}

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

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UnknownSyscall_new(
    seL4_Uint64 RAX, seL4_Uint64 RBX, seL4_Uint64 RCX, seL4_Uint64 RDX, seL4_Uint64 RSI,
    seL4_Uint64 RDI, seL4_Uint64 RBP, seL4_Uint64 R8, seL4_Uint64 R9, seL4_Uint64 R10,
    seL4_Uint64 R11, seL4_Uint64 R12, seL4_Uint64 R13, seL4_Uint64 R14, seL4_Uint64 R15,
    seL4_Uint64 FaultIP, seL4_Uint64 RSP, seL4_Uint64 FLAGS, seL4_Uint64 Syscall)
{
    const seL4_Fault_t fault = {{seL4_Fault_UnknownSyscall, Syscall, FLAGS, RSP, FaultIP, R15, R14,
                                 R13, R12, R11, R10, R9, R8, RBP, RDI, RSI, RDX, RCX, RBX, RAX}};
    return fault;
}

SEL4MODEL_FAULT_FIELD(UserException, FaultIP, 5)
SEL4MODEL_FAULT_FIELD(UserException, Stack, 4)
SEL4MODEL_FAULT_FIELD(UserException, FLAGS, 3)
SEL4MODEL_FAULT_FIELD(UserException, Number, 2)
SEL4MODEL_FAULT_FIELD(UserException, Code, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_UserException_new(
    seL4_Uint64 FaultIP, seL4_Uint64 Stack, seL4_Uint64 FLAGS, seL4_Uint64 Number,
    seL4_Uint64 Code)
{
    const seL4_Fault_t fault = {{seL4_Fault_UserException, Code, Number, FLAGS, Stack, FaultIP}};
    return fault;
}

SEL4MODEL_FAULT_FIELD(VMFault, IP, 4)
SEL4MODEL_FAULT_FIELD(VMFault, Addr, 3)
SEL4MODEL_FAULT_FIELD(VMFault, PrefetchFault, 2)
SEL4MODEL_FAULT_FIELD(VMFault, FSR, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_VMFault_new(seL4_Uint64 IP, seL4_Uint64 Addr,
                                                              seL4_Uint64 PrefetchFault,
                                                              seL4_Uint64 FSR)
{
    const seL4_Fault_t fault = {{seL4_Fault_VMFault, FSR, PrefetchFault, Addr, IP}};
    return fault;
}

#ifdef CONFIG_KERNEL_MCS
SEL4MODEL_FAULT_FIELD(Timeout, data, 2)
SEL4MODEL_FAULT_FIELD(Timeout, consumed, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_Timeout_new(seL4_Uint64 data,
                                                              seL4_Uint64 consumed)
{
    const seL4_Fault_t fault = {{seL4_Fault_Timeout, consumed, data}};
    return fault;
}
#endif
