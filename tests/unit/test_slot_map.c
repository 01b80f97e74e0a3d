/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The map of free numbers against an array of booleans.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <string.h>

#include "check/map_walk.h"
#include "cspace/slot_map.h"
#include "heap_mspace.h"
#include "rng.h"

#define NUMBERS_MAX 70000u
#define RUNS_MAX    4000u

static bool taken[NUMBERS_MAX]; // by distance from the first number

struct run {
    seL4_Word first;
    unsigned order;
};

struct subject {
    struct heap_mspace heap;
    allocman_t alloc;
    allocman_t nested; // of the requests within others: it has book memory for them
    struct allocman_slot_map map;
    struct rng rng;
    struct run run[RUNS_MAX];
    unsigned runs;
    size_t free;
};

static void start(struct subject *s, seL4_Word first, size_t count, uint64_t seed)
{
    memset(s, 0, sizeof(*s));
    memset(taken, 0, sizeof(taken));
    heap_mspace_start(&s->heap, &s->alloc);
    am_slot_map_init(&s->map, first, first + count);
    s->rng.state = seed;
    s->free = count;
}

static void check(const struct subject *s)
{
    struct allocman_violation v = {.law = ALLOCMAN_LAWS_HOLD};
    if (!am_check_map(&s->map, ALLOCMAN_LAW_L2_SLOTS, &v)) {
        fail_msg("%s at %#lx", v.what, v.where);
    }
    assert_int_equal(s->map.free_count, s->free);
    assert_int_equal(s->map.book_bytes, s->heap.bytes);
    assert_int_equal(s->heap.wrong_frees, 0);
}

// Is there a free aligned run?
static bool run_exists(const struct subject *s, unsigned order)
{
    const seL4_Word length = (seL4_Word)1 << order;
    seL4_Word at = (s->map.first + length - 1) & ~(length - 1);
    for (; at >= s->map.first && at < s->map.end && s->map.end - at >= length; at += length) {
        seL4_Word i = 0;
        while (i < length && !taken[at - s->map.first + i]) {
            i++;
        }
        if (i == length) {
            return true;
        }
    }
    return false;
}

static void mark(struct subject *s, seL4_Word first, unsigned order, bool value)
{
    for (seL4_Word i = 0; i < (seL4_Word)1 << order; i++) {
        assert_in_range(first + i, s->map.first, s->map.end - 1);
        assert_true(taken[first + i - s->map.first] != value);
        taken[first + i - s->map.first] = value;
    }
    s->free += value ? -((size_t)1 << order) : (size_t)1 << order;
}

static void take_by(allocman_t *alloc, struct subject *s, unsigned order)
{
    seL4_Word first = ~(seL4_Word)0;
    const int error = am_slot_map_alloc(alloc, &s->map, order, &first);
    if (error) {
        assert_int_equal(error, ALLOCMAN_NO_SLOT);
        assert_false(run_exists(s, order));
        return;
    }
    assert_int_equal(first % ((seL4_Word)1 << order), 0);
    mark(s, first, order, true);
    if (s->runs < RUNS_MAX) {
        s->run[s->runs++] = (struct run){first, order};
    }
}

static void take(struct subject *s, unsigned order)
{
    take_by(&s->alloc, s, order);
}

static void take_at(struct subject *s)
{
    const size_t count = s->map.end - s->map.first;
    const seL4_Word number = s->map.first - 2 + rng_below(&s->rng, count + 4);
    const bool inside = number >= s->map.first && number < s->map.end;
    const int error = am_slot_map_alloc_at(&s->alloc, &s->map, number);
    assert_int_equal(error == ALLOCMAN_OK, inside && !taken[number - s->map.first]);
    if (!error) {
        mark(s, number, 0, true);
        if (s->runs < RUNS_MAX) {
            s->run[s->runs++] = (struct run){number, 0};
        }
    }
}

// A run as it was taken, or half of one.
static void give_back(struct subject *s)
{
    const unsigned i = rng_below(&s->rng, s->runs);
    struct run run = s->run[i];
    if (run.order > 0 && rng_percent(&s->rng, 30)) {
        s->run[i].order = --run.order;
        run.first += (seL4_Word)1 << run.order;
    } else {
        s->run[i] = s->run[--s->runs];
    }
    assert_int_equal(am_slot_map_free(&s->alloc, &s->map, run.first, run.order), ALLOCMAN_OK);
    mark(s, run.first, run.order, false);
}

// A free of what is not taken, or not all of it, changes nothing.
static void give_back_wrong(struct subject *s)
{
    const size_t count = s->map.end - s->map.first;
    const unsigned order = rng_below(&s->rng, ALLOCMAN_RUN_ORDERS);
    const seL4_Word length = (seL4_Word)1 << order;
    const seL4_Word first = s->map.first + rng_below(&s->rng, count);
    bool whole = first % length == 0 && s->map.end - first >= length;
    for (seL4_Word i = 0; whole && i < length; i++) {
        whole = taken[first - s->map.first + i];
    }
    if (!whole) {
        assert_int_equal(am_slot_map_free(&s->alloc, &s->map, first, order),
                         ALLOCMAN_SLOT_NOT_ALLOCATED);
    }
    assert_int_equal(am_slot_map_free(&s->alloc, &s->map, s->map.end, 0),
                     ALLOCMAN_SLOT_NOT_ALLOCATED);
    if (s->map.first > 0) {
        assert_int_equal(am_slot_map_free(&s->alloc, &s->map, s->map.first - 1, 0),
                         ALLOCMAN_SLOT_NOT_ALLOCATED);
    }
}

