/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// The kinds of invocation that the model counts and can be told to refuse.
///
/// SEL4MODEL_Untyped_Retype is the kind of seL4_Untyped_Retype(), and so on: the name after
/// `seL4_`. The kinds of an architecture follow the generic ones; their numbers differ between
/// architectures, so a file names a kind by its text (sel4model_invocation_name()).
#pragma once

#include <sel4/config.h>
#include <sel4model/sel4_arch/invocations.h>

#ifdef CONFIG_KERNEL_MCS
#define SEL4MODEL_SCHEDULING_INVOCATIONS(X) \
    X(TCB_SetTimeoutEndpoint)               \
    X(SchedControl_ConfigureFlags)          \
    X(SchedContext_Bind)                    \
    X(SchedContext_Unbind)                  \
    X(SchedContext_UnbindObject)            \
    X(SchedContext_Consumed)                \
    X(SchedContext_YieldTo)
#else
#define SEL4MODEL_SCHEDULING_INVOCATIONS(X) X(CNode_SaveCaller)
#endif

/// Applies X to the name of every kind that every architecture has.
#define SEL4MODEL_GENERIC_INVOCATIONS(X) \
    X(Untyped_Retype)                    \
    X(CNode_Revoke)                      \
    X(CNode_Delete)                      \
    X(CNode_CancelBadgedSends)           \
    X(CNode_Copy)                        \
    X(CNode_Mint)                        \
    X(CNode_Move)                        \
    X(CNode_Mutate)                      \
    X(CNode_Rotate)                      \
    X(TCB_ReadRegisters)                 \
    X(TCB_WriteRegisters)                \
    X(TCB_CopyRegisters)                 \
    X(TCB_Configure)                     \
    X(TCB_SetPriority)                   \
    X(TCB_SetMCPriority)                 \
    X(TCB_SetSchedParams)                \
    X(TCB_SetIPCBuffer)                  \
    X(TCB_SetSpace)                      \
    X(TCB_Suspend)                       \
    X(TCB_Resume)                        \
    X(TCB_BindNotification)              \
    X(TCB_UnbindNotification)            \
    X(TCB_SetTLSBase)                    \
    X(TCB_SetFlags)                      \
    X(IRQControl_Get)                    \
    X(IRQHandler_Ack)                    \
    X(IRQHandler_SetNotification)        \
    X(IRQHandler_Clear)                  \
    X(DomainSet_Set)                     \
    X(DomainSet_ScheduleConfigure)       \
    X(DomainSet_ScheduleSetStart)        \
    SEL4MODEL_SCHEDULING_INVOCATIONS(X)

/// Applies X to the name of every kind.
#define SEL4MODEL_INVOCATIONS(X)     \
    SEL4MODEL_GENERIC_INVOCATIONS(X) \
    SEL4MODEL_ARCH_INVOCATIONS(X)

/// A kind of invocation.
enum sel4model_invocation {
#define SEL4MODEL_DECLARE_INVOCATION(name) SEL4MODEL_##name,
    SEL4MODEL_INVOCATIONS(SEL4MODEL_DECLARE_INVOCATION)
#undef SEL4MODEL_DECLARE_INVOCATION
        SEL4MODEL_INVOCATION_COUNT, ///< how many kinds there are
    SEL4MODEL_ANY_INVOCATION = -1,  ///< where a kind is asked for: all of them
};
