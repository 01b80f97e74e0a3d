/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// TCBs: moving the calling thread to another CSpace, and the books about threads that never run.
#include "model_test.h"

static seL4_Word tcb;

static int set_up(void **state)
{
    if (boot_machine(state) != 0) {
        return -1;
    }
    tcb = first_slot;
    return retype(ram(19), seL4_TCBObject, 0, tcb) == seL4_NoError ? 0 : -1;
}

static void a_new_one_level_cspace(void **state)
{
    (void)state;
    const seL4_CNode_CapData_t guard = seL4_CNode_CapData_new(0, seL4_WordBits - 8);
    expect_ok(retype(ram(21), seL4_CapTableObject, 8, first_slot + 1));
    expect_ok(mint_cap(first_slot + 2, first_slot + 1, guard.words[0]));
    for (seL4_Word slot = 1; slot < 16; slot++) {
        if (kind_at(slot) != SEL4MODEL_CAP_NULL && slot != ROOT) {
            expect_ok(seL4_CNode_Move(first_slot + 1, slot, 8, ROOT, slot, DEPTH));
        }
    }
    expect_ok(seL4_CNode_Move(first_slot + 1, 20, 8, ROOT, ROOT, DEPTH));
    // Nothing but the TCB's copy is left in the old one; the CPtr 2 is gone until the switch.
    expect_capability(copy_cap(first_slot, first_slot + 2), 0);
}

static void switching(void **state)
{
    (void)state;
    const seL4_CNode_CapData_t guard = seL4_CNode_CapData_new(0, seL4_WordBits - 8);
    expect_ok(retype(ram(21), seL4_CapTableObject, 8, first_slot + 1));
    expect_ok(mint_cap(first_slot + 2, first_slot + 1, guard.words[0]));
    expect_ok(seL4_CNode_Copy(first_slot + 1, 2, 8, ROOT, first_slot + 2, DEPTH, seL4_AllRights));
    expect_ok(
        seL4_CNode_Copy(first_slot + 1, 1, 8, ROOT, seL4_CapInitThreadTCB, DEPTH, seL4_AllRights));
    expect_ok(seL4_CNode_Copy(first_slot + 1, 4, 8, ROOT, ROOT, DEPTH, seL4_AllRights));
    expect_ok(seL4_TCB_SetSpace(seL4_CapInitThreadTCB, 0, first_slot + 2, 0, VSPACE, 0));
    assert_int_equal(kind_at(1), SEL4MODEL_CAP_TCB);
    expect_empty(VSPACE);
    // The old CSpace is an ordinary CNode now.
    expect_ok(seL4_CNode_Move(ROOT, VSPACE, DEPTH, 4, VSPACE, DEPTH));
    expect_ok(seL4_TCB_SetSpace(1, 0, 4, 0, VSPACE, 0)); // and back
    assert_int_equal(kind_at(first_slot + 2), SEL4MODEL_CAP_CNODE);
}

// The guard can be given along.
static void set_space_with_data(void **state)
{
    (void)state;
    const seL4_CNode_CapData_t guard = seL4_CNode_CapData_new(0, seL4_WordBits - 8);
    expect_ok(retype(ram(21), seL4_CapTableObject, 8, first_slot + 1));
    expect_ok(seL4_CNode_Copy(first_slot + 1, 7, 8, ROOT, VSPACE, DEPTH, seL4_AllRights));
    expect_ok(
        seL4_TCB_SetSpace(seL4_CapInitThreadTCB, 0, first_slot + 1, guard.words[0], VSPACE, 0));
    assert_int_equal(seL4_DebugCapIdentify(7), VSPACE_NUMBER);
}

