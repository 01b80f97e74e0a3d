/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Random operations on an allocman, with all laws checked after each. A failure prints what repeats
// it:
//     ALLOCMAN_SEED=<seed> ALLOCMAN_STEPS=<steps> <program> <test>
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch.h"
#include "rng.h"
#include "world.h"

// A machine, and how to treat it.
struct rig_config {
    const char *name;
    struct world_options world;
    unsigned steps;       // operations
    unsigned deep_every;  // steps between two comparisons with the kernel
    unsigned things_max;  // live things at once
    unsigned untyped_max; // log2 bytes of the largest untyped asked for
    unsigned book_max;    // bytes of the largest piece of book memory asked for
    bool large_frames;    // ask for frames of 2 MiB and 1 GiB too
    bool reserves;        // configure reserves, and have requests made within others
};

enum thing_kind { THING_OBJECT, THING_SLOT, THING_BOOK, THING_LEAK };

// Something that the rig has and must give back.
struct thing {
    enum thing_kind kind;
    seL4_CPtr slot;      // all but THING_BOOK
    seL4_Word type;      // THING_OBJECT
    unsigned size_bits;  // THING_OBJECT, THING_LEAK
    seL4_Word cookie;    // THING_OBJECT
    uintptr_t paddr;     // THING_OBJECT, THING_LEAK: by the kernel
    size_t bytes;        // THING_BOOK
    unsigned char *data; // THING_BOOK: the block; THING_OBJECT: where the frame is mapped, or NULL
    unsigned char pattern; // what it was filled with
    bool pinned;           // given back at the end only
};

#define RIG_STALE_MAX    8u // cookies of freed objects that are remembered
#define RIG_WINDOW_PAGES 64u

// What is being done at the moment.
enum rig_phase { RIG_MIXED, RIG_FILL, RIG_DRAIN };

struct rig {
    struct world world;
    const struct rig_config *config;
    struct rng rng;
    uint64_t seed;
    unsigned step, steps;
    const char *operation; // in progress
    enum rig_phase phase;
    unsigned phase_left; // steps
    unsigned fill_with;  // what to fill with
    struct thing *thing;
    size_t things;
    struct {
        seL4_Word cookie;
        unsigned size_bits;
        unsigned step; // in which it was freed
    } stale[RIG_STALE_MAX];
    unsigned stale_next;
    char *window; // where the rig maps frames of its own
    bool window_used[RIG_WINDOW_PAGES];
    unsigned long refusals; // of all kinds
    unsigned long refused[ALLOCMAN_STATUS_COUNT];
};

// One kind of operation.
struct rig_operation {
    const char *name;
    unsigned weight[3]; // by phase
    void (*run)(struct rig *rig);
};

extern const struct rig_operation rig_operations[];
extern const unsigned rig_operation_count;

#define RIG_SEEDS 2u // runs of a configuration, unless ALLOCMAN_SEED names one

// Boot, do what the configuration says, give all back and see that nothing is lost.
void rig_run(const struct rig_config *config);

// Fail the test with a message that says how to repeat it.
__attribute__((noreturn, format(printf, 2, 3))) void rig_fail(const struct rig *rig,
                                                              const char *format, ...);

// Fail unless `holds`.
#define RIG_EXPECT(rig, holds, ...)                                                                \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            rig_fail((rig), __VA_ARGS__);                                                          \
        }                                                                                          \
    } while (0)

// Things of a kind; NULL if there is none. Pinned ones are left out.
struct thing *rig_pick(struct rig *rig, enum thing_kind kind);
struct thing *rig_add(struct rig *rig, const struct thing *thing);
void rig_remove(struct rig *rig, struct thing *thing);

// Give one thing back, after looking whether it is as it was.
void rig_give_back(struct rig *rig, struct thing *thing);

// A slot; 0: refused, and rightly so.
seL4_CPtr rig_slot(struct rig *rig);
void rig_slot_free(struct rig *rig, seL4_CPtr slot);

// An object at `paddr` or anywhere, in a slot of its own; NULL: refused, and rightly so.
struct thing *rig_object(struct rig *rig, seL4_Word type, unsigned size_bits, uintptr_t paddr,
                         bool may_be_device);

// See that a call was refused for a reason, and count it.
void rig_refused(struct rig *rig, int status);

// The operations.
void rig_op_object(struct rig *rig);
void rig_op_object_at(struct rig *rig);
void rig_op_object_free(struct rig *rig);
void rig_op_fill(struct rig *rig);
void rig_op_slot(struct rig *rig);
void rig_op_slot_free(struct rig *rig);
void rig_op_book(struct rig *rig);
void rig_op_book_free(struct rig *rig);
void rig_op_map(struct rig *rig);
void rig_op_leak(struct rig *rig);
void rig_op_leak_end(struct rig *rig);
void rig_op_reclaim(struct rig *rig);
void rig_op_occupied_slot(struct rig *rig);
void rig_op_misuse_cookie(struct rig *rig);
void rig_op_misuse_slot(struct rig *rig);
void rig_op_misuse_book(struct rig *rig);
void rig_op_nonsense(struct rig *rig);
void rig_op_nest(struct rig *rig);

// Reserves as a caller configures them, for what RIG_RESERVE_PIECES nested requests of each kind want.
#define RIG_RESERVE_PIECES 3u
void rig_reserves_configure(struct rig *rig);
