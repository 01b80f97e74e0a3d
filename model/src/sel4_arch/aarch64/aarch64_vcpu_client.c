/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The invocations of virtual CPUs as functions. */
#include "invocation.h"

#define MESSAGE(name, word_count, extra_caps)                                                      \
    .kind = SEL4MODEL_##name, .service = _service, .length = (word_count), .cap_count = (extra_caps)

seL4_Error seL4_ARM_VCPU_SetTCB(seL4_ARM_VCPU _service, seL4_TCB tcb)
{
    struct invocation call = {MESSAGE(ARM_VCPU_SetTCB, 0, 1), .caps = {tcb}};
    return model_invoke(&call);
}

seL4_Error seL4_ARM_VCPU_InjectIRQ(seL4_ARM_VCPU _service, seL4_Uint16 virq, seL4_Uint8 priority,
                                   seL4_Uint8 group, seL4_Uint8 index)
{
    const seL4_Word word = (seL4_Word)virq | (seL4_Word)priority << 16 | (seL4_Word)group << 24 |
                           (seL4_Word)index << 32;
    struct invocation call = {MESSAGE(ARM_VCPU_InjectIRQ, 1, 0), .mr = {word}};
    return model_invoke(&call);
}

seL4_ARM_VCPU_ReadRegs_t seL4_ARM_VCPU_ReadRegs(seL4_ARM_VCPU _service, seL4_VCPUReg field)
{
    struct invocation call = {MESSAGE(ARM_VCPU_ReadRegs, 1, 0), .mr = {(seL4_Word)field}};
    seL4_ARM_VCPU_ReadRegs_t result = {.error = (int)model_invoke(&call)};
    result.value = call.mr[0];
    return result;
}

seL4_Error seL4_ARM_VCPU_WriteRegs(seL4_ARM_VCPU _service, seL4_VCPUReg field, seL4_Word value)
{
    struct invocation call = {MESSAGE(ARM_VCPU_WriteRegs, 2, 0), .mr = {(seL4_Word)field, value}};
    return model_invoke(&call);
}

seL4_Error seL4_ARM_VCPU_AckVPPI(seL4_ARM_VCPU _service, seL4_Word irq)
{
    struct invocation call = {MESSAGE(ARM_VCPU_AckVPPI, 1, 0), .mr = {irq}};
    return model_invoke(&call);
}
