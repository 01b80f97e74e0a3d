/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Roots by address, and groups by position, against lists that are searched from end to end.

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
#include "utspace/roots.h"

#define ROOTS_MAX 3000u

struct subject {
    struct heap_mspace heap;
    allocman_t alloc;
    utspace_split_t split;
    struct rng rng;
    struct split_group *root[ROOTS_MAX];
    unsigned roots;
};

static struct split_group *group_make(struct subject *s)
{
    struct split_group *const g = calloc(1, group_bytes(0));
    assert_non_null(g);
    g->id = am_id_take(&s->alloc, &s->split, g);
    assert_int_not_equal(g->id, 0);
    return g;
}

static void group_drop(struct subject *s, struct split_group *g)
{
    am_id_drop(&s->alloc, &s->split, g->id);
    free(g);
}

static void start(struct subject *s, uint64_t seed)
{
    memset(s, 0, sizeof(*s));
    heap_mspace_start(&s->heap, &s->alloc);
    utspace_split_create(&s->split);
    s->rng.state = seed;
}

static void stop(struct subject *s)
{
    while (s->roots > 0) {
        group_drop(s, s->root[--s->roots]);
    }
    assert_int_equal(s->heap.blocks, 0);
}

static void check(const struct subject *s)
{
    const struct split_tally tally = {.addressed = s->roots};
    struct allocman_violation v = {.law = ALLOCMAN_LAWS_HOLD};
    if (!am_check_addresses(&s->split, &tally, &v)) {
        fail_msg("%s at %#lx", v.what, v.where);
    }
}

static seL4_Word last_of(seL4_Word paddr, unsigned bits)
{
    return paddr + (((seL4_Word)1 << bits) - 1);
}

// The naive search: the root of lowest address that meets [paddr, paddr + 2^bits).
static struct split_group *naive_overlap(const struct subject *s, seL4_Word paddr, unsigned bits)
{
    for (unsigned i = 0; i < s->roots; i++) {
        if (s->root[i]->paddr <= last_of(paddr, bits) &&
            last_of(s->root[i]->paddr, s->root[i]->root_bits) >= paddr) {
            return s->root[i];
        }
    }
    return NULL;
}

static void look_up(struct subject *s, unsigned address_bits)
{
    const seL4_Word mask =
        address_bits < seL4_WordBits ? ((seL4_Word)1 << address_bits) - 1 : ~(seL4_Word)0;
    seL4_Word paddr = (seL4_Word)rng_next(&s->rng) & mask;
    if (s->roots && rng_percent(&s->rng, 60)) { // about the borders
        const struct split_group *const r = s->root[rng_below(&s->rng, s->roots)];
        paddr = (rng_percent(&s->rng, 50) ? r->paddr : last_of(r->paddr, r->root_bits)) +
                rng_below(&s->rng, 3) - 1;
    }
    assert_ptr_equal(am_root_at(&s->split, paddr), naive_overlap(s, paddr, 0));
    const unsigned bits = rng_below(&s->rng, 20);
    if (last_of(paddr, bits) >= paddr) {
        const bool met = am_root_overlapping(&s->split, paddr, bits) != NULL;
        assert_int_equal(met, naive_overlap(s, paddr, bits) != NULL);
    }
}

static bool insert(struct subject *s, seL4_Word paddr, unsigned bits)
{
    if (s->roots == ROOTS_MAX || naive_overlap(s, paddr, bits)) {
        return false;
    }
    struct split_group *const g = group_make(s);
    g->flags = GROUP_ROOT;
    g->paddr = paddr;
    g->root_bits = g->child_bits = (uint8_t)bits;
    am_root_insert(&s->split, g);
    s->root[s->roots++] = g;
    return true;
}

static void remove_root(struct subject *s, unsigned i)
{
    am_root_remove(&s->split, s->root[i]);
    group_drop(s, s->root[i]);
    s->root[i] = s->root[--s->roots];
}

