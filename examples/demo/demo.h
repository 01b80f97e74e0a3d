/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What the parts of the demonstration share. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <allocman/bootstrap.h>
#include <allocman/vka.h>

#include "objects.h"

#define DEMO_KIB ((size_t)1024)
#define DEMO_MIB (1024 * DEMO_KIB)
#define DEMO_GIB (1024 * DEMO_MIB)

#define DEMO_VIRTUAL_POOL_BYTES (64 * DEMO_MIB) ///< book memory may grow to this
#define DEMO_SMALL_ROOT_BITS 21u ///< log2 bytes: book memory keeps to roots of at most this size
#define DEMO_NOTE_BYTES 320      ///< room for what a phase has to tell
#define DEMO_COLUMNS 96          ///< columns of a line of output at most

/// A range of virtual addresses of the root task.
struct demo_range {
    uintptr_t start; ///< first address
    size_t bytes;    ///< its length
};

/// Everything that the phases work on.
struct demo {
    const char *record_name;                   ///< the record's file name without folder and .json
    seL4_BootInfo *bi;                         ///< what the kernel told at boot
    allocman_t *alloc;                         ///< NULL before the first phase
    const struct bootstrap_managers *managers; ///< the same, with its managers' figures
    vka_t vka;                                 ///< what the phases allocate from
    struct objects objects;                    ///< all that they allocated and did not free yet
    struct demo_range pool;                    ///< addresses of the virtual pool
    struct demo_range window;                  ///< addresses where the root task looks into frames
    uintptr_t window_next;                     ///< first address there that was never used
    uint64_t random;                           ///< state of the random numbers
};

/// The next random number, the same sequence on every machine.
static inline uint64_t demo_random(struct demo *demo)
{
    uint64_t x = demo->random;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    demo->random = x;
    return x * 0x2545f4914f6cdd1dull;
}
