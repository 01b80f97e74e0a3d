/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Managers of book memory, each alone: the static pool of several sizes, a virtual pool behind one, the
// small heap. Blocks keep what was written to them; misuse is told and changes nothing; when all is given
// back, the largest block of the start can be had again.

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <allocman/bootstrap.h>
#include <allocman/check.h>
#include <allocman/mspace/k_r_malloc.h>

#include "arch.h"
#include "world.h"

#define BLOCKS    200u
#define POOL_MAX  40000u
#define BYTES_MAX 50000u

enum subject_kind { FIXED, HEAP, DUAL };

static const struct subject_start {
    const char *name;
    enum subject_kind kind;
    size_t bytes;  // of the array
    size_t offset; // of its start from 16 bytes' alignment
    size_t growth; // bytes of a virtual pool
} starts[] = {
    {"fixed_none", FIXED, 100, 0, 0},           {"fixed_512", FIXED, 512, 0, 0},
    {"fixed_page", FIXED, 4096, 7, 0},          {"fixed_20000", FIXED, 20000, 8, 0},
    {"fixed_40000", FIXED, 40000, 0, 0},        {"heap_2000", HEAP, 2000, 0, 0},
    {"heap_40000", HEAP, 40000, 0, 0},          {"virtual_3_pages", DUAL, 0, 0, 3 << 12},
    {"virtual_40_pages", DUAL, 0, 0, 40 << 12},
};

static const char *start_name(unsigned start)
{
    return starts[start].name;
}

static void choose(struct rng *rng, struct api_record *r)
{
    static const uint8_t operations[] = {API_BOOK_ALLOC,  API_BOOK_ALLOC, API_BOOK_ALLOC,
                                         API_BOOK_FREE,   API_BOOK_FREE,  API_BAD_BOOK,
                                         API_DOUBLE_BOOK, API_RECLAIM,    API_REFUSE};
    static const unsigned limits[] = {40, 300, 1000, 4100, 20000};
    r->operation = operations[rng_below(rng, sizeof(operations))];
    r->operand = rng_from(rng, 1, limits[rng_below(rng, 5)]);
    r->flags = (uint8_t)(rng_below(rng, 2) * API_OF_THING);
    r->type = (uint8_t)rng_below(rng, 16);
    if (r->operation == API_REFUSE) {
        r->operand %= 8;
    }
}

const struct fuzz_target fuzz_target = {.name = "fuzz_mspace",
                                        .starts = sizeof(starts) / sizeof(starts[0]),
                                        .start_name = start_name,
                                        .choose = choose};

struct block {
    unsigned char *data; // NULL: there is none
    size_t bytes;
    unsigned char pattern;
};

struct subject {
    const struct subject_start *start;
    allocman_t alloc;          // of all but DUAL
    allocman_t *owner;         // whose book memory it is
    mspace_fixed_pool_t fixed; // FIXED
    mspace_k_r_malloc_t heap;  // HEAP
    struct world world;        // DUAL
    struct block block[BLOCKS];
    size_t largest; // that can be had of the empty pool
    unsigned step;
    unsigned long injected;
};

static _Alignas(16) char pool[POOL_MAX + 16];

// --- the managers ---------------------------------------------------------------------------------

static void *take(struct subject *s, size_t bytes, int *error)
{
    if (s->start->kind == HEAP) {
        void *const block = mspace_k_r_malloc_alloc(&s->heap, bytes);
        *error = block ? ALLOCMAN_OK : ALLOCMAN_NO_BOOK;
        return block;
    }
    return allocman_mspace_alloc(s->owner, bytes, error);
}

static void give(struct subject *s, void *block, size_t bytes)
{
    if (s->start->kind == HEAP) {
        mspace_k_r_malloc_free(&s->heap, block);
    } else {
        allocman_mspace_free(s->owner, block, bytes);
    }
}

static bool fault_came(const struct subject *s)
{
    struct sel4model_counters counters;
    if (s->start->kind != DUAL) {
        return false;
    }
    sel4model_counters_get(&counters);
    return counters.injected > s->injected;
}

