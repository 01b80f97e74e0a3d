/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Interrupts of spike: there are none but the kernel's.
#include "model_test.h"

static void interrupts(void **state)
{
    (void)state;
    expect_range(seL4_IRQControl_Get(seL4_CapIRQControl, 0, ROOT, first_slot, DEPTH), 1, 1);
    expect_range(seL4_IRQControl_Get(seL4_CapIRQControl, 2, ROOT, first_slot, DEPTH), 1, 1);
    expect_error(seL4_IRQControl_Get(seL4_CapIRQControl, 1, ROOT, first_slot, DEPTH),
                 seL4_RevokeFirst);
    expect_error(seL4_IRQControl_GetTrigger(seL4_CapIRQControl, 1, 1, ROOT, first_slot, DEPTH),
                 seL4_RevokeFirst);
}

static void kinds_as_the_kernel_numbers_them(void **state)
{
    (void)state;
    static const seL4_Uint32 numbers[] = {0, 12, 10, 3, 14, 11, 13, 0, 0, 1, 1, 20, 0, 0, 0, 0};
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
        model_test(kinds_as_the_kernel_numbers_them),
    };
    return cmocka_run_group_tests_name("model: platform, RISC-V", tests, NULL, NULL);
}
