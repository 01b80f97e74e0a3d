/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Operations on an allocman, with all laws checked after each: chosen at random (rig_run), or by
// whoever brings records of them (the fuzzers). A failure of the random ones prints what repeats it:
//     ALLOCMAN_SEED=<seed> ALLOCMAN_STEPS=<steps> <program> <test>
// With ALLOCMAN_TRACE=<file> the operations are written there, each before it is done.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <vka/vka.h>

#include "../../tools/api_trace.h"
#include "arch.h"
#include "rng.h"
#include "world.h"

struct rig;

// A machine, and how to treat it.
struct rig_config {
    const char *name;
    struct world_options world;
    unsigned steps;       // operations
    unsigned check_every; // steps between two looks at the laws; 0: 1
    unsigned deep_every;  // steps between two comparisons with the kernel
    unsigned things_max;  // live things at once
    unsigned untyped_max; // log2 bytes of the largest untyped asked for
    unsigned book_max;    // bytes of the largest piece of book memory asked for
    bool large_frames;    // ask for frames of 2 MiB and 1 GiB too
    bool reserves;        // configure reserves, and have requests made within others
    void (*at_end)(
        const struct rig *rig); // looks at a random run before all is given back; NULL: nobody does
};

enum thing_kind { THING_NONE, THING_OBJECT, THING_SLOT, THING_BOOK, THING_LEAK };

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
    unsigned page;       // of the rig's own, where it is mapped
    unsigned char pattern; // what it was filled with
    bool by_vka;           // freed by the same way as it was made
    bool pinned;           // given back at the end only
};

#define RIG_STALE_MAX    8u // cookies of freed objects that are remembered
#define RIG_WINDOW_PAGES 64u

// What is being done at the moment.
enum rig_phase { RIG_MIXED, RIG_FILL, RIG_DRAIN };

struct rig {
    struct world world;
    const struct rig_config *config;
    vka_t vka;
    struct rng rng;
    uint64_t seed;
    unsigned step, steps;
    const char *operation; // in progress
    enum rig_phase phase;
    unsigned phase_left; // steps
    unsigned fill_with;  // what to fill with
    struct thing *thing; // by number
    size_t room;         // numbers
    size_t things;       // live
    struct {
        seL4_Word cookie;
        unsigned size_bits;
        unsigned step; // in which it was freed
    } stale[RIG_STALE_MAX];
    unsigned stale_next;
    char *window; // where the rig maps frames of its own
    bool window_used[RIG_WINDOW_PAGES];
    bool reserves;          // something has been reserved
    bool limited;           // there are limits, or were: blocks may lie in pieces that nobody uses
    unsigned long refusals; // of all kinds
    unsigned long refused[ALLOCMAN_STATUS_COUNT];
    unsigned long reported[ALLOCMAN_STATUS_COUNT]; // misuse
    unsigned long injected;                        // refusals by rig_fault before this operation
    bool faulted;                                  // there was one at some time
    FILE *trace;
};

// One kind of operation, and how to choose one at random.
struct rig_choice {
    unsigned weight[3]; // by phase
    void (*choose)(struct rig *rig, struct api_record *record);
};

extern const struct rig_choice rig_choices[];
extern const unsigned rig_choice_count;

#define RIG_SEEDS 2u // runs of a configuration, unless ALLOCMAN_SEED names one

// Boot, do what the configuration says, give all back and see that nothing is lost.
void rig_run(const struct rig_config *config);

// The same step by step: boot; do one operation and see that all laws hold; give all back.
void rig_start(struct rig *rig, const struct rig_config *config);
void rig_execute(struct rig *rig, const struct api_record *record);
void rig_finish(struct rig *rig);

// One random run that writes its operations to a file.
void rig_write(const struct rig_config *config, uint32_t start, uint64_t seed, unsigned steps,
               const char *path);

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

// The first live thing of a kind from a number on, around the end; NULL if there is none. Pinned ones
// are left out.
struct thing *rig_find(struct rig *rig, enum thing_kind kind, uint32_t number);

// Keep a thing by a number, or the next that is free.
struct thing *rig_add(struct rig *rig, uint32_t number, const struct thing *thing);
bool rig_has_room(const struct rig *rig);

// Give one thing back, after looking whether it is as it was.
void rig_give_back(struct rig *rig, struct thing *thing);

// A slot; 0: refused, and rightly so.
seL4_CPtr rig_slot(struct rig *rig, bool by_vka);
void rig_slot_free(struct rig *rig, seL4_CPtr slot);

// The object that a record wants, in a slot of its own; NULL: refused, and rightly so.
struct thing *rig_object(struct rig *rig, const struct api_record *record);

// Book memory, filled with a pattern.
void rig_book(struct rig *rig, uint32_t number, size_t bytes);

// See that a call was refused for a reason, and count it.
void rig_refused(struct rig *rig, int status);

// Was an invocation refused by rig_fault within the operation in progress? Whatever it comes to then, it
// was not for want of anything.
bool rig_fault_came(const struct rig *rig);
void rig_fault(struct rig *rig, const struct api_record *record);

// Misuse that was reported, but for what was found of capabilities that live where they should not.
size_t rig_misuse(const struct rig *rig);

// Delete what is in a slot of the rig's own, again if the first time is refused.
void rig_delete(struct rig *rig, seL4_CPtr slot);

// Operations that more than one call makes up.
void rig_object_alloc(struct rig *rig, const struct api_record *record);
void rig_map(struct rig *rig, const struct api_record *record);
void rig_leak(struct rig *rig, const struct api_record *record);
void rig_occupied(struct rig *rig, const struct api_record *record);
void rig_wrong_size(struct rig *rig, const struct api_record *record);
void rig_stale(struct rig *rig, const struct api_record *record);
void rig_bad_cookie(struct rig *rig, const struct api_record *record);
void rig_bad_slot(struct rig *rig, const struct api_record *record);
void rig_double_slot(struct rig *rig);
void rig_bad_book(struct rig *rig, const struct api_record *record);
void rig_double_book(struct rig *rig, const struct api_record *record);
void rig_nonsense(struct rig *rig, const struct api_record *record);
void rig_nest(struct rig *rig, const struct api_record *record);
void rig_add_untyped(struct rig *rig, const struct api_record *record);
void rig_reserve(struct rig *rig, const struct api_record *record);
void rig_set_limits(struct rig *rig, const struct api_record *record);
void rig_prepare(struct rig *rig);

// Requests made within others, if the configuration has reserves: what rig_nest needs.
#define RIG_RESERVE_PIECES 3u
void rig_nest_prepare(struct rig *rig);
