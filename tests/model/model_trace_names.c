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

// One call, and its line.
#define EXPECT(call, arguments)                                                                    \
    do {                                                                                           \
        trace_open();                                                                              \
        (void)seL4_##call;                                                                         \
        trace_expect("1 seL4_" #call, arguments);                                                  \
    } while (0)

static char trace_path[] = "sel4model-arguments-XXXXXX";

static void trace_open(void)
{
    assert_true(sel4model_trace_start(SEL4MODEL_TRACE_TEXT, trace_path));
}

// The line has the name before the bracket of `call`, the slot, and these arguments.
static void trace_expect(const char *call, const char *arguments)
{
    char line[512], expected[512];
    sel4model_trace_stop();
    FILE *const file = fopen(trace_path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof(line), file));
    fclose(file);
    snprintf(expected, sizeof(expected), "%.*s(empty %d%s", (int)strcspn(call, "("), call, (int)E,
             arguments);
    line[strlen(expected) < sizeof(line) ? strlen(expected) : 0] = '\0';
    assert_string_equal(line, expected);
}

// What a function is given stands in the message where the kernel looks for it: each has another value.
static void every_argument_arrives(void **state)
{
    (void)state;
    const int handle = mkstemp(trace_path);
    assert_true(handle >= 0);
    close(handle);
    EXPECT(Untyped_Retype(E, 2, 12, 13, 14, 15, 16, 17),
           ", type 2 (endpoint), size_bits 12, node_index 14, node_depth 15, node_offset 16, "
           "num_objects 17, root 13)");
    EXPECT(CNode_Revoke(E, 11, 12), ", index 11, depth 12)");
    EXPECT(CNode_Delete(E, 11, 12), ", index 11, depth 12)");
    EXPECT(CNode_CancelBadgedSends(E, 11, 12), ", index 11, depth 12)");
    EXPECT(CNode_Copy(E, 11, 12, 13, 14, 15, ANY),
           ", dest_index 11, dest_depth 12, src_index 14, src_depth 15, rights 15, src_root 13)");
    EXPECT(CNode_Mint(E, 11, 12, 13, 14, 15, ANY, 16),
           ", dest_index 11, dest_depth 12, src_index 14, src_depth 15, rights 15, badge 16, "
           "src_root 13)");
    EXPECT(CNode_Move(E, 11, 12, 13, 14, 15),
           ", dest_index 11, dest_depth 12, src_index 14, src_depth 15, src_root 13)");
    EXPECT(CNode_Mutate(E, 11, 12, 13, 14, 15, 16),
           ", dest_index 11, dest_depth 12, src_index 14, src_depth 15, badge 16, src_root 13)");
    EXPECT(CNode_Rotate(E, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20),
           ", dest_index 11, dest_depth 12, dest_badge 13, pivot_index 15, pivot_depth 16, "
           "pivot_badge 17, src_index 19, src_depth 20, pivot_root 14, src_root 18)");
    EXPECT(TCB_ReadRegisters(E, 1, 0, 1, &registers), ", flags 1, count 1)");
    EXPECT(TCB_ReadRegisters(E, 0, 5, 2, &registers), ", flags 1280, count 2)");
    EXPECT(TCB_WriteRegisters(E, 1, 0, 1, &registers), ", flags 1, count 1");
    EXPECT(TCB_WriteRegisters(E, 0, 5, 2, &registers), ", flags 1280, count 2");
    EXPECT(TCB_CopyRegisters(E, 11, 1, 0, 0, 0, 0), ", flags 1, source 11)");
    EXPECT(TCB_CopyRegisters(E, 11, 0, 1, 0, 0, 0), ", flags 2, source 11)");
    EXPECT(TCB_CopyRegisters(E, 11, 0, 0, 1, 0, 0), ", flags 4, source 11)");
    EXPECT(TCB_CopyRegisters(E, 11, 0, 0, 0, 1, 0), ", flags 8, source 11)");
    EXPECT(TCB_CopyRegisters(E, 11, 0, 0, 0, 0, 5), ", flags 1280, source 11)");
    EXPECT(TCB_SetPriority(E, 11, 12), ", priority 12, authority 11)");
    EXPECT(TCB_SetMCPriority(E, 11, 12), ", mcp 12, authority 11)");
    EXPECT(TCB_SetIPCBuffer(E, 11, 12), ", buffer 11, bufferFrame 12)");
    EXPECT(TCB_BindNotification(E, 11), ", notification 11)");
    EXPECT(TCB_SetTLSBase(E, 11), ", tls_base 11)");
    EXPECT(TCB_SetFlags(E, 11, 12), ", clear 11, set 12)");
    EXPECT(IRQControl_Get(E, 11, 12, 13, 14), ", irq 11, index 13, depth 14, root 12)");
    EXPECT(IRQHandler_SetNotification(E, 11), ", notification 11)");
    EXPECT(DomainSet_Set(E, 11, 12), ", domain 11, thread 12)");
#ifndef CONFIG_KERNEL_MCS
    EXPECT(
        TCB_SetSpace(E, 11, 12, 13, 14, 15),
        ", fault_ep 11, cspace_root_data 13, vspace_root_data 15, cspace_root 12, vspace_root 14)");
    EXPECT(TCB_Configure(E, 11, 12, 13, 14, 15, 16, 17),
           ", fault_ep 11, cspace_root_data 13, vspace_root_data 15, buffer 16, cspace_root 12, "
           "vspace_root 14, bufferFrame 17)");
    EXPECT(TCB_SetSchedParams(E, 11, 12, 13), ", mcp 12, priority 13, authority 11)");
    EXPECT(CNode_SaveCaller(E, 11, 12), ", index 11, depth 12)");
#endif
#ifdef CONFIG_ARCH_X86
    EXPECT(X86_PageDirectory_Map(E, 11, 12, ATTR), ", vaddr 12, attr 0, vspace 11)");
    EXPECT(X86_PageTable_Map(E, 11, 12, ATTR), ", vaddr 12, attr 0, vspace 11)");
    EXPECT(X86_Page_Map(E, 11, 12, ANY, ATTR), ", vaddr 12, rights 15, attr 0, vspace 11)");
    EXPECT(X86_ASIDControl_MakePool(E, 11, 12, 13, 14),
           ", index 13, depth 14, untyped 11, root 12)");
    EXPECT(X86_ASIDPool_Assign(E, 11), ", vspace 11)");
    EXPECT(X86_IOPortControl_Issue(E, 11, 12, 13, 14, 15),
           ", first_port 11, last_port 12, index 14, depth 15, root 13)");
    EXPECT(X86_IOPort_In8(E, 11), ", port 11)");
    EXPECT(X86_IOPort_In16(E, 11), ", port 11)");
    EXPECT(X86_IOPort_In32(E, 11), ", port 11)");
    EXPECT(X86_IOPort_Out8(E, 11, 12), ", port 11, data 12)");
    EXPECT(X86_IOPort_Out16(E, 11, 12), ", port 11, data 12)");
    EXPECT(X86_IOPort_Out32(E, 11, 12), ", port 11, data 12)");
    EXPECT(IRQControl_GetIOAPIC(E, 11, 12, 13, 14, 15, 16, 17, 18),
           ", index 12, depth 13, ioapic 14, pin 15, level 16, polarity 17, vector 18, root 11)");
    EXPECT(IRQControl_GetMSI(E, 11, 12, 13, 14, 15, 16, 17, 18),
           ", index 12, depth 13, pci_bus 14, pci_dev 15, pci_func 16, handle 17, vector 18, root "
           "11)");
#endif
#ifdef CONFIG_ARCH_X86_64
    EXPECT(X86_PDPT_Map(E, 11, 12, ATTR), ", vaddr 12, attr 0, pml4 11)");
#endif
    unlink(trace_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(every_argument_has_a_name),
        model_test(every_argument_arrives),
    };
    return cmocka_run_group_tests_name("model: names in traces", tests, NULL, NULL);
}
