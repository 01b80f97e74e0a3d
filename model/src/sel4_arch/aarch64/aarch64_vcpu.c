/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Virtual CPUs of a hypervisor (src/arch/arm/object/vcpu.c). Their threads never run, so no VCPU is
 * ever loaded into the core: a register is what was last written to it, and no injected interrupt
 * becomes active. */
#include "arch/arm/arm.h"

#include "stop.h"

enum {
    VIRQ_COUNT = 1 << 10,
    VIRQ_PRIORITY_COUNT = 32,
    VIRQ_GROUP_COUNT = 2,
    LIST_REGISTER_COUNT = 4, /* of QEMU's GIC v2 */
};

struct vcpu *arm_vcpu_create(uint64_t address)
{
    const seL4_Word initial_sctlr =
        0x34d58820; /* SCTLR_EL1_VM: the guest's MMU and caches are off */
    struct vcpu *const vcpu = model_vcpu_new(address);
    vcpu->registers[seL4_VCPUReg_SCTLR] = initial_sctlr;
    return vcpu;
}

void model_vcpu_unbind(struct vcpu *vcpu)
{
    if (vcpu->tcb != NULL) {
        struct tcb *const tcb = vcpu->tcb;
        tcb->vcpu = NULL;
        vcpu->tcb = NULL;
        model_tcb_settle_status(tcb); /* no guest any more */
    }
}

/* Either may be bound already: to each other, or elsewhere. */
static seL4_Error set_tcb(const struct invocation *call)
{
    struct vcpu *const vcpu = cap_vcpu(&call->slot->cap);
    if (call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    if (call->extra[0]->cap.kind != CAP_TCB) {
        return seL4_IllegalOperation;
    }
    struct tcb *const tcb = cap_tcb(&call->extra[0]->cap);
    if (tcb == model.current) {
        model_stop(
            "%s: the calling thread becomes a guest: its system calls reach the kernel no more",
            model_call_name(call));
    }
    if (tcb->vcpu != NULL) {
        model_vcpu_unbind(tcb->vcpu);
    }
    model_vcpu_unbind(vcpu);
    tcb->vcpu = vcpu;
    vcpu->tcb = tcb;
    return seL4_NoError;
}

static seL4_Error access_register(struct invocation *call)
{
    struct vcpu *const vcpu = cap_vcpu(&call->slot->cap);
    const bool is_write = call->kind == SEL4MODEL_ARM_VCPU_WriteRegs;
    const seL4_Word field = call->mr[0];
    if (call->length < (is_write ? 2u : 1u)) {
        return seL4_TruncatedMessage;
    }
    if (field >= seL4_VCPUReg_Num) {
        return model_fail_argument(call, 1);
    }
    if (is_write) {
        vcpu->registers[field] = call->mr[1];
    } else {
        call->mr[0] = vcpu->registers[field];
    }
    return seL4_NoError;
}

/* The fields of the message word, lowest first: interrupt, priority, group, list register. */
static seL4_Error inject(struct invocation *call)
{
    static const struct {
        unsigned shift;
        seL4_Word mask;
        seL4_Word count;
    } fields[] = {{0, 0xffff, VIRQ_COUNT},
                  {16, 0xff, VIRQ_PRIORITY_COUNT},
                  {24, 0xff, VIRQ_GROUP_COUNT},
                  {32, 0xff, LIST_REGISTER_COUNT}};
    if (call->length < 1) {
        return seL4_TruncatedMessage;
    }
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if ((call->mr[0] >> fields[i].shift & fields[i].mask) >= fields[i].count) {
            return model_fail_range(call, 0, fields[i].count - 1);
        }
    }
    return seL4_NoError;
}

/* Only the virtual timer's interrupt is handed on to guests. */
static seL4_Error acknowledge(struct invocation *call)
{
    if (call->length < 1) {
        return seL4_TruncatedMessage;
    }
    const seL4_Word irq = call->mr[0];
    const seL4_Error error = arch_check_irq(call, irq);
    if (error != seL4_NoError) {
        return error;
    }
    return irq == ARM_IRQ_VIRTUAL_TIMER ? seL4_NoError : model_fail_argument(call, 0);
}

seL4_Error arm_decode_vcpu(struct invocation *call)
{
    switch (call->kind) {
    case SEL4MODEL_ARM_VCPU_SetTCB:
        return set_tcb(call);
    case SEL4MODEL_ARM_VCPU_ReadRegs:
    case SEL4MODEL_ARM_VCPU_WriteRegs:
        return access_register(call);
    case SEL4MODEL_ARM_VCPU_InjectIRQ:
        return inject(call);
    case SEL4MODEL_ARM_VCPU_AckVPPI:
        return acknowledge(call);
    default:
        return seL4_IllegalOperation;
    }
}
