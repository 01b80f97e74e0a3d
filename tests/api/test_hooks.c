/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What an allocman asks of its user: it reports misuse, and it takes a lock once a call.
#include "api_test.h"

#include <allocman/hooks.h>

static struct {
    unsigned count;
    struct allocman_misuse last;
    size_t misuse_then;           // by the allocman's count
    enum allocman_status failure; // of the allocman
} told;

static void listen(void *cookie, const struct allocman_misuse *misuse)
{
    const allocman_t *const alloc = cookie;
    told.count++;
    told.last = *misuse;
    told.misuse_then = alloc->counts.misuse;
    told.failure = allocman_last_failure(alloc)->status;
}

static int start_listening(void **state)
{
    (void)start_roomy(state);
    memset(&told, 0, sizeof(told));
    allocman_set_report(world.alloc, listen, world.alloc);
    return 0;
}

static void expect_told(const char *where, enum allocman_status status, seL4_Word operand,
                        seL4_Word size)
{
    assert_int_equal(told.count, 1);
    assert_string_equal(told.last.where, where);
    assert_int_equal(told.last.status, status);
    assert_int_equal(told.last.operand, operand);
    assert_int_equal(told.last.size, size);
    assert_int_equal(told.misuse_then, world.alloc->counts.misuse);
    assert_int_equal(told.failure, status);
    told.count = 0;
}

static void frees_of_objects_are_reported(void **state)
{
    (void)state;
    const struct object frame = frame_make();
    const seL4_Word foreign = ~(seL4_Word)0;
    allocman_utspace_free(world.alloc, foreign, FRAME_BITS);
    expect_told("_utspace_split_free", ALLOCMAN_BAD_COOKIE, foreign, FRAME_BITS);
    allocman_utspace_free(world.alloc, frame.cookie, FRAME_BITS + 1);
    expect_told("_utspace_split_free", ALLOCMAN_WRONG_SIZE, frame.cookie, FRAME_BITS + 1);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, FRAME_BITS);
    object_free(&frame);
    assert_int_equal(told.count, 0);
    allocman_utspace_free(world.alloc, frame.cookie, FRAME_BITS);
    expect_told("_utspace_split_free", ALLOCMAN_DOUBLE_FREE, frame.cookie, FRAME_BITS);
}

static void frees_of_slots_and_book_memory_are_reported(void **state)
{
    (void)state;
    const cspacepath_t slot = slot_make();
    allocman_cspace_free(world.alloc, &slot);
    allocman_cspace_free(world.alloc, &slot);
    expect_told("_cspace_single_level_free", ALLOCMAN_SLOT_NOT_ALLOCATED, slot.capPtr, 0);
    char *const block = allocman_mspace_alloc(world.alloc, 100, NULL);
    assert_non_null(block);
    allocman_mspace_free(world.alloc, block + 16, 100);
    expect_told("_mspace_fixed_pool_free", ALLOCMAN_BAD_POINTER, (seL4_Word)(uintptr_t)(block + 16),
                100);
    allocman_mspace_free(world.alloc, block, 100);
    allocman_cspace_free(world.alloc, NULL);
    expect_told("allocman_cspace_free", ALLOCMAN_INVALID_ARGUMENT, 0, 0);
}

// Debug builds paint what is free: somebody wrote to it through a stale pointer.
static void a_write_to_free_book_memory_is_reported(void **state)
{
    (void)state;
#ifndef ALLOCMAN_DEBUG
    skip();
#endif
    char *const block = allocman_mspace_alloc(world.alloc, 100, NULL);
    assert_non_null(block);
    allocman_mspace_free(world.alloc, block, 100);
    block[50] = 'x';
    char *const again = allocman_mspace_alloc(world.alloc, 100, NULL);
    assert_ptr_equal(again, block);
    expect_told("_mspace_dual_pool_alloc", ALLOCMAN_BAD_POINTER,
                (seL4_Word)(uintptr_t)(block + 50), 100);
    allocman_mspace_free(world.alloc, again, 100);
    assert_ptr_equal(allocman_mspace_alloc(world.alloc, 100, NULL), block);
    assert_int_equal(told.count, 0);
    allocman_mspace_free(world.alloc, block, 100);
}

