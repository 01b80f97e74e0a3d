/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What callers leave behind: roots with their own objects in them, objects freed while copies live,
// slots freed while they hold something. Found at the next use, counted, and repaired.

#include "outsiders.h"

static cspacepath_t boot_path(seL4_CPtr slot)
{
    return (cspacepath_t){
        .capPtr = slot, .capDepth = seL4_WordBits, .root = ROOT_CNODE, .offset = slot, .window = 1};
}

// Slot of the IO space capability, which the recorded machine does not have: nobody's.
enum { THEIR_SLOT = seL4_CapIOSpace };

// Retypes one object out of a boot untyped into THEIR_SLOT.
static void use_partly(size_t index, seL4_Word type, seL4_Word size_bits)
{
    assert_int_equal(seL4_Untyped_Retype(world.bootinfo->untyped.start + index, type, size_bits,
                                         ROOT_CNODE, 0, 0, THEIR_SLOT, 1),
                     seL4_NoError);
}

// --- roots that hold somebody else's objects -----------------------------------------------------

static void a_partly_used_root_is_set_aside(void **state)
{
    (void)state;
    const size_t used = boot_ram_above(19);
    const unsigned bits = boot_untyped_bits(used);
    const size_t good = boot_ram_above(bits + 1);
    use_partly(used, seL4_EndpointObject, 0);
    assert_int_equal(boot_untyped_add(used, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(used)),
                     ALLOCMAN_OK);
    assert_int_equal(boot_untyped_add(good, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(good)),
                     ALLOCMAN_OK);
    const struct object frame = frame_make(); // the smaller one is the better fit, and refuses
    assert_int_equal(totals()->roots_set_aside, 1);
    assert_int_equal(world.alloc->counts.misuse, 1);
    assert_failure(ALLOCMAN_PARTLY_USED);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, bits);
    assert_int_equal((object_paddr(&frame) - boot_untyped_paddr(good)) >> boot_untyped_bits(good),
                     0);
    size_t count = 1;
    struct object object;
    while (object_try(FRAME, 12, ALLOCMAN_NO_PADDR, false, &object) == ALLOCMAN_OK) {
        count++;
    }
    assert_int_equal(count, (size_t)1 << (boot_untyped_bits(good) - 12));
    assert_int_equal(totals()->roots_set_aside, 1);
    assert_int_equal(cap_at(THEIR_SLOT).kind, SEL4MODEL_CAP_ENDPOINT);
    const cspacepath_t path = slot_make();
    expect_refusal(12, FRAME, &path, boot_untyped_paddr(used) + 0x40000, true,
                   ALLOCMAN_ADDRESS_UNKNOWN);
    allocman_reclaim(world.alloc);
    assert_int_equal(cap_at(THEIR_SLOT).kind, SEL4MODEL_CAP_ENDPOINT);
}

static void every_degree_of_use_is_found(void **state)
{
    (void)state;
    for (unsigned bits = 4; bits <= 21; bits++) {
        for (int by_address = 0; by_address < 2; by_address++) {
            start((struct start){.pool_bytes = POOL_BYTES, .without_untypeds = true});
            const size_t used = boot_ram_above(21);
            use_partly(used, seL4_UntypedObject, bits);
            assert_int_equal(boot_untyped_add(used, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(used)),
                             ALLOCMAN_OK);
            const struct ledger before = ledger_now();
            struct object object;
            const int error =
                object_try(FRAME, 12, by_address ? boot_untyped_paddr(used) : ALLOCMAN_NO_PADDR,
                           false, &object);
            assert_true(error != ALLOCMAN_OK && error != ALLOCMAN_KERNEL_REFUSED);
            assert_int_equal(totals()->roots_set_aside, 1);
            assert_int_equal(cap_at(THEIR_SLOT).kind, SEL4MODEL_CAP_UNTYPED);
            const struct ledger now = ledger_now();
            assert_int_equal(now.caps, before.caps);
            assert_int_equal(now.free_slots, before.free_slots);
            assert_int_equal(now.allocated, 0);
            (void)stop(NULL);
        }
    }
}

