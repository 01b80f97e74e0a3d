/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Managers put together by hand, as existing code does that knows of nothing but the published
// headers: every combination serves, and every function behind an interface can be called directly.

#include "outsiders.h"

#include <allocman/cspace/simple1level.h>
#include <allocman/cspace/vka.h>
#include <allocman/mspace/dual_pool.h>
#include <allocman/mspace/k_r_malloc.h>
#include <allocman/mspace/malloc.h>
#include <allocman/mspace/null.h>
#include <allocman/utspace/twinkle.h>
#include <allocman/utspace/vka.h>

// --- a whole allocman ----------------------------------------------------------------------------

enum { STATIC_BYTES = 24 * 1024, VIRTUAL_BYTES = 1 << 20, OBJECTS = 120 };

static struct {
    allocman_t alloc;
    _Alignas(16) char pool[STATIC_BYTES];
    mspace_dual_pool_t dual;
    mspace_fixed_pool_t fixed;
    cspace_simple1level_t simple;
    cspace_single_level_t single;
    utspace_split_t split;
    utspace_twinkle_t twinkle;
} hand;

static struct heap heap; // what an allocman holds in it has to be dropped with it

enum book { BOOK_FIXED, BOOK_DUAL, BOOK_OUTSIDER, BOOKS };
enum slots { SLOTS_SIMPLE, SLOTS_SINGLE, SLOTS };
enum untyped { UNTYPED_SPLIT, UNTYPED_TWINKLE, UNTYPEDS };

static struct mspace_interface book_make(enum book kind)
{
    const struct mspace_fixed_pool_config config = {.pool = hand.pool, .size = STATIC_BYTES};
    switch (kind) {
    case BOOK_FIXED:
        mspace_fixed_pool_create(&hand.fixed, config);
        return mspace_fixed_pool_make_interface(&hand.fixed);
    case BOOK_DUAL:
        mspace_dual_pool_create(&hand.dual, config);
        return mspace_dual_pool_make_interface(&hand.dual);
    default:
        return heap_interface(&heap);
    }
}

static struct cspace_interface slots_make(enum slots kind)
{
    const seL4_BootInfo *const bi = world.bootinfo;
    const size_t guard_bits = seL4_WordBits - bi->initThreadCNodeSizeBits;
    if (kind == SLOTS_SIMPLE) {
        cspace_simple1level_create(&hand.simple, (struct cspace_simple1level_config){
                                                     .cnode = ROOT_CNODE,
                                                     .cnode_size_bits = bi->initThreadCNodeSizeBits,
                                                     .cnode_guard_bits = guard_bits,
                                                     .first_slot = bi->empty.start,
                                                     .end_slot = bi->empty.end});
        return cspace_simple1level_make_interface(&hand.simple);
    }
    assert_int_equal(cspace_single_level_create(&hand.alloc, &hand.single,
                                                (struct cspace_single_level_config){
                                                    .cnode = ROOT_CNODE,
                                                    .cnode_size_bits = bi->initThreadCNodeSizeBits,
                                                    .cnode_guard_bits = guard_bits,
                                                    .first_slot = bi->empty.start,
                                                    .end_slot = bi->empty.end}),
                     0);
    return cspace_single_level_make_interface(&hand.single);
}

// As the header of each manager says, and nothing else: no extension is registered.
static void put_together(enum book book, enum slots slots, enum untyped untyped)
{
    boot(&(struct start){0});
    heap_release(&heap);
    memset(&hand, 0, sizeof(hand));
    assert_int_equal(allocman_create(&hand.alloc, book_make(book)), 0);
    assert_int_equal(allocman_attach_cspace(&hand.alloc, slots_make(slots)), 0);
    utspace_split_create(&hand.split);
    utspace_twinkle_create(&hand.twinkle);
    assert_int_equal(
        allocman_attach_utspace(&hand.alloc, untyped == UNTYPED_SPLIT
                                                 ? utspace_split_make_interface(&hand.split)
                                                 : utspace_twinkle_make_interface(&hand.twinkle)),
        0);
    const size_t ram = boot_ram_largest();
    const cspacepath_t path =
        allocman_cspace_make_path(&hand.alloc, world.bootinfo->untyped.start + ram);
    size_t bits = boot_untyped_bits(ram);
    uintptr_t paddr = boot_untyped_paddr(ram);
    assert_int_equal(
        allocman_utspace_add_uts(&hand.alloc, 1, &path, &bits, &paddr, ALLOCMAN_UT_KERNEL), 0);
    if (book == BOOK_DUAL) {
        mspace_dual_pool_attach_virtual(
            &hand.dual,
            (struct mspace_virtual_pool_config){.vstart = sel4model_free_vaddr(VIRTUAL_BYTES),
                                                .size = VIRTUAL_BYTES,
                                                .pd = VSPACE});
    }
    allocman_make_vka(&world.vka, &hand.alloc);
    if (untyped == UNTYPED_TWINKLE) { // an untyped without objects would begin anew
        assert_int_not_equal(vka_alloc_endpoint_leaky(&world.vka), 0);
    }
}