static void stream(unsigned address_bits, unsigned bits_max, unsigned steps, unsigned check_every)
{
    static struct subject s;
    start(&s, address_bits);
    for (unsigned step = 0; step < steps; step++) {
        if (s.roots == 0 || rng_percent(&s.rng, step / (steps / 4 + 1) % 2 ? 35 : 75)) {
            const unsigned bits = rng_from(&s.rng, 4, bits_max);
            const seL4_Word mask =
                address_bits < seL4_WordBits ? ((seL4_Word)1 << address_bits) - 1 : ~(seL4_Word)0;
            (void)insert(&s, ((seL4_Word)rng_next(&s.rng) & mask) >> bits << bits, bits);
        } else {
            remove_root(&s, rng_below(&s.rng, s.roots));
        }
        look_up(&s, address_bits);
        if (step % check_every == 0) {
            check(&s);
        }
    }
    while (s.roots > 0) {
        remove_root(&s, rng_below(&s.rng, s.roots));
        check(&s);
    }
    assert_null(s.split.roots);
    stop(&s);
}

static void test_streams(void **state)
{
    (void)state;
    stream(12, 6, 3000, 1);
    stream(20, 8, 4000, 10);
    stream(seL4_WordBits == 64 ? 40 : 30, seL4_WordBits == 64 ? 28 : 22, 4000, 10);
    stream(seL4_WordBits, seL4_MaxUntypedBits, 4000, 10);
}

// Addresses that rise, fall, and meet in the middle: what a list of untypeds looks like.
static void test_orders(void **state)
{
    (void)state;
    static struct subject s;
    for (unsigned order = 0; order < 3; order++) {
        start(&s, order);
        for (unsigned i = 0; i < 1000; i++) {
            const unsigned at = order == 0 ? i : order == 1 ? 999 - i : i % 2 ? 999 - i / 2 : i / 2;
            assert_true(insert(&s, (seL4_Word)at << 12, 12));
            check(&s);
        }
        while (s.roots > 0) { // the one entered last, as add_uts does when it fails
            remove_root(&s, s.roots - 1);
            check(&s);
        }
        stop(&s);
    }
}

// The whole of the address space's last page.
static void test_end_of_memory(void **state)
{
    (void)state;
    static struct subject s;
    start(&s, 9);
    assert_true(insert(&s, ~(seL4_Word)0xfff, 12));
    assert_true(insert(&s, 0, 12));
    check(&s);
    assert_ptr_equal(am_root_at(&s.split, ~(seL4_Word)0), s.root[0]);
    assert_ptr_equal(am_root_at(&s.split, 0xfff), s.root[1]);
    assert_null(am_root_at(&s.split, 0x1000));
    assert_non_null(am_root_overlapping(&s.split, ~(seL4_Word)0xf, 4));
    stop(&s);
}

// Groups by position: 256 of them in random order, again and again.
static void test_positions(void **state)
{
    (void)state;
    static struct subject s;
    start(&s, 11);
    struct split_group *const parent = group_make(&s);
    struct split_group *child[256] = {NULL};
    for (unsigned step = 0; step < 20000; step++) {
        const unsigned position = rng_below(&s.rng, 256);
        if (!child[position]) {
            child[position] = group_make(&s);
            child[position]->position = (uint8_t)position;
            child[position]->parent = parent->id;
            am_child_group_insert(&s.split, parent, child[position]);
        } else if (rng_percent(&s.rng, step / 4000 % 2 ? 80 : 30)) {
            am_child_group_remove(&s.split, parent, child[position]);
            group_drop(&s, child[position]);
            child[position] = NULL;
        }
        for (unsigned i = 0; i < 3; i++) {
            const unsigned any = rng_below(&s.rng, 256);
            assert_ptr_equal(am_child_group(&s.split, parent, any), child[any]);
        }
    }
    for (unsigned position = 0; position < 256; position++) {
        assert_ptr_equal(am_child_group(&s.split, parent, position), child[position]);
    }
    for (unsigned position = 0; position < 256; position++) {
        if (child[position]) {
            am_child_group_remove(&s.split, parent, child[position]);
            group_drop(&s, child[position]);
            assert_null(am_child_group(&s.split, parent, position));
        }
    }
    assert_int_equal(parent->first_child, 0);
    group_drop(&s, parent);
    stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_streams),
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_end_of_memory),
        cmocka_unit_test(test_positions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