static void set_space_checks(void **state)
{
    (void)state;
    const seL4_CNode_CapData_t too_long = seL4_CNode_CapData_new(0, seL4_WordBits - 1);
    expect_ok(retype(ram(21), VSPACE_ROOT, 0, first_slot + 1));
    expect_ok(retype(ram(21), seL4_CapTableObject, 4, first_slot + 2));
    expect_error(seL4_TCB_SetSpace(tcb, 0, VSPACE, 0, VSPACE, 0), seL4_IllegalOperation);
    expect_error(seL4_TCB_SetSpace(tcb, 0, ROOT, too_long.words[0], VSPACE, 0),
                 seL4_IllegalOperation);
    expect_error(seL4_TCB_SetSpace(tcb, 0, ROOT, 0, first_slot + 1, 0), seL4_IllegalOperation);
    expect_error(seL4_TCB_SetSpace(tcb, 0, ROOT, 0, ROOT, 0), seL4_IllegalOperation);
    expect_error(seL4_TCB_SetSpace(tcb, 0, ram(19), 0, VSPACE, 0), seL4_RevokeFirst);
    expect_error(seL4_TCB_SetSpace(tcb, 0, first_slot + 9, 0, VSPACE, 0), seL4_IllegalOperation);
    // A CSpace of which the TCB holds the last capability is not let go of in passing.
    expect_ok(seL4_TCB_SetSpace(tcb, 0, first_slot + 2, 0, VSPACE, 0));
    expect_ok(delete_cap(first_slot + 2));
    expect_error(seL4_TCB_SetSpace(tcb, 0, ROOT, 0, VSPACE, 0), seL4_IllegalOperation);
}

static void ipc_buffers(void **state)
{
    (void)state;
    expect_ok(retype(ram(21), SMALL_FRAME, 0, first_slot + 1));
    expect_ok(retype(small_device(), SMALL_FRAME, 0, first_slot + 2));
    expect_error(seL4_TCB_SetIPCBuffer(tcb, 0x1000, ROOT), seL4_IllegalOperation);
    expect_error(seL4_TCB_SetIPCBuffer(tcb, 0x1000, first_slot + 2), seL4_IllegalOperation);
    expect_error(seL4_TCB_SetIPCBuffer(tcb, 0x1100, first_slot + 1), seL4_AlignmentError);
    expect_ok(seL4_TCB_SetIPCBuffer(tcb, 0x1400, first_slot + 1));
    assert_true(cap_at(first_slot + 1).has_children);
    assert_false(cap_at(first_slot + 1).is_final); // the TCB has a copy
    expect_ok(seL4_TCB_SetIPCBuffer(tcb, 0, 0));
    assert_true(cap_at(first_slot + 1).is_final);
    expect_error(configure_tcb(tcb, ROOT, 0, VSPACE, 0, 0x1001, first_slot + 1),
                 seL4_AlignmentError);
    expect_error(configure_tcb(tcb, VSPACE, 0, VSPACE, 0, 0x1000, first_slot + 1),
                 seL4_IllegalOperation);
    expect_ok(configure_tcb(tcb, ROOT, 0, VSPACE, 0, 0x1000, first_slot + 1));
    expect_ok(configure_tcb(tcb, ROOT, 0, VSPACE, 0, 0, 0));
}

static void priorities(void **state)
{
    (void)state;
    expect_capability(seL4_TCB_SetPriority(tcb, ROOT, 5), 1);
    expect_range(seL4_TCB_SetPriority(tcb, tcb, 5), 0, 0); // a new thread's limit is 0
    expect_range(seL4_TCB_SetMCPriority(tcb, seL4_CapInitThreadTCB, 256), 0, 255);
    expect_ok(seL4_TCB_SetMCPriority(tcb, seL4_CapInitThreadTCB, 100));
    expect_ok(seL4_TCB_SetPriority(tcb, tcb, 100));
    expect_range(seL4_TCB_SetPriority(tcb, tcb, 101), 0, 100);
    expect_range(set_sched_params(tcb, tcb, 101, 0), 0, 100);
    expect_range(set_sched_params(tcb, tcb, 0, 101), 0, 100);
    expect_ok(set_sched_params(tcb, seL4_CapInitThreadTCB, 255, 255));
}

