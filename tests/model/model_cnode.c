/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Invocations of CNodes other than Delete and Revoke.
#include "model_test.h"

static seL4_Error rotate(seL4_Word dest, seL4_Word pivot, seL4_Word source)
{
    return seL4_CNode_Rotate(ROOT, dest, DEPTH, 0, ROOT, pivot, DEPTH, 0, ROOT, source, DEPTH);
}

static void make_endpoints(seL4_Word slot, seL4_Word count)
{
    expect_ok(retype_many(ram(19), seL4_EndpointObject, 0, slot, count));
}

static void moving_keeps_the_place_in_the_tree(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_UntypedObject, 14, first_slot));
    expect_ok(retype_many(first_slot, SMALL_FRAME, 0, first_slot + 1, 2));
    expect_ok(move_cap(first_slot + 10, first_slot));
    expect_ok(move_cap(first_slot + 11, first_slot + 2));
    assert_true(cap_at(first_slot + 10).has_children);
    assert_int_equal(cap_at(first_slot + 10).free_offset, 8192);
    expect_empty(first_slot);
    expect_empty(first_slot + 2);
    expect_ok(revoke_cap(first_slot + 10));
    expect_empty(first_slot + 1);
    expect_empty(first_slot + 11);
    expect_ok(revoke_cap(untyped));
    expect_empty(first_slot + 10);
}

static void mutate_moves_and_changes(void **state)
{
    (void)state;
    expect_ok(retype(ram(19), seL4_CapTableObject, 4, first_slot));
    expect_ok(seL4_CNode_Mutate(ROOT, first_slot + 1, DEPTH, ROOT, first_slot, DEPTH,
                                seL4_CNode_CapData_new(3, 2).words[0]));
    expect_empty(first_slot);
    assert_int_equal(cap_at(first_slot + 1).guard, 3);
    // Data means nothing to an untyped.
    expect_ok(seL4_CNode_Mutate(ROOT, first_slot, DEPTH, ROOT, ram(21), DEPTH, ~(seL4_Word)0));
    assert_int_equal(cap_at(first_slot).size_bits, 21);
}

static void rotate_moves_two(void **state)
{
    (void)state;
    make_endpoints(first_slot, 2);
    const uint64_t source = cap_at(first_slot).paddr;
    const uint64_t pivot = cap_at(first_slot + 1).paddr;
    expect_ok(
        seL4_CNode_Mint(ROOT, first_slot + 5, DEPTH, ROOT, first_slot, DEPTH, seL4_AllRights, 4));
    // Source to pivot, pivot to destination. A badge of data 0 is refused all the same.
    expect_error(rotate(first_slot + 2, first_slot + 1, first_slot), seL4_IllegalOperation);
    expect_ok(retype_many(ram(21), SMALL_FRAME, 0, first_slot + 6, 2));
    const uint64_t frame = cap_at(first_slot + 6).paddr;
    expect_ok(rotate(first_slot + 9, first_slot + 7, first_slot + 6));
    expect_empty(first_slot + 6);
    assert_int_equal(cap_at(first_slot + 7).paddr, frame);
    assert_int_equal(cap_at(first_slot + 9).paddr, frame + 4096);
    assert_int_equal(cap_at(first_slot).paddr, source);
    assert_int_equal(cap_at(first_slot + 1).paddr, pivot);
}

// With source and destination the same, the two swap, also when they are neighbours in the tree.
static void rotate_swaps(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_UntypedObject, 16, first_slot));
    expect_ok(retype(first_slot, seL4_UntypedObject, 14, first_slot + 1));
    expect_ok(retype(first_slot + 1, SMALL_FRAME, 0, first_slot + 2));
    for (int round = 0; round < 2; round++) {
        expect_ok(rotate(first_slot, first_slot + 1, first_slot));
        const seL4_Word parent = round == 0 ? first_slot + 1 : first_slot;
        const seL4_Word child = round == 0 ? first_slot : first_slot + 1;
        assert_int_equal(cap_at(parent).size_bits, 16);
        assert_int_equal(cap_at(child).size_bits, 14);
        assert_true(cap_at(parent).has_children);
        assert_true(cap_at(child).has_children);
    }
    expect_ok(rotate(first_slot + 1, first_slot, first_slot + 1)); // the other way round
    assert_int_equal(cap_at(first_slot).size_bits, 14);
    expect_ok(revoke_cap(untyped));
    expect_empty(first_slot);
    expect_empty(first_slot + 1);
    expect_empty(first_slot + 2);
}

