/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* An allocman as a vka. */

#include <vka/vka.h>
#include <allocman/allocman.h>

/// Let existing seL4 code allocate from an allocman.
///
/// Shape:   *vka is overwritten; it refers to `alloc`, which must outlive it.
/// Errors:  none. The vka's own calls return an enum allocman_status; utspace_alloc_at may
///          always use device memory.
/// Cost:    constant.
/// Kernel:  none.
void allocman_make_vka(vka_t *vka, allocman_t *alloc);

/// Make an allocman whose slots and objects come from somebody else's vka, and whose book memory
/// comes from the C library's heap.
///
/// Shape:   *alloc is overwritten; it refers to `vka`, which must outlive it. Needs malloc to link.
/// Errors:  ALLOCMAN_INVALID_ARGUMENT iff one is NULL.
/// Cost:    constant.
/// Kernel:  none.
int allocman_make_from_vka(vka_t *vka, allocman_t *alloc);
