/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Traces name every argument of every kind of invocation: each call once, on an empty slot.
#include "model_test.h"

#include <sel4model/invocations.h>
#include <sel4model/trace.h>

#define E    first_slot
#define ATTR ARCH_DEFAULT_ATTRIBUTES
#define ANY  seL4_AllRights

static seL4_UserContext registers;

#define CALLS_OF_ALL(X)                                                                            \
    X(Untyped_Retype, (E, 0, 0, 0, 0, 0, 0, 0))                                                    \
    X(CNode_Revoke, (E, 0, 0))                                                                     \
    X(CNode_Delete, (E, 0, 0))                                                                     \
    X(CNode_CancelBadgedSends, (E, 0, 0))                                                          \
    X(CNode_Copy, (E, 0, 0, 0, 0, 0, ANY))                                                         \
    X(CNode_Mint, (E, 0, 0, 0, 0, 0, ANY, 0))                                                      \
    X(CNode_Move, (E, 0, 0, 0, 0, 0))                                                              \
    X(CNode_Mutate, (E, 0, 0, 0, 0, 0, 0))                                                         \
    X(CNode_Rotate, (E, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))                                             \
    X(TCB_ReadRegisters, (E, 0, 0, 1, &registers))                                                 \
    X(TCB_WriteRegisters, (E, 0, 0, 1, &registers))                                                \
    X(TCB_CopyRegisters, (E, 0, 0, 0, 0, 0, 0))                                                    \
    X(TCB_SetPriority, (E, 0, 0))                                                                  \
    X(TCB_SetMCPriority, (E, 0, 0))                                                                \
    X(TCB_SetIPCBuffer, (E, 0, 0))                                                                 \
    X(TCB_SetSpace, (E, 0, 0, 0, 0, 0))                                                            \
    X(TCB_Suspend, (E))                                                                            \
    X(TCB_Resume, (E))                                                                             \
    X(TCB_BindNotification, (E, 0))                                                                \
    X(TCB_UnbindNotification, (E))                                                                 \
    X(TCB_SetTLSBase, (E, 0))                                                                      \
    X(TCB_SetFlags, (E, 0, 0))                                                                     \
    X(IRQControl_Get, (E, 0, 0, 0, 0))                                                             \
    X(IRQHandler_Ack, (E))                                                                         \
    X(IRQHandler_SetNotification, (E, 0))                                                          \
    X(IRQHandler_Clear, (E))                                                                       \
    X(DomainSet_Set, (E, 0, 0))

#ifdef CONFIG_KERNEL_MCS
#define CALLS_OF_SCHEDULING(X)                                                                     \
    X(TCB_Configure, (E, 0, 0, 0, 0, 0, 0))                                                        \
    X(TCB_SetSchedParams, (E, 0, 0, 0, 0, 0))                                                      \
    X(TCB_SetTimeoutEndpoint, (E, 0))                                                              \
    X(SchedControl_ConfigureFlags, (E, 0, 0, 0, 0, 0, 0))                                          \
    X(SchedContext_Bind, (E, 0))                                                                   \
    X(SchedContext_Unbind, (E))                                                                    \
    X(SchedContext_UnbindObject, (E, 0))                                                           \
    X(SchedContext_Consumed, (E))                                                                  \
    X(SchedContext_YieldTo, (E))
#else
#define CALLS_OF_SCHEDULING(X)                                                                     \
    X(TCB_Configure, (E, 0, 0, 0, 0, 0, 0, 0))                                                     \
    X(TCB_SetSchedParams, (E, 0, 0, 0))                                                            \
    X(CNode_SaveCaller, (E, 0, 0))
#endif

#if defined(CONFIG_ARCH_X86)
#define CALLS_OF_ARCH(X)                                                                           \
    X(X86_PageDirectory_Map, (E, 0, 0, ATTR))                                                      \
    X(X86_PageDirectory_Unmap, (E))                                                                \
    X(X86_PageTable_Map, (E, 0, 0, ATTR))                                                          \
    X(X86_PageTable_Unmap, (E))                                                                    \
    X(X86_Page_Map, (E, 0, 0, ANY, ATTR))                                                          \
    X(X86_Page_Unmap, (E))                                                                         \
    X(X86_Page_GetAddress, (E))                                                                    \
    X(X86_ASIDControl_MakePool, (E, 0, 0, 0, 0))                                                   \
    X(X86_ASIDPool_Assign, (E, 0))                                                                 \
    X(X86_IOPortControl_Issue, (E, 0, 0, 0, 0, 0))                                                 \
    X(X86_IOPort_In8, (E, 0))                                                                      \
    X(X86_IOPort_In16, (E, 0))                                                                     \
    X(X86_IOPort_In32, (E, 0))                                                                     \
    X(X86_IOPort_Out8, (E, 0, 0))                                                                  \
    X(X86_IOPort_Out16, (E, 0, 0))                                                                 \
    X(X86_IOPort_Out32, (E, 0, 0))                                                                 \
    X(IRQControl_GetIOAPIC, (E, 0, 0, 0, 0, 0, 0, 0, 0))                                           \
    X(IRQControl_GetMSI, (E, 0, 0, 0, 0, 0, 0, 0, 0))
