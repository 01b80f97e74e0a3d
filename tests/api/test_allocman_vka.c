/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// An allocman as a vka, as existing seL4 code uses it; and cspace_move_alloc.

#include "outsiders.h"

static void slots_go_through_the_vka(void **state)
{
    (void)state;
    const struct ledger before = ledger_now();
    seL4_CPtr slot = 0;
    assert_int_equal(vka_cspace_alloc(&world.vka, &slot), 0);
    assert_true(slot != 0 && is_empty(slot));
    cspacepath_t path;
    vka_cspace_make_path(&world.vka, slot, &path);
    const cspacepath_t native = allocman_cspace_make_path(world.alloc, slot);
    assert_memory_equal(&path, &native, sizeof(path));
    cspacepath_t other;
    assert_int_equal(vka_cspace_alloc_path(&world.vka, &other), 0);
    assert_int_not_equal(other.capPtr, slot);
    vka_cspace_free(&world.vka, slot);
    vka_cspace_free_path(&world.vka, other);
    assert_nothing_changed(before);
    vka_cspace_free(&world.vka, slot);
    assert_int_equal(world.alloc->counts.misuse, 1);
    assert_failure(ALLOCMAN_SLOT_NOT_ALLOCATED);
}

// size_bits of vka: slots for a CNode, bytes for an untyped, nothing for what has one size.
static void sizes_are_those_of_retype(void **state)
{
    (void)state;
    static const struct {
        seL4_Word type, size_bits;
        unsigned memory_bits;
    } wanted[] = {{seL4_CapTableObject, 1, 1 + seL4_SlotBits},
                  {seL4_CapTableObject, 10, 10 + seL4_SlotBits},
                  {seL4_UntypedObject, 10, 10},
                  {seL4_TCBObject, 0, seL4_TCBBits},
                  {seL4_TCBObject, 99, seL4_TCBBits},
                  {seL4_EndpointObject, 0, seL4_EndpointBits},
                  {seL4_NotificationObject, 0, seL4_NotificationBits},
                  {SMALL_FRAME, 0, seL4_PageBits},
                  {LARGE_FRAME, 0, seL4_LargePageBits},
                  {PAGE_TABLE, 0, seL4_PageTableBits},
                  {VSPACE_ROOT, 3, seL4_VSpaceBits}};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        vka_object_t object;
        const uint64_t bytes = totals()->free_bytes[ALLOCMAN_UT_KERNEL];
        assert_int_equal(vka_alloc_object(&world.vka, wanted[i].type, wanted[i].size_bits, &object),
                         0);
        const struct sel4model_cap cap = cap_at(object.cptr);
        assert_int_equal(cap.object_type, wanted[i].type);
        assert_int_equal(cap.size_bits, wanted[i].memory_bits);
        assert_int_equal(bytes - totals()->free_bytes[ALLOCMAN_UT_KERNEL],
                         (uint64_t)1 << wanted[i].memory_bits);
        if (wanted[i].type == seL4_CapTableObject) {
            assert_int_equal(cap.radix_bits, wanted[i].size_bits);
        }
        assert_int_equal(vka_object_paddr(&world.vka, &object), cap.paddr);
        vka_free_object(&world.vka, &object);
        assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_KERNEL], bytes);
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void expect_vka_refusal(seL4_Word type, seL4_Word size_bits, uintptr_t paddr,
                               bool may_be_device, int status)
{
    vka_object_t object;
    const vka_object_t zero = {0};
    const struct ledger before = ledger_now();
    memset(&object, 0x5a, sizeof(object));
    assert_int_equal(
        vka_alloc_object_at_maybe_dev(&world.vka, type, size_bits, paddr, may_be_device, &object),
        status);
    assert_memory_equal(&object, &zero, sizeof(object));
    assert_nothing_changed(before);
}

