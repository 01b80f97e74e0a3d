/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Address spaces: frames, paging structures and ASIDs.
#include "stream_arch.h"

// A few tables' worth of addresses, so that they meet; unaligned ones; ones that users do not have.
static seL4_Word choose_address(struct stream *stream, bool is_own_vspace, unsigned align_bits)
{
    // Not in the own VSpace, where hosts have something.
    enum { LOW_EDGES = 2, REFUSED_EDGES = 5 };
    static const seL4_Word low_edges[LOW_EDGES] = {0, 0x400000};
    struct rng *const rng = &stream->rng;
    const unsigned choice = rng_below(rng, 100);
    if (choice < 8) {
        const unsigned all = is_own_vspace ? REFUSED_EDGES : ARCH_EDGES + LOW_EDGES;
        const unsigned edge = rng_below(rng, all);
        return edge < ARCH_EDGES ? stream_arch.edges[edge] : low_edges[edge - ARCH_EDGES];
    }
    seL4_Word address = stream_arch.region;
    for (unsigned i = 0; i < ARCH_STRIDES; i++) {
        const struct stride *const stride = &stream_arch.strides[i];
        if (rng_percent(rng, stride->percent)) {
            address += (seL4_Word)rng_below(rng, stride->count) << stride->bits;
        }
    }
    address = address >> align_bits << align_bits;
    return choice < 14 ? address + rng_below(rng, 1u << 21) : address;
}

static seL4_CPtr choose_vspace(struct stream *stream, bool *is_own)
{
    struct rng *const rng = &stream->rng;
    *is_own = rng_percent(rng, 40);
    if (*is_own) {
        return seL4_CapInitThreadVSpace;
    }
    return rng_percent(rng, 60) ? stream->assigned[rng_below(rng, STREAM_ASSIGNED)]
                                : stream_aim(stream, stream_arch.vspace);
}

static void map_frame_at(struct stream *stream, seL4_CPtr frame, seL4_CPtr vspace, seL4_Word vaddr)
{
    const seL4_CapRights_t rights = {{rng_below(&stream->rng, 16)}};
    const seL4_Word attributes = arch_attributes(&stream->rng);
    STREAM_BEGIN(stream, "Page_Map", frame, vspace, vaddr, rights.words[0], attributes);
    stream_finish(stream, arch_map_frame(frame, vspace, vaddr, rights, attributes));
}

static void unmap_frame(struct stream *stream, seL4_CPtr frame)
{
    STREAM_BEGIN(stream, "Page_Unmap", frame);
    stream_finish(stream, arch_unmap_frame(frame));
}

static void map_table_at(struct stream *stream, unsigned level, seL4_CPtr table, seL4_CPtr vspace,
                         seL4_Word vaddr)
{
    const seL4_Word attributes = arch_attributes(&stream->rng);
    STREAM_BEGIN(stream, "Table_Map", level, table, vspace, vaddr, attributes);
    stream_finish(stream, arch_map_table(level, table, vspace, vaddr, attributes));
}

void step_map_frame(struct stream *stream)
{
    bool is_own;
    const seL4_CPtr frame = stream_service(stream, KIND_FRAME);
    const seL4_CPtr vspace = choose_vspace(stream, &is_own);
    map_frame_at(stream, frame, vspace, choose_address(stream, is_own, 0));
}

void step_map_table(struct stream *stream)
{
    bool is_own;
    const unsigned level = rng_below(&stream->rng, stream_arch.levels);
    const seL4_CPtr table = stream_service(stream, arch_table_kind(level));
    const seL4_CPtr vspace = choose_vspace(stream, &is_own);
    map_table_at(stream, level, table, vspace, choose_address(stream, is_own, 0));
}

// A frame, the same again, another in its place, the first again after it was taken out.
static void map_and_remap(struct stream *stream, seL4_CPtr frame, seL4_CPtr other, seL4_CPtr vspace,
                          seL4_Word vaddr)
{
    struct rng *const rng = &stream->rng;
    map_frame_at(stream, frame, vspace, vaddr);
    map_frame_at(stream, frame, vspace, vaddr);
    if (rng_percent(rng, 50)) {
        map_frame_at(stream, other, vspace, vaddr);
    }
    if (rng_percent(rng, 30)) {
        unmap_frame(stream, frame);
        map_frame_at(stream, frame, vspace, vaddr);
    }
}

// All levels of one address, from the top, and frames.
void step_map_all(struct stream *stream)
{
    bool is_own;
    const seL4_CPtr vspace = choose_vspace(stream, &is_own);
    const seL4_Word vaddr = choose_address(stream, is_own, 0);
    for (unsigned level = stream_arch.levels; level-- > 0;) {
        map_table_at(stream, level, stream_service(stream, arch_table_kind(level)), vspace, vaddr);
    }
    const seL4_CPtr frame = stream_service(stream, KIND_FRAME);
    const seL4_CPtr other = stream_service(stream, KIND_FRAME);
    map_and_remap(stream, frame, other, vspace, vaddr);
}

