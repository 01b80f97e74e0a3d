/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Calls that only riscv32 has: none. */
#pragma once

#include <sel4/config.h>
