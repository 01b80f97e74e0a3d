/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Taking over what a simple knows: device RAM is cut out exactly, all or nothing.

#include "../api/api_test.h"

#include "in_tree/fake_simple.h"

// An untyped of device memory, large enough to be cut.
static const seL4_UntypedDesc *device_untyped(unsigned nth)
{
    return &world.bootinfo->untypedList[boot_untyped(16, true, nth)];
}

static void region_set(size_t n, pmem_type_t type, uint64_t base, uint64_t bytes)
{
    platform_region[n] = (pmem_region_t){type, base, bytes};
    platform_regions = n + 1 > platform_regions ? n + 1 : platform_regions;
}

// RAM in the middle of one device untyped, at the start of another; told twice, in disorder, and beyond the untypeds.
// Returns its bytes. With none, one untyped is RAM as a whole.
static uint64_t regions_choose(void)
{
    const seL4_UntypedDesc *const first = device_untyped(0), *const second = device_untyped(1);
    platform_regions = 0;
    region_set(0, PMEM_TYPE_RAM, second->paddr, 0x3000);
    region_set(1, PMEM_TYPE_RAM, UINT64_MAX - 0xffff, 0x10000);
    region_set(2, PMEM_TYPE_RAM, first->paddr + 0x5000, 0x2000);
    region_set(3, PMEM_TYPE_UNKNOWN, first->paddr, 0x5000);
    region_set(4, PMEM_TYPE_RAM, first->paddr + 0x3000, 0x2a10);
    return 0x3000 + 0x4000;
}

static uint64_t listed_bytes(bool is_device)
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < range_slots(world.bootinfo->untyped); i++) {
        const seL4_UntypedDesc *const ut = &world.bootinfo->untypedList[i];
        bytes += (ut->isDevice != 0) == is_device ? (uint64_t)1 << ut->sizeBits : 0;
    }
    return bytes;
}

static allocman_t *use_simple(size_t bytes, struct allocman_failure *why)
{
    simple_t simple = fake_simple(world.bootinfo);
    return bootstrap_use_current_simple_why(&simple, bytes, world.pool, why);
}

static void expect_bytes(uint64_t ram_bytes)
{
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_DEV_MEM], ram_bytes);
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_DEV], listed_bytes(true) - ram_bytes);
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_KERNEL], listed_bytes(false));
    assert_int_equal(totals()->addresses_dropped, 0);
    assert_failure(ALLOCMAN_OK);
    assert_int_equal(world.alloc->counts.misuse, 0);
    assert_laws();
}

static void device_ram_is_cut_out(void **state)
{
    (void)state;
    boot(&(struct start){0});
    const uint64_t ram_bytes = regions_choose();
    const uintptr_t base = device_untyped(0)->paddr;
    adopt(use_simple(POOL_BYTES, NULL));
    expect_bytes(ram_bytes);
    // What the books hold is what the kernel made, and every frame of that RAM comes before any kernel memory.
    struct object frames[6];
    for (unsigned i = 0; i < 6; i++) {
        int error = object_try(FRAME, FRAME_BITS, ALLOCMAN_NO_PADDR, true, &frames[i]);
        assert_int_equal(error, ALLOCMAN_OK);
        const struct sel4model_cap cap = cap_at(frames[i].path.capPtr);
        assert_true(cap.is_device);
        assert_int_equal(cap.paddr, object_paddr(&frames[i]));
    }
    // The registers around it go by address only, and just there.
    const struct object below = object_at(FRAME, FRAME_BITS, base + 0x2000);
    assert_int_equal(cap_at(below.path.capPtr).paddr, base + 0x2000);
    const struct object above = object_at(FRAME, FRAME_BITS, base + 0x7000);
    assert_int_equal(cap_at(above.path.capPtr).paddr, base + 0x7000);
    object_free(&below);
    object_free(&above);
    for (unsigned i = 0; i < 6; i++) {
        object_free(&frames[i]);
    }
    allocman_reclaim(world.alloc);
    expect_bytes(ram_bytes);
    // An endpoint is no frame: no device RAM for it.
    const struct object endpoint = object_make(seL4_EndpointObject, seL4_EndpointBits);
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_DEV_MEM], ram_bytes);
    object_free(&endpoint);
}

static void no_regions_no_cuts(void **state)
{
    (void)state;
    boot(&(struct start){0});
    platform_regions = 0;
    sel4model_counters_reset();
    adopt(use_simple(POOL_BYTES, NULL));
    assert_no_invocations();
    expect_bytes(0);
    assert_int_equal(free_slots(), range_slots(world.bootinfo->empty));
    allocman_t *const same = world.alloc;
    simple_t simple = fake_simple(world.bootinfo);
    assert_ptr_equal(bootstrap_use_current_simple(&simple, POOL_BYTES, world.pool), same);
}