static void refusals_give_the_slot_back(void **state)
{
    (void)state;
    vka_object_t small; // so that blocks of the smallest sizes are at hand
    assert_int_equal(vka_alloc_untyped(&world.vka, seL4_MinUntypedBits, &small), 0);
    expect_vka_refusal(seL4_UntypedObject, 3, VKA_NO_PADDR, false, ALLOCMAN_INVALID_SIZE);
    expect_vka_refusal(seL4_UntypedObject, seL4_MaxUntypedBits + 1, VKA_NO_PADDR, false,
                       ALLOCMAN_INVALID_SIZE);
    expect_vka_refusal(seL4_UntypedObject, ~(seL4_Word)0, VKA_NO_PADDR, false,
                       ALLOCMAN_INVALID_SIZE);
    expect_vka_refusal(seL4_CapTableObject, 0, VKA_NO_PADDR, false, ALLOCMAN_INVALID_SIZE);
    for (seL4_Word radix = seL4_MaxUntypedBits - seL4_SlotBits + 1; radix < 300; radix++) {
        expect_vka_refusal(seL4_CapTableObject, radix, VKA_NO_PADDR, false, ALLOCMAN_INVALID_SIZE);
    }
    for (seL4_Word radix = ~(seL4_Word)0; radix > ~(seL4_Word)0 - 40;
         radix--) { // sums that overflow
        expect_vka_refusal(seL4_CapTableObject, radix, VKA_NO_PADDR, false, ALLOCMAN_INVALID_SIZE);
    }
    expect_vka_refusal(seL4_UntypedObject, seL4_MaxUntypedBits, VKA_NO_PADDR, true,
                       ALLOCMAN_NO_UNTYPED);
    expect_vka_refusal(FRAME, 12, boot_gap(), true, ALLOCMAN_ADDRESS_UNKNOWN);
    expect_vka_refusal(FRAME, 12, boot_device_page(1) + 4, false, ALLOCMAN_UNALIGNED);
    expect_vka_refusal(seL4_EndpointObject, 4, boot_device_page(1), false, ALLOCMAN_INVALID_TYPE);
    expect_vka_refusal(seL4_ObjectTypeCount, 12, VKA_NO_PADDR, false, -1);
    vka_free_object(&world.vka, &small);
}

static void native_calls_of_the_vka(void **state)
{
    (void)state;
    cspacepath_t path;
    seL4_Word cookie = 0;
    assert_int_equal(vka_cspace_alloc_path(&world.vka, &path), 0);
    assert_int_equal(vka_utspace_alloc(&world.vka, &path, FRAME, 12, &cookie), 0);
    assert_int_equal(vka_utspace_paddr(&world.vka, cookie, FRAME, 12), cap_at(path.capPtr).paddr);
    seL4_Word second = 77;
    assert_int_equal(vka_utspace_alloc(&world.vka, &path, FRAME, 12, &second),
                     ALLOCMAN_SLOT_OCCUPIED);
    assert_int_equal(vka_utspace_alloc(&world.vka, NULL, FRAME, 12, &second),
                     ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(second, 77); // untouched
    assert_int_equal(vka_cnode_delete(&path), 0);
    vka_utspace_free(&world.vka, FRAME, 12, cookie);
    assert_int_equal(vka_utspace_paddr(&world.vka, cookie, FRAME, 12), VKA_NO_PADDR);
    vka_utspace_free(&world.vka, FRAME, 12, cookie);
    assert_failure(ALLOCMAN_DOUBLE_FREE);
    assert_int_equal(vka_utspace_alloc_maybe_device(&world.vka, &path, FRAME, 12, true, &cookie),
                     0);
    vka_utspace_free(&world.vka, seL4_CapTableObject, 12, cookie); // another size in memory
    assert_failure(ALLOCMAN_WRONG_SIZE);
    assert_int_equal(vka_cnode_delete(&path), 0);
    vka_utspace_free(&world.vka, FRAME, 12, cookie);
    const uintptr_t device = boot_device_page(1);
    assert_int_equal(vka_utspace_alloc_at(&world.vka, &path, FRAME, 12, device, &cookie),
                     0); // may be device
    assert_int_equal(page_address(path.capPtr).paddr, device);
    assert_int_equal(world.alloc->counts.misuse, 2);
}

static void named_objects_are_made(void **state)
{
    (void)state;
    static int (*const make[])(vka_t *, vka_object_t *) = {
        vka_alloc_tcb,        vka_alloc_endpoint,       vka_alloc_notification,
        vka_alloc_page_table, vka_alloc_page_directory, vka_alloc_vspace_root,
    };
    static const seL4_Word types[] = {
        seL4_TCBObject, seL4_EndpointObject, seL4_NotificationObject,
        PAGE_TABLE,     PAGE_DIRECTORY,      VSPACE_ROOT,
    };
    for (size_t i = 0; i < 6; i++) {
        vka_object_t object;
        assert_int_equal(make[i](&world.vka, &object), 0);
        assert_int_equal(cap_at(object.cptr).object_type, types[i]);
        vka_free_object(&world.vka, &object);
        assert_true(is_empty(object.cptr));
    }
    vka_object_t object;
    const int mcs_only = vka_alloc_reply(&world.vka, &object);
#ifdef CONFIG_KERNEL_MCS
    assert_int_equal(mcs_only, 0);
    assert_int_equal(cap_at(object.cptr).kind, SEL4MODEL_CAP_REPLY);
#else
    assert_int_equal(mcs_only, -1);
#endif
    const uintptr_t ram = boot_untyped_paddr(boot_ram_largest());
    assert_int_equal(vka_alloc_untyped_at(&world.vka, 16, ram + 0x10000, &object), 0);
    assert_int_equal(cap_at(object.cptr).paddr, ram + 0x10000);
    const uintptr_t large = ram + ((uintptr_t)1 << (seL4_LargePageBits + 2));
    assert_int_equal(vka_alloc_frame_at(&world.vka, seL4_LargePageBits, large, &object), 0);
    assert_int_equal(vka_object_paddr(&world.vka, &object), large);
    assert_true(vka_alloc_cnode_object_leaky(&world.vka, 8) != 0);
    assert_int_equal(vka_alloc_frame_leaky(&world.vka, 13), 0);
}

// Objects of all kinds in any order, tens of thousands of times, copied about and freed elsewhere.
static void objects_come_and_go_thousands_of_times(void **state)
{
    (void)state;
    enum { LIVE = 600, TURNS = 60000 };
    static vka_object_t live[LIVE];
    memset(live, 0, sizeof(live));
    static const struct {
        seL4_Word type, size_bits;
    } kinds[] = {{seL4_EndpointObject, 0},
                 {seL4_TCBObject, 0},
                 {FRAME, 12},
                 {FRAME, 12},
                 {FRAME, 12},
                 {seL4_CapTableObject, 4},
                 {seL4_CapTableObject, 9},
                 {seL4_UntypedObject, 8},
                 {PAGE_TABLE, 0},
                 {LARGE_FRAME, 0},
                 {seL4_NotificationObject, 0}};
    const size_t slots = free_slots();
    uint32_t random = 99;
    for (int turn = 0; turn < TURNS; turn++) {
        random = random * 1664525u + 1013904223u;
        vka_object_t *const object = &live[(random >> 9) % LIVE];
        if (object->cptr) {
            assert_int_equal(cap_at(object->cptr).object_type, object->type);
            vka_object_t copy = *object;
            memset(object, 0, sizeof(*object));
            vka_free_object(&world.vka, &copy);
        } else {
            const size_t k = (random >> 20) % (sizeof(kinds) / sizeof(kinds[0]));
            (void)vka_alloc_object(&world.vka, kinds[k].type, kinds[k].size_bits, object);
        }
    }
    size_t count = 0;
    for (int i = 0; i < LIVE; i++) {
        count += live[i].cptr != 0;
        vka_free_object(&world.vka, &live[i]);
    }
    assert_true(count > LIVE / 4);
    assert_int_equal(totals()->allocated, 0);
    assert_int_equal(world.alloc->counts.misuse, 0);
    allocman_reclaim(world.alloc);
    assert_int_equal(totals()->own_slots, 0);
    assert_int_equal(free_slots(), slots);
}

static void a_frame_and_its_free_cost_two_invocations(void **state)
{
    (void)state;
    vka_object_t frame;
    assert_int_equal(vka_alloc_frame(&world.vka, 12, &frame), 0);
    vka_free_object(&world.vka, &frame);
    sel4model_counters_reset();
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(vka_alloc_frame(&world.vka, 12, &frame), 0);
        vka_free_object(&world.vka, &frame);
    }
    assert_int_equal(sel4model_invocations(SEL4MODEL_Untyped_Retype), 1000);
    assert_int_equal(sel4model_invocations(SEL4MODEL_CNode_Delete), 1000);
    assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), 2000);
}

