/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Slots of two levels: as another task's CSpace, and as the allocman's own, which grows out of its own memory.

#include "api_test.h"

#include <allocman/check.h>
#include <allocman/extensions.h>
#include <allocman/utspace/vka.h>

#include "heap_mspace.h"

enum { LEVEL_ONE_BITS = 6, MANY = 300000 };

static cspace_two_level_t client; // a CSpace that nobody runs in
static seL4_CPtr client_root;

static void check_two_level(const cspace_two_level_t *cspace)
{
    struct allocman_violation violation;
    if (!cspace_two_level_check(cspace, &violation)) {
        fail_msg("%s: %s, at %#lx", allocman_law_text(violation.law), violation.what,
                 (unsigned long)violation.where);
    }
}

static struct cspace_two_level_config client_config(size_t level_two_bits)
{
    return (struct cspace_two_level_config){.cnode = client_root,
                                            .cnode_size_bits = LEVEL_ONE_BITS,
                                            .cnode_guard_bits = 0,
                                            .first_slot = 1,
                                            .end_slot = 1 << LEVEL_ONE_BITS,
                                            .level_two_bits = level_two_bits};
}

static int start_client(void **state)
{
    start_roomy(state);
    client_root = object_make(seL4_CapTableObject, LEVEL_ONE_BITS + seL4_SlotBits).path.capPtr;
    return 0;
}

#define client_test(name) cmocka_unit_test_setup_teardown(name, start_client, stop)

static size_t client_free(void)
{
    return cspace_two_level_runs.free_slots(&client);
}

static struct sel4model_cap client_cap(const cspacepath_t *path)
{
    struct sel4model_cap cap;
    assert_true(
        sel4model_inspect((struct sel4model_path){path->root, path->capPtr, path->capDepth}, &cap));
    return cap;
}

