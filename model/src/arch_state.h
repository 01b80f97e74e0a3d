/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The state and constants of the architecture that is modelled. */
#pragma once

#include <sel4/config.h>

#if defined(CONFIG_ARCH_IA32)
#include "sel4_arch/ia32/ia32_state.h"
#elif defined(CONFIG_ARCH_X86_64)
#include "sel4_arch/x86_64/x86_64_state.h"
#elif defined(CONFIG_ARCH_AARCH32)
#include "sel4_arch/aarch32/aarch32_state.h"
#elif defined(CONFIG_ARCH_AARCH64)
#include "sel4_arch/aarch64/aarch64_state.h"
#elif defined(CONFIG_ARCH_RISCV32)
#include "sel4_arch/riscv32/riscv32_state.h"
#elif defined(CONFIG_ARCH_RISCV64)
#include "sel4_arch/riscv64/riscv64_state.h"
#else
#error the kernel model does not have this architecture
#endif
