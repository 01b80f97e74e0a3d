/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Chosen at configure time by include path: this kernel is not an MCS kernel. */
#pragma once

/* disabled: CONFIG_KERNEL_MCS */
#define CONFIG_TIMER_TICK_MS 2
#define CONFIG_TIME_SLICE 5
