/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Managers of slots, each alone, against an array of booleans: one level (several ranges), two levels
// (a client's CSpace, its CNodes out of an allocman's memory), and the one that takes nothing back. Book
// memory is the host's heap, which refuses at will.

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <allocman/check.h>
#include <allocman/cspace/simple1level.h>
#include <allocman/cspace/two_level.h>
#include <allocman/utspace/vka.h>
#include <allocman/vka.h>

#include "heap_mspace.h"
#include "world.h"

#define SLOTS_MAX 70000u
#define RUNS_MAX  400u

enum subject_kind { SIMPLE, SINGLE, TWO };

static const struct subject_start {
    const char *name;
    enum subject_kind kind;
    size_t first, end;     // slots; of two levels: indexes of level one
    size_t level_two_bits; // 0: one level
    size_t cnode_bits;     // of level one
} starts[] = {
    {"simple_3", SIMPLE, 5, 8, 0, 4},
    {"simple_100", SIMPLE, 0, 100, 0, 10},
    {"single_1", SINGLE, 7, 8, 0, 4},
    {"single_64", SINGLE, 409, 473, 0, 12},
    {"single_border", SINGLE, 1023, 1027, 0, 12},
    {"single_1025", SINGLE, 0, 1025, 0, 12},
    {"single_70000", SINGLE, 1, 69999, 0, 20},
    {"two_3_2", TWO, 0, 8, 2, 3},
    {"two_5_4", TWO, 1, 31, 4, 5},
    {"two_2_8", TWO, 0, 4, 8, 2},
};

static const char *start_name(unsigned start)
{
    return starts[start].name;
}

static void choose(struct rng *rng, struct api_record *r)
{
    static const uint8_t operations[] = {
        API_SLOT_ALLOC, API_SLOT_ALLOC,  API_SLOT_ALLOC, API_RUN_ALLOC,     API_RUN_ALLOC,
        API_RUN_FREE,   API_RUN_FREE,    API_RUN_FREE,   API_SLOT_ALLOC_AT, API_BAD_SLOT,
        API_BAD_SLOT,   API_BOOK_REFUSE, API_REFUSE};
    r->operation = operations[rng_below(rng, sizeof(operations))];
    r->size_bits = (uint8_t)rng_below(rng, 9);
    r->operand = rng_below(rng, rng_percent(rng, 50) ? 130 : SLOTS_MAX);
    r->type = (uint8_t)rng_below(rng, 16);
    if (r->operation == API_BOOK_REFUSE || r->operation == API_REFUSE) {
        r->operand %= 6;
    }
}

const struct fuzz_target fuzz_target = {.name = "fuzz_cspace",
                                        .starts = sizeof(starts) / sizeof(starts[0]),
                                        .start_name = start_name,
                                        .choose = choose};

struct run {
    seL4_CPtr first;
    unsigned order;
    bool live;
};

struct subject {
    const struct subject_start *start;
    struct heap_mspace heap;
    allocman_t alloc;
    struct world world; // TWO
    vka_t vka;
    cspacepath_t root;
    cspace_simple1level_t simple;
    cspace_single_level_t single;
    cspace_two_level_t two;
    cspace_interface_t cspace;
    seL4_CPtr first, end; // slots
    size_t taken_count;
    struct run run[RUNS_MAX];
    unsigned long injected;
};

static bool taken[SLOTS_MAX]; // by distance from the first slot

// --- the managers ---------------------------------------------------------------------------------

