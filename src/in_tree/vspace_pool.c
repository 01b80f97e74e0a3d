/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* A static pool whose end moves up. */

#include <allocman/mspace/vspace_pool.h>
#include <allocman/allocman.h>

#include "../internal.h"
#include "../mspace/book_pages.h"
#include "../mspace/fixed_pool.h"

#define PAGE ALLOCMAN_BOOK_PAGE_BYTES

void mspace_vspace_pool_create(mspace_vspace_pool_t *vspace_pool,
                               struct mspace_vspace_pool_config config)
{
    /* Rounded up; the page at address 0 is left out: NULL is no page. */
    const uintptr_t vstart = config.vstart ? config.vstart : PAGE;
    const uintptr_t start = (vstart + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
    *vspace_pool = (mspace_vspace_pool_t){.pool = {.start = start, .end = start},
                                          .reservation = config.reservation,
                                          .vspace = config.vspace};
}

/* Map what `bytes` need above the pages there are. */
static bool grow(mspace_vspace_pool_t *vspace_pool, size_t bytes)
{
    mspace_fixed_pool_t *const pool = &vspace_pool->pool;
    const size_t pages = (bytes + AM_BOOK_HEADER_BYTES + PAGE - 1) / PAGE;
    const bool possible =
        bytes <= SIZE_MAX / 2 && pages <= UINT16_MAX && pool->end + pages * PAGE > pool->end;
    if (!possible || vspace_new_pages_at_vaddr(&vspace_pool->vspace, (void *)pool->end, pages,
                                               ALLOCMAN_BOOK_PAGE_BITS, vspace_pool->reservation)) {
        return false;
    }
    am_fixed_pool_extend(pool, pages);
    return true;
}

void *_mspace_vspace_pool_alloc(struct allocman *alloc, void *_vspace_pool, size_t bytes,
                                int *error)
{
    mspace_vspace_pool_t *const vspace_pool = _vspace_pool;
    mspace_fixed_pool_t *const pool = &vspace_pool->pool;
    void *block = am_fixed_pool_alloc(pool, bytes);
    if (!block && bytes > 0) {
        if (!grow(vspace_pool, bytes)) {
            return am_pool_exhausted(alloc, pool, bytes, am_book_free_bytes(&pool->pages), error);
        }
        block = am_fixed_pool_alloc(pool, bytes);
    }
    SET_ERROR(error, block ? ALLOCMAN_OK : ALLOCMAN_INVALID_SIZE);
    return block;
}

void _mspace_vspace_pool_free(struct allocman *alloc, void *_vspace_pool, void *ptr, size_t bytes)
{
    mspace_vspace_pool_t *const vspace_pool = _vspace_pool;
    _mspace_fixed_pool_free(alloc, &vspace_pool->pool, ptr, bytes);
}
