/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What a virtual pool's pages are made of: frames, their slots, and paging structures. */

#include <stdbool.h>
#include <allocman/allocman.h>
#include <allocman/mspace/virtual_pool.h>

/* Map a new frame at `address`, and the paging structures that lack for it; all or nothing. */
int am_pool_page_map(allocman_t *alloc, mspace_virtual_pool_t *pool, uintptr_t address,
                     struct book_frame *frame);

/* Give a page's frame back; false, and nothing changed, if the kernel does not delete its
 * capability. */
bool am_pool_page_unmap(allocman_t *alloc, mspace_virtual_pool_t *pool, struct book_frame frame);

/* allocman_book_growth.set_aside */
int am_pool_set_aside(allocman_t *alloc, void *pool);