// Each slot once, with a capability in it, and then no more.
static void every_slot_can_be_had(void **state)
{
    (void)state;
    static cspacepath_t paths[64 << 8];
    for (size_t bits = 2; bits <= 8; bits += 3) {
        struct ledger before = ledger_now();
        assert_int_equal(cspace_two_level_create(world.alloc, &client, client_config(bits)), 0);
        const size_t count = ((size_t)1 << LEVEL_ONE_BITS) - 1;
        for (int round = 0; round < 2; round++) {
            const cspacepath_t endpoint = {
                .capPtr = 1, .capDepth = seL4_WordBits, .root = ROOT_CNODE};
            for (size_t i = 0; i < count << bits; i++) {
                assert_int_equal(_cspace_two_level_alloc(world.alloc, &client, &paths[i]), 0);
                assert_int_equal(client_cap(&paths[i]).kind, SEL4MODEL_CAP_NULL);
                const cspacepath_t again = _cspace_two_level_make_path(&client, paths[i].capPtr);
                assert_memory_equal(&again, &paths[i], sizeof(again));
                assert_int_equal(vka_cnode_copy(&paths[i], &endpoint, seL4_AllRights), 0);
            }
            cspacepath_t path;
            assert_int_equal(_cspace_two_level_alloc(world.alloc, &client, &path),
                             ALLOCMAN_NO_SLOT);
            assert_int_equal(client_free(), 0);
            check_two_level(&client);
            for (size_t i = 0; i < count << bits; i++) {
                assert_int_equal(vka_cnode_delete(&paths[i]), 0);
                _cspace_two_level_free(world.alloc, &client, &paths[i]);
            }
            check_two_level(&client);
            assert_int_equal(client.index.count, 1); // one is kept
        }
        cspace_two_level_destroy(world.alloc, &client);
        allocman_reclaim(world.alloc);
        before.book_used = book_used();
        assert_nothing_changed(before);
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void objects_land_in_it(void **state)
{
    (void)state;
    assert_int_equal(cspace_two_level_create(NULL, &client, client_config(5)), 0);
    for (int i = 0; i < 100; i++) {
        cspacepath_t path;
        assert_int_equal(_cspace_two_level_alloc(world.alloc, &client, &path), 0);
        assert_int_not_equal(
            allocman_utspace_alloc(world.alloc, 4, seL4_EndpointObject, &path, false, NULL), 0);
        assert_int_equal(client_cap(&path).kind, SEL4MODEL_CAP_ENDPOINT);
    }
    // And many in a run: it lies in one CNode.
    seL4_CPtr first;
    assert_int_equal(cspace_two_level_runs.alloc_run(world.alloc, &client, 5, &first), 0);
    const cspacepath_t run = _cspace_two_level_make_path(&client, first);
    const struct object block = object_make(seL4_UntypedObject, 12);
    assert_int_equal(seL4_Untyped_Retype(block.path.capPtr, seL4_EndpointObject, 0, run.root,
                                         run.dest, run.destDepth, run.offset, 32),
                     0);
    cspace_two_level_runs.free_run(world.alloc, &client, first, 5);
    assert_int_equal(cspace_two_level_runs.alloc_run(world.alloc, &client, 6, &first),
                     ALLOCMAN_NO_SLOT);
    check_two_level(&client);
}

static void runs_stay_in_one_cnode(void **state)
{
    (void)state;
    for (size_t bits = 2; bits <= 9; bits++) {
        assert_int_equal(cspace_two_level_create(world.alloc, &client, client_config(bits)), 0);
        size_t taken = 0;
        for (unsigned order = 0; order < 9; order++) {
            seL4_CPtr first;
            const int error = cspace_two_level_runs.alloc_run(world.alloc, &client, order, &first);
            assert_int_equal(error, order <= bits ? ALLOCMAN_OK : ALLOCMAN_NO_SLOT);
            if (!error) {
                assert_int_equal(first % ((seL4_CPtr)1 << order), 0);
                assert_int_equal(first >> bits, (first + (1u << order) - 1) >> bits);
                taken += (size_t)1 << order;
            }
        }
        assert_int_equal(client_free() + taken, client.index.count << bits);
        check_two_level(&client);
        cspace_two_level_destroy(world.alloc, &client);
    }
}

static void a_particular_slot_can_be_taken(void **state)
{
    (void)state;
    assert_int_equal(cspace_two_level_create(world.alloc, &client, client_config(8)), 0);
    assert_int_equal(_cspace_two_level_alloc_at(world.alloc, &client, 0x1234),
                     0); // its second level is made
    assert_int_equal(client.index.count, 1);
    assert_int_equal(_cspace_two_level_alloc_at(world.alloc, &client, 0x1234), ALLOCMAN_NO_SLOT);
    static const seL4_CPtr outside[] = {0, 255, 0x4000, ~(seL4_CPtr)0};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(_cspace_two_level_alloc_at(world.alloc, &client, outside[i]),
                         ALLOCMAN_NO_SLOT);
    }
    for (int i = 0; i < 255; i++) {
        cspacepath_t path;
        assert_int_equal(_cspace_two_level_alloc(world.alloc, &client, &path), 0);
        assert_int_not_equal(path.capPtr, 0x1234);
        assert_int_equal(path.capPtr >> 8, 0x12);
    }
    assert_int_equal(client_free(), 0);
    const cspacepath_t path = _cspace_two_level_make_path(&client, 0x1234);
    _cspace_two_level_free(world.alloc, &client, &path);
    assert_int_equal(_cspace_two_level_alloc_at(world.alloc, &client, 0x1234), 0);
    check_two_level(&client);
}

// Called directly, where book memory is refused when a slot's record is made: the request for that gives
// back what is empty, but not the second level that the slot is being taken from.
static void a_second_level_in_use_is_not_given_back(void **state)
{
    (void)state;
    static struct heap_mspace heap;
    static allocman_t own;
    heap_mspace_start(&heap, &own);
    assert_int_equal(allocman_attach_utspace(&own, utspace_vka_make_interface(&world.vka)), 0);
    assert_int_equal(cspace_two_level_create(&own, &client, client_config(2)), 0);
    assert_int_equal(allocman_attach_cspace(&own, cspace_two_level_make_interface(&client)), 0);
    int kept = 0; // refused with the second level there already
    for (size_t served = 0; served < 6; served++) {
        cspacepath_t path;
        heap.refuse_after = served;
        const int error = _cspace_two_level_alloc(&own, &client, &path);
        heap.refuse_after = SIZE_MAX;
        check_two_level(&client);
        assert_true(error == ALLOCMAN_OK || error == ALLOCMAN_NO_BOOK);
        kept += error && client.index.count == 1;
        if (!error) {
            _cspace_two_level_free(&own, &client, &path);
        }
        while (cspace_two_level_growth.trim(&own, &client, 0)) {
        }
    }
    assert_true(kept > 0);
    cspace_two_level_destroy(&own, &client);
    assert_int_equal(heap.blocks, 0);
    assert_int_equal(heap.wrong_frees, 0);
}

static void misuse_is_counted(void **state)
{
    (void)state;
    assert_int_equal(cspace_two_level_create(world.alloc, &client, client_config(4)), 0);
    cspacepath_t path;
    assert_int_equal(_cspace_two_level_alloc(world.alloc, &client, &path), 0);
    const cspacepath_t twice = path;
    _cspace_two_level_free(world.alloc, &client, &path);
    const seL4_CPtr bad[] = {twice.capPtr, 0, 3, twice.capPtr + 500, ~(seL4_CPtr)0};
    for (size_t i = 0; i < 5; i++) {
        const size_t misuse = world.alloc->counts.misuse;
        const size_t free_before = client_free();
        const cspacepath_t wrong = {.capPtr = bad[i]};
        _cspace_two_level_free(world.alloc, &client, &wrong);
        assert_int_equal(world.alloc->counts.misuse, misuse + 1);
        assert_failure(ALLOCMAN_SLOT_NOT_ALLOCATED);
        assert_int_equal(client_free(), free_before);
    }
    check_two_level(&client);
}

// A capability stands where a second level would be made: that index stays out, the next one does.
static void an_occupied_index_is_left_alone(void **state)
{
    (void)state;
    assert_int_equal(cspace_two_level_create(world.alloc, &client, client_config(3)), 0);
    const cspacepath_t tcb = {.capPtr = 1, .capDepth = seL4_WordBits, .root = ROOT_CNODE};
    const cspacepath_t there = {.capPtr = 1, .capDepth = LEVEL_ONE_BITS, .root = client_root};
    assert_int_equal(vka_cnode_copy(&there, &tcb, seL4_AllRights), 0);
    cspacepath_t path;
    assert_int_equal(_cspace_two_level_alloc(world.alloc, &client, &path), 0);
    assert_int_equal(path.capPtr >> 3, 2);
    assert_true(world.alloc->counts.misuse > 0);
    assert_int_equal(_cspace_two_level_alloc_at(world.alloc, &client, 9), ALLOCMAN_NO_SLOT);
    check_two_level(&client);
    cspace_two_level_destroy(world.alloc, &client);
    assert_int_equal(client_cap(&there).kind, SEL4MODEL_CAP_TCB);
}

static void existing_second_levels_are_described(void **state)
{
    (void)state;
    for (seL4_Word i = 3; i < 6; i++) { // made by somebody else
        const cspacepath_t there = {
            .capPtr = i, .capDepth = LEVEL_ONE_BITS, .root = client_root, .offset = i};
        assert_int_not_equal(allocman_utspace_alloc(world.alloc, 5 + seL4_SlotBits,
                                                    seL4_CapTableObject, &there, false, NULL),
                             0);
    }
    struct cspace_two_level_config config = client_config(5);
    config.first_slot = 3;
    config.end_slot = 7;
    config.start_existing_index = 3;
    config.end_existing_index = 6;
    config.start_existing_slot = 3 * 32 + 7;
    config.end_existing_slot = 5 * 32 + 20;
    const size_t used = 2 * 32 + 13;
    assert_int_equal(cspace_two_level_create(world.alloc, &client, config), 0);
    check_two_level(&client);
    assert_int_equal(client_free(), 3 * 32 - used);
    for (size_t i = 0; i < 3 * 32 - used; i++) {
        cspacepath_t path;
        assert_int_equal(_cspace_two_level_alloc(world.alloc, &client, &path), 0);
        assert_true(path.capPtr < config.start_existing_slot ||
                    path.capPtr >= config.end_existing_slot);
        assert_int_equal(client_cap(&path).kind, SEL4MODEL_CAP_NULL);
    }
    assert_int_equal(client.index.count, 3);
    for (seL4_CPtr slot = 3 * 32; slot < 6 * 32;
         slot++) { // what was taken at the start comes back too
        const cspacepath_t path = _cspace_two_level_make_path(&client, slot);
        _cspace_two_level_free(world.alloc, &client, &path);
    }
    assert_int_equal(client_free(), 3 * 32);
    assert_int_equal(world.alloc->counts.misuse, 0);
    check_two_level(&client);
    for (size_t i = 0; i < 4 * 32; i++) {
        cspacepath_t path;
        assert_int_equal(_cspace_two_level_alloc(world.alloc, &client, &path), 0);
    }
    cspacepath_t path;
    assert_int_equal(_cspace_two_level_alloc(world.alloc, &client, &path), ALLOCMAN_NO_SLOT);
    cspace_two_level_destroy(world.alloc, &client);
    for (seL4_Word i = 3; i < 7; i++) { // only the one that the manager made is gone
        const cspacepath_t there = {.capPtr = i, .capDepth = LEVEL_ONE_BITS, .root = client_root};
        assert_int_equal(client_cap(&there).kind, i < 6 ? SEL4MODEL_CAP_CNODE : SEL4MODEL_CAP_NULL);
    }
}

// What a description is written into is book memory, and grows as it does for any call.
static void descriptions_grow_book_memory(void **state)
{
    (void)state;
    enum { TIMES = 512 };
    static cspace_two_level_t many[TIMES];
    static void *blocks[TIMES]; // of what there is without growth
    bootstrap_configure_virtual_pool(world.alloc, sel4model_free_vaddr(1 << 21), 1 << 21, VSPACE);
    struct cspace_two_level_config config = client_config(5);
    config.first_slot = 3;
    config.end_slot = 7;
    config.start_existing_index = 3;
    config.end_existing_index = 6;
    config.start_existing_slot = 3 * 32;
    config.end_existing_slot = 5 * 32 + 20;
    size_t count = 0, taken = 0;
    while (world.alloc->counts.growths == 0) {
        assert_in_range(taken, 0, TIMES - 1);
        blocks[taken] = allocman_mspace_alloc(world.alloc, 2000, NULL);
        assert_non_null(blocks[taken++]);
    }
    const size_t growths = world.alloc->counts.growths;
    while (world.alloc->counts.growths == growths) {
        assert_in_range(count, 0, TIMES - 1);
        assert_int_equal(cspace_two_level_create(world.alloc, &many[count], config), 0);
        check_two_level(&many[count++]);
    }
    assert_true(allocman_check(world.alloc, NULL));
    while (count > 0) {
        cspace_two_level_destroy(world.alloc, &many[--count]);
    }
    while (taken > 0) {
        allocman_mspace_free(world.alloc, blocks[--taken], 2000);
    }
}

static void impossible_descriptions_are_refused(void **state)
{
    (void)state;
    struct cspace_two_level_config bad[12];
    for (size_t i = 0; i < 12; i++) {
        bad[i] = client_config(5);
    }
    bad[0].level_two_bits = 1;
    bad[1].level_two_bits = 64;
    bad[2].cnode_guard_bits = 54;
    bad[3].cnode_size_bits = 64;
    bad[4].end_slot = bad[4].first_slot;
    bad[5].end_slot = 65;
    bad[6].start_existing_index = 2;
    bad[6].end_existing_index = 1;
    bad[7].end_existing_index = 3; // before the first
    bad[8].start_existing_index = 60;
    bad[8].end_existing_index = 65;
    bad[9].start_existing_slot = 32; // in no existing CNode
    bad[9].end_existing_slot = 33;
    bad[10].start_existing_index = 2;
    bad[10].end_existing_index = 3;
    bad[10].start_existing_slot = 63;
    bad[10].end_existing_slot = 70;
    bad[11] = bad[10];
    bad[11].start_existing_slot = 64;
    bad[11].end_existing_slot = 97;
    for (size_t i = 0; i < 12; i++) {
        cspace_two_level_t cspace, before;
        memset(&cspace, 0x5a, sizeof(cspace));
        memcpy(&before, &cspace, sizeof(cspace));
        assert_int_equal(cspace_two_level_create(world.alloc, &cspace, bad[i]),
                         ALLOCMAN_INVALID_ARGUMENT);
        assert_memory_equal(&cspace, &before, sizeof(cspace));
    }
}

static void a_refused_second_level_leaves_nothing_behind(void **state)
{
    (void)state;
    assert_int_equal(cspace_two_level_create(world.alloc, &client, client_config(8)), 0);
    allocman_reclaim(world.alloc);
    const struct ledger before = ledger_now();
    for (unsigned long nth = 1;; nth++) {
        cspacepath_t path;
        sel4model_refuse(nth, seL4_RangeError);
        const int error = _cspace_two_level_alloc(world.alloc, &client, &path);
        if (!error) {
            assert_true(nth > 1);
            break;
        }
        assert_int_equal(error, ALLOCMAN_KERNEL_REFUSED);
        assert_nothing_changed(before);
        assert_int_equal(client.index.count, 0);
        check_two_level(&client);
    }
}

// --- the allocman's own CSpace -------------------------------------------------------------------

static struct object objects[MANY];

struct own {
    const char *record;
    size_t first, second; // log2 slots
    size_t virtual_bytes;
};

static cspace_two_level_t *own_cspace(void)
{
    return world.managers->two_level;
}

// Takes untypeds of RAM off the end of the list until no more than that is left: few enough objects on every machine.
static void limit_ram(uint64_t limit)
{
    seL4_BootInfo *const bi = world.bootinfo;
    uint64_t bytes = 0;
    for (size_t i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
        const seL4_UntypedDesc *const ut = &bi->untypedList[i];
        bytes += ut->isDevice ? 0 : (uint64_t)1 << ut->sizeBits;
        if (bytes > limit) {
            bi->untyped.end = bi->untyped.start + i;
        }
    }
}

static void start_own(struct own own)
{
    boot(&(struct start){.record = own.record});
    if (!own.record) {
        limit_ram(512 << 20);
    }
    const size_t bytes = bootstrap_new_pool_bytes(world.bootinfo, own.first, own.second);
    adopt(bootstrap_new_2level_bootinfo(world.bootinfo, own.first, own.second,
                                        own.virtual_bytes ? bytes : POOL_BYTES, world.pool, NULL));
    if (own.virtual_bytes) {
        bootstrap_configure_virtual_pool(world.alloc, sel4model_free_vaddr(own.virtual_bytes),
                                         own.virtual_bytes, VSPACE);
    }
    assert_failure(ALLOCMAN_OK);
}

// One reclaim does all that there is to do.
static void expect_nothing_to_reclaim(void)
{
    sel4model_counters_reset();
    allocman_reclaim(world.alloc);
    assert_no_invocations();
}

static void check_laws(void)
{
    struct allocman_violation violation;
    if (!allocman_check(world.alloc, &violation)) {
        fail_msg("%s: %s, at %#lx", allocman_law_text(violation.law), violation.what,
                 (unsigned long)violation.where);
    }
}

// Slots and memory of what a machine has, until memory itself is gone: growth never stands in the way.
static void expect_memory_to_be_the_limit(struct own own, seL4_Word type, size_t bits)
{
    size_t first = 0;
    start_own(own);
    const unsigned largest =
        utspace_split_largest_free_bits(&world.managers->utspace, ALLOCMAN_UT_KERNEL);
    for (int round = 0; round < 2; round++) {
        size_t count = 0;
        int error = ALLOCMAN_OK;
        for (; count < MANY; count++) {
            error = object_try(type, bits, ALLOCMAN_NO_PADDR, false, &objects[count]);
            if (error) {
                break;
            }
        }
        assert_int_equal(error, ALLOCMAN_NO_UNTYPED);
        check_laws();
        assert_true(own_cspace()->index.count > 2);
        // The last slots may be wanted when no block is large enough for a second level any more.
        assert_true(count + ((size_t)1 << own.second) >= first);
        first = round == 0 ? count : first;
        const size_t levels = own_cspace()->index.count;
        for (size_t i = 0; i < count; i++) {
            object_free(&objects[round == 1 ? count - 1 - i : i]);
        }
        check_laws();
        assert_true(own_cspace()->index.count <= levels);
        allocman_reclaim(world.alloc);
        assert_int_equal(
            utspace_split_largest_free_bits(&world.managers->utspace, ALLOCMAN_UT_KERNEL), largest);
        expect_nothing_to_reclaim();
        check_laws();
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
    stop(NULL);
}

static void memory_is_the_limit(void **state)
{
    (void)state;
    static const struct own owns[] = {
        {NULL, 12, 8, 64 << 20}, {NULL, 8, 13, 64 << 20}, {NULL, 10, 10, 64 << 20}};
    for (size_t i = 0; i < sizeof(owns) / sizeof(owns[0]); i++) {
        expect_memory_to_be_the_limit(owns[i], FRAME, FRAME_BITS);
    }
}

// All second levels that there can be are made, and all of their slots handed out.
static void slots_are_the_limit(void **state)
{
    (void)state;
    static const struct own owns[] = {
        {NULL, 6, 6, 0}, {NULL, 4, 9, 1 << 20}, {NULL, 9, 4, 1 << 20}};
    for (size_t o = 0; o < sizeof(owns) / sizeof(owns[0]); o++) {
        start_own(owns[o]);
        cspacepath_t path;
        size_t count = 0;
        int error;
        while ((error = allocman_cspace_alloc(world.alloc, &path)) == 0) {
            assert_true(is_empty(path.capPtr));
            count++;
        }
        assert_int_equal(error, ALLOCMAN_NO_SLOT);
        assert_failure(ALLOCMAN_NO_SLOT);
        assert_int_equal(own_cspace()->index.count, 1u << owns[o].first);
        assert_int_equal(own_cspace()->free_count, 0);
        check_laws();
        stop(NULL);
    }
}

static void a_burst_leaves_little_behind(void **state)
{
    (void)state;
    start_own((struct own){NULL, 12, 8, 16 << 20});
    for (int i = 0; i < 600; i++) { // the records that stay are made
        objects[i] = object_make(seL4_EndpointObject, 4);
    }
    for (int i = 0; i < 600; i++) {
        object_free(&objects[i]);
    }
    const size_t levels = own_cspace()->index.count;
    for (int i = 0; i < 20000; i++) {
        objects[i] = object_make(seL4_EndpointObject, 4);
    }
    assert_true(own_cspace()->index.count > 70);
    for (int i = 0; i < 20000; i++) {
        object_free(&objects[(i * 7919) % 20000]);
    }
    allocman_reclaim(world.alloc);
    assert_true(own_cspace()->index.count <= levels + 3);
    expect_nothing_to_reclaim();
    check_laws();
}

// No ping-pong: a pair at the edge of a second level makes and gives back nothing.
static void a_pair_at_the_edge_costs_nothing(void **state)
{
    (void)state;
    start_own((struct own){NULL, 12, 6, 16 << 20});
    for (int held = 0; held < 300; held++) {
        struct object object = frame_make();
        object_free(&object);
        sel4model_counters_reset();
        for (int i = 0; i < 10; i++) {
            object = frame_make();
            object_free(&object);
        }
        assert_true(sel4model_invocations(SEL4MODEL_ANY_INVOCATION) <= 22);
        frame_make();
    }
}

static uint64_t random_state;

static size_t random_below(size_t limit)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(random_state >> 33) % limit;
}

// Objects of all sizes come and go at the edge of memory; while there is memory for a CNode and what leads there, no
// request fails for slots or book memory.
static void expect_no_deadlock(struct own own, uint64_t seed)
{
    enum { LIVE = 40000 };
    size_t live = 0;
    random_state = seed;
    start_own(own);
    for (unsigned step = 0; step < 60000; step++) {
        const bool fill = step % 20000 < 14000;
        if (live < LIVE && (live == 0 || random_below(100) < (fill ? 75u : 20u))) {
            const size_t bits = random_below(8) ? 4 + random_below(9) : 12 + random_below(9);
            const int error =
                object_try(seL4_UntypedObject, bits, ALLOCMAN_NO_PADDR, false, &objects[live]);
            live += !error;
            if (error) {
                assert_int_equal(error, ALLOCMAN_NO_UNTYPED);
            }
        } else {
            const size_t i = random_below(live);
            object_free(&objects[i]);
            objects[i] = objects[--live];
        }
        if (step % 512 == 0) {
            check_laws();
        }
    }
    while (live > 0) {
        object_free(&objects[--live]);
    }
    allocman_reclaim(world.alloc);
    check_laws();
    assert_int_equal(world.alloc->counts.misuse, 0);
    stop(NULL);
}

static void growth_never_closes_the_circle(void **state)
{
    (void)state;
    expect_no_deadlock((struct own){NULL, 16, 4, 64 << 20}, 1);
    expect_no_deadlock((struct own){NULL, 14, 6, 64 << 20}, 2);
    expect_no_deadlock((struct own){NULL, 12, 9, 64 << 20}, 3);
#if defined(CONFIG_ARCH_X86_64) && !defined(CONFIG_KERNEL_MCS)
    expect_no_deadlock((struct own){RECORD("pc99-400g"), 15, 5, 64 << 20}, 4);
#endif
}

// Any invocation may be refused: the books stay whole, and the next request is served.
static void refusals_leave_the_books_whole(void **state)
{
    (void)state;
    start_own((struct own){NULL, 14, 5, 16 << 20});
    size_t live = 0;
    for (unsigned round = 0; round < 4000; round++) {
        sel4model_refuse(1 + round % 7, round % 3 ? seL4_IllegalOperation : seL4_RangeError);
        const int error =
            object_try(seL4_EndpointObject, 4, ALLOCMAN_NO_PADDR, false, &objects[live]);
        sel4model_refuse(0, seL4_NoError);
        assert_true(error == ALLOCMAN_OK || error == ALLOCMAN_KERNEL_REFUSED);
        live += !error;
        if (round % 64 == 0) {
            check_laws();
        }
    }
    assert_true(live > 2000);
    while (live > 0) {
        object_free(&objects[--live]);
    }
    check_laws();
}

static void reserves_of_slots_grow_the_cspace(void **state)
{
    (void)state;
    start_own((struct own){NULL, 12, 6, 16 << 20});
    assert_int_equal(allocman_configure_cspace_reserve(world.alloc, 3000), ALLOCMAN_OK);
    assert_int_equal(allocman_configure_utspace_reserve(
                         world.alloc, (struct allocman_utspace_chunk){12, FRAME, 2000}),
                     ALLOCMAN_OK);
    assert_int_equal(
        allocman_configure_mspace_reserve(world.alloc, (struct allocman_mspace_chunk){100, 2000}),
        ALLOCMAN_OK);
    check_laws();
    assert_int_equal(allocman_configure_cspace_reserve(world.alloc, 0), ALLOCMAN_OK);
    check_laws();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        client_test(every_slot_can_be_had),
        client_test(objects_land_in_it),
        client_test(runs_stay_in_one_cnode),
        client_test(a_particular_slot_can_be_taken),
        client_test(a_second_level_in_use_is_not_given_back),
        client_test(misuse_is_counted),
        client_test(an_occupied_index_is_left_alone),
        client_test(existing_second_levels_are_described),
        client_test(descriptions_grow_book_memory),
        client_test(impossible_descriptions_are_refused),
        client_test(a_refused_second_level_leaves_nothing_behind),
        booting_test(memory_is_the_limit),
        booting_test(slots_are_the_limit),
        booting_test(a_burst_leaves_little_behind),
        booting_test(a_pair_at_the_edge_costs_nothing),
        booting_test(growth_never_closes_the_circle),
        booting_test(refusals_leave_the_books_whole),
        booting_test(reserves_of_slots_grow_the_cspace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
