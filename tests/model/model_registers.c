/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Registers of threads that never run: what comes back of what was written. The constants are what
// real kernels answered (tests/conformance/README.md names them; riscv32 was not asked, it shares
// riscv64's source).
#include "model_test.h"

#if defined(CONFIG_ARCH_X86_64)
enum { INTEGER = 18, TLS = 18 };
#define STATUS_NEW  0x202u
#define STATUS_ONES 0xed7u
#elif defined(CONFIG_ARCH_IA32)
enum { INTEGER = 10, TLS = 11 };
#define STATUS_NEW  0x202u
#define STATUS_ONES 0xed7u
#elif defined(CONFIG_ARCH_AARCH64)
enum { INTEGER = 17, TLS = 34 };
#define STATUS_NEW  0x40u
#define STATUS_ONES 0xf0000040u
#elif defined(CONFIG_ARCH_AARCH32)
enum { INTEGER = 10, TLS = 17 };
#define STATUS_NEW  0x50u
#define STATUS_ONES 0xf8000050u
#else // RISC-V has no status among them
enum { INTEGER = 16, TLS = 31 };
#define STATUS_NEW  0u
#define STATUS_ONES (~(seL4_Word)0)
#endif

enum { COUNT = sizeof(seL4_UserContext) / sizeof(seL4_Word), STATUS = 2 };

static seL4_Word tcb;

static int set_up(void **state)
{
    if (boot_machine(state) != 0) {
        return -1;
    }
    tcb = first_slot;
    return retype_many(ram(19), seL4_TCBObject, 0, tcb, 2) == seL4_NoError ? 0 : -1;
}

static void write_all(seL4_Word first, seL4_Word step)
{
    seL4_Word words[COUNT];
    for (seL4_Word i = 0; i < COUNT; i++) {
        words[i] = first + i * step;
    }
    expect_ok(seL4_TCB_WriteRegisters(tcb, 0, 0, COUNT, (seL4_UserContext *)(void *)words));
}

static seL4_Word read_one(seL4_Word thread, unsigned index)
{
    seL4_Word words[COUNT];
    memset(words, 0x55, sizeof(words));
    expect_ok(seL4_TCB_ReadRegisters(thread, 0, 0, COUNT, (seL4_UserContext *)(void *)words));
    return words[index];
}

static void come_back(void **state)
{
    (void)state;
    for (unsigned i = 0; i < COUNT; i++) {
        assert_int_equal(read_one(tcb, i), i == STATUS ? STATUS_NEW : 0);
    }
    write_all(0x10000, 1);
    for (unsigned i = 0; i < COUNT; i++) {
        if (i != STATUS) {
            assert_int_equal(read_one(tcb, i), 0x10000 + i);
        }
    }
    write_all(~(seL4_Word)0, 0);
    for (unsigned i = 0; i < COUNT; i++) {
        assert_int_equal(read_one(tcb, i), i == STATUS ? STATUS_ONES : ~(seL4_Word)0);
    }
    write_all(0, 0);
    assert_int_equal(read_one(tcb, STATUS), STATUS_NEW);
#ifdef CONFIG_ARCH_X86_64
    // Where no address can be: the instruction pointer and the two bases; nothing else.
    write_all((seL4_Word)1 << 62, 0);
    for (unsigned i = 0; i < COUNT; i++) {
        const bool is_address = i == 0 || i >= INTEGER;
        assert_int_equal(read_one(tcb, i) == 0, is_address);
    }
#endif
}

static void are_written_from_the_first_on(void **state)
{
    (void)state;
    seL4_UserContext context;
    memset(&context, 0x11, sizeof(context));
    expect_ok(seL4_TCB_WriteRegisters(tcb, 0, 0, 2, &context));
    assert_int_not_equal(read_one(tcb, 1), 0);
    assert_int_equal(read_one(tcb, 3), 0);
    expect_ok(seL4_TCB_WriteRegisters(tcb, 1, 0, 0, &context)); // only resumes
    assert_int_equal(read_one(tcb, 3), 0);
}

static void tls_base_is_one_of_them(void **state)
{
    (void)state;
    write_all(0x10000, 1);
    expect_ok(seL4_TCB_SetTLSBase(tcb, 0x123450));
    for (unsigned i = 0; i < COUNT; i++) {
        if (i != STATUS) {
            assert_int_equal(read_one(tcb, i), i == TLS ? 0x123450 : 0x10000 + i);
        }
    }
}

// The first ones are the frame's, the others the integer registers.
static void are_copied_in_two_parts(void **state)
{
    (void)state;
    write_all(0x20000, 1);
    expect_ok(seL4_TCB_CopyRegisters(tcb + 1, tcb, 0, 0, 0, 0, 0));
    assert_int_equal(read_one(tcb + 1, 0), 0);
    expect_ok(seL4_TCB_CopyRegisters(tcb + 1, tcb, 0, 0, 1, 0, 0));
    assert_int_equal(read_one(tcb + 1, INTEGER - 1), 0x20000 + INTEGER - 1);
    assert_int_equal(read_one(tcb + 1, INTEGER), 0);
    write_all(0x30000, 1);
    expect_ok(seL4_TCB_CopyRegisters(tcb + 1, tcb, 0, 0, 0, 1, 0));
    assert_int_equal(read_one(tcb + 1, 0), 0x20000);
    assert_int_equal(read_one(tcb + 1, INTEGER - 1), 0x20000 + INTEGER - 1);
    assert_int_equal(read_one(tcb + 1, INTEGER), 0x30000 + INTEGER);
    assert_int_equal(read_one(tcb + 1, COUNT - 1), 0x30000 + COUNT - 1);
    expect_ok(seL4_TCB_CopyRegisters(tcb, tcb, 0, 0, 1, 1, 0));
    expect_capability(seL4_TCB_CopyRegisters(tcb, ROOT, 0, 0, 1, 1, 0), 1);
}