static void subject_open(struct subject *s)
{
    char *const array = pool + s->start->offset;
    const struct mspace_fixed_pool_config config = {array, s->start->bytes};
    switch (s->start->kind) {
    case FIXED:
        mspace_fixed_pool_create(&s->fixed, config);
        FUZZ_EXPECT(allocman_create(&s->alloc, mspace_fixed_pool_make_interface(&s->fixed)) ==
                        ALLOCMAN_OK,
                    "no allocman");
        s->owner = &s->alloc;
        break;
    case HEAP: {
        // As k_r_malloc's morecore does it: a header with a size, and a free of what is behind it.
        k_r_malloc_header_t *const header = (k_r_malloc_header_t *)(void *)array;
        mspace_k_r_malloc_init(&s->heap, 0, NULL);
        header->s.size = s->start->bytes / sizeof(*header);
        mspace_k_r_malloc_free(&s->heap, header + 1);
        s->owner = NULL;
        break;
    }
    default: {
        const struct world_options options = {.record = "../../tests/fuzz/pc99-small",
                                              .virtual_bytes = s->start->growth};
        world_start(&s->world, &options);
        s->owner = s->world.alloc;
        break;
    }
    }
}

static void check(const struct subject *s)
{
    struct allocman_violation v = {.law = ALLOCMAN_LAWS_HOLD};
    if (s->start->kind == FIXED) {
        mspace_dual_pool_t as_dual = {.fixed_pool = s->fixed};
        FUZZ_EXPECT(mspace_dual_pool_check(&as_dual, &v), "%s (%s)", allocman_law_text(v.law),
                    v.what);
    } else if (s->start->kind == DUAL) {
        const bool excused = !allocman_check(s->owner, &v) && s->injected > 0 &&
                             (v.law == ALLOCMAN_LAW_L5_HEADROOM || v.law == ALLOCMAN_LAW_L7_BOUNDS);
        FUZZ_EXPECT(v.law == ALLOCMAN_LAWS_HOLD || excused, "%s (%s)", allocman_law_text(v.law),
                    v.what);
    }
    for (unsigned i = 0; i < BLOCKS; i++) {
        const struct block *const b = &s->block[i];
        FUZZ_EXPECT(!b->data || (b->data[0] == b->pattern &&
                                 memcmp(b->data, b->data + 1, b->bytes - 1) == 0),
                    "block %u of %zu bytes was overwritten", i, b->bytes);
    }
}

// --- operations -----------------------------------------------------------------------------------

static struct block *find(struct subject *s, uint32_t number, bool live)
{
    for (unsigned i = 0; i < BLOCKS; i++) {
        struct block *const b = &s->block[(number % BLOCKS + i) % BLOCKS];
        if ((b->data != NULL) == live) {
            return b;
        }
    }
    return NULL;
}

static void block_alloc(struct subject *s, const struct api_record *r)
{
    struct block *const b = find(s, r->number, false);
    const size_t bytes = (size_t)(r->operand % BYTES_MAX);
    int error = -1;
    if (!b) {
        return;
    }
    b->data = take(s, bytes, &error);
    FUZZ_EXPECT((b->data == NULL) == (error != ALLOCMAN_OK), "block %p with status %d",
                (void *)b->data, error);
    if (!b->data) {
        FUZZ_EXPECT(bytes > 0 || error == ALLOCMAN_INVALID_SIZE || s->start->kind == HEAP,
                    "no bytes: status %d", error);
        return;
    }
    FUZZ_EXPECT((uintptr_t)b->data % 16 == 0, "a block at %p", (void *)b->data);
    b->bytes = bytes;
    b->pattern = (unsigned char)(s->step * 7 + 1);
    memset(b->data, b->pattern, bytes);
}

static void block_free(struct subject *s, struct block *b)
{
    const size_t misuse = s->owner ? s->owner->counts.misuse : 0;
    give(s, b->data, b->bytes);
    FUZZ_EXPECT(!s->owner || s->owner->counts.misuse == misuse, "a proper free was called misuse");
    b->data = NULL;
}