// The same when slots come one by one: the first half of a split may well succeed.
static void a_partly_used_root_is_set_aside_without_runs(void **state)
{
    (void)state;
    static struct outsider_world w;
    const struct start plain = {0};
    boot(&plain);
    outsiders_attach(&w, 64);
    const size_t used = boot_untyped(20, false, 0);
    use_partly(used, seL4_EndpointObject, 0);
    assert_int_equal(outsiders_add(&w, used), ALLOCMAN_OK);
    const unsigned long caps = sel4model_live_caps();
    cspacepath_t path;
    assert_int_equal(allocman_cspace_alloc(&w.alloc, &path), 0);
    int error = 0;
    assert_int_equal(allocman_utspace_alloc(&w.alloc, 12, FRAME, &path, false, &error), 0);
    assert_int_equal(w.utspace.totals.roots_set_aside, 1);
    assert_int_equal(cap_at(THEIR_SLOT).kind, SEL4MODEL_CAP_ENDPOINT);
    assert_int_equal(w.scatter.live, 1);
    assert_int_equal(sel4model_live_caps(),
                     caps); // no half of a split is left in a slot that was freed
}

// --- what is handed in and is no untyped ----------------------------------------------------------

static int add_as_untyped(seL4_CPtr slot, size_t bits)
{
    const cspacepath_t path = allocman_cspace_make_path(world.alloc, slot);
    return allocman_utspace_add_uts(world.alloc, 1, &path, &bits, NULL, ALLOCMAN_UT_KERNEL);
}

// Whatever capability it is, it is tried once and then no more; what is good serves.
static void what_is_no_untyped_is_set_aside(void **state)
{
    (void)state;
    const size_t good = boot_ram_above(20);
    const unsigned bits = boot_untyped_bits(good);
    static const seL4_CPtr others[] = {seL4_CapInitThreadTCB,    seL4_CapInitThreadCNode,
                                       seL4_CapInitThreadVSpace, seL4_CapASIDControl,
                                       seL4_CapBootInfoFrame,    seL4_CapIOSpace /* empty */};
    enum { OTHERS = sizeof(others) / sizeof(others[0]) };
    const struct ledger before = ledger_now();
    for (size_t i = 0; i < OTHERS; i++) {
        assert_int_equal(add_as_untyped(others[i], i % 2 ? bits : 12), ALLOCMAN_OK);
    }
    assert_int_equal(add_as_untyped(world.bootinfo->untyped.start + good, bits), ALLOCMAN_OK);
    struct object object = object_make(FRAME, 12);
    assert_failure(ALLOCMAN_NOT_UNTYPED);
    assert_int_equal(
        cap_at(allocman_last_failure(world.alloc)->needed).kind == SEL4MODEL_CAP_UNTYPED, false);
    object_free(&object);
    const struct object whole = object_make(seL4_UntypedObject, bits);
    assert_int_not_equal(object_try(seL4_UntypedObject, bits, ALLOCMAN_NO_PADDR, false, &object),
                         ALLOCMAN_OK);
    object_free(&whole);
    assert_int_equal(totals()->roots_set_aside, OTHERS);
    assert_int_equal(world.alloc->counts.misuse, OTHERS);
    object = object_make(seL4_UntypedObject, 12);
    object_free(&object);
    sel4model_counters_reset();
    object = object_make(seL4_UntypedObject, 12);
    assert_int_equal(sel4model_invocations(SEL4MODEL_Untyped_Retype),
                     1); // none of them is met again
    object_free(&object);
    allocman_reclaim(world.alloc);
    assert_int_equal(ledger_now().free_slots, before.free_slots);
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_KERNEL], (uint64_t)1 << bits);
}

