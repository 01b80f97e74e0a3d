/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// The kinds of invocation that RISC-V adds; see sel4model/invocations.h.
#pragma once

/// Applies X to the name of every kind that only RISC-V has.
#define SEL4MODEL_RISCV_INVOCATIONS(X) \
    X(RISCV_PageTable_Map)             \
    X(RISCV_PageTable_Unmap)           \
    X(RISCV_Page_Map)                  \
    X(RISCV_Page_Unmap)                \
    X(RISCV_Page_GetAddress)           \
    X(RISCV_ASIDControl_MakePool)      \
    X(RISCV_ASIDPool_Assign)           \
    X(IRQControl_GetTrigger)
