/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What differs between architectures: steps_x86.c, steps_arm.c and steps_riscv.c each define all of this,
// and compile to nothing on the others.
#pragma once

#include "stream.h"

// A type of object, and how often to choose it.
struct object_type {
    enum kind kind;
    seL4_Word type;
    unsigned weight;
    unsigned size_bits; // of a frame
};

// Addresses that meet: `count` of them, 2^bits bytes apart, in `percent` of all choices (else the first).
struct stride {
    unsigned bits;
    unsigned count;
    unsigned percent;
};

enum {
    ARCH_STRIDES = 4,
    ARCH_EDGES = 8,
};

struct stream_arch {
    const struct object_type *types; // ends with weight 0
    enum kind vspace;                // what a top-level structure is
    unsigned levels;                 // structures between it and the smallest frames
    seL4_Word region; // addresses for mappings: free in a root task, and in host programs
    struct stride strides[ARCH_STRIDES];
    seL4_Word edges[ARCH_EDGES]; // where no frame can be mapped; UserTop and its like
};
extern const struct stream_arch stream_arch;

// The kind of structure of this level; 0 is the one that holds the smallest frames.
enum kind arch_table_kind(unsigned level);

seL4_Error arch_map_frame(seL4_CPtr frame, seL4_CPtr vspace, seL4_Word vaddr,
                          seL4_CapRights_t rights, seL4_Word attributes);
seL4_Error arch_unmap_frame(seL4_CPtr frame);
seL4_Error arch_map_table(unsigned level, seL4_CPtr table, seL4_CPtr vspace, seL4_Word vaddr,
                          seL4_Word attributes);
seL4_Error arch_unmap_table(unsigned level, seL4_CPtr table);
seL4_Error arch_frame_address(seL4_CPtr frame, seL4_Word *paddr);
seL4_Error arch_make_pool(seL4_CPtr control, seL4_CPtr untyped, seL4_CPtr root, seL4_Word index,
                          seL4_Word depth);
seL4_Error arch_assign(seL4_CPtr pool, seL4_CPtr vspace);

// Attributes of mappings: mostly the default.
seL4_Word arch_attributes(struct rng *rng);

// One invocation that makes an interrupt's capability, or none. Only interrupts of no device that this
// machine has. True: `dest`, a place of the window, holds one now.
bool arch_issue_irq(struct stream *stream, struct place dest);
// Invocations that only this architecture has.
void arch_step(struct stream *stream);
