/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#include "stream_arch.h"

// The boot untypeds to work with: the nearest there are. RAM first, the two that most objects come from
// first of all; the largest is for limits.c.
static const struct {
    unsigned size_bits;
    bool is_device;
} wanted[STREAM_ROOTS] = {
    {22, false}, {20, false}, {25, false}, {18, false}, {16, false},
    {14, false}, {13, false}, {12, false}, {11, false}, {seL4_MaxUntypedBits, true},
    {30, true},  {29, true},  {12, true},  {11, true},  {4, true},
};

static const struct {
    void (*make)(struct stream *);
    unsigned weight;
} makers[] = {
    {step_retype, 260},       {step_delete, 70},     {step_sweep, 3},
    {step_revoke, 25},        {step_revoke_root, 3}, {step_copy, 70},
    {step_mint, 80},          {step_move, 60},       {step_mutate, 50},
    {step_rotate, 50},        {step_save_caller, 6}, {step_cancel_badged_sends, 10},
    {step_mute_endpoint, 3},  {step_map_frame, 70},  {step_map_table, 70},
    {step_map_all, 15},       {step_map_new, 16},    {step_unmap, 40},
    {step_get_address, 15},   {step_make_pool, 12},  {step_assign, 45},
    {arch_step, 5},           {step_irq, 15},        {step_set_space, 30},
    {step_configure, 25},     {step_ipc_buffer, 20}, {step_priority, 15},
    {step_bind, 15},          {step_registers, 12},  {step_thread_rest, 10},
    {step_sched_context, 40},
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    {step_vcpu, 40},
#endif
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

void stream_print_step(const struct stream *stream)
{
    const struct step *const step = &stream->step;
    conformance_print(step->name);
    for (unsigned i = 0; i < step->arg_count; i++) {
        conformance_print_word(" ", step->args[i], 16);
    }
}

void stream_print_answer(const struct stream *stream)
{
    const struct step *const step = &stream->step;
    conformance_print_word("", (uint64_t)step->error, 10);
    for (unsigned i = 0; i < step->word_count; i++) {
        conformance_print_word(" ", step->words[i], 16);
    }
}

static void finish(struct stream *stream)
{
    const struct step *const step = &stream->step;
    fold(stream, (seL4_Word)step->error);
    for (unsigned i = 0; i < step->arg_count; i++) {
        fold(stream, step->args[i]);
    }
    for (unsigned i = 0; i < step->word_count; i++) {
        fold(stream, step->words[i]);
    }
    stream_answer(stream);
    stream->count++;
    if (stream->count % STREAM_EVERY == 0) {
        for (unsigned i = 0; i < STREAM_WINDOW; i++) {
            fold(stream, seL4_DebugCapIdentify(stream->window + i));
        }
        stream_check(stream);
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

static bool is_root(const struct stream *stream, unsigned count, seL4_CPtr cptr)
{
    bool is_found = false;
    for (unsigned i = 0; i < count; i++) {
        is_found = is_found || stream->roots[i] == cptr;
    }
    return is_found;
}

// The untyped nearest in size to the one wanted; of several the one at the highest address, where the
// image's size does not matter. The null slot: there is none left.
static seL4_CPtr find_root(const struct stream *stream, unsigned index)
{
    const seL4_BootInfo *const bootinfo = stream->bootinfo;
    const seL4_Word count = bootinfo->untyped.end - bootinfo->untyped.start;
    seL4_CPtr best = 0;
    unsigned best_distance = ~0u;
    seL4_Word best_paddr = 0;
    for (seL4_Word i = 0; i < count; i++) {
        const seL4_UntypedDesc *const desc = &bootinfo->untypedList[i];
        const unsigned size_bits = wanted[index].size_bits;
        const unsigned distance =
            desc->sizeBits > size_bits ? desc->sizeBits - size_bits : size_bits - desc->sizeBits;
        if ((desc->isDevice != 0) == wanted[index].is_device &&
            !is_root(stream, index, bootinfo->untyped.start + i) &&
            (distance < best_distance || (distance == best_distance && desc->paddr > best_paddr))) {
            best = bootinfo->untyped.start + i;
            best_distance = distance;
            best_paddr = desc->paddr;
        }
    }
    return best;
}

static bool find_roots(struct stream *stream)
{
    bool is_found = true;
    for (unsigned i = 0; i < STREAM_ROOTS && is_found; i++) {
        stream->roots[i] = find_root(stream, i);
        is_found = stream->roots[i] != 0;
    }
    return is_found;
}

bool stream_run(struct stream *stream, const seL4_BootInfo *bootinfo, seL4_Word seed,
                unsigned long count)
{
    unsigned total = 0;
    stream->bootinfo = bootinfo;
    stream->seed = seed;
    stream->rng.state = seed;
    stream->window = bootinfo->empty.end - STREAM_WINDOW;
    stream->step = (struct step){.name = "start"};
    stream->count = 0;
    stream->digest = seed;
    stream->assigned_count = 0;
    for (unsigned i = 0; i < STREAM_WINDOW; i++) {
        stream->shapes[i] = (struct shape){0};
    }
    for (unsigned i = 0; i < STREAM_ASSIGNED; i++) {
        stream->assigned[i] = stream->window;
    }
    if (!find_roots(stream) || !stream_learn_tags(stream)) {
        return false;
    }
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
        total += makers[i].weight;
    }
    stream_start(stream);
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
