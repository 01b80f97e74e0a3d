/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Untyped_Retype.
#include "stream.h"

struct retype {
    seL4_CPtr untyped;
    seL4_Word type;
    seL4_Word size_bits;
    seL4_CPtr root;
    seL4_Word index;
    seL4_Word depth;
    seL4_Word offset;
    seL4_Word count;
};

static seL4_Word choose_type(struct rng *rng)
{
    static const seL4_Word types[] = {
        seL4_UntypedObject,
        seL4_UntypedObject,
        seL4_UntypedObject,
        seL4_UntypedObject,
        seL4_TCBObject,
        seL4_EndpointObject,
        seL4_EndpointObject,
        seL4_NotificationObject,
        seL4_CapTableObject,
        seL4_CapTableObject,
        seL4_CapTableObject,
        seL4_X86_4K,
        seL4_X86_4K,
        seL4_X86_4K,
        seL4_X86_LargePageObject,
        seL4_X64_HugePageObject,
        seL4_X86_PageTableObject,
        seL4_X86_PageDirectoryObject,
        seL4_X86_PDPTObject,
        seL4_X64_PML4Object,
        seL4_X86_PageTableObject,
        seL4_X86_PDPTObject,
        seL4_X64_PML4Object,
        seL4_X86_PageDirectoryObject,
        seL4_TCBObject,
    };
    static const seL4_Word strange[] = {seL4_ObjectTypeCount, 99, ~(seL4_Word)0, (seL4_Word)1 << 32,
                                        seL4_ObjectTypeCount - 1};
    if (rng_percent(rng, 3)) {
        return strange[rng_below(rng, sizeof(strange) / sizeof(strange[0]))];
    }
    return types[rng_below(rng, sizeof(types) / sizeof(types[0]))];
}

static seL4_Word choose_size(struct rng *rng, seL4_Word type)
{
    if (rng_percent(rng, 8)) {
        return rng_below(rng, 71);
    }
    if (rng_percent(rng, 1)) {
        return rng_next(rng);
    }
    if (type == seL4_CapTableObject) {
        return rng_percent(rng, 85) ? rng_from(rng, 1, 5) : rng_from(rng, 6, 10);
    }
    if (type != seL4_UntypedObject) {
        return 0;
    }
    return rng_percent(rng, 40)   ? 12
           : rng_percent(rng, 70) ? rng_from(rng, 10, 16)
                                  : rng_from(rng, 4, 22);
}

static seL4_Word choose_count(struct rng *rng)
{
    static const seL4_Word counts[] = {
        0, 1, 2, 16, 64, 128, 192, 255, 256, 257, 258, (seL4_Word)1 << 40, ~(seL4_Word)0};
    if (rng_percent(rng, 12)) {
        return counts[rng_below(rng, sizeof(counts) / sizeof(counts[0]))];
    }
    return rng_percent(rng, 70) ? 1 : rng_from(rng, 1, 8);
}

static void into_cnode(struct stream *stream, struct retype *retype)
{
    struct rng *const rng = &stream->rng;
    const seL4_CPtr node = stream_aim(stream, KIND_CNODE);
    const struct shape *const shape = stream_shape(stream, node);
    const seL4_Word size = (seL4_Word)1 << (shape->radix_bits & 63u);
    retype->root = node;
    if (rng_percent(rng, 50)) {
        retype->root = seL4_CapInitThreadCNode;
        retype->index = node;
        retype->depth = seL4_WordBits;
    } else if (rng_percent(rng, 20)) {
        retype->index = rng_below(rng, 1024);
        retype->depth =
            rng_percent(rng, 70) ? shape->radix_bits + shape->guard_bits : stream_depth(stream);
    }
    retype->offset = rng_percent(rng, 60) ? 0 : rng_below(rng, size + 2);
}

// Where the objects go. Offsets in the root CNode are window slots, or beyond its end.
static void choose_destination(struct stream *stream, struct retype *retype)
{
    struct rng *const rng = &stream->rng;
    const unsigned choice = rng_below(rng, 100);
    retype->root = seL4_CapInitThreadCNode;
    retype->offset = stream_pick(stream, KIND_NULL);
    if (choice < 70) {
        if (rng_percent(rng, 2)) {
            retype->offset = (stream->window + STREAM_WINDOW) << rng_below(rng, 45);
        }
    } else if (choice < 94) {
        into_cnode(stream, retype);
    } else if (choice < 97) {
        retype->index = stream_any_slot(stream);
        retype->index |= rng_next(rng) << 40;
        retype->depth = stream_depth(stream);
    } else {
        retype->root = stream_any_slot(stream);
        retype->index = rng_next(rng);
        retype->depth = stream_depth(stream);
        retype->offset = rng_next(rng);
        retype->offset >>= rng_below(rng, 64);
    }
}

static void remember_shapes(struct stream *stream, const struct retype *retype)
{
    // A notification takes any count: only as many as the window has matter.
    for (seL4_Word i = 0; i < retype->count && i < STREAM_WINDOW; i++) {
        struct shape *const shape = stream_shape(stream, retype->offset + i);
        *shape = (struct shape){0};
        if (retype->type == seL4_CapTableObject) {
            shape->radix_bits = (unsigned)retype->size_bits;
        }
    }
}

void step_retype(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    struct retype retype = {.type = choose_type(rng)};
    retype.count = choose_count(rng);
    retype.size_bits = choose_size(rng, retype.type);
    if (rng_percent(rng, 60)) {
        // Mostly one of the two large ones.
        retype.untyped = stream->roots[rng_below(rng, rng_percent(rng, 60) ? 2 : STREAM_ROOTS)];
    } else {
        retype.untyped = stream_service(stream, KIND_UNTYPED);
    }
    choose_destination(stream, &retype);
    STREAM_BEGIN(stream, "Retype", stream_name(stream, retype.untyped), retype.type,
                 retype.size_bits, retype.root, retype.index, retype.depth, retype.offset,
                 retype.count);
    const seL4_Error error =
        seL4_Untyped_Retype(retype.untyped, retype.type, retype.size_bits, retype.root,
                            retype.index, retype.depth, retype.offset, retype.count);
    stream_finish(stream, error);
    if (error == seL4_NoError && retype.root == seL4_CapInitThreadCNode && retype.depth == 0) {
        remember_shapes(stream, &retype);
    }
}