static void rotate_checks(void **state)
{
    (void)state;
    expect_ok(retype_many(ram(19), SMALL_FRAME, 0, first_slot, 3));
    const seL4_Word empty = first_slot + 8;
    expect_error(rotate(empty, first_slot, first_slot), seL4_IllegalOperation);
    expect_error(rotate(first_slot, first_slot, first_slot + 1), seL4_IllegalOperation);
    expect_error(rotate(first_slot + 2, first_slot, first_slot + 1), seL4_DeleteFirst);
    expect_missing(rotate(empty, first_slot, empty + 1), 1, DEPTH);
    expect_missing(rotate(empty, empty + 1, first_slot), 0, DEPTH);
    expect_error(seL4_CNode_Rotate(ROOT, empty, DEPTH, 0, ROOT, first_slot, 3, 0, ROOT,
                                   first_slot + 1, DEPTH),
                 seL4_FailedLookup);
    expect_mr(0, 1); // the pivot, too, counts as a source
    expect_mr(1, seL4_GuardMismatch);
}

static void cancel_badged_sends_needs_all_rights(void **state)
{
    (void)state;
    make_endpoints(first_slot, 1);
    expect_ok(seL4_CNode_CancelBadgedSends(ROOT, first_slot, DEPTH));
    expect_ok(seL4_CNode_Copy(ROOT, first_slot + 1, DEPTH, ROOT, first_slot, DEPTH, seL4_NoWrite));
    expect_error(seL4_CNode_CancelBadgedSends(ROOT, first_slot + 1, DEPTH), seL4_IllegalOperation);
    expect_error(seL4_CNode_CancelBadgedSends(ROOT, VSPACE, DEPTH), seL4_IllegalOperation);
    expect_error(seL4_CNode_CancelBadgedSends(ROOT, first_slot + 2, DEPTH), seL4_IllegalOperation);
}

#ifndef CONFIG_KERNEL_MCS
static void save_caller_has_nothing_to_save(void **state)
{
    (void)state;
    expect_ok(seL4_CNode_SaveCaller(ROOT, first_slot, DEPTH));
    expect_empty(first_slot);
    expect_error(seL4_CNode_SaveCaller(ROOT, VSPACE, DEPTH), seL4_DeleteFirst);
}
#endif

static void a_cnode_answers_to_its_own_invocations_only(void **state)
{
    (void)state;
    expect_error(seL4_TCB_Resume(ROOT), seL4_IllegalOperation);
    expect_error(retype(ROOT, seL4_EndpointObject, 0, first_slot), seL4_IllegalOperation);
}

static void ipc_capabilities(void **state)
{
    (void)state;
    expect_ok(retype(ram(19), seL4_NotificationObject, 0, first_slot));
    expect_ok(seL4_TCB_Resume(first_slot)); // a signal, whatever it says
    expect_ok(seL4_CNode_Copy(ROOT, first_slot + 1, DEPTH, ROOT, first_slot, DEPTH, seL4_CanRead));
    expect_capability(seL4_TCB_Resume(first_slot + 1), 0);
    expect_ok(retype(ram(19), seL4_EndpointObject, 0, first_slot + 2));
    expect_ok(
        seL4_CNode_Copy(ROOT, first_slot + 3, DEPTH, ROOT, first_slot + 2, DEPTH, seL4_CanRead));
    expect_capability(seL4_TCB_Resume(first_slot + 3), 0);
}

static void invoke_an_endpoint(void)
{
    expect_ok(retype(ram(19), seL4_EndpointObject, 0, first_slot));
    (void)seL4_TCB_Resume(first_slot);
}

static void call_send(void)
{
    seL4_Send(first_slot, seL4_MessageInfo_new(0, 0, 0, 0));
}

static void call_wait(void)
{
    seL4_Wait(first_slot, NULL);
}

static void call_yield(void)
{
    seL4_Yield();
}

static void ipc_stops_the_program(void **state)
{
    (void)state;
    expect_stop(invoke_an_endpoint, "seL4_TCB_Resume on an endpoint");
    expect_stop(call_send, "seL4_Send is outside the model");
    expect_stop(call_wait, "seL4_Wait is outside the model");
    expect_stop(call_yield, "seL4_Yield is outside the model");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(moving_keeps_the_place_in_the_tree),
        model_test(mutate_moves_and_changes),
        model_test(rotate_moves_two),
        model_test(rotate_swaps),
        model_test(rotate_checks),
        model_test(cancel_badged_sends_needs_all_rights),
#ifndef CONFIG_KERNEL_MCS
        model_test(save_caller_has_nothing_to_save),
#endif
        model_test(a_cnode_answers_to_its_own_invocations_only),
        model_test(ipc_capabilities),
        model_test(ipc_stops_the_program),
    };
    return cmocka_run_group_tests_name("model: cnode", tests, NULL, NULL);
}
