/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// The kinds of invocation that aarch32 adds; see sel4model/invocations.h.
#pragma once

#include <sel4model/arch/invocations.h>

/// Applies X to the name of every kind that only this architecture has.
#define SEL4MODEL_ARCH_INVOCATIONS(X)         \
    X(ARM_PageDirectory_Clean_Data)           \
    X(ARM_PageDirectory_Invalidate_Data)      \
    X(ARM_PageDirectory_CleanInvalidate_Data) \
    X(ARM_PageDirectory_Unify_Instruction)    \
    SEL4MODEL_ARM_INVOCATIONS(X)
