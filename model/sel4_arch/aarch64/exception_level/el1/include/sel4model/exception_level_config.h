/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The kernel runs at exception level 1: no hypervisor. */
#pragma once

/* disabled: CONFIG_ARM_HYPERVISOR_SUPPORT */
