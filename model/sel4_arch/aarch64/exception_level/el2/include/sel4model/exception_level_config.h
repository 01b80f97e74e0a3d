/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The kernel runs at exception level 2, as a hypervisor: there are virtual CPUs. */
#pragma once

#define CONFIG_ARM_HYPERVISOR_SUPPORT 1
