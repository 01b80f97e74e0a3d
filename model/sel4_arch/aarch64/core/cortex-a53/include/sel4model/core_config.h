/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Cortex-A53: physical addresses of 40 bits. */
#pragma once

#define CONFIG_ARM_CORTEX_A53 1
#define CONFIG_ARM_PA_SIZE_BITS_40 1
#define CONFIG_PADDR_USER_DEVICE_TOP 1099511627776
#define CONFIG_ARM_ICACHE_VIPT 1
