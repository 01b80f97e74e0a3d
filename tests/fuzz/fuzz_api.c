/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// A whole allocman, by its own calls and by vka's, with refusals and misuse. What the random tests look
// at after each operation (tests/support/rig.h) is the oracle: laws, books against kernel, whether a
// refusal was right; and at the end everything is given back and every root is whole.

#include "fuzz.h"

#include <stdlib.h>

#include "api_starts.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const char *start_name(unsigned start)
{
    return api_starts[start].name;
}

// A type of object and its size, mostly one that there is.
static void choose_type(struct rng *rng, struct api_record *r)
{
    static const struct {
        seL4_Word type;
        unsigned size_bits;
    } fixed[] = {
        {seL4_EndpointObject, seL4_EndpointBits},
        {seL4_NotificationObject, seL4_NotificationBits},
        {seL4_TCBObject, seL4_TCBBits},
        {SMALL_FRAME, seL4_PageBits},
        {SMALL_FRAME, seL4_PageBits},
        {PAGE_TABLE, seL4_PageTableBits},
        {VSPACE_ROOT, seL4_VSpaceBits},
        {LARGE_FRAME, seL4_LargePageBits},
        {LARGEST_FRAME, LARGEST_FRAME_BITS},
    };
    const unsigned what = rng_below(rng, 16);
    r->type = seL4_UntypedObject;
    r->size_bits = (uint8_t)rng_from(rng, seL4_MinUntypedBits, 22);
    if (what < ARRAY_LENGTH(fixed)) {
        r->type = (uint8_t)fixed[what].type;
        r->size_bits = (uint8_t)fixed[what].size_bits;
    } else if (what < 12) {
        r->type = seL4_CapTableObject;
        r->size_bits = (uint8_t)(rng_from(rng, 1, 10) + seL4_SlotBits);
    } else if (rng_percent(rng, 2)) {
        r->type = (uint8_t)rng_below(rng, seL4_ObjectTypeCount + 2);
    }
}

static void choose_object(struct rng *rng, struct api_record *r)
{
    // Where the machine's untypeds begin.
    static const uint64_t base[] = {0xfe000000, 0xfec01000, 0xfee01000, 0xffff0000, 0x100000,
                                    0x200000,   0x400000,   0xb38000,   0xb40000,   0x1000000,
                                    0x1f009000, 0x1f010000, 0x1f040000, 0x1ff80000};
    choose_type(rng, r);
    r->flags = (uint8_t)(rng_below(rng, 2) * API_VKA + (rng_percent(rng, 20) ? API_DEVICE : 0));
    if (rng_percent(rng, 20)) {
        r->flags |= API_AT;
        r->operand = base[rng_below(rng, ARRAY_LENGTH(base))] +
                     ((uint64_t)rng_below(rng, 4) << (r->size_bits + rng_below(rng, 8)) % 48);
    }
}

static void choose_rest(struct rng *rng, struct api_record *r)
{
    static const uint8_t operations[] = {
        API_SLOT_ALLOC,    API_SLOT_FREE,      API_ADD_UNTYPED,  API_RECLAIM,     API_FILL_RESERVES,
        API_RESERVE_SLOTS, API_RESERVE_OBJECT, API_RESERVE_BOOK, API_MAP,         API_LEAK,
        API_LEAK,          API_LEAK_END,       API_OCCUPIED,     API_WRONG_SIZE,  API_STALE,
        API_BAD_COOKIE,    API_BAD_SLOT,       API_BAD_BOOK,     API_DOUBLE_SLOT, API_DOUBLE_BOOK,
        API_NONSENSE,      API_NEST,           API_NEST};
    r->operation = operations[rng_below(rng, sizeof(operations))];
    choose_type(rng, r);
    r->flags = (uint8_t)rng_below(rng, 16);
    r->operand = rng_percent(rng, 60) ? rng_below(rng, 5000) : rng_next(rng);
}

// Mostly limits that are met.
static void choose_limits(struct rng *rng, struct api_record *r)
{
    r->operation = rng_percent(rng, 70) ? API_SET_LIMITS : API_PREPARE;
    r->size_bits = (uint8_t)(rng_percent(rng, 40) ? 0 : rng_from(rng, 7, 22));
    r->type = (uint8_t)rng_below(rng, 10);
    r->operand = rng_below(rng, 2);
}

static void choose(struct rng *rng, struct api_record *r)
{
    const unsigned what = rng_below(rng, 100);
    if (what < 35) {
        r->operation = API_OBJECT_ALLOC;
        choose_object(rng, r);
    } else if (what < 55) {
        r->operation = API_OBJECT_FREE;
    } else if (what < 63) {
        r->operation = API_BOOK_ALLOC;
        r->operand = rng_from(rng, 1, rng_percent(rng, 50) ? 300 : 20000);
    } else if (what < 69) {
        r->operation = API_BOOK_FREE;
    } else if (what < 74) {
        r->operation = API_REFUSE;
        r->type = (uint8_t)rng_next(rng);
        r->operand = rng_below(rng, 12);
    } else if (what < 77) {
        choose_limits(rng, r);
    } else {
        choose_rest(rng, r);
    }
}

const struct fuzz_target fuzz_target = {
    .name = "fuzz_api", .starts = API_STARTS, .start_name = start_name, .choose = choose};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned start;
    size_t records;
    if (!fuzz_open(data, size, &start, &records)) {
        return 0;
    }
    (void)setenv("CMOCKA_TEST_ABORT", "1", 1); // what fails aborts, so that the fuzzer sees it
    struct rig_config config = api_start(start);
    if (fuzz_out) { // for people, who want to know where it began
        config.check_every = config.deep_every = 1;
    }
    struct rig *const rig = calloc(1, sizeof(*rig));
    FUZZ_EXPECT(rig, "no memory");
    rig->steps = (unsigned)records;
    rig_start(rig, &config);
    for (size_t i = 0; i < records; i++) {
        const struct api_record record = api_trace_get(data, i);
        (void)fuzz_tell(&record);
        rig_execute(rig, &record);
    }
    rig_finish(rig);
    free(rig);
    return 0;
}
