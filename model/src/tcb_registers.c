/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Reading, writing and copying a thread's registers (src/object/tcb.c of the kernel). */
#include "invocation.h"

#include <stddef.h>

/* Flags of the invocations: bit 0 suspends or resumes in each. */
enum {
    FLAG_SUSPEND_SOURCE = 1,
    FLAG_RESUME = 1,
    FLAG_COPY_RESUME_TARGET = 2,
    FLAG_COPY_FRAME = 4,
    FLAG_COPY_INTEGER = 8,
};

#define REGISTER(name) (offsetof(seL4_UserContext, name) / sizeof(seL4_Word))

enum { STATUS = REGISTER(MODEL_STATUS_REGISTER) };

/* A guest chooses among the levels below the hypervisor's: EL0t, EL1t, EL1h. */
static bool is_guest_status(const struct tcb *tcb, seL4_Word status)
{
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    const seL4_Word mode = status & 0x1f;
    return tcb->vcpu != NULL && (mode == 0 || mode == 4 || mode == 5);
#else
    (void)tcb;
    (void)status;
    return false;
#endif
}

/* Addresses on x86_64 are canonical. */
static bool is_possible(size_t index, seL4_Word value)
{
#ifdef CONFIG_ARCH_X86_64
    const bool is_address =
        index == REGISTER(rip) || index == REGISTER(fs_base) || index == REGISTER(gs_base);
    return !is_address || value <= 0x7fffffffffff || value >= 0xffff800000000000;
#else
    (void)index;
    (void)value;
    return true;
#endif
}

/* What becomes of a value that is written (sanitiseRegister of each architecture). */
static seL4_Word sanitise(const struct tcb *tcb, size_t index, seL4_Word value)
{
    if (index == STATUS && !is_guest_status(tcb, value)) {
        return (value & MODEL_STATUS_USER) | MODEL_STATUS_FIXED;
    }
    return is_possible(index, value) ? value : 0;
}

void model_tcb_settle_status(struct tcb *tcb)
{
    tcb->registers[STATUS] = sanitise(tcb, STATUS, tcb->registers[STATUS]);
}

seL4_Error model_tcb_set_tls_base(const struct invocation *call)
{
    cap_tcb(&call->slot->cap)->registers[REGISTER(MODEL_TLS_REGISTER)] = call->mr[0];
    return seL4_NoError;
}

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
    if ((call->mr[0] & FLAG_SUSPEND_SOURCE) != 0) {
        model_tcb_suspend(call, tcb);
    }
    for (unsigned i = 0; i < count; i++) {
        if (i < MODEL_MESSAGE_REGISTERS) {
            call->mr[i] = tcb->registers[i];
        } else if (model_has_writable_ipc_buffer(model.current)) {
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
        const seL4_Word value =
            word < MODEL_MESSAGE_REGISTERS ? call->mr[word] : seL4_GetMR((int)word);
        tcb->registers[i] = sanitise(tcb, i, value);
    }
    if ((call->mr[0] & FLAG_RESUME) != 0) {
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
    if ((flags & FLAG_SUSPEND_SOURCE) != 0) {
        model_tcb_suspend(call, source);
    }
    if ((flags & FLAG_COPY_RESUME_TARGET) != 0) {
        model_tcb_restart(dest);
    }
    for (size_t i = 0; i < MODEL_REGISTER_COUNT; i++) {
        const bool is_integer = i >= REGISTER(MODEL_INTEGER_REGISTERS);
        if ((flags & (is_integer ? FLAG_COPY_INTEGER : FLAG_COPY_FRAME)) != 0) {
            dest->registers[i] = source->registers[i];
        }
    }
    return seL4_NoError;
}
