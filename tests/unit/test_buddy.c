/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The reference that the bench compares with: it splits in two, merges at once, pays for its records,
// and what its books promise can be had.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sel4model/sel4model.h>
#include <vka/object.h>

#include "arch.h"
#include "buddy.h"
#include "rng.h"

#define OBJECTS 3000u

static struct buddy buddy;
static vka_t vka;

static void start(bool pays)
{
    const seL4_BootInfo *const bootinfo = sel4model_boot(RECORD_DIR "/" MACHINE ".json");
    assert_non_null(bootinfo);
    assert_true(buddy_start(&buddy, bootinfo, pays));
    buddy_make_vka(&vka, &buddy);
}

static void stop(void)
{
    buddy_stop(&buddy);
    sel4model_shutdown();
}

static void test_halves(void **state)
{
    (void)state;
    start(false);
    const unsigned largest = buddy_largest_bits(&buddy);
    const size_t pages = buddy_blocks(&buddy, seL4_PageBits);
    const size_t slots = buddy.free_slot_count;
    // The smallest block that is large enough gives a block of every size below it.
    size_t before[seL4_WordBits];
    for (unsigned bits = 0; bits < seL4_WordBits; bits++) {
        before[bits] = buddy.free_count[bits];
    }
    vka_object_t object;
    assert_int_equal(vka_alloc_untyped(&vka, 4, &object), 0);
    unsigned from = 4;
    while (before[from] == 0) {
        from++;
    }
    for (unsigned bits = 4; bits < from; bits++) {
        assert_int_equal(buddy.free_count[bits], before[bits] + 1);
    }
    assert_int_equal(buddy.free_count[from], before[from] - 1);
    assert_int_equal(buddy.free_slot_count, slots - 1 - 2 * (from - 4));
    vka_free_object(&vka, &object);
    for (unsigned bits = 0; bits < seL4_WordBits; bits++) {
        assert_int_equal(buddy.free_count[bits], before[bits]);
    }
    assert_int_equal(buddy.free_slot_count, slots);
    assert_int_equal(buddy_largest_bits(&buddy), largest);
    assert_int_equal(buddy_blocks(&buddy, seL4_PageBits), pages);
    stop();
}

static void test_random_then_whole(void **state)
{
    (void)state;
    static vka_object_t objects[OBJECTS];
    start(false);
    struct rng rng = {.state = 1};
    const unsigned largest = buddy_largest_bits(&buddy);
    const size_t large = buddy_blocks(&buddy, BUDDY_BOOK_BITS);
    const size_t slots = buddy.free_slot_count;
    // Each block of the buddy has a slot, and a split of a large one leaves a chain of them.
    const unsigned count = slots / 8 < OBJECTS ? (unsigned)(slots / 8) : OBJECTS;
    assert_true(count >= 100);
    for (unsigned i = 0; i < 4 * count; i++) {
        vka_object_t *const object = &objects[rng_below(&rng, count)];
        if (object->cptr) {
            vka_free_object(&vka, object);
            object->cptr = 0;
        } else {
            assert_int_equal(vka_alloc_untyped(&vka, rng_from(&rng, 4, 16), object), 0);
        }
    }
    for (unsigned i = 0; i < count; i++) {
        if (objects[i].cptr) {
            vka_free_object(&vka, &objects[i]);
        }
    }
    assert_int_equal(buddy_largest_bits(&buddy), largest);
    assert_int_equal(buddy_blocks(&buddy, BUDDY_BOOK_BITS), large);
    assert_int_equal(buddy.records, 0);
    assert_int_equal(buddy.free_slot_count, slots);
    stop();
}

static void test_pays(void **state)
{
    (void)state;
    start(true);
    const size_t large = buddy_blocks(&buddy, BUDDY_BOOK_BITS);
    vka_object_t object;
    while (buddy.records < 3 * (buddy.records_paid ? buddy.records_paid : 1) / 4) {
        assert_int_equal(vka_alloc_untyped(&vka, seL4_PageBits, &object), 0);
    }
    assert_int_equal(vka_alloc_untyped(&vka, seL4_PageBits, &object), 0);
    assert_int_not_equal(buddy.records_paid, 0);
    assert_in_range(buddy_blocks(&buddy, BUDDY_BOOK_BITS), 0, large - 1);
    // What is promised can be had, but for the last, which may be wanted for records, and as far as slots go.
    const size_t promised = buddy_blocks(&buddy, BUDDY_BOOK_BITS);
    const size_t slots_for = buddy.free_slot_count / 4;
    size_t had = 0;
    while (vka_alloc_untyped(&vka, BUDDY_BOOK_BITS, &object) == 0) {
        had++;
    }
    assert_in_range(had, slots_for < promised - 1 ? slots_for : promised - 1, promised);
    stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_halves),
        cmocka_unit_test(test_random_then_whole),
        cmocka_unit_test(test_pays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