// A thread that is resumed gets what a reply to it is made from: once, whichever call resumes it, and none else.
static void resuming_is_seen(void **state)
{
    (void)state;
    seL4_UserContext context;
    memset(&context, 0, sizeof(context));
    const unsigned long before = sel4model_live_caps();
    expect_ok(retype_many(ram(21), seL4_TCBObject, 0, tcb + 2, 4));
    const unsigned long made = sel4model_live_caps();
    assert_int_equal(made, before + 4);
    expect_ok(seL4_TCB_CopyRegisters(tcb + 2, tcb, 0, 0, 1, 1, 0));
    expect_ok(seL4_TCB_WriteRegisters(tcb + 3, 0, 0, 2, &context));
    assert_int_equal(sel4model_live_caps(), made);
    expect_ok(seL4_TCB_Resume(tcb + 2));
    const unsigned long each = sel4model_live_caps() - made;
    expect_ok(seL4_TCB_WriteRegisters(tcb + 3, 1, 0, 2, &context));
    assert_int_equal(sel4model_live_caps(), made + 2 * each);
    expect_ok(seL4_TCB_CopyRegisters(tcb + 4, tcb, 0, 1, 0, 0, 0));
    assert_int_equal(sel4model_live_caps(), made + 3 * each);
    expect_ok(seL4_TCB_CopyRegisters(tcb + 5, tcb + 4, 1, 0, 0, 0, 0)); // suspends tcb + 4
    expect_ok(seL4_TCB_Resume(tcb + 4));
    assert_int_equal(sel4model_live_caps(), made + 3 * each);
#ifndef CONFIG_KERNEL_MCS
    assert_int_equal(each, 1);
#endif
}

static void limits(void **state)
{
    (void)state;
    seL4_UserContext context;
    memset(&context, 0, sizeof(context));
    expect_range(seL4_TCB_ReadRegisters(tcb, 0, 0, 0, &context), 1, COUNT);
    expect_range(seL4_TCB_ReadRegisters(tcb, 0, 0, COUNT + 1, &context), 1, COUNT);
    expect_error(seL4_TCB_ReadRegisters(seL4_CapInitThreadTCB, 0, 0, 2, &context),
                 seL4_IllegalOperation);
    expect_error(seL4_TCB_WriteRegisters(seL4_CapInitThreadTCB, 0, 0, 2, &context),
                 seL4_IllegalOperation);
}

// The kernel takes messages out of a buffer that is read-only, and writes none of its own into it.
static void read_only_buffer(void **state)
{
    (void)state;
    const seL4_Word buffer = (seL4_Word)seL4_GetIPCBuffer();
    const seL4_Word read_only = first_slot + 2;
    write_all(0x10000, 1);
    expect_ok(seL4_CNode_Copy(ROOT, read_only, DEPTH, ROOT, seL4_CapInitThreadIPCBuffer, DEPTH,
                              seL4_CanRead));
    expect_ok(seL4_TCB_SetIPCBuffer(seL4_CapInitThreadTCB, buffer, read_only));
    expect_ok(retype(ram(21), seL4_CapTableObject, 4, first_slot + 3));
    expect_ok(mint_cap(first_slot + 4, first_slot + 3, seL4_CNode_CapData_new(5, 4).words[0]));
    expect_error(seL4_CNode_Delete(first_slot + 4, 0, 8), seL4_FailedLookup);
    // Guard mismatch: not the words that tell of it. The first two are the call's own index and depth.
    for (int i = REGISTERS > 2 ? REGISTERS : 2; i < 5; i++) {
        expect_mr(i, 0xdead0000u + (seL4_Word)i);
    }
    poison_message();
    assert_int_equal(read_one(tcb, 0), 0x10000);
    assert_int_equal(read_one(tcb, 6), 0xdead0006u);

    expect_ok(seL4_TCB_SetIPCBuffer(seL4_CapInitThreadTCB, buffer, seL4_CapInitThreadIPCBuffer));
    expect_error(seL4_CNode_Delete(first_slot + 4, 0, 8), seL4_FailedLookup);
    expect_mr(4, 4);
    assert_int_equal(read_one(tcb, 6), 0x10006);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(come_back, set_up, shut_down),
        cmocka_unit_test_setup_teardown(are_written_from_the_first_on, set_up, shut_down),
        cmocka_unit_test_setup_teardown(tls_base_is_one_of_them, set_up, shut_down),
        cmocka_unit_test_setup_teardown(are_copied_in_two_parts, set_up, shut_down),
        cmocka_unit_test_setup_teardown(resuming_is_seen, set_up, shut_down),
        cmocka_unit_test_setup_teardown(limits, set_up, shut_down),
        cmocka_unit_test_setup_teardown(read_only_buffer, set_up, shut_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
