/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Deleting objects that hold capabilities: CNodes in CNodes, in themselves, and TCBs.
#include "model_test.h"

enum { RADIX = 2, NODES = 2000 };

static seL4_Word baseline;

// All that was made must be gone: no capability left over, and the memory usable again.
static void expect_all_gone(seL4_CPtr untyped)
{
    assert_int_equal(sel4model_live_caps(), baseline);
    assert_false(cap_at(untyped).has_children);
    expect_ok(retype(untyped, seL4_UntypedObject, cap_at(untyped).size_bits, first_slot));
    expect_ok(delete_cap(first_slot));
}

static int set_up(void **state)
{
    const int result = boot_machine(state);
    baseline = result == 0 ? sel4model_live_caps() : 0;
    return result;
}

static void a_cnode_takes_its_contents_along(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_CapTableObject, 8, first_slot));
    expect_ok(seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, first_slot, 0, 0, 0, 256));
    assert_int_equal(sel4model_live_caps(), baseline + 257);
    expect_ok(delete_cap(first_slot));
    expect_all_gone(untyped);
}

static void copies_keep_a_cnode(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_CapTableObject, 4, first_slot));
    expect_ok(seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, first_slot, 0, 0, 3, 1));
    expect_ok(copy_cap(first_slot + 1, first_slot));
    expect_ok(delete_cap(first_slot));
    expect_ok(seL4_CNode_Move(ROOT, first_slot, DEPTH, first_slot + 1, 3, 4));
    assert_int_equal(kind_at(first_slot), SEL4MODEL_CAP_ENDPOINT);
    expect_ok(delete_cap(first_slot + 1));
    expect_ok(delete_cap(first_slot));
    expect_all_gone(untyped);
}

// A chain of CNodes, each in the one before. Deleting the outermost takes it alone: each one that
// is found inside is put out of reach, holding itself, until the untyped is revoked.
static void a_long_chain(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(22);
    expect_ok(retype(untyped, seL4_CapTableObject, RADIX, first_slot));
    for (seL4_Word i = 1; i < NODES; i++) {
        // The new one replaces the old in the root's slot and takes it in, at a varying place.
        expect_ok(retype(untyped, seL4_CapTableObject, RADIX, first_slot + 1));
        expect_ok(seL4_CNode_Move(first_slot + 1, i % 4, RADIX, ROOT, first_slot, DEPTH));
        expect_ok(move_cap(first_slot, first_slot + 1));
    }
    assert_int_equal(sel4model_live_caps(), baseline + NODES);
    expect_ok(delete_cap(first_slot));
    assert_int_equal(sel4model_live_caps(), baseline + NODES - 1);
    assert_true(cap_at(untyped).has_children);
    expect_ok(revoke_cap(untyped));
    expect_all_gone(untyped);
}

// All in first slots: the swap brings the next one up, and each is caught in turn.
static void a_chain_of_first_slots(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(22);
    expect_ok(retype_many(untyped, seL4_CapTableObject, RADIX, first_slot, 3));
    expect_ok(retype(untyped, seL4_EndpointObject, 0, first_slot + 3));
    for (seL4_Word i = 3; i > 0; i--) {
        expect_ok(seL4_CNode_Move(first_slot + i - 1, 0, RADIX, ROOT, first_slot + i, DEPTH));
    }
    expect_ok(delete_cap(first_slot));
    assert_int_equal(sel4model_live_caps(), baseline + 2); // two zombies; the endpoint is gone
    expect_ok(revoke_cap(untyped));
    expect_all_gone(untyped);
}

static void a_chain_goes_with_its_untyped(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(22);
    expect_ok(retype_many(untyped, seL4_CapTableObject, RADIX, first_slot, 200));
    // Each holds a copy of the next, and the last a copy of the first.
    for (seL4_Word i = 0; i < 200; i++) {
        expect_ok(seL4_CNode_Copy(first_slot + i, i % 4, RADIX, ROOT, first_slot + (i + 1) % 200,
                                  DEPTH, seL4_AllRights));
    }
    expect_ok(revoke_cap(untyped));
    expect_all_gone(untyped);
}

