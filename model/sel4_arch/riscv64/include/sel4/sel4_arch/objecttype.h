/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Object types that only riscv64 has. */
#pragma once

#include <sel4/config.h>

typedef enum _mode_object {
    seL4_RISCV_Giga_Page = seL4_NonArchObjectTypeCount,
#if CONFIG_PT_LEVELS > 3
    seL4_RISCV_Tera_Page,
#endif
    seL4_ModeObjectTypeCount
} seL4_ModeObjectType;

/* A type that this kernel lacks is a number no object has. */
#if CONFIG_PT_LEVELS <= 3
#define seL4_RISCV_Tera_Page 0xffffffff
#endif
