/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Interrupts and IO ports of the PC, and debug calls.
#include "model_test.h"

static seL4_Error get_ioapic(seL4_Word slot, seL4_Word pin, seL4_Word vector)
{
    return seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, ROOT, slot, DEPTH, 0, pin, 0, 1, vector);
}

static void interrupts(void **state)
{
    (void)state;
    // With an IOAPIC there are no handlers for the PIC's interrupts.
    expect_error(seL4_IRQControl_Get(seL4_CapIRQControl, 1, ROOT, first_slot, DEPTH),
                 seL4_IllegalOperation);
    expect_range(get_ioapic(first_slot, 1, 108), 0, 107);
    expect_ok(get_ioapic(first_slot, 1, 107));
    assert_int_equal(kind_at(first_slot), SEL4MODEL_CAP_IRQ_HANDLER);
    expect_error(get_ioapic(first_slot + 1, 1, 107), seL4_RevokeFirst);
    expect_error(get_ioapic(first_slot, 1, 106), seL4_DeleteFirst);
    expect_range(get_ioapic(first_slot + 1, 24, 106), 0, 23);
    expect_range(
        seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, ROOT, first_slot + 1, DEPTH, 1, 0, 0, 0, 5),
        0, 0);
    expect_range(
        seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, ROOT, first_slot + 1, DEPTH, 0, 0, 2, 0, 5),
        0, 1);
    expect_range(
        seL4_IRQControl_GetMSI(seL4_CapIRQControl, ROOT, first_slot + 1, DEPTH, 0, 32, 0, 0, 5), 0,
        31);
    expect_ok(
        seL4_IRQControl_GetMSI(seL4_CapIRQControl, ROOT, first_slot + 1, DEPTH, 0, 31, 0, 0, 5));
    // Deleting the handler frees the interrupt.
    expect_ok(delete_cap(first_slot));
    expect_ok(get_ioapic(first_slot, 1, 107));
    // Handlers are children of the control capability.
    expect_ok(revoke_cap(seL4_CapIRQControl));
    expect_empty(first_slot);
    expect_empty(first_slot + 1);
}

static void handlers(void **state)
{
    (void)state;
    expect_ok(retype(ram(19), seL4_NotificationObject, 0, first_slot));
    expect_ok(get_ioapic(first_slot + 1, 3, 3));
    expect_ok(copy_cap(first_slot + 2, first_slot + 1));
    expect_capability(seL4_IRQHandler_SetNotification(first_slot + 1, ROOT), 0);
    expect_ok(seL4_IRQHandler_SetNotification(first_slot + 1, first_slot));
    assert_false(cap_at(first_slot).is_final);
    expect_ok(seL4_IRQHandler_SetNotification(first_slot + 2, first_slot));
    expect_ok(seL4_IRQHandler_Ack(first_slot + 2));
    expect_ok(delete_cap(first_slot + 1)); // not the last
    assert_false(cap_at(first_slot).is_final);
    expect_ok(delete_cap(first_slot + 2));
    assert_true(cap_at(first_slot).is_final);
    expect_ok(get_ioapic(first_slot + 1, 3, 3));
    expect_ok(seL4_IRQHandler_SetNotification(first_slot + 1, first_slot));
    expect_ok(seL4_IRQHandler_Clear(first_slot + 1));
    assert_true(cap_at(first_slot).is_final);
    expect_error(seL4_TCB_Resume(first_slot + 1), seL4_IllegalOperation);
}

static seL4_Error issue(seL4_Word slot, seL4_Word first, seL4_Word last)
{
    return seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, first, last, ROOT, slot, DEPTH);
}

static void io_ports(void **state)
{
    (void)state;
    expect_argument(issue(first_slot, 0x61, 0x60), 1);
    expect_ok(issue(first_slot, 0x60, 0x64));
    expect_error(issue(first_slot + 1, 0x64, 0x70), seL4_RevokeFirst);
    expect_error(issue(VSPACE, 0x65, 0x70), seL4_DeleteFirst);
    expect_ok(issue(first_slot + 1, 0x65, 0xffff));
    expect_ok(copy_cap(first_slot + 2, first_slot));
    expect_ok(delete_cap(first_slot));
    expect_error(issue(first_slot, 0x60, 0x60), seL4_RevokeFirst);
    expect_ok(delete_cap(first_slot + 2));
    expect_ok(issue(first_slot, 0x60, 0x60));
    assert_int_equal(seL4_X86_IOPort_In16(first_slot, 0x60).error, seL4_IllegalOperation);
    expect_error(seL4_X86_IOPort_Out8(first_slot, 0x61, 0), seL4_IllegalOperation);
    expect_ok(revoke_cap(seL4_CapIOPortControl));
    expect_empty(first_slot + 1);
    expect_ok(issue(first_slot, 0, 0xffff));
}

static void read_a_port(void)
{
    expect_ok(issue(first_slot, 0x60, 0x64));
    (void)seL4_X86_IOPort_In8(first_slot, 0x60);
}

static void halt(void)
{
    seL4_DebugHalt();
}

static void devices_stop_the_program(void **state)
{
    (void)state;
    expect_stop(read_a_port, "seL4_X86_IOPort_In8 is outside the model");
    expect_stop(halt, "seL4_DebugHalt");
}

static void kinds_as_the_kernel_numbers_them(void **state)
{
    (void)state;
    static const seL4_Uint32 numbers[] = {0, 12, 10, 9, 14, 11, 13, 31, 0, 1, 1, 20, 0, 0, 0, 0};
    for (seL4_CPtr slot = 0; slot < seL4_CapInitThreadSC; slot++) {
        assert_int_equal(seL4_DebugCapIdentify(slot), numbers[slot]);
    }
    assert_int_equal(seL4_DebugCapIdentify(bootinfo->userImagePaging.start), 7);
    assert_int_equal(seL4_DebugCapIdentify(bootinfo->userImagePaging.start + 1), 5);
    assert_int_equal(seL4_DebugCapIdentify(bootinfo->userImagePaging.start + 2), 3);
    assert_int_equal(seL4_DebugCapIdentify(bootinfo->untyped.start), 2);
    assert_int_equal(seL4_DebugCapIdentify(~(seL4_CPtr)0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(interrupts),
        model_test(handlers),
        model_test(io_ports),
        model_test(devices_stop_the_program),
        model_test(kinds_as_the_kernel_numbers_them),
    };
    return cmocka_run_group_tests_name("model: platform", tests, NULL, NULL);
}
