/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Address spaces, and the devices of x86 as far as no device is touched.
#include "stream.h"

enum { LEVELS = 3 };

static const enum kind level_kinds[LEVELS] = {KIND_PT, KIND_PD, KIND_PDPT};

static seL4_X86_VMAttributes choose_attributes(struct rng *rng)
{
    return (seL4_X86_VMAttributes)(rng_percent(rng, 80) ? seL4_X86_Default_VMAttributes
                                                        : rng_below(rng, 8));
}

static void map_frame_at(struct stream *stream, seL4_CPtr frame, seL4_CPtr vspace, seL4_Word vaddr)
{
    const seL4_CapRights_t rights = {{rng_below(&stream->rng, 16)}};
    const seL4_X86_VMAttributes attributes = choose_attributes(&stream->rng);
    STREAM_BEGIN(stream, "Page_Map", frame, vspace, vaddr, rights.words[0], (seL4_Word)attributes);
    stream_finish(stream, seL4_X86_Page_Map(frame, vspace, vaddr, rights, attributes));
}

static void map_table_at(struct stream *stream, unsigned level, seL4_CPtr table, seL4_CPtr vspace,
                         seL4_Word vaddr)
{
    const seL4_X86_VMAttributes attributes = choose_attributes(&stream->rng);
    STREAM_BEGIN(stream, "Table_Map", level, table, vspace, vaddr, (seL4_Word)attributes);
    switch (level) {
    case 0:
        stream_finish(stream, seL4_X86_PageTable_Map(table, vspace, vaddr, attributes));
        return;
    case 1:
        stream_finish(stream, seL4_X86_PageDirectory_Map(table, vspace, vaddr, attributes));
        return;
    default:
        stream_finish(stream, seL4_X86_PDPT_Map(table, vspace, vaddr, attributes));
        return;
    }
}

void step_map_frame(struct stream *stream)
{
    bool is_own;
    const seL4_CPtr frame = stream_service(stream, KIND_FRAME);
    const seL4_CPtr vspace = stream_vspace(stream, &is_own);
    map_frame_at(stream, frame, vspace, stream_address(stream, is_own));
}

void step_map_table(struct stream *stream)
{
    bool is_own;
    const unsigned level = rng_below(&stream->rng, LEVELS);
    const seL4_CPtr table = stream_service(stream, level_kinds[level]);
    const seL4_CPtr vspace = stream_vspace(stream, &is_own);
    map_table_at(stream, level, table, vspace, stream_address(stream, is_own));
}

// All levels of one address, from the top, then a frame twice.
void step_map_all(struct stream *stream)
{
    bool is_own;
    const seL4_CPtr vspace = stream_vspace(stream, &is_own);
    const seL4_Word vaddr = stream_address(stream, is_own);
    for (unsigned level = LEVELS; level-- > 0;) {
        map_table_at(stream, level, stream_service(stream, level_kinds[level]), vspace, vaddr);
    }
    const seL4_CPtr frame = stream_service(stream, KIND_FRAME);
    map_frame_at(stream, frame, vspace, vaddr);
    map_frame_at(stream, frame, vspace, vaddr);
}

void step_unmap(struct stream *stream)
{
    const unsigned level = rng_below(&stream->rng, LEVELS + 3);
    const enum kind kind = level < LEVELS ? level_kinds[level] : KIND_FRAME;
    const seL4_CPtr service = stream_service(stream, kind);
    STREAM_BEGIN(stream, "Unmap", level, service);
    switch (level) {
    case 0:
        stream_finish(stream, seL4_X86_PageTable_Unmap(service));
        return;
    case 1:
        stream_finish(stream, seL4_X86_PageDirectory_Unmap(service));
        return;
    case 2:
        stream_finish(stream, seL4_X86_PDPT_Unmap(service));
        return;
    default:
        stream_finish(stream, seL4_X86_Page_Unmap(service));
        return;
    }
}

