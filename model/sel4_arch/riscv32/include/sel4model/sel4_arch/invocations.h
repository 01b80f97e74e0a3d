/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// The kinds of invocation that riscv32 adds; see sel4model/invocations.h.
#pragma once

#include <sel4model/arch/invocations.h>

/// Applies X to the name of every kind that only this architecture has.
#define SEL4MODEL_ARCH_INVOCATIONS(X) SEL4MODEL_RISCV_INVOCATIONS(X)
