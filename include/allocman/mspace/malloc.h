/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Book memory from the C library's heap, for systems that have one that does not itself come from
 * this allocman. The only part of the library that needs a C library. */

#include <stddef.h>
#include <allocman/mspace/mspace.h>

/// Take from the heap.
///
/// Errors:  NULL, and *error: ALLOCMAN_NO_BOOK; ALLOCMAN_INVALID_SIZE iff bytes is 0.
/// Cost:    malloc's.
/// Kernel:  none of its own.
void *_mspace_malloc_alloc(struct allocman *alloc, void *unused, size_t bytes, int *error);

/// Give back to the heap; its size does not matter there.
///
/// Errors:  none.
/// Cost:    free's.
/// Kernel:  none of its own.
void _mspace_malloc_free(struct allocman *alloc, void *unused, void *ptr, size_t bytes);

/// The interface to give to allocman_create.
static const struct mspace_interface mspace_malloc_interface = {
    .alloc = _mspace_malloc_alloc,
    .free = _mspace_malloc_free,
    .properties = ALLOCMAN_DEFAULT_PROPERTIES,
    .mspace = NULL,
};
