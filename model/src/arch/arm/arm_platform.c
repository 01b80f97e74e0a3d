/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Interrupts of an Arm machine with a GIC v2 (src/arch/arm/object/interrupt.c), the fixed
 * capabilities that Arm boots with, and what kind of capability answers to which part of the
 * model. */
#include "arch/arm/arm.h"

#include "boot.h"

enum {
    SGI_COUNT = 16,
    SGI_TARGET_COUNT = 8,
};

/* The timer's, and those that only a hypervisor takes. */
static const uint8_t irqs_of_kernel[] = MODEL_IRQS_OF_KERNEL;

seL4_Error arch_check_irq(struct invocation *call, seL4_Word irq)
{
    return irq > ARM_IRQ_MAX ? model_fail_range(call, 0, ARM_IRQ_MAX) : seL4_NoError;
}

static seL4_Error get_trigger(struct invocation *call)
{
    struct slot *dest = NULL;
    const seL4_Word irq = call->mr[0];
    seL4_Error error = arch_check_irq(call, irq);
    if (error != seL4_NoError) {
        return error;
    }
    if (model.arch.irq_is_active[irq]) {
        return seL4_RevokeFirst;
    }
    error = model_irq_find_slot(call, call->mr[2], call->mr[3], &dest);
    if (error == seL4_NoError) {
        model_irq_install(call, irq, dest);
    }
    return error;
}

static seL4_Error issue_sgi(struct invocation *call)
{
    struct slot *dest = NULL;
    if (call->mr[0] >= SGI_COUNT) {
        return model_fail_range(call, 0, SGI_COUNT - 1);
    }
    if (call->mr[1] >= SGI_TARGET_COUNT) {
        return model_fail_argument(call, 1);
    }
    struct cap cap = {.kind = CAP_SGI_SIGNAL, .data = call->mr[1]};
    cap.u.address = call->mr[0];
    const seL4_Error error = model_irq_find_slot(call, call->mr[2], call->mr[3], &dest);
    if (error == seL4_NoError) {
        model_insert_derived(&cap, call->slot, dest);
    }
    return error;
}

seL4_Error arch_decode_irq_control(struct invocation *call)
{
    const bool is_trigger = call->kind == SEL4MODEL_IRQControl_GetTrigger;
    if (!is_trigger && call->kind != SEL4MODEL_IRQControl_IssueSGISignal) {
        return seL4_IllegalOperation;
    }
    if (call->length < 4 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    return is_trigger ? get_trigger(call) : issue_sgi(call);
}

void arch_boot_caps(struct boot *boot)
{
    const struct cap irq_control = {.kind = CAP_IRQ_CONTROL};
    model_boot_asid_pool(boot);
    model_insert_root(&boot->slots[seL4_CapIRQControl], &irq_control);
    model.arch.irq_slots = model_cnode_new(0, MODEL_IRQ_RADIX_BITS)->slots;
    for (size_t i = 0; i < sizeof(irqs_of_kernel) / sizeof(irqs_of_kernel[0]); i++) {
        model.arch.irq_is_active[irqs_of_kernel[i]] = true;
    }
}

seL4_Word arch_boot_io_levels(void)
{
    return 0;
}

void arch_post_delete(const struct cap *cap)
{
    (void)cap;
}

seL4_Error arch_decode(struct invocation *call)
{
    switch ((enum cap_kind)call->slot->cap.kind) {
    case CAP_FRAME:
        return arm_decode_frame(call);
    case CAP_PAGE_TABLE:
        return arm_decode_table(call);
    case CAP_VSPACE:
        return arm_is_vspace_flush(call->kind) ? arm_flush_vspace(call) : seL4_IllegalOperation;
    case CAP_ASID_CONTROL:
        return model_decode_asid_control(call);
    case CAP_ASID_POOL:
        return model_decode_asid_pool(call);
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    case CAP_VCPU:
        return arm_decode_vcpu(call);
#endif
    case CAP_SGI_SIGNAL: /* sent, whatever was asked; it arrives nowhere */
        return seL4_NoError;
    default:
        return seL4_IllegalOperation;
    }
}