static void what_is_found_later_is_reported(void **state)
{
    (void)state;
    struct object frame = frame_make();
    const cspacepath_t copy = slot_make();
    assert_int_equal(vka_cnode_copy(&copy, &frame.path, seL4_AllRights), seL4_NoError);
    object_free(&frame);
    assert_int_equal(told.count, 0);
    for (unsigned i = 0; i < 64 && told.count == 0; i++) {
        frame = frame_make();
    }
    assert_int_equal(told.count, 1);
    assert_string_equal(told.last.where, "_utspace_split_alloc");
    assert_int_equal(told.last.status, ALLOCMAN_STILL_IN_USE);
    assert_int_equal(told.last.size, FRAME_BITS);
    assert_true(is_empty(copy.capPtr));
}

static void the_same_untyped_twice_is_reported(void **state)
{
    (void)state;
    const struct ledger before = ledger_now();
    const size_t index = boot_ram_largest();
    const seL4_CPtr slot = world.bootinfo->untyped.start + index;
    assert_int_equal(boot_untyped_add(index, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(index)),
                     ALLOCMAN_ALREADY_ADDED);
    expect_told("_utspace_split_add_uts", ALLOCMAN_ALREADY_ADDED, slot, boot_untyped_bits(index));
    assert_nothing_changed(before);
}

// Kept, but without the address: nothing of the other is touched.
static void overlapping_untypeds_are_reported(void **state)
{
    (void)state;
    start((struct start){.pool_bytes = POOL_BYTES, .without_untypeds = true});
    memset(&told, 0, sizeof(told));
    allocman_set_report(world.alloc, listen, world.alloc);
    const size_t one = boot_untyped(16, false, 0), other = boot_untyped(12, false, 1);
    const uintptr_t paddr = boot_untyped_paddr(one);
    assert_int_equal(boot_untyped_add(one, ALLOCMAN_UT_KERNEL, paddr), ALLOCMAN_OK);
    assert_int_equal(told.count, 0);
    assert_int_equal(boot_untyped_add(other, ALLOCMAN_UT_KERNEL, paddr), ALLOCMAN_OK);
    expect_told("_utspace_split_add_uts", ALLOCMAN_OVERLAPS, world.bootinfo->untyped.start + other,
                boot_untyped_bits(other));
    const struct object page = object_at(FRAME, FRAME_BITS, paddr);
    assert_int_equal(cap_at(page.path.capPtr).paddr, paddr);
    assert_laws();
}

// Where the static pool is no virtual one can be: its pages would be mapped over it.
static void overlapping_pools_are_refused(void **state)
{
    (void)state;
    const struct ledger before = ledger_now();
    const uintptr_t pool = (uintptr_t)world.pool;
    const uintptr_t starts[] = {pool - 4096, pool + 8192, pool + POOL_BYTES - 16};
    for (size_t i = 0; i < 3; i++) { // it begins before, in, and with the last bytes of it
        bootstrap_configure_virtual_pool(world.alloc, (void *)starts[i], 1 << 16, VSPACE);
        expect_told("bootstrap_configure_virtual_pool", ALLOCMAN_OVERLAPS, starts[i], 1 << 16);
    }
    assert_false(world.managers->mspace.have_virtual_pool);
    assert_nothing_changed(before);
}

static char memory[64];
static int odd_frees;

static void *odd_alloc(struct allocman *alloc, void *cookie, size_t bytes, int *error)
{
    (void)alloc;
    (void)cookie;
    (void)bytes;
    (void)error;
    return memory + (((uintptr_t)memory & 15u) == 8 ? 1 : 8);
}

static void odd_free(struct allocman *alloc, void *cookie, void *ptr, size_t bytes)
{
    (void)alloc;
    (void)cookie;
    (void)ptr;
    (void)bytes;
    odd_frees++;
}

