/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// The kinds of invocation that Arm adds; see sel4model/invocations.h.
#pragma once

#include <sel4/config.h>

/// Applies X to the name of every kind that only a hypervisor has.
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
#define SEL4MODEL_ARM_HYP_INVOCATIONS(X) \
    X(ARM_VCPU_SetTCB)                   \
    X(ARM_VCPU_InjectIRQ)                \
    X(ARM_VCPU_ReadRegs)                 \
    X(ARM_VCPU_WriteRegs)                \
    X(ARM_VCPU_AckVPPI)
#else
#define SEL4MODEL_ARM_HYP_INVOCATIONS(X)
#endif

/// Applies X to the name of every kind that only Arm has.
#define SEL4MODEL_ARM_INVOCATIONS(X) \
    X(ARM_PageTable_Map)             \
    X(ARM_PageTable_Unmap)           \
    X(ARM_Page_Map)                  \
    X(ARM_Page_Unmap)                \
    X(ARM_Page_Clean_Data)           \
    X(ARM_Page_Invalidate_Data)      \
    X(ARM_Page_CleanInvalidate_Data) \
    X(ARM_Page_Unify_Instruction)    \
    X(ARM_Page_GetAddress)           \
    X(ARM_ASIDControl_MakePool)      \
    X(ARM_ASIDPool_Assign)           \
    X(IRQControl_GetTrigger)         \
    X(IRQControl_IssueSGISignal)     \
    SEL4MODEL_ARM_HYP_INVOCATIONS(X)
