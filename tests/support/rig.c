/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The course of a run: boot, steps in phases, the laws after each, and the end.

#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct rig_operation rig_operations[] = {
    // name            mixed fill drain
    {"object", {20, 5, 2}, rig_op_object},
    {"object at", {8, 2, 2}, rig_op_object_at},
    {"fill", {0, 60, 0}, rig_op_fill},
    {"object free", {20, 2, 60}, rig_op_object_free},
    {"slot", {4, 2, 1}, rig_op_slot},
    {"slot free", {4, 1, 10}, rig_op_slot_free},
    {"book", {8, 4, 1}, rig_op_book},
    {"book free", {7, 1, 15}, rig_op_book_free},
    {"map", {3, 1, 0}, rig_op_map},
    {"leak", {2, 1, 1}, rig_op_leak},
    {"leak end", {2, 1, 4}, rig_op_leak_end},
    {"reclaim", {1, 0, 1}, rig_op_reclaim},
    {"occupied slot", {2, 1, 1}, rig_op_occupied_slot},
    {"misuse of a cookie", {4, 2, 2}, rig_op_misuse_cookie},
    {"misuse of a slot", {2, 1, 1}, rig_op_misuse_slot},
    {"misuse of book memory", {2, 1, 1}, rig_op_misuse_book},
    {"nonsense", {2, 1, 1}, rig_op_nonsense},
    {"nest", {4, 8, 1}, rig_op_nest}, // the last: only where there are reserves
};
const unsigned rig_operation_count = sizeof(rig_operations) / sizeof(rig_operations[0]);