static void bound_notifications(void **state)
{
    (void)state;
    expect_ok(retype(ram(21), seL4_NotificationObject, 0, first_slot + 1));
    expect_ok(retype(ram(21), seL4_TCBObject, 0, first_slot + 2));
    expect_error(seL4_TCB_UnbindNotification(tcb), seL4_IllegalOperation);
    expect_error(seL4_TCB_BindNotification(tcb, ROOT), seL4_IllegalOperation);
    expect_ok(seL4_TCB_BindNotification(tcb, first_slot + 1));
    expect_error(seL4_TCB_BindNotification(tcb, first_slot + 1), seL4_IllegalOperation);
    expect_error(seL4_TCB_BindNotification(first_slot + 2, first_slot + 1), seL4_IllegalOperation);
    expect_ok(delete_cap(first_slot + 1)); // unbinds
    expect_error(seL4_TCB_UnbindNotification(tcb), seL4_IllegalOperation);
    expect_ok(retype(ram(21), seL4_NotificationObject, 0, first_slot + 1));
    expect_ok(seL4_TCB_BindNotification(tcb, first_slot + 1));
    expect_ok(delete_cap(tcb)); // so does this
    expect_ok(seL4_TCB_BindNotification(first_slot + 2, first_slot + 1));
    expect_ok(seL4_TCB_UnbindNotification(first_slot + 2));
}

static void the_rest_is_accepted(void **state)
{
    (void)state;
    expect_ok(seL4_TCB_Resume(tcb));
    expect_ok(seL4_TCB_Suspend(tcb));
    expect_ok(seL4_TCB_SetTLSBase(tcb, 0x1234));
    assert_int_equal(seL4_TCB_SetFlags(tcb, 0, 1).flags, 1 & seL4_TCBFlag_MASK);
    assert_int_equal(seL4_TCB_SetFlags(tcb, 1, 2).flags, 0);
    expect_error(page_unmap(tcb), seL4_IllegalOperation);
    seL4_DebugNameThread(tcb, "a thread");
    expect_ok(seL4_DomainSet_Set(seL4_CapDomain, 0, tcb));
    expect_argument(seL4_DomainSet_Set(seL4_CapDomain, 1, tcb), 0);
    expect_argument(seL4_DomainSet_Set(seL4_CapDomain, 0, ROOT), 1);
    expect_error(seL4_TCB_Resume(seL4_CapDomain), seL4_IllegalOperation);
}

static void suspend_oneself(void)
{
    (void)seL4_TCB_Suspend(seL4_CapInitThreadTCB);
}

static void move_oneself(void)
{
    expect_ok(retype(ram(21), VSPACE_ROOT, 0, first_slot + 1));
    expect_ok(assign_asid(seL4_CapInitThreadASIDPool, first_slot + 1));
    (void)seL4_TCB_SetSpace(seL4_CapInitThreadTCB, 0, ROOT, 0, first_slot + 1, 0);
}

static void name_no_thread(void)
{
    seL4_DebugNameThread(ROOT, "x");
}

static void without_buffer_pointer(void)
{
    seL4_SetIPCBuffer(NULL);
    (void)retype(ram(21), seL4_EndpointObject, 0, first_slot + 1);
}

static void what_ends_the_thread(void **state)
{
    (void)state;
    expect_stop(suspend_oneself, "the calling thread suspended itself");
    expect_stop(move_oneself, "moves to another VSpace");
    expect_stop(name_no_thread, "is no TCB");
    expect_stop(without_buffer_pointer, "has set no IPC buffer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_one_level_cspace, set_up, shut_down),
        cmocka_unit_test_setup_teardown(switching, set_up, shut_down),
        cmocka_unit_test_setup_teardown(set_space_with_data, set_up, shut_down),
        cmocka_unit_test_setup_teardown(set_space_checks, set_up, shut_down),
        cmocka_unit_test_setup_teardown(ipc_buffers, set_up, shut_down),
        cmocka_unit_test_setup_teardown(priorities, set_up, shut_down),
        cmocka_unit_test_setup_teardown(bound_notifications, set_up, shut_down),
        cmocka_unit_test_setup_teardown(the_rest_is_accepted, set_up, shut_down),
        cmocka_unit_test_setup_teardown(what_ends_the_thread, set_up, shut_down),
    };
    return cmocka_run_group_tests_name("model: tcb", tests, NULL, NULL);
}
