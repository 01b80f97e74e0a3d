/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Labels of the invocations that only aarch32 has. */
#pragma once

#include <sel4/config.h>

enum sel4_arch_invocation_label {
    ARMPDClean_Data = nInvocationLabels,
    ARMPDInvalidate_Data,
    ARMPDCleanInvalidate_Data,
    ARMPDUnify_Instruction,
    nSeL4ArchInvocationLabels
};
