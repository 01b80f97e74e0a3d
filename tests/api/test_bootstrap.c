/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// From a static array to an allocman: sizes of the pool, bad boot information, what works at once.

#include "outsiders.h"

static const char *const records[] = {MACHINES};

static const char *record_path(const char *name)
{
    static char path[300];
    strcpy(path, RECORD_DIR "/");
    strcat(strcat(path, name), ".json");
    return path;
}

static void boot_record(const char *name)
{
    const struct start how = {.record = record_path(name)};
    boot(&how);
}

// The pool is as it was and the kernel was not asked.
static void expect_bootinfo_refused(seL4_BootInfo *bi, void *pool, size_t bytes, int status)
{
    struct allocman_failure why = {.status = ALLOCMAN_OK};
    memset(world.pool, 0xa5, sizeof(world.pool));
    sel4model_counters_reset();
    assert_null(bootstrap_use_bootinfo_why(bi, bytes, pool, &why));
    assert_int_equal(why.status, status);
    if (status == ALLOCMAN_NO_SLOT || status == ALLOCMAN_NO_RAM) {
        assert_int_equal(why.needed, status == ALLOCMAN_NO_SLOT); // of RAM no amount is told
        assert_int_equal(why.available, 0);
    }
    assert_null(bootstrap_use_bootinfo_why(bi, bytes, pool, NULL));
    assert_null(bootstrap_use_bootinfo(bi, bytes, pool));
    for (size_t i = 0; i < sizeof(world.pool); i++) {
        assert_int_equal((unsigned char)world.pool[i], 0xa5);
    }
    assert_no_invocations();
}

// Some work of every kind that the pool must do for at once.
static void expect_work(void)
{
    const struct object frame = frame_make();
    const struct object endpoint = object_make(seL4_EndpointObject, seL4_EndpointBits);
    object_free(&frame);
    object_free(&endpoint);
    assert_int_equal(totals()->allocated, 0);
}

static void the_exact_pool_does_and_one_byte_less_does_not(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof(records) / sizeof(records[0]); r++) {
        for (size_t offset = 0; offset < 16; offset++) {
            boot_record(records[r]);
            seL4_BootInfo *const bi = world.bootinfo;
            const size_t untypeds = bi->untyped.end - bi->untyped.start;
            const size_t bytes = bootstrap_pool_bytes(bi);
            assert_int_equal(bytes, ALLOCMAN_STATIC_POOL_BYTES(untypeds));
            struct allocman_failure why;
            assert_null(bootstrap_use_bootinfo_why(bi, bytes - 1, world.pool + offset, &why));
            assert_int_equal(why.status, ALLOCMAN_POOL_TOO_SMALL);
            assert_int_equal(why.needed, bytes);
            assert_int_equal(why.available, bytes - 1);
            memset(world.pool, 0xa5, sizeof(world.pool));
            adopt(bootstrap_use_bootinfo_why(bi, bytes, world.pool + offset, &why));
            assert_ptr_equal(world.alloc, world.pool + ((offset + 15) & ~(size_t)15));
            assert_int_equal(totals()->roots, untypeds);
            expect_work();
            for (size_t i = 0; i < sizeof(world.pool);
                 i++) { // nothing beside the pool is written to
                if (i < offset || i >= offset + bytes) {
                    assert_int_equal((unsigned char)world.pool[i], 0xa5);
                }
            }
            (void)stop(NULL);
        }
    }
}

static void the_exact_pool_does_for_a_virtual_pool(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof(records) / sizeof(records[0]); r++) {
        start((struct start){.record = record_path(records[r])});
        bootstrap_configure_virtual_pool(world.alloc, sel4model_free_vaddr(1 << 20), 1 << 20,
                                         VSPACE);
        assert_failure(ALLOCMAN_OK);
        void *const block = allocman_mspace_alloc(world.alloc, 100000, NULL);
        assert_non_null(block);
        memset(block, 1, 100000);
        (void)stop(NULL);
    }
}

