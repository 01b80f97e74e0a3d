/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Book memory out of one static array. */

#include <stddef.h>
#include <stdint.h>
#include <allocman/mspace/mspace.h>
#include <allocman/mspace/book_pages.h>

/// The array.
struct mspace_fixed_pool_config {
    void *pool;  ///< its start; any alignment
    size_t size; ///< bytes
};

/// The pool. Private.
typedef struct mspace_fixed_pool {
    struct book_pages pages; ///< the pages it is cut into
    uintptr_t start;         ///< address of the first page
    uintptr_t end;           ///< one past the last usable byte
} mspace_fixed_pool_t;

/// Make a pool of the array. An array too small for one page header gives a pool that refuses
/// everything.
///
/// Errors:  none.
/// Cost:    linear in the pages of the array.
/// Kernel:  none.
void mspace_fixed_pool_create(mspace_fixed_pool_t *fixed_pool,
                              struct mspace_fixed_pool_config config);

/// See allocman_mspace_alloc.
///
/// Errors:  ALLOCMAN_NO_BOOK, ALLOCMAN_INVALID_SIZE; nothing is changed then.
/// Cost:    constant; a request above 3,984 bytes is linear in the pages of the pool.
/// Kernel:  none.
void *_mspace_fixed_pool_alloc(struct allocman *alloc, void *_fixed_pool, size_t bytes, int *error);

/// See allocman_mspace_free.
///
/// Errors:  none; misuse is counted.
/// Cost:    constant.
/// Kernel:  none.
void _mspace_fixed_pool_free(struct allocman *alloc, void *_fixed_pool, void *ptr, size_t bytes);

/// The interface to give to allocman_create.
///
/// Errors:  none.
/// Kernel:  none.
static inline struct mspace_interface
mspace_fixed_pool_make_interface(mspace_fixed_pool_t *fixed_pool)
{
    return (struct mspace_interface){
        .alloc = _mspace_fixed_pool_alloc,
        .free = _mspace_fixed_pool_free,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .mspace = fixed_pool,
    };
}
