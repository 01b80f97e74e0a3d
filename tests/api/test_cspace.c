/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Slots: the one-level managers by themselves, and allocman_cspace_alloc, _free and _make_path.

#include "outsiders.h"

#include <allocman/extensions.h>

static struct outsider_world outside;

static int start_heap(void **state)
{
    (void)state;
    heap_release(&outside.heap);
    return allocman_create(&outside.alloc, heap_interface(&outside.heap));
}

#define slot_test(name) cmocka_unit_test_setup(name, start_heap)

static struct cspace_single_level_config range(size_t first, size_t end)
{
    return (struct cspace_single_level_config){.cnode = 2,
                                               .cnode_size_bits = 20,
                                               .cnode_guard_bits = seL4_WordBits - 20,
                                               .first_slot = first,
                                               .end_slot = end};
}

static void expect_no_slot(cspace_single_level_t *cspace)
{
    cspacepath_t path;
    memset(&path, 0x5a, sizeof(path));
    const cspacepath_t untouched = path;
    const size_t book = outside.heap.live_bytes;
    assert_int_equal(_cspace_single_level_alloc(&outside.alloc, cspace, &path), ALLOCMAN_NO_SLOT);
    assert_memory_equal(&path, &untouched, sizeof(path));
    assert_int_equal(outside.heap.live_bytes, book);
}

// Each slot of the range once, and then no more; twice over.
static void expect_range_to_be_had(size_t first, size_t end)
{
    static bool seen[1 << 17];
    cspace_single_level_t cspace;
    assert_int_equal(cspace_single_level_create(&outside.alloc, &cspace, range(first, end)), 0);
    for (int round = 0; round < 2; round++) {
        memset(seen, 0, end - first);
        for (size_t i = first; i < end; i++) {
            cspacepath_t path;
            assert_int_equal(_cspace_single_level_alloc(&outside.alloc, &cspace, &path), 0);
            assert_true(path.capPtr >= first && path.capPtr < end);
            assert_false(seen[path.capPtr - first]);
            seen[path.capPtr - first] = true;
        }
        expect_no_slot(&cspace);
        for (size_t i = first; i < end; i++) {
            const cspacepath_t path =
                _cspace_single_level_make_path(&cspace, round ? i : end - 1 + first - i);
            _cspace_single_level_free(&outside.alloc, &cspace, &path);
        }
        assert_int_equal(cspace_single_level_runs.free_slots(&cspace), end - first);
    }
    cspace_single_level_destroy(&outside.alloc, &cspace);
    assert_int_equal(outside.heap.live_bytes, 0);
    assert_int_equal(outside.alloc.counts.misuse, 0);
}

static void n_slots_configured_are_n_slots(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 200; n++) {
        expect_range_to_be_had(1000 - n / 2, 1000 - n / 2 + n);
        expect_range_to_be_had(0, n);
    }
}

static void odd_ranges_are_had_whole(void **state)
{
    (void)state;
    static const size_t ranges[][2] = {{1023, 1024},       {1023, 1025},       {1024, 2048},
                                       {1, 4097},          {409, 8192},        {63, 32769},
                                       {32767, 32769},     {32768, 65536},     {65535, 70001},
                                       {1048575, 1048576}, {1048000, 1048576}, {5, 100003}};
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        expect_range_to_be_had(ranges[i][0], ranges[i][1]);
    }
}

static void impossible_ranges_are_refused(void **state)
{
    (void)state;
    struct cspace_single_level_config bad[] = {range(7, 7),
                                               range(8, 7),
                                               range(0, (1 << 20) + 1),
                                               range(0, 0),
                                               range(1 << 20, ~(size_t)0),
                                               range(5, 100),
                                               range(5, 100)};
    bad[5].cnode_guard_bits = seL4_WordBits - 19; // more than a word
    bad[6].cnode_size_bits = seL4_WordBits;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cspace_single_level_t cspace;
        cspace_single_level_t before;
        memset(&cspace, 0x5a, sizeof(cspace));
        memset(&before, 0x5a, sizeof(before));
        assert_int_equal(cspace_single_level_create(&outside.alloc, &cspace, bad[i]),
                         ALLOCMAN_INVALID_ARGUMENT);
        assert_memory_equal(&cspace, &before, sizeof(cspace));
    }
    cspace_single_level_t whole;
    assert_int_equal(cspace_single_level_create(&outside.alloc, &whole, range(0, 1 << 20)), 0);
}

