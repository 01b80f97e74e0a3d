/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Invocations of TCBs that no thread runs on. None is ever resumed.
#include "stream_arch.h"

struct space {
    seL4_CPtr tcb;
    seL4_Word fault_endpoint;
    seL4_CPtr croot;
    seL4_Word croot_data;
    seL4_CPtr vroot;
    seL4_Word vroot_data;
};

// Without MCS a CPtr that nobody looks up until there is a fault.
static seL4_Word choose_handler(struct stream *stream)
{
#ifdef CONFIG_KERNEL_MCS
    return rng_percent(&stream->rng, 50) ? 0 : stream_aim(stream, KIND_ENDPOINT);
#else
    return rng_below(&stream->rng, 3);
#endif
}

static struct space choose_space(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    struct space space = {.croot = seL4_CapInitThreadCNode};
    space.tcb = stream_service(stream, KIND_TCB);
    space.fault_endpoint = choose_handler(stream);
    if (rng_percent(rng, 80)) {
        space.croot = stream_aim(stream, KIND_CNODE);
    }
    if (rng_percent(rng, 10)) {
        space.vroot_data = (seL4_Word)rng_next(rng);
    }
    space.vroot = rng_percent(rng, 40) ? (seL4_CPtr)seL4_CapInitThreadVSpace
                                       : stream_aim(stream, stream_arch.vspace);
    space.croot_data = rng_percent(rng, 60) ? 0 : stream_guard_data(stream);
    return space;
}

static seL4_Word choose_buffer(struct rng *rng)
{
    const seL4_Word vaddr = (seL4_Word)(1 + rng_below(rng, 64)) << 10;
    if (rng_percent(rng, 15)) {
        return 0;
    }
    return rng_percent(rng, 85) ? vaddr : vaddr + rng_below(rng, 1024);
}

void step_set_space(struct stream *stream)
{
    const struct space s = choose_space(stream);
    STREAM_BEGIN(stream, "SetSpace", s.tcb, s.fault_endpoint, s.croot, s.croot_data, s.vroot,
                 s.vroot_data);
    stream_finish(stream, seL4_TCB_SetSpace(s.tcb, s.fault_endpoint, s.croot, s.croot_data, s.vroot,
                                            s.vroot_data));
}

void step_configure(struct stream *stream)
{
    const struct space s = choose_space(stream);
    const seL4_Word buffer = choose_buffer(&stream->rng);
    const seL4_CPtr frame = stream_aim(stream, KIND_FRAME);
    STREAM_BEGIN(stream, "Configure", s.tcb, s.fault_endpoint, s.croot, s.croot_data, s.vroot,
                 s.vroot_data, buffer, frame);
#ifdef CONFIG_KERNEL_MCS
    stream_finish(stream, seL4_TCB_Configure(s.tcb, s.croot, s.croot_data, s.vroot, s.vroot_data,
                                             buffer, frame));
#else
    stream_finish(stream, seL4_TCB_Configure(s.tcb, s.fault_endpoint, s.croot, s.croot_data,
                                             s.vroot, s.vroot_data, buffer, frame));
#endif
}

void step_ipc_buffer(struct stream *stream)
{
    const seL4_CPtr tcb = stream_service(stream, KIND_TCB);
    const seL4_Word buffer = choose_buffer(&stream->rng);
    const seL4_CPtr frame = stream_aim(stream, KIND_FRAME);
    STREAM_BEGIN(stream, "SetIPCBuffer", tcb, buffer, frame);
    stream_finish(stream, seL4_TCB_SetIPCBuffer(tcb, buffer, frame));
}

static seL4_Word choose_priority(struct rng *rng)
{
    if (rng_percent(rng, 60)) {
        return rng_below(rng, 256);
    }
    const uint64_t word = rng_next(rng);
    return (seL4_Word)(word >> rng_below(rng, 64));
}

#ifdef CONFIG_KERNEL_MCS
static void set_sched_params(struct stream *stream, seL4_CPtr tcb, seL4_CPtr authority,
                             seL4_Word mcp, seL4_Word priority)
{
    const seL4_CPtr context =
        rng_percent(&stream->rng, 30) ? 0 : stream_aim(stream, KIND_SCHED_CONTEXT);
    const seL4_CPtr handler = choose_handler(stream);
    STREAM_BEGIN(stream, "SetSchedParams", tcb, authority, mcp, priority, context, handler);
    stream_finish(stream, seL4_TCB_SetSchedParams(tcb, authority, mcp, priority, context, handler));
}
#else
static void set_sched_params(struct stream *stream, seL4_CPtr tcb, seL4_CPtr authority,
                             seL4_Word mcp, seL4_Word priority)
{
    STREAM_BEGIN(stream, "SetSchedParams", tcb, authority, mcp, priority);
    stream_finish(stream, seL4_TCB_SetSchedParams(tcb, authority, mcp, priority));
}
#endif