// A block of just the size is free: the kernel refuses it all the same.
static void refusals_of_a_free_block(void **state)
{
    (void)state;
    vka_object_t kept, object;
    assert_int_equal(vka_alloc_untyped(&world.vka, seL4_SlotBits, &kept), 0);
    assert_int_equal(vka_alloc_untyped(&world.vka, seL4_SlotBits, &object), 0);
    vka_free_object(&world.vka, &object);
    expect_vka_refusal(seL4_CapTableObject, 0, VKA_NO_PADDR, false, ALLOCMAN_INVALID_SIZE);

    assert_int_equal(vka_alloc_frame(&world.vka, 12, &kept), 0);
    assert_int_equal(vka_alloc_frame(&world.vka, 12, &object), 0);
    vka_free_object(&world.vka, &object);
    sel4model_refuse_kind(SEL4MODEL_Untyped_Retype, 1, seL4_IllegalOperation);
    expect_vka_refusal(FRAME, 12, VKA_NO_PADDR, false, ALLOCMAN_KERNEL_REFUSED);
    assert_failure(ALLOCMAN_KERNEL_REFUSED);

    // Somebody kept a copy of what was in it: that is revoked, and the call succeeds.
    assert_int_equal(vka_alloc_frame(&world.vka, 12, &object), 0);
    cspacepath_t path, copy;
    vka_cspace_make_path(&world.vka, object.cptr, &path);
    assert_int_equal(vka_cspace_alloc_path(&world.vka, &copy), 0);
    assert_int_equal(vka_cnode_copy(&copy, &path, seL4_AllRights), 0);
    vka_free_object(&world.vka, &object);
    assert_int_equal(world.alloc->counts.misuse, 0);
    assert_int_equal(vka_alloc_frame(&world.vka, 12, &object), 0);
    assert_int_equal(world.alloc->counts.misuse, 1);
    assert_int_equal(totals()->repairs, 1);
    assert_failure(ALLOCMAN_STILL_IN_USE);
    assert_true(is_empty(copy.capPtr));
    assert_false(world.alloc->in_call);
    vka_cspace_free(&world.vka, copy.capPtr);
    vka_free_object(&world.vka, &object);
    assert_int_equal(world.alloc->counts.misuse, 1);
}

