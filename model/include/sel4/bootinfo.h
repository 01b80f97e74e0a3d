/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Boot information, and libsel4's old place to keep it. */
#pragma once

#include <sel4/types.h>
#include <sel4/bootinfo_types.h>
#include <sel4/macros.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Deprecated in libsel4: remembers a pointer, and gives it back. */
void seL4_InitBootInfo(seL4_BootInfo *bi) SEL4_DEPRECATED("keep the pointer yourself");
seL4_BootInfo *seL4_GetBootInfo(void) SEL4_DEPRECATED("keep the pointer yourself");

#ifdef __cplusplus
}
#endif
