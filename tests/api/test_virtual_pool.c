/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Book memory that grows: the range it is given, what one request can have, and giving pages back.

#include "api_test.h"

// The largest block has 248 pages less its header and 248 records of frames.
enum { RANGE = 8 << 20, SPAN_MAX = seL4_WordBits == 64 ? 1011728 : 1013728 };

static char *range;

static int start_virtual(void **state)
{
    start_default(state);
    range = sel4model_free_vaddr(RANGE);
    bootstrap_configure_virtual_pool(world.alloc, range, RANGE, VSPACE);
    assert_failure(ALLOCMAN_OK);
    return 0;
}

#define virtual_test(name) cmocka_unit_test_setup_teardown(name, start_virtual, stop)

static size_t frames_mapped(void)
{
    return world.managers->mspace.virtual_pool.frames_mapped;
}

static bool in_range(const void *block, size_t bytes)
{
    return (const char *)block >= range && (const char *)block + bytes <= range + RANGE;
}

struct block {
    unsigned char *at;
    size_t bytes;
};

static struct block block_make(size_t bytes, int value)
{
    int error = -1;
    const struct block block = {allocman_mspace_alloc(world.alloc, bytes, &error), bytes};
    assert_non_null(block.at);
    assert_int_equal(error, ALLOCMAN_OK);
    assert_int_equal((uintptr_t)block.at % 16, 0);
    memset(block.at, value, bytes);
    return block;
}

static void block_free(struct block block, int value)
{
    for (size_t i = 0; i < block.bytes; i++) {
        assert_int_equal(block.at[i], value);
    }
    allocman_mspace_free(world.alloc, block.at, block.bytes);
}

static void large_blocks_are_had(void **state)
{
    (void)state;
    static const size_t sizes[] = {1,    3984,       3985,    4016,     4017,
                                   4096, 100 * 1024, 1000000, SPAN_MAX, 500000};
    struct block block[10];
    for (int i = 0; i < 10; i++) {
        block[i] = block_make(sizes[i], i + 1);
        assert_true(sizes[i] < 20000 || in_range(block[i].at, sizes[i]));
    }
    for (int i = 0; i < 10; i++) {
        block_free(block[(i * 7) % 10], (i * 7) % 10 + 1);
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void too_large_a_block_is_refused(void **state)
{
    (void)state;
    const struct block first = block_make(SPAN_MAX, 1); // growth has settled
    static const size_t sizes[] = {
        SPAN_MAX + 1, 1 << 20, 2 << 20, RANGE, (size_t)1 << (sizeof(size_t) == 8 ? 40 : 30),
        ~(size_t)0};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        const struct ledger before = ledger_now();
        int error = 0;
        assert_null(allocman_mspace_alloc(world.alloc, sizes[i], &error));
        assert_int_equal(error, ALLOCMAN_NO_VIRTUAL);
        assert_failure(ALLOCMAN_NO_VIRTUAL);
        assert_int_equal(allocman_last_failure(world.alloc)->needed, sizes[i]);
        assert_nothing_changed(before);
    }
    block_free(first, 1);
}

static void pages_are_given_back(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    static struct block block[COUNT];
    const size_t mapped = frames_mapped();
    const size_t used = book_used();
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++) {
            block[i] = block_make(i % 50 ? 1000 : 30000, i % 251);
        }
        assert_true(frames_mapped() > mapped + 400);
        for (int i = 0; i < COUNT; i++) {
            const int j = round == 1 ? COUNT - 1 - i : (int)((unsigned)i * 7919u % COUNT);
            block_free(block[j], j % 251);
        }
        allocman_reclaim(world.alloc);
        assert_true(frames_mapped() <= mapped + 2);
        assert_true(book_used() <= used + 2000);
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
    assert_true(world.alloc->counts.growths > 400);
}

static void a_burst_leaves_memory_whole(void **state)
{
    (void)state;
    enum { COUNT = 1500 };
    static struct block block[COUNT];
    for (int i = 0; i < COUNT; i++) {
        block[i] = block_make(3900, i % 251);
    }
    for (int i = 0; i < COUNT; i++) {
        block_free(block[i], i % 251);
    }
    allocman_reclaim(world.alloc);
    for (int i = 0; i < 2; i++) {
        object_make(seL4_UntypedObject, 27); // both large roots
    }
}