static void cnodes_that_hold_themselves(void **state)
{
    (void)state;
    for (seL4_Word place = 0; place < 4; place++) {
        const seL4_CPtr untyped = ram(19);
        expect_ok(retype(untyped, seL4_CapTableObject, RADIX, first_slot));
        expect_ok(
            seL4_CNode_Copy(first_slot, place, RADIX, ROOT, first_slot, DEPTH, seL4_AllRights));
        expect_ok(seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, first_slot, 0, 0,
                                      (place + 1) % 4, 1));
        // Out of reach, but alive: the memory stays blocked until the untyped is revoked.
        expect_ok(delete_cap(first_slot));
        assert_int_equal(sel4model_live_caps(), baseline + 2);
        assert_true(cap_at(untyped).has_children);
        expect_ok(revoke_cap(untyped));
        expect_all_gone(untyped);
    }
}

// The only capability to a CNode is inside it, and it is deleted from there.
static void cnodes_that_only_they_hold(void **state)
{
    (void)state;
    for (seL4_Word place = 0; place < 4; place++) {
        const seL4_CPtr untyped = ram(19);
        expect_ok(retype(untyped, seL4_CapTableObject, RADIX, first_slot));
        expect_ok(seL4_CNode_Copy(first_slot, (place + 2) % 4, RADIX, ROOT, VSPACE, DEPTH,
                                  seL4_AllRights));
        expect_ok(seL4_CNode_Move(first_slot, place, RADIX, ROOT, first_slot, DEPTH));
        expect_ok(revoke_cap(untyped));
        expect_all_gone(untyped);
    }
}

static void cnodes_that_hold_each_other(void **state)
{
    (void)state;
    for (seL4_Word a = 0; a < 4; a++) {
        for (seL4_Word b = 0; b < 4; b++) {
            const seL4_CPtr untyped = ram(19);
            expect_ok(retype_many(untyped, seL4_CapTableObject, RADIX, first_slot, 2));
            expect_ok(
                seL4_CNode_Copy(first_slot, a, RADIX, ROOT, first_slot + 1, DEPTH, seL4_AllRights));
            expect_ok(
                seL4_CNode_Copy(first_slot + 1, b, RADIX, ROOT, first_slot, DEPTH, seL4_AllRights));
            expect_ok(delete_cap(first_slot));
            expect_ok(delete_cap(first_slot + 1));
            assert_int_equal(sel4model_live_caps(), baseline + 2);
            expect_ok(revoke_cap(untyped));
            expect_all_gone(untyped);
        }
    }
}

static void a_tcb_takes_its_capabilities_along(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_TCBObject, 0, first_slot));
    expect_ok(retype(untyped, seL4_CapTableObject, 4, first_slot + 1));
    expect_ok(retype(untyped, SMALL_FRAME, 0, first_slot + 2));
    expect_ok(configure_tcb(first_slot, first_slot + 1, 0, VSPACE, 0, 0x10000, first_slot + 2));
    assert_int_equal(sel4model_live_caps(), baseline + 6);
    assert_false(cap_at(first_slot + 1).is_final);
    expect_ok(delete_cap(first_slot + 2));
    expect_ok(delete_cap(first_slot));
    assert_int_equal(sel4model_live_caps(), baseline + 1);
    expect_ok(delete_cap(first_slot + 1));
    expect_all_gone(untyped);

    // The last capability to a CNode is in the TCB: the CNode outlives it, out of reach.
    expect_ok(retype(untyped, seL4_TCBObject, 0, first_slot));
    expect_ok(retype(untyped, seL4_CapTableObject, 4, first_slot + 1));
    expect_ok(seL4_TCB_SetSpace(first_slot, 0, first_slot + 1, 0, VSPACE, 0));
    expect_ok(delete_cap(first_slot + 1));
    expect_ok(delete_cap(first_slot));
    assert_int_equal(sel4model_live_caps(), baseline + 1);
    expect_ok(revoke_cap(untyped));
    expect_all_gone(untyped);
}

