/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#include "stream.h"

// The boot untypeds to work with. Their addresses do not depend on the size of the root task.
static const struct {
    uint64_t paddr;
    unsigned size_bits;
} untypeds[STREAM_ROOTS] = {
    {0x1f400000, 22}, {0x1f100000, 20}, {0x1f040000, 18}, {0x1f010000, 16},   {0x1f00c000, 14},
    {0x1f00a000, 13}, {0x1f009000, 12}, {0x1f008800, 11}, {0x20000000, 29},   {0x40000000, 30},
    {0xfec01000, 12}, {0xfffff000, 11}, {0xffffffe0, 4},  {0x8000000000, 46},
};

static const struct {
    void (*make)(struct stream *);
    unsigned weight;
} makers[] = {
    {step_retype, 260},      {step_delete, 60},      {step_sweep, 2},
    {step_revoke, 25},       {step_revoke_root, 3},  {step_copy, 70},
    {step_mint, 80},         {step_move, 60},        {step_mutate, 50},
    {step_rotate, 50},       {step_save_caller, 6},  {step_cancel_badged_sends, 10},
    {step_mute_endpoint, 3}, {step_map_frame, 70},   {step_map_table, 70},
    {step_map_all, 30},      {step_unmap, 40},       {step_get_address, 15},
    {step_make_pool, 12},    {step_assign, 45},      {step_io_port, 5},
    {step_irq, 12},          {step_set_space, 30},   {step_configure, 25},
    {step_ipc_buffer, 20},   {step_priority, 15},    {step_bind, 15},
    {step_registers, 12},    {step_thread_rest, 10},
};