static void misuse_in_the_range_is_found(void **state)
{
    (void)state;
    const struct block large = block_make(50000, 0xff);
    const struct block small = block_make(2000, 3);
    static const ptrdiff_t offsets[] = {16, 4096, 8192, 20000, 40960};
    for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
        const struct ledger before = ledger_now();
        const size_t misuse = world.alloc->counts.misuse;
        allocman_mspace_free(world.alloc, large.at + offsets[i], 64);
        allocman_mspace_free(world.alloc, large.at + offsets[i], 50000);
        allocman_mspace_free(world.alloc, range + RANGE - 4096, 64); // never mapped
        allocman_mspace_free(world.alloc, range + RANGE, 64);
        allocman_mspace_free(world.alloc, large.at, 50000 + 8192);
        assert_int_equal(world.alloc->counts.misuse, misuse + 5);
        assert_failure(ALLOCMAN_BAD_POINTER);
        assert_nothing_changed(before);
    }
    block_free(small, 3);
    block_free(large, 0xff);
    const size_t misuse = world.alloc->counts.misuse;
    allocman_mspace_free(world.alloc, large.at, large.bytes); // unmapped by now
    assert_int_equal(world.alloc->counts.misuse, misuse + 1);
}

static void random_blocks_never_overlap(void **state)
{
    (void)state;
    enum { LIVE = 300 };
    static struct block live[LIVE];
    memset(live, 0, sizeof(live));
    uint32_t random = 4711;
    for (unsigned turn = 0; turn < 20000; turn++) {
        random = random * 1664525u + 1013904223u;
        const unsigned i = (random >> 8) % LIVE;
        if (live[i].at) {
            block_free(live[i], (int)(i % 251));
            live[i].at = NULL;
        } else {
            live[i] = block_make((random >> 20) % 16 ? 1 + (random >> 20) % 2000
                                                     : 1 + (random >> 16) % 40000,
                                 (int)(i % 251));
        }
        if (turn % 64 == 0) { // objects come from the same memory
            const struct object frame = frame_make();
            object_free(&frame);
        }
    }
    for (unsigned i = 0; i < LIVE; i++) {
        if (live[i].at) {
            block_free(live[i], (int)(i % 251));
        }
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
}

// --- configuring ---------------------------------------------------------------------------------

static void a_second_pool_is_refused(void **state)
{
    (void)state;
    const struct ledger before = ledger_now();
    bootstrap_configure_virtual_pool(world.alloc, sel4model_free_vaddr(1 << 20), 1 << 20, VSPACE);
    assert_failure(ALLOCMAN_ALREADY_ATTACHED);
    assert_nothing_changed(before);
    const struct block block = block_make(100000, 5);
    assert_true(in_range(block.at, block.bytes)); // of the first
}

static void a_range_without_a_page_is_refused(void **state)
{
    (void)state;
    char *const place = sel4model_free_vaddr(1 << 20);
    static const struct {
        size_t offset, bytes;
    } ranges[] = {{0, 0}, {0, 4095}, {1, 8190}, {4095, 4096}, {100, 4096}, {0, 1}};
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        const struct ledger before = ledger_now();
        bootstrap_configure_virtual_pool(world.alloc, place + ranges[i].offset, ranges[i].bytes,
                                         VSPACE);
        assert_failure(ALLOCMAN_NO_VIRTUAL);
        assert_int_equal(allocman_last_failure(world.alloc)->needed, 4096);
        assert_nothing_changed(before);
        assert_int_equal(allocman_mspace_alloc(world.alloc, 100000, NULL) == NULL, true);
        assert_failure(ALLOCMAN_NO_BOOK); // still no virtual pool
    }
    bootstrap_configure_virtual_pool(world.alloc, (void *)~(uintptr_t)4095, 1 << 20,
                                     VSPACE); // overflows
    assert_failure(ALLOCMAN_NO_VIRTUAL);
    bootstrap_configure_virtual_pool(world.alloc, place, 1 << 20,
                                     VSPACE); // none of that is remembered
    assert_non_null(allocman_mspace_alloc(world.alloc, 100000, NULL));
}

static void a_range_may_end_with_the_address_space(void **state)
{
    (void)state;
    mspace_virtual_pool_t pool;
    struct mspace_virtual_pool_config config = {
        .vstart = (void *)~(uintptr_t)8191, .size = 8192, .pd = VSPACE};
    mspace_virtual_pool_create(&pool, config);
    assert_int_equal(pool.page_count, 2);
    config.size++;
    mspace_virtual_pool_create(&pool, config);
    assert_int_equal(pool.page_count, 0);
}

static void a_pool_needs_the_managers(void **state)
{
    (void)state;
    adopt(bootstrap_create_allocman(sizeof(world.pool), world.pool));
    bootstrap_configure_virtual_pool(world.alloc, (void *)(uintptr_t)0x10000000, 1 << 20, VSPACE);
    assert_failure(ALLOCMAN_NOT_ATTACHED);
    assert_non_null(allocman_mspace_alloc(world.alloc, 100, NULL));
}