static void expect_objects(void)
{
    static vka_object_t object[OBJECTS];
    static const struct {
        seL4_Word type, size_bits;
    } kinds[] = {{seL4_EndpointObject, 0}, {SMALL_FRAME, 0}, {seL4_CapTableObject, 5},
                 {seL4_TCBObject, 0},      {PAGE_TABLE, 0},  {seL4_UntypedObject, 14}};
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < OBJECTS; i++) {
            const size_t k = i % (sizeof(kinds) / sizeof(kinds[0]));
            assert_int_equal(
                vka_alloc_object(&world.vka, kinds[k].type, kinds[k].size_bits, &object[i]), 0);
            const struct sel4model_cap cap = cap_at(object[i].cptr);
            assert_int_equal(cap.object_type, kinds[k].type);
            assert_int_equal(cap.paddr, vka_object_paddr(&world.vka, &object[i]));
        }
        for (size_t i = 0; i < OBJECTS; i++) {
            vka_free_object(&world.vka, &object[i * 7 % OBJECTS]);
        }
    }
    assert_int_equal(hand.alloc.counts.misuse, 0);
}

// Book memory of a page and more at a time, far more than the static half of the pool has.
static void expect_growth(void)
{
    enum { BLOCKS = 60, BYTES = 5000 };
    _Static_assert(BLOCKS * BYTES > 8 * STATIC_BYTES, "only the virtual half can give that");
    unsigned char *block[BLOCKS];
    for (int i = 0; i < BLOCKS; i++) {
        int error = -1;
        block[i] = allocman_mspace_alloc(&hand.alloc, BYTES, &error);
        assert_int_equal(error, 0);
        memset(block[i], i, BYTES);
    }
    for (int i = 0; i < BLOCKS; i++) {
        assert_int_equal(block[i][0], i);
        assert_int_equal(block[i][BYTES - 1], i);
        allocman_mspace_free(&hand.alloc, block[i], BYTES);
    }
}

static void every_combination_serves(void **state)
{
    (void)state;
    for (int book = 0; book < BOOKS; book++) {
        for (int slots = 0; slots < SLOTS; slots++) {
            for (int untyped = 0; untyped < UNTYPEDS; untyped++) {
                put_together((enum book)book, (enum slots)slots, (enum untyped)untyped);
                expect_objects();
                if (book == BOOK_DUAL) {
                    expect_growth();
                    expect_objects();
                }
                allocman_reclaim(&hand.alloc);
                if (slots == SLOTS_SINGLE) {
                    cspace_single_level_destroy(&hand.alloc, &hand.single);
                }
                sel4model_shutdown();
            }
        }
    }
}

// Nothing stays in pieces, although nobody registered how to merge.
static void all_memory_is_whole_again(void **state)
{
    (void)state;
    put_together(BOOK_FIXED, SLOTS_SINGLE, UNTYPED_SPLIT);
    expect_objects();
    vka_object_t whole;
    const unsigned bits = boot_untyped_bits(boot_ram_largest());
    assert_int_equal(vka_alloc_untyped(&world.vka, bits, &whole), 0);
    vka_free_object(&world.vka, &whole);
    assert_int_equal(hand.split.totals.groups, hand.split.totals.roots);
}

// --- the functions behind the interfaces ---------------------------------------------------------

