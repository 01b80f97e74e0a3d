/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#include "answers.h"

// What the recorded answers are of; another run's compiler may be given others.
#ifndef ANSWERS_SEEDS
#define ANSWERS_SEEDS 1, 2, 3, 4
#endif
#ifndef ANSWERS_COUNT
#define ANSWERS_COUNT 60000
#endif

void stream_answer(const struct stream *stream)
{
    if (stream->is_verbose) {
        stream_print_step(stream);
        conformance_print(" -> ");
    }
    stream_print_answer(stream);
    conformance_print("\n");
}

void stream_check(const struct stream *stream)
{
    conformance_print_word("= ", stream->digest & 0xffffffff, 16);
    conformance_print("\n");
}

void stream_start(const struct stream *stream)
{
    conformance_print_word("seed ", stream->seed, 10);
    for (unsigned i = 0; i < STREAM_ROOTS; i++) {
        const seL4_Word index = stream->roots[i] - stream->bootinfo->untyped.start;
        const seL4_UntypedDesc *const desc = &stream->bootinfo->untypedList[index];
        conformance_print_word(desc->isDevice ? ", device " : ", ", desc->paddr, 16);
        conformance_print_word(" ", desc->sizeBits, 10);
    }
    conformance_print("\n");
}

bool answers_run(struct stream *stream, const seL4_BootInfo *bootinfo)
{
    static const seL4_Word seeds[] = {ANSWERS_SEEDS};
    bool is_done = true;
    for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]) && is_done; i++) {
        is_done = stream_run(stream, bootinfo, seeds[i], ANSWERS_COUNT);
    }
    conformance_print(is_done ? "end\n" : "no such untypeds\n");
    return is_done;
}
