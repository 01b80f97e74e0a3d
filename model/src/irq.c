/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Interrupt capabilities (src/object/interrupt.c). No interrupt ever arrives. */
#include "arch.h"

seL4_Error model_irq_find_slot(struct invocation *call, seL4_Word index, seL4_Word depth,
                               struct slot **dest)
{
    const seL4_Error error =
        model_lookup_for_cnode(call, false, &call->extra[0]->cap, index, depth, dest);
    if (error != seL4_NoError) {
        return error;
    }
    return slot_is_empty(*dest) ? seL4_NoError : seL4_DeleteFirst;
}

void model_irq_install(const struct invocation *call, seL4_Word irq, struct slot *dest)
{
    struct cap cap = {.kind = CAP_IRQ_HANDLER};
    cap.u.address = irq;
    model.arch.irq_is_active[irq] = true;
    model_insert_derived(&cap, call->slot, dest);
}

seL4_Error model_decode_irq_control(struct invocation *call)
{
    struct slot *dest = NULL;
    if (call->kind != SEL4MODEL_IRQControl_Get) {
        return arch_decode_irq_control(call);
    }
    if (call->length < 3 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    const seL4_Word irq = call->mr[0];
    seL4_Error error = arch_check_irq(call, irq);
    if (error != seL4_NoError) {
        return error;
    }
    if (model.arch.irq_is_active[irq]) {
        return seL4_RevokeFirst;
    }
    error = model_irq_find_slot(call, call->mr[1], call->mr[2], &dest);
    if (error == seL4_NoError) {
        model_irq_install(call, irq, dest);
    }
    return error;
}

static seL4_Error set_notification(struct invocation *call, struct slot *irq_slot)
{
    if (call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    const struct cap cap = call->extra[0]->cap;
    if (cap.kind != CAP_NOTIFICATION || (cap.rights & RIGHT_WRITE) == 0) {
        return model_fail_capability(call, 0);
    }
    model_delete_one(irq_slot);
    model_insert_derived(&cap, call->extra[0], irq_slot);
    return seL4_NoError;
}

seL4_Error model_decode_irq_handler(struct invocation *call)
{
    struct slot *const irq_slot = &model.arch.irq_slots[call->slot->cap.u.address];
    switch (call->kind) {
    case SEL4MODEL_IRQHandler_Ack:
        return seL4_NoError;
    case SEL4MODEL_IRQHandler_SetNotification:
        return set_notification(call, irq_slot);
    case SEL4MODEL_IRQHandler_Clear:
        model_delete_one(irq_slot);
        return seL4_NoError;
    default:
        return seL4_IllegalOperation;
    }
}

void model_irq_deleting(uint64_t irq)
{
    model_delete_one(&model.arch.irq_slots[irq]);
}

void model_irq_deleted(uint64_t irq)
{
    model.arch.irq_is_active[irq] = false;
}