static void pools_are_as_small_as_promised(void **state)
{
    (void)state;
    boot_record(MACHINE);
    assert_true(bootstrap_pool_bytes(world.bootinfo) <= 16 * 1024);
    assert_true(ALLOCMAN_STATIC_POOL_BYTES(230) <= 32 * 1024);
    assert_int_equal(bootstrap_pool_bytes(NULL), 0);
    static char constant[ALLOCMAN_STATIC_POOL_BYTES(7)];
    (void)constant;
}

// Bootinfo of a machine cut up into 230 RAM untypeds of a page each.
static void as_many_untypeds_as_a_kernel_tells(void **state)
{
    (void)state;
    boot(&(struct start){0});
    seL4_BootInfo *const bi = world.bootinfo;
    const size_t ram = boot_untyped(24, false, 0);
    enum { COUNT = 230 };
    const seL4_CPtr first = bi->empty.start;
    assert_int_equal(seL4_Untyped_Retype(bi->untyped.start + ram, seL4_UntypedObject, 12,
                                         ROOT_CNODE, 0, 0, first, COUNT),
                     0);
    static seL4_BootInfo many;
    many = *bi;
    many.untyped = (seL4_SlotRegion){.start = first, .end = first + COUNT};
    many.empty.start = first + COUNT;
    for (size_t i = 0; i < COUNT; i++) {
        many.untypedList[i] =
            (seL4_UntypedDesc){.paddr = boot_untyped_paddr(ram) + i * 4096, .sizeBits = 12};
    }
    const size_t bytes = bootstrap_pool_bytes(&many);
    assert_int_equal(bytes, ALLOCMAN_STATIC_POOL_BYTES(COUNT));
    assert_null(bootstrap_use_bootinfo(&many, bytes - 1, world.pool));
    adopt(bootstrap_use_bootinfo(&many, bytes, world.pool));
    assert_int_equal(totals()->roots, COUNT);
    struct object object;
    size_t count = 0;
    while (object_try(FRAME, 12, ALLOCMAN_NO_PADDR, false, &object) == ALLOCMAN_OK) {
        count++;
    }
    assert_int_equal(count, COUNT);
    assert_failure(ALLOCMAN_NO_UNTYPED);
}

static void missing_arguments_are_refused(void **state)
{
    (void)state;
    boot(&(struct start){0});
    const size_t bytes = sizeof(world.pool);
    expect_bootinfo_refused(NULL, world.pool, bytes, ALLOCMAN_INVALID_ARGUMENT);
    expect_bootinfo_refused(world.bootinfo, NULL, bytes, ALLOCMAN_INVALID_ARGUMENT);
    expect_bootinfo_refused(world.bootinfo, (void *)(~(uintptr_t)0 - 100), 50000,
                            ALLOCMAN_INVALID_ARGUMENT);
    expect_bootinfo_refused(world.bootinfo, world.pool, 0, ALLOCMAN_POOL_TOO_SMALL);
    expect_bootinfo_refused(world.bootinfo, world.pool, 1, ALLOCMAN_POOL_TOO_SMALL);
}

static seL4_Word bi_untypeds(void)
{
    return world.bootinfo->untyped.end - world.bootinfo->untyped.start;
}

