/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// A modelled machine with an allocman on it.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <allocman/bootstrap.h>
#include <sel4model/inspect.h>

struct world_options {
    const char *record;    // name in data/bootinfo
    seL4_Word empty_slots; // of the root CNode; 0: as recorded
    size_t pool_bytes;     // static pool; 0: what bootstrap_pool_bytes says
    size_t virtual_bytes;  // virtual pool attached at boot; 0: none
    size_t level_one_bits; // with level_two_bits: log2 slots of a new CSpace of two levels
    size_t level_two_bits; // 0: stay in the boot CSpace
    bool device_ram;       // one boot untyped of devices is handed over as RAM
    size_t withheld;       // so many of the last boot untypeds are not handed over at the start
};

struct world {
    allocman_t *alloc;
    struct bootstrap_managers *managers; // of `alloc`
    seL4_BootInfo *bootinfo;
    char *pool;
    char *vstart; // the virtual pool; NULL: none
    size_t vsize;
    struct split_totals
        at_start;       // figures before anything was allocated, but for the virtual pool's own
    uint64_t bytes;     // of memory handed over, of all kinds
    size_t withheld;    // boot untypeds kept back
    uint64_t added;     // bit i: the i-th of these has been handed over since
    size_t slots_taken; // slots that were taken before there was a virtual pool
    size_t levels;      // second levels that were made before that
};

// Boot and bootstrap; fails the test if either does not work.
void world_start(struct world *world, const struct world_options *options);

// Shut the machine down.
void world_stop(struct world *world);

// Slots that are free by the books.
size_t world_free_slots(const struct world *world);

// Slots that there are by now, but for those taken at the start.
size_t world_slots(const struct world *world);

// Second levels that were made since the start.
size_t world_levels(const struct world *world);

// Bytes of memory of all kinds that are free by the books.
uint64_t world_free_bytes(const struct world *world);

// Blocks that book memory holds now: frames, paging structures mapped, paging structures set aside.
size_t world_book_blocks(const struct world *world);

// Slots that book memory holds now: for these, and for frames to come.
size_t world_book_slots(const struct world *world);

// Hand over one that was kept back, with its address or without.
int world_add_withheld(struct world *world, size_t which, bool with_address);

// Blocks that somebody known holds when all else has been given back: book memory, reserves, second
// levels.
size_t world_known_blocks(const struct world *world);

// Is nothing allocated but these, and nothing split for nothing? Does every slot that is not free have
// somebody known who holds it? If not, what is wrong, in `text`.
bool world_is_whole(const struct world *world, char *text, size_t bytes);
bool world_slots_known(const struct world *world, char *text, size_t bytes);

// All validators and, if `deep`, books against kernel. NULL, or what is wrong, in `text`. `leaked`
// tells of a free block whether the test itself has kept a capability to what was in it; it may be
// NULL.
typedef bool (*world_leaked)(const void *context, uintptr_t paddr, unsigned size_bits);
const char *world_wrong(const struct world *world, bool deep, world_leaked leaked,
                        const void *context, char *text, size_t bytes);

// A number that depends on everything the books say, but for counters and the last failure.
uint64_t world_digest(const struct world *world);
