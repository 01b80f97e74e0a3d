/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// The kinds of invocation that x86 adds; see sel4model/invocations.h.
#pragma once

/// Applies X to the name of every kind that only x86 has.
#define SEL4MODEL_X86_INVOCATIONS(X) \
    X(X86_PageDirectory_Map)         \
    X(X86_PageDirectory_Unmap)       \
    X(X86_PageTable_Map)             \
    X(X86_PageTable_Unmap)           \
    X(X86_Page_Map)                  \
    X(X86_Page_Unmap)                \
    X(X86_Page_GetAddress)           \
    X(X86_ASIDControl_MakePool)      \
    X(X86_ASIDPool_Assign)           \
    X(X86_IOPortControl_Issue)       \
    X(X86_IOPort_In8)                \
    X(X86_IOPort_In16)               \
    X(X86_IOPort_In32)               \
    X(X86_IOPort_Out8)               \
    X(X86_IOPort_Out16)              \
    X(X86_IOPort_Out32)              \
    X(IRQControl_GetIOAPIC)          \
    X(IRQControl_GetMSI)
