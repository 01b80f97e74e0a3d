/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The path of every invocation (src/api/syscall.c: handleInvocation, and what libsel4's stubs do
 * before and after). */
#include "arch.h"
#include "stop.h"
#include "task.h"
#include "trace.h"

#include <stdio.h>

struct model model;

const char *sel4model_invocation_name(enum sel4model_invocation kind)
{
    static const char *const names[] = {
#define NAME(name) #name,
        SEL4MODEL_INVOCATIONS(NAME)
#undef NAME
    };
    return kind >= 0 && kind < SEL4MODEL_INVOCATION_COUNT ? names[kind] : "?";
}

const char *model_call_name(const struct invocation *call)
{
    static _Thread_local char name[64];
    snprintf(name, sizeof(name), "seL4_%s", sel4model_invocation_name(call->kind));
    return name;
}

seL4_Error model_fail_argument(struct invocation *call, seL4_Word number)
{
    call->mr[0] = number;
    call->written = 1;
    return seL4_InvalidArgument;
}

seL4_Error model_fail_capability(struct invocation *call, seL4_Word number)
{
    call->mr[0] = number;
    call->written = 1;
    return seL4_InvalidCapability;
}

seL4_Error model_fail_range(struct invocation *call, seL4_Word min, seL4_Word max)
{
    call->mr[0] = min;
    call->mr[1] = max;
    call->written = 2;
    return seL4_RangeError;
}

seL4_Error model_fail_memory(struct invocation *call, seL4_Word bytes_left)
{
    call->mr[0] = bytes_left;
    call->written = 1;
    return seL4_NotEnoughMemory;
}

seL4_Error model_fail_missing(struct invocation *call, bool is_source, seL4_Word bits_left)
{
    call->mr[0] = is_source;
    call->mr[1] = seL4_MissingCapability;
    call->mr[2] = bits_left;
    call->written = 3;
    return seL4_FailedLookup;
}

seL4_Error model_fail_root(struct invocation *call, bool is_source)
{
    call->mr[0] = is_source;
    call->mr[1] = seL4_InvalidRoot;
    call->written = 2;
    return seL4_FailedLookup;
}

/* An IPC capability answers before it looks at the label. */
static seL4_Error decode_endpoint(struct invocation *call)
{
    if ((call->slot->cap.rights & RIGHT_WRITE) == 0) {
        return model_fail_capability(call, 0);
    }
    model_stop("%s on an endpoint capability (CPtr 0x%llx) is an IPC, which is outside the model",
               model_call_name(call), (unsigned long long)call->service);
}

/* Signals, whatever was asked, and nobody waits. */
static seL4_Error decode_notification(struct invocation *call)
{
    return (call->slot->cap.rights & RIGHT_WRITE) == 0 ? model_fail_capability(call, 0)
                                                       : seL4_NoError;
}

/* src/object/objecttype.c: decodeInvocation. */
static seL4_Error decode(struct invocation *call)
{
    switch ((enum cap_kind)call->slot->cap.kind) {
    case CAP_UNTYPED:
        return model_decode_untyped(call);
    case CAP_CNODE:
        return model_decode_cnode(call);
    case CAP_TCB:
        return model_decode_tcb(call);
    case CAP_ENDPOINT:
        return decode_endpoint(call);
    case CAP_NOTIFICATION:
        return decode_notification(call);
    case CAP_DOMAIN:
        return model_decode_domain(call);
    case CAP_IRQ_CONTROL:
        return model_decode_irq_control(call);
    case CAP_IRQ_HANDLER:
        return model_decode_irq_handler(call);
    case CAP_FRAME:
    case CAP_PAGE_TABLE:
    case CAP_VSPACE:
    case CAP_ASID_CONTROL:
    case CAP_ASID_POOL:
    case CAP_IO_PORT_CONTROL:
    case CAP_IO_PORT:
    case CAP_SGI_SIGNAL:
    case CAP_VCPU:
        return arch_decode(call);
#ifdef CONFIG_KERNEL_MCS
    case CAP_REPLY:
        return seL4_NoError; /* nobody waits for it */
    case CAP_SCHED_CONTEXT:
        return model_decode_sched_context(call);
    case CAP_SCHED_CONTROL:
        return model_decode_sched_control(call);
#else
    case CAP_REPLY:
    case CAP_SCHED_CONTEXT:
    case CAP_SCHED_CONTROL:
#endif
    case CAP_NULL:
    case CAP_ZOMBIE:
    case CAP_KIND_COUNT:
        break;
    }
    return model_fail_capability(call, 0);
}

