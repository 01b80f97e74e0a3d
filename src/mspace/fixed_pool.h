/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

#include <stdbool.h>
#include <allocman/mspace/fixed_pool.h>

/* A block, or NULL. */
void *am_fixed_pool_alloc(mspace_fixed_pool_t *pool, size_t bytes);

/* Make a block shorter. */
void am_fixed_pool_shrink(mspace_fixed_pool_t *pool, void *block, size_t bytes, size_t to_bytes);

/* Add `pages` whole pages of memory that begin where the pool ends, which is at a page. */
void am_fixed_pool_extend(mspace_fixed_pool_t *pool, size_t pages);

/* Does the address lie in the pool? */
static inline bool am_fixed_pool_owns(const mspace_fixed_pool_t *pool, const void *ptr)
{
    return (uintptr_t)ptr >= pool->start && (uintptr_t)ptr < pool->end;
}
