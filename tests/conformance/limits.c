/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What random steps hardly reach: counts at their limits, and tables that are full. Starts and ends with
// an empty window.
#include "stream_arch.h"

enum {
    CNODE_BITS = 11,
    ROOT = 2,  // of stream->roots
    CHAIN = 8, // CNodes in each other
};

static seL4_Error retype(struct stream *stream, seL4_Word type, seL4_Word size_bits, seL4_CPtr root,
                         seL4_Word offset, seL4_Word count)
{
    const seL4_CPtr untyped = stream->roots[ROOT];
    STREAM_BEGIN(stream, "Retype", stream_name(stream, untyped), type, size_bits, root, offset,
                 count);
    const seL4_Error error =
        seL4_Untyped_Retype(untyped, type, size_bits, root, 0, 0, offset, count);
    stream_finish(stream, error);
    return error;
}

static void revoke(struct stream *stream, seL4_CPtr slot)
{
    STREAM_BEGIN(stream, "Revoke", stream_name(stream, slot));
    stream_finish(stream, seL4_CNode_Revoke(seL4_CapInitThreadCNode, slot, seL4_WordBits));
}

static void move(struct stream *stream, struct place dest, struct place source)
{
    STREAM_BEGIN(stream, "Move", dest.node, dest.index, dest.depth, source.node, source.index,
                 source.depth);
    stream_finish(stream, seL4_CNode_Move(dest.node, dest.index, (seL4_Uint8)dest.depth,
                                          source.node, source.index, (seL4_Uint8)source.depth));
}

// Batches as long as the kernel allows, and one longer.
static void fan_out(struct stream *stream, seL4_CPtr node)
{
    static const seL4_Word counts[] = {255, 256, 257, 0};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        (void)retype(stream, seL4_EndpointObject, 0, node, i * 256, counts[i]);
        (void)retype(stream, seL4_NotificationObject, 0, node, i * 256 + 254, counts[i]);
    }
}

static struct place in_node(seL4_CPtr node, seL4_Word index)
{
    return (struct place){node, index, CNODE_BITS};
}

// Pools until no index is left. They and the untypeds they are made of wait in a CNode; the first comes
// back.
static void make_pools(struct stream *stream, seL4_CPtr node, seL4_CPtr pool)
{
    const seL4_CPtr untyped = pool + 1;
    for (unsigned i = 0; i < (1u << seL4_NumASIDPoolsBits) + 1u; i++) {
        (void)retype(stream, seL4_UntypedObject, seL4_ASIDPoolBits, seL4_CapInitThreadCNode,
                     untyped, 1);
        STREAM_BEGIN(stream, "MakePool", untyped, pool);
        stream_finish(stream, arch_make_pool(seL4_CapASIDControl, untyped, seL4_CapInitThreadCNode,
                                             pool, seL4_WordBits));
        move(stream, in_node(node, 2 * i), stream_plain_place(pool));
        move(stream, in_node(node, 2 * i + 1), stream_plain_place(untyped));
    }
    move(stream, stream_plain_place(pool), in_node(node, 0));
}

static seL4_Word vspace_type(void)
{
    const struct object_type *type = stream_arch.types;
    while (type->kind != stream_arch.vspace) {
        type++;
    }
    return type->type;
}

// VSpaces until the pool is full; they wait in another CNode.
static void fill_pool(struct stream *stream, seL4_CPtr node, seL4_CPtr pool, seL4_CPtr slot)
{
    for (seL4_Word i = 0; i < (1u << seL4_ASIDPoolIndexBits) + 2u; i++) {
        (void)retype(stream, vspace_type(), 0, seL4_CapInitThreadCNode, slot, 1);
        STREAM_BEGIN(stream, "Assign", pool, slot);
        stream_finish(stream, arch_assign(pool, slot));
        move(stream, in_node(node, i), stream_plain_place(slot));
    }
}

// CNodes in each other: the way in gets longer, then the first is deleted with all in it.
static void chain(struct stream *stream, seL4_CPtr first)
{
    seL4_Word depth = 0;
    (void)retype(stream, seL4_CapTableObject, 1, seL4_CapInitThreadCNode, first, CHAIN);
    for (unsigned i = 1; i < CHAIN; i++) {
        depth++;
        move(stream, (struct place){first, (seL4_Word)1 << depth >> 1, depth},
             (struct place){seL4_CapInitThreadCNode, first + i, seL4_WordBits});
        STREAM_BEGIN(stream, "Retype", i, depth);
        stream_finish(stream, seL4_Untyped_Retype(stream->roots[ROOT], seL4_EndpointObject, 0,
                                                  first, (seL4_Word)1 << depth >> 1, depth, 1, 1));
    }
    // A knot: the last one holds the first.
    move(stream, (struct place){first, (seL4_Word)1 << depth, depth + 1},
         (struct place){seL4_CapInitThreadCNode, first, seL4_WordBits});
}

void stream_limits(struct stream *stream)
{
    const seL4_CPtr node = stream->window;
    (void)retype(stream, seL4_CapTableObject, CNODE_BITS, seL4_CapInitThreadCNode, node, 1);
    fan_out(stream, node);
    revoke(stream, stream->roots[ROOT]);
    (void)retype(stream, seL4_CapTableObject, CNODE_BITS, seL4_CapInitThreadCNode, node, 2);
    make_pools(stream, node, node + 2);
    fill_pool(stream, node + 1, node + 2, node + 4);
    revoke(stream, stream->roots[ROOT]);
    for (unsigned i = 0; i < 2; i++) {
        chain(stream, node);
        revoke(stream, stream->roots[ROOT]);
    }
    for (unsigned i = 0; i < CHAIN; i++) {
        (void)retype(stream, seL4_CapTableObject, 1, seL4_CapInitThreadCNode, node + i, 1);
    }
    revoke(stream, stream->roots[ROOT]);
}