static void fold(struct stream *stream, seL4_Word word)
{
    uint64_t x = (stream->digest ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
    stream->digest = x ^ (x >> 32);
}

// How many message words an error defines; what the others hold is left over from the arguments.
static unsigned words_defined(seL4_Error error)
{
    switch (error) {
    case seL4_InvalidArgument:
    case seL4_InvalidCapability:
    case seL4_NotEnoughMemory:
        return 1;
    case seL4_RangeError:
        return 2;
    case seL4_FailedLookup:
        switch (seL4_GetMR(1)) {
        case seL4_InvalidRoot:
            return 2;
        case seL4_MissingCapability:
            return 3;
        case seL4_DepthMismatch:
            return 4;
        default:
            return 5;
        }
    default:
        return 0;
    }
}

void stream_begin(struct stream *stream, const char *name, const seL4_Word *args, size_t count)
{
    struct step *const step = &stream->step;
    step->name = name;
    step->arg_count = (unsigned)count;
    for (size_t i = 0; i < count && i < STREAM_ARGS; i++) {
        step->args[i] = args[i];
    }
}

static void print_step(const struct stream *stream)
{
    const struct step *const step = &stream->step;
    conformance_print_word("", stream->seed, 10);
    conformance_print_word(" ", stream->count, 10);
    conformance_print(" ");
    conformance_print(step->name);
    for (unsigned i = 0; i < step->arg_count; i++) {
        conformance_print_word(" ", step->args[i], 16);
    }
    conformance_print_word(" -> ", (uint64_t)step->error, 10);
    for (unsigned i = 0; i < step->word_count; i++) {
        conformance_print_word(" ", step->words[i], 16);
    }
    conformance_print("\n");
}

// What is in the window goes into the digest, too.
static void print_digest(struct stream *stream)
{
    for (unsigned i = 0; i < STREAM_WINDOW; i++) {
        fold(stream, seL4_DebugCapIdentify(stream->window + i));
    }
    conformance_print_word("", stream->seed, 10);
    conformance_print_word(" ", stream->count, 10);
    conformance_print_word(" ", stream->digest, 16);
    conformance_print_word(" ", stream->refused, 10);
    conformance_print("\n");
}

static void finish(struct stream *stream)
{
    const struct step *const step = &stream->step;
    const bool is_printed = stream->count >= stream->print_from && stream->count < stream->print_to;
    fold(stream, (seL4_Word)step->error);
    for (unsigned i = 0; i < step->arg_count; i++) {
        fold(stream, step->args[i]);
    }
    for (unsigned i = 0; i < step->word_count; i++) {
        fold(stream, step->words[i]);
    }
    if (is_printed) {
        print_step(stream);
    }
    stream->count++;
    stream->refused += step->error != seL4_NoError;
    if (stream->count % STREAM_EVERY == 0) {
        print_digest(stream);
    }
}

void stream_finish(struct stream *stream, seL4_Error error)
{
    struct step *const step = &stream->step;
    step->error = error;
    step->word_count = error == seL4_NoError ? 0 : words_defined(error);
    for (unsigned i = 0; i < step->word_count; i++) {
        step->words[i] = seL4_GetMR((int)i);
    }
    finish(stream);
}

void stream_finish_with(struct stream *stream, seL4_Error error, seL4_Word result)
{
    if (error != seL4_NoError) {
        stream_finish(stream, error);
        return;
    }
    stream->step.error = error;
    stream->step.word_count = 1;
    stream->step.words[0] = result;
    finish(stream);
}

static void clear(const struct stream *stream)
{
    for (unsigned i = 0; i < STREAM_ROOTS; i++) {
        (void)seL4_CNode_Revoke(seL4_CapInitThreadCNode, stream->roots[i], seL4_WordBits);
    }
    for (unsigned i = 0; i < STREAM_WINDOW; i++) {
        (void)seL4_CNode_Delete(seL4_CapInitThreadCNode, stream->window + i, seL4_WordBits);
    }
}

static bool find_roots(struct stream *stream)
{
    const seL4_BootInfo *const bootinfo = stream->bootinfo;
    const seL4_Word count = bootinfo->untyped.end - bootinfo->untyped.start;
    unsigned found = 0;
    for (unsigned i = 0; i < STREAM_ROOTS; i++) {
        for (seL4_Word j = 0; j < count; j++) {
            const seL4_UntypedDesc *const desc = &bootinfo->untypedList[j];
            if (desc->paddr == untypeds[i].paddr && desc->sizeBits == untypeds[i].size_bits) {
                stream->roots[i] = bootinfo->untyped.start + j;
                found++;
            }
        }
    }
    return found == STREAM_ROOTS;
}

// What the kernel calls each kind: ask it about one of each.
static bool learn_tags(struct stream *stream)
{
    static const struct {
        enum kind kind;
        seL4_Word type;
        seL4_Word size_bits;
    } samples[] = {
        {KIND_UNTYPED, seL4_UntypedObject, 12},  {KIND_TCB, seL4_TCBObject, 0},
        {KIND_ENDPOINT, seL4_EndpointObject, 0}, {KIND_NOTIFICATION, seL4_NotificationObject, 0},
        {KIND_CNODE, seL4_CapTableObject, 4},    {KIND_FRAME, seL4_X86_4K, 0},
        {KIND_PT, seL4_X86_PageTableObject, 0},  {KIND_PD, seL4_X86_PageDirectoryObject, 0},
        {KIND_PDPT, seL4_X86_PDPTObject, 0},     {KIND_VSPACE, seL4_X64_PML4Object, 0},
    };
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        if (seL4_Untyped_Retype(stream->roots[0], samples[i].type, samples[i].size_bits,
                                seL4_CapInitThreadCNode, 0, 0, stream->window, 1) != seL4_NoError) {
            return false;
        }
        stream->tags[samples[i].kind] = seL4_DebugCapIdentify(stream->window);
        (void)seL4_CNode_Delete(seL4_CapInitThreadCNode, stream->window, seL4_WordBits);
    }
    stream->tags[KIND_POOL] = seL4_DebugCapIdentify(seL4_CapInitThreadASIDPool);
    return true;
}

bool stream_run(struct stream *stream, const seL4_BootInfo *bootinfo, seL4_Word seed,
                unsigned long count)
{
    unsigned total = 0;
    stream->bootinfo = bootinfo;
    stream->seed = seed;
    stream->rng.state = seed;
    stream->window = bootinfo->empty.end - STREAM_WINDOW;
    stream->count = 0;
    stream->refused = 0;
    stream->digest = seed;
    for (unsigned i = 0; i < STREAM_WINDOW; i++) {
        stream->shapes[i] = (struct shape){0};
    }
    if (!find_roots(stream) || !learn_tags(stream)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
        total += makers[i].weight;
    }
    stream_limits(stream);
    while (stream->count < count) {
        unsigned choice = rng_below(&stream->rng, total);
        size_t i = 0;
        while (choice >= makers[i].weight) {
            choice -= makers[i].weight;
            i++;
        }
        makers[i].make(stream);
    }
    clear(stream);
    return true;
}
