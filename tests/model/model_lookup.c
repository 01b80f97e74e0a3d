/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// CSpace lookup: guards and radices, several levels, what fails and with which words, and faults.
#include "model_test.h"

// Make a CNode of 2^radix slots in `slot`, and give a capability to it with a guard in slot + 1.
static void make_guarded(seL4_Word slot, unsigned radix, seL4_Word guard, unsigned guard_bits)
{
    const seL4_CNode_CapData_t data = seL4_CNode_CapData_new(guard, guard_bits);
    expect_ok(retype(ram(19), seL4_CapTableObject, radix, slot));
    expect_ok(mint_cap(slot + 1, slot, data.words[0]));
}

// The word, and how its bits are used in these tests.
enum { W = seL4_WordBits, ROOT_GUARD = W - 19, LEAF_GUARD = W - 8, INNER_DEPTH = W - 4 };

static void operations_must_use_all_bits(void **state)
{
    (void)state;
    // The root CNode: a guard of zero bits, and 19 bits of radix.
    expect_range(seL4_CNode_Delete(ROOT, first_slot, 0), 1, seL4_WordBits);
    expect_range(seL4_CNode_Delete(ROOT, first_slot, W + 1), 1, seL4_WordBits);
    expect_error(seL4_CNode_Delete(ROOT, first_slot, ROOT_GUARD - 1), seL4_FailedLookup);
    expect_mr(0, 0);
    expect_mr(1, seL4_GuardMismatch);
    expect_mr(2, ROOT_GUARD - 1);
    expect_mr(3, 0);
    expect_mr(4, ROOT_GUARD);
    expect_error(seL4_CNode_Delete(ROOT, first_slot, W - 1), seL4_FailedLookup);
    expect_mr(1, seL4_DepthMismatch);
    expect_mr(2, W - 1);
    expect_mr(3, W);
    expect_error(seL4_CNode_Delete(ROOT, (seL4_Word)1 << 19, W), seL4_FailedLookup);
    expect_mr(1, seL4_GuardMismatch);
    expect_mr(2, W);
    expect_mr(3, 0);
    expect_mr(4, ROOT_GUARD);
}

static void sources_are_told_from_destinations(void **state)
{
    (void)state;
    expect_error(seL4_CNode_Move(ROOT, first_slot, W, ROOT, VSPACE, ROOT_GUARD - 1),
                 seL4_FailedLookup);
    expect_mr(0, 1);
    expect_mr(1, seL4_GuardMismatch);
    expect_error(seL4_CNode_Move(ROOT, first_slot, ROOT_GUARD - 1, ROOT, VSPACE, ROOT_GUARD - 1),
                 seL4_FailedLookup);
    expect_mr(0, 0);
    expect_missing(move_cap(first_slot, first_slot + 1), 1, W);
    expect_error(seL4_CNode_Move(ROOT, first_slot, W, VSPACE, VSPACE, W), seL4_FailedLookup);
    expect_mr(0, 1);
    expect_mr(1, seL4_InvalidRoot);
    expect_mr(2, VSPACE); // argument 2, which the kernel left
    expect_error(move_cap(VSPACE, seL4_CapInitThreadTCB), seL4_DeleteFirst);
    // A full destination is noticed before a missing source.
    expect_error(move_cap(VSPACE, first_slot), seL4_DeleteFirst);
}

static void guards_belong_to_the_capability(void **state)
{
    (void)state;
    make_guarded(first_slot, 4, 0x5, 4);
    assert_int_equal(cap_at(first_slot + 1).guard, 5);
    assert_int_equal(cap_at(first_slot + 1).guard_bits, 4);
    expect_ok(seL4_CNode_Copy(first_slot + 1, 0x53, 8, ROOT, VSPACE, DEPTH, seL4_AllRights));
    expect_error(seL4_CNode_Delete(first_slot + 1, 0x43, 8), seL4_FailedLookup);
    expect_mr(1, seL4_GuardMismatch);
    expect_mr(2, 8);
    expect_mr(3, 5);
    expect_mr(4, 4);
    expect_ok(seL4_CNode_Delete(first_slot, 3, 4)); // the same slot without guard
    expect_ok(seL4_CNode_Move(first_slot, 3, 4, ROOT, first_slot + 1, W));
    expect_ok(seL4_CNode_Move(ROOT, first_slot + 2, W, first_slot, 3, 4));
    assert_int_equal(cap_at(first_slot + 2).guard, 5); // moving keeps the guard
}

