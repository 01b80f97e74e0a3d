/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// A vka that has nothing to give, for code that wants a vka and is not meant to use it.

#pragma once

#include <vka/vka.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Fill in a vka whose every request fails.
///
/// Shape:   allocations return -1 and write nothing; paths come out all zero; physical addresses
///          are VKA_NO_PADDR; frees do nothing. `data` is NULL. Holds nothing, so just drop it.
/// Errors:  nothing happens iff vka is NULL.
/// Kernel:  none.
void vka_init_nullvka(vka_t *vka);

#ifdef __cplusplus
}
#endif