static void boot_information_that_cannot_be_is_refused(void **state)
{
    (void)state;
    boot(&(struct start){0});
    const size_t bytes = sizeof(world.pool);
    static seL4_BootInfo bi;
#define BAD(change, status)                                                                        \
    do {                                                                                           \
        bi = *world.bootinfo;                                                                      \
        change;                                                                                    \
        expect_bootinfo_refused(&bi, world.pool, bytes, status);                                   \
    } while (0)
    BAD(bi.empty.end = bi.empty.start, ALLOCMAN_NO_SLOT);
    BAD(bi.empty.end = bi.empty.start - 1, ALLOCMAN_INVALID_ARGUMENT);
    const seL4_Word count = bi_untypeds();
    BAD(bi.empty.end = ((seL4_Word)1 << CNODE_BITS) + 1, ALLOCMAN_INVALID_ARGUMENT);
    BAD(bi.empty.end = ~(seL4_Word)0, ALLOCMAN_INVALID_ARGUMENT);
    BAD(bi.initThreadCNodeSizeBits = 12, ALLOCMAN_INVALID_ARGUMENT);
    BAD(bi.initThreadCNodeSizeBits = 64, ALLOCMAN_INVALID_ARGUMENT);
    BAD(bi.initThreadCNodeSizeBits = 200, ALLOCMAN_INVALID_ARGUMENT);
    BAD(bi.untyped.end = bi.untyped.start - 1, ALLOCMAN_INVALID_ARGUMENT);
    BAD(bi.untyped.end = bi.untyped.start + CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS + 1,
        ALLOCMAN_INVALID_ARGUMENT);
    BAD(bi.untyped.end = ~(seL4_Word)0, ALLOCMAN_INVALID_ARGUMENT);
    BAD(bi.untyped.end = bi.untyped.start, ALLOCMAN_NO_RAM);
    BAD(for (int i = 0; i < 230; i++) bi.untypedList[i].isDevice = 1, ALLOCMAN_NO_RAM);
    BAD(bi.untypedList[count / 2].sizeBits = 3, ALLOCMAN_INVALID_SIZE);
    BAD(bi.untypedList[count / 2].sizeBits = seL4_MaxUntypedBits + 1, ALLOCMAN_INVALID_SIZE);
    BAD(bi.untypedList[count - 1].sizeBits = 0, ALLOCMAN_INVALID_SIZE);
    BAD(bi.empty.start = bi.untyped.end - 1, ALLOCMAN_INVALID_ARGUMENT); // a slot cannot be both
    BAD(bi.untyped = bi.empty;
        bi.untyped.end = bi.untyped.start + count, ALLOCMAN_INVALID_ARGUMENT);
#undef BAD
    // What was refused can be had all the same afterwards.
    adopt(bootstrap_use_bootinfo(world.bootinfo, bytes, world.pool));
    expect_work();
}

static void a_bootstrap_asks_the_kernel_nothing(void **state)
{
    (void)state;
    boot(&(struct start){0});
    sel4model_counters_reset();
    adopt(bootstrap_use_bootinfo(world.bootinfo, sizeof(world.pool), world.pool));
    assert_no_invocations();
    assert_failure(ALLOCMAN_OK);
    assert_int_equal(free_slots(), world.bootinfo->empty.end - world.bootinfo->empty.start);
    const seL4_BootInfo *const bi = world.bootinfo;
    uint64_t bytes[3] = {0, 0, 0};
    for (size_t i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
        bytes[bi->untypedList[i].isDevice ? ALLOCMAN_UT_DEV : ALLOCMAN_UT_KERNEL] +=
            (uint64_t)1 << bi->untypedList[i].sizeBits;
    }
    assert_memory_equal(totals()->free_bytes, bytes, sizeof(bytes));
}

// --- a described CSpace --------------------------------------------------------------------------

static void expect_1level_refused(size_t cnode_size, seL4_CPtr first, seL4_CPtr end, size_t bytes,
                                  void *pool, int status)
{
    struct allocman_failure why = {.status = ALLOCMAN_OK};
    memset(world.pool, 0xa5, sizeof(world.pool));
    assert_null(
        bootstrap_use_current_1level_why(ROOT_CNODE, cnode_size, first, end, bytes, pool, &why));
    assert_int_equal(why.status, status);
    assert_null(
        bootstrap_use_current_1level_why(ROOT_CNODE, cnode_size, first, end, bytes, pool, NULL));
    assert_null(bootstrap_use_current_1level(ROOT_CNODE, cnode_size, first, end, bytes, pool));
    for (size_t i = 0; i < sizeof(world.pool); i++) {
        assert_int_equal((unsigned char)world.pool[i], 0xa5);
    }
}