static void a_particular_slot_can_be_taken(void **state)
{
    (void)state;
    cspace_single_level_t cspace;
    assert_int_equal(cspace_single_level_create(&outside.alloc, &cspace, range(100, 3000)), 0);
    assert_int_equal(_cspace_single_level_alloc_at(&outside.alloc, &cspace, 2000), 0);
    const size_t book = outside.heap.live_bytes;
    static const seL4_CPtr bad[] = {2000, 99, 3000, 0, ~(seL4_CPtr)0};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(_cspace_single_level_alloc_at(&outside.alloc, &cspace, bad[i]),
                         ALLOCMAN_NO_SLOT);
        assert_int_equal(outside.heap.live_bytes, book);
        assert_int_equal(cspace_single_level_runs.free_slots(&cspace), 2899);
    }
    for (size_t i = 0; i < 2899; i++) {
        cspacepath_t path;
        assert_int_equal(_cspace_single_level_alloc(&outside.alloc, &cspace, &path), 0);
        assert_int_not_equal(path.capPtr, 2000);
    }
    expect_no_slot(&cspace);
    const cspacepath_t path = _cspace_single_level_make_path(&cspace, 2000);
    _cspace_single_level_free(&outside.alloc, &cspace, &path);
    assert_int_equal(_cspace_single_level_alloc_at(&outside.alloc, &cspace, 2000), 0);
    cspace_single_level_destroy(&outside.alloc, &cspace); // with all slots taken
    assert_int_equal(outside.heap.live_bytes, 0);
    assert_int_equal(outside.heap.live_blocks, 0);
}

static void without_book_memory_nothing_is_changed(void **state)
{
    (void)state;
    cspace_single_level_t cspace;
    assert_int_equal(cspace_single_level_create(&outside.alloc, &cspace, range(100, 50000)), 0);
    for (size_t limit = 1; limit < 800; limit += 50) {
        outside.heap.limit = limit;
        cspacepath_t path;
        const int error = _cspace_single_level_alloc(&outside.alloc, &cspace, &path);
        if (error == 0) {
            _cspace_single_level_free(&outside.alloc, &cspace, &path);
        } else {
            assert_int_equal(error, ALLOCMAN_NO_BOOK);
            assert_int_equal(_cspace_single_level_alloc_at(&outside.alloc, &cspace, 40000),
                             ALLOCMAN_NO_BOOK);
        }
        assert_int_equal(cspace_single_level_runs.free_slots(&cspace), 49900);
        assert_int_equal(outside.heap.live_bytes, 0);
    }
    outside.heap.limit = 0;
    assert_int_equal(_cspace_single_level_alloc_at(&outside.alloc, &cspace, 40000), 0);
}

static void runs_are_aligned_and_inside(void **state)
{
    (void)state;
    cspace_single_level_t cspace;
    assert_int_equal(cspace_single_level_create(&outside.alloc, &cspace, range(101, 2903)), 0);
    static bool taken[4096];
    memset(taken, 0, sizeof(taken));
    size_t left = 2802;
    for (unsigned order = 9; order-- > 0;) {
        seL4_CPtr first;
        while (cspace_single_level_runs.alloc_run(&outside.alloc, &cspace, order, &first) == 0) {
            assert_int_equal(first % (1u << order), 0);
            assert_true(first >= 101 && first + (1u << order) <= 2903);
            for (seL4_CPtr slot = first; slot < first + (1u << order); slot++) {
                assert_false(taken[slot]);
                taken[slot] = true;
            }
            left -= (size_t)1 << order;
            assert_int_equal(cspace_single_level_runs.free_slots(&cspace), left);
        }
    }
    assert_int_equal(left, 0); // single slots took the rest
    seL4_CPtr first;
    assert_int_equal(cspace_single_level_runs.alloc_run(&outside.alloc, &cspace, 9, &first),
                     ALLOCMAN_NO_SLOT);
    for (seL4_CPtr slot = 101; slot < 2903; slot++) { // a run may be given back in single slots
        cspace_single_level_runs.free_run(&outside.alloc, &cspace, slot, 0);
    }
    assert_int_equal(outside.heap.live_bytes, 0);
    assert_int_equal(outside.alloc.counts.misuse, 0);
}

// --- through an allocman -------------------------------------------------------------------------

static void paths_round_trip_and_work(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        const cspacepath_t path = slot_make();
        const cspacepath_t again = allocman_cspace_make_path(world.alloc, path.capPtr);
        assert_memory_equal(&path, &again, sizeof(path));
        assert_int_equal(path.root, ROOT_CNODE);
        assert_int_equal(path.capDepth, seL4_WordBits);
        assert_int_equal(path.window, 1);
        const cspacepath_t own_tcb = {
            .capPtr = seL4_CapInitThreadTCB, .capDepth = seL4_WordBits, .root = ROOT_CNODE};
        assert_int_equal(vka_cnode_copy(&path, &own_tcb, seL4_AllRights), seL4_NoError);
        assert_int_equal(cap_at(path.capPtr).kind, SEL4MODEL_CAP_TCB);
    }
}

static void slots_cost_no_invocation(void **state)
{
    (void)state;
    sel4model_counters_reset();
    cspacepath_t path[100];
    for (int i = 0; i < 100; i++) {
        assert_int_equal(allocman_cspace_alloc(world.alloc, &path[i]), 0);
    }
    for (int i = 0; i < 100; i++) {
        allocman_cspace_free(world.alloc, &path[i]);
    }
    assert_no_invocations();
}

