/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Invocations of CNodes.
#include "stream_arch.h"

// The fixed capabilities that may be copied without harm: from IRQControl to IOPortControl (x86; else none).
enum { FIRST_FIXED = 4, FIXED_COUNT = 4 };

static seL4_CapRights_t choose_rights(struct rng *rng)
{
    const seL4_CapRights_t some = {{rng_below(rng, 16)}};
    return rng_percent(rng, 60) ? seL4_AllRights : some;
}

static seL4_Word choose_badge(struct rng *rng)
{
    return rng_percent(rng, 40)   ? 0
           : rng_percent(rng, 90) ? rng_below(rng, 4)
                                  : (seL4_Word)rng_next(rng);
}

// A guard if the source looks like a CNode, else a badge.
static seL4_Word choose_data(struct stream *stream, seL4_CPtr source)
{
    return stream_kind(stream, source) == KIND_CNODE ? stream_guard_data(stream)
                                                     : choose_badge(&stream->rng);
}

// The source of a copy; boot untypeds now and then.
static seL4_CPtr choose_source(struct stream *stream, bool is_copy)
{
    static const enum kind kinds[] = {
        KIND_CNODE, KIND_CNODE,        KIND_ENDPOINT, KIND_ENDPOINT,      KIND_UNTYPED,
        KIND_FRAME, KIND_PT,           KIND_VSPACE,   KIND_TCB,           KIND_POOL,
        KIND_PD,    KIND_NOTIFICATION, KIND_IRQ,      KIND_SCHED_CONTEXT, KIND_REPLY};
    struct rng *const rng = &stream->rng;
    if (is_copy && rng_percent(rng, 2)) {
        return stream->roots[rng_below(rng, STREAM_ROOTS)];
    }
    if (is_copy && rng_percent(rng, 2)) {
        return FIRST_FIXED + rng_below(rng, FIXED_COUNT);
    }
    if (rng_percent(rng, 30)) {
        return stream_any_slot(stream);
    }
    return stream_pick(stream, kinds[rng_below(rng, sizeof(kinds) / sizeof(kinds[0]))]);
}

struct transfer {
    seL4_CPtr source_slot;
    struct place dest;
    struct place source;
};

static struct transfer choose_transfer(struct stream *stream, bool is_copy)
{
    struct transfer transfer = {.source_slot = choose_source(stream, is_copy)};
    const seL4_CPtr dest =
        rng_percent(&stream->rng, 90) ? stream_pick(stream, KIND_NULL) : stream_any_slot(stream);
    transfer.dest = stream_place(stream, dest);
    transfer.source = stream_in_window(stream, transfer.source_slot)
                          ? stream_place(stream, transfer.source_slot)
                          : stream_plain_place(transfer.source_slot);
    return transfer;
}

static bool is_plain(const struct place *place)
{
    return place->node == seL4_CapInitThreadCNode && place->depth == seL4_WordBits;
}

static void remember_shape(struct stream *stream, const struct transfer *transfer,
                           const seL4_Word *data)
{
    if (!is_plain(&transfer->dest) || !is_plain(&transfer->source)) {
        return;
    }
    struct shape shape = *stream_shape(stream, transfer->source.index);
    if (data != NULL) {
        const seL4_CNode_CapData_t fields = {{*data}};
        shape.guard_bits = (unsigned)seL4_CNode_CapData_get_guardSize(fields);
        shape.guard =
            seL4_CNode_CapData_get_guard(fields) & (((seL4_Word)1 << (shape.guard_bits & 63u)) - 1);
    }
    *stream_shape(stream, transfer->dest.index) = shape;
}

// Only an index that is a whole CPtr is a slot's number.
static seL4_Word source_name(const struct stream *stream, const struct place *place)
{
    return is_plain(place) ? stream_name(stream, place->index) : place->index;
}

#define PLACE(stream, place) stream_name((stream), (place).node), (place).index, (place).depth
#define SOURCE(stream, place)                                                                      \
    stream_name((stream), (place).node), source_name((stream), &(place)), (place).depth

void step_copy(struct stream *stream)
{
    const struct transfer t = choose_transfer(stream, true);
    const seL4_CapRights_t rights = choose_rights(&stream->rng);
    STREAM_BEGIN(stream, "Copy", PLACE(stream, t.dest), SOURCE(stream, t.source), rights.words[0]);
    const seL4_Error error =
        seL4_CNode_Copy(t.dest.node, t.dest.index, (seL4_Uint8)t.dest.depth, t.source.node,
                        t.source.index, (seL4_Uint8)t.source.depth, rights);
    stream_finish(stream, error);
    if (error == seL4_NoError) {
        remember_shape(stream, &t, NULL);
    }
}

void step_mint(struct stream *stream)
{
    const struct transfer t = choose_transfer(stream, true);
    const seL4_CapRights_t rights = choose_rights(&stream->rng);
    const seL4_Word data = choose_data(stream, t.source_slot);
    STREAM_BEGIN(stream, "Mint", PLACE(stream, t.dest), SOURCE(stream, t.source), rights.words[0],
                 data);
    const seL4_Error error =
        seL4_CNode_Mint(t.dest.node, t.dest.index, (seL4_Uint8)t.dest.depth, t.source.node,
                        t.source.index, (seL4_Uint8)t.source.depth, rights, data);
    stream_finish(stream, error);
    if (error == seL4_NoError) {
        remember_shape(stream, &t, &data);
    }
}

