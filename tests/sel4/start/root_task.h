/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

#include <sel4/sel4.h>

extern seL4_BootInfo *root_task_bootinfo; // as the kernel gave it