__attribute__((noreturn)) void rig_fail(const struct rig *rig, const char *format, ...)
{
    char text[400];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    fail_msg("ALLOCMAN_SEED=%#llx ALLOCMAN_STEPS=%u, %s, step %u (%s): %s",
             (unsigned long long)rig->seed, rig->steps, rig->config->name, rig->step,
             rig->operation, text);
    abort(); // not reached
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *const text = getenv(variable);
    return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

struct thing *rig_pick(struct rig *rig, enum thing_kind kind)
{
    const size_t from = rig->things ? rng_below(&rig->rng, rig->things) : 0;
    for (size_t i = 0; i < rig->things; i++) {
        struct thing *const thing = &rig->thing[(from + i) % rig->things];
        if (thing->kind == kind && !thing->pinned) {
            return thing;
        }
    }
    return NULL;
}

struct thing *rig_add(struct rig *rig, const struct thing *thing)
{
    rig->thing[rig->things] = *thing;
    return &rig->thing[rig->things++];
}

void rig_remove(struct rig *rig, struct thing *thing)
{
    *thing = rig->thing[--rig->things];
}

// Has the rig kept a capability to what lies in a block that the books call free?
static bool leaked(const void *context, uintptr_t paddr, unsigned size_bits)
{
    const struct rig *const rig = context;
    for (size_t i = 0; i < rig->things; i++) {
        const struct thing *const t = &rig->thing[i];
        if (t->kind == THING_LEAK && t->paddr - paddr < (uintptr_t)1 << size_bits) {
            return true;
        }
    }
    return false;
}

// What was done and refused, for whoever wants to see that a configuration reaches what it is meant
// to reach.
static void report(const struct rig *rig)
{
    const struct allocman_counts *const counts = &rig->world.alloc->counts;
    const struct split_totals *const totals = &rig->world.managers->utspace.totals;
    printf("%s: refused", rig->config->name);
    for (unsigned s = 0; s < ALLOCMAN_STATUS_COUNT; s++) {
        if (rig->refused[s]) {
            printf(" %lu x %s,", rig->refused[s], allocman_status_text((enum allocman_status)s));
        }
    }
    printf(" splits %zu, merges %zu, repairs %zu, growths %zu, misuse %zu\n", totals->splits,
           totals->merges, totals->repairs, counts->growths, counts->misuse);
}

static void check(struct rig *rig, bool deep)
{
    char text[300];
    const char *const wrong = world_wrong(&rig->world, deep, leaked, rig, text, sizeof(text));
    RIG_EXPECT(rig, !wrong, "%s", wrong);
}

// Phases: mixed, then full, then empty, of random length.
static void phase_next(struct rig *rig)
{
    rig->phase = rig->phase == RIG_MIXED  ? RIG_FILL
                 : rig->phase == RIG_FILL ? RIG_DRAIN
                                          : RIG_MIXED;
    rig->phase_left = rng_from(&rig->rng, 20, rig->config->things_max);
    rig->fill_with = rng_below(&rig->rng, 6);
}

static void step(struct rig *rig)
{
    if (rig->phase_left-- == 0) {
        phase_next(rig);
    }
    unsigned sum = 0;
    for (unsigned i = 0; i < rig_operation_count - !rig->config->reserves; i++) {
        sum += rig_operations[i].weight[rig->phase];
    }
    unsigned at = rng_below(&rig->rng, sum);
    unsigned chosen = 0;
    while (at >= rig_operations[chosen].weight[rig->phase]) {
        at -= rig_operations[chosen++].weight[rig->phase];
    }
    rig->operation = rig_operations[chosen].name;
    rig_operations[chosen].run(rig);
    check(rig, rig->step % rig->config->deep_every == 0);
}

// Map the paging structures that the rig's own frames need: objects like all others, kept to the
// end.
static void window_open(struct rig *rig)
{
    rig->window = sel4model_free_vaddr(RIG_WINDOW_PAGES << seL4_PageBits);
    assert_non_null(rig->window);
    for (unsigned i = 0; i < TABLE_LEVELS; i++) {
        struct thing *const table =
            rig_object(rig, table_type(i), seL4_PageTableBits, ALLOCMAN_NO_PADDR, false);
        assert_non_null(table);
        table->pinned = true;
        const seL4_Word at = (seL4_Word)(uintptr_t)rig->window;
        const int error = (int)map_table(i, table->slot, seL4_CapInitThreadVSpace, at);
        // Where the address range has a structure already, the object is just kept.
        assert_true(error == seL4_NoError || error == seL4_DeleteFirst);
    }
}

// What is left when all is given back: book memory's own blocks, all in small roots, and the ways
// to them.
static void blocks_left(struct rig *rig)
{
    struct utspace_split_cursor cursor = {.started = false};
    struct utspace_split_block block;
    size_t left = 0;
    uint64_t left_bytes = 0;
    while (utspace_split_next_block(&rig->world.managers->utspace, &cursor, &block)) {
        left += block.allocated;
        left_bytes += block.allocated ? UINT64_C(1) << block.size_bits : 0;
        // Second levels and the pieces of reserves lie where there was room.
        const bool small = rig->world.managers->two_level || rig->config->reserves;
        RIG_EXPECT(rig, !block.allocated || block.root_bits <= 21 || small,
                   "book memory keeps a root of 2^%u bytes", block.root_bits);
        RIG_EXPECT(rig, block.root_bits == block.size_bits || rig->world.vsize != 0 || small,
                   "a root of 2^%u bytes is in pieces", block.root_bits);
    }
    const size_t expected = world_book_blocks(&rig->world) + world_levels(&rig->world) +
                            (rig->config->reserves ? RIG_RESERVE_PIECES : 0);
    RIG_EXPECT(rig, left == expected, "%zu blocks left, book memory and others have %zu", left,
               expected);
    uint64_t at_start = 0;
    for (unsigned kind = 0; kind < 3; kind++) {
        at_start += rig->world.at_start.free_bytes[kind];
    }
    RIG_EXPECT(rig, world_free_bytes(&rig->world) + left_bytes == at_start, "memory was lost");
}

// Give everything back.
static void finish(struct rig *rig)
{
    rig->operation = "the end";
    while (rig->things > 0) {
        rig_give_back(rig, &rig->thing[rig->things - 1]);
        rig->step++;
        check(rig, rig->step % rig->config->deep_every == 0);
    }
    (void)allocman_fill_reserves(rig->world.alloc);
    allocman_reclaim(rig->world.alloc);
    check(rig, true);
    blocks_left(rig);
    const struct split_totals *const t = &rig->world.managers->utspace.totals;
    const size_t slots = world_free_slots(&rig->world) + t->own_slots +
                         world_book_slots(&rig->world) +
                         (rig->config->reserves ? 2 * RIG_RESERVE_PIECES : 0);
    RIG_EXPECT(rig, slots == world_slots(&rig->world), "%zu slots at the end of %zu", slots,
               world_slots(&rig->world));
    RIG_EXPECT(rig, rig->world.vsize || rig->config->reserves || t->groups == t->roots,
               "groups are left");
    RIG_EXPECT(rig, t->slots_quarantined == 0 && t->roots_set_aside == 0,
               "something was set aside");
    const int error = allocman_fill_reserves(rig->world.alloc);
    RIG_EXPECT(rig, error == ALLOCMAN_OK, "the headroom cannot be filled: %s",
               allocman_status_text((enum allocman_status)error));
    check(rig, true);
}

static void run_once(const struct rig_config *config, uint64_t seed)
{
    struct rig *const rig = calloc(1, sizeof(*rig));
    assert_non_null(rig);
    rig->config = config;
    rig->seed = seed;
    rig->steps = (unsigned)number_of("ALLOCMAN_STEPS", config->steps);
    rig->rng.state = rig->seed;
    rig->operation = "start";
    rig->phase_left = config->things_max;
    rig->thing = calloc(config->things_max + 8, sizeof(*rig->thing));
    assert_non_null(rig->thing);
    world_start(&rig->world, &config->world);
    check(rig, true);
    rig_reserves_configure(rig);
    window_open(rig);
    for (rig->step = 1; rig->step <= rig->steps; rig->step++) {
        step(rig);
    }
    finish(rig);
    report(rig);
    world_stop(&rig->world);
    free(rig->thing);
    free(rig);
}

void rig_run(const struct rig_config *config)
{
    const uint64_t only = number_of("ALLOCMAN_SEED", 0);
    for (uint64_t seed = only ? only : 1; seed <= (only ? only : RIG_SEEDS); seed++) {
        run_once(config, seed);
    }
}