void step_move(struct stream *stream)
{
    const struct transfer t = choose_transfer(stream, false);
    STREAM_BEGIN(stream, "Move", PLACE(stream, t.dest), SOURCE(stream, t.source));
    const seL4_Error error =
        seL4_CNode_Move(t.dest.node, t.dest.index, (seL4_Uint8)t.dest.depth, t.source.node,
                        t.source.index, (seL4_Uint8)t.source.depth);
    stream_finish(stream, error);
    if (error == seL4_NoError) {
        remember_shape(stream, &t, NULL);
    }
}

void step_mutate(struct stream *stream)
{
    const struct transfer t = choose_transfer(stream, false);
    const seL4_Word data = choose_data(stream, t.source_slot);
    STREAM_BEGIN(stream, "Mutate", PLACE(stream, t.dest), SOURCE(stream, t.source), data);
    const seL4_Error error =
        seL4_CNode_Mutate(t.dest.node, t.dest.index, (seL4_Uint8)t.dest.depth, t.source.node,
                          t.source.index, (seL4_Uint8)t.source.depth, data);
    stream_finish(stream, error);
    if (error == seL4_NoError) {
        remember_shape(stream, &t, &data);
    }
}

void step_rotate(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const struct transfer t = choose_transfer(stream, false);
    const seL4_CPtr pivot_slot = choose_source(stream, false);
    const struct place pivot = stream_place(stream, pivot_slot);
    const struct place dest = rng_percent(rng, 40) ? t.source : t.dest;
    const seL4_Word dest_data = choose_data(stream, pivot_slot);
    const seL4_Word pivot_data = choose_data(stream, t.source_slot);
    STREAM_BEGIN(stream, "Rotate", PLACE(stream, dest), dest_data, PLACE(stream, pivot), pivot_data,
                 PLACE(stream, t.source));
    const seL4_Error error =
        seL4_CNode_Rotate(dest.node, dest.index, (seL4_Uint8)dest.depth, dest_data, pivot.node,
                          pivot.index, (seL4_Uint8)pivot.depth, pivot_data, t.source.node,
                          t.source.index, (seL4_Uint8)t.source.depth);
    stream_finish(stream, error);
}

static void delete_at(struct stream *stream, struct place place)
{
    STREAM_BEGIN(stream, "Delete", PLACE(stream, place));
    stream_finish(stream, seL4_CNode_Delete(place.node, place.index, (seL4_Uint8)place.depth));
}

void step_delete(struct stream *stream)
{
    delete_at(stream, stream_place(stream, stream_any_slot(stream)));
}

// A part of the window, so that it does not stay full.
void step_sweep(struct stream *stream)
{
    const unsigned first = rng_below(&stream->rng, STREAM_WINDOW);
    const unsigned count = rng_from(&stream->rng, 8, 48);
    for (unsigned i = 0; i < count; i++) {
        delete_at(stream, stream_plain_place(stream->window + (first + i) % STREAM_WINDOW));
    }
}

static void revoke_at(struct stream *stream, struct place place)
{
    STREAM_BEGIN(stream, "Revoke", SOURCE(stream, place));
    stream_finish(stream, seL4_CNode_Revoke(place.node, place.index, (seL4_Uint8)place.depth));
}

void step_revoke(struct stream *stream)
{
    revoke_at(stream, stream_place(stream, stream_any_slot(stream)));
}

void step_revoke_root(struct stream *stream)
{
    revoke_at(stream, stream_plain_place(stream->roots[rng_below(&stream->rng, STREAM_ROOTS)]));
}

void step_cancel_badged_sends(struct stream *stream)
{
    const struct place place = stream_place(stream, stream_aim(stream, KIND_ENDPOINT));
    STREAM_BEGIN(stream, "CancelBadgedSends", PLACE(stream, place));
    stream_finish(stream,
                  seL4_CNode_CancelBadgedSends(place.node, place.index, (seL4_Uint8)place.depth));
}

// An endpoint that nobody may send to answers every invocation.
void step_mute_endpoint(struct stream *stream)
{
    const seL4_CapRights_t rights = {{rng_below(&stream->rng, 16) & ~1u}}; // bit 0: write
    const seL4_CPtr source = stream_pick(stream, KIND_ENDPOINT);
    const seL4_CPtr dest = stream_pick(stream, KIND_NULL);
    if (stream_kind(stream, source) != KIND_ENDPOINT || stream_kind(stream, dest) != KIND_NULL) {
        return;
    }
    STREAM_BEGIN(stream, "Copy", dest, source, rights.words[0]);
    const seL4_Error error =
        seL4_CNode_Copy(seL4_CapInitThreadCNode, dest, seL4_WordBits, seL4_CapInitThreadCNode,
                        source, seL4_WordBits, rights);
    stream_finish(stream, error);
    if (error == seL4_NoError) {
        STREAM_BEGIN(stream, "Retype", dest);
        stream_finish(stream, seL4_Untyped_Retype(dest, seL4_EndpointObject, 0,
                                                  seL4_CapInitThreadCNode, 0, 0, dest, 1));
        STREAM_BEGIN(stream, "Page_Unmap", dest);
        stream_finish(stream, arch_unmap_frame(dest));
    }
}
