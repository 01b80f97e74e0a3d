/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Book memory out of a static array first, and out of a virtual pool once there is one. */

#include <stdbool.h>
#include <stddef.h>
#include <allocman/extensions.h>
#include <allocman/mspace/mspace.h>
#include <allocman/mspace/fixed_pool.h>
#include <allocman/mspace/virtual_pool.h>

/// The pool. Private.
typedef struct mspace_dual_pool {
    mspace_fixed_pool_t fixed_pool;     ///< the static half
    mspace_virtual_pool_t virtual_pool; ///< the growing half
    bool have_virtual_pool;             ///< the growing half is attached
} mspace_dual_pool_t;

/// Make the pool with its static half only.
///
/// Errors:  none.
/// Cost:    as mspace_fixed_pool_create.
/// Kernel:  none.
void mspace_dual_pool_create(mspace_dual_pool_t *dual_pool, struct mspace_fixed_pool_config config);

/// Give the pool its growing half. It grows from the first request on that its allocman makes once
/// slots and untyped memory are attached; registering mspace_dual_pool_growth takes the headroom for
/// that at once.
///
/// Errors:  none.
/// Cost:    constant.
/// Kernel:  none.
void mspace_dual_pool_attach_virtual(mspace_dual_pool_t *dual_pool,
                                     struct mspace_virtual_pool_config config);

/// See allocman_mspace_alloc.
///
/// Errors:  as _mspace_fixed_pool_alloc, and as _mspace_virtual_pool_alloc once that is attached.
/// Cost:    as these.
/// Kernel:  as these.
void *_mspace_dual_pool_alloc(struct allocman *alloc, void *_dual_pool, size_t bytes, int *error);

/// See allocman_mspace_free.
///
/// Errors:  none; misuse is counted.
/// Cost:    constant.
/// Kernel:  none.
void _mspace_dual_pool_free(struct allocman *alloc, void *_dual_pool, void *ptr, size_t bytes);

/// The extension that allocman_register_book_growth takes.
extern const struct allocman_book_growth mspace_dual_pool_growth;

/// The interface to give to allocman_create.
///
/// Errors:  none.
/// Kernel:  none.
static inline struct mspace_interface mspace_dual_pool_make_interface(mspace_dual_pool_t *dual_pool)
{
    return (struct mspace_interface){
        .alloc = _mspace_dual_pool_alloc,
        .free = _mspace_dual_pool_free,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .mspace = dual_pool,
    };
}