static void slots_directly(void **state)
{
    (void)state;
    put_together(BOOK_OUTSIDER, SLOTS_SIMPLE, UNTYPED_SPLIT);
    cspacepath_t one, two;
    assert_int_equal(_cspace_simple1level_alloc(&hand.alloc, &hand.simple, &one), 0);
    assert_int_equal(one.capPtr + 1, hand.simple.current_slot);
    _cspace_simple1level_free(&hand.alloc, &hand.simple, &one); // it has no way to use it again
    assert_int_equal(_cspace_simple1level_alloc(&hand.alloc, &hand.simple, &two), 0);
    assert_int_equal(two.capPtr, one.capPtr + 1);
    const cspacepath_t again = _cspace_simple1level_make_path(&hand.simple, two.capPtr);
    assert_memory_equal(&again, &two, sizeof(two));
    // Alloc and free of slots need nobody else: so say the properties.
    const struct allocman_properties free_for_all = ALLOCMAN_DEFAULT_PROPERTIES;
    const struct cspace_interface interface = cspace_simple1level_make_interface(&hand.simple);
    assert_int_equal(interface.properties.alloc_can_alloc, free_for_all.alloc_can_alloc);
    assert_int_equal(interface.properties.alloc_can_free, free_for_all.alloc_can_free);
    assert_int_equal(interface.properties.free_can_alloc, free_for_all.free_can_alloc);
    assert_int_equal(interface.properties.free_can_free, free_for_all.free_can_free);
    assert_memory_equal(&free_for_all, &allocman_default_properties, sizeof(free_for_all));
}

static void slots_of_a_vka_directly(void **state)
{
    (void)state;
    start((struct start){0});
    const struct ledger before = ledger_now();
    const struct cspace_interface interface = cspace_vka_make_interface(&world.vka);
    assert_ptr_equal(interface.cspace, &world.vka);
    cspacepath_t path;
    assert_int_equal(_cspace_vka_alloc(NULL, &world.vka, &path), 0);
    const cspacepath_t again = _cspace_vka_make_path(&world.vka, path.capPtr);
    assert_memory_equal(&again, &path, sizeof(path));
    _cspace_vka_free(NULL, &world.vka, &path);
    assert_nothing_changed(before);
}

static void untyped_memory_directly(void **state)
{
    (void)state;
    put_together(BOOK_OUTSIDER, SLOTS_SINGLE, UNTYPED_SPLIT);
    const size_t more = boot_ram_above(20);
    const cspacepath_t ut =
        allocman_cspace_make_path(&hand.alloc, world.bootinfo->untyped.start + more);
    size_t bits = boot_untyped_bits(more);
    uintptr_t paddr = boot_untyped_paddr(more);
    assert_int_equal(
        _utspace_split_add_uts(&hand.alloc, &hand.split, 1, &ut, &bits, &paddr, ALLOCMAN_UT_KERNEL),
        0);
    cspacepath_t path;
    int error = -1;
    assert_int_equal(_cspace_single_level_alloc(&hand.alloc, &hand.single, &path), 0);
    const seL4_Word cookie =
        _utspace_split_alloc(&hand.alloc, &hand.split, 12, FRAME, &path, paddr, false, &error);
    assert_int_equal(error, 0);
    assert_int_equal(cap_at(path.capPtr).paddr, paddr);
    assert_int_equal(_utspace_split_paddr(&hand.split, cookie, 12), paddr);
    assert_int_equal(vka_cnode_delete(&path), 0);
    _utspace_split_free(&hand.alloc, &hand.split, cookie, 12);
    assert_int_equal(_utspace_split_paddr(&hand.split, cookie, 12), ALLOCMAN_NO_PADDR);
    assert_int_equal(hand.split.totals.allocated, 0);
    _cspace_single_level_free(&hand.alloc, &hand.single, &path);
    assert_int_equal(_cspace_single_level_alloc_at(&hand.alloc, &hand.single, path.capPtr), 0);
}

static void twinkle_directly(void **state)
{
    (void)state;
    put_together(BOOK_OUTSIDER, SLOTS_SIMPLE, UNTYPED_TWINKLE);
    const size_t more = boot_ram_above(20);
    const cspacepath_t ut =
        allocman_cspace_make_path(&hand.alloc, world.bootinfo->untyped.start + more);
    size_t bits = boot_untyped_bits(more);
    uintptr_t paddr = boot_untyped_paddr(more);
    assert_int_equal(_utspace_twinkle_add_uts(&hand.alloc, &hand.twinkle, 1, &ut, &bits, &paddr,
                                              ALLOCMAN_UT_KERNEL),
                     0);
    cspacepath_t path;
    int error = -1;
    assert_int_equal(_cspace_simple1level_alloc(&hand.alloc, &hand.simple, &path), 0);
    const seL4_Word cookie =
        _utspace_twinkle_alloc(&hand.alloc, &hand.twinkle, 12, FRAME, &path, paddr, false, &error);
    assert_int_equal(error, 0);
    assert_int_equal(cap_at(path.capPtr).paddr, paddr);
    assert_int_equal(_utspace_twinkle_paddr(&hand.twinkle, cookie, 12), paddr);
    _utspace_twinkle_free(&hand.alloc, &hand.twinkle, cookie, 12); // does nothing
    assert_int_equal(_utspace_twinkle_paddr(&hand.twinkle, cookie, 12), paddr);
}

