/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Nothing that only riscv32 has. */
#pragma once

#include <sel4/config.h>
#include <sel4/simple_types.h>
