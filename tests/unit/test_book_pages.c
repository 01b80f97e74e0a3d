/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Book memory in a static pool against a list of what was taken: blocks do not overlap, sizes are
// exact, misuse is found, and all comes back.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <allocman/check.h>

#include "rng.h"

#define BLOCKS_MAX 2000u

struct block {
    unsigned char *at;
    size_t bytes;
    unsigned char pattern;
};

struct subject {
    mspace_dual_pool_t pool;
    allocman_t alloc;
    unsigned char *memory;
    size_t bytes;
    struct rng rng;
    struct block block[BLOCKS_MAX];
    unsigned blocks;
};

static void start(struct subject *s, size_t bytes, size_t shift)
{
    memset(s, 0, sizeof(*s));
    s->memory = malloc(bytes + shift);
    assert_non_null(s->memory);
    s->bytes = bytes;
    s->rng.state = bytes + shift;
    mspace_dual_pool_create(
        &s->pool, (struct mspace_fixed_pool_config){.pool = s->memory + shift, .size = bytes});
    assert_int_equal(allocman_create(&s->alloc, mspace_dual_pool_make_interface(&s->pool)),
                     ALLOCMAN_OK);
}

static void check(const struct subject *s)
{
    struct allocman_violation v = {.law = ALLOCMAN_LAWS_HOLD};
    if (!mspace_dual_pool_check(&s->pool, &v)) {
        fail_msg("%s at %#lx", v.what, v.where);
    }
}

static void take(struct subject *s, size_t bytes)
{
    if (s->blocks == BLOCKS_MAX) {
        return;
    }
    int error = -1;
    unsigned char *const at = allocman_mspace_alloc(&s->alloc, bytes, &error);
    assert_int_equal(at == NULL, error != ALLOCMAN_OK);
    if (!at) {
        assert_int_equal(error, ALLOCMAN_NO_BOOK);
        return;
    }
    assert_int_equal((uintptr_t)at % 16, 0);
    const unsigned char pattern = (unsigned char)rng_next(&s->rng);
    memset(at, pattern, bytes);
    s->block[s->blocks++] = (struct block){at, bytes, pattern};
}

static void give_back(struct subject *s, unsigned i)
{
    const struct block block = s->block[i];
    const size_t misuse = s->alloc.counts.misuse;
    // The first byte is as it was, and each like the one before it.
    assert_int_equal(block.at[0], block.pattern);
    assert_int_equal(memcmp(block.at, block.at + 1, block.bytes - 1), 0);
    allocman_mspace_free(&s->alloc, block.at, block.bytes);
    assert_int_equal(s->alloc.counts.misuse, misuse);
    s->block[i] = s->block[--s->blocks];
}

// Addresses and sizes that are no block's.
static void misuse(struct subject *s)
{
    const struct block *const b = &s->block[rng_below(&s->rng, s->blocks)];
    const size_t before = s->alloc.counts.misuse;
    const struct book_pages pages = s->pool.fixed_pool.pages;
    unsigned expected = 0;
    if (b->bytes > 16) {
        allocman_mspace_free(&s->alloc, b->at + 16, b->bytes - 16);
        allocman_mspace_free(&s->alloc, b->at + 1, b->bytes - 1);
        expected += 2;
    }
    if (b->bytes <= 3900) {
        allocman_mspace_free(&s->alloc, b->at, b->bytes + 16);
        expected++;
    }
    if (b->bytes > 16 && b->bytes <= 3900) {
        allocman_mspace_free(&s->alloc, b->at, b->bytes - 16);
        expected++;
    }
    allocman_mspace_free(&s->alloc, b->at, 0);
    allocman_mspace_free(&s->alloc, b->at, s->bytes + 5000);
    allocman_mspace_free(&s->alloc, s, 16);
    expected += 3;
    assert_int_equal(s->alloc.counts.misuse, before + expected);
    assert_memory_equal(&pages, &s->pool.fixed_pool.pages, sizeof(pages));
}

static size_t random_bytes(struct subject *s)
{
    static const size_t limits[] = {16, 80, 300, 1500, 4016, 9000, 40000};
    return 1 + rng_below(&s->rng, limits[rng_below(&s->rng, rng_percent(&s->rng, 70) ? 4 : 7)]);
}

