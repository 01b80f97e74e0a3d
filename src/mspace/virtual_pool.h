/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

#include <stdbool.h>
#include <allocman/mspace/virtual_pool.h>

/* Does the address lie in the pool's range? */
bool am_virtual_pool_owns(const mspace_virtual_pool_t *pool, const void *ptr);

/* A block out of the pages that are mapped, or NULL; a request larger than a page always grows. */
void *am_virtual_pool_alloc_mapped(mspace_virtual_pool_t *pool, size_t bytes);
