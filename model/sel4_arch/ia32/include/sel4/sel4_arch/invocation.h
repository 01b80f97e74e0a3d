/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* No labels of invocations that only ia32 has, but for one among those of x86. */
#pragma once

#include <sel4/config.h>

enum sel4_arch_invocation_label {
    nSeL4ArchInvocationLabels = nInvocationLabels
};
