/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Hypervisors: virtual CPUs, their guests' faults, and what a hypervisor cannot flush.
#include "model_test.h"

#include <sel4model/snapshot.h>

static void make(seL4_Word slot)
{
    expect_ok(retype(ram(18), seL4_ARM_VCPUObject, 0, slot));
}

static seL4_Word read_register(seL4_CPtr vcpu, seL4_VCPUReg field)
{
    const seL4_ARM_VCPU_ReadRegs_t result = seL4_ARM_VCPU_ReadRegs(vcpu, field);
    assert_int_equal(result.error, seL4_NoError);
    return result.value;
}

static void objects(void **state)
{
    (void)state;
    make(first_slot);
    const struct sel4model_cap cap = cap_at(first_slot);
    assert_int_equal(cap.kind, SEL4MODEL_CAP_VCPU);
    assert_int_equal(cap.object_type, seL4_ARM_VCPUObject);
    assert_int_equal(cap.size_bits, seL4_VCPUBits);
    assert_true(cap.is_final);
    assert_int_equal(seL4_DebugCapIdentify(first_slot), 15);
    expect_argument(retype(small_device(), seL4_ARM_VCPUObject, 0, first_slot + 1), 1);
    expect_error(seL4_TCB_Suspend(first_slot), seL4_IllegalOperation);
    expect_error(seL4_ARM_VCPU_AckVPPI(seL4_CapInitThreadTCB, 27), seL4_IllegalOperation);

    // It lives as long as there is a capability to it.
    expect_ok(seL4_ARM_VCPU_WriteRegs(first_slot, seL4_VCPUReg_TCR, 1234));
    expect_ok(copy_cap(first_slot + 1, first_slot));
    assert_false(cap_at(first_slot).is_final);
    expect_ok(delete_cap(first_slot));
    assert_int_equal(read_register(first_slot + 1, seL4_VCPUReg_TCR), 1234);
    expect_ok(revoke_cap(ram(18)));
    expect_empty(first_slot + 1);
}

static void registers(void **state)
{
    (void)state;
    make(first_slot);
    assert_int_equal(read_register(first_slot, seL4_VCPUReg_SCTLR), 0x34d58820);
    for (int field = 1; field < seL4_VCPUReg_Num; field++) {
        assert_int_equal(read_register(first_slot, (seL4_VCPUReg)field), 0);
        expect_ok(seL4_ARM_VCPU_WriteRegs(first_slot, (seL4_VCPUReg)field, ~(seL4_Word)field));
    }
    for (int field = 1; field < seL4_VCPUReg_Num; field++) {
        assert_int_equal(read_register(first_slot, (seL4_VCPUReg)field), ~(seL4_Word)field);
    }
    expect_argument(seL4_ARM_VCPU_WriteRegs(first_slot, seL4_VCPUReg_Num, 0), 1);
    expect_argument(seL4_ARM_VCPU_ReadRegs(first_slot, seL4_VCPUReg_Num).error, 1);
}

// Who is bound shows nowhere but in that none of this goes wrong: each delete undoes a binding.
static void bindings(void **state)
{
    (void)state;
    enum { ONE = 0, OTHER = 1, TCB = 2, SECOND_TCB = 3 };
    const seL4_CPtr untyped = ram(18);
    expect_ok(retype_many(untyped, seL4_ARM_VCPUObject, 0, first_slot + ONE, 2));
    expect_ok(retype_many(untyped, seL4_TCBObject, 0, first_slot + TCB, 2));
    expect_error(seL4_ARM_VCPU_SetTCB(first_slot, first_slot + OTHER), seL4_IllegalOperation);
    expect_error(seL4_ARM_VCPU_SetTCB(first_slot, 0), seL4_IllegalOperation);
    expect_ok(seL4_ARM_VCPU_SetTCB(first_slot + ONE, first_slot + TCB));
    expect_ok(seL4_ARM_VCPU_SetTCB(first_slot + ONE, first_slot + TCB)); // again
    expect_ok(seL4_ARM_VCPU_SetTCB(first_slot + OTHER, first_slot + TCB));
    expect_ok(seL4_ARM_VCPU_SetTCB(first_slot + ONE, first_slot + SECOND_TCB));
    expect_ok(seL4_ARM_VCPU_SetTCB(first_slot + ONE, first_slot + TCB)); // unbinds two
    expect_ok(delete_cap(first_slot + SECOND_TCB));
    expect_ok(delete_cap(first_slot + TCB));
    expect_ok(retype(untyped, seL4_TCBObject, 0, first_slot + TCB));
    expect_ok(seL4_ARM_VCPU_SetTCB(first_slot + ONE, first_slot + TCB));
    expect_ok(delete_cap(first_slot + ONE));
    expect_ok(seL4_ARM_VCPU_SetTCB(first_slot + OTHER, first_slot + TCB));
    expect_ok(revoke_cap(untyped));
}

