/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* No old names on riscv32. */
#pragma once

#include <sel4/config.h>