static void bad_descriptions_are_refused(void **state)
{
    (void)state;
    const size_t bytes = ALLOCMAN_STATIC_POOL_BYTES(0);
    expect_1level_refused(12, 100, 200, bytes, NULL, ALLOCMAN_INVALID_ARGUMENT);
    expect_1level_refused(12, 200, 100, bytes, world.pool, ALLOCMAN_INVALID_ARGUMENT);
    expect_1level_refused(12, 100, 4097, bytes, world.pool, ALLOCMAN_INVALID_ARGUMENT);
    expect_1level_refused(64, 100, 200, bytes, world.pool, ALLOCMAN_INVALID_ARGUMENT);
    expect_1level_refused(12, 100, 200, bytes - 1, world.pool, ALLOCMAN_POOL_TOO_SMALL);
    assert_non_null(bootstrap_use_current_1level(ROOT_CNODE, 12, 100, 4096, bytes, world.pool));
    assert_non_null(bootstrap_use_current_1level(ROOT_CNODE, 12, 4095, 4096, bytes, world.pool));
}

static void a_task_with_few_slots_adds_its_untypeds(void **state)
{
    (void)state;
    start((struct start){
        .cnode_bits = 9, .without_untypeds = true, .pool_bytes = ALLOCMAN_STATIC_POOL_BYTES(8)});
    assert_failure(ALLOCMAN_OK);
    for (unsigned i = 0; i < 8; i++) { // one at a time, without addresses
        const seL4_Word index = boot_untyped(20, false, i);
        cspacepath_t path =
            allocman_cspace_make_path(world.alloc, world.bootinfo->untyped.start + index);
        size_t bits = world.bootinfo->untypedList[index].sizeBits;
        assert_int_equal(
            allocman_utspace_add_uts(world.alloc, 1, &path, &bits, NULL, ALLOCMAN_UT_KERNEL), 0);
    }
    expect_work();
    const size_t slots = free_slots();
    size_t count = 0;
    struct object object;
    while (object_try(seL4_EndpointObject, 4, ALLOCMAN_NO_PADDR, false, &object) == ALLOCMAN_OK) {
        count++;
    }
    assert_failure(ALLOCMAN_NO_SLOT);
    assert_true(count * 100 > slots * 45); // of two slots an object at worst
}

// --- only the book memory ------------------------------------------------------------------------

static void own_managers_on_book_memory_of_ours(void **state)
{
    (void)state;
    boot(&(struct start){0});
    assert_null(bootstrap_create_allocman(sizeof(world.pool), NULL));
    for (size_t bytes = 0; bytes < sizeof(struct bootstrap_managers); bytes += 97) {
        assert_null(bootstrap_create_allocman(bytes, world.pool));
    }
    adopt(bootstrap_create_allocman(40000, world.pool + 3));
    world.managers = NULL; // two of them are not in use
    cspacepath_t path;
    assert_int_equal(allocman_cspace_alloc(world.alloc, &path), ALLOCMAN_NOT_ATTACHED);
    static struct outsider_world w;
    w.scatter = (struct scatter){.first = world.bootinfo->empty.start, .count = 400};
    assert_int_equal(allocman_attach_cspace(world.alloc, scatter_interface(&w.scatter)),
                     ALLOCMAN_OK);
    utspace_split_create(&w.utspace);
    assert_int_equal(allocman_attach_utspace(world.alloc, utspace_split_make_interface(&w.utspace)),
                     ALLOCMAN_OK);
    const size_t ram = boot_ram_largest();
    const uintptr_t base = boot_untyped_paddr(ram);
    assert_int_equal(boot_untyped_add(ram, ALLOCMAN_UT_KERNEL, base), ALLOCMAN_OK);
    const struct object frame = frame_make();
    assert_int_equal((cap_at(frame.path.capPtr).paddr - base) >> boot_untyped_bits(ram), 0);
    object_free(&frame);
    assert_int_equal(w.utspace.totals.allocated, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        booting_test(the_exact_pool_does_and_one_byte_less_does_not),
        booting_test(the_exact_pool_does_for_a_virtual_pool),
        booting_test(pools_are_as_small_as_promised),
        booting_test(as_many_untypeds_as_a_kernel_tells),
        booting_test(missing_arguments_are_refused),
        booting_test(boot_information_that_cannot_be_is_refused),
        booting_test(a_bootstrap_asks_the_kernel_nothing),
        cmocka_unit_test(bad_descriptions_are_refused),
        booting_test(a_task_with_few_slots_adds_its_untypeds),
        booting_test(own_managers_on_book_memory_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
