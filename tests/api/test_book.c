/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Book memory out of a static array: allocman_mspace_alloc and _free, and what misuse of them does.

#include "api_test.h"

enum { PAGE_BLOCK = 3984 }; // the largest block that shares a page

static _Alignas(16) char array[600 * 1024];

static int start_book(void **state)
{
    (void)state;
    world.alloc = bootstrap_create_allocman(sizeof(array), array);
    world.managers = (struct bootstrap_managers *)world.alloc;
    return world.alloc == NULL;
}

static int stop_book(void **state)
{
    (void)state;
    world.alloc = NULL;
    return 0;
}

#define book_test(name) cmocka_unit_test_setup_teardown(name, start_book, stop_book)

static unsigned char *take(size_t bytes)
{
    int error = -1;
    unsigned char *const block = allocman_mspace_alloc(world.alloc, bytes, &error);
    assert_non_null(block);
    assert_int_equal(error, ALLOCMAN_OK);
    assert_int_equal((uintptr_t)block % 16, 0);
    assert_true((char *)block >= array && (char *)block + bytes <= array + sizeof(array));
    return block;
}

static void expect_filled(const unsigned char *block, size_t bytes, int value)
{
    for (size_t i = 0; i < bytes; i++) {
        assert_int_equal(block[i], value);
    }
}

