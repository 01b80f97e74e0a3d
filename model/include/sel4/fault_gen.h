/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Faults as values: what all architectures have alike. Included by types_gen.h, which says how many
 * words a fault has (SEL4MODEL_FAULT_WORDS). */
#pragma once

#include <sel4/config.h>
#include <sel4/simple_types.h>

struct seL4_Fault {
    seL4_Word words[SEL4MODEL_FAULT_WORDS];
};
typedef struct seL4_Fault seL4_Fault_t;

enum seL4_Fault_tag {
    seL4_Fault_NullFault = 0,
    seL4_Fault_CapFault = 1,
    seL4_Fault_UnknownSyscall = 2,
    seL4_Fault_UserException = 3,
#ifdef CONFIG_KERNEL_MCS
    seL4_Fault_Timeout = 5,
    seL4_Fault_VMFault = 6,
#else
    seL4_Fault_VMFault = 5,
#endif
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    seL4_Fault_VGICMaintenance,
    seL4_Fault_VCPUFault,
    seL4_Fault_VPPIEvent
#endif
};
typedef enum seL4_Fault_tag seL4_Fault_tag_t;

LIBSEL4_INLINE_FUNC CONST seL4_Word seL4_Fault_get_seL4_FaultType(seL4_Fault_t fault)
{
    return fault.words[0] & 0xfu;
}

LIBSEL4_INLINE_FUNC int seL4_Fault_seL4_FaultType_equals(seL4_Fault_t fault, seL4_Word type)
{
    return seL4_Fault_get_seL4_FaultType(fault) == type;
}

LIBSEL4_INLINE_FUNC PURE seL4_Word seL4_Fault_ptr_get_seL4_FaultType(seL4_Fault_t *fault)
{
    return seL4_Fault_get_seL4_FaultType(*fault);
}

