/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Messages that libsel4's stubs never send: too short, with too few capabilities, and on a capability
// that has no such method. The kernel answers TruncatedMessage before it looks at any argument, and
// IllegalOperation (libsel4, src/object/*.c: the first check of each decode function); nothing changes.
#include "model_test.h"

#include "invocation.h"

enum {
    NEW_TCB,
    NEW_TABLE,
    NEW_FRAME,
    NEW_HANDLER,
    NEW_PORTS,
    NEW_CONTEXT,
    NEW_VCPU,
    NEW_COUNT,
    SERVICE_MADE = 1 << 16, // a service below is one of these
};

#define MADE(object) (SERVICE_MADE | (object))

// What the stub sends: message words and capabilities.
struct method {
    enum sel4model_invocation kind;
    seL4_Word service;
    unsigned words, caps;
};

#define M(kind) SEL4MODEL_##kind

static const struct method methods[] = {
    {M(CNode_Revoke), ROOT, 2, 0},
    {M(CNode_Delete), ROOT, 2, 0},
    {M(CNode_CancelBadgedSends), ROOT, 2, 0},
    {M(CNode_Copy), ROOT, 5, 1},
    {M(CNode_Mint), ROOT, 6, 1},
    {M(CNode_Move), ROOT, 4, 1},
    {M(CNode_Mutate), ROOT, 5, 1},
    {M(CNode_Rotate), ROOT, 8, 2},
    // With words that always travel in registers, of which the model looks at what is there.
    {M(TCB_CopyRegisters), MADE(NEW_TCB), 0, 1},
    {M(TCB_SetTLSBase), MADE(NEW_TCB), 0, 0},
    {M(TCB_SetFlags), MADE(NEW_TCB), 0, 0},
    {M(TCB_SetPriority), MADE(NEW_TCB), 1, 1},
    {M(TCB_SetMCPriority), MADE(NEW_TCB), 1, 1},
    {M(TCB_SetIPCBuffer), MADE(NEW_TCB), 1, 1},
    {M(TCB_BindNotification), MADE(NEW_TCB), 0, 1},
#ifdef CONFIG_KERNEL_MCS
    {M(TCB_Configure), MADE(NEW_TCB), 3, 3},
    {M(TCB_SetSchedParams), MADE(NEW_TCB), 2, 3},
    {M(TCB_SetSpace), MADE(NEW_TCB), 2, 3},
    {M(TCB_SetTimeoutEndpoint), MADE(NEW_TCB), 0, 1},
    {M(SchedContext_Bind), MADE(NEW_CONTEXT), 0, 1},
    {M(SchedContext_UnbindObject), MADE(NEW_CONTEXT), 0, 1},
#else
    {M(TCB_Configure), MADE(NEW_TCB), 4, 3},
    {M(TCB_SetSchedParams), MADE(NEW_TCB), 2, 1},
    {M(TCB_SetSpace), MADE(NEW_TCB), 3, 2},
#endif
    {M(IRQControl_Get), seL4_CapIRQControl, 3, 1},
    {ARCH_KIND(PageTable_Map), MADE(NEW_TABLE), 2, 1},
    {ARCH_KIND(Page_Map), MADE(NEW_FRAME), 3, 1},
    {ARCH_KIND(ASIDControl_MakePool), seL4_CapASIDControl, 2, 2},
    {ARCH_KIND(ASIDPool_Assign), seL4_CapInitThreadASIDPool, 0, 1},
#if !defined(CONFIG_ARCH_RISCV) // no interrupt to be had on these machines
    {M(IRQHandler_SetNotification), MADE(NEW_HANDLER), 0, 1},
#endif
#if defined(CONFIG_ARCH_X86)
    {M(X86_IOPortControl_Issue), seL4_CapIOPortControl, 4, 1},
    {M(X86_IOPort_In8), MADE(NEW_PORTS), 0, 0},
    {M(X86_IOPort_In16), MADE(NEW_PORTS), 0, 0},
    {M(X86_IOPort_In32), MADE(NEW_PORTS), 0, 0},
    {M(X86_IOPort_Out8), MADE(NEW_PORTS), 0, 0},
    {M(X86_IOPort_Out16), MADE(NEW_PORTS), 0, 0},
    {M(X86_IOPort_Out32), MADE(NEW_PORTS), 0, 0},
    {M(IRQControl_GetIOAPIC), seL4_CapIRQControl, 7, 1},
    {M(IRQControl_GetMSI), seL4_CapIRQControl, 7, 1},
#else
    {M(IRQControl_GetTrigger), seL4_CapIRQControl, 4, 1},
#endif
#if defined(CONFIG_ARCH_ARM)
    {M(IRQControl_IssueSGISignal), seL4_CapIRQControl, 4, 1},
    {M(ARM_Page_Clean_Data), MADE(NEW_FRAME), 2, 0},
    {M(ARM_Page_Unify_Instruction), MADE(NEW_FRAME), 2, 0},
#endif
#if defined(CONFIG_ARCH_AARCH64)
    {M(ARM_VSpace_Clean_Data), VSPACE, 2, 0},
#elif defined(CONFIG_ARCH_AARCH32)
    {M(ARM_PageDirectory_Clean_Data), VSPACE, 2, 0},
#endif
#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT)
    {M(ARM_VCPU_SetTCB), MADE(NEW_VCPU), 0, 1},
    {M(ARM_VCPU_InjectIRQ), MADE(NEW_VCPU), 1, 0},
    {M(ARM_VCPU_ReadRegs), MADE(NEW_VCPU), 1, 0},
    {M(ARM_VCPU_WriteRegs), MADE(NEW_VCPU), 2, 0},
    {M(ARM_VCPU_AckVPPI), MADE(NEW_VCPU), 1, 0},
#endif
};

