/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// vka's helpers where something lacks: no vka, no place for the result, or an implementation without
// that function. They answer an error or do nothing; and with all of it they pass everything on.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <vka/vka.h>

// What arrived.
static struct {
    unsigned calls;
    void *data;
    seL4_CPtr slot;
    seL4_Word type, size_bits, paddr, cookie;
    bool can_use_dev;
} seen;

static int slot_alloc(void *data, seL4_CPtr *res)
{
    seen.calls++;
    seen.data = data;
    *res = 77;
    return 0;
}

static void make_path(void *data, seL4_CPtr slot, cspacepath_t *res)
{
    seen.calls++;
    seen.data = data;
    *res = (cspacepath_t){.capPtr = slot, .capDepth = seL4_WordBits};
}

static void slot_free(void *data, seL4_CPtr slot)
{
    seen.calls++;
    seen.data = data;
    seen.slot = slot;
}

static void note_object(void *data, const cspacepath_t *dest, seL4_Word type, seL4_Word size_bits)
{
    seen.calls++;
    seen.data = data;
    seen.slot = dest->capPtr;
    seen.type = type;
    seen.size_bits = size_bits;
}

static int object_alloc(void *data, const cspacepath_t *dest, seL4_Word type, seL4_Word size_bits,
                        seL4_Word *res)
{
    note_object(data, dest, type, size_bits);
    *res = 1234;
    return 0;
}

static int object_alloc_maybe(void *data, const cspacepath_t *dest, seL4_Word type,
                              seL4_Word size_bits, bool can_use_dev, seL4_Word *res)
{
    note_object(data, dest, type, size_bits);
    seen.can_use_dev = can_use_dev;
    *res = 1235;
    return 0;
}

static int object_alloc_at(void *data, const cspacepath_t *dest, seL4_Word type,
                           seL4_Word size_bits, uintptr_t paddr, seL4_Word *cookie)
{
    note_object(data, dest, type, size_bits);
    seen.paddr = paddr;
    *cookie = 1236;
    return 0;
}

static void memory_free(void *data, seL4_Word type, seL4_Word size_bits, seL4_Word target)
{
    seen.calls++;
    seen.data = data;
    seen.type = type;
    seen.size_bits = size_bits;
    seen.cookie = target;
}

static uintptr_t memory_paddr(void *data, seL4_Word target, seL4_Word type, seL4_Word size_bits)
{
    seen.calls++;
    seen.data = data;
    seen.type = type;
    seen.size_bits = size_bits;
    seen.cookie = target;
    return 0x5000;
}

static vka_t whole = {
    .data = &seen,
    .cspace_alloc = slot_alloc,
    .cspace_make_path = make_path,
    .utspace_alloc = object_alloc,
    .utspace_alloc_maybe_device = object_alloc_maybe,
    .utspace_alloc_at = object_alloc_at,
    .cspace_free = slot_free,
    .utspace_free = memory_free,
    .utspace_paddr = memory_paddr,
};

static int clear(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof(seen));
    return 0;
}

static void expect_seen(unsigned calls)
{
    assert_int_equal(seen.calls, calls);
    assert_ptr_equal(seen.data, calls ? &seen : NULL);
    memset(&seen, 0, sizeof(seen));
}

static void nothing_is_done_without_a_vka_or_a_result(void **state)
{
    (void)state;
    seL4_CPtr slot = 5;
    seL4_Word cookie = 6;
    cspacepath_t path = {.capPtr = 7};
    assert_int_not_equal(vka_cspace_alloc(NULL, &slot), 0);
    assert_int_not_equal(vka_cspace_alloc(&whole, NULL), 0);
    assert_int_not_equal(vka_cspace_alloc_path(NULL, &path), 0);
    assert_int_not_equal(vka_cspace_alloc_path(&whole, NULL), 0);
    assert_int_not_equal(vka_utspace_alloc(NULL, &path, 1, 2, &cookie), 0);
    assert_int_not_equal(vka_utspace_alloc(&whole, &path, 1, 2, NULL), 0);
    assert_int_not_equal(vka_utspace_alloc_maybe_device(NULL, &path, 1, 2, true, &cookie), 0);
    assert_int_not_equal(vka_utspace_alloc_maybe_device(&whole, &path, 1, 2, true, NULL), 0);
    assert_int_not_equal(vka_utspace_alloc_at(NULL, &path, 1, 2, 0, &cookie), 0);
    assert_int_not_equal(vka_utspace_alloc_at(&whole, &path, 1, 2, 0, NULL), 0);
    vka_cspace_make_path(&whole, 9, NULL);
    vka_cspace_free(NULL, 9);
    vka_utspace_free(NULL, 1, 2, 3);
    assert_int_equal(vka_utspace_paddr(NULL, 3, 1, 2), VKA_NO_PADDR);
    assert_int_equal(path.capPtr, 7);
    assert_int_equal(slot, 5);
    assert_int_equal(cookie, 6);
    vka_cspace_make_path(NULL, 9, &path); // no path: all zero
    assert_int_equal(path.capPtr, 0);
    expect_seen(0);
}