// --- cspace_move_alloc ---------------------------------------------------------------------------

static void a_capability_is_moved_into_a_slot(void **state)
{
    (void)state;
    const struct object object = frame_make();
    const struct sel4model_cap cap = cap_at(object.path.capPtr);
    cspacepath_t result;
    sel4model_counters_reset();
    assert_int_equal(cspace_move_alloc(world.alloc, object.path, &result), ALLOCMAN_OK);
    assert_int_equal(sel4model_invocations(SEL4MODEL_CNode_Move), 1);
    assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), 1);
    assert_true(is_empty(object.path.capPtr));
    assert_int_equal(cap_at(result.capPtr).paddr, cap.paddr);
    cspacepath_t again;
    assert_int_equal(
        cspace_move_alloc_cptr(world.alloc, world.alloc->cspace, result.capPtr, &again),
        ALLOCMAN_OK);
    assert_true(is_empty(result.capPtr));
    assert_int_equal(cap_at(again.capPtr).paddr, cap.paddr);
}

static void a_move_that_fails_takes_no_slot(void **state)
{
    (void)state;
    const cspacepath_t empty = slot_make();
    const struct object object = frame_make();
    const struct ledger before = ledger_now();
    cspacepath_t result;
    assert_int_equal(cspace_move_alloc(world.alloc, empty, &result),
                     ALLOCMAN_KERNEL_REFUSED); // nothing there
    assert_nothing_changed(before);
    sel4model_refuse_kind(SEL4MODEL_CNode_Move, 1, seL4_IllegalOperation);
    assert_int_equal(cspace_move_alloc(world.alloc, object.path, &result), ALLOCMAN_KERNEL_REFUSED);
    assert_nothing_changed(before);
    assert_int_equal(cap_at(object.path.capPtr).kind, SEL4MODEL_CAP_FRAME);
    while (allocman_cspace_alloc(world.alloc, &result) == ALLOCMAN_OK) {
    }
    assert_int_equal(cspace_move_alloc(world.alloc, object.path, &result), ALLOCMAN_NO_SLOT);
    assert_int_equal(cap_at(object.path.capPtr).kind, SEL4MODEL_CAP_FRAME);
}

static int start_small(void **state)
{
    (void)state;
    start((struct start){.cnode_bits = 10, .pool_bytes = POOL_BYTES});
    return 0;
}

static void a_capability_comes_from_another_manager(void **state)
{
    (void)state;
    cspace_simple1level_t other;
    cspace_simple1level_create(
        &other, (struct cspace_simple1level_config){.cnode = ROOT_CNODE,
                                                    .cnode_size_bits = CNODE_BITS,
                                                    .cnode_guard_bits = seL4_WordBits - CNODE_BITS,
                                                    .first_slot = 0,
                                                    .end_slot = 300});
    cspacepath_t result;
    assert_int_equal(cspace_move_alloc_cptr(world.alloc, cspace_simple1level_make_interface(&other),
                                            seL4_CapInitThreadIPCBuffer, &result),
                     ALLOCMAN_OK);
    assert_true(is_empty(seL4_CapInitThreadIPCBuffer));
    assert_int_equal(cap_at(result.capPtr).kind, SEL4MODEL_CAP_FRAME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        api_test(slots_go_through_the_vka),
        api_test(sizes_are_those_of_retype),
        api_test(refusals_give_the_slot_back),
        api_test(native_calls_of_the_vka),
        roomy_test(named_objects_are_made),
        roomy_test(objects_come_and_go_thousands_of_times),
        api_test(a_frame_and_its_free_cost_two_invocations),
        api_test(refusals_of_a_free_block),
        api_test(a_capability_is_moved_into_a_slot),
        cmocka_unit_test_setup_teardown(a_move_that_fails_takes_no_slot, start_small, stop),
        api_test(a_capability_comes_from_another_manager),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