static void expect_misuse(struct subject *s, void *block, size_t bytes)
{
    const size_t misuse = s->owner->counts.misuse;
    give(s, block, bytes);
    FUZZ_EXPECT(s->owner->counts.misuse == misuse + 1, "misuse was not counted");
    FUZZ_EXPECT(fault_came(s) || allocman_last_failure(s->owner)->status == ALLOCMAN_BAD_POINTER,
                "misuse was called something else");
}

// As tests/support/rig_misuse.c: not where a block begins, or not as long.
static void bad_free(struct subject *s, const struct api_record *r)
{
    const struct block *const b = find(s, r->number, true);
    size_t bytes = (size_t)(r->operand % BYTES_MAX);
    if (!b || s->start->kind == HEAP) {
        return;
    }
    if (r->flags & API_OF_THING) {
        expect_misuse(s, b->data + 1 + r->operand % ((b->bytes - 1) | 15u), b->bytes);
    } else {
        bytes += (bytes + 15) / 16 == (b->bytes + 15) / 16 ? 32 : 0;
        bytes = b->bytes > 3900 ? b->bytes + 10000 : bytes; // a span is known by its pages only
        expect_misuse(s, b->data, bytes);
    }
}

static void double_free(struct subject *s, const struct api_record *r)
{
    const size_t bytes = 1 + (size_t)(r->operand % BYTES_MAX);
    int error;
    void *const block = take(s, bytes, &error);
    if (!block) {
        return;
    }
    give(s, block, bytes);
    if (s->start->kind == HEAP) {
        give(s, block, bytes); // lies in a free block, and is let pass
    } else {
        expect_misuse(s, block, bytes);
    }
}

static void operate(struct subject *s, const struct api_record *r)
{
    struct block *b;
    struct sel4model_counters counters;
    s->step++;
    if (s->start->kind == DUAL) {
        sel4model_counters_get(&counters);
        s->injected = counters.injected;
    }
    switch (r->operation) {
    case API_BOOK_ALLOC:
        block_alloc(s, r);
        break;
    case API_BOOK_FREE:
        b = find(s, r->number, true);
        if (b) {
            block_free(s, b);
        }
        break;
    case API_BAD_BOOK:
        bad_free(s, r);
        break;
    case API_DOUBLE_BOOK:
        double_free(s, r);
        break;
    case API_RECLAIM:
        if (s->start->kind == DUAL) {
            allocman_reclaim(s->owner);
        }
        break;
    case API_REFUSE:
        if (s->start->kind == DUAL) {
            sel4model_refuse(1 + (unsigned long)(r->operand % 16),
                             (seL4_Error)(1u + r->type % (seL4_NumErrors - 1u)));
        }
        break;
    default:
        break;
    }
}

// The largest block that can be had now, by halving.
static size_t largest(struct subject *s)
{
    size_t low = 0, high = 2 * POOL_MAX;
    while (low + 1 < high) {
        const size_t bytes = (low + high) / 2;
        int error;
        void *const block = take(s, bytes, &error);
        if (block) {
            give(s, block, bytes);
            low = bytes;
        } else {
            high = bytes;
        }
    }
    return low;
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
    memset(&s, 0, sizeof(s));
    s.start = &starts[start];
    subject_open(&s);
    s.largest = largest(&s);
    for (size_t i = 0; i < records; i++) {
        const struct api_record r = api_trace_get(data, i);
        (void)fuzz_tell(&r);
        operate(&s, &r);
        check(&s);
    }
    if (s.start->kind == DUAL) {
        sel4model_refuse(0, seL4_NoError);
    }
    for (unsigned i = 0; i < BLOCKS; i++) {
        if (s.block[i].data) {
            block_free(&s, &s.block[i]);
        }
    }
    check(&s);
    const size_t now = largest(&s);
    FUZZ_EXPECT(now == s.largest || (s.start->kind == DUAL && now > s.largest),
                "%zu bytes can be had, %zu at the start", now, s.largest);
    if (s.start->kind == FIXED) {
        FUZZ_EXPECT(s.fixed.pages.used_bytes == 0, "bytes are in use");
    } else if (s.start->kind == DUAL) {
        world_stop(&s.world);
    }
    return 0;
}
