/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// A fuzz target: one file that says what an input is and does it. The same file is linked with
// libFuzzer (fuzz_<name>) and with replay.c (replay_<name>), which runs inputs of files one by one.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../../tools/api_trace.h"
#include "rng.h"

struct fuzz_target {
    const char *name;
    // A mutation of the target's own, beside the fuzzer's, or NULL; the new size.
    size_t (*mutate)(struct rng *rng, uint8_t *data, size_t size, size_t max_size);
    // Of targets whose inputs are traces of calls (docs/trace.md); else all NULL or 0.
    unsigned starts;                           // what a header's `start` tells apart
    const char *(*start_name)(unsigned start); // for people to read
    void (*choose)(struct rng *rng, struct api_record *record); // one that is likely to make sense
};

extern const struct fuzz_target fuzz_target;

// An input. It does not come back if anything is wrong: that aborts.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Where a target writes each operation before it does it; NULL: nowhere.
extern FILE *fuzz_out;

// Write a record there. True, so that it can stand in a condition.
bool fuzz_tell(const struct api_record *record);

// The records of an input; false: its header is none, and the input is nothing.
bool fuzz_open(const uint8_t *data, size_t size, unsigned *start, size_t *records);

// Abort with a message unless `holds`.
#define FUZZ_EXPECT(holds, ...)                                                                    \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fuzz_fail(__VA_ARGS__);                                                                \
        }                                                                                          \
    } while (0)
__attribute__((noreturn, format(printf, 1, 2))) void fuzz_fail(const char *format, ...);