void step_get_address(struct stream *stream)
{
    const seL4_CPtr frame = stream_service(stream, KIND_FRAME);
    // A notification answers without a result.
    const bool has_result = stream_kind(stream, frame) != KIND_NOTIFICATION;
    STREAM_BEGIN(stream, "GetAddress", frame);
    const seL4_X86_Page_GetAddress_t result = seL4_X86_Page_GetAddress(frame);
    stream_finish_with(stream, (seL4_Error)result.error, has_result ? result.paddr : 0);
}

void step_make_pool(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_CPtr service =
        rng_percent(rng, 90) ? (seL4_CPtr)seL4_CapASIDControl : stream_service(stream, KIND_POOL);
    const seL4_CPtr untyped = rng_percent(rng, 20) ? stream->roots[rng_below(rng, STREAM_ROOTS)]
                                                   : stream_aim(stream, KIND_UNTYPED);
    const struct place dest = stream_place(stream, stream_pick(stream, KIND_NULL));
    STREAM_BEGIN(stream, "MakePool", service, stream_name(stream, untyped), dest.node, dest.index,
                 dest.depth);
    stream_finish(stream, seL4_X86_ASIDControl_MakePool(service, untyped, dest.node, dest.index,
                                                        (seL4_Uint8)dest.depth));
}

void step_assign(struct stream *stream)
{
    const seL4_CPtr pool = rng_percent(&stream->rng, 40) ? (seL4_CPtr)seL4_CapInitThreadASIDPool
                                                         : stream_service(stream, KIND_POOL);
    const seL4_CPtr vspace = stream_aim(stream, KIND_VSPACE);
    STREAM_BEGIN(stream, "Assign", pool, vspace);
    stream_finish(stream, seL4_X86_ASIDPool_Assign(pool, vspace));
}

void step_io_port(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_Word first = 0x5000 + rng_below(rng, 64);
    const seL4_Word last =
        rng_percent(rng, 90) ? first + rng_below(rng, 32) : rng_below(rng, 1u << 16);
    const struct place dest = stream_place(stream, stream_pick(stream, KIND_NULL));
    STREAM_BEGIN(stream, "IOPort_Issue", first, last, dest.node, dest.index, dest.depth);
    stream_finish(stream,
                  seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, first, last, dest.node,
                                               dest.index, (seL4_Uint8)dest.depth));
}

// Message-signalled interrupts are only written down by the kernel.
void step_irq(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const struct place dest = stream_place(stream, stream_pick(stream, KIND_NULL));
    const seL4_Word bus = rng_below(rng, 260), device = rng_below(rng, 34),
                    function = rng_below(rng, 9);
    const seL4_Word vector = rng_percent(rng, 80) ? 30 + rng_below(rng, 8) : rng_below(rng, 130);
    switch (rng_below(rng, 4)) {
    case 0:
    case 1:
        STREAM_BEGIN(stream, "GetMSI", dest.node, dest.index, dest.depth, bus, device, function,
                     vector);
        stream_finish(stream, seL4_IRQControl_GetMSI(seL4_CapIRQControl, dest.node, dest.index,
                                                     (seL4_Uint8)dest.depth, bus, device, function,
                                                     0, vector));
        return;
    case 2:
        STREAM_BEGIN(stream, "IRQ_Get", vector, dest.node, dest.index, dest.depth);
        stream_finish(stream, seL4_IRQControl_Get(seL4_CapIRQControl, vector, dest.node, dest.index,
                                                  (seL4_Uint8)dest.depth));
        return;
    default: {
        const seL4_CPtr handler = stream_service(stream, KIND_OTHER);
        const seL4_CPtr notification = stream_aim(stream, KIND_NOTIFICATION);
        STREAM_BEGIN(stream, "SetNotification", handler, notification);
        stream_finish(stream, seL4_IRQHandler_SetNotification(handler, notification));
        STREAM_BEGIN(stream, "Clear", handler);
        stream_finish(stream, seL4_IRQHandler_Clear(handler));
        return;
    }
    }
}
