/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Choosing what to invoke, where, and with which arguments.
//
// One random number an expression: compilers differ in the order of evaluation.
//
// What must not happen: an invocation of an endpoint (it blocks), or anything that takes a slot outside
// the window away. So addresses in the root CNode name window slots, or nothing that resolves.
#include "stream.h"

enum { TRIES = 20 };

// A name that does not depend on where boot untypeds are.
seL4_Word stream_name(const struct stream *stream, seL4_CPtr cptr)
{
    for (unsigned i = 0; i < STREAM_ROOTS; i++) {
        if (stream->roots[i] == cptr) {
            return 0x1000000 + i;
        }
    }
    return cptr;
}

enum kind stream_kind(const struct stream *stream, seL4_CPtr cptr)
{
    const seL4_Uint32 tag = seL4_DebugCapIdentify(cptr);
    if (tag == 0) {
        return KIND_NULL;
    }
    for (unsigned kind = KIND_UNTYPED; kind < KIND_COUNT; kind++) {
        if (stream->tags[kind] == tag) {
            return (enum kind)kind;
        }
    }
    return KIND_OTHER;
}

bool stream_in_window(const struct stream *stream, seL4_CPtr slot)
{
    return slot - stream->window < STREAM_WINDOW;
}

struct shape *stream_shape(struct stream *stream, seL4_CPtr slot)
{
    static struct shape none;
    none = (struct shape){0};
    return stream_in_window(stream, slot) ? &stream->shapes[slot - stream->window] : &none;
}

seL4_CPtr stream_any_slot(struct stream *stream)
{
    return stream->window + rng_below(&stream->rng, STREAM_WINDOW);
}

seL4_CPtr stream_pick(struct stream *stream, enum kind kind)
{
    seL4_CPtr slot = stream_any_slot(stream);
    for (unsigned i = 0; i < TRIES && stream_kind(stream, slot) != kind; i++) {
        slot = stream_any_slot(stream);
    }
    return slot;
}

seL4_CPtr stream_aim(struct stream *stream, enum kind kind)
{
    return rng_percent(&stream->rng, 90) ? stream_pick(stream, kind) : stream_any_slot(stream);
}

// Slot 0 is never filled: its answer is the same whatever is asked.
seL4_CPtr stream_service(struct stream *stream, enum kind kind)
{
    const seL4_CPtr slot = stream_aim(stream, kind);
    return stream_kind(stream, slot) == KIND_ENDPOINT ? (seL4_CPtr)seL4_CapNull : slot;
}

struct place stream_plain_place(seL4_CPtr slot)
{
    return (struct place){seL4_CapInitThreadCNode, slot, seL4_WordBits};
}

seL4_Word stream_depth(struct stream *stream)
{
    return rng_below(&stream->rng, seL4_WordBits + 7);
}

static seL4_Word append(struct stream *stream, seL4_Word index, const struct shape *shape)
{
    const seL4_Word below = ((seL4_Word)1 << (shape->radix_bits & 63u)) - 1;
    const seL4_Word local = (seL4_Word)rng_next(&stream->rng) & below;
    if (shape->radix_bits + shape->guard_bits >= seL4_WordBits) {
        return local;
    }
    return index << (shape->radix_bits + shape->guard_bits) | shape->guard << shape->radix_bits |
           local;
}

// In a CNode of the window, or in one in it.
static struct place nested_place(struct stream *stream)
{
    const seL4_CPtr node = stream_service(stream, KIND_CNODE);
    const struct shape *shape = stream_shape(stream, node);
    struct place place = {node, append(stream, 0, shape), shape->radix_bits + shape->guard_bits};
    if (rng_percent(&stream->rng, 15)) {
        shape = stream_shape(stream, stream_any_slot(stream));
        place.index = append(stream, place.index, shape);
        place.depth += shape->radix_bits + shape->guard_bits;
    }
    if (rng_percent(&stream->rng, 8)) {
        place.depth = stream_depth(stream);
    }
    if (rng_percent(&stream->rng, 8)) {
        place.index = (seL4_Word)rng_next(&stream->rng);
    }
    place.depth &= 0xff;
    return place;
}

static struct place wild_place(struct stream *stream, seL4_CPtr slot)
{
    struct place place = {seL4_CapInitThreadCNode, slot, seL4_WordBits};
    switch (rng_below(&stream->rng, 4)) {
    case 0:
        place.depth = stream_depth(stream);
        break;
    case 1:
        // The root CNode's guard is not 0 there.
        place.index |= (seL4_Word)rng_next(&stream->rng) << (seL4_WordBits / 2) |
                       (seL4_Word)1 << (seL4_WordBits - 8);
        break;
    case 2:
        place.node = stream_service(stream, KIND_OTHER);
        break;
    default:
        place.node = stream_service(stream, KIND_CNODE);
        place.index = (seL4_Word)rng_next(&stream->rng);
        place.depth = stream_depth(stream);
        break;
    }
    return place;
}

struct place stream_place(struct stream *stream, seL4_CPtr slot)
{
    const unsigned choice = rng_below(&stream->rng, 100);
    if (choice < 72) {
        return stream_plain_place(slot);
    }
    return choice < 94 ? nested_place(stream) : wild_place(stream, slot);
}

// Guards of a few bits, all of them sometimes.
seL4_Word stream_guard_data(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_Word guard = rng_percent(rng, 50) ? 0 : rng_below(rng, 256);
    const seL4_Word bits = rng_percent(rng, 80) ? rng_below(rng, 9) : rng_below(rng, seL4_WordBits);
    return rng_percent(rng, 3) ? (seL4_Word)rng_next(rng)
                               : seL4_CNode_CapData_new(guard, bits).words[0];
}
