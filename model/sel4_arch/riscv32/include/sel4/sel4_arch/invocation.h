/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* No invocation is only riscv32's. */
#pragma once

#include <sel4/config.h>

enum sel4_arch_invocation_label { nSeL4ArchInvocationLabels = nInvocationLabels };
