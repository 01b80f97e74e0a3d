/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The invocations. In an installed libsel4 these are inline stubs; here they are functions of the
 * model library with the same signatures. Each answers seL4_NoError or leaves the words of the
 * error in the message registers of the IPC buffer. */
#pragma once

#include <sel4/config.h>
#include <sel4/types.h>
#include <sel4/sel4_arch/constants.h>

#ifdef __cplusplus
extern "C" {
#endif

struct seL4_TCB_SetFlags {
    int error;
    seL4_Word flags;
};
typedef struct seL4_TCB_SetFlags seL4_TCB_SetFlags_t;

seL4_Error seL4_Untyped_Retype(seL4_Untyped _service, seL4_Word type, seL4_Word size_bits,
                               seL4_CNode root, seL4_Word node_index, seL4_Word node_depth,
                               seL4_Word node_offset, seL4_Word num_objects);

seL4_Error seL4_CNode_Revoke(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth);
seL4_Error seL4_CNode_Delete(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth);
seL4_Error seL4_CNode_CancelBadgedSends(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth);
seL4_Error seL4_CNode_Copy(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth,
                           seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth,
                           seL4_CapRights_t rights);
seL4_Error seL4_CNode_Mint(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth,
                           seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth,
                           seL4_CapRights_t rights, seL4_Word badge);
seL4_Error seL4_CNode_Move(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth,
                           seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth);
seL4_Error seL4_CNode_Mutate(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth,
                             seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth,
                             seL4_Word badge);
seL4_Error seL4_CNode_Rotate(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth,
                             seL4_Word dest_badge, seL4_CNode pivot_root, seL4_Word pivot_index,
                             seL4_Uint8 pivot_depth, seL4_Word pivot_badge, seL4_CNode src_root,
                             seL4_Word src_index, seL4_Uint8 src_depth);
#ifndef CONFIG_KERNEL_MCS
seL4_Error seL4_CNode_SaveCaller(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth);
#endif

seL4_Error seL4_TCB_ReadRegisters(seL4_TCB _service, seL4_Bool suspend_source,
                                  seL4_Uint8 arch_flags, seL4_Word count, seL4_UserContext *regs);
seL4_Error seL4_TCB_WriteRegisters(seL4_TCB _service, seL4_Bool resume_target,
                                   seL4_Uint8 arch_flags, seL4_Word count, seL4_UserContext *regs);
seL4_Error seL4_TCB_CopyRegisters(seL4_TCB _service, seL4_TCB source, seL4_Bool suspend_source,
                                  seL4_Bool resume_target, seL4_Bool transfer_frame,
                                  seL4_Bool transfer_integer, seL4_Uint8 arch_flags);
#ifdef CONFIG_KERNEL_MCS
seL4_Error seL4_TCB_Configure(seL4_TCB _service, seL4_CNode cspace_root,
                              seL4_Word cspace_root_data, seL4_CPtr vspace_root,
                              seL4_Word vspace_root_data, seL4_Word buffer, seL4_CPtr bufferFrame);
seL4_Error seL4_TCB_SetSchedParams(seL4_TCB _service, seL4_TCB authority, seL4_Word mcp,
                                   seL4_Word priority, seL4_CPtr sched_context,
                                   seL4_CPtr fault_ep);
seL4_Error seL4_TCB_SetTimeoutEndpoint(seL4_TCB _service, seL4_CPtr timeout_fault_ep);
seL4_Error seL4_TCB_SetSpace(seL4_TCB _service, seL4_CPtr fault_ep, seL4_CNode cspace_root,
                             seL4_Word cspace_root_data, seL4_CPtr vspace_root,
                             seL4_Word vspace_root_data);
#else
seL4_Error seL4_TCB_Configure(seL4_TCB _service, seL4_Word fault_ep, seL4_CNode cspace_root,
                              seL4_Word cspace_root_data, seL4_CPtr vspace_root,
                              seL4_Word vspace_root_data, seL4_Word buffer, seL4_CPtr bufferFrame);
seL4_Error seL4_TCB_SetSchedParams(seL4_TCB _service, seL4_TCB authority, seL4_Word mcp,
                                   seL4_Word priority);
seL4_Error seL4_TCB_SetSpace(seL4_TCB _service, seL4_Word fault_ep, seL4_CNode cspace_root,
                             seL4_Word cspace_root_data, seL4_CPtr vspace_root,
                             seL4_Word vspace_root_data);
#endif
seL4_Error seL4_TCB_SetPriority(seL4_TCB _service, seL4_TCB authority, seL4_Word priority);
seL4_Error seL4_TCB_SetMCPriority(seL4_TCB _service, seL4_TCB authority, seL4_Word mcp);
seL4_Error seL4_TCB_SetIPCBuffer(seL4_TCB _service, seL4_Word buffer, seL4_CPtr bufferFrame);
seL4_Error seL4_TCB_Suspend(seL4_TCB _service);
seL4_Error seL4_TCB_Resume(seL4_TCB _service);
seL4_Error seL4_TCB_BindNotification(seL4_TCB _service, seL4_CPtr notification);
seL4_Error seL4_TCB_UnbindNotification(seL4_TCB _service);
seL4_Error seL4_TCB_SetTLSBase(seL4_TCB _service, seL4_Word tls_base);
seL4_TCB_SetFlags_t seL4_TCB_SetFlags(seL4_TCB _service, seL4_Word clear, seL4_Word set);

seL4_Error seL4_IRQControl_Get(seL4_IRQControl _service, seL4_Word irq, seL4_CNode root,
                               seL4_Word index, seL4_Uint8 depth);
seL4_Error seL4_IRQHandler_Ack(seL4_IRQHandler _service);
seL4_Error seL4_IRQHandler_SetNotification(seL4_IRQHandler _service, seL4_CPtr notification);
seL4_Error seL4_IRQHandler_Clear(seL4_IRQHandler _service);

seL4_Error seL4_DomainSet_Set(seL4_DomainSet _service, seL4_Uint8 domain, seL4_TCB thread);
seL4_Error seL4_DomainSet_ScheduleConfigure(seL4_DomainSet _service, seL4_Word index,
                                            seL4_Uint8 domain, seL4_Time duration);
seL4_Error seL4_DomainSet_ScheduleSetStart(seL4_DomainSet _service, seL4_Word index);

/* Results that code for both kinds of kernel names on either. */
struct seL4_SchedContext_Consumed {
    int error;
    seL4_Time consumed;
};
typedef struct seL4_SchedContext_Consumed seL4_SchedContext_Consumed_t;

struct seL4_SchedContext_YieldTo {
    int error;
    seL4_Time consumed;
};
typedef struct seL4_SchedContext_YieldTo seL4_SchedContext_YieldTo_t;

#ifdef CONFIG_KERNEL_MCS

seL4_Error seL4_SchedControl_ConfigureFlags(seL4_SchedControl _service,
                                            seL4_SchedContext schedcontext, seL4_Time budget,
                                            seL4_Time period, seL4_Word extra_refills,
                                            seL4_Word badge, seL4_Word flags);
seL4_Error seL4_SchedContext_Bind(seL4_SchedContext _service, seL4_CPtr cap);
seL4_Error seL4_SchedContext_Unbind(seL4_SchedContext _service);
seL4_Error seL4_SchedContext_UnbindObject(seL4_SchedContext _service, seL4_CPtr cap);
seL4_SchedContext_Consumed_t seL4_SchedContext_Consumed(seL4_SchedContext _service);
seL4_SchedContext_YieldTo_t seL4_SchedContext_YieldTo(seL4_SchedContext _service);
#endif

#include <interfaces/sel4_client_sel4_arch.h>
#include <interfaces/sel4_client_arch.h>

#ifdef __cplusplus
}
#endif