// A manager that gives what cannot be used: it is not used, and the manager keeps it.
static void garbage_of_a_manager_is_reported(void **state)
{
    (void)state;
    allocman_t alloc;
    int error = -1;
    const struct mspace_interface odd = {.alloc = odd_alloc, .free = odd_free};
    memset(&told, 0, sizeof(told));
    assert_int_equal(allocman_create(&alloc, odd), ALLOCMAN_OK);
    allocman_set_report(&alloc, listen, &alloc);
    assert_null(allocman_mspace_alloc(&alloc, 32, &error));
    assert_int_equal(error, ALLOCMAN_BAD_POINTER);
    assert_int_equal(told.count, 1);
    assert_string_equal(told.last.where, "allocman_mspace_alloc");
    assert_int_equal(told.last.status, ALLOCMAN_BAD_POINTER);
    assert_int_equal(told.last.size, 32);
    assert_int_equal(alloc.counts.misuse, 1);
    assert_int_equal(odd_frees, 0);
}

static void nobody_is_told_without_a_hook(void **state)
{
    (void)state;
    allocman_set_report(world.alloc, NULL, NULL);
    allocman_utspace_free(world.alloc, 0, 4);
    assert_int_equal(told.count, 0);
    assert_int_equal(world.alloc->counts.misuse, 1);
}

// --- the lock ------------------------------------------------------------------------------------

static struct {
    bool taken;
    unsigned acquired;
} lock;

static void acquire(void *cookie)
{
    assert_ptr_equal(cookie, &lock);
    assert_false(lock.taken); // or it would have to be recursive
    lock.taken = true;
    lock.acquired++;
}

static void release(void *cookie)
{
    assert_ptr_equal(cookie, &lock);
    assert_true(lock.taken);
    lock.taken = false;
}

static const struct allocman_lock our_lock = {
    .acquire = acquire, .release = release, .cookie = &lock};

static int start_locked(void **state)
{
    (void)start_roomy(state);
    memset(&lock, 0, sizeof(lock));
    assert_int_equal(allocman_set_lock(world.alloc, &our_lock), ALLOCMAN_OK);
    return 0;
}

// The lock was taken once since the last time, and is free again.
static void expect_once(void)
{
    assert_false(lock.taken);
    assert_int_equal(lock.acquired, 1);
    lock.acquired = 0;
}

static void each_call_takes_the_lock_once(void **state)
{
    (void)state;
    cspacepath_t slot;
    int error;
    assert_int_equal(allocman_cspace_alloc(world.alloc, &slot), ALLOCMAN_OK);
    expect_once();
    const seL4_Word cookie =
        allocman_utspace_alloc(world.alloc, FRAME_BITS, FRAME, &slot, false, &error);
    assert_int_not_equal(cookie, 0); // its records came through nested requests
    expect_once();
    assert_int_not_equal(allocman_utspace_paddr(world.alloc, cookie, FRAME_BITS),
                         ALLOCMAN_NO_PADDR);
    expect_once();
    assert_int_equal(vka_cnode_delete(&slot), seL4_NoError);
    allocman_utspace_free(world.alloc, cookie, FRAME_BITS);
    expect_once();
    allocman_cspace_free(world.alloc, &slot);
    expect_once();
    void *const block = allocman_mspace_alloc(world.alloc, 100, NULL);
    assert_non_null(block);
    expect_once();
    allocman_mspace_free(world.alloc, block, 100);
    expect_once();
    allocman_reclaim(world.alloc);
    expect_once();
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
    expect_once();
}

static void calls_made_of_calls_take_it_once(void **state)
{
    (void)state;
    assert_int_equal(allocman_configure_cspace_reserve(world.alloc, 8), ALLOCMAN_OK);
    expect_once();
    assert_int_equal(allocman_configure_cspace_reserve(world.alloc, 2), ALLOCMAN_OK);
    expect_once();
    const struct allocman_mspace_chunk book = {.size = 100, .count = 3};
    assert_int_equal(allocman_configure_mspace_reserve(world.alloc, book), ALLOCMAN_OK);
    expect_once();
    const struct allocman_utspace_chunk untyped = {
        .size_bits = FRAME_BITS, .type = FRAME, .count = 3};
    assert_int_equal(allocman_configure_utspace_reserve(world.alloc, untyped), ALLOCMAN_OK);
    expect_once();
    const size_t bytes = 1 << 20;
    bootstrap_configure_virtual_pool(world.alloc, sel4model_free_vaddr(bytes), bytes, VSPACE);
    expect_once();
    vka_object_t endpoint;
    assert_int_equal(vka_alloc_endpoint(&world.vka, &endpoint), 0); // a slot and an object
    assert_int_equal(lock.acquired, 2);
    vka_free_object(&world.vka, &endpoint);
    assert_int_equal(lock.acquired, 4);
}

