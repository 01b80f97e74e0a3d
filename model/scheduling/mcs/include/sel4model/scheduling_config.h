/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Chosen at configure time by include path: this kernel is an MCS kernel. */
#pragma once

#define CONFIG_KERNEL_MCS 1
#define CONFIG_BOOT_THREAD_TIME_SLICE 5
#define CONFIG_KERNEL_WCET_SCALE 1
#define CONFIG_KERNEL_STATIC_MAX_PERIOD_US 0