// A TCB whose CSpace is the only holder of the TCB's capability.
static void a_tcb_in_its_own_cspace(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_TCBObject, 0, first_slot));
    expect_ok(retype(untyped, seL4_CapTableObject, 4, first_slot + 1));
    expect_ok(seL4_TCB_SetSpace(first_slot, 0, first_slot + 1, 0, VSPACE, 0));
    expect_ok(seL4_TCB_Resume(first_slot));
    expect_ok(seL4_CNode_Move(first_slot + 1, 7, 4, ROOT, first_slot, DEPTH));
    expect_ok(delete_cap(first_slot + 1));
    assert_true(sel4model_live_caps() > baseline);
    expect_ok(revoke_cap(untyped));
    expect_all_gone(untyped);
}

static void delete_own_tcb(void)
{
    (void)delete_cap(seL4_CapInitThreadTCB);
}

static void delete_own_pool(void)
{
    (void)delete_cap(seL4_CapInitThreadASIDPool);
}

static void the_thread_cannot_outlive_itself(void **state)
{
    (void)state;
    expect_stop(delete_own_tcb, "the calling thread's TCB was deleted");
    expect_stop(delete_own_pool, "the calling thread's VSpace lost its ASID");
}

// The thread runs in a CSpace that holds the untyped it was made of, and revokes that: the slot
// being revoked dies in the course. The invocation succeeds; the next one faults.
static void revoke_own_cspace(void)
{
    const seL4_CPtr untyped = ram(19);
    const seL4_Word guard = seL4_CNode_CapData_new(0, 60).words[0];
    expect_ok(retype(untyped, seL4_CapTableObject, 4, first_slot));
    expect_ok(mint_cap(first_slot + 1, first_slot, guard));
    expect_ok(seL4_CNode_Move(first_slot, 5, 4, ROOT, untyped, DEPTH));
    expect_ok(seL4_CNode_Copy(first_slot, 6, 4, ROOT, first_slot + 1, DEPTH, seL4_AllRights));
    expect_ok(seL4_TCB_SetSpace(seL4_CapInitThreadTCB, 0, first_slot + 1, 0, VSPACE, 0));
    expect_ok(seL4_CNode_Revoke(6, 5, DEPTH));
    (void)seL4_CNode_Revoke(6, 5, DEPTH);
}

static void a_cspace_can_be_revoked_from_inside(void **state)
{
    (void)state;
    expect_stop(revoke_own_cspace,
                "seL4_CNode_Revoke: capability fault: CPtr 0x6: the calling thread has no CSpace");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_cnode_takes_its_contents_along, set_up, shut_down),
        cmocka_unit_test_setup_teardown(copies_keep_a_cnode, set_up, shut_down),
        cmocka_unit_test_setup_teardown(a_long_chain, set_up, shut_down),
        cmocka_unit_test_setup_teardown(a_chain_of_first_slots, set_up, shut_down),
        cmocka_unit_test_setup_teardown(a_chain_goes_with_its_untyped, set_up, shut_down),
        cmocka_unit_test_setup_teardown(cnodes_that_hold_themselves, set_up, shut_down),
        cmocka_unit_test_setup_teardown(cnodes_that_only_they_hold, set_up, shut_down),
        cmocka_unit_test_setup_teardown(cnodes_that_hold_each_other, set_up, shut_down),
        cmocka_unit_test_setup_teardown(a_tcb_takes_its_capabilities_along, set_up, shut_down),
        cmocka_unit_test_setup_teardown(a_tcb_in_its_own_cspace, set_up, shut_down),
        cmocka_unit_test_setup_teardown(the_thread_cannot_outlive_itself, set_up, shut_down),
        cmocka_unit_test_setup_teardown(a_cspace_can_be_revoked_from_inside, set_up, shut_down),
    };
    return cmocka_run_group_tests_name("model: delete", tests, NULL, NULL);
}
