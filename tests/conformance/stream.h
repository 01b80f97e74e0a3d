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
    STREAM_WINDOW = 192,  // slots it works in: the last of the root CNode
    STREAM_ROOTS = 15,    // boot untypeds it works with
    STREAM_RAM_ROOTS = 9, // the first of them
    STREAM_EVERY = 100,   // steps between two digests
    STREAM_ARGS = 12,
    STREAM_WORDS = 5,
    STREAM_ASSIGNED = 4,
};

enum kind {
    KIND_NULL,
    KIND_UNTYPED,
    KIND_TCB,
    KIND_ENDPOINT,
    KIND_NOTIFICATION,
    KIND_CNODE,
    KIND_SCHED_CONTEXT,
    KIND_REPLY,
    KIND_IRQ,
    KIND_FRAME,
    KIND_PT,
    KIND_PD,
    KIND_PDPT,
    KIND_VSPACE,
    KIND_POOL,
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    KIND_VCPU,
#endif
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
    seL4_CPtr assigned[STREAM_ASSIGNED]; // slots that VSpaces with an ASID were in lately
    unsigned assigned_count;
    struct step step;
    unsigned long count;
    bool is_verbose; // answers are printed with the invocations
    uint64_t digest; // of all choices, answers and what is in the window
};

// A slot as CNode invocations name it.
struct place {
    seL4_CPtr node;
    seL4_Word index;
    seL4_Word depth;
};

// Run `count` invocations (a few more at the end of a group) and hand each answer to stream_answer(). False: the
// boot information lacks untypeds. Everything is undone afterwards.
bool stream_run(struct stream *stream, const seL4_BootInfo *bootinfo, seL4_Word seed,
                unsigned long count);

// answers.c: the start of a seed, the answer in stream->step, the digest of all so far.
void stream_start(const struct stream *stream);
void stream_answer(const struct stream *stream);
void stream_check(const struct stream *stream);

// The error, then the words.
void stream_print_answer(const struct stream *stream); // Name and arguments of the invocation.
void stream_print_step(const struct stream *stream);

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
seL4_Word stream_guard_data(struct stream *stream);

// steps_untyped.c: what the kernel calls each kind: asked about one of each.
bool stream_learn_tags(struct stream *stream);

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
void step_map_new(struct stream *stream);
void step_unmap(struct stream *stream);
void step_get_address(struct stream *stream);
void step_make_pool(struct stream *stream);
void step_assign(struct stream *stream);
void step_sched_context(struct stream *stream);
void step_irq(struct stream *stream);
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
void step_vcpu(struct stream *stream);
#endif
void step_set_space(struct stream *stream);
void step_configure(struct stream *stream);
void step_ipc_buffer(struct stream *stream);
void step_priority(struct stream *stream);
void step_bind(struct stream *stream);
void step_registers(struct stream *stream);
void step_thread_rest(struct stream *stream);
