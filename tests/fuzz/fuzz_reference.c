/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The same requests to the reference allocator (tests/support/buddy.h) and to an allocman, each on the
// same machine of its own, without a virtual pool.
//
// "What the reference serves is served" does not hold in principle: a binary buddy joins two halves as
// soon as both are free, an allocman the up to 256 pieces that it made at once, so that one piece in use
// keeps the others apart. What holds, and is checked:
//
// 1. While both have the same objects, as many bytes are free in one as in the other. (Where one was
//    refused an object that the other has, they differ by its bytes.)
// 2. A request that the reference serves is refused for want of memory only, never for want of slots or
//    book memory; and no free block is large enough then, and no group is free as a whole.
// 3. When all is given back, an allocman serves of any one size, again and again, at least as many as
//    the reference has: the reference's untypeds of that size, all at once.

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <allocman/check.h>
#include <allocman/vka.h>
#include <vka/object.h>

#include "arch.h"
#include "buddy.h"
#include "check/split_walk.h"
#include "world.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define THINGS              256u
#define CALLS_MAX           512u
#define FILL_BITS_MIN       14u // sizes of the fill at the end: so that it is soon done
#define FILL_BITS           9u

static const char *start_name(unsigned start)
{
    (void)start;
    return "static_pool";
}

static const struct kind {
    seL4_Word type;
    unsigned size_bits; // as vka counts; 0: the record's
} kinds[] = {
    {seL4_UntypedObject, 0},        {seL4_EndpointObject, seL4_EndpointBits},
    {SMALL_FRAME, seL4_PageBits},   {PAGE_TABLE, seL4_PageTableBits},
    {seL4_TCBObject, seL4_TCBBits}, {LARGE_FRAME, seL4_LargePageBits},
    {seL4_CapTableObject, 6},
};

static void choose(struct rng *rng, struct api_record *r)
{
    r->operation = rng_percent(rng, 55) ? API_OBJECT_ALLOC : API_OBJECT_FREE;
    r->type = (uint8_t)rng_below(rng, 3 * ARRAY_LENGTH(kinds));
    r->size_bits = (uint8_t)rng_from(rng, seL4_MinUntypedBits, 23);
}

const struct fuzz_target fuzz_target = {
    .name = "fuzz_reference", .starts = 1, .start_name = start_name, .choose = choose};

// One allocator and what it has.
struct side {
    vka_t vka;
    vka_object_t object[THINGS];
    bool live[THINGS];
};

// What the reference did with each call.
struct outcome {
    unsigned place; // which thing it was; THINGS: there was none
    bool served;
    uint64_t free_bytes; // after it
};

static struct kind kind_of(const struct api_record *r)
{
    // Mostly untypeds: they come in all sizes.
    struct kind kind = kinds[r->type % 3 == 0 ? r->type / 3 % ARRAY_LENGTH(kinds) : 0];
    if (kind.size_bits == 0) {
        kind.size_bits = seL4_MinUntypedBits + r->size_bits % 21u;
    }
    return kind;
}

// The thing that a record means: for an allocation one that is not there.
static unsigned place_of(const struct side *side, const struct api_record *r, bool live)
{
    unsigned i = r->number % THINGS;
    for (unsigned tries = 0; tries < THINGS && side->live[i] != live; tries++) {
        i = (i + 1) % THINGS;
    }
    return side->live[i] == live ? i : THINGS;
}

// --- the reference --------------------------------------------------------------------------------

static uint64_t buddy_free_bytes(const struct buddy *buddy)
{
    return (uint64_t)buddy_blocks(buddy, seL4_MinUntypedBits) << seL4_MinUntypedBits;
}

static struct world_options options(void)
{
    return (struct world_options){.record = "../../tests/fuzz/pc99-small",
                                  .pool_bytes = (size_t)1 << 19};
}

// `blocks`: of each size that the fill can have, what it has when all is free.
static void run_reference(const uint8_t *data, size_t calls, struct outcome *outcome,
                          size_t *blocks)
{
    static struct side side;
    struct world world;
    struct buddy buddy;
    const struct world_options start = options();
    memset(&side, 0, sizeof(side));
    world_start(&world, &start); // boots; its allocman is not used
    FUZZ_EXPECT(buddy_start(&buddy, world.bootinfo, false), "no memory");
    buddy_make_vka(&side.vka, &buddy);
    for (unsigned bits = 0; bits < FILL_BITS; bits++) {
        blocks[bits] = buddy_blocks(&buddy, FILL_BITS_MIN + bits);
    }
    for (size_t c = 0; c < calls; c++) {
        const struct api_record r = api_trace_get(data, c);
        const bool allocates = r.operation == API_OBJECT_ALLOC;
        const struct kind kind = kind_of(&r);
        const unsigned i = place_of(&side, &r, !allocates);
        outcome[c].place = allocates || r.operation == API_OBJECT_FREE ? i : THINGS;
        if (i < THINGS && allocates) {
            side.live[i] =
                vka_alloc_object(&side.vka, kind.type, kind.size_bits, &side.object[i]) == 0;
            outcome[c].served = side.live[i];
        } else if (outcome[c].place < THINGS) {
            vka_free_object(&side.vka, &side.object[i]);
            side.live[i] = false;
        }
        outcome[c].free_bytes = buddy_free_bytes(&buddy);
    }
    buddy_stop(&buddy);
    world_stop(&world);
}

// --- the allocman ---------------------------------------------------------------------------------