static void memory_of_a_vka_directly(void **state)
{
    (void)state;
    start((struct start){.pool_bytes = POOL_BYTES});
    const struct ledger before = ledger_now();
    const struct utspace_interface interface = utspace_vka_make_interface(&world.vka);
    assert_ptr_equal(interface.utspace, &world.vka);
    allocman_t over;
    assert_int_equal(allocman_create(&over, mspace_malloc_interface), 0);
    cspacepath_t path;
    int error = -1;
    assert_int_equal(vka_cspace_alloc_path(&world.vka, &path), 0);
    const seL4_Word cookie =
        _utspace_vka_alloc(&over, &world.vka, 6 + seL4_SlotBits, seL4_CapTableObject, &path,
                           ALLOCMAN_NO_PADDR, false, &error);
    assert_int_equal(error, 0);
    assert_int_equal(cap_at(path.capPtr).radix_bits, 6);
    assert_int_equal(_utspace_vka_paddr(&world.vka, cookie, 6 + seL4_SlotBits),
                     cap_at(path.capPtr).paddr);
    size_t bits = 12;
    assert_int_equal(
        _utspace_vka_add_uts(&over, &world.vka, 1, &path, &bits, NULL, ALLOCMAN_UT_KERNEL),
        ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(vka_cnode_delete(&path), 0);
    _utspace_vka_free(&over, &world.vka, cookie, 6 + seL4_SlotBits);
    vka_cspace_free_path(&world.vka, path);
    assert_int_equal(world.alloc->counts.misuse, 0); // the vka's own cookie and size came back
    allocman_reclaim(world.alloc);
    assert_same_resources(before);
}

// Of a pool that is nobody's book memory: what it has at once, and no more.
static void expect_book(void *(*alloc)(allocman_t *, void *, size_t, int *),
                        void (*give)(allocman_t *, void *, void *, size_t), allocman_t *owner,
                        void *pool)
{
    int error = -1;
    void *const first = alloc(owner, pool, 100, &error);
    assert_int_equal(error, 0);
    void *const second = alloc(owner, pool, 2000, &error);
    assert_non_null(second);
    memset(first, 1, 100);
    memset(second, 2, 2000);
    assert_int_equal(((unsigned char *)first)[99], 1);
    give(owner, pool, first, 100);
    give(owner, pool, second, 2000);
    assert_null(alloc(owner, pool, 0, &error));
    assert_int_equal(error, ALLOCMAN_INVALID_SIZE);
}

static void book_memory_directly(void **state)
{
    (void)state;
    put_together(BOOK_DUAL, SLOTS_SINGLE, UNTYPED_SPLIT);
    static _Alignas(16) char bytes[16384];
    mspace_fixed_pool_t fixed;
    mspace_fixed_pool_create(&fixed, (struct mspace_fixed_pool_config){bytes, sizeof(bytes)});
    expect_book(_mspace_fixed_pool_alloc, _mspace_fixed_pool_free, &hand.alloc, &fixed);
    expect_book(_mspace_dual_pool_alloc, _mspace_dual_pool_free, &hand.alloc, &hand.dual);
    expect_book(_mspace_malloc_alloc, _mspace_malloc_free, &hand.alloc, NULL);
    expect_growth();
    // Directly, and more than the static half holds: it grows.
    int error = -1;
    void *const large = _mspace_dual_pool_alloc(&hand.alloc, &hand.dual, 3 * STATIC_BYTES, &error);
    assert_non_null(large);
    memset(large, 3, 3 * STATIC_BYTES);
    _mspace_dual_pool_free(&hand.alloc, &hand.dual, large, 3 * STATIC_BYTES);
    assert_int_equal(hand.alloc.counts.misuse, 0);
    assert_null(_mspace_null_alloc(&hand.alloc, NULL, 16, &error));
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    _mspace_null_free(&hand.alloc, NULL, bytes, 16);
}

// Book memory that is a virtual pool and nothing else, over managers that need none of it.
static void a_virtual_pool_on_its_own(void **state)
{
    (void)state;
    start_roomy(state);
    static mspace_virtual_pool_t pool;
    static allocman_t alloc;
    void *const start_of_pool = sel4model_free_vaddr(VIRTUAL_BYTES);
    mspace_virtual_pool_create(&pool, (struct mspace_virtual_pool_config){
                                          .vstart = start_of_pool, .size = 0, .pd = VSPACE});
    int error = -1;
    assert_null(_mspace_virtual_pool_alloc(NULL, &pool, 16, &error)); // of no page at all
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    mspace_virtual_pool_create(&pool, (struct mspace_virtual_pool_config){.vstart = start_of_pool,
                                                                          .size = VIRTUAL_BYTES,
                                                                          .pd = VSPACE});
    assert_int_equal(allocman_create(&alloc, mspace_virtual_pool_make_interface(&pool)), 0);
    assert_null(allocman_mspace_alloc(&alloc, 16, &error)); // and nobody to grow from
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    _mspace_virtual_pool_free(&alloc, &pool, start_of_pool, 16);
    assert_int_equal(alloc.counts.misuse, 1);
}

// --- a client's two-level CSpace with an allocman of its own --------------------------------------

static void a_clients_two_level_cspace(void **state)
{
    (void)state;
    enum { LEVEL_ONE_BITS = 5, LEVEL_TWO_BITS = 4, COUNT = 200 };
    start_roomy(state);
    const struct object root = object_make(seL4_CapTableObject, LEVEL_ONE_BITS + seL4_SlotBits);
    const struct ledger before = ledger_now();
    static allocman_t client;
    static cspace_two_level_t cspace;
    assert_int_equal(allocman_create(&client, mspace_malloc_interface), 0);
    assert_int_equal(allocman_attach_utspace(&client, utspace_vka_make_interface(&world.vka)), 0);
    assert_int_equal(
        cspace_two_level_create(&client, &cspace,
                                (struct cspace_two_level_config){.cnode = root.path.capPtr,
                                                                 .cnode_size_bits = LEVEL_ONE_BITS,
                                                                 .cnode_guard_bits = 0,
                                                                 .first_slot = 0,
                                                                 .end_slot = 1 << LEVEL_ONE_BITS,
                                                                 .level_two_bits = LEVEL_TWO_BITS}),
        0);
    assert_int_equal(allocman_attach_cspace(&client, cspace_two_level_make_interface(&cspace)), 0);
    static cspacepath_t path[COUNT];
    static seL4_Word cookie[COUNT];
    for (int i = 0; i < COUNT; i++) {
        int error = -1;
        assert_int_equal(allocman_cspace_alloc(&client, &path[i]), 0);
        cookie[i] = allocman_utspace_alloc(&client, seL4_EndpointBits, seL4_EndpointObject,
                                           &path[i], false, &error);
        assert_int_equal(error, 0);
        struct sel4model_cap cap;
        assert_true(sel4model_inspect(
            (struct sel4model_path){path[i].root, path[i].capPtr, path[i].capDepth}, &cap));
        assert_int_equal(cap.kind, SEL4MODEL_CAP_ENDPOINT);
    }
    assert_true(cspace.index.count >= COUNT >> LEVEL_TWO_BITS);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(vka_cnode_delete(&path[i]), 0);
        allocman_utspace_free(&client, cookie[i], seL4_EndpointBits);
        allocman_cspace_free(&client, &path[i]);
    }
    cspace_two_level_destroy(&client, &cspace);
    assert_int_equal(client.counts.misuse + world.alloc->counts.misuse, 0);
    allocman_reclaim(world.alloc);
    assert_same_resources(before);
}