static void blocks_of_all_sizes_keep_their_contents(void **state)
{
    (void)state;
    static const size_t sizes[] = {
        1,    16,   17,   255,  1000,  2000,       4000,      PAGE_BLOCK, PAGE_BLOCK + 1,
        4016, 4017, 4096, 8192, 12289, 100 * 1024, 200 * 1024};
    enum { COUNT = sizeof(sizes) / sizeof(sizes[0]) };
    unsigned char *block[COUNT];
    const size_t before = book_used();
    for (size_t i = 0; i < COUNT; i++) {
        block[i] = take(sizes[i]);
        memset(block[i], (int)(i + 1), sizes[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        expect_filled(block[i], sizes[i], (int)(i + 1));
    }
    for (size_t i = 0; i < COUNT; i += 2) {
        allocman_mspace_free(world.alloc, block[i], sizes[i]);
    }
    for (size_t i = 1; i < COUNT; i += 2) {
        expect_filled(block[i], sizes[i], (int)(i + 1));
        allocman_mspace_free(world.alloc, block[i], sizes[i]);
    }
    assert_int_equal(book_used(), before);
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void nothing_is_no_size(void **state)
{
    (void)state;
    const size_t before = book_used();
    int error = 0;
    assert_null(allocman_mspace_alloc(world.alloc, 0, &error));
    assert_int_equal(error, ALLOCMAN_INVALID_SIZE);
    assert_null(allocman_mspace_alloc(world.alloc, 0, NULL));
    assert_int_equal(book_used(), before);
}

static void too_much_is_refused_with_both_amounts(void **state)
{
    (void)state;
    static const size_t sizes[] = {1024 * 1024, sizeof(array),
                                   (size_t)1 << (sizeof(size_t) == 8 ? 40 : 30), ~(size_t)0 - 15,
                                   ~(size_t)0};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        const size_t before = book_used();
        int error = 0;
        assert_null(allocman_mspace_alloc(world.alloc, sizes[i], &error));
        assert_int_equal(error, ALLOCMAN_NO_BOOK);
        const struct allocman_failure *const failure = allocman_last_failure(world.alloc);
        assert_int_equal(failure->status, ALLOCMAN_NO_BOOK);
        assert_int_equal(failure->needed, sizes[i]);
        assert_in_range(failure->available, sizeof(array) / 2, sizeof(array));
        assert_null(allocman_mspace_alloc(world.alloc, sizes[i], NULL));
        assert_int_equal(book_used(), before);
    }
}

// Takes blocks until there are none, links them, and returns how many.
static size_t take_all(size_t bytes, void **list)
{
    size_t count = 0;
    *list = NULL;
    for (void **block; (block = allocman_mspace_alloc(world.alloc, bytes, NULL)) != NULL; count++) {
        *block = *list;
        *list = block;
    }
    return count;
}

static void give_all(void *list, size_t bytes)
{
    while (list) {
        void *const next = *(void **)list;
        allocman_mspace_free(world.alloc, list, bytes);
        list = next;
    }
}

static void all_of_it_can_be_had_again(void **state)
{
    (void)state;
    static const size_t sizes[] = {16, 48, 1000, 2008, PAGE_BLOCK, 5000, 100000, 16};
    size_t small = 0;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        void *list;
        const size_t before = book_used();
        const size_t count = take_all(sizes[i], &list);
        assert_true(count > 1);
        assert_failure(ALLOCMAN_NO_BOOK);
        give_all(list, sizes[i]);
        assert_int_equal(take_all(sizes[i], &list), count);
        give_all(list, sizes[i]);
        assert_int_equal(book_used(), before);
        if (sizes[i] == 16) {
            assert_true(small == 0 || small == count); // no fragment is left by what was in between
            small = count;
        }
    }
    // 16-byte blocks without headers: nearly all of the array.
    assert_true(small * 16 > sizeof(array) / 100 * 95);
}

static void a_free_of_null_passes(void **state)
{
    (void)state;
    allocman_mspace_free(world.alloc, NULL, 100);
    assert_int_equal(world.alloc->counts.misuse, 0);
    assert_failure(ALLOCMAN_OK);
}

static void expect_bad_pointer(void *ptr, size_t bytes)
{
    const size_t used = book_used();
    const size_t misuse = world.alloc->counts.misuse;
    allocman_mspace_free(world.alloc, ptr, bytes);
    assert_int_equal(world.alloc->counts.misuse, misuse + 1);
    assert_failure(ALLOCMAN_BAD_POINTER);
    assert_int_equal(book_used(), used);
}

static void misuse_is_counted_and_changes_nothing(void **state)
{
    (void)state;
    unsigned char *const live = take(64);
    unsigned char *const twice = take(64);
    memset(live, 7, 64);
    allocman_mspace_free(world.alloc, twice, 64);
    expect_bad_pointer(twice, 64);    // double free
    expect_bad_pointer(live + 1, 63); // unaligned
    expect_bad_pointer(live, 0);
    expect_bad_pointer(live, 128);  // longer than the block: the rest is free
    expect_bad_pointer(live, 5000); // no such block
    expect_bad_pointer(live, ~(size_t)0);
    char foreign[64];
    expect_bad_pointer(foreign, 64);
    expect_bad_pointer(array, 64); // the allocman itself
    expect_bad_pointer(array + sizeof(array), 64);
    expect_bad_pointer((void *)(uintptr_t)16, 64);
    expect_filled(live, 64, 7);
    allocman_mspace_free(world.alloc, live, 64);
}

static void misuse_of_large_blocks_is_found(void **state)
{
    (void)state;
    enum { BYTES = 50000 };
    unsigned char *const block = take(BYTES);
    memset(block, 0, BYTES);
    expect_bad_pointer(block, BYTES + 4096);
    expect_bad_pointer(block, BYTES - 8192);
    expect_bad_pointer(block + 16, BYTES);
    expect_bad_pointer(block, 64);
    expect_filled(block, BYTES, 0);
    allocman_mspace_free(world.alloc, block, BYTES);
    expect_bad_pointer(block, BYTES);
}

// What a block's owner wrote into it must not pass for records of ours.
static void a_pointer_into_a_large_block_is_no_block(void **state)
{
    (void)state;
    enum { BYTES = 50000 };
    static const int fills[] = {0x00, 0x01, 0xff};
    for (size_t i = 0; i < sizeof(fills) / sizeof(fills[0]); i++) {
        unsigned char *const block = take(BYTES);
        memset(block, fills[i], BYTES);
        for (size_t offset = 4096; offset < BYTES - 64; offset += 4096 - 16) {
            expect_bad_pointer(block + (offset & ~(size_t)15), 64);
        }
        expect_filled(block, BYTES, fills[i]);
        allocman_mspace_free(world.alloc, block, BYTES);
    }
}

// Not even when its owner wrote there what the header of a page says.
static void a_forged_page_is_no_page(void **state)
{
    (void)state;
    enum { BYTES = 50000 };
    unsigned char *const block = take(BYTES);
    struct book_page forged = {.used_count = 100, .capacity = 240, .longest = 100};
    memset(forged.used, 0xff, sizeof(forged.used));
    memset(forged.starts, 0xff, sizeof(forged.starts));
    for (size_t offset = 0; offset + 200 < BYTES; offset += 4096) { // wherever pages may begin
        const uintptr_t page =
            world.managers->mspace.fixed_pool.start +
            (((uintptr_t)block + offset - world.managers->mspace.fixed_pool.start) &
             ~(uintptr_t)4095);
        if (page > (uintptr_t)block && page + 4096 < (uintptr_t)block + BYTES) {
            memcpy((void *)page, &forged, sizeof(forged));
            expect_bad_pointer((void *)(page + 1024), 16);
            expect_bad_pointer((void *)(page + 1024), 64);
        }
    }
    allocman_mspace_free(world.alloc, block, BYTES);
}

// What is given back is a whole block, not a part of one nor two at once.
static void a_part_of_a_block_is_no_block(void **state)
{
    (void)state;
    unsigned char *const block = take(128);
    unsigned char *const next = take(128);
    memset(block, 9, 128);
    expect_bad_pointer(block, 64);
    expect_bad_pointer(block, 112);
    expect_bad_pointer(block + 64, 64);
    expect_bad_pointer(block + 16, 16);
    assert_ptr_equal(next, block + 128);
    expect_bad_pointer(block, 256);
    expect_bad_pointer(block + 64, 128);
    expect_filled(block, 128, 9);
    allocman_mspace_free(world.alloc, block, 113); // the same in granules of 16 bytes
    allocman_mspace_free(world.alloc, next, 128);
    assert_int_equal(world.alloc->counts.misuse, 6);
}

// Every block has a size and a value of its own, which is looked at before it goes.
static void random_blocks_never_overlap(void **state)
{
    (void)state;
    enum { LIVE = 200 };
    static struct {
        unsigned char *block;
        size_t bytes;
    } live[LIVE];
    const size_t before = book_used();
    uint32_t random = 12345;
    for (unsigned turn = 0; turn < 40000; turn++) {
        random = random * 1664525u + 1013904223u;
        const size_t i = (random >> 8) % LIVE;
        if (live[i].block) {
            expect_filled(live[i].block, live[i].bytes, (int)i);
            allocman_mspace_free(world.alloc, live[i].block, live[i].bytes);
            live[i].block = NULL;
        } else {
            live[i].bytes =
                (random >> 20) % 8 ? 1 + (random >> 20) % 300 : 1 + (random >> 16) % 9000;
            live[i].block = allocman_mspace_alloc(world.alloc, live[i].bytes, NULL);
            if (live[i].block) {
                memset(live[i].block, (int)i, live[i].bytes);
            }
        }
    }
    for (size_t i = 0; i < LIVE; i++) {
        allocman_mspace_free(world.alloc, live[i].block, live[i].bytes);
        live[i].block = NULL;
    }
    assert_int_equal(book_used(), before);
    assert_int_equal(world.alloc->counts.misuse, 0);
}

// --- the fixed pool by itself --------------------------------------------------------------------

static void a_fixed_pool_of_any_place_and_size(void **state)
{
    (void)state;
    for (size_t offset = 0; offset < 16; offset += 5) {
        for (size_t bytes = 0; bytes < 9000; bytes += 137) {
            mspace_fixed_pool_t pool;
            memset(array, 0x5a, 12000);
            mspace_fixed_pool_create(&pool,
                                     (struct mspace_fixed_pool_config){array + 32 + offset, bytes});
            for (unsigned char *block;
                 (block = _mspace_fixed_pool_alloc(NULL, &pool, 16, NULL)) != NULL;) {
                assert_true((char *)block >= array + 32 + offset);
                assert_true((char *)block + 16 <= array + 32 + offset + bytes);
                memset(block, 1, 16);
            }
            expect_filled((unsigned char *)array, 32 + offset, 0x5a);
            expect_filled((unsigned char *)array + 32 + offset + bytes, 100, 0x5a);
        }
    }
    int error = 0;
    mspace_fixed_pool_t none;
    mspace_fixed_pool_create(&none, (struct mspace_fixed_pool_config){NULL, 10000});
    assert_null(_mspace_fixed_pool_alloc(NULL, &none, 1, &error));
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    assert_null(_mspace_fixed_pool_alloc(NULL, &none, 0, &error));
    assert_int_equal(error, ALLOCMAN_INVALID_SIZE);
}

static void a_fixed_pool_serves_an_allocman(void **state)
{
    (void)state;
    mspace_fixed_pool_t pool;
    allocman_t alloc;
    mspace_fixed_pool_create(&pool, (struct mspace_fixed_pool_config){array, 8192});
    assert_int_equal(allocman_create(&alloc, mspace_fixed_pool_make_interface(&pool)), 0);
    void *const block = allocman_mspace_alloc(&alloc, 3000, NULL);
    assert_non_null(block);
    allocman_mspace_free(&alloc, block, 3000);
    allocman_mspace_free(&alloc, block, 3000);
    assert_int_equal(alloc.counts.misuse, 1);
    assert_int_equal(allocman_last_failure(&alloc)->status, ALLOCMAN_BAD_POINTER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        book_test(blocks_of_all_sizes_keep_their_contents),
        book_test(nothing_is_no_size),
        book_test(too_much_is_refused_with_both_amounts),
        book_test(all_of_it_can_be_had_again),
        book_test(a_free_of_null_passes),
        book_test(misuse_is_counted_and_changes_nothing),
        book_test(misuse_of_large_blocks_is_found),
        book_test(a_pointer_into_a_large_block_is_no_block),
        book_test(a_forged_page_is_no_page),
        book_test(a_part_of_a_block_is_no_block),
        book_test(random_blocks_never_overlap),
        cmocka_unit_test(a_fixed_pool_of_any_place_and_size),
        cmocka_unit_test(a_fixed_pool_serves_an_allocman),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