static void bind_the_caller(void)
{
    (void)seL4_ARM_VCPU_SetTCB(first_slot, seL4_CapInitThreadTCB);
}

static void the_caller_is_no_guest(void **state)
{
    (void)state;
    make(first_slot);
    expect_stop(bind_the_caller, "seL4_ARM_VCPU_SetTCB: the calling thread becomes a guest");
}

static seL4_Word status_of(seL4_CPtr tcb)
{
    seL4_UserContext context = {0};
    expect_ok(seL4_TCB_ReadRegisters(tcb, 0, 0, 4, &context));
    return context.spsr;
}

static void write_status(seL4_CPtr tcb, seL4_Word status)
{
    seL4_UserContext context = {.spsr = status};
    expect_ok(seL4_TCB_WriteRegisters(tcb, 0, 0, 4, &context));
}

// A guest may be in EL1; who is none any more, no longer. The answers of a real kernel.
static void status_of_guests(void **state)
{
    (void)state;
    const seL4_CPtr tcb = first_slot + 1;
    make(first_slot);
    expect_ok(retype_many(ram(21), seL4_TCBObject, 0, tcb, 2));
    write_status(tcb, 0x3c5);
    assert_int_equal(status_of(tcb), 0x40);
    expect_ok(seL4_ARM_VCPU_SetTCB(first_slot, tcb));
    for (seL4_Word mode = 0; mode < 16; mode++) {
        const bool is_guest = mode == 0 || mode == 4 || mode == 5;
        write_status(tcb, 0x300003c0 | mode);
        assert_int_equal(status_of(tcb), is_guest ? 0x300003c0 | mode : 0x30000040);
    }
    write_status(tcb, 0x300003c5);
    expect_ok(seL4_ARM_VCPU_SetTCB(first_slot, tcb + 1));
    assert_int_equal(status_of(tcb), 0x30000040);
    write_status(tcb + 1, 0x3c5);
    expect_ok(delete_cap(first_slot));
    assert_int_equal(status_of(tcb + 1), 0x40);
}

static void interrupts(void **state)
{
    (void)state;
    make(first_slot);
    expect_ok(seL4_ARM_VCPU_InjectIRQ(first_slot, 1023, 31, 1, 3));
    expect_ok(seL4_ARM_VCPU_InjectIRQ(first_slot, 27, 0, 0, 3)); // pending is not in use
    expect_range(seL4_ARM_VCPU_InjectIRQ(first_slot, 1024, 32, 2, 4), 0, 1023);
    expect_range(seL4_ARM_VCPU_InjectIRQ(first_slot, 0, 32, 2, 4), 0, 31);
    expect_range(seL4_ARM_VCPU_InjectIRQ(first_slot, 0, 0, 2, 4), 0, 1);
    expect_range(seL4_ARM_VCPU_InjectIRQ(first_slot, 0, 0, 0, 4), 0, 3);
    expect_ok(seL4_ARM_VCPU_AckVPPI(first_slot, 27));
    expect_argument(seL4_ARM_VCPU_AckVPPI(first_slot, 26), 0);
    expect_range(seL4_ARM_VCPU_AckVPPI(first_slot, 160), 0, 159);
}

