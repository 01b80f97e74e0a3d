/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Interrupts, software-generated interrupts and cache maintenance of aarch64.
#include "model_test.h"

// At EL1 an invalidation needs a mapping for writing; a hypervisor does not go through mappings.
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
#define IF_READ_ONLY(call) expect_ok(call)
#else
#define IF_READ_ONLY(call) expect_error(call, seL4_IllegalOperation)
#endif

static seL4_Error get(seL4_Word slot, seL4_Word irq)
{
    return seL4_IRQControl_GetTrigger(seL4_CapIRQControl, irq, 1, ROOT, slot, DEPTH);
}

static seL4_Error issue(seL4_Word slot, seL4_Word irq, seL4_Word target)
{
    return seL4_IRQControl_IssueSGISignal(seL4_CapIRQControl, irq, target, ROOT, slot, DEPTH);
}

static void interrupts(void **state)
{
    (void)state;
    expect_range(get(first_slot, 160), 0, 159);
    expect_error(get(first_slot, 27), seL4_RevokeFirst); // the kernel's timer
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    expect_error(get(first_slot, 26), seL4_RevokeFirst); // now this is, and that the guests'
    expect_error(get(first_slot, 25), seL4_RevokeFirst); // the virtual interrupt controller's
#else
    expect_ok(get(first_slot + 1, 26));
    expect_ok(delete_cap(first_slot + 1));
#endif
    expect_ok(get(first_slot, 159));
    assert_int_equal(kind_at(first_slot), SEL4MODEL_CAP_IRQ_HANDLER);
    expect_error(get(first_slot + 1, 159), seL4_RevokeFirst);
    expect_error(get(first_slot, 158), seL4_DeleteFirst);
    expect_ok(seL4_IRQControl_Get(seL4_CapIRQControl, 33, ROOT, first_slot + 1, DEPTH));
    expect_ok(revoke_cap(seL4_CapIRQControl));
    expect_empty(first_slot);
    expect_ok(get(first_slot, 159));
}

static void software_interrupts(void **state)
{
    (void)state;
    expect_range(issue(first_slot, 16, 0), 0, 15);
    expect_argument(issue(first_slot, 15, 8), 1);
    expect_ok(issue(first_slot, 15, 7));
    assert_int_equal(kind_at(first_slot), SEL4MODEL_CAP_SGI_SIGNAL);
    assert_int_equal(seL4_DebugCapIdentify(first_slot), 27);
    expect_error(issue(first_slot, 15, 7), seL4_DeleteFirst);
    expect_ok(issue(first_slot + 1, 15, 7)); // as often as one likes
    expect_ok(copy_cap(first_slot + 2, first_slot));
    expect_ok(seL4_TCB_Resume(first_slot)); // sends, whatever is asked
    expect_ok(revoke_cap(first_slot));
    expect_empty(first_slot + 2);
    assert_int_equal(kind_at(first_slot + 1), SEL4MODEL_CAP_SGI_SIGNAL);
    expect_ok(revoke_cap(seL4_CapIRQControl));
    expect_empty(first_slot);
    expect_empty(first_slot + 1);
}

static void cache_maintenance(void **state)
{
    (void)state;
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)bootinfo + 8192 + 4096;
    expect_ok(retype(ram(19), SMALL_FRAME, 0, first_slot));
    expect_error(seL4_ARM_Page_Clean_Data(first_slot, 0, 4096), seL4_IllegalOperation);
    expect_ok(seL4_ARM_VSpace_Clean_Data(VSPACE, vaddr, vaddr + 1)); // nothing there: nothing to do
    expect_ok(page_map(first_slot, VSPACE, vaddr, seL4_ReadWrite));
    expect_ok(seL4_ARM_Page_Clean_Data(first_slot, 0, 4096));
    expect_argument(seL4_ARM_Page_Clean_Data(first_slot, 1, 1), 1);
    expect_argument(seL4_ARM_Page_Unify_Instruction(first_slot, 0, 4097), 0);
    expect_ok(seL4_ARM_Page_Invalidate_Data(first_slot, 0, 64));
    expect_ok(page_map(first_slot, VSPACE, vaddr, seL4_CanRead));
    IF_READ_ONLY(seL4_ARM_Page_Invalidate_Data(first_slot, 0, 64));
    expect_ok(seL4_ARM_Page_CleanInvalidate_Data(first_slot, 0, 64));
    IF_READ_ONLY(seL4_ARM_VSpace_Invalidate_Data(VSPACE, vaddr, vaddr + 64));
    expect_ok(seL4_ARM_VSpace_CleanInvalidate_Data(VSPACE, vaddr, vaddr + 4096));
    expect_range(seL4_ARM_VSpace_Unify_Instruction(VSPACE, vaddr + 8, vaddr + 4097), vaddr + 8,
                 vaddr + 4095);
    expect_argument(seL4_ARM_VSpace_Clean_Data(VSPACE, vaddr, vaddr), 1);
    expect_error(seL4_ARM_VSpace_Clean_Data(VSPACE, vaddr, ~(seL4_Word)0), seL4_IllegalOperation);
}

// A frame whose place another one has taken.
static void stale_mappings(void **state)
{
    (void)state;
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)bootinfo + 8192 + 4096;
    expect_ok(retype_many(ram(19), SMALL_FRAME, 0, first_slot, 2));
    expect_ok(page_map(first_slot, VSPACE, vaddr, seL4_ReadWrite));
    expect_ok(page_map(first_slot + 1, VSPACE, vaddr, seL4_ReadWrite));
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    expect_ok(seL4_ARM_Page_Clean_Data(first_slot, 0, 64));
#else
    expect_capability(seL4_ARM_Page_Clean_Data(first_slot, 0, 64), 0);
#endif
}

static void kinds_as_the_kernel_numbers_them(void **state)
{
    (void)state;
    static const seL4_Uint32 numbers[] = {0, 12, 10, 9, 14, 11, 13, 0, 0, 1, 1, 20, 0, 0, 0, 0};
    for (seL4_CPtr slot = 0; slot < seL4_CapInitThreadSC; slot++) {
        assert_int_equal(seL4_DebugCapIdentify(slot), numbers[slot]);
    }
    assert_int_equal(seL4_DebugCapIdentify(bootinfo->userImagePaging.start), 3);
    assert_int_equal(seL4_DebugCapIdentify(bootinfo->untyped.start), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(interrupts),
        model_test(software_interrupts),
        model_test(cache_maintenance),
        model_test(stale_mappings),
        model_test(kinds_as_the_kernel_numbers_them),
    };
    return cmocka_run_group_tests_name("model: platform, Arm", tests, NULL, NULL);
}