static void create(struct subject *s)
{
    const struct subject_start *const at = s->start;
    if (at->kind == SIMPLE) {
        cspace_simple1level_create(
            &s->simple, (struct cspace_simple1level_config){.cnode = 2,
                                                            .cnode_size_bits = at->cnode_bits,
                                                            .first_slot = at->first,
                                                            .end_slot = at->end});
        s->cspace = cspace_simple1level_make_interface(&s->simple);
        return;
    }
    if (at->kind == SINGLE) {
        const struct cspace_single_level_config config = {.cnode = 2,
                                                          .cnode_size_bits = at->cnode_bits,
                                                          .first_slot = at->first,
                                                          .end_slot = at->end};
        FUZZ_EXPECT(cspace_single_level_create(&s->alloc, &s->single, config) == ALLOCMAN_OK,
                    "not created");
        s->cspace = cspace_single_level_make_interface(&s->single);
        return;
    }
    const struct cspace_two_level_config config = {.cnode = s->root.capPtr,
                                                   .cnode_size_bits = at->cnode_bits,
                                                   .first_slot = at->first,
                                                   .end_slot = at->end,
                                                   .level_two_bits = at->level_two_bits};
    FUZZ_EXPECT(cspace_two_level_create(&s->alloc, &s->two, config) == ALLOCMAN_OK, "not created");
    s->cspace = cspace_two_level_make_interface(&s->two);
}

static void subject_open(struct subject *s, const struct subject_start *start)
{
    memset(s, 0, sizeof(*s));
    memset(taken, 0, sizeof(taken));
    s->start = start;
    s->first = start->first << start->level_two_bits;
    s->end = start->end << start->level_two_bits;
    heap_mspace_start(&s->heap, &s->alloc);
    if (start->kind == TWO) {
        const struct world_options options = {.record = "../../tests/fuzz/pc99-small",
                                              .pool_bytes = (size_t)1 << 17};
        vka_object_t cnode;
        world_start(&s->world, &options);
        allocman_make_vka(&s->vka, s->world.alloc);
        FUZZ_EXPECT(vka_alloc_cnode_object(&s->vka, (uint32_t)start->cnode_bits, &cnode) == 0,
                    "no CNode");
        vka_cspace_make_path(&s->vka, cnode.cptr, &s->root);
        FUZZ_EXPECT(allocman_attach_utspace(&s->alloc, utspace_vka_make_interface(&s->vka)) == 0,
                    "no untyped memory");
    }
    create(s);
    FUZZ_EXPECT(allocman_attach_cspace(&s->alloc, s->cspace) == ALLOCMAN_OK, "not attached");
}

static bool fault_came(const struct subject *s)
{
    struct sel4model_counters counters;
    if (s->start->kind != TWO) {
        return false;
    }
    sel4model_counters_get(&counters);
    return counters.injected > s->injected;
}

// --- the reference --------------------------------------------------------------------------------

static bool run_is(seL4_CPtr distance, unsigned order, bool value)
{
    for (seL4_CPtr i = 0; i < (seL4_CPtr)1 << order; i++) {
        if (taken[distance + i] != value) {
            return false;
        }
    }
    return true;
}

static bool free_run_exists(const struct subject *s, unsigned order)
{
    const seL4_CPtr length = (seL4_CPtr)1 << order;
    for (seL4_CPtr at = (s->first + length - 1) & ~(length - 1); at + length <= s->end;
         at += length) {
        if (run_is(at - s->first, order, false)) {
            return true;
        }
    }
    return false;
}

static void mark(struct subject *s, seL4_CPtr first, unsigned order, bool value)
{
    FUZZ_EXPECT(first >= s->first && first + ((seL4_CPtr)1 << order) <= s->end,
                "slot %#lx is not of this CSpace", (unsigned long)first);
    FUZZ_EXPECT(run_is(first - s->first, order, !value), "slot %#lx is %s", (unsigned long)first,
                value ? "taken already" : "not taken");
    for (seL4_CPtr i = 0; i < (seL4_CPtr)1 << order; i++) {
        taken[first - s->first + i] = value;
    }
    s->taken_count += value ? (size_t)1 << order : -((size_t)1 << order);
}

// What is refused cannot be had, unless it is book memory or a CNode that lacks.
static void check_refusal(const struct subject *s, unsigned order, int error)
{
    const bool is_short = error == ALLOCMAN_NO_BOOK && s->heap.refuse_after == 0;
    const bool is_two = s->start->kind == TWO;
    FUZZ_EXPECT(
        is_short || fault_came(s) ||
            (error == ALLOCMAN_NO_SLOT && (!free_run_exists(s, order) || (is_two && order > 0))) ||
            (is_two && (error == ALLOCMAN_NO_UNTYPED || error == ALLOCMAN_SLOT_OCCUPIED)),
        "2^%u slots are refused: %s", order, allocman_status_text((enum allocman_status)error));
}

