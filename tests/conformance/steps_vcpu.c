/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Hypervisors: virtual CPUs, bound to TCBs that no thread runs on.
#include "stream.h"

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT

static void set_tcb(struct stream *stream, seL4_CPtr vcpu)
{
    const seL4_CPtr tcb = stream_aim(stream, KIND_TCB);
    STREAM_BEGIN(stream, "SetTCB", vcpu, tcb);
    stream_finish(stream, seL4_ARM_VCPU_SetTCB(vcpu, tcb));
}

// All fields are a little longer than what is allowed.
static void inject(struct stream *stream, seL4_CPtr vcpu)
{
    struct rng *const rng = &stream->rng;
    const unsigned irq = rng_below(rng, rng_percent(rng, 90) ? 1024 : 65536);
    const unsigned priority = rng_below(rng, rng_percent(rng, 90) ? 33 : 256);
    const unsigned group = rng_below(rng, rng_percent(rng, 90) ? 2 : 256);
    const unsigned index = rng_below(rng, rng_percent(rng, 90) ? 5 : 256);
    STREAM_BEGIN(stream, "InjectIRQ", vcpu, irq, priority, group, index);
    stream_finish(stream, seL4_ARM_VCPU_InjectIRQ(vcpu, (seL4_Uint16)irq, (seL4_Uint8)priority,
                                                  (seL4_Uint8)group, (seL4_Uint8)index));
}

static void acknowledge(struct stream *stream, seL4_CPtr vcpu)
{
    struct rng *const rng = &stream->rng;
    const seL4_Word irq = rng_percent(rng, 40) ? 27 : rng_below(rng, 200);
    STREAM_BEGIN(stream, "AckVPPI", vcpu, irq);
    stream_finish(stream, seL4_ARM_VCPU_AckVPPI(vcpu, irq));
}

static seL4_VCPUReg choose_register(struct rng *rng)
{
    return (seL4_VCPUReg)rng_below(rng, seL4_VCPUReg_Num + 2u);
}

static void read_register(struct stream *stream, seL4_CPtr vcpu)
{
    const seL4_VCPUReg field = choose_register(&stream->rng);
    const bool has_result = stream_kind(stream, vcpu) == KIND_VCPU;
    STREAM_BEGIN(stream, "ReadRegs", vcpu, (seL4_Word)field);
    const seL4_ARM_VCPU_ReadRegs_t result = seL4_ARM_VCPU_ReadRegs(vcpu, field);
    stream_finish_with(stream, (seL4_Error)result.error, has_result ? result.value : 0);
}

static void write_register(struct stream *stream, seL4_CPtr vcpu)
{
    const seL4_VCPUReg field = choose_register(&stream->rng);
    const seL4_Word value = (seL4_Word)rng_next(&stream->rng);
    STREAM_BEGIN(stream, "WriteRegs", vcpu, (seL4_Word)field, value);
    stream_finish(stream, seL4_ARM_VCPU_WriteRegs(vcpu, field, value));
}

void step_vcpu(struct stream *stream)
{
    static void (*const makers[])(struct stream *, seL4_CPtr) = {
        set_tcb, set_tcb, inject, acknowledge, read_register, read_register, write_register};
    const seL4_CPtr vcpu = stream_service(stream, KIND_VCPU);
    makers[rng_below(&stream->rng, sizeof(makers) / sizeof(makers[0]))](stream, vcpu);
}

#endif
