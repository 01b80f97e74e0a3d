/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Options of libsel4 itself (the kernel's are in kernel/gen_config.h). */
#pragma once

#define CONFIG_LIB_SEL4_INLINE_INVOCATIONS 1
#define CONFIG_LIB_SEL4_FUNCTION_ATTRIBUTE inline
#define CONFIG_LIB_SEL4_PRINT_INVOCATION_ERRORS 0
#define CONFIG_LIB_SEL4_USE_THREAD_LOCALS 1
