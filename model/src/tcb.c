/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Invocations of TCBs (src/object/tcb.c of the kernel). No thread but the calling one ever runs:
 * what makes others run or stop is remembered and has no other effect. */
#include "paging.h"
#include "stop.h"
#include "task.h"

/* The kernel reads messages where it may, and writes answers where it may. */
static bool may_use_buffer(const struct tcb *tcb, unsigned rights)
{
    const struct cap *const cap = &tcb->slots[TCB_BUFFER].cap;
    return cap->kind == CAP_FRAME && (cap->flags & CAP_DEVICE) == 0 &&
           (cap->rights & rights) == rights;
}

bool model_has_ipc_buffer(const struct tcb *tcb)
{
    return may_use_buffer(tcb, RIGHT_READ);
}

bool model_has_writable_ipc_buffer(const struct tcb *tcb)
{
    return may_use_buffer(tcb, RIGHT_READ | RIGHT_WRITE);
}

#ifndef CONFIG_KERNEL_MCS
void model_tcb_setup_reply(struct tcb *tcb)
{
    struct slot *const slot = &tcb->slots[TCB_REPLY];
    if (slot_is_empty(slot)) {
        struct cap cap = {.kind = CAP_REPLY, .flags = CAP_MASTER, .rights = RIGHT_GRANT};
        cap.u.object = &tcb->header;
        model_insert_root(slot, &cap);
    }
}
#else
void model_tcb_setup_reply(struct tcb *tcb)
{
    (void)tcb;
}
#endif

void model_tcb_unbind(struct tcb *tcb)
{
    if (tcb->bound_notification != 0) {
        tcb->bound_notification = 0;
        model.bound_notifications--;
    }
}

/* The TCB that a notification is bound to. Rare enough to search for. */
static struct tcb *bound_tcb(uint64_t notification)
{
    struct object *object = model.bound_notifications == 0 ? NULL : model.objects;
    while (object != NULL) {
        if (object->kind == CAP_TCB && ((struct tcb *)object)->bound_notification == notification) {
            return (struct tcb *)object;
        }
        object = object->next;
    }
    return NULL;
}

void model_notification_unbind(uint64_t address)
{
    struct tcb *const tcb = bound_tcb(address);
    if (tcb != NULL) {
        model_tcb_unbind(tcb);
    }
}

void model_tcb_suspend(const struct invocation *call, struct tcb *tcb)
{
    if (tcb == model.current && !model_task_has_company()) {
        model_stop("%s: the calling thread suspended itself: it stops here", model_call_name(call));
    }
    tcb->is_running = false;
}

void model_tcb_restart(struct tcb *tcb)
{
    if (!tcb->is_running) {
        model_tcb_setup_reply(tcb);
        tcb->is_running = true;
    }
}

static seL4_Error check_priority(struct invocation *call, seL4_Word priority,
                                 const struct cap *authority)
{
    /* The kernel's prio_t is a word: nothing is cut off before the comparison. */
    const struct tcb *const tcb = cap_tcb(authority);
    return priority > tcb->max_priority ? model_fail_range(call, seL4_MinPrio, tcb->max_priority)
                                        : seL4_NoError;
}