#define METHODS (sizeof(methods) / sizeof(methods[0]))

static seL4_CPtr service_of(const struct method *method)
{
    return method->service & SERVICE_MADE
               ? first_slot + (method->service & ~(seL4_Word)SERVICE_MADE)
               : method->service;
}

// One of each kind that the boot does not bring.
static void make_objects(void)
{
    const seL4_CPtr untyped = ram(21);
    expect_ok(retype(untyped, seL4_TCBObject, 0, first_slot + NEW_TCB));
    expect_ok(retype(untyped, PAGE_TABLE, 0, first_slot + NEW_TABLE));
    expect_ok(retype(untyped, SMALL_FRAME, 0, first_slot + NEW_FRAME));
#if defined(CONFIG_ARCH_X86)
    expect_ok(seL4_IRQControl_GetMSI(seL4_CapIRQControl, ROOT, first_slot + NEW_HANDLER, DEPTH, 0,
                                     0, 0, 0, 0));
    expect_ok(seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, 0x60, 0x6f, ROOT,
                                           first_slot + NEW_PORTS, DEPTH));
#elif !defined(CONFIG_ARCH_RISCV)
    expect_ok(seL4_IRQControl_Get(seL4_CapIRQControl, 40, ROOT, first_slot + NEW_HANDLER, DEPTH));
#endif
#if defined(CONFIG_KERNEL_MCS)
    expect_ok(retype(untyped, seL4_SchedContextObject, seL4_MinSchedContextBits,
                     first_slot + NEW_CONTEXT));
#endif
#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT)
    expect_ok(retype(untyped, seL4_ARM_VCPUObject, 0, first_slot + NEW_VCPU));
#endif
}

static seL4_Error send(const struct method *method, seL4_CPtr service, unsigned words,
                       unsigned caps)
{
    struct invocation call = {
        .kind = method->kind, .service = service, .length = words, .cap_count = caps};
    for (unsigned i = 0; i < MODEL_EXTRA_CAPS; i++) {
        call.caps[i] = ROOT;
    }
    call.mr[0] = first_slot + NEW_COUNT; // an empty slot, which a CNode looks for first
    call.mr[1] = DEPTH;
    call.mr[2] = ROOT; // one with something in it, which it looks for next
    call.mr[3] = DEPTH;
    return model_invoke(&call);
}

static void what_is_cut_short_is_truncated(void **state)
{
    (void)state;
    make_objects();
    const struct sel4model_cap last = cap_at(first_slot + NEW_COUNT);
    for (size_t i = 0; i < METHODS; i++) {
        const struct method *const method = &methods[i];
        for (unsigned words = 0; words <= method->words; words++) {
            for (unsigned caps = 0; caps <= method->caps; caps++) {
                const bool is_whole = words == method->words && caps == method->caps;
                const seL4_Error error = is_whole ? seL4_TruncatedMessage
                                                  : send(method, service_of(method), words, caps);
                if (error != seL4_TruncatedMessage) {
                    fail_msg("method %zu with %u words and %u capabilities: %d", i, words, caps,
                             (int)error);
                }
            }
        }
    }
    assert_int_equal(cap_at(first_slot + NEW_COUNT).kind, last.kind);
}

// Fewer registers than are told.
static void registers_that_do_not_come(void **state)
{
    (void)state;
    make_objects();
    const struct method method = {M(TCB_WriteRegisters), MADE(NEW_TCB), 2, 0};
    for (unsigned words = 2; words <= MODEL_MESSAGE_WORDS; words++) { // DEPTH of them are told
        assert_int_equal(send(&method, service_of(&method), words, 0), seL4_TruncatedMessage);
    }
}

static void other_objects_have_no_such_method(void **state)
{
    (void)state;
    make_objects();
    for (size_t i = 0; i < METHODS; i++) {
        for (size_t other = 0; other < METHODS; other++) {
            const seL4_CPtr service = service_of(&methods[other]);
            if (kind_at(service) != kind_at(service_of(&methods[i]))) {
                const seL4_Error error =
                    send(&methods[i], service, methods[i].words, methods[i].caps);
                if (error != seL4_IllegalOperation) {
                    fail_msg("method %zu on the object of method %zu: %d", i, other, (int)error);
                }
            }
        }
    }
    expect_empty(first_slot + NEW_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(what_is_cut_short_is_truncated),
        model_test(registers_that_do_not_come),
        model_test(other_objects_have_no_such_method),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