/* Whether this invocation is the one to refuse. */
static bool is_refused(const struct invocation *call)
{
    struct refusal *const refusal = &model.refusal;
    if (refusal->left == 0 ||
        (refusal->kind != SEL4MODEL_ANY_INVOCATION && refusal->kind != call->kind)) {
        return false;
    }
    refusal->left--;
    return refusal->left == 0;
}

static seL4_Error refuse(struct invocation *call)
{
    model.counters.injected++;
    if (model.refusal.error == seL4_FailedLookup) {
        return model_fail_root(call, false);
    }
    call->mr[0] = 0;
    call->mr[1] = 0;
    call->written = 2;
    return model.refusal.error;
}

/* What the stubs put into the IPC buffer before they trap: capabilities, and message words that do
 * not travel in registers. */
static void send_message(const struct invocation *call)
{
    if (call->cap_count == 0 && call->length <= MODEL_MESSAGE_REGISTERS) {
        return;
    }
    if (seL4_GetIPCBuffer() == NULL) {
        model_stop("%s: the calling thread has set no IPC buffer (seL4_SetIPCBuffer)",
                   model_call_name(call));
    }
    for (unsigned i = 0; i < call->cap_count; i++) {
        seL4_SetCap((int)i, call->caps[i]);
    }
    const unsigned end = call->is_buffered ? 0 : call->length;
    for (unsigned i = MODEL_MESSAGE_REGISTERS; i < end; i++) {
        seL4_SetMR((int)i, call->mr[i]);
    }
}

/* What the stubs and the kernel leave in the IPC buffer after an error: the message registers,
 * which hold the arguments still where the kernel wrote nothing, and the words that it wrote beyond
 * them. */
static void receive_error(const struct invocation *call)
{
    if (seL4_GetIPCBuffer() == NULL) {
        model_stop("%s: an error to report, but the calling thread has set no IPC buffer "
                   "(seL4_SetIPCBuffer)",
                   model_call_name(call));
    }
    for (unsigned i = 0; i < MODEL_MESSAGE_REGISTERS; i++) {
        seL4_SetMR((int)i, call->mr[i]);
    }
    const unsigned end = model_has_writable_ipc_buffer(model.current) ? call->written : 0;
    for (unsigned i = MODEL_MESSAGE_REGISTERS; i < end; i++) {
        seL4_SetMR((int)i, call->mr[i]);
    }
}

seL4_Error model_invoke(struct invocation *call)
{
    model_enter_call(call);
    if (model_trace_is_on) {
        model_trace_begin(call);
    }
    model.counters.invocations[call->kind]++;
    send_message(call);

    call->slot = model_lookup_or_fault(call, call->service);
    const bool has_buffer = model_has_ipc_buffer(model.current);
    if (has_buffer) {
        for (unsigned i = 0; i < call->cap_count; i++) {
            call->extra[i] = model_lookup_or_fault(call, call->caps[i]);
        }
    } else if (call->length > MODEL_MESSAGE_REGISTERS) {
        /* The kernel sees what travels in registers only. */
        call->length = MODEL_MESSAGE_REGISTERS;
    }

    if (model_trace_is_on) {
        model_trace_found(call);
    }
    const bool is_injected = is_refused(call);
    const seL4_Error error = is_injected ? refuse(call) : decode(call);
    if (model_trace_is_on) {
        model_trace_end(call, error, is_injected);
    }
    if (error != seL4_NoError) {
        model.counters.refused[call->kind]++;
        receive_error(call);
    }
    if (model.dead != NULL) {
        model_objects_bury();
    }
    model_leave_call();
    return error;
}