/* SetPriority, SetMCPriority, and what SetSchedParams shares with them. */
static seL4_Error check_priorities(struct invocation *call, unsigned words)
{
    if (call->length < words || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    const struct cap *const authority = &call->extra[0]->cap;
    if (authority->kind != CAP_TCB) {
        return model_fail_capability(call, 1);
    }
    const seL4_Word second = call->mr[1];
    const seL4_Error error = check_priority(call, call->mr[0], authority);
    return error == seL4_NoError && words == 2 ? check_priority(call, second, authority) : error;
}

static seL4_Error set_priorities(struct invocation *call)
{
    struct tcb *const tcb = cap_tcb(&call->slot->cap);
    const unsigned words = call->kind == SEL4MODEL_TCB_SetSchedParams ? 2 : 1;
    const seL4_Word first = call->mr[0];
    const seL4_Word second = call->mr[1];
    const seL4_Error error = check_priorities(call, words);
    if (error != seL4_NoError) {
        return error;
    }
    if (call->kind != SEL4MODEL_TCB_SetPriority) {
        tcb->max_priority = (uint8_t)first;
    }
    if (call->kind != SEL4MODEL_TCB_SetMCPriority) {
        tcb->priority = (uint8_t)(words == 2 ? second : first);
    }
    return seL4_NoError;
}

/* What a TCB is about to be given; a null source slot: nothing. */
struct space {
    struct cap croot;
    struct slot *croot_slot;
    struct cap vroot;
    struct slot *vroot_slot;
    struct cap buffer;
    struct slot *buffer_slot;
    seL4_Word buffer_vaddr;
};

static seL4_Error check_buffer(struct space *space)
{
    if (space->buffer_vaddr == 0) {
        space->buffer_slot = NULL;
        return seL4_NoError;
    }
    const seL4_Error error = model_derive(space->buffer_slot, &space->buffer);
    if (error != seL4_NoError) {
        return error;
    }
    if (space->buffer.kind != CAP_FRAME || (space->buffer.flags & CAP_DEVICE) != 0) {
        return seL4_IllegalOperation;
    }
    return (space->buffer_vaddr & low_bits(seL4_IPCBufferSizeBits)) != 0 ? seL4_AlignmentError
                                                                         : seL4_NoError;
}

/* A root may be replaced only if taking it out is quick. */
static bool is_long_delete(const struct slot *slot)
{
    const unsigned kind = slot->cap.kind;
    return (kind == CAP_TCB || kind == CAP_ZOMBIE || kind == CAP_CNODE) && model_is_final(slot);
}

static seL4_Error check_roots(const struct tcb *tcb, struct space *space, seL4_Word croot_data,
                              seL4_Word vroot_data)
{
    if (is_long_delete(&tcb->slots[TCB_CTABLE]) || is_long_delete(&tcb->slots[TCB_VTABLE])) {
        return seL4_IllegalOperation;
    }
    if (croot_data != 0) {
        space->croot = model_update_data(false, croot_data, space->croot);
    }
    seL4_Error error = model_derive(space->croot_slot, &space->croot);
    if (error != seL4_NoError) {
        return error;
    }
    if (space->croot.kind != CAP_CNODE) {
        return seL4_IllegalOperation;
    }
    if (vroot_data != 0) {
        space->vroot = model_update_data(false, vroot_data, space->vroot);
    }
    error = model_derive(space->vroot_slot, &space->vroot);
    if (error != seL4_NoError) {
        return error;
    }
    return model_is_vspace(&space->vroot) ? seL4_NoError : seL4_IllegalOperation;
}

/* Replace one capability of a TCB. Deleting the old one may take the new one's source, or the
 * TCB's own capability, with it: then nothing is put in. */
static void replace(const struct invocation *call, const struct cap *self, struct slot *dest,
                    const struct cap *cap, struct slot *source)
{
    model_delete(dest);
    if (source != NULL && model_same_object(cap, &source->cap) &&
        model_same_object(self, &call->slot->cap)) {
        model_insert_derived(cap, source, dest);
    }
}

static void apply_roots(const struct invocation *call, const struct space *space)
{
    const struct cap self = call->slot->cap;
    struct tcb *const tcb = cap_tcb(&self);
    if (tcb->task != NULL && cap_paging(&space->vroot) != model.host_vspace) {
        model_stop("%s: a thread that runs moves to another VSpace, which is outside the model: "
                   "its memory is the host process's",
                   model_call_name(call));
    }
    replace(call, &self, &tcb->slots[TCB_CTABLE], &space->croot, space->croot_slot);
    replace(call, &self, &tcb->slots[TCB_VTABLE], &space->vroot, space->vroot_slot);
}

static void apply_buffer(const struct invocation *call, const struct space *space)
{
    const struct cap self = call->slot->cap;
    struct tcb *const tcb = cap_tcb(&self);
    tcb->buffer_vaddr = space->buffer_vaddr;
    replace(call, &self, &tcb->slots[TCB_BUFFER], &space->buffer, space->buffer_slot);
}

/* The roots are extra capabilities `first` and the one after it. */
static void take_roots(const struct invocation *call, unsigned first, struct space *space)
{
    space->croot_slot = call->extra[first];
    space->croot = call->extra[first]->cap;
    space->vroot_slot = call->extra[first + 1];
    space->vroot = call->extra[first + 1]->cap;
}

#ifdef CONFIG_KERNEL_MCS
enum { CONFIGURE_WORDS = 3 };

/* A fault endpoint must let faults through; none is fine. */
static bool is_fault_handler(const struct cap *cap)
{
    return cap->kind == CAP_NULL ||
           (cap->kind == CAP_ENDPOINT && (cap->rights & RIGHT_WRITE) != 0 &&
            (cap->rights & (RIGHT_GRANT | RIGHT_GRANT_REPLY)) != 0);
}

static void replace_handler(const struct invocation *call, unsigned tcb_slot, struct slot *source)
{
    const struct cap self = call->slot->cap;
    const struct cap handler = source->cap;
    replace(call, &self, &cap_tcb(&self)->slots[tcb_slot], &handler, source);
}

static seL4_Error set_space(struct invocation *call)
{
    struct space space = {0};
    const struct tcb *const tcb = cap_tcb(&call->slot->cap);
    if (call->length < 2 || call->extra[0] == NULL || call->extra[1] == NULL ||
        call->extra[2] == NULL) {
        return seL4_TruncatedMessage;
    }
    take_roots(call, 1, &space);
    const seL4_Error error = check_roots(tcb, &space, call->mr[0], call->mr[1]);
    if (error != seL4_NoError) {
        return error;
    }
    if (!is_fault_handler(&call->extra[0]->cap)) {
        return model_fail_capability(call, 1);
    }
    replace_handler(call, TCB_FAULT_HANDLER, call->extra[0]);
    apply_roots(call, &space);
    return seL4_NoError;
}

static seL4_Error set_timeout_endpoint(struct invocation *call)
{
    if (call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    if (!is_fault_handler(&call->extra[0]->cap)) {
        return model_fail_capability(call, 1);
    }
    replace_handler(call, TCB_TIMEOUT_HANDLER, call->extra[0]);
    return seL4_NoError;
}

/* May this thread have this scheduling context? */
static seL4_Error check_context(struct invocation *call, const struct tcb *tcb,
                                const struct cap *cap)
{
    if (cap->kind == CAP_NULL) {
        return tcb == model.current ? seL4_IllegalOperation : seL4_NoError;
    }
    if (cap->kind != CAP_SCHED_CONTEXT) {
        return model_fail_capability(call, 2);
    }
    const struct sched_context *const context = cap_sched_context(cap);
    const bool is_change = tcb->sched_context != context;
    return is_change && (tcb->sched_context != NULL || context->tcb != NULL) ? seL4_IllegalOperation
                                                                             : seL4_NoError;
}

static seL4_Error set_sched_params(struct invocation *call)
{
    struct tcb *const tcb = cap_tcb(&call->slot->cap);
    if (call->extra[1] == NULL || call->extra[2] == NULL) {
        return seL4_TruncatedMessage;
    }
    const struct cap context = call->extra[1]->cap;
    seL4_Error error = check_priorities(call, 2);
    if (error == seL4_NoError) {
        error = check_context(call, tcb, &context);
    }
    if (error != seL4_NoError) {
        return error;
    }
    if (!is_fault_handler(&call->extra[2]->cap)) {
        return model_fail_capability(call, 3);
    }
    replace_handler(call, TCB_FAULT_HANDLER, call->extra[2]);
    if (context.kind == CAP_SCHED_CONTEXT) {
        model_sched_bind(cap_sched_context(&context), tcb);
    } else if (tcb->sched_context != NULL) {
        model_sched_unbind_tcb(tcb->sched_context);
    }
    return set_priorities(call);
}
#else
enum { CONFIGURE_WORDS = 4 };

static seL4_Error set_space(struct invocation *call)
{
    struct space space = {0};
    struct tcb *const tcb = cap_tcb(&call->slot->cap);
    if (call->length < 3 || call->extra[0] == NULL || call->extra[1] == NULL) {
        return seL4_TruncatedMessage;
    }
    take_roots(call, 0, &space);
    const seL4_Error error = check_roots(tcb, &space, call->mr[1], call->mr[2]);
    if (error == seL4_NoError) {
        tcb->fault_endpoint = call->mr[0];
        apply_roots(call, &space);
    }
    return error;
}

#endif

/* The last three words are the same on every kernel; MCS has no fault endpoint before them. */
static seL4_Error configure(struct invocation *call)
{
    const seL4_Word *const words = &call->mr[CONFIGURE_WORDS - 3];
    struct space space = {0};
    struct tcb *const tcb = cap_tcb(&call->slot->cap);
    if (call->length < CONFIGURE_WORDS || call->extra[0] == NULL || call->extra[1] == NULL ||
        call->extra[2] == NULL) {
        return seL4_TruncatedMessage;
    }
    take_roots(call, 0, &space);
    space.buffer_slot = call->extra[2];
    space.buffer = call->extra[2]->cap;
    space.buffer_vaddr = words[2];
    seL4_Error error = check_buffer(&space);
    if (error == seL4_NoError) {
        error = check_roots(tcb, &space, words[0], words[1]);
    }
    if (error == seL4_NoError) {
#ifndef CONFIG_KERNEL_MCS
        tcb->fault_endpoint = call->mr[0];
#endif
        apply_roots(call, &space);
        apply_buffer(call, &space);
    }
    return error;
}

static seL4_Error set_ipc_buffer(struct invocation *call)
{
    struct space space = {0};
    if (call->length < 1 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    space.buffer_slot = call->extra[0];
    space.buffer = call->extra[0]->cap;
    space.buffer_vaddr = call->mr[0];
    const seL4_Error error = check_buffer(&space);
    if (error == seL4_NoError) {
        apply_buffer(call, &space);
    }
    return error;
}

static seL4_Error bind_notification(struct invocation *call)
{
    struct tcb *const tcb = cap_tcb(&call->slot->cap);
    if (call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    const struct cap *const cap = &call->extra[0]->cap;
    if (tcb->bound_notification != 0 || cap->kind != CAP_NOTIFICATION ||
        (cap->rights & RIGHT_READ) == 0 || bound_tcb(cap->u.address) != NULL) {
        return seL4_IllegalOperation;
    }
    tcb->bound_notification = cap->u.address;
    model.bound_notifications++;
    return seL4_NoError;
}

static seL4_Error unbind_notification(const struct invocation *call)
{
    struct tcb *const tcb = cap_tcb(&call->slot->cap);
    if (tcb->bound_notification == 0) {
        return seL4_IllegalOperation;
    }
    model_tcb_unbind(tcb);
    return seL4_NoError;
}

static seL4_Error set_flags(struct invocation *call)
{
    struct tcb *const tcb = cap_tcb(&call->slot->cap);
    tcb->flags = (tcb->flags & ~call->mr[0]) | (call->mr[1] & (seL4_Word)seL4_TCBFlag_MASK);
    call->mr[0] = tcb->flags;
    return seL4_NoError;
}

seL4_Error model_decode_tcb(struct invocation *call)
{
    switch (call->kind) {
    case SEL4MODEL_TCB_ReadRegisters:
        return model_tcb_read_registers(call);
    case SEL4MODEL_TCB_WriteRegisters:
        return model_tcb_write_registers(call);
    case SEL4MODEL_TCB_CopyRegisters:
        return model_tcb_copy_registers(call);
    case SEL4MODEL_TCB_Suspend:
        model_tcb_suspend(call, cap_tcb(&call->slot->cap));
        return seL4_NoError;
    case SEL4MODEL_TCB_Resume:
        model_tcb_restart(cap_tcb(&call->slot->cap));
        return seL4_NoError;
    case SEL4MODEL_TCB_Configure:
        return configure(call);
    case SEL4MODEL_TCB_SetPriority:
    case SEL4MODEL_TCB_SetMCPriority:
        return set_priorities(call);
#ifdef CONFIG_KERNEL_MCS
    case SEL4MODEL_TCB_SetSchedParams:
        return set_sched_params(call);
    case SEL4MODEL_TCB_SetTimeoutEndpoint:
        return set_timeout_endpoint(call);
#else
    case SEL4MODEL_TCB_SetSchedParams:
        return set_priorities(call);
#endif
    case SEL4MODEL_TCB_SetIPCBuffer:
        return set_ipc_buffer(call);
    case SEL4MODEL_TCB_SetSpace:
        return set_space(call);
    case SEL4MODEL_TCB_BindNotification:
        return bind_notification(call);
    case SEL4MODEL_TCB_UnbindNotification:
        return unbind_notification(call);
    case SEL4MODEL_TCB_SetTLSBase:
        return model_tcb_set_tls_base(call);
    case SEL4MODEL_TCB_SetFlags:
        return set_flags(call);
    default:
        return seL4_IllegalOperation;
    }
}

/* src/object/domain.c. The schedule is outside the model; a thread's domain is remembered. */
seL4_Error model_decode_domain(struct invocation *call)
{
    if (call->kind == SEL4MODEL_DomainSet_ScheduleConfigure ||
        call->kind == SEL4MODEL_DomainSet_ScheduleSetStart) {
        model_unsupported(model_call_name(call));
    }
    if (call->kind != SEL4MODEL_DomainSet_Set) {
        return seL4_IllegalOperation;
    }
    if (call->mr[0] >= CONFIG_NUM_DOMAINS) {
        return model_fail_argument(call, 0);
    }
    if (call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    if (call->extra[0]->cap.kind != CAP_TCB) {
        return model_fail_argument(call, 1);
    }
    cap_tcb(&call->extra[0]->cap)->domain = (uint8_t)call->mr[0];
    return seL4_NoError;
}