static void refused_calls_give_it_back(void **state)
{
    (void)state;
    int error;
    assert_int_equal(allocman_cspace_alloc(world.alloc, NULL), ALLOCMAN_INVALID_ARGUMENT);
    expect_once();
    assert_null(allocman_mspace_alloc(world.alloc, 0, &error));
    expect_once();
    assert_int_equal(allocman_utspace_alloc(world.alloc, 4, seL4_EndpointObject, NULL, 0, &error),
                     0);
    expect_once();
    allocman_cspace_free(world.alloc, NULL);
    expect_once();
    allocman_utspace_free(world.alloc, 0, 4);
    expect_once();
    const size_t all = boot_ram_largest();
    assert_int_equal(boot_untyped_add(all, ALLOCMAN_UT_KERNEL, 0), ALLOCMAN_ALREADY_ADDED);
    expect_once();
    assert_int_equal(
        allocman_configure_mspace_reserve(world.alloc, (struct allocman_mspace_chunk){0, 1}),
        ALLOCMAN_INVALID_SIZE);
    expect_once();
    const struct allocman_utspace_chunk bad = {.size_bits = 4, .type = ~(seL4_Word)0, .count = 1};
    assert_int_equal(allocman_configure_utspace_reserve(world.alloc, bad), ALLOCMAN_INVALID_TYPE);
    expect_once();
    void *const much = allocman_mspace_alloc(world.alloc, 1 << 24, &error);
    assert_null(much);
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    expect_once();
}

static void half_a_lock_is_none(void **state)
{
    (void)state;
    struct allocman_lock half = our_lock;
    half.release = NULL;
    assert_int_equal(allocman_set_lock(world.alloc, &half), ALLOCMAN_INVALID_ARGUMENT);
    (void)slot_make();
    expect_once(); // still the whole one
    assert_int_equal(allocman_set_lock(world.alloc, NULL), ALLOCMAN_OK);
    (void)slot_make();
    assert_int_equal(lock.acquired, 0);
}

static int lock_within_call;

static void set_a_lock(void *cookie, const struct allocman_misuse *misuse)
{
    (void)misuse;
    lock_within_call = allocman_set_lock(cookie, &our_lock);
}

static void a_lock_does_not_come_in_the_middle_of_a_call(void **state)
{
    (void)state;
    lock_within_call = ALLOCMAN_OK;
    allocman_set_report(world.alloc, set_a_lock, world.alloc);
    allocman_utspace_free(world.alloc, 0, 4);
    assert_int_equal(lock_within_call, ALLOCMAN_INVALID_ARGUMENT);
    (void)slot_make();
}

#define listening_test(name) cmocka_unit_test_setup_teardown(name, start_listening, stop)
#define locked_test(name)    cmocka_unit_test_setup_teardown(name, start_locked, stop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        listening_test(frees_of_objects_are_reported),
        listening_test(frees_of_slots_and_book_memory_are_reported),
        listening_test(a_write_to_free_book_memory_is_reported),
        listening_test(what_is_found_later_is_reported),
        listening_test(the_same_untyped_twice_is_reported),
        booting_test(overlapping_untypeds_are_reported),
        listening_test(overlapping_pools_are_refused),
        cmocka_unit_test(garbage_of_a_manager_is_reported),
        listening_test(nobody_is_told_without_a_hook),
        locked_test(each_call_takes_the_lock_once),
        locked_test(calls_made_of_calls_take_it_once),
        locked_test(refused_calls_give_it_back),
        locked_test(half_a_lock_is_none),
        roomy_test(a_lock_does_not_come_in_the_middle_of_a_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