static void guards_are_cut_to_their_size(void **state)
{
    (void)state;
    make_guarded(first_slot, 4, 0xabcd, 8);
    assert_int_equal(cap_at(first_slot + 1).guard, 0xcd);
    const seL4_CNode_CapData_t too_long = seL4_CNode_CapData_new(0, W - 3);
    expect_error(mint_cap(first_slot + 2, first_slot, too_long.words[0]), seL4_IllegalOperation);
    const seL4_CNode_CapData_t longest = seL4_CNode_CapData_new(0, W - 4);
    expect_ok(mint_cap(first_slot + 2, first_slot, longest.words[0]));
    expect_ok(seL4_CNode_Mutate(ROOT, first_slot + 3, DEPTH, ROOT, first_slot + 2, DEPTH,
                                seL4_CNode_CapData_new(1, 2).words[0]));
    assert_int_equal(cap_at(first_slot + 3).guard_bits, 2);
}

// A root of 2^4 slots (the guard is the rest) over leaves of 2^4: CPtrs are (i << 4) | j.
static void make_two_levels(void)
{
    make_guarded(first_slot, 4, 0, LEAF_GUARD);
    expect_ok(retype(ram(19), seL4_CapTableObject, 4, first_slot + 2));
    // The leaf hangs in slot 3 of the root; a copy of the TCB's capability is in leaf slot 5.
    expect_ok(seL4_CNode_Copy(first_slot, 3, 4, ROOT, first_slot + 2, DEPTH, seL4_AllRights));
    expect_ok(
        seL4_CNode_Copy(first_slot + 2, 5, 4, ROOT, seL4_CapInitThreadTCB, DEPTH, seL4_AllRights));
    expect_ok(seL4_CNode_Copy(first_slot + 2, 6, 4, ROOT, VSPACE, DEPTH, seL4_AllRights));
    expect_ok(seL4_CNode_Copy(first_slot + 2, 7, 4, ROOT, first_slot + 1, DEPTH, seL4_AllRights));
}

static void two_levels(void **state)
{
    (void)state;
    make_two_levels();
    const seL4_CNode root = first_slot + 1;
    // Index and depth walk through the root into the leaf ...
    expect_ok(seL4_CNode_Move(root, 0x38, W, root, 0x37, W));
    expect_ok(seL4_CNode_Move(root, 0x37, W, root, 0x38, W));
    // ... or stop at the root's slot, where the leaf's capability is.
    expect_error(seL4_CNode_Move(root, 0x3, INNER_DEPTH, root, 0x37, W), seL4_DeleteFirst);
    // An empty slot of the root ends the walk with bits left.
    expect_error(seL4_CNode_Delete(root, 0x20, W), seL4_FailedLookup);
    expect_mr(0, 0);
    expect_mr(1, seL4_DepthMismatch);
    expect_mr(2, 4);
    expect_mr(3, 0);
    // The leaf is too short for what is left.
    expect_error(seL4_CNode_Delete(root, 0x37 >> 2, W - 2), seL4_FailedLookup);
    expect_mr(1, seL4_DepthMismatch);
    expect_mr(2, 2);
    expect_mr(3, 4);
    // Retype into the leaf, from the root and by index.
    expect_ok(seL4_Untyped_Retype(ram(19), seL4_EndpointObject, 0, root, 0x3, INNER_DEPTH, 10, 6));
    expect_missing(seL4_Untyped_Retype(ram(19), seL4_EndpointObject, 0, root, 0x3a, W, 0, 1), 0, W);
    expect_missing(
        seL4_Untyped_Retype(ram(19), seL4_EndpointObject, 0, root, 0x2, INNER_DEPTH, 0, 1), 0,
        INNER_DEPTH);
}