// Frames would do, but the kernel makes nothing else of it.
static void a_device_that_is_called_ram_is_set_aside(void **state)
{
    (void)state;
    const size_t device = boot_untyped(21, true, 0);
    const size_t good = boot_ram_largest();
    assert_int_equal(boot_untyped_add(device, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(device)),
                     ALLOCMAN_OK);
    assert_int_equal(boot_untyped_add(good, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(good)),
                     ALLOCMAN_OK);
    struct object object;
    for (int i = 0; i < 40; i++) {
        object = object_make(seL4_EndpointObject, seL4_EndpointBits);
        assert_false(cap_at(object.path.capPtr).is_device);
    }
    assert_int_equal(world.alloc->counts.misuse, totals()->roots_set_aside);
    const cspacepath_t path = slot_make(); // by its address it is met at last
    int error = -1;
    assert_int_equal(allocman_utspace_alloc_at(world.alloc, seL4_EndpointBits, seL4_EndpointObject,
                                               &path, boot_untyped_paddr(device), true, &error),
                     0);
    assert_int_equal(error, ALLOCMAN_ADDRESS_UNKNOWN);
    assert_int_equal(totals()->roots_set_aside, 1);
    assert_failure(ALLOCMAN_ADDRESS_UNKNOWN);
}

// --- objects freed while copies live -------------------------------------------------------------

static cspacepath_t copy_of(const struct object *object)
{
    const cspacepath_t copy = slot_make();
    assert_int_equal(vka_cnode_copy(&copy, &object->path, seL4_AllRights), seL4_NoError);
    return copy;
}

static void a_copy_that_lives_is_revoked_at_the_next_use(void **state)
{
    (void)state;
    const struct object frame = frame_make();
    const cspacepath_t copy = copy_of(&frame);
    object_free(&frame);
    assert_int_equal(world.alloc->counts.misuse, 0);
    assert_int_equal(cap_at(copy.capPtr).kind, SEL4MODEL_CAP_FRAME);
    sel4model_counters_reset();
    const struct object cnode = object_make(seL4_CapTableObject, seL4_PageBits);
    assert_int_equal(sel4model_invocations(SEL4MODEL_CNode_Revoke), 1);
    assert_true(is_empty(copy.capPtr));
    assert_int_equal(cap_at(cnode.path.capPtr).kind, SEL4MODEL_CAP_CNODE);
    assert_int_equal(totals()->repairs, 1);
    assert_int_equal(world.alloc->counts.misuse, 1);
    assert_failure(ALLOCMAN_STILL_IN_USE);
    object_free(&cnode);
    object_make(FRAME, 12);
    assert_int_equal(totals()->repairs, 1);
}

static void living_copies_do_not_keep_blocks_from_merging(void **state)
{
    (void)state;
    struct object frame[64];
    cspacepath_t copy[64];
    for (int i = 0; i < 64; i++) {
        frame[i] = frame_make();
        copy[i] = copy_of(&frame[i]);
    }
    for (int i = 0; i < 64; i++) {
        object_free(&frame[i]);
    }
    allocman_reclaim(world.alloc);
    assert_int_equal(totals()->own_slots, 0);
    for (unsigned bits = boot_untyped_bits(boot_ram_largest()); bits >= seL4_MinUntypedBits;
         bits--) { // each boot untyped as a whole
        struct object object;
        while (totals()->free_bytes[ALLOCMAN_UT_KERNEL] >> bits &&
               utspace_split_largest_free_bits(&world.managers->utspace, ALLOCMAN_UT_KERNEL) ==
                   bits) {
            assert_int_equal(
                object_try(seL4_UntypedObject, bits, ALLOCMAN_NO_PADDR, false, &object),
                ALLOCMAN_OK);
        }
    }
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_KERNEL], 0);
    for (int i = 0; i < 64; i++) {
        assert_true(is_empty(copy[i].capPtr));
    }
}

