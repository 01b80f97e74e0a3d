/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Each resource run dry: what is told, what still works, and that all of it comes back.

#include "api_test.h"

enum { MANY = 140000 };

static struct object objects[MANY];

// Objects until one is refused; the status of that.
static int take_objects(seL4_Word type, size_t bits, size_t *count)
{
    int error = ALLOCMAN_OK;
    for (*count = 0; *count < MANY; ++*count) {
        error = object_try(type, bits, ALLOCMAN_NO_PADDR, false, &objects[*count]);
        if (error) {
            break;
        }
    }
    return error;
}

static void give_objects(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        object_free(&objects[(i * 7919) % count]);
    }
}

// Frees the few that keep the number from being one that give_objects can step through.
static size_t coprime_below(size_t count)
{
    while (count % 7919 == 0 && count > 0) {
        object_free(&objects[--count]);
    }
    return count;
}

static void expect_told(int status, seL4_Word needed, const char *sentence_start)
{
    const struct allocman_failure *const failure = allocman_last_failure(world.alloc);
    char text[160];
    assert_int_equal(failure->status, status);
    assert_int_equal(failure->needed, needed);
    allocman_failure_text(failure, text, sizeof(text));
    assert_memory_equal(text, sentence_start, strlen(sentence_start));
}

// As many objects can be had again, and the refusals in between changed nothing. The first round
// may have a few more: it takes small roots while larger ones are untouched, which saves a split.
static void expect_rounds(seL4_Word type, size_t bits, int status)
{
    size_t first = 0;
    for (int round = 0; round < 3; round++) {
        size_t count = 0;
        assert_int_equal(take_objects(type, bits, &count), status);
        assert_true(count > 0 && count < MANY);
        for (int i = 0; i < 3; i++) {
            const struct ledger before = ledger_now();
            struct object object;
            assert_int_equal(object_try(type, bits, ALLOCMAN_NO_PADDR, false, &object), status);
            assert_nothing_changed(before);
        }
        assert_true(round < 2 || count == first);
        assert_true(round == 0 || count >= first - first / 100);
        first = count;
        give_objects(coprime_below(count));
        assert_int_equal(totals()->allocated, 0);
        assert_failure(status);
        allocman_reclaim(world.alloc);
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
}

// Blocks of 2^bits that untouched roots can be cut into; *below is the largest size of the others.
static size_t blocks_of(unsigned bits, unsigned *below)
{
    struct utspace_split_cursor cursor = {0};
    struct utspace_split_block block;
    size_t count = 0;
    *below = 0;
    while (utspace_split_next_block(&world.managers->utspace, &cursor, &block)) {
        assert_int_equal(block.size_bits, block.root_bits);
        if (block.kind == ALLOCMAN_UT_KERNEL && block.size_bits >= bits) {
            count += (size_t)1 << (block.size_bits - bits);
        } else if (block.kind == ALLOCMAN_UT_KERNEL && block.size_bits > *below) {
            *below = block.size_bits;
        }
    }
    return count;
}

// What all machines have, so that neither the objects nor the slots are too many.
static int start_half_gigabyte(void **state)
{
    (void)state;
    start((struct start){.pool_bytes = POOL_BYTES, .ram_bytes = 512 << 20});
    return 0;
}

#define half_gigabyte_test(name) cmocka_unit_test_setup_teardown(name, start_half_gigabyte, stop)

static void untyped_memory_runs_out(void **state)
{
    (void)state;
    size_t count = 0;
    unsigned below;
    const size_t whole = blocks_of(22, &below);
    assert_int_equal(take_objects(seL4_UntypedObject, 22, &count), ALLOCMAN_NO_UNTYPED);
    assert_int_equal(count, whole); // not one is lost
    expect_told(ALLOCMAN_NO_UNTYPED, 22,
                "out of untyped memory: 2^22 bytes needed, largest free block 2^");
    assert_int_equal(allocman_last_failure(world.alloc)->available, below);
    for (unsigned bits = 4; bits <= below; bits++) { // smaller ones are there
        const struct object object = object_make(seL4_UntypedObject, bits);
        object_free(&object);
    }
    give_objects(count);
    expect_rounds(seL4_UntypedObject, 25, ALLOCMAN_NO_UNTYPED);
    expect_rounds(FRAME, FRAME_BITS, ALLOCMAN_NO_UNTYPED);
    assert_int_equal(take_objects(seL4_UntypedObject, 22, &count), ALLOCMAN_NO_UNTYPED);
    assert_int_equal(count, whole); // not worse for all that
}

static void frames_take_nearly_all_memory(void **state)
{
    (void)state;
    size_t count = 0;
    uint64_t bytes = totals()->free_bytes[ALLOCMAN_UT_KERNEL];
    assert_int_equal(take_objects(FRAME, FRAME_BITS, &count), ALLOCMAN_NO_UNTYPED);
    assert_true((uint64_t)count * 4096 * 1000 > bytes * 995);
    expect_told(ALLOCMAN_NO_UNTYPED, 12,
                "out of untyped memory: 2^12 bytes needed, largest free block 2^");
}

static void slots_run_out(void **state)
{
    (void)state;
    start((struct start){.cnode_bits = 10, .pool_bytes = POOL_BYTES});
    const size_t taken = smallest_roots_take();
    cspacepath_t path[1024];
    size_t count = 0;
    for (int round = 0; round < 3; round++) {
        const struct ledger start_of_round = ledger_now();
        for (count = 0; allocman_cspace_alloc(world.alloc, &path[count]) == ALLOCMAN_OK; count++) {
        }
        assert_int_equal(count + taken, world.bootinfo->empty.end - world.bootinfo->empty.start);
        expect_told(ALLOCMAN_NO_SLOT, 1, "out of capability slots: 1 needed, 0 free");
        // An object that needs splits needs two slots for each.
        expect_refusal(seL4_MinUntypedBits, seL4_UntypedObject, &path[0], ALLOCMAN_NO_PADDR, false,
                       ALLOCMAN_NO_SLOT);
        assert_true(allocman_last_failure(world.alloc)->needed >= 2);
        assert_int_equal(allocman_last_failure(world.alloc)->available, 0);
        allocman_cspace_free(world.alloc, &path[1]);
        expect_refusal(seL4_MinUntypedBits, seL4_UntypedObject, &path[0], ALLOCMAN_NO_PADDR, false,
                       ALLOCMAN_NO_SLOT);
        assert_int_equal(allocman_last_failure(world.alloc)->available, 1);
        // One that needs none is made.
        int error = -1;
        const unsigned whole_bits = boot_untyped_bits(boot_ram_above(seL4_MinUntypedBits + 1));
        const seL4_Word cookie = allocman_utspace_alloc(world.alloc, whole_bits, seL4_UntypedObject,
                                                        &path[0], false, &error);
        assert_int_equal(error, ALLOCMAN_OK);
        assert_int_equal(vka_cnode_delete(&path[0]), 0);
        allocman_utspace_free(world.alloc, cookie, whole_bits);
        for (size_t i = 0; i < count; i++) {
            if (i != 1) {
                allocman_cspace_free(world.alloc, &path[i]);
            }
        }
        assert_nothing_changed(start_of_round);
    }
}

static void objects_use_the_slots_up(void **state)
{
    (void)state;
    start((struct start){.cnode_bits = 11, .pool_bytes = POOL_BYTES});
    expect_rounds(seL4_EndpointObject, seL4_EndpointBits, ALLOCMAN_NO_SLOT);
    expect_rounds(FRAME, FRAME_BITS, ALLOCMAN_NO_SLOT);
    size_t count = 0;
    (void)take_objects(FRAME, FRAME_BITS, &count);
    assert_true(count * 100 >
                (world.bootinfo->empty.end - world.bootinfo->empty.start) * 45); // half of them are the blocks' own
}

static void the_smallest_spaces_lose_nothing(void **state)
{
    (void)state;
    for (seL4_Word slots = 1; slots < 60; slots++) {
        start((struct start){.empty_slots = slots, .pool_bytes = POOL_BYTES});
        assert_int_equal(free_slots(), slots);
        size_t count = 0;
        const int error = take_objects(seL4_EndpointObject, seL4_EndpointBits, &count);
        assert_int_equal(error, ALLOCMAN_NO_SLOT);
        // A plain buddy would come down from 2^11 with 14 slots.
        assert_true(slots < 20 || count >= 1);
        for (size_t i = 0; i < count; i++) {
            object_free(&objects[i]);
        }
        allocman_reclaim(world.alloc);
        assert_int_equal(free_slots(), slots);
        (void)stop(NULL);
    }
}

static void a_static_pool_runs_out(void **state)
{
    (void)state;
    size_t count = 0;
    assert_int_equal(take_objects(seL4_EndpointObject, seL4_EndpointBits, &count),
                     ALLOCMAN_NO_BOOK);
    const struct allocman_failure failure = *allocman_last_failure(world.alloc);
    assert_int_equal(failure.status, ALLOCMAN_NO_BOOK);
    assert_in_range(failure.needed, 1, 4096);
    assert_true(failure.available < failure.needed + 4096);
    char text[160];
    allocman_failure_text(&failure, text, sizeof(text));
    assert_memory_equal(text, "out of book memory: ", 20);
    give_objects(coprime_below(count));
    allocman_reclaim(world.alloc);
    expect_rounds(seL4_EndpointObject, seL4_EndpointBits, ALLOCMAN_NO_BOOK);
    void *list = NULL;
    for (void **block; (block = allocman_mspace_alloc(world.alloc, 64, NULL)) != NULL;
         list = block) {
        *block = list;
    }
    expect_told(ALLOCMAN_NO_BOOK, 64, "out of book memory: 64 bytes needed, ");
}

// --- book memory that could grow, but for something else -----------------------------------------

static void with_virtual_pool(size_t bytes)
{
    bootstrap_configure_virtual_pool(world.alloc, sel4model_free_vaddr(bytes), bytes, VSPACE);
    assert_failure(ALLOCMAN_OK);
}

// Book memory until it is refused; links the blocks.
static size_t take_book(size_t bytes, void **list, int *error)
{
    size_t count = 0;
    *list = NULL;
    for (void **block; (block = allocman_mspace_alloc(world.alloc, bytes, error)) != NULL;
         count++) {
        *block = *list;
        *list = block;
    }
    return count;
}

static void give_book(void *list, size_t bytes)
{
    while (list) {
        void *const next = *(void **)list;
        allocman_mspace_free(world.alloc, list, bytes);
        list = next;
    }
}

static void expect_book_refused(size_t bytes, int status)
{
    for (int i = 0; i < 3; i++) {
        const struct ledger before = ledger_now();
        int error = 0;
        assert_null(allocman_mspace_alloc(world.alloc, bytes, &error));
        assert_int_equal(error, status);
        assert_failure(status);
        assert_same_resources(before);
    }
}

static void expect_book_rounds(size_t bytes, int status)
{
    size_t counts[3];
    for (int round = 0; round < 3; round++) {
        void *list;
        int error = 0;
        counts[round] = take_book(bytes, &list, &error);
        assert_int_equal(error, status);
        expect_book_refused(bytes, status);
        give_book(list, bytes);
        allocman_reclaim(world.alloc);
    }
    assert_true(counts[0] > 0);
    assert_true(counts[1] + 2 >= counts[0] && counts[2] + 2 >= counts[0]);
}

static void the_address_range_runs_out(void **state)
{
    (void)state;
    with_virtual_pool(64 * 4096);
    expect_book_rounds(2000, ALLOCMAN_NO_VIRTUAL);
    void *list;
    int error = 0;
    (void)take_book(2000, &list, &error);
    expect_told(ALLOCMAN_NO_VIRTUAL, 2000,
                "no free range in the virtual pool: 2000 bytes needed, ");
    assert_true(allocman_last_failure(world.alloc)->available < 10 * 4096);
    slot_make(); // other things go on
    give_book(list, 2000);
    frame_make();
}

static void growth_without_slots_says_so(void **state)
{
    (void)state;
    start((struct start){.cnode_bits = 10});
    with_virtual_pool(8 << 20);
    expect_book_rounds(3000, ALLOCMAN_NO_SLOT);
    void *list;
    int error = 0;
    (void)take_book(3000, &list, &error);
    char text[160];
    allocman_failure_text(allocman_last_failure(world.alloc), text, sizeof(text));
    assert_memory_equal(text, "out of capability slots: ", 25);
    give_book(list, 3000);
}

static void growth_without_memory_says_so(void **state)
{
    (void)state;
    with_virtual_pool(8 << 20);
    size_t count = 0;
    assert_int_equal(take_objects(FRAME, FRAME_BITS, &count), ALLOCMAN_NO_UNTYPED);
    void *list;
    int error = 0;
    (void)take_book(3000, &list, &error);
    assert_int_equal(error, ALLOCMAN_NO_UNTYPED);
    expect_told(ALLOCMAN_NO_UNTYPED, 12, "out of untyped memory: 2^12 bytes needed, ");
    expect_book_refused(3000, ALLOCMAN_NO_UNTYPED);
    give_book(list, 3000);
    object_free(&objects[0]); // one frame makes the difference
    object_free(&objects[1]);
    object_free(&objects[2]);
    void *const block = allocman_mspace_alloc(world.alloc, 3000, &error);
    assert_non_null(block);
    memset(block, 1, 3000);
}

static void all_resources_together_come_back(void **state)
{
    (void)state;
    start((struct start){.cnode_bits = 13});
    with_virtual_pool(16 << 20);
    size_t before[2] = {0, 0};
    for (int round = 0; round < 6; round++) {
        size_t count = 0;
        assert_int_equal(
            take_objects(round % 2 ? seL4_EndpointObject : FRAME, round % 2 ? 4 : 12, &count),
            ALLOCMAN_NO_SLOT);
        // What book memory keeps from the first rounds (a paging structure, a group) is all that may differ.
        assert_true(round < 2 || count + 8 >= before[round % 2]);
        assert_true(round < 4 || count >= before[round % 2]);
        before[round % 2] = count;
        give_objects(coprime_below(count));
        allocman_reclaim(world.alloc);
        const struct object large =
            object_make(seL4_UntypedObject, boot_untyped_bits(boot_ram_largest()));
        object_free(&large);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        half_gigabyte_test(untyped_memory_runs_out),
        half_gigabyte_test(frames_take_nearly_all_memory),
        booting_test(slots_run_out),
        booting_test(objects_use_the_slots_up),
        booting_test(the_smallest_spaces_lose_nothing),
        api_test(a_static_pool_runs_out),
        api_test(the_address_range_runs_out),
        booting_test(growth_without_slots_says_so),
        half_gigabyte_test(growth_without_memory_says_so),
        booting_test(all_resources_together_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
