/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Reading, writing and copying a thread's registers (src/object/tcb.c of the kernel). */
#include "invocation.h"

#include <string.h>

enum { MODEL_LABEL_RESUME = 1 }; /* bit 0 of the flags of WriteRegisters, and so on */

seL4_Error model_tcb_read_registers(struct invocation *call)
{
    struct tcb *const tcb = cap_tcb(&call->slot->cap);
    const seL4_Word count = call->mr[1];
    if (count < 1 || count > MODEL_REGISTER_COUNT) {
        return model_fail_range(call, 1, MODEL_REGISTER_COUNT);
    }
    if (tcb == model.current) {
        return seL4_IllegalOperation;
    }
    if ((call->mr[0] & MODEL_LABEL_RESUME) != 0) {
        model_tcb_suspend(call, tcb);
    }
    for (unsigned i = 0; i < count; i++) {
        if (i < MODEL_MESSAGE_REGISTERS) {
            call->mr[i] = tcb->registers[i];
        } else if (model_has_ipc_buffer(model.current)) {
            seL4_SetMR((int)i, tcb->registers[i]);
        }
    }
    return seL4_NoError;
}

/* The registers after the first two arrive in the IPC buffer, from message word 4 on. */
seL4_Error model_tcb_write_registers(struct invocation *call)
{
    struct tcb *const tcb = cap_tcb(&call->slot->cap);
    const seL4_Word count = call->mr[1];
    if (call->length - 2 < count) {
        return seL4_TruncatedMessage;
    }
    if (tcb == model.current) {
        return seL4_IllegalOperation;
    }
    for (unsigned i = 0; i < count && i < MODEL_REGISTER_COUNT; i++) {
        const unsigned word = i + 2;
        tcb->registers[i] = word < MODEL_MESSAGE_REGISTERS ? call->mr[word] : seL4_GetMR((int)word);
    }
    if ((call->mr[0] & MODEL_LABEL_RESUME) != 0) {
        model_tcb_restart(tcb);
    }
    return seL4_NoError;
}

seL4_Error model_tcb_copy_registers(struct invocation *call)
{
    struct tcb *const dest = cap_tcb(&call->slot->cap);
    const seL4_Word flags = call->mr[0];
    if (call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    if (call->extra[0]->cap.kind != CAP_TCB) {
        return model_fail_capability(call, 1);
    }
    struct tcb *const source = cap_tcb(&call->extra[0]->cap);
    if ((flags & 1u) != 0) {
        model_tcb_suspend(call, source);
    }
    if ((flags & 2u) != 0) {
        model_tcb_restart(dest);
    }
    if ((flags & 12u) != 0 && dest != source) {
        memcpy(dest->registers, source->registers, sizeof(dest->registers));
    }
    return seL4_NoError;
}