void step_priority(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_CPtr tcb = stream_service(stream, KIND_TCB);
    const seL4_CPtr authority =
        rng_percent(rng, 60) ? (seL4_CPtr)seL4_CapInitThreadTCB : stream_aim(stream, KIND_TCB);
    const seL4_Word first = choose_priority(rng);
    const seL4_Word second = choose_priority(rng);
    switch (rng_below(rng, 3)) {
    case 0:
        STREAM_BEGIN(stream, "SetPriority", tcb, authority, first);
        stream_finish(stream, seL4_TCB_SetPriority(tcb, authority, first));
        return;
    case 1:
        STREAM_BEGIN(stream, "SetMCPriority", tcb, authority, first);
        stream_finish(stream, seL4_TCB_SetMCPriority(tcb, authority, first));
        return;
    default:
        set_sched_params(stream, tcb, authority, first, second);
        return;
    }
}

void step_bind(struct stream *stream)
{
    const seL4_CPtr tcb = stream_service(stream, KIND_TCB);
    const seL4_CPtr notification = stream_aim(stream, KIND_NOTIFICATION);
    if (rng_percent(&stream->rng, 60)) {
        STREAM_BEGIN(stream, "Bind", tcb, notification);
        stream_finish(stream, seL4_TCB_BindNotification(tcb, notification));
    } else {
        STREAM_BEGIN(stream, "Unbind", tcb);
        stream_finish(stream, seL4_TCB_UnbindNotification(tcb));
    }
}

void step_registers(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    seL4_UserContext registers = {0};
    const seL4_CPtr tcb = stream_service(stream, KIND_TCB);
    const seL4_CPtr source = stream_aim(stream, KIND_TCB);
    const seL4_Uint8 flags = (seL4_Uint8)rng_below(rng, 4);
    const seL4_Word all = sizeof(registers) / sizeof(seL4_Word);
    const seL4_Word count = rng_percent(rng, 80) ? rng_below(rng, all + 1) : 0;
    switch (rng_below(rng, 3)) {
    case 0:
        STREAM_BEGIN(stream, "ReadRegisters", tcb, flags, count);
        stream_finish(stream, seL4_TCB_ReadRegisters(tcb, false, flags, count, &registers));
        return;
    case 1:
        STREAM_BEGIN(stream, "WriteRegisters", tcb, flags, count);
        stream_finish(stream, seL4_TCB_WriteRegisters(tcb, false, flags, count, &registers));
        return;
    default:
        STREAM_BEGIN(stream, "CopyRegisters", tcb, source, flags);
        stream_finish(stream, seL4_TCB_CopyRegisters(tcb, source, false, false, true, true, flags));
        return;
    }
}

void step_thread_rest(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_CPtr tcb = stream_service(stream, KIND_TCB);
    const seL4_Word word = rng_percent(rng, 40) ? 0 : rng_below(rng, 8);
#ifdef CONFIG_KERNEL_MCS
    if (rng_percent(rng, 20)) {
        const seL4_CPtr handler = choose_handler(stream);
        STREAM_BEGIN(stream, "SetTimeoutEndpoint", tcb, handler);
        stream_finish(stream, seL4_TCB_SetTimeoutEndpoint(tcb, handler));
        return;
    }
#endif
    switch (rng_below(rng, 4)) {
    case 0:
        STREAM_BEGIN(stream, "SetTLSBase", tcb, word);
        stream_finish(stream, seL4_TCB_SetTLSBase(tcb, word));
        return;
    case 1:
        STREAM_BEGIN(stream, "Suspend", tcb);
        stream_finish(stream, seL4_TCB_Suspend(tcb));
        return;
    case 2:
        STREAM_BEGIN(stream, "DomainSet", word, tcb);
        stream_finish(stream, seL4_DomainSet_Set(seL4_CapDomain, (seL4_Uint8)word, tcb));
        return;
    default: {
        const bool has_result = stream_kind(stream, tcb) == KIND_TCB;
        STREAM_BEGIN(stream, "SetFlags", tcb, word);
        const seL4_TCB_SetFlags_t result = seL4_TCB_SetFlags(tcb, word & 3, word >> 1);
        stream_finish_with(stream, (seL4_Error)result.error, has_result ? result.flags : 0);
        return;
    }
    }
}
