/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The table of numbers against an array.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "check/split_walk.h"
#include "heap_mspace.h"
#include "rng.h"
#include "utspace/ids.h"

#define NUMBERS_MAX 40000u

struct subject {
    struct heap_mspace heap;
    allocman_t alloc;
    utspace_split_t split;
    struct rng rng;
    struct split_group *at[NUMBERS_MAX]; // by number
    uint32_t number[NUMBERS_MAX];        // those taken
    unsigned taken;
};

static void start(struct subject *s, uint64_t seed)
{
    memset(s, 0, sizeof(*s));
    heap_mspace_start(&s->heap, &s->alloc);
    utspace_split_create(&s->split);
    s->rng.state = seed;
}

static void check(const struct subject *s)
{
    struct split_tally tally = {.groups = 0};
    struct allocman_violation v = {.law = ALLOCMAN_LAWS_HOLD};
    if (!am_check_numbers(&s->split, &tally, &v)) {
        fail_msg("%s at %#lx", v.what, v.where);
    }
    assert_int_equal(tally.groups, s->taken);
    assert_int_equal(s->split.totals.book_bytes, s->heap.bytes);
    assert_int_equal(tally.book_bytes, s->heap.bytes);
    assert_int_equal(s->heap.wrong_frees, 0);
}

// The lowest number that is free is given.
static void take(struct subject *s)
{
    struct split_group *const g = calloc(1, group_bytes(0));
    assert_non_null(g);
    uint32_t lowest = 1;
    while (s->at[lowest]) {
        lowest++;
    }
    g->id = am_id_take(&s->alloc, &s->split, g);
    assert_int_equal(g->id, lowest);
    s->at[g->id] = g;
    s->number[s->taken++] = g->id;
}

static void drop(struct subject *s, unsigned i)
{
    const uint32_t number = s->number[i];
    s->number[i] = s->number[--s->taken];
    am_id_drop(&s->alloc, &s->split, number);
    free(s->at[number]);
    s->at[number] = NULL;
    assert_null(am_group(&s->split, number));
}

static void look_up(struct subject *s)
{
    const uint32_t number = rng_below(&s->rng, NUMBERS_MAX);
    assert_ptr_equal(am_group(&s->split, number), s->at[number]);
    const uint32_t any = (uint32_t)rng_next(&s->rng);
    assert_ptr_equal(am_group(&s->split, any), any < NUMBERS_MAX ? s->at[any] : NULL);
    assert_null(am_group(&s->split, 0));
    assert_null(am_group(&s->split, ~UINT32_C(0)));
}

static void drop_all(struct subject *s)
{
    while (s->taken > 0) {
        drop(s, rng_below(&s->rng, s->taken));
    }
    check(s);
    assert_int_equal(s->heap.blocks, 0);
    assert_null(s->split.ids);
}

static void stream(unsigned most, unsigned steps, unsigned check_every)
{
    static struct subject s;
    start(&s, most);
    for (unsigned step = 0; step < steps; step++) {
        if (s.taken == 0 ||
            (s.taken < most && rng_percent(&s.rng, step / (steps / 6 + 1) % 2 ? 30 : 80))) {
            take(&s);
        } else {
            drop(&s, rng_below(&s.rng, s.taken));
        }
        look_up(&s);
        if (step % check_every == 0) {
            check(&s);
        }
    }
    drop_all(&s);
}

static void test_streams(void **state)
{
    (void)state;
    stream(1, 100, 1);
    stream(33, 3000, 1);
    stream(70, 3000, 1);
    stream(1100, 8000, 10);
}

// Up to three levels and back, through every border between heights.
static void test_heights(void **state)
{
    (void)state;
    static struct subject s;
    start(&s, 3);
    for (unsigned i = 1; i < 34000; i++) {
        struct split_group *const g = calloc(1, group_bytes(0));
        g->id = am_id_take(&s.alloc, &s.split, g);
        assert_int_equal(g->id, i);
        s.at[i] = g;
        s.number[s.taken++] = i;
        if (i < 70 || i % 997 == 0 || (i > 1000 && i < 1070) || (i > 32700 && i < 32800)) {
            check(&s);
        }
    }
    assert_int_equal(s.split.id_levels, 4);
    while (s.taken > 0) { // from the highest down
        drop(&s, s.taken - 1);
        if (s.taken % 331 == 0 || s.taken < 70) {
            check(&s);
        }
    }
    drop_all(&s);
}

// Without book memory no number is given, and nothing is kept.
static void test_no_book(void **state)
{
    (void)state;
    static struct subject s;
    start(&s, 5);
    struct split_group group = {.id = 0};
    s.heap.refuse_after = 0;
    assert_int_equal(am_id_take(&s.alloc, &s.split, &group), 0);
    assert_int_equal(s.heap.blocks, 0);
    s.heap.refuse_after = SIZE_MAX;
    for (unsigned i = 1; i < 1024; i++) {
        take(&s);
        for (unsigned refuse = 0; refuse < 3 && i % 31 == 0; refuse++) {
            const size_t bytes = s.heap.bytes;
            s.heap.refuse_after = refuse;
            const uint32_t number = am_id_take(&s.alloc, &s.split, &group);
            if (number) {
                group.id = number;
                am_id_drop(&s.alloc, &s.split, number);
            }
            assert_int_equal(s.heap.bytes, bytes);
            s.heap.refuse_after = SIZE_MAX;
            check(&s);
        }
    }
    drop_all(&s);
}

static void take_by(allocman_t *alloc, struct subject *s)
{
    struct split_group *const g = calloc(1, group_bytes(0));
    assert_non_null(g);
    g->id = am_id_take(alloc, &s->split, g);
    assert_in_range(g->id, 1, NUMBERS_MAX - 1);
    assert_null(s->at[g->id]);
    s->at[g->id] = g;
    s->number[s->taken++] = g->id;
}

struct nest {
    struct subject *subject;
    allocman_t alloc; // has book memory for it
    unsigned count;   // numbers to take
};

static void take_nested(void *context)
{
    struct nest *const nest = context;
    for (unsigned i = 0; i < nest->count; i++) {
        take_by(&nest->alloc, nest->subject);
    }
}

// Book memory that takes numbers itself while a node is made: each number goes to one, whoever was quicker.
static void test_nested(void **state)
{
    (void)state;
    static const unsigned counts[] = {1, 2, 31, 33, 1100};
    static const unsigned before[] = {0, 1, 30, 31, 32, 63, 1022, 1023, 1024, 1055};
    static struct subject s;
    for (unsigned i = 0; i < 5 * 10 * 3; i++) {
        start(&s, i);
        struct nest nest = {.subject = &s, .alloc = s.alloc, .count = counts[i % 5]};
        for (unsigned n = 0; n < before[i / 5 % 10]; n++) {
            take_by(&s.alloc, &s);
        }
        s.heap.context = &nest;
        s.heap.nest_after = i / 50;
        s.heap.nested = take_nested;
        for (unsigned n = 0; n < 70; n++) {
            take_by(&s.alloc, &s);
            check(&s);
        }
        s.heap.nested = NULL;
        drop_all(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streams),
        cmocka_unit_test(test_heights),
        cmocka_unit_test(test_no_book),
        cmocka_unit_test(test_nested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