#elif defined(CONFIG_ARCH_ARM)
#define CALLS_OF_ARCH(X)                                                                           \
    X(ARM_PageTable_Map, (E, 0, 0, ATTR))                                                          \
    X(ARM_PageTable_Unmap, (E))                                                                    \
    X(ARM_Page_Map, (E, 0, 0, ANY, ATTR))                                                          \
    X(ARM_Page_Unmap, (E))                                                                         \
    X(ARM_Page_Clean_Data, (E, 0, 0))                                                              \
    X(ARM_Page_Invalidate_Data, (E, 0, 0))                                                         \
    X(ARM_Page_CleanInvalidate_Data, (E, 0, 0))                                                    \
    X(ARM_Page_Unify_Instruction, (E, 0, 0))                                                       \
    X(ARM_Page_GetAddress, (E))                                                                    \
    X(ARM_ASIDControl_MakePool, (E, 0, 0, 0, 0))                                                   \
    X(ARM_ASIDPool_Assign, (E, 0))                                                                 \
    X(IRQControl_GetTrigger, (E, 0, 0, 0, 0, 0))                                                   \
    X(IRQControl_IssueSGISignal, (E, 0, 0, 0, 0, 0))
#else
#define CALLS_OF_ARCH(X)                                                                           \
    X(RISCV_PageTable_Map, (E, 0, 0, ATTR))                                                        \
    X(RISCV_PageTable_Unmap, (E))                                                                  \
    X(RISCV_Page_Map, (E, 0, 0, ANY, ATTR))                                                        \
    X(RISCV_Page_Unmap, (E))                                                                       \
    X(RISCV_Page_GetAddress, (E))                                                                  \
    X(RISCV_ASIDControl_MakePool, (E, 0, 0, 0, 0))                                                 \
    X(RISCV_ASIDPool_Assign, (E, 0))                                                               \
    X(IRQControl_GetTrigger, (E, 0, 0, 0, 0, 0))
#endif

#if defined(CONFIG_ARCH_X86_64)
#define CALLS_OF_SEL4_ARCH(X)                                                                      \
    X(X86_PDPT_Map, (E, 0, 0, ATTR))                                                               \
    X(X86_PDPT_Unmap, (E))
#elif defined(CONFIG_ARCH_IA32)
#define CALLS_OF_SEL4_ARCH(X) X(X86_PageDirectory_GetStatusBits, (E, 0))
#elif defined(CONFIG_ARCH_AARCH32)
#define CALLS_OF_SEL4_ARCH(X)                                                                      \
    X(ARM_PageDirectory_Clean_Data, (E, 0, 0))                                                     \
    X(ARM_PageDirectory_Invalidate_Data, (E, 0, 0))                                                \
    X(ARM_PageDirectory_CleanInvalidate_Data, (E, 0, 0))                                           \
    X(ARM_PageDirectory_Unify_Instruction, (E, 0, 0))
#elif defined(CONFIG_ARCH_AARCH64)
static seL4_ARM_SMCContext smc;
#define CALLS_OF_SEL4_ARCH(X)                                                                      \
    X(ARM_VSpace_Clean_Data, (E, 0, 0))                                                            \
    X(ARM_VSpace_Invalidate_Data, (E, 0, 0))                                                       \
    X(ARM_VSpace_CleanInvalidate_Data, (E, 0, 0))                                                  \
    X(ARM_VSpace_Unify_Instruction, (E, 0, 0))                                                     \
    X(ARM_SMC_Call, (E, &smc, &smc))
#else
#define CALLS_OF_SEL4_ARCH(X)
#endif

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
#define CALLS_OF_HYP(X)                                                                            \
    X(ARM_VCPU_SetTCB, (E, 0))                                                                     \
    X(ARM_VCPU_InjectIRQ, (E, 0, 0, 0, 0))                                                         \
    X(ARM_VCPU_ReadRegs, (E, 0))                                                                   \
    X(ARM_VCPU_WriteRegs, (E, 0, 0))                                                               \
    X(ARM_VCPU_AckVPPI, (E, 0))
#else
#define CALLS_OF_HYP(X)
#endif

#define CALLS(X)                                                                                   \
    CALLS_OF_ALL(X)                                                                                \
    CALLS_OF_SCHEDULING(X)                                                                         \
    CALLS_OF_ARCH(X)                                                                               \
    CALLS_OF_SEL4_ARCH(X)                                                                          \
    CALLS_OF_HYP(X)

// What is left out: it ends the program (model_outside.c).
static bool is_outside(int kind)
{
    return kind == SEL4MODEL_DomainSet_ScheduleConfigure ||
           kind == SEL4MODEL_DomainSet_ScheduleSetStart;
}

static void every_argument_has_a_name(void **state)
{
    (void)state;
    static char text[1 << 16];
    bool called[SEL4MODEL_INVOCATION_COUNT] = {false};
    char path[] = "sel4model-names-XXXXXX";
    const int handle = mkstemp(path);
    assert_true(handle >= 0);
    assert_true(sel4model_trace_start(SEL4MODEL_TRACE_TEXT, path));
#define CALL(name, arguments)                                                                      \
    (void)seL4_##name arguments;                                                                   \
    called[SEL4MODEL_##name] = true;
    CALLS(CALL)
    sel4model_trace_stop();
    const ssize_t bytes = read(handle, text, sizeof(text) - 1);
    close(handle);
    unlink(path);
    assert_true(bytes > 0);
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        char call[64];
        snprintf(call, sizeof(call), " seL4_%s(empty ",
                 sel4model_invocation_name((enum sel4model_invocation)kind));
        assert_true(called[kind] != is_outside(kind)); // a new kind belongs into the list above
        if (called[kind] && strstr(text, call) == NULL) {
            fail_msg("no%s in the trace", call);
        }
    }
    char *const unnamed = strstr(text, ", argument ");
    if (unnamed != NULL) { // names are too few, or shifted
        *strchr(unnamed, '\n') = '\0';
        *unnamed = '\0';
        const char *const before = strrchr(text, '\n');
        *unnamed = ',';
        fail_msg("without a name: %s", before == NULL ? text : before + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(every_argument_has_a_name),
    };
    return cmocka_run_group_tests_name("model: names in traces", tests, NULL, NULL);
}