static void only_whole_pages_of_the_range_are_used(void **state)
{
    (void)state;
    char *const place = sel4model_free_vaddr(1 << 20);
    bootstrap_configure_virtual_pool(world.alloc, place + 100, 10 * 4096, VSPACE); // 9 whole pages
    size_t count = 0;
    for (char *block; (block = allocman_mspace_alloc(world.alloc, 3900, NULL)) != NULL;) {
        const bool is_static = block >= world.pool && block < world.pool + sizeof(world.pool);
        assert_true(is_static || (block >= place + 4096 && block + 3900 <= place + 10 * 4096));
        memset(block, 1, 3900);
        count += !is_static;
    }
    assert_in_range(count, 5, 9); // headroom may hold some
    assert_failure(ALLOCMAN_NO_VIRTUAL);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, 3900);
}

static unsigned long tables_mapped(const struct sel4model_counters *counters)
{
    unsigned long sum = counters->invocations[ARCH_KIND(PageTable_Map)];
#ifdef CONFIG_ARCH_X86_64
    sum += counters->invocations[ARCH_KIND(PageDirectory_Map)] +
           counters->invocations[ARCH_KIND(PDPT_Map)];
#endif
    return sum;
}

// The tables that others map in the range stay; each missing one is made once.
static void paging_structures_are_made_as_needed(void **state)
{
    (void)state;
    struct sel4model_counters counters;
    sel4model_counters_get(&counters);
    assert_true(tables_mapped(&counters) <= TABLE_LEVELS); // for the first page, if there is one
    struct block block[6];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 6; i++) {
            block[i] = block_make(1000000, i);
        }
        for (int i = 0; i < 6; i++) {
            block_free(block[i], i);
        }
    }
    sel4model_counters_get(&counters);
    const unsigned covered_bits = seL4_PageTableIndexBits + seL4_PageBits; // by a last-level one
    assert_in_range(tables_mapped(&counters), TABLE_LEVELS - 1 + (6000000 >> covered_bits),
                    TABLE_LEVELS - 1 + (RANGE >> covered_bits));
    assert_int_equal(counters.refused[ARCH_KIND(PageTable_Map)], 0);
}

static void growth_costs_what_the_header_says(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        sel4model_counters_reset();
        const size_t growths = world.alloc->counts.growths;
        block_make(3900, 1);
        const size_t steps = world.alloc->counts.growths - growths;
        assert_true(steps <= 1);
        if (steps == 0) {
            assert_no_invocations();
        } else { // frames for block and headroom, a table, one refused map for it, and splits
            assert_true(sel4model_invocations(SEL4MODEL_ANY_INVOCATION) <= 24);
        }
    }
}

// However many slots are left: a growth step that cannot be completed leaves the headroom whole, and
// later steps possible.
static void a_failed_step_leaves_the_headroom(void **state)
{
    (void)state;
    static const size_t sizes[] = {3900, 6946, 9000, 40000, 100000};
    enum { SLOTS = 90, FREED = 60 };
    unsigned refused = 0, served = 0;
    for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        const struct start few = {.empty_slots = SLOTS};
        start(few);
        range = sel4model_free_vaddr(RANGE);
        bootstrap_configure_virtual_pool(world.alloc, range, RANGE, VSPACE);
        cspacepath_t path[SLOTS];
        unsigned count = 0;
        while (allocman_cspace_alloc(world.alloc, &path[count]) == ALLOCMAN_OK) {
            count++;
        }
        for (size_t bytes = 4000; bytes > 0; bytes /= 2) { // no room but the headroom
            while (allocman_mspace_alloc(world.alloc, bytes, NULL)) {
            }
        }
        for (unsigned i = 0; i < FREED && count > 0; i++) {
            void *const block = allocman_mspace_alloc(world.alloc, sizes[s], NULL);
            refused += block == NULL;
            served += block != NULL;
            assert_laws();
            allocman_mspace_free(world.alloc, block, sizes[s]);
            assert_laws();
            allocman_cspace_free(world.alloc, &path[--count]);
        }
    }
    assert_true(refused > 0 && served > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        virtual_test(large_blocks_are_had),
        virtual_test(too_large_a_block_is_refused),
        virtual_test(pages_are_given_back),
        virtual_test(a_burst_leaves_memory_whole),
        virtual_test(misuse_in_the_range_is_found),
        virtual_test(random_blocks_never_overlap),
        virtual_test(a_second_pool_is_refused),
        api_test(a_range_without_a_page_is_refused),
        cmocka_unit_test(a_range_may_end_with_the_address_space),
        booting_test(a_pool_needs_the_managers),
        api_test(only_whole_pages_of_the_range_are_used),
        virtual_test(paging_structures_are_made_as_needed),
        virtual_test(growth_costs_what_the_header_says),
        booting_test(a_failed_step_leaves_the_headroom),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
