/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* What the message words, extra capabilities and results of each kind of invocation are called. */
#include "trace.h"

/* A time is as many words as 64 bits are, the low one first. */
#if CONFIG_WORD_SIZE == 64
#define TIME(name) name
#else
#define TIME(name) name " " name "_high"
#endif

/* Words first, then capabilities; after '=' the result. */
static const char *const names[SEL4MODEL_INVOCATION_COUNT] = {
    [SEL4MODEL_Untyped_Retype] =
        "type size_bits node_index node_depth node_offset num_objects root",
    [SEL4MODEL_CNode_Revoke] = "index depth",
    [SEL4MODEL_CNode_Delete] = "index depth",
    [SEL4MODEL_CNode_CancelBadgedSends] = "index depth",
    [SEL4MODEL_CNode_Copy] = "dest_index dest_depth src_index src_depth rights src_root",
    [SEL4MODEL_CNode_Mint] = "dest_index dest_depth src_index src_depth rights badge src_root",
    [SEL4MODEL_CNode_Move] = "dest_index dest_depth src_index src_depth src_root",
    [SEL4MODEL_CNode_Mutate] = "dest_index dest_depth src_index src_depth badge src_root",
    [SEL4MODEL_CNode_Rotate] = ("dest_index dest_depth dest_badge pivot_index pivot_depth "
                                "pivot_badge src_index src_depth pivot_root src_root"),
    [SEL4MODEL_TCB_ReadRegisters] = "flags count",
    [SEL4MODEL_TCB_WriteRegisters] =
        "flags count register0 register1 register2 register3 register4 register5",
    [SEL4MODEL_TCB_CopyRegisters] = "flags source",
    [SEL4MODEL_TCB_SetPriority] = "priority authority",
    [SEL4MODEL_TCB_SetMCPriority] = "mcp authority",
    [SEL4MODEL_TCB_SetIPCBuffer] = "buffer bufferFrame",
    [SEL4MODEL_TCB_Suspend] = "",
    [SEL4MODEL_TCB_Resume] = "",
    [SEL4MODEL_TCB_BindNotification] = "notification",
    [SEL4MODEL_TCB_UnbindNotification] = "",
    [SEL4MODEL_TCB_SetTLSBase] = "tls_base",
    [SEL4MODEL_TCB_SetFlags] = "clear set = flags",
    [SEL4MODEL_IRQControl_Get] = "irq index depth root",
    [SEL4MODEL_IRQHandler_Ack] = "",
    [SEL4MODEL_IRQHandler_SetNotification] = "notification",
    [SEL4MODEL_IRQHandler_Clear] = "",
    [SEL4MODEL_DomainSet_Set] = "domain thread",
    [SEL4MODEL_DomainSet_ScheduleConfigure] = "index domain " TIME("duration"),
    [SEL4MODEL_DomainSet_ScheduleSetStart] = "index",
#ifdef CONFIG_KERNEL_MCS
    [SEL4MODEL_TCB_Configure] =
        "cspace_root_data vspace_root_data buffer cspace_root vspace_root bufferFrame",
    [SEL4MODEL_TCB_SetSchedParams] = "mcp priority authority sched_context fault_ep",
    [SEL4MODEL_TCB_SetSpace] = "cspace_root_data vspace_root_data fault_ep cspace_root vspace_root",
    [SEL4MODEL_TCB_SetTimeoutEndpoint] = "timeout_fault_ep",
    [SEL4MODEL_SchedControl_ConfigureFlags] =
        TIME("budget") " " TIME("period") " extra_refills badge flags schedcontext",
    [SEL4MODEL_SchedContext_Bind] = "cap",
    [SEL4MODEL_SchedContext_Unbind] = "",
    [SEL4MODEL_SchedContext_UnbindObject] = "cap",
    [SEL4MODEL_SchedContext_Consumed] = "= consumed",
    [SEL4MODEL_SchedContext_YieldTo] = "= consumed",
#else
    [SEL4MODEL_TCB_Configure] =
        "fault_ep cspace_root_data vspace_root_data buffer cspace_root vspace_root bufferFrame",
    [SEL4MODEL_TCB_SetSchedParams] = "mcp priority authority",
    [SEL4MODEL_TCB_SetSpace] = "fault_ep cspace_root_data vspace_root_data cspace_root vspace_root",
    [SEL4MODEL_CNode_SaveCaller] = "index depth",
#endif
#if defined(CONFIG_ARCH_X86)
    [SEL4MODEL_X86_PageDirectory_Map] = "vaddr attr vspace",
    [SEL4MODEL_X86_PageDirectory_Unmap] = "",
    [SEL4MODEL_X86_PageTable_Map] = "vaddr attr vspace",
    [SEL4MODEL_X86_PageTable_Unmap] = "",
    [SEL4MODEL_X86_Page_Map] = "vaddr rights attr vspace",
    [SEL4MODEL_X86_Page_Unmap] = "",
    [SEL4MODEL_X86_Page_GetAddress] = "= paddr",
    [SEL4MODEL_X86_ASIDControl_MakePool] = "index depth untyped root",
    [SEL4MODEL_X86_ASIDPool_Assign] = "vspace",
    [SEL4MODEL_X86_IOPortControl_Issue] = "first_port last_port index depth root",
    [SEL4MODEL_X86_IOPort_In8] = "port = result",
    [SEL4MODEL_X86_IOPort_In16] = "port = result",
    [SEL4MODEL_X86_IOPort_In32] = "port = result",
    [SEL4MODEL_X86_IOPort_Out8] = "port data",
    [SEL4MODEL_X86_IOPort_Out16] = "port data",
    [SEL4MODEL_X86_IOPort_Out32] = "port data",
    [SEL4MODEL_IRQControl_GetIOAPIC] = "index depth ioapic pin level polarity vector root",
    [SEL4MODEL_IRQControl_GetMSI] = "index depth pci_bus pci_dev pci_func handle vector root",
#endif
#if defined(CONFIG_ARCH_IA32)
    [SEL4MODEL_X86_PageDirectory_GetStatusBits] = "vaddr = accessed",
#endif
#if defined(CONFIG_ARCH_X86_64)
    [SEL4MODEL_X86_PDPT_Map] = "vaddr attr pml4",
    [SEL4MODEL_X86_PDPT_Unmap] = "",
#endif
#if defined(CONFIG_ARCH_ARM)
    [SEL4MODEL_ARM_PageTable_Map] = "vaddr attr vspace",
    [SEL4MODEL_ARM_PageTable_Unmap] = "",
    [SEL4MODEL_ARM_Page_Map] = "vaddr rights attr vspace",
    [SEL4MODEL_ARM_Page_Unmap] = "",
    [SEL4MODEL_ARM_Page_Clean_Data] = "start_offset end_offset",
    [SEL4MODEL_ARM_Page_Invalidate_Data] = "start_offset end_offset",
    [SEL4MODEL_ARM_Page_CleanInvalidate_Data] = "start_offset end_offset",
    [SEL4MODEL_ARM_Page_Unify_Instruction] = "start_offset end_offset",
    [SEL4MODEL_ARM_Page_GetAddress] = "= paddr",
    [SEL4MODEL_ARM_ASIDControl_MakePool] = "index depth untyped root",
    [SEL4MODEL_ARM_ASIDPool_Assign] = "vspace",
    [SEL4MODEL_IRQControl_GetTrigger] = "irq trigger index depth root",
    [SEL4MODEL_IRQControl_IssueSGISignal] = "irq target index depth root",
#endif
#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT)
    [SEL4MODEL_ARM_VCPU_SetTCB] = "tcb",
    [SEL4MODEL_ARM_VCPU_InjectIRQ] = "virq_priority_group_index",
    [SEL4MODEL_ARM_VCPU_ReadRegs] = "field = value",
    [SEL4MODEL_ARM_VCPU_WriteRegs] = "field value",
    [SEL4MODEL_ARM_VCPU_AckVPPI] = "irq",
#endif
#if defined(CONFIG_ARCH_AARCH32)
    [SEL4MODEL_ARM_PageDirectory_Clean_Data] = "start end",
    [SEL4MODEL_ARM_PageDirectory_Invalidate_Data] = "start end",
    [SEL4MODEL_ARM_PageDirectory_CleanInvalidate_Data] = "start end",
    [SEL4MODEL_ARM_PageDirectory_Unify_Instruction] = "start end",
#endif
#if defined(CONFIG_ARCH_AARCH64)
    [SEL4MODEL_ARM_VSpace_Clean_Data] = "start end",
    [SEL4MODEL_ARM_VSpace_Invalidate_Data] = "start end",
    [SEL4MODEL_ARM_VSpace_CleanInvalidate_Data] = "start end",
    [SEL4MODEL_ARM_VSpace_Unify_Instruction] = "start end",
    [SEL4MODEL_ARM_SMC_Call] = "x0 x1 x2 x3 x4 x5 x6 x7 = x0",
#endif
#if defined(CONFIG_ARCH_RISCV)
    [SEL4MODEL_RISCV_PageTable_Map] = "vaddr attr vspace",
    [SEL4MODEL_RISCV_PageTable_Unmap] = "",
    [SEL4MODEL_RISCV_Page_Map] = "vaddr rights attr vspace",
    [SEL4MODEL_RISCV_Page_Unmap] = "",
    [SEL4MODEL_RISCV_Page_GetAddress] = "= paddr",
    [SEL4MODEL_RISCV_ASIDControl_MakePool] = "index depth untyped root",
    [SEL4MODEL_RISCV_ASIDPool_Assign] = "vspace",
    [SEL4MODEL_IRQControl_GetTrigger] = "irq trigger index depth root",
#endif
};

const char *model_argument_names(unsigned kind)
{
    return kind < SEL4MODEL_INVOCATION_COUNT && names[kind] != NULL ? names[kind] : "";
}