static uint64_t ram_free(const struct world *world)
{
    return world->managers->utspace.totals.free_bytes[ALLOCMAN_UT_KERNEL];
}

// Nothing could have been served.
static void check_refusal(const struct world *world, const struct kind *kind)
{
    const struct allocman_failure *const why = allocman_last_failure(world->alloc);
    const unsigned bits = (unsigned)vka_get_object_size(kind->type, kind->size_bits);
    struct utspace_split_cursor cursor = {.started = false};
    struct utspace_split_block block;
    struct number_walk walk = {.started = false};
    const struct split_group *g;
    uint32_t number;
    FUZZ_EXPECT(why->status == ALLOCMAN_NO_UNTYPED, "the reference serves 2^%u, we lack: %s", bits,
                allocman_status_text(why->status));
    while (utspace_split_next_block(&world->managers->utspace, &cursor, &block)) {
        FUZZ_EXPECT(block.allocated || block.kind != ALLOCMAN_UT_KERNEL || block.size_bits < bits,
                    "2^%u is refused, but 2^%u is free", bits, block.size_bits);
    }
    while ((g = am_check_next(&world->managers->utspace, &walk, &number)) != NULL) {
        FUZZ_EXPECT(g->flags & GROUP_ROOT || g->free_count < 1u << g->fan_out_bits,
                    "2^%u is refused, but group %u is free as a whole", bits, number);
    }
}

static void check_laws(const struct world *world)
{
    char text[300];
    const char *const wrong = world_wrong(world, true, NULL, NULL, text, sizeof(text));
    FUZZ_EXPECT(!wrong, "%s", wrong);
}

// All of one size at once, twice.
static void fill(vka_t *vka, const struct world *world, unsigned bits, size_t blocks)
{
    vka_object_t *const object = calloc(blocks, sizeof(*object));
    FUZZ_EXPECT(object || blocks == 0, "no memory");
    for (unsigned round = 0; round < 2; round++) {
        for (size_t i = 0; i < blocks; i++) {
            FUZZ_EXPECT(vka_alloc_untyped(vka, bits, &object[i]) == 0,
                        "the reference has %zu untypeds of 2^%u, we have %zu: %s", blocks, bits, i,
                        allocman_status_text(allocman_last_failure(world->alloc)->status));
        }
        for (size_t i = blocks; i-- > 0;) {
            vka_free_object(vka, &object[i]);
        }
        check_laws(world);
    }
    free(object);
}

// Objects that the reference has and the allocman was refused.
struct lacking {
    uint64_t bytes[THINGS];
    uint64_t sum;
};

static void follow(struct side *side, const struct world *world, const struct api_record *r,
                   const struct outcome *outcome, struct lacking *lacking)
{
    const unsigned i = outcome->place;
    const struct kind kind = kind_of(r);
    if (i == THINGS) {
        return;
    }
    if (outcome->served) {
        side->live[i] =
            vka_alloc_object(&side->vka, kind.type, kind.size_bits, &side->object[i]) == 0;
        if (!side->live[i]) {
            check_refusal(world, &kind);
            lacking->bytes[i] = UINT64_C(1) << vka_get_object_size(kind.type, kind.size_bits);
            lacking->sum += lacking->bytes[i];
        }
    } else if (side->live[i]) {
        vka_free_object(&side->vka, &side->object[i]);
        side->live[i] = false;
    } else { // it was freed there, or was not served there either
        lacking->sum -= lacking->bytes[i];
        lacking->bytes[i] = 0;
    }
    FUZZ_EXPECT(ram_free(world) == outcome->free_bytes + lacking->sum,
                "%llu bytes are free, of the reference's %llu, and %llu that we were refused",
                (unsigned long long)ram_free(world), (unsigned long long)outcome->free_bytes,
                (unsigned long long)lacking->sum);
}

static void run_allocman(const uint8_t *data, size_t calls, const struct outcome *outcome,
                         const size_t *blocks)
{
    static struct side side;
    static struct lacking lacking;
    struct world world;
    const struct world_options start = options();
    unsigned bits = 0;
    memset(&side, 0, sizeof(side));
    memset(&lacking, 0, sizeof(lacking));
    world_start(&world, &start);
    allocman_make_vka(&side.vka, world.alloc);
    for (size_t c = 0; c < calls; c++) {
        const struct api_record r = api_trace_get(data, c);
        (void)fuzz_tell(&r);
        follow(&side, &world, &r, &outcome[c], &lacking);
        bits += r.size_bits;
    }
    check_laws(&world);
    for (unsigned i = 0; i < THINGS; i++) {
        if (side.live[i]) {
            vka_free_object(&side.vka, &side.object[i]);
        }
    }
    check_laws(&world);
    fill(&side.vka, &world, FILL_BITS_MIN + bits % FILL_BITS, blocks[bits % FILL_BITS]);
    world_stop(&world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct outcome outcome[CALLS_MAX];
    size_t blocks[FILL_BITS];
    unsigned start;
    size_t calls;
    if (!fuzz_open(data, size, &start, &calls)) {
        return 0;
    }
    (void)setenv("CMOCKA_TEST_ABORT", "1", 1);
    calls = calls < CALLS_MAX ? calls : CALLS_MAX;
    memset(outcome, 0, sizeof(outcome));
    run_reference(data, calls, outcome, blocks);
    run_allocman(data, calls, outcome, blocks);
    return 0;
}