static void untypeds_that_are_ram_stay_whole(void **state)
{
    (void)state;
    boot(&(struct start){0});
    platform_regions = 0;
    region_set(0, PMEM_TYPE_RAM, 0, UINT64_MAX);
    sel4model_counters_reset();
    adopt(use_simple(POOL_BYTES, NULL));
    assert_no_invocations();
    expect_bytes(listed_bytes(true));
}

static void a_region_that_ends_inside_a_granule(void **state)
{
    (void)state;
    boot(&(struct start){0});
    platform_regions = 0;
    region_set(0, PMEM_TYPE_RAM, device_untyped(0)->paddr + 1, 0x9fc07);
    const uint64_t top = (uint64_t)1 << device_untyped(0)->sizeBits;
    adopt(use_simple(POOL_BYTES, NULL));
    expect_bytes((top < 0x9fc00 ? top : 0x9fc00) - 16);
}

// The pool that the refusal asks for is enough, and one byte less is not; then nothing has happened.
static void the_exact_pool_does(void **state)
{
    (void)state;
    boot(&(struct start){0});
    const uint64_t ram_bytes = regions_choose();
    struct allocman_failure why = {0};
    const unsigned long caps = sel4model_live_caps();
    assert_null(use_simple(1024, &why));
    assert_int_equal(why.status, ALLOCMAN_POOL_TOO_SMALL);
    assert_null(use_simple((size_t)why.needed, &why)); // large enough to see the pieces
    assert_int_equal(why.status, ALLOCMAN_POOL_TOO_SMALL);
    const size_t needed = (size_t)why.needed;
    sel4model_counters_reset();
    assert_null(use_simple(needed - 1, &why));
    assert_int_equal(why.status, ALLOCMAN_POOL_TOO_SMALL);
    assert_int_equal(why.available, needed - 1);
    assert_no_invocations();
    assert_int_equal(sel4model_live_caps(), caps);
    memset(world.pool, 0xa5, sizeof(world.pool));
    adopt(use_simple(needed, &why));
    for (size_t i = needed; i < sizeof(world.pool); i++) {
        assert_int_equal((unsigned char)world.pool[i], 0xa5);
    }
    expect_bytes(ram_bytes);
}

// Every invocation refused in turn, in one pool on one machine.
static void a_refused_step_is_undone(void **state)
{
    (void)state;
    boot(&(struct start){0});
    const uint64_t ram_bytes = regions_choose();
    const unsigned long caps = sel4model_live_caps();
    allocman_t *alloc = NULL;
    unsigned long nth = 0;
    while (!alloc) {
        struct allocman_failure why = {0};
        sel4model_refuse(++nth, seL4_IllegalOperation);
        alloc = use_simple(POOL_BYTES, &why);
        if (!alloc) {
            assert_int_equal(why.status, ALLOCMAN_KERNEL_REFUSED);
            assert_int_equal(why.kernel_error, seL4_IllegalOperation);
            assert_int_equal(sel4model_live_caps(), caps);
        }
    }
    sel4model_refuse(0, seL4_NoError);
    assert_true(nth > 10);
    adopt(alloc);
    expect_bytes(ram_bytes);
}

static void too_few_slots_are_told(void **state)
{
    (void)state;
    boot(&(struct start){0});
    (void)regions_choose();
    simple_t simple = fake_simple(world.bootinfo);
    const unsigned long caps = sel4model_live_caps();
    const seL4_CPtr first = world.bootinfo->empty.start;
    allocman_t *const alloc =
        bootstrap_use_current_1level(ROOT_CNODE, world.bootinfo->initThreadCNodeSizeBits, first,
                                     first + 5, POOL_BYTES, world.pool);
    adopt(alloc);
    const size_t used = book_used();
    assert_int_equal(allocman_add_simple_untypeds(alloc, &simple), ALLOCMAN_NO_SLOT);
    assert_failure(ALLOCMAN_NO_SLOT);
    assert_int_equal(sel4model_live_caps(), caps);
    assert_int_equal(free_slots(), 5);
    assert_int_equal(totals()->roots, 0);
    assert_true(book_used() <= used + sizeof(struct allocman_slot_leaf));
    platform_regions = 0;
    assert_int_equal(allocman_add_simple_untypeds(alloc, &simple), ALLOCMAN_OK);
    alloc->failure.status = ALLOCMAN_OK; // the one above
    expect_bytes(0);
}