static void stream(size_t bytes, size_t shift, unsigned steps)
{
    static struct subject s;
    start(&s, bytes, shift);
    check(&s);
    const struct book_pages fresh = s.pool.fixed_pool.pages;
    for (unsigned step = 0; step < steps; step++) {
        if (s.blocks == 0 || rng_percent(&s.rng, step / (steps / 6 + 1) % 2 ? 35 : 65)) {
            take(&s, random_bytes(&s));
        } else if (rng_percent(&s.rng, 10)) {
            misuse(&s);
        } else {
            give_back(&s, rng_below(&s.rng, s.blocks));
        }
        check(&s);
    }
    while (s.blocks > 0) {
        give_back(&s, s.blocks - 1);
    }
    check(&s);
    assert_int_equal(s.pool.fixed_pool.pages.used_bytes, 0);
    assert_int_equal(s.pool.fixed_pool.pages.empty_pages, fresh.empty_pages);
    assert_int_equal(s.pool.fixed_pool.pages.page_bytes, fresh.page_bytes);
    free(s.memory);
}

static void test_streams(void **state)
{
    (void)state;
    stream(200, 0, 500);
    stream(512, 0, 1000);
    stream(4096, 0, 2000);
    stream(4096 + 100, 8, 2000);
    stream(16384, 3, 3000);
    stream(80000, 16, 2500);
    stream(200000, 0, 2000);
}

// A pool too small for a header and a granule refuses all; the next larger one serves one granule.
static void test_tiny_pools(void **state)
{
    (void)state;
    static struct subject s;
    for (size_t bytes = 0; bytes <= 160; bytes++) {
        start(&s, bytes, 0);
        check(&s);
        take(&s, 16);
        check(&s);
        assert_int_equal(s.blocks, bytes >= (sizeof(struct book_page) + 15) / 16 * 16 + 16);
        free(s.memory);
    }
}

// A whole page serves its whole capacity as one block, and as granules.
static void test_capacity(void **state)
{
    (void)state;
    static struct subject s;
    const unsigned granules = (4096 - sizeof(struct book_page)) / 16;
    start(&s, 4096, 0);
    take(&s, granules * 16);
    assert_int_equal(s.blocks, 1);
    give_back(&s, 0);
    for (unsigned i = 0; i < granules; i++) {
        take(&s, 1 + i % 16);
        assert_int_equal(s.blocks, i + 1);
        check(&s);
    }
    take(&s, 1);
    assert_int_equal(s.blocks, granules);
    assert_int_equal(allocman_last_failure(&s.alloc)->status, ALLOCMAN_NO_BOOK);
    free(s.memory);
}

// Whole pages in a row: as many blocks of n pages as fit, the largest there can be in them, from the first page to the last.
static void test_spans(void **state)
{
    (void)state;
    enum { PAGES = 8 };
    static struct subject s;
    const size_t header = (sizeof(struct book_page) + 15) / 16 * 16;
    for (unsigned n = 2; n <= PAGES; n++) {
        start(&s, (size_t)PAGES * 4096, 0);
        for (unsigned i = 0; i <= PAGES / n; i++) {
            take(&s, (size_t)n * 4096 - header);
            check(&s);
        }
        assert_int_equal(s.blocks, PAGES / n);
        assert_int_equal(s.pool.fixed_pool.pages.used_bytes, (size_t)PAGES / n * n * 4096);
        assert_int_equal(s.pool.fixed_pool.pages.empty_pages, PAGES % n);
        while (s.blocks > 0) {
            give_back(&s, 0);
        }
        take(&s, (size_t)n * 4096 - header + 1); // takes one more
        assert_int_equal(s.blocks, n < PAGES);
        assert_int_equal(s.pool.fixed_pool.pages.used_bytes, n < PAGES ? (n + 1u) * 4096 : 0);
        free(s.memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streams),
        cmocka_unit_test(test_tiny_pools),
        cmocka_unit_test(test_capacity),
        cmocka_unit_test(test_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