// --- sizes ---------------------------------------------------------------------------------------

static void retype_sizes_of_memory_sizes(void **state)
{
    (void)state;
    assert_int_equal(get_sel4_object_size(seL4_CapTableObject, 10 + seL4_SlotBits), 10);
    assert_int_equal(get_sel4_object_size(seL4_UntypedObject, 17), 17);
    assert_int_equal(get_sel4_object_size(seL4_TCBObject, seL4_TCBBits), seL4_TCBBits);
    assert_int_equal(get_sel4_object_size(LARGE_FRAME, seL4_LargePageBits), seL4_LargePageBits);
#ifdef CONFIG_KERNEL_MCS
    assert_int_equal(get_sel4_object_size(seL4_SchedContextObject, 9), 9);
#endif
}

static int shut_down(void **state)
{
    (void)state;
    sel4model_shutdown();
    heap_release(&heap);
    return 0;
}

#define hand_test(name) cmocka_unit_test_teardown(name, shut_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        hand_test(every_combination_serves),
        hand_test(all_memory_is_whole_again),
        hand_test(slots_directly),
        booting_test(slots_of_a_vka_directly),
        hand_test(untyped_memory_directly),
        hand_test(twinkle_directly),
        booting_test(memory_of_a_vka_directly),
        hand_test(book_memory_directly),
        booting_test(a_virtual_pool_on_its_own),
        booting_test(a_clients_two_level_cspace),
        cmocka_unit_test(retype_sizes_of_memory_sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