static void an_untyped_in_use_stays_whole(void **state)
{
    (void)state;
    boot(&(struct start){0});
    (void)regions_choose();
    const seL4_CPtr slot = world.bootinfo->empty.end - 1;
    assert_int_equal(seL4_Untyped_Retype(world.bootinfo->untyped.start + boot_untyped(16, true, 0),
                                         seL4_UntypedObject, 4, ROOT_CNODE, 0, 0, slot, 1),
                     seL4_NoError);
    adopt(use_simple(POOL_BYTES, NULL));
    expect_bytes(0x3000);
    assert_int_equal(seL4_CNode_Delete(ROOT_CNODE, slot, seL4_WordBits), seL4_NoError);
}

// One untyped is there already: none of the others is taken over, and what was cut is whole again.
static void all_or_nothing(void **state)
{
    (void)state;
    start_without_untypeds(NULL);
    const uint64_t ram_bytes = regions_choose();
    simple_t simple = fake_simple(world.bootinfo);
    assert_int_equal(boot_untyped_add(range_slots(world.bootinfo->untyped) - 1, ALLOCMAN_UT_DEV,
                                      ALLOCMAN_NO_PADDR),
                     0);
    const struct ledger before = ledger_now();
    assert_int_equal(allocman_add_simple_untypeds(world.alloc, &simple), ALLOCMAN_ALREADY_ADDED);
    assert_failure(ALLOCMAN_ALREADY_ADDED);
    assert_same_resources(before);
    assert_int_equal(totals()->roots, 1);
    assert_laws();
    // The same with nothing but a growing pool, and then with success.
    start_without_untypeds(NULL);
    assert_int_equal(allocman_add_simple_untypeds_with_regions(
                         world.alloc, &simple, (int)platform_regions, platform_region),
                     ALLOCMAN_OK);
    expect_bytes(ram_bytes);
}

