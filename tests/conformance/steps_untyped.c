/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Untyped_Retype.
#include "stream_arch.h"

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

static const struct object_type generic_types[] = {
    {KIND_UNTYPED, seL4_UntypedObject, 4, 0},
    {KIND_TCB, seL4_TCBObject, 2, 0},
    {KIND_ENDPOINT, seL4_EndpointObject, 2, 0},
    {KIND_NOTIFICATION, seL4_NotificationObject, 1, 0},
    {KIND_CNODE, seL4_CapTableObject, 3, 0},
#ifdef CONFIG_KERNEL_MCS
    {KIND_SCHED_CONTEXT, seL4_SchedContextObject, 2, 0},
    {KIND_REPLY, seL4_ReplyObject, 1, 0},
#endif
    {0},
};

// The entry that `choice` falls on, less the weights before; NULL: it lies beyond these types.
static const struct object_type *find_type(const struct object_type *types, unsigned *choice)
{
    for (; types->weight != 0; types++) {
        if (*choice < types->weight) {
            return types;
        }
        *choice -= types->weight;
    }
    return NULL;
}

static unsigned total_weight(const struct object_type *types)
{
    unsigned total = 0;
    for (; types->weight != 0; types++) {
        total += types->weight;
    }
    return total;
}

static seL4_Word choose_type(struct rng *rng)
{
    static const seL4_Word strange[] = {seL4_ObjectTypeCount, 99, ~(seL4_Word)0,
                                        (seL4_Word)1 << (seL4_WordBits / 2),
                                        seL4_ObjectTypeCount - 1};
    if (rng_percent(rng, 3)) {
        return strange[rng_below(rng, sizeof(strange) / sizeof(strange[0]))];
    }
    unsigned choice = rng_below(rng, total_weight(generic_types) + total_weight(stream_arch.types));
    const struct object_type *type = find_type(generic_types, &choice);
    if (type == NULL) {
        type = find_type(stream_arch.types, &choice);
    }
    return type->type;
}

static bool learn_tag(struct stream *stream, const struct object_type *type)
{
    const seL4_Word size_bits = type->kind == KIND_UNTYPED         ? 12
                                : type->kind == KIND_CNODE         ? 4
                                : type->kind == KIND_SCHED_CONTEXT ? 8
                                                                   : 0;
    if (seL4_Untyped_Retype(stream->roots[0], type->type, size_bits, seL4_CapInitThreadCNode, 0, 0,
                            stream->window, 1) != seL4_NoError) {
        return false;
    }
    stream->tags[type->kind] = seL4_DebugCapIdentify(stream->window);
    (void)seL4_CNode_Delete(seL4_CapInitThreadCNode, stream->window, seL4_WordBits);
    return true;
}

// Frames of all sizes have the same: the first one will do.
static bool learn_tags_of(struct stream *stream, const struct object_type *types)
{
    bool is_done = true;
    for (; types->weight != 0 && is_done; types++) {
        is_done = stream->tags[types->kind] != 0 || learn_tag(stream, types);
    }
    return is_done;
}

bool stream_learn_tags(struct stream *stream)
{
    for (unsigned kind = 0; kind < KIND_COUNT; kind++) {
        stream->tags[kind] = 0;
    }
    stream->tags[KIND_POOL] = seL4_DebugCapIdentify(seL4_CapInitThreadASIDPool);
    return learn_tags_of(stream, generic_types) && learn_tags_of(stream, stream_arch.types);
}

static seL4_Word choose_size(struct rng *rng, seL4_Word type)
{
    if (rng_percent(rng, 8)) {
        return rng_below(rng, seL4_WordBits + 7);
    }
    if (rng_percent(rng, 1)) {
        return (seL4_Word)rng_next(rng);
    }
    if (type == seL4_CapTableObject) {
        return rng_percent(rng, 85) ? rng_from(rng, 1, 5) : rng_from(rng, 6, 10);
    }
#ifdef CONFIG_KERNEL_MCS
    if (type == seL4_SchedContextObject) {
        return rng_from(rng, seL4_MinSchedContextBits - 1, 10);
    }
#endif
    if (type != seL4_UntypedObject) {
        return 0;
    }
    return rng_percent(rng, 40)   ? 12
           : rng_percent(rng, 70) ? rng_from(rng, 10, 16)
                                  : rng_from(rng, 4, 22);
}

static seL4_Word choose_count(struct rng *rng)
{
    static const seL4_Word counts[] = {0,
                                       1,
                                       2,
                                       16,
                                       64,
                                       128,
                                       192,
                                       255,
                                       256,
                                       257,
                                       258,
                                       (seL4_Word)1 << (seL4_WordBits - 24),
                                       ~(seL4_Word)0};
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
            const unsigned room =
                seL4_WordBits - (unsigned)stream->bootinfo->initThreadCNodeSizeBits;
            retype->offset = (stream->window + STREAM_WINDOW) << rng_below(rng, room);
        }
    } else if (choice < 94) {
        into_cnode(stream, retype);
    } else if (choice < 97) {
        retype->index = stream_any_slot(stream);
        retype->index |= (seL4_Word)rng_next(rng) << (seL4_WordBits - 24);
        retype->depth = stream_depth(stream);
    } else {
        retype->root = stream_any_slot(stream);
        retype->index = (seL4_Word)rng_next(rng);
        retype->depth = stream_depth(stream);
        retype->offset = (seL4_Word)rng_next(rng);
        retype->offset >>= rng_below(rng, seL4_WordBits);
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