static void switching_to_two_levels(void **state)
{
    (void)state;
    make_two_levels();
    expect_ok(seL4_TCB_SetSpace(seL4_CapInitThreadTCB, 0, first_slot + 1, 0, VSPACE, 0));
    // Now 0x35 is the TCB and 0x37 the root. Old CPtrs are gone.
    expect_ok(seL4_TCB_SetPriority(0x35, 0x35, 3));
    expect_ok(seL4_CNode_Copy(0x37, 0x30, W, 0x37, 0x35, W, seL4_AllRights));
    assert_int_equal(seL4_DebugCapIdentify(0x30), 12);
    assert_int_equal(seL4_DebugCapIdentify(0x40), 0);
    // An interior slot cannot be invoked: the walk goes on to slot 0 of the leaf.
    expect_ok(seL4_TCB_SetPriority(0x30, 0x35, 4));
    expect_capability(seL4_TCB_SetPriority(0x31, 0x35, 4), 0);
    // Leftover bits do not matter to an invocation.
    expect_ok(seL4_CNode_Delete(0x37, 0x30, W));
}

static void leftover_bits_of_an_invocation_are_ignored(void **state)
{
    (void)state;
    // Without guard a CNode of 2^4 slots resolves the top four bits.
    expect_ok(retype(ram(19), seL4_CapTableObject, 4, first_slot));
    expect_ok(
        seL4_CNode_Copy(first_slot, 9, 4, ROOT, seL4_CapInitThreadTCB, DEPTH, seL4_AllRights));
    expect_ok(seL4_TCB_SetSpace(seL4_CapInitThreadTCB, 0, first_slot, 0, VSPACE, 0));
    const seL4_CPtr thread = (seL4_CPtr)9 << (W - 4);
    expect_ok(seL4_TCB_SetPriority(thread, thread + 1, 3));
    expect_ok(seL4_TCB_SetPriority(thread + 0x1234567, thread + 0xfffffff, 3));
}

static void guard_fault(void)
{
    (void)seL4_TCB_Resume((seL4_CPtr)1 << 19);
}

static void guard_fault_of_an_extra_capability(void)
{
    (void)seL4_TCB_SetPriority(seL4_CapInitThreadTCB, (seL4_CPtr)1 << (W - 1), 1);
}

static void depth_fault(void)
{
    make_guarded(first_slot, 4, 0, LEAF_GUARD);
    expect_ok(retype(ram(19), seL4_CapTableObject, 8, first_slot + 2));
    expect_ok(seL4_CNode_Copy(first_slot, 3, 4, ROOT, first_slot + 2, DEPTH, seL4_AllRights));
    expect_ok(seL4_TCB_SetSpace(seL4_CapInitThreadTCB, 0, first_slot + 1, 0, VSPACE, 0));
    (void)seL4_TCB_Resume(0x30);
}

static void fault_without_cspace(void)
{
    (void)revoke_cap(ROOT); // takes the copy in the TCB
    (void)seL4_TCB_Resume(seL4_CapInitThreadTCB);
}

static void unresolved_cptrs_stop_the_program(void **state)
{
    (void)state;
    expect_stop(guard_fault,
                W == 64 ? "seL4_TCB_Resume: capability fault: CPtr 0x80000: guard mismatch after "
                          "0 bits: the CNode there expects 45 guard bits of value 0x0"
                        : "seL4_TCB_Resume: capability fault: CPtr 0x80000: guard mismatch after "
                          "0 bits: the CNode there expects 13 guard bits of value 0x0");
    expect_stop(
        guard_fault_of_an_extra_capability,
        W == 64 ? "seL4_TCB_SetPriority: capability fault: CPtr 0x8000000000000000: guard mismatch"
                : "seL4_TCB_SetPriority: capability fault: CPtr 0x80000000: guard mismatch");
    expect_stop(depth_fault,
                W == 64 ? "CPtr 0x30: depth mismatch after 60 bits: the CNode there takes 8 bits "
                          "(guard and radix), 4 are left"
                        : "CPtr 0x30: depth mismatch after 28 bits: the CNode there takes 8 bits "
                          "(guard and radix), 4 are left");
    expect_stop(fault_without_cspace, "CPtr 0x1: the calling thread has no CSpace");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(operations_must_use_all_bits),
        model_test(sources_are_told_from_destinations),
        model_test(guards_belong_to_the_capability),
        model_test(guards_are_cut_to_their_size),
        model_test(two_levels),
        model_test(switching_to_two_levels),
        model_test(leftover_bits_of_an_invocation_are_ignored),
        model_test(unresolved_cptrs_stop_the_program),
    };
    return cmocka_run_group_tests_name("model: lookup", tests, NULL, NULL);
}
