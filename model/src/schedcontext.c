/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Scheduling contexts (src/object/{schedcontext,schedcontrol}.c of an MCS kernel): who is bound to
 * them, and what they may be configured with. No time passes. */
#include "arch.h"
#include "stop.h"

enum {
    MIN_REFILLS = 2,
    MIN_BUDGET_US = 20, /* twice the kernel's worst case */
};

#define MAX_PERIOD_US (UINT64_MAX / MODEL_TICKS_PER_US / 8)

void model_sched_bind(struct sched_context *context, struct tcb *tcb)
{
    context->tcb = tcb;
    tcb->sched_context = context;
}

void model_sched_unbind_tcb(struct sched_context *context)
{
    if (context->tcb != NULL) {
        context->tcb->sched_context = NULL;
        context->tcb = NULL;
    }
}

static void unbind_notification(struct sched_context *context)
{
    if (context->notification != 0) {
        context->notification = 0;
        model.sched_notifications--;
    }
}

/* The context that a notification is bound to. Rare enough to search for. */
static struct sched_context *context_of(uint64_t notification)
{
    struct object *object = model.sched_notifications == 0 ? NULL : model.objects;
    while (object != NULL) {
        if (object->kind == CAP_SCHED_CONTEXT &&
            ((struct sched_context *)object)->notification == notification) {
            return (struct sched_context *)object;
        }
        object = object->next;
    }
    return NULL;
}

void model_sched_notification_deleted(uint64_t address)
{
    struct sched_context *const context = context_of(address);
    if (context != NULL) {
        unbind_notification(context);
    }
}

void model_sched_deleted(struct sched_context *context)
{
    if (context->tcb != NULL && context->tcb == model.current) {
        model_stop("the calling thread's scheduling context was deleted: the thread stops here");
    }
    model_sched_unbind_tcb(context);
    unbind_notification(context);
    model_object_free(&context->header);
}

static seL4_Error bind(struct invocation *call, struct sched_context *context)
{
    if (call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    const struct cap *const cap = &call->extra[0]->cap;
    if (cap->kind == CAP_TCB) {
        if (context->tcb != NULL || cap_tcb(cap)->sched_context != NULL) {
            return seL4_IllegalOperation;
        }
        model_sched_bind(context, cap_tcb(cap));
        return seL4_NoError;
    }
    if (cap->kind == CAP_NOTIFICATION) {
        if (context->notification != 0 || context_of(cap->u.address) != NULL) {
            return seL4_IllegalOperation;
        }
        context->notification = cap->u.address;
        model.sched_notifications++;
        return seL4_NoError;
    }
    return model_fail_capability(call, 1);
}

static seL4_Error unbind_object(struct invocation *call, struct sched_context *context)
{
    if (call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    const struct cap *const cap = &call->extra[0]->cap;
    if (cap->kind == CAP_TCB) {
        if (context->tcb != cap_tcb(cap) || context->tcb == model.current) {
            return seL4_IllegalOperation;
        }
        model_sched_unbind_tcb(context);
        return seL4_NoError;
    }
    if (cap->kind == CAP_NOTIFICATION) {
        if (context->notification != cap->u.address) {
            return seL4_IllegalOperation;
        }
        unbind_notification(context);
        return seL4_NoError;
    }
    return model_fail_capability(call, 1);
}

static seL4_Error unbind(struct sched_context *context)
{
    if (context->tcb != NULL && context->tcb == model.current) {
        return seL4_IllegalOperation;
    }
    model_sched_unbind_tcb(context);
    unbind_notification(context);
    return seL4_NoError;
}

static seL4_Error yield_to(struct invocation *call, const struct sched_context *context)
{
    const struct tcb *const tcb = context->tcb;
    if (tcb == NULL || tcb == model.current || tcb->priority > model.current->max_priority) {
        return seL4_IllegalOperation;
    }
    if (tcb->is_running && context->is_active && tcb->priority >= model.current->priority) {
        model_stop("%s: another thread runs now, which is outside the model",
                   model_call_name(call));
    }
    model_time_put(call, 0, 0);
    return seL4_NoError;
}

seL4_Error model_decode_sched_context(struct invocation *call)
{
    struct sched_context *const context = cap_sched_context(&call->slot->cap);
    switch (call->kind) {
    case SEL4MODEL_SchedContext_Consumed:
        model_time_put(call, 0, 0); /* no time passes */
        return seL4_NoError;
    case SEL4MODEL_SchedContext_Bind:
        return bind(call, context);
    case SEL4MODEL_SchedContext_UnbindObject:
        return unbind_object(call, context);
    case SEL4MODEL_SchedContext_Unbind:
        return unbind(context);
    case SEL4MODEL_SchedContext_YieldTo:
        return yield_to(call, context);
    default:
        return seL4_IllegalOperation;
    }
}

static seL4_Error check_times(struct invocation *call, uint64_t budget, uint64_t period)
{
    if (budget > MAX_PERIOD_US || period > MAX_PERIOD_US || budget < MIN_BUDGET_US ||
        period < MIN_BUDGET_US) {
        return model_fail_range(call, MIN_BUDGET_US, (seL4_Word)MAX_PERIOD_US);
    }
    return budget > period ? model_fail_range(call, MIN_BUDGET_US, (seL4_Word)period)
                           : seL4_NoError;
}

/* Message: budget, period, extra refills, badge, flags; the two times may be two words each. */
seL4_Error model_decode_sched_control(struct invocation *call)
{
    enum { REST = 2 * MODEL_TIME_WORDS };
    if (call->kind != SEL4MODEL_SchedControl_ConfigureFlags) {
        return seL4_IllegalOperation;
    }
    if (call->extra[0] == NULL || call->length < REST + 3) {
        return seL4_TruncatedMessage;
    }
    const seL4_Error error =
        check_times(call, model_time_get(call, 0), model_time_get(call, MODEL_TIME_WORDS));
    if (error != seL4_NoError) {
        return error;
    }
    const struct cap *const cap = &call->extra[0]->cap;
    if (cap->kind != CAP_SCHED_CONTEXT) {
        return model_fail_capability(call, 1);
    }
    /* The size's room, of which the first refills are part. */
    const seL4_Word extra_max = seL4_MaxExtraRefills(cap->size_bits);
    if (call->mr[REST] > extra_max) {
        return model_fail_range(call, 0, extra_max);
    }
    cap_sched_context(cap)->is_active = true;
    return seL4_NoError;
}
