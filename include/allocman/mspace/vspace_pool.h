/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Book memory from a vspace manager. In-tree only: it takes libsel4vspace's interface.
 *
 * The range grows upwards from its start, page by page as requests need it, inside a reservation of
 * the vspace. Pages stay mapped once they are; empty ones serve later requests. The vspace must
 * not get its own memory from the allocman that this pool serves: each would wait for the other. */

#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>
#include <allocman/mspace/fixed_pool.h>
#include <allocman/mspace/mspace.h>
#include <vspace/vspace.h>

/// The address range and who maps it.
struct mspace_vspace_pool_config {
    uintptr_t vstart;          ///< its start; rounded up to a page
    reservation_t reservation; ///< what the vspace calls the range
    vspace_t vspace;           ///< maps the pages; copied
};

/// The pool. Private.
typedef struct mspace_vspace_pool {
    mspace_fixed_pool_t pool;  ///< the pages mapped so far
    reservation_t reservation; ///< what the vspace calls the range
    vspace_t vspace;           ///< maps the pages
} mspace_vspace_pool_t;

/// Make a pool of the range; nothing is mapped yet.
///
/// Errors:  none.
/// Cost:    constant.
/// Kernel:  none.
void mspace_vspace_pool_create(mspace_vspace_pool_t *vspace_pool,
                               struct mspace_vspace_pool_config config);

/// See allocman_mspace_alloc.
///
/// Errors:  ALLOCMAN_INVALID_SIZE; ALLOCMAN_NO_BOOK iff the vspace maps no more.
/// Cost:    constant, and a step of growth; for requests above a page linear in the pages mapped.
/// Kernel:  none of its own; what the vspace needs to map pages.
void *_mspace_vspace_pool_alloc(struct allocman *alloc, void *_vspace_pool, size_t bytes,
                                int *error);

/// See allocman_mspace_free.
///
/// Errors:  none; misuse is counted.
/// Cost:    constant; for blocks above a page linear in their pages.
/// Kernel:  none.
void _mspace_vspace_pool_free(struct allocman *alloc, void *_vspace_pool, void *ptr, size_t bytes);

/// The interface to give to allocman_create.
///
/// Errors:  none.
/// Kernel:  none.
static inline struct mspace_interface
mspace_vspace_pool_make_interface(mspace_vspace_pool_t *vspace_pool)
{
    return (struct mspace_interface){
        .alloc = _mspace_vspace_pool_alloc,
        .free = _mspace_vspace_pool_free,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .mspace = vspace_pool,
    };
}