// One random operation; `fill` of a hundred take.
static void operate(struct subject *s, unsigned fill)
{
    if (s->runs == 0 || rng_percent(&s->rng, fill)) {
        rng_percent(&s->rng, 10) ? take_at(s)
                                 : take(s, rng_below(&s->rng, rng_percent(&s->rng, 50) ? 2 : 9));
    } else if (rng_percent(&s->rng, 10)) {
        give_back_wrong(s);
    } else {
        give_back(s);
    }
    const seL4_Word number = s->map.first + rng_below(&s->rng, s->map.end - s->map.first);
    assert_int_equal(am_slot_map_is_free(&s->map, number), !taken[number - s->map.first]);
}

static void stream(seL4_Word first, size_t count, unsigned steps, unsigned check_every)
{
    static struct subject s;
    start(&s, first, count, first + count);
    for (unsigned step = 0; step < steps; step++) {
        operate(&s, step / (steps / 6 + 1) % 2 ? 35 : 75);
        if (step % check_every == 0) {
            check(&s);
        }
    }
    while (s.runs > 0) {
        give_back(&s);
    }
    check(&s);
    if (s.free == count) { /* no run was forgotten for want of room in the test's own list */
        assert_int_equal(s.heap.blocks, 0);
    }
    am_slot_map_destroy(&s.alloc, &s.map);
    assert_int_equal(s.heap.blocks, 0);
}

static void test_small_ranges(void **state)
{
    (void)state;
    static const struct {
        seL4_Word first;
        size_t count;
    } ranges[] = {{0, 1},
                  {1, 1},
                  {5, 3},
                  {63, 2},
                  {409, 64},
                  {1000, 100},
                  {1023, 2},
                  {1024, 1024},
                  {0, 1024},
                  {0, 1025},
                  {1023, 1026},
                  {((seL4_Word)1 << (sizeof(seL4_Word) == 8 ? 52 : 28)) - 3, 3},
                  {~(seL4_Word)0 - 100, 100}};
    for (unsigned i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        stream(ranges[i].first, ranges[i].count, 2000, 1);
    }
}

static void test_several_leaves(void **state)
{
    (void)state;
    stream(409, 8192 - 409, 20000, 20);
    stream(0x7f1234, 5000, 20000, 20);
}

static void test_several_levels(void **state)
{
    (void)state;
    stream(1, NUMBERS_MAX - 1, 30000, 300);
    stream(32 * 1024 - 5, 32 * 1024 + 10, 20000, 200);
}

// Exactly as many as the range has can be taken, one by one; then none.
static void test_all_of_a_range(void **state)
{
    (void)state;
    static struct subject s;
    start(&s, 100, 3000, 1);
    for (unsigned i = 0; i < 3000; i++) {
        take(&s, 0);
    }
    check(&s);
    seL4_Word number;
    assert_int_equal(am_slot_map_alloc(&s.alloc, &s.map, 0, &number), ALLOCMAN_NO_SLOT);
    assert_int_equal(s.free, 0);
    am_slot_map_destroy(&s.alloc, &s.map);
    check(&(struct subject){.alloc = s.alloc, .map = s.map, .free = 3000, .heap = s.heap});
}

// Without book memory nothing changes, whichever record lacks.
static void test_no_book(void **state)
{
    (void)state;
    static struct subject s;
    start(&s, 0, 40000, 7);
    for (unsigned refuse = 0; refuse < 3; refuse++) {
        seL4_Word number = 77;
        s.heap.refuse_after = refuse;
        const int error = am_slot_map_alloc(&s.alloc, &s.map, 3, &number);
        assert_int_equal(error, refuse < 2 ? ALLOCMAN_NO_BOOK : ALLOCMAN_OK);
        if (error) {
            assert_int_equal(number, 77);
            assert_int_equal(s.heap.blocks, 0);
            check(&s);
        } else {
            mark(&s, number, 3, true);
        }
    }
    check(&s);
    s.heap.refuse_after = 0; // frees need nothing
    assert_int_equal(am_slot_map_free(&s.alloc, &s.map, 0, 3), ALLOCMAN_OK);
    mark(&s, 0, 3, false);
    check(&s);
    assert_int_equal(s.heap.blocks, 0);
}

static void take_single(void *context)
{
    take_by(&((struct subject *)context)->nested, context, 0);
}

static void take_pair(void *context)
{
    take_by(&((struct subject *)context)->nested, context, 1);
}

static void take_long(void *context)
{
    take_by(&((struct subject *)context)->nested, context, 8);
}

// Book memory that takes numbers itself while a record is made for somebody: each number goes to one, whoever was quicker.
static void test_nested(void **state)
{
    (void)state;
    static void (*const inner[])(void *) = {take_single, take_pair, take_long};
    static const size_t counts[] = {3000, 40000, NUMBERS_MAX - 5};
    static struct subject s;
    for (unsigned i = 0; i < 3 * 3 * 9 * 4; i++) {
        start(&s, 5, counts[i % 3], i);
        s.nested = s.alloc;
        s.heap.context = &s;
        s.heap.nest_after = i / 81;
        s.heap.nested = inner[i / 3 % 3];
        for (unsigned n = 0; n < 40; n++) {
            take(&s, i / 9 % 9);
            check(&s);
        }
        assert_true(i / 9 % 9 > 3 ||
                    s.runs == (s.heap.nested ? 40 : 41)); // of long runs there are few
        while (s.runs > 0) {
            give_back(&s);
        }
        check(&s);
        assert_int_equal(s.heap.blocks, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_ranges),   cmocka_unit_test(test_several_leaves),
        cmocka_unit_test(test_several_levels), cmocka_unit_test(test_all_of_a_range),
        cmocka_unit_test(test_no_book),        cmocka_unit_test(test_nested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