/* A field is a whole word of the fault. */
#define SEL4MODEL_FAULT_FIELD(kind, field, index)                                                  \
    LIBSEL4_INLINE_FUNC seL4_Word seL4_Fault_##kind##_get_##field(seL4_Fault_t fault)              \
    {                                                                                              \
        return fault.words[index];                                                                 \
    }                                                                                              \
    LIBSEL4_INLINE_FUNC seL4_Fault_t seL4_Fault_##kind##_set_##field(seL4_Fault_t fault,           \
                                                                     seL4_Word to)                 \
    {                                                                                              \
        fault.words[index] = to;                                                                   \
        return fault;                                                                              \
    }                                                                                              \
    LIBSEL4_INLINE_FUNC PURE seL4_Word seL4_Fault_##kind##_ptr_get_##field(seL4_Fault_t *fault)    \
    {                                                                                              \
        return fault->words[index];                                                                \
    }                                                                                              \
    LIBSEL4_INLINE_FUNC void seL4_Fault_##kind##_ptr_set_##field(seL4_Fault_t *fault,              \
                                                                 seL4_Word to)                     \
    {                                                                                              \
        fault->words[index] = to;                                                                  \
    }

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_NullFault_new(void)
{
    const seL4_Fault_t fault = {{seL4_Fault_NullFault}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_NullFault_ptr_new(seL4_Fault_t *fault)
{
    *fault = seL4_Fault_NullFault_new();
}

SEL4MODEL_FAULT_FIELD(CapFault, IP, 7)
SEL4MODEL_FAULT_FIELD(CapFault, Addr, 6)
SEL4MODEL_FAULT_FIELD(CapFault, InRecvPhase, 5)
SEL4MODEL_FAULT_FIELD(CapFault, LookupFailureType, 4)
SEL4MODEL_FAULT_FIELD(CapFault, MR4, 3)
SEL4MODEL_FAULT_FIELD(CapFault, MR5, 2)
SEL4MODEL_FAULT_FIELD(CapFault, MR6, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_CapFault_new(seL4_Word IP, seL4_Word Addr,
    seL4_Word InRecvPhase, seL4_Word LookupFailureType, seL4_Word MR4, seL4_Word MR5,
    seL4_Word MR6)
{
    const seL4_Fault_t fault = {{seL4_Fault_CapFault, MR6, MR5, MR4, LookupFailureType,
                                 InRecvPhase, Addr, IP}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_CapFault_ptr_new(seL4_Fault_t *fault, seL4_Word IP,
    seL4_Word Addr, seL4_Word InRecvPhase, seL4_Word LookupFailureType, seL4_Word MR4,
    seL4_Word MR5, seL4_Word MR6)
{
    *fault = seL4_Fault_CapFault_new(IP, Addr, InRecvPhase, LookupFailureType, MR4, MR5, MR6);
}

#ifdef CONFIG_ARCH_RISCV
/* The cause of the fault, of five bits, is in the word of the type. */
SEL4MODEL_FAULT_FIELD(VMFault, IP, 3)
SEL4MODEL_FAULT_FIELD(VMFault, Addr, 2)
SEL4MODEL_FAULT_FIELD(VMFault, PrefetchFault, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_VMFault_new(seL4_Word IP, seL4_Word Addr,
    seL4_Word PrefetchFault, seL4_Word FSR)
{
    const seL4_Fault_t fault = {{(FSR & 0x1fu) << 27 | seL4_Fault_VMFault, PrefetchFault, Addr,
                                 IP}};
    return fault;
}

LIBSEL4_INLINE_FUNC CONST seL4_Word seL4_Fault_VMFault_get_FSR(seL4_Fault_t fault)
{
    return fault.words[0] >> 27 & 0x1fu;
}

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_VMFault_set_FSR(seL4_Fault_t fault,
                                                                  seL4_Word to)
{
    const seL4_Word mask = (seL4_Word)0x1fu << 27;
    fault.words[0] = (fault.words[0] & ~mask) | (to << 27 & mask);
    return fault;
}

LIBSEL4_INLINE_FUNC PURE seL4_Word seL4_Fault_VMFault_ptr_get_FSR(seL4_Fault_t *fault)
{
    return seL4_Fault_VMFault_get_FSR(*fault);
}

LIBSEL4_INLINE_FUNC void seL4_Fault_VMFault_ptr_set_FSR(seL4_Fault_t *fault, seL4_Word to)
{
    *fault = seL4_Fault_VMFault_set_FSR(*fault, to);
}
#else
SEL4MODEL_FAULT_FIELD(VMFault, IP, 4)
SEL4MODEL_FAULT_FIELD(VMFault, Addr, 3)
SEL4MODEL_FAULT_FIELD(VMFault, PrefetchFault, 2)
SEL4MODEL_FAULT_FIELD(VMFault, FSR, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_VMFault_new(seL4_Word IP, seL4_Word Addr,
    seL4_Word PrefetchFault, seL4_Word FSR)
{
    const seL4_Fault_t fault = {{seL4_Fault_VMFault, FSR, PrefetchFault, Addr, IP}};
    return fault;
}
#endif

LIBSEL4_INLINE_FUNC void seL4_Fault_VMFault_ptr_new(seL4_Fault_t *fault, seL4_Word IP,
    seL4_Word Addr, seL4_Word PrefetchFault, seL4_Word FSR)
{
    *fault = seL4_Fault_VMFault_new(IP, Addr, PrefetchFault, FSR);
}

#ifdef CONFIG_KERNEL_MCS
#if CONFIG_WORD_SIZE == 32
SEL4MODEL_FAULT_FIELD(Timeout, data, 3)
SEL4MODEL_FAULT_FIELD(Timeout, consumed_high, 2)
SEL4MODEL_FAULT_FIELD(Timeout, consumed_low, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_Timeout_new(seL4_Word data,
    seL4_Word consumed_high, seL4_Word consumed_low)
{
    const seL4_Fault_t fault = {{seL4_Fault_Timeout, consumed_low, consumed_high, data}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_Timeout_ptr_new(seL4_Fault_t *fault, seL4_Word data,
    seL4_Word consumed_high, seL4_Word consumed_low)
{
    *fault = seL4_Fault_Timeout_new(data, consumed_high, consumed_low);
}
#else
SEL4MODEL_FAULT_FIELD(Timeout, data, 2)
SEL4MODEL_FAULT_FIELD(Timeout, consumed, 1)

LIBSEL4_INLINE_FUNC CONST seL4_Fault_t seL4_Fault_Timeout_new(seL4_Word data, seL4_Word consumed)
{
    const seL4_Fault_t fault = {{seL4_Fault_Timeout, consumed, data}};
    return fault;
}

LIBSEL4_INLINE_FUNC void seL4_Fault_Timeout_ptr_new(seL4_Fault_t *fault, seL4_Word data,
    seL4_Word consumed)
{
    *fault = seL4_Fault_Timeout_new(data, consumed);
}
#endif
#endif