// --- operations -----------------------------------------------------------------------------------

static struct run *find(struct subject *s, uint32_t number, bool live)
{
    for (unsigned i = 0; i < RUNS_MAX; i++) {
        struct run *const run = &s->run[(number % RUNS_MAX + i) % RUNS_MAX];
        if (run->live == live) {
            return run;
        }
    }
    return NULL;
}

static void slot_alloc(struct subject *s, struct run *run)
{
    cspacepath_t path;
    const int error = allocman_cspace_alloc(&s->alloc, &path);
    if (error) {
        check_refusal(s, 0, error);
        return;
    }
    const cspacepath_t again = allocman_cspace_make_path(&s->alloc, path.capPtr);
    FUZZ_EXPECT(memcmp(&again, &path, sizeof(path)) == 0, "slot %#lx has two paths",
                (unsigned long)path.capPtr);
    mark(s, path.capPtr, 0, true);
    *run = (struct run){path.capPtr, 0, true};
}

static void run_alloc(struct subject *s, struct run *run, unsigned order)
{
    seL4_CPtr first = 0;
    int error = -1;
    if (s->start->kind == SINGLE) {
        error = cspace_single_level_runs.alloc_run(&s->alloc, &s->single, order, &first);
    } else if (s->start->kind == TWO) {
        error = cspace_two_level_runs.alloc_run(&s->alloc, &s->two, order, &first);
    } else {
        return;
    }
    if (error) {
        check_refusal(s, order, error);
        return;
    }
    FUZZ_EXPECT(first % ((seL4_CPtr)1 << order) == 0, "a run of 2^%u at %#lx", order,
                (unsigned long)first);
    mark(s, first, order, true);
    *run = (struct run){first, order, true};
}

static void alloc_at(struct subject *s, struct run *run, seL4_CPtr slot)
{
    const bool is_free = slot >= s->first && slot < s->end && !taken[slot - s->first];
    int error = -1;
    if (s->start->kind == SINGLE) {
        error = _cspace_single_level_alloc_at(&s->alloc, &s->single, slot);
    } else if (s->start->kind == TWO) {
        error = _cspace_two_level_alloc_at(&s->alloc, &s->two, slot);
    } else {
        return;
    }
    FUZZ_EXPECT(error || is_free, "slot %#lx was not free", (unsigned long)slot);
    if (!error) {
        mark(s, slot, 0, true);
        *run = (struct run){slot, 0, true};
    } else if (is_free) {
        FUZZ_EXPECT(error != ALLOCMAN_NO_SLOT || fault_came(s), "slot %#lx is free, but refused",
                    (unsigned long)slot);
        check_refusal(s, 0, error);
    }
}

static void run_free(struct subject *s, struct run *run)
{
    const size_t misuse = s->alloc.counts.misuse;
    const cspacepath_t path = allocman_cspace_make_path(&s->alloc, run->first);
    if (s->start->kind == SIMPLE) { // takes nothing back
        allocman_cspace_free(&s->alloc, &path);
        run->live = false;
        return;
    }
    if (run->order == 0) {
        allocman_cspace_free(&s->alloc, &path);
    } else if (s->start->kind == SINGLE) {
        cspace_single_level_runs.free_run(&s->alloc, &s->single, run->first, run->order);
    } else {
        cspace_two_level_runs.free_run(&s->alloc, &s->two, run->first, run->order);
    }
    FUZZ_EXPECT(s->alloc.counts.misuse == misuse, "a proper free was called misuse");
    mark(s, run->first, run->order, false);
    run->live = false;
}

// A slot that is not allocated.
static void bad_free(struct subject *s, seL4_CPtr slot)
{
    const bool is_taken = slot >= s->first && slot < s->end && taken[slot - s->first];
    if (!is_taken && s->start->kind != SIMPLE) {
        const size_t misuse = s->alloc.counts.misuse;
        const cspacepath_t path = allocman_cspace_make_path(&s->alloc, slot);
        allocman_cspace_free(&s->alloc, &path);
        FUZZ_EXPECT(s->alloc.counts.misuse == misuse + 1, "misuse was not counted");
    }
}

