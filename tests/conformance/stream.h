/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// A stream of random invocations, valid and not, that is the same on a real kernel and on the model as
// long as both answer the same: every choice comes from the seed and from answers. Freestanding.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sel4/sel4.h>

#include "print.h"
#include "rng.h"

enum {
    STREAM_WINDOW = 192, // slots it works in: the last of the root CNode
    STREAM_ROOTS = 14,   // boot untypeds it works with
    STREAM_EVERY = 1000, // steps between two lines of answers
    STREAM_ARGS = 12,
    STREAM_WORDS = 5,
};

enum kind {
    KIND_NULL,
    KIND_UNTYPED,
    KIND_TCB,
    KIND_ENDPOINT,
    KIND_NOTIFICATION,
    KIND_CNODE,
    KIND_FRAME,
    KIND_PT,
    KIND_PD,
    KIND_PDPT,
    KIND_VSPACE,
    KIND_POOL,
    KIND_COUNT,
    KIND_OTHER = KIND_COUNT,
};

// What a CNode capability probably looks like: only for choosing addresses that hit.
struct shape {
    unsigned radix_bits;
    unsigned guard_bits;
    seL4_Word guard;
};

// One invocation and its answer.
struct step {
    const char *name;
    seL4_Word args[STREAM_ARGS];
    unsigned arg_count;
    seL4_Error error;
    seL4_Word words[STREAM_WORDS]; // those that the error defines; a result
    unsigned word_count;
};

struct stream {
    const seL4_BootInfo *bootinfo;
    struct rng rng;
    seL4_Word seed;
    seL4_CPtr window; // its first slot
    seL4_CPtr roots[STREAM_ROOTS];
    seL4_Uint32 tags[KIND_COUNT]; // what seL4_DebugCapIdentify() answers
    struct shape shapes[STREAM_WINDOW];
    struct step step;
    unsigned long count;
    unsigned long refused;
    uint64_t digest;
    unsigned long print_from; // steps to print in full: [print_from, print_to)
    unsigned long print_to;
};

// A slot as CNode invocations name it.
struct place {
    seL4_CPtr node;
    seL4_Word index;
    seL4_Word depth;
};

// Run `count` invocations (a few more at the end of a group) and print a line every STREAM_EVERY.
// False: the boot information lacks an untyped. Everything is undone afterwards.
bool stream_run(struct stream *stream, const seL4_BootInfo *bootinfo, seL4_Word seed,
                unsigned long count);

// stream.c: steps. Begin, invoke, finish, with no other call between the last two.
void stream_begin(struct stream *stream, const char *name, const seL4_Word *args, size_t count);
void stream_finish(struct stream *stream, seL4_Error error);
void stream_finish_with(struct stream *stream, seL4_Error error, seL4_Word result);
#define STREAM_BEGIN(stream, name, ...)                                                            \
    stream_begin((stream), (name), (const seL4_Word[]){__VA_ARGS__},                               \
                 sizeof((const seL4_Word[]){__VA_ARGS__}) / sizeof(seL4_Word))

// operands.c
seL4_Word stream_name(const struct stream *stream, seL4_CPtr cptr);
enum kind stream_kind(const struct stream *stream, seL4_CPtr cptr);
bool stream_in_window(const struct stream *stream, seL4_CPtr slot);
struct shape *stream_shape(struct stream *stream, seL4_CPtr slot);
seL4_CPtr stream_any_slot(struct stream *stream);
seL4_CPtr stream_pick(struct stream *stream, enum kind kind);    // probably of that kind
seL4_CPtr stream_aim(struct stream *stream, enum kind kind);     // sometimes another on purpose
seL4_CPtr stream_service(struct stream *stream, enum kind kind); // safe to invoke
struct place stream_place(struct stream *stream, seL4_CPtr slot);
struct place stream_plain_place(seL4_CPtr slot);
seL4_Word stream_depth(struct stream *stream);
seL4_Word stream_address(struct stream *stream, bool is_own_vspace);
seL4_CPtr stream_vspace(struct stream *stream, bool *is_own);
seL4_Word stream_guard_data(struct stream *stream);

// limits.c: once, before the random steps.
void stream_limits(struct stream *stream);

// steps_*.c: each makes one step or a few.
void step_retype(struct stream *stream);
void step_copy(struct stream *stream);
void step_mint(struct stream *stream);
void step_move(struct stream *stream);
void step_mutate(struct stream *stream);
void step_rotate(struct stream *stream);
void step_delete(struct stream *stream);
void step_sweep(struct stream *stream);
void step_revoke(struct stream *stream);
void step_revoke_root(struct stream *stream);
void step_cancel_badged_sends(struct stream *stream);
void step_save_caller(struct stream *stream);
void step_mute_endpoint(struct stream *stream);
void step_map_frame(struct stream *stream);
void step_map_table(struct stream *stream);
void step_map_all(struct stream *stream);
void step_unmap(struct stream *stream);
void step_get_address(struct stream *stream);
void step_make_pool(struct stream *stream);
void step_assign(struct stream *stream);
void step_io_port(struct stream *stream);
void step_irq(struct stream *stream);
void step_set_space(struct stream *stream);
void step_configure(struct stream *stream);
void step_ipc_buffer(struct stream *stream);
void step_priority(struct stream *stream);
void step_bind(struct stream *stream);
void step_registers(struct stream *stream);
void step_thread_rest(struct stream *stream);
