/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Cortex-A57: physical addresses of 44 bits. */
#pragma once

#define CONFIG_ARM_CORTEX_A57 1
#define CONFIG_ARM_PA_SIZE_BITS_44 1
#define CONFIG_PADDR_USER_DEVICE_TOP 17592186044416
#define CONFIG_ARM_ICACHE_VIPT /* empty */
