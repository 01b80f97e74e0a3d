/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Invocations of an MCS kernel: scheduling contexts. No thread runs on them.
#include "stream.h"

#ifdef CONFIG_KERNEL_MCS

// The longest period depends on the timer's frequency, which machines differ in: times are far from it.
static seL4_Time choose_time(struct rng *rng)
{
    if (rng_percent(rng, 80)) {
        return rng_from(rng, 15, 2000);
    }
    const uint64_t time = rng_next(rng);
    return rng_percent(rng, 80) ? time >> (24 + rng_below(rng, 40)) : time | UINT64_C(1) << 62;
}

// For the same reason the longest period is left out of the answer.
static void configure(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_CPtr control = rng_percent(rng, 90) ? stream->bootinfo->schedcontrol.start
                                                   : stream_service(stream, KIND_OTHER);
    const seL4_CPtr context = stream_aim(stream, KIND_SCHED_CONTEXT);
    const seL4_Time budget = choose_time(rng);
    const seL4_Time period = rng_percent(rng, 30) ? budget : choose_time(rng);
    const seL4_Word refills = rng_percent(rng, 60) ? 0 : rng_below(rng, 20);
    const seL4_Word badge = rng_below(rng, 4);
    const seL4_Word flags = rng_below(rng, 2);
    STREAM_BEGIN(stream, "ConfigureFlags", control, context, (seL4_Word)budget, (seL4_Word)period,
                 refills, badge, flags);
    const seL4_Error error =
        seL4_SchedControl_ConfigureFlags(control, context, budget, period, refills, badge, flags);
    if (error == seL4_RangeError && seL4_GetMR(0) != 0 && seL4_GetMR(1) != (seL4_Word)period) {
        seL4_SetMR(1, 0);
    }
    stream_finish(stream, error);
}

static void use(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_CPtr context = stream_service(stream, KIND_SCHED_CONTEXT);
    const seL4_CPtr user = stream_aim(stream, rng_percent(rng, 60) ? KIND_TCB : KIND_NOTIFICATION);
    const bool has_result = stream_kind(stream, context) == KIND_SCHED_CONTEXT;
    switch (rng_below(rng, 7)) {
    case 0:
    case 1:
    case 2:
        STREAM_BEGIN(stream, "SchedContext_Bind", context, user);
        stream_finish(stream, seL4_SchedContext_Bind(context, user));
        return;
    case 3:
        STREAM_BEGIN(stream, "SchedContext_UnbindObject", context, user);
        stream_finish(stream, seL4_SchedContext_UnbindObject(context, user));
        return;
    case 4:
        STREAM_BEGIN(stream, "SchedContext_Unbind", context);
        stream_finish(stream, seL4_SchedContext_Unbind(context));
        return;
    case 5: {
        STREAM_BEGIN(stream, "SchedContext_Consumed", context);
        const seL4_SchedContext_Consumed_t result = seL4_SchedContext_Consumed(context);
        stream_finish_with(stream, (seL4_Error)result.error,
                           has_result ? (seL4_Word)result.consumed : 0);
        return;
    }
    default: {
        STREAM_BEGIN(stream, "SchedContext_YieldTo", context);
        const seL4_SchedContext_YieldTo_t result = seL4_SchedContext_YieldTo(context);
        stream_finish_with(stream, (seL4_Error)result.error,
                           has_result ? (seL4_Word)result.consumed : 0);
        return;
    }
    }
}

void step_sched_context(struct stream *stream)
{
    if (rng_percent(&stream->rng, 35)) {
        configure(stream);
    } else {
        use(stream);
    }
}

void step_save_caller(struct stream *stream)
{
    (void)stream;
}

#else

void step_sched_context(struct stream *stream)
{
    (void)stream;
}

// Nobody ever calls this thread: there is never a reply to save.
void step_save_caller(struct stream *stream)
{
    const struct place place = stream_place(stream, stream_any_slot(stream));
    STREAM_BEGIN(stream, "SaveCaller", stream_name(stream, place.node), place.index, place.depth);
    stream_finish(stream, seL4_CNode_SaveCaller(place.node, place.index, (seL4_Uint8)place.depth));
}

#endif