static void snapshots(void **state)
{
    (void)state;
    make(first_slot);
    expect_ok(retype(ram(18), seL4_TCBObject, 0, first_slot + 1));
    expect_ok(seL4_ARM_VCPU_SetTCB(first_slot, first_slot + 1));
    expect_ok(seL4_ARM_VCPU_WriteRegs(first_slot, seL4_VCPUReg_FAR, 7));
    struct sel4model_snapshot *const snapshot = sel4model_snapshot_take();
    assert_non_null(snapshot);
    expect_ok(seL4_ARM_VCPU_WriteRegs(first_slot, seL4_VCPUReg_FAR, 8));
    expect_ok(delete_cap(first_slot));
    assert_true(sel4model_snapshot_restore(snapshot));
    assert_int_equal(read_register(first_slot, seL4_VCPUReg_FAR), 7);
    expect_ok(delete_cap(first_slot + 1)); // still bound
    expect_ok(delete_cap(first_slot));
    sel4model_snapshot_free(snapshot);
}

// Device memory that the kernel has not mapped for itself.
static seL4_Word map_far_device(void)
{
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)bootinfo + 8192 + 4096;
    const seL4_Word count = bootinfo->untyped.end - bootinfo->untyped.start;
    seL4_CPtr far = 0;
    for (seL4_Word i = 0; i < count; i++) {
        if (bootinfo->untypedList[i].paddr == (seL4_Word)1 << 39) {
            far = bootinfo->untyped.start + i;
        }
    }
    assert_int_not_equal(far, 0);
    expect_ok(retype(far, SMALL_FRAME, 0, first_slot));
    expect_ok(page_map(first_slot, VSPACE, vaddr, seL4_ReadWrite));
    return vaddr;
}

static void flush_far_device(void)
{
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)bootinfo + 8192 + 4096;
    (void)seL4_ARM_VSpace_Clean_Data(VSPACE, vaddr, vaddr + 64);
}

static void far_devices_are_not_flushed(void **state)
{
    (void)state;
    const seL4_Word vaddr = map_far_device();
    expect_error(seL4_ARM_Page_Clean_Data(first_slot, 0, 64), seL4_IllegalOperation);
    expect_argument(seL4_ARM_Page_Clean_Data(first_slot, 0, 4097), 0); // that is looked at first
    expect_stop(flush_far_device, "seL4_ARM_VSpace_Clean_Data: a hypervisor that flushes this");
    // Nothing is mapped there.
    expect_ok(page_unmap(first_slot));
    expect_ok(seL4_ARM_VSpace_Clean_Data(VSPACE, vaddr, vaddr + 64));
}

static seL4_Fault_t fault_of(seL4_Word label, seL4_Word word)
{
    seL4_SetMR(0, word);
    return seL4_getFault(seL4_MessageInfo_new(label, 0, 0, 1));
}

static void faults_of_guests(void **state)
{
    (void)state;
#ifdef CONFIG_KERNEL_MCS
    enum { FIRST = 7 };
#else
    enum { FIRST = 6 };
#endif
    assert_int_equal(seL4_Fault_VGICMaintenance, FIRST);
    assert_int_equal(seL4_Fault_VCPUFault, FIRST + 1);
    assert_int_equal(seL4_Fault_VPPIEvent, FIRST + 2);
    seL4_Fault_t fault = fault_of(seL4_Fault_VGICMaintenance, 3);
    assert_int_equal(seL4_Fault_get_seL4_FaultType(fault), seL4_Fault_VGICMaintenance);
    assert_int_equal(seL4_Fault_VGICMaintenance_get_IDX(fault), 3);
    fault = fault_of(seL4_Fault_VCPUFault, 0x92000045);
    assert_int_equal(seL4_Fault_get_seL4_FaultType(fault), seL4_Fault_VCPUFault);
    assert_int_equal(seL4_Fault_VCPUFault_get_HSR(fault), 0x92000045);
    fault = fault_of(seL4_Fault_VPPIEvent, 27);
    assert_int_equal(seL4_Fault_get_seL4_FaultType(fault), seL4_Fault_VPPIEvent);
    assert_int_equal(seL4_Fault_VPPIEvent_get_irq(fault), 27);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(objects),
        model_test(registers),
        model_test(bindings),
        model_test(status_of_guests),
        model_test(the_caller_is_no_guest),
        model_test(interrupts),
        model_test(snapshots),
        model_test(far_devices_are_not_flushed),
        model_test(faults_of_guests),
    };
    return cmocka_run_group_tests_name("model: virtual CPUs", tests, NULL, NULL);
}