static void nothing_is_done_without_the_function(void **state)
{
    (void)state;
    vka_t empty = {.data = &seen};
    seL4_CPtr slot = 5;
    seL4_Word cookie = 6;
    cspacepath_t path = {.capPtr = 7};
    assert_int_not_equal(vka_cspace_alloc(&empty, &slot), 0);
    assert_int_not_equal(vka_cspace_alloc_path(&empty, &path), 0);
    assert_int_not_equal(vka_utspace_alloc(&empty, &path, 1, 2, &cookie), 0);
    assert_int_not_equal(vka_utspace_alloc_maybe_device(&empty, &path, 1, 2, true, &cookie), 0);
    assert_int_not_equal(vka_utspace_alloc_at(&empty, &path, 1, 2, 0, &cookie), 0);
    vka_cspace_free(&empty, 9);
    vka_utspace_free(&empty, 1, 2, 3);
    assert_int_equal(vka_utspace_paddr(&empty, 3, 1, 2), VKA_NO_PADDR);
    assert_int_equal(path.capPtr, 7);
    assert_int_equal(slot, 5);
    assert_int_equal(cookie, 6);
    vka_cspace_make_path(&empty, 9, &path);
    assert_int_equal(path.capPtr, 0);
    empty.cspace_make_path = make_path; // slots, but no paths, and the other way round
    assert_int_not_equal(vka_cspace_alloc_path(&empty, &path), 0);
    empty.cspace_make_path = NULL;
    empty.cspace_alloc = slot_alloc;
    assert_int_not_equal(vka_cspace_alloc_path(&empty, &path), 0);
    expect_seen(0);
}

static void everything_is_passed_on(void **state)
{
    (void)state;
    seL4_CPtr slot = 0;
    seL4_Word cookie = 0;
    cspacepath_t path = {.capPtr = 0};
    assert_int_equal(vka_cspace_alloc(&whole, &slot), 0);
    assert_int_equal(slot, 77);
    expect_seen(1);
    assert_int_equal(vka_cspace_alloc_path(&whole, &path), 0);
    assert_int_equal(path.capPtr, 77);
    expect_seen(2);
    vka_cspace_free(&whole, 9);
    assert_int_equal(seen.slot, 9);
    expect_seen(1);
    assert_int_equal(vka_utspace_alloc(&whole, &path, 3, 4, &cookie), 0);
    assert_true(seen.slot == 77 && seen.type == 3 && seen.size_bits == 4 && cookie == 1234);
    expect_seen(1);
    assert_int_equal(vka_utspace_alloc_maybe_device(&whole, &path, 5, 6, true, &cookie), 0);
    assert_true(seen.slot == 77 && seen.type == 5 && seen.size_bits == 6 && cookie == 1235);
    assert_true(seen.can_use_dev);
    expect_seen(1);
    assert_int_equal(vka_utspace_alloc_at(&whole, &path, 7, 8, 0x4000, &cookie), 0);
    assert_true(seen.slot == 77 && seen.type == 7 && seen.size_bits == 8 && cookie == 1236);
    assert_int_equal(seen.paddr, 0x4000);
    expect_seen(1);
    vka_utspace_free(&whole, 9, 10, 11);
    assert_true(seen.type == 9 && seen.size_bits == 10 && seen.cookie == 11);
    expect_seen(1);
    assert_int_equal(vka_utspace_paddr(&whole, 14, 12, 13), 0x5000);
    assert_true(seen.type == 12 && seen.size_bits == 13 && seen.cookie == 14);
    expect_seen(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_is_done_without_a_vka_or_a_result, clear),
        cmocka_unit_test_setup(nothing_is_done_without_the_function, clear),
        cmocka_unit_test_setup(everything_is_passed_on, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