static void a_root_with_a_living_copy_is_repaired(void **state)
{
    (void)state;
    const unsigned bits = boot_untyped_bits(boot_ram_largest());
    const struct object whole = object_make(seL4_UntypedObject, bits);
    const cspacepath_t child = slot_make();
    assert_int_equal(
        seL4_Untyped_Retype(whole.path.capPtr, FRAME, 12, ROOT_CNODE, 0, 0, child.capPtr, 1), 0);
    object_free(&whole); // its child lives on, as the root's
    assert_false(is_empty(child.capPtr));
    for (unsigned left = boot_untyped_count(bits, false); left > 0; left--) {
        object_make(seL4_UntypedObject, bits);
    }
    assert_true(is_empty(child.capPtr));
    assert_int_equal(totals()->repairs, 1);
    assert_int_equal(totals()->roots_set_aside, 0);
    assert_failure(ALLOCMAN_STILL_IN_USE);
}

static void by_address_it_is_repaired_too(void **state)
{
    (void)state;
    const struct object frame = object_at(FRAME, 12, boot_device_page(4));
    object_at(FRAME, 12, boot_device_page(5)); // so that the free merges nothing
    const cspacepath_t copy = copy_of(&frame);
    object_free(&frame);
    const struct object again = object_at(FRAME, 12, boot_device_page(4));
    assert_int_equal(object_paddr(&again), boot_device_page(4));
    assert_true(is_empty(copy.capPtr));
    assert_int_equal(totals()->repairs, 1);
    assert_int_equal(world.alloc->counts.misuse, 1);
}

// --- slots freed while they hold something -------------------------------------------------------

// Frees `count` slots from `first` on with a capability left in each.
static void leave_capabilities(seL4_CPtr first, unsigned count)
{
    const cspacepath_t own_tcb = boot_path(seL4_CapInitThreadTCB);
    for (unsigned i = 0; i < count; i++) {
        const cspacepath_t path = allocman_cspace_make_path(world.alloc, first + i);
        assert_int_equal(vka_cnode_copy(&path, &own_tcb, seL4_AllRights), seL4_NoError);
        allocman_cspace_free(world.alloc, &path);
    }
}

static int start_few_slots(void **state)
{
    (void)state;
    start((struct start){.empty_slots = 200, .pool_bytes = POOL_BYTES});
    return 0;
}

