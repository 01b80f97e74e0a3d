/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* No book memory: for managers that keep no records, or get them from elsewhere. */

#include <stddef.h>
#include <allocman/mspace/mspace.h>
#include <allocman/status.h>
#include <allocman/util.h>

/// Refuse.
///
/// Errors:  NULL, and ALLOCMAN_NO_BOOK, always.
/// Kernel:  none.
static inline void *_mspace_null_alloc(struct allocman *alloc, void *unused, size_t bytes,
                                       int *error)
{
    (void)alloc;
    (void)unused;
    (void)bytes;
    SET_ERROR(error, ALLOCMAN_NO_BOOK);
    return NULL;
}

/// Do nothing: nothing was given out.
///
/// Errors:  none.
/// Kernel:  none.
static inline void _mspace_null_free(struct allocman *alloc, void *unused, void *ptr, size_t bytes)
{
    (void)alloc;
    (void)unused;
    (void)ptr;
    (void)bytes;
}

/// The interface to give to allocman_create.
static const struct mspace_interface mspace_null_interface = {
    .alloc = _mspace_null_alloc,
    .free = _mspace_null_free,
    .properties = ALLOCMAN_DEFAULT_PROPERTIES,
    .mspace = NULL,
};
