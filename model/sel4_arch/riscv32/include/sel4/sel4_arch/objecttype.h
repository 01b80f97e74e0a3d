/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* No object types that only riscv32 has. */
#pragma once

#include <sel4/config.h>

typedef enum _mode_object {
    seL4_ModeObjectTypeCount = seL4_NonArchObjectTypeCount
} seL4_ModeObjectType;