static void destroy(struct subject *s)
{
    if (s->start->kind == SINGLE) {
        cspace_single_level_destroy(&s->alloc, &s->single);
    } else if (s->start->kind == TWO) {
        sel4model_refuse(0, seL4_NoError);
        cspace_two_level_destroy(&s->alloc, &s->two);
    }
    FUZZ_EXPECT(s->heap.wrong_frees == 0, "book memory was freed with another size");
    FUZZ_EXPECT(s->heap.blocks == 0 || s->start->kind == TWO, "book memory was not given back");
}

static void operate(struct subject *s, const struct api_record *r)
{
    struct sel4model_counters counters;
    struct run *const run = find(s, r->number, false), *const live = find(s, r->number, true);
    if (s->start->kind == TWO) {
        sel4model_counters_get(&counters);
        s->injected = counters.injected;
    }
    switch (r->operation) {
    case API_SLOT_ALLOC:
        if (run) {
            slot_alloc(s, run);
        }
        break;
    case API_RUN_ALLOC:
        if (run) {
            run_alloc(s, run, r->size_bits % ALLOCMAN_RUN_ORDERS);
        }
        break;
    case API_SLOT_ALLOC_AT:
        if (run) {
            alloc_at(s, run, (seL4_CPtr)r->operand);
        }
        break;
    case API_SLOT_FREE:
    case API_RUN_FREE:
        if (live) {
            run_free(s, live);
        }
        break;
    case API_BAD_SLOT:
        bad_free(s, (seL4_CPtr)r->operand);
        break;
    case API_BOOK_REFUSE:
        s->heap.refuse_after = r->flags & API_OF_THING ? SIZE_MAX : (size_t)(r->operand % 64);
        break;
    case API_REFUSE:
        if (s->start->kind == TWO) {
            sel4model_refuse(1 + (unsigned long)(r->operand % 16),
                             (seL4_Error)(1u + r->type % (seL4_NumErrors - 1u)));
        }
        break;
    default:
        break;
    }
}

static void check(const struct subject *s)
{
    struct allocman_violation v;
    if (s->start->kind == SINGLE) {
        FUZZ_EXPECT(cspace_single_level_check(&s->single, &v), "%s (%s)", allocman_law_text(v.law),
                    v.what);
        FUZZ_EXPECT(s->single.map.free_count + s->taken_count == s->end - s->first,
                    "%zu free and %zu taken", s->single.map.free_count, s->taken_count);
        FUZZ_EXPECT(s->single.map.book_bytes == s->heap.bytes, "%zu bytes of book memory, %zu",
                    s->single.map.book_bytes, s->heap.bytes);
    } else if (s->start->kind == TWO) {
        FUZZ_EXPECT(cspace_two_level_check(&s->two, &v), "%s (%s)", allocman_law_text(v.law),
                    v.what);
        FUZZ_EXPECT(s->two.free_count + s->taken_count == s->two.index.count
                                                              << s->two.config.level_two_bits,
                    "%zu free and %zu taken", s->two.free_count, s->taken_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct subject s;
    unsigned start;
    size_t records;
    if (!fuzz_open(data, size, &start, &records)) {
        return 0;
    }
    (void)setenv("CMOCKA_TEST_ABORT", "1", 1);
    subject_open(&s, &starts[start]);
    for (size_t i = 0; i < records; i++) {
        const struct api_record r = api_trace_get(data, i);
        (void)fuzz_tell(&r);
        operate(&s, &r);
        check(&s);
    }
    s.heap.refuse_after = SIZE_MAX;
    if (s.start->kind == TWO) {
        sel4model_refuse(0, seL4_NoError);
    }
    for (unsigned i = 0; i < RUNS_MAX; i++) {
        if (s.run[i].live) {
            run_free(&s, &s.run[i]);
        }
    }
    check(&s);
    destroy(&s);
    if (s.start->kind == TWO) {
        world_stop(&s.world);
    }
    return 0;
}