static void occupied_slots_are_quarantined(void **state)
{
    (void)state;
    enum { ALL = 200, SLOTS = 64, LEFT = 30 }; // of all, those that are free; and where two are not
    cspacepath_t path[ALL];
    for (int i = 0; i < ALL; i++) {
        path[i] = slot_make();
    }
    leave_capabilities(path[LEFT].capPtr, 1);
    leave_capabilities(path[LEFT + 1].capPtr, 1);
    for (int i = 0; i < SLOTS; i++) {
        if (i != LEFT && i != LEFT + 1) {
            allocman_cspace_free(world.alloc, &path[i]);
        }
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
    assert_int_equal(free_slots(), SLOTS);
    // Splits take one slot after the other, and meet them.
    for (int i = SLOTS; i < ALL && totals()->slots_quarantined < 2; i++) {
        const size_t misuse = world.alloc->counts.misuse;
        int error = -1;
        (void)allocman_utspace_alloc(world.alloc, FRAME_BITS, FRAME, &path[i], false, &error);
        assert_true(error == ALLOCMAN_OK || error == ALLOCMAN_NO_SLOT);
        if (!error && world.alloc->counts.misuse > misuse) {
            const seL4_Word slot = allocman_last_failure(world.alloc)->needed;
            assert_failure(ALLOCMAN_SLOT_OCCUPIED);
            assert_true(slot == path[LEFT].capPtr || slot == path[LEFT + 1].capPtr);
        }
    }
    assert_int_equal(totals()->slots_quarantined, 2);
    assert_int_equal(world.alloc->counts.misuse, 2);
    assert_int_equal(free_slots() + totals()->own_slots, SLOTS - 2);
    assert_int_equal(cap_at(path[LEFT].capPtr).kind,
                     SEL4MODEL_CAP_TCB); // whose it is may still delete it
    cspacepath_t other;
    while (allocman_cspace_alloc(world.alloc, &other) == ALLOCMAN_OK) {
        assert_true(is_empty(other.capPtr));
        assert_true(other.capPtr != path[LEFT].capPtr && other.capPtr != path[LEFT + 1].capPtr);
    }
}

static void many_occupied_slots_fail_cleanly(void **state)
{
    (void)state;
    enum { COUNT = 600 };
    static cspacepath_t path[COUNT];
    smallest_roots_take();
    const cspacepath_t dest = slot_make();
    for (int i = 0; i < COUNT; i++) {
        path[i] = slot_make();
    }
    for (int i = 0; i < COUNT; i++) {
        leave_capabilities(path[i].capPtr, 1);
    }
    const unsigned long caps = sel4model_live_caps();
    seL4_Word cookie = 0;
    for (int tries = 0; tries < 200 && !cookie; tries++) { // each takes some of them out
        int error = 0;
        cookie = allocman_utspace_alloc(world.alloc, seL4_MinUntypedBits, seL4_UntypedObject, &dest,
                                        false, &error);
        assert_true(cookie != 0 || error != 0);
        assert_true(cookie != 0 || sel4model_live_caps() == caps);
    }
    assert_true(cookie != 0);
    assert_true(totals()->slots_quarantined <= COUNT);
    assert_int_equal(totals()->roots_set_aside, 0);
}

static void occupied_single_slots_lose_no_memory(void **state)
{
    (void)state;
    static struct outsider_world w;
    const struct start plain = {0};
    boot(&plain);
    outsiders_attach(&w, 64);
    assert_int_equal(outsiders_add(&w, boot_ram_above(20)), ALLOCMAN_OK);
    cspacepath_t dest, one, two;
    assert_int_equal(allocman_cspace_alloc(&w.alloc, &dest), 0);
    assert_int_equal(allocman_cspace_alloc(&w.alloc, &one), 0);
    assert_int_equal(allocman_cspace_alloc(&w.alloc, &two), 0);
    const cspacepath_t own_tcb = boot_path(seL4_CapInitThreadTCB);
    assert_int_equal(vka_cnode_copy(&two, &own_tcb, seL4_AllRights), seL4_NoError);
    allocman_cspace_free(&w.alloc, &two); // the second slot of the next split
    allocman_cspace_free(&w.alloc, &one);
    int error = 0;
    const seL4_Word cookie =
        allocman_utspace_alloc(&w.alloc, boot_untyped_bits(boot_ram_above(20)) - 1,
                               seL4_UntypedObject, &dest, false, &error);
    assert_true(cookie != 0);
    assert_int_equal(w.utspace.totals.roots_set_aside, 0);
    assert_int_equal(w.utspace.totals.slots_quarantined, 1);
    assert_int_equal(w.alloc.counts.misuse, 1);
    assert_int_equal(cap_at(two.capPtr).kind, SEL4MODEL_CAP_TCB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        bare_test(a_partly_used_root_is_set_aside),
        booting_test(every_degree_of_use_is_found),
        booting_test(a_partly_used_root_is_set_aside_without_runs),
        bare_test(what_is_no_untyped_is_set_aside),
        bare_test(a_device_that_is_called_ram_is_set_aside),
        api_test(a_copy_that_lives_is_revoked_at_the_next_use),
        api_test(living_copies_do_not_keep_blocks_from_merging),
        api_test(a_root_with_a_living_copy_is_repaired),
        api_test(by_address_it_is_repaired_too),
        cmocka_unit_test_setup_teardown(occupied_slots_are_quarantined, start_few_slots, stop),
        api_test(many_occupied_slots_fail_cleanly),
        booting_test(occupied_single_slots_lose_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
