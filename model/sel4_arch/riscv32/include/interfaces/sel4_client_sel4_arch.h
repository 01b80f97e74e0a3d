/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* No invocation is only riscv32's. */
#pragma once
