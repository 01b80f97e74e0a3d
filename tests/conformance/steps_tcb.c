/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Invocations of TCBs that no thread runs on. None is ever resumed.
#include "stream.h"

struct space {
    seL4_CPtr tcb;
    seL4_Word fault_endpoint;
    seL4_CPtr croot;
    seL4_Word croot_data;
    seL4_CPtr vroot;
    seL4_Word vroot_data;
};

static struct space choose_space(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    bool is_own;
    struct space space = {.croot = seL4_CapInitThreadCNode};
    space.tcb = stream_service(stream, KIND_TCB);
    space.fault_endpoint = rng_below(rng, 3);
    if (rng_percent(rng, 80)) {
        space.croot = stream_aim(stream, KIND_CNODE);
    }
    if (rng_percent(rng, 10)) {
        space.vroot_data = rng_next(rng);
    }
    space.vroot = stream_vspace(stream, &is_own);
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
    stream_finish(stream, seL4_TCB_Configure(s.tcb, s.fault_endpoint, s.croot, s.croot_data,
                                             s.vroot, s.vroot_data, buffer, frame));
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
    const seL4_Word word = rng_next(rng);
    return word >> rng_below(rng, 64);
}

void step_priority(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_CPtr tcb = stream_service(stream, KIND_TCB);
    const seL4_CPtr authority =
        rng_percent(rng, 60) ? (seL4_CPtr)seL4_CapInitThreadTCB : stream_aim(stream, KIND_TCB);
    const seL4_Word first = choose_priority(rng);
    const seL4_Word second = choose_priority(rng);
    const unsigned choice = rng_below(rng, 3);
    STREAM_BEGIN(stream, "Priority", choice, tcb, authority, first, second);
    switch (choice) {
    case 0:
        stream_finish(stream, seL4_TCB_SetPriority(tcb, authority, first));
        return;
    case 1:
        stream_finish(stream, seL4_TCB_SetMCPriority(tcb, authority, first));
        return;
    default:
        stream_finish(stream, seL4_TCB_SetSchedParams(tcb, authority, first, second));
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
    const unsigned choice = rng_below(rng, 3);
    STREAM_BEGIN(stream, "Registers", choice, tcb, source, flags, count);
    switch (choice) {
    case 0:
        stream_finish(stream, seL4_TCB_ReadRegisters(tcb, false, flags, count, &registers));
        return;
    case 1:
        stream_finish(stream, seL4_TCB_WriteRegisters(tcb, false, flags, count, &registers));
        return;
    default:
        stream_finish(stream, seL4_TCB_CopyRegisters(tcb, source, false, false, true, true, flags));
        return;
    }
}

void step_thread_rest(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_CPtr tcb = stream_service(stream, KIND_TCB);
    const seL4_Word word = rng_percent(rng, 40) ? 0 : rng_below(rng, 8);
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
