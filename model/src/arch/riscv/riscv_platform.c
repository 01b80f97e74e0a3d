/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Interrupts of spike, which has none but the kernel's timer
 * (src/arch/riscv/object/interrupt.c), and the fixed capabilities that RISC-V boots with. */
#include "arch/riscv/riscv.h"

#include "boot.h"

seL4_Error arch_check_irq(struct invocation *call, seL4_Word irq)
{
    const bool is_valid = irq >= 1 && irq <= RISCV_IRQ_MAX;
    return is_valid ? seL4_NoError : model_fail_range(call, 1, RISCV_IRQ_MAX);
}

seL4_Error arch_decode_irq_control(struct invocation *call)
{
    struct slot *dest = NULL;
    const seL4_Word irq = call->mr[0];
    if (call->kind != SEL4MODEL_IRQControl_GetTrigger) {
        return seL4_IllegalOperation;
    }
    if (call->length < 4 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
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

void arch_boot_caps(struct boot *boot)
{
    const struct cap irq_control = {.kind = CAP_IRQ_CONTROL};
    model_boot_asid_pool(boot);
    model_insert_root(&boot->slots[seL4_CapIRQControl], &irq_control);
    model.arch.irq_slots = model_cnode_new(0, MODEL_IRQ_RADIX_BITS)->slots;
    model.arch.irq_is_active[RISCV_IRQ_TIMER] = true;
}

seL4_Word arch_boot_io_levels(void)
{
    return 0;
}