static void regions_given_are_not_changed(void **state)
{
    (void)state;
    start_without_untypeds(NULL);
    const uint64_t ram_bytes = regions_choose();
    pmem_region_t mine[8], before[8];
    memcpy(mine, platform_region, sizeof(mine));
    memcpy(before, mine, sizeof(mine));
    const int count = (int)platform_regions;
    region_set(0, PMEM_TYPE_RAM, 0, UINT64_MAX); // not asked for
    simple_t simple = fake_simple(world.bootinfo);
    assert_int_equal(allocman_add_simple_untypeds_with_regions(world.alloc, &simple, -1, mine),
                     ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(allocman_add_simple_untypeds_with_regions(world.alloc, NULL, count, mine),
                     ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(allocman_add_simple_untypeds_with_regions(world.alloc, &simple, count, mine),
                     ALLOCMAN_OK);
    assert_memory_equal(mine, before, sizeof(mine));
    world.alloc->failure.status = ALLOCMAN_OK;
    expect_bytes(ram_bytes);
}

static void book_memory_runs_out(void **state)
{
    (void)state;
    boot(&(struct start){0});
    (void)regions_choose();
    simple_t simple = fake_simple(world.bootinfo);
    const unsigned long caps = sel4model_live_caps();
    const size_t least = ALLOCMAN_STATIC_POOL_BYTES(0);
    bool refused = false;
    for (size_t bytes = least; bytes < least + 40000; bytes += 256) {
        allocman_t *const alloc = bootstrap_use_current_1level(
            ROOT_CNODE, world.bootinfo->initThreadCNodeSizeBits, world.bootinfo->empty.start,
            world.bootinfo->empty.end, bytes, world.pool);
        adopt(alloc);
        const size_t used = book_used();
        const int error = allocman_add_simple_untypeds(alloc, &simple);
        if (!error) {
            assert_true(refused);
            return;
        }
        refused = true;
        assert_int_equal(error, ALLOCMAN_NO_BOOK);
        assert_int_equal(sel4model_live_caps(), caps);
        assert_int_equal(totals()->roots, 0);
        assert_true(book_used() <= used + 2 * sizeof(struct allocman_slot_leaf));
    }
    fail_msg("never enough book memory");
}

// A simple that does not know the untypeds from `known_untypeds` on.
static int known_untypeds;

static int fewer_untypeds(void *data)
{
    (void)data;
    return known_untypeds;
}

// The records of all need more than the static pool has: it grows, before the first is handed over.
static void book_memory_grows(void **state)
{
    (void)state;
    boot(&(struct start){0});
    (void)regions_choose();
    simple_t simple = fake_simple(world.bootinfo);
    simple.untyped_count = fewer_untypeds;
    known_untypeds = (int)range_slots(world.bootinfo->untyped) - 1;
    while (world.bootinfo->untypedList[known_untypeds].sizeBits < 20) {
        known_untypeds--; // too little to grow from
    }
    assert_false(world.bootinfo->untypedList[known_untypeds].isDevice);
    adopt(bootstrap_use_current_1level(ROOT_CNODE, world.bootinfo->initThreadCNodeSizeBits,
                                       world.bootinfo->empty.start, world.bootinfo->empty.end,
                                       ALLOCMAN_STATIC_POOL_BYTES(1), world.pool));
    assert_int_equal(
        boot_untyped_add((size_t)known_untypeds, ALLOCMAN_UT_KERNEL, ALLOCMAN_NO_PADDR), 0);
    bootstrap_configure_virtual_pool(world.alloc, sel4model_free_vaddr(1 << 20), 1 << 20, VSPACE);
    assert_failure(ALLOCMAN_OK);
    const size_t growths = world.alloc->counts.growths;
    assert_int_equal(allocman_add_simple_untypeds(world.alloc, &simple), ALLOCMAN_OK);
    assert_true(world.alloc->counts.growths > growths);
    assert_true(totals()->roots > (size_t)known_untypeds + 1);
    assert_laws();
}

// A size that no untyped has, wherever it stands: nothing is handed over, and which it was is told.
static void impossible_sizes_are_told(void **state)
{
    (void)state;
    static const uint8_t sizes[] = {0, seL4_MinUntypedBits - 1, seL4_MaxUntypedBits + 1, 255};
    start_without_untypeds(NULL);
    simple_t simple = fake_simple(world.bootinfo);
    const size_t count = range_slots(world.bootinfo->untyped);
    for (size_t i = 0; i < 4 * 3; i++) {
        const size_t which = i % 3 * (count - 1) / 2;
        seL4_UntypedDesc *const ut = &world.bootinfo->untypedList[which];
        const uint8_t before = ut->sizeBits;
        ut->sizeBits = sizes[i / 3];
        const struct ledger ledger = ledger_now();
        assert_int_equal(allocman_add_simple_untypeds(world.alloc, &simple), ALLOCMAN_INVALID_SIZE);
        assert_failure(ALLOCMAN_INVALID_SIZE);
        assert_int_equal(allocman_last_failure(world.alloc)->needed, sizes[i / 3]);
        assert_int_equal(allocman_last_failure(world.alloc)->available,
                         world.bootinfo->untyped.start + which);
        assert_nothing_changed(ledger);
        ut->sizeBits = before;
    }
    assert_int_equal(allocman_add_simple_untypeds(world.alloc, &simple), ALLOCMAN_OK);
}

static void timers_bring_their_untypeds(void **state)
{
    (void)state;
    start_without_untypeds(NULL);
    const size_t index[2] = {boot_untyped(12, true, 0), boot_untyped(12, true, 1)};
    timer_objects_t to = {.nobjs = 2};
    for (unsigned i = 0; i < 2; i++) {
        const seL4_UntypedDesc *const ut = &world.bootinfo->untypedList[index[i]];
        to.objs[i] = (sel4ps_pmem_t){
            .region = {PMEM_TYPE_DEVICE, ut->paddr, 0x1000},
            .obj = {.cptr = world.bootinfo->untyped.start + index[i], .size_bits = ut->sizeBits}};
    }
    assert_int_equal(allocman_add_untypeds_from_timer_objects(world.alloc, NULL),
                     ALLOCMAN_INVALID_ARGUMENT);
    to.nobjs = MAX_OBJS + 1;
    assert_int_equal(allocman_add_untypeds_from_timer_objects(world.alloc, &to),
                     ALLOCMAN_INVALID_ARGUMENT);
    to.nobjs = 2;
    allocman_t none = *world.alloc;
    none.have_cspace = false;
    assert_int_equal(allocman_add_untypeds_from_timer_objects(&none, &to), ALLOCMAN_NOT_ATTACHED);
    assert_int_equal(none.failure.status, ALLOCMAN_NOT_ATTACHED);
    assert_int_equal(allocman_add_untypeds_from_timer_objects(world.alloc, &to), ALLOCMAN_OK);
    assert_int_equal(totals()->roots, 2);
    assert_int_equal(allocman_add_untypeds_from_timer_objects(world.alloc, &to),
                     ALLOCMAN_ALREADY_ADDED);
    assert_int_equal(totals()->roots, 2);
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_DEV],
                     ((uint64_t)1 << to.objs[0].obj.size_bits) +
                         ((uint64_t)1 << to.objs[1].obj.size_bits));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        booting_test(device_ram_is_cut_out),
        booting_test(no_regions_no_cuts),
        booting_test(untypeds_that_are_ram_stay_whole),
        booting_test(a_region_that_ends_inside_a_granule),
        booting_test(the_exact_pool_does),
        booting_test(a_refused_step_is_undone),
        booting_test(too_few_slots_are_told),
        booting_test(an_untyped_in_use_stays_whole),
        booting_test(all_or_nothing),
        booting_test(regions_given_are_not_changed),
        booting_test(book_memory_runs_out),
        booting_test(book_memory_grows),
        booting_test(impossible_sizes_are_told),
        booting_test(timers_bring_their_untypeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