// Slot 0 is never filled: what becomes of it when there is no memory.
static seL4_CPtr make_new(struct stream *stream, const struct object_type *type)
{
    struct rng *const rng = &stream->rng;
    const seL4_CPtr slot = stream_pick(stream, KIND_NULL);
    // Frames are often of devices: the large ones can be nothing else.
    const unsigned root = type->kind == KIND_FRAME && rng_percent(rng, 25)
                              ? STREAM_RAM_ROOTS + rng_below(rng, 3)
                              : rng_below(rng, 3);
    const seL4_CPtr untyped = stream->roots[root];
    STREAM_BEGIN(stream, "Retype", stream_name(stream, untyped), type->type, slot);
    const seL4_Error error =
        seL4_Untyped_Retype(untyped, type->type, 0, seL4_CapInitThreadCNode, 0, 0, slot, 1);
    stream_finish(stream, error);
    return error == seL4_NoError ? slot : 0;
}

static const struct object_type *type_of(enum kind kind)
{
    const struct object_type *type = stream_arch.types;
    while (type->kind != kind) {
        type++;
    }
    return type;
}

static const struct object_type *choose_frame_type(struct rng *rng)
{
    const struct object_type *type = type_of(KIND_FRAME);
    while (rng_percent(rng, 50) && type[1].kind == KIND_FRAME) {
        type++;
    }
    return type;
}

// The same with objects that nobody has used, and frames of all sizes where they may be.
void step_map_new(struct stream *stream)
{
    bool is_own;
    struct rng *const rng = &stream->rng;
    const seL4_CPtr vspace = choose_vspace(stream, &is_own);
    const struct object_type *const type = choose_frame_type(rng);
    const unsigned align_bits = rng_percent(rng, 90) ? type->size_bits : 0;
    const seL4_Word vaddr = choose_address(stream, is_own, align_bits);
    for (unsigned level = stream_arch.levels; level-- > 0;) {
        if (rng_percent(rng, 70)) {
            const seL4_CPtr table = make_new(stream, type_of(arch_table_kind(level)));
            map_table_at(stream, level, table, vspace, vaddr);
        }
    }
    const seL4_CPtr frame = make_new(stream, type);
    map_and_remap(stream, frame, make_new(stream, choose_frame_type(rng)), vspace, vaddr);
}

void step_unmap(struct stream *stream)
{
    if (rng_percent(&stream->rng, 50)) {
        unmap_frame(stream, stream_service(stream, KIND_FRAME));
        return;
    }
    const unsigned level = rng_below(&stream->rng, stream_arch.levels);
    const seL4_CPtr table = stream_service(stream, arch_table_kind(level));
    STREAM_BEGIN(stream, "Table_Unmap", level, table);
    stream_finish(stream, arch_unmap_table(level, table));
}

void step_get_address(struct stream *stream)
{
    const seL4_CPtr frame = stream_service(stream, KIND_FRAME);
    const bool has_result = stream_kind(stream, frame) == KIND_FRAME;
    seL4_Word paddr;
    STREAM_BEGIN(stream, "GetAddress", frame);
    const seL4_Error error = arch_frame_address(frame, &paddr);
    stream_finish_with(stream, error, has_result ? paddr : 0);
}

void step_make_pool(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_CPtr control =
        rng_percent(rng, 90) ? (seL4_CPtr)seL4_CapASIDControl : stream_service(stream, KIND_POOL);
    const seL4_CPtr untyped = rng_percent(rng, 20) ? stream->roots[rng_below(rng, STREAM_ROOTS)]
                                                   : stream_aim(stream, KIND_UNTYPED);
    const struct place dest = stream_place(stream, stream_pick(stream, KIND_NULL));
    STREAM_BEGIN(stream, "MakePool", control, stream_name(stream, untyped), dest.node, dest.index,
                 dest.depth);
    stream_finish(stream, arch_make_pool(control, untyped, dest.node, dest.index, dest.depth));
}

void step_assign(struct stream *stream)
{
    const seL4_CPtr pool = rng_percent(&stream->rng, 40) ? (seL4_CPtr)seL4_CapInitThreadASIDPool
                                                         : stream_service(stream, KIND_POOL);
    const seL4_CPtr vspace = stream_aim(stream, stream_arch.vspace);
    STREAM_BEGIN(stream, "Assign", pool, vspace);
    const seL4_Error error = arch_assign(pool, vspace);
    stream_finish(stream, error);
    if (error == seL4_NoError) {
        stream->assigned[stream->assigned_count++ % STREAM_ASSIGNED] = vspace;
    }
}
