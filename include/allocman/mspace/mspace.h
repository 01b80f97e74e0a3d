/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The book memory manager as an allocman sees it. */

#include <stddef.h>
#include <stdint.h>
#include <allocman/properties.h>

struct allocman;

/// A book memory manager. Users write their own by filling in all members. Frees carry the size.
struct mspace_interface {
    /// `bytes` of memory, aligned to 16, or NULL with *error set (error may be NULL).
    void *(*alloc)(struct allocman *alloc, void *cookie, size_t bytes, int *error);
    /// Take back what alloc gave for the same `bytes`.
    void (*free)(struct allocman *alloc, void *cookie, void *ptr, size_t bytes);
    struct allocman_properties properties; ///< what alloc and free call back
    void *mspace;                          ///< passed to each as `cookie`
};
