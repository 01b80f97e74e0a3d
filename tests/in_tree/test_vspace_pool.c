/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Book memory from a vspace manager: grows page by page inside the reservation, and reuses what is free.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <allocman/allocman.h>
#include <allocman/mspace/vspace_pool.h>

enum { PAGES = 64, PAGE = 4096 };

static _Alignas(PAGE) char memory[(PAGES + 1) * PAGE];
static size_t mapped, limit;
static bool in_order;
static int token;

static int map_pages(vspace_t *vspace, void *vaddr, size_t num_pages, size_t size_bits,
                     reservation_t reservation, bool can_use_dev)
{
    assert_ptr_equal(vspace->data, &token);
    assert_ptr_equal(reservation.res, memory);
    assert_int_equal(size_bits, 12);
    assert_false(can_use_dev);
    in_order = in_order && vaddr == memory + PAGE + mapped * PAGE;
    if (mapped + num_pages > limit) {
        return -1;
    }
    memset(vaddr, 0xa5, num_pages * PAGE);
    mapped += num_pages;
    return 0;
}

static mspace_vspace_pool_t pool;
static allocman_t alloc;

static int start(void **state)
{
    (void)state;
    mapped = 0;
    limit = PAGES;
    in_order = true;
    // One byte into the first page: the pool begins at the next.
    mspace_vspace_pool_create(&pool,
                              (struct mspace_vspace_pool_config){
                                  .vstart = (uintptr_t)memory + 1,
                                  .reservation = {.res = memory},
                                  .vspace = {.data = &token, .new_pages_at_vaddr = map_pages}});
    assert_int_equal(allocman_create(&alloc, mspace_vspace_pool_make_interface(&pool)),
                     ALLOCMAN_OK);
    return 0;
}

static void pages_come_as_they_are_needed(void **state)
{
    (void)state;
    assert_int_equal(mapped, 0);
    void *const small = allocman_mspace_alloc(&alloc, 100, NULL);
    assert_non_null(small);
    assert_int_equal((uintptr_t)small % 16, 0);
    assert_int_equal(mapped, 1);
    void *const other = allocman_mspace_alloc(&alloc, 1000, NULL);
    assert_int_equal(mapped, 1);
    void *const large = allocman_mspace_alloc(&alloc, 3 * PAGE, NULL);
    assert_int_equal(mapped, 5);
    memset(small, 1, 100);
    memset(other, 2, 1000);
    memset(large, 3, 3 * PAGE);
    allocman_mspace_free(&alloc, large, 3 * PAGE);
    allocman_mspace_free(&alloc, other, 1000);
    allocman_mspace_free(&alloc, small, 100);
    assert_int_equal(alloc.counts.misuse, 0);
    // All of it serves again, in other sizes.
    for (unsigned i = 0; i < 5; i++) {
        assert_non_null(allocman_mspace_alloc(&alloc, 3900, NULL));
    }
    assert_int_equal(mapped, 5);
    assert_true(in_order);
}

static void a_refused_mapping_is_told(void **state)
{
    (void)state;
    int error = 0;
    limit = 3;
    assert_null(allocman_mspace_alloc(&alloc, 3 * PAGE, &error));
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    assert_int_equal(mapped, 0);
    assert_int_equal(allocman_last_failure(&alloc)->needed, 3 * PAGE);
    for (unsigned i = 0; i < 3; i++) {
        assert_non_null(allocman_mspace_alloc(&alloc, 3900, &error));
    }
    assert_null(allocman_mspace_alloc(&alloc, 3900, &error));
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    limit = 4; // the vspace has more now
    assert_non_null(allocman_mspace_alloc(&alloc, 3900, &error));
    assert_int_equal(error, ALLOCMAN_OK);
    assert_null(allocman_mspace_alloc(&alloc, SIZE_MAX, &error));
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    assert_null(allocman_mspace_alloc(&alloc, 0, &error));
    assert_int_equal(error, ALLOCMAN_INVALID_SIZE);
    assert_true(in_order);
}

static void the_functions_serve_directly(void **state)
{
    (void)state;
    int error = -1;
    char *const block = _mspace_vspace_pool_alloc(&alloc, &pool, 500, &error);
    assert_int_equal(error, ALLOCMAN_OK);
    memset(block, 4, 500);
    assert_int_equal(mapped, 1);
    _mspace_vspace_pool_free(&alloc, &pool, block, 500);
    assert_ptr_equal(_mspace_vspace_pool_alloc(&alloc, &pool, 500, &error), block);
    assert_int_equal(alloc.counts.misuse, 0);
}

static void misuse_is_counted(void **state)
{
    (void)state;
    char *const block = allocman_mspace_alloc(&alloc, 64, NULL);
    allocman_mspace_free(&alloc, block + 16, 48);
    assert_int_equal(alloc.counts.misuse, 1);
    allocman_mspace_free(&alloc, memory + PAGES * PAGE, 64);
    assert_int_equal(alloc.counts.misuse, 2);
    allocman_mspace_free(&alloc, block, 64);
    allocman_mspace_free(&alloc, block, 64);
    assert_int_equal(alloc.counts.misuse, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pages_come_as_they_are_needed, start),
        cmocka_unit_test_setup(a_refused_mapping_is_told, start),
        cmocka_unit_test_setup(the_functions_serve_directly, start),
        cmocka_unit_test_setup(misuse_is_counted, start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