static void expect_bad_slot_free(const cspacepath_t *path, int status)
{
    const struct ledger before = ledger_now();
    const size_t misuse = world.alloc->counts.misuse;
    allocman_cspace_free(world.alloc, path);
    assert_int_equal(world.alloc->counts.misuse, misuse + 1);
    assert_failure(status);
    assert_nothing_changed(before);
}

static void misuse_of_slots_is_counted(void **state)
{
    (void)state;
    const cspacepath_t live = slot_make();
    const cspacepath_t twice = slot_make();
    allocman_cspace_free(world.alloc, &twice);
    expect_bad_slot_free(&twice, ALLOCMAN_SLOT_NOT_ALLOCATED);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, twice.capPtr);
    expect_bad_slot_free(NULL, ALLOCMAN_INVALID_ARGUMENT);
    static const seL4_CPtr foreign[] = {0, 1, 408, 100000, 524288, ~(seL4_CPtr)0};
    for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
        const cspacepath_t path = {
            .capPtr = foreign[i], .root = ROOT_CNODE, .capDepth = seL4_WordBits};
        expect_bad_slot_free(&path, ALLOCMAN_SLOT_NOT_ALLOCATED);
    }
    allocman_cspace_free(world.alloc, &live);
    assert_int_equal(allocman_cspace_alloc(world.alloc, NULL), ALLOCMAN_INVALID_ARGUMENT);
    assert_failure(ALLOCMAN_INVALID_ARGUMENT);
}

static void the_last_slot_is_to_be_had(void **state)
{
    (void)state;
    start((struct start){.cnode_bits = 9, .without_untypeds = true});
    const size_t count = world.bootinfo->empty.end - world.bootinfo->empty.start;
    assert_in_range(count, 64, 512);
    for (size_t i = 0; i < count; i++) {
        slot_make();
    }
    cspacepath_t path = {.capPtr = 99};
    assert_int_equal(allocman_cspace_alloc(world.alloc, &path), ALLOCMAN_NO_SLOT);
    assert_int_equal(path.capPtr, 99);
    const struct allocman_failure *const failure = allocman_last_failure(world.alloc);
    assert_int_equal(failure->needed, 1);
    assert_int_equal(failure->available, 0);
    const seL4_CPtr last = world.bootinfo->empty.end - 1;
    path = allocman_cspace_make_path(world.alloc, last);
    allocman_cspace_free(world.alloc, &path);
    assert_int_equal(slot_make().capPtr, last);
}

// --- simple1level --------------------------------------------------------------------------------

static void simple1level_goes_through_its_range_once(void **state)
{
    (void)state;
    cspace_simple1level_t cspace;
    cspace_simple1level_create(&cspace, (struct cspace_simple1level_config){.cnode = 2,
                                                                            .cnode_size_bits = 10,
                                                                            .cnode_guard_bits = 54,
                                                                            .first_slot = 17,
                                                                            .end_slot = 20});
    assert_int_equal(
        allocman_attach_cspace(&outside.alloc, cspace_simple1level_make_interface(&cspace)), 0);
    for (seL4_CPtr slot = 17; slot < 20; slot++) {
        cspacepath_t path;
        assert_int_equal(allocman_cspace_alloc(&outside.alloc, &path), 0);
        assert_int_equal(path.capPtr, slot);
        assert_int_equal(path.offset, slot);
        assert_int_equal(path.root, 2);
        assert_int_equal(path.capDepth, 64);
        const cspacepath_t again = allocman_cspace_make_path(&outside.alloc, slot);
        assert_memory_equal(&again, &path, sizeof(path));
        allocman_cspace_free(&outside.alloc, &path); // does nothing
    }
    cspacepath_t path;
    assert_int_equal(allocman_cspace_alloc(&outside.alloc, &path), ALLOCMAN_NO_SLOT);
    assert_int_equal(allocman_last_failure(&outside.alloc)->status, ALLOCMAN_NO_SLOT);
    assert_int_equal(_cspace_simple1level_alloc(&outside.alloc, &cspace, &path), ALLOCMAN_NO_SLOT);
    assert_int_equal(outside.heap.live_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        slot_test(n_slots_configured_are_n_slots),
        slot_test(odd_ranges_are_had_whole),
        slot_test(impossible_ranges_are_refused),
        slot_test(a_particular_slot_can_be_taken),
        slot_test(without_book_memory_nothing_is_changed),
        slot_test(runs_are_aligned_and_inside),
        api_test(paths_round_trip_and_work),
        api_test(slots_cost_no_invocation),
        api_test(misuse_of_slots_is_counted),
        booting_test(the_last_slot_is_to_be_had),
        slot_test(simple1level_goes_through_its_range_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
