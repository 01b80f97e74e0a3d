/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* What the RISC-V parts of the model share. */
#pragma once

#include "arch.h"
#include "paging.h"

seL4_Error riscv_decode_frame(struct invocation *call);
seL4_Error riscv_decode_table(struct invocation *call);
