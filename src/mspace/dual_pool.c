/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/mspace/dual_pool.h>
#include <allocman/allocman.h>

#include "../internal.h"
#include "book_pages.h"
#include "fixed_pool.h"
#include "virtual_pool.h"

void mspace_dual_pool_create(mspace_dual_pool_t *dual_pool, struct mspace_fixed_pool_config config)
{
    dual_pool->have_virtual_pool = false;
    mspace_fixed_pool_create(&dual_pool->fixed_pool, config);
}

void mspace_dual_pool_attach_virtual(mspace_dual_pool_t *dual_pool,
                                     struct mspace_virtual_pool_config config)
{
    mspace_virtual_pool_create(&dual_pool->virtual_pool, config);
    dual_pool->have_virtual_pool = true;
}

void *_mspace_dual_pool_alloc(struct allocman *alloc, void *_dual_pool, size_t bytes, int *error)
{
    mspace_dual_pool_t *const pool = _dual_pool;
    if (pool->have_virtual_pool) {
        am_growth_offer(alloc, pool, &mspace_dual_pool_growth);
    }
    void *block = am_fixed_pool_alloc(&pool->fixed_pool, bytes);
    size_t free_bytes = am_book_free_bytes(&pool->fixed_pool.pages);
    if (!block && pool->have_virtual_pool) {
        block = am_virtual_pool_alloc_mapped(&pool->virtual_pool, bytes);
        free_bytes += am_book_free_bytes(&pool->virtual_pool.pages);
    }
    if (!block && bytes > 0) {
        return am_pool_exhausted(alloc, pool, bytes, free_bytes, error);
    }
    am_book_expect_untouched(alloc, "_mspace_dual_pool_alloc", block, bytes);
    SET_ERROR(error, block ? ALLOCMAN_OK : ALLOCMAN_INVALID_SIZE);
    return block;
}

void _mspace_dual_pool_free(struct allocman *alloc, void *_dual_pool, void *ptr, size_t bytes)
{
    mspace_dual_pool_t *const pool = _dual_pool;
    if (pool->have_virtual_pool && !am_fixed_pool_owns(&pool->fixed_pool, ptr)) {
        _mspace_virtual_pool_free(alloc, &pool->virtual_pool, ptr, bytes);
    } else {
        _mspace_fixed_pool_free(alloc, &pool->fixed_pool, ptr, bytes);
    }
}

static void *dual_alloc_grown(allocman_t *alloc, void *_pool, size_t bytes, int *error)
{
    mspace_dual_pool_t *const pool = _pool;
    return mspace_virtual_pool_growth.alloc_grown(alloc, &pool->virtual_pool, bytes, error);
}

static bool dual_trim(allocman_t *alloc, void *_pool, size_t keep)
{
    mspace_dual_pool_t *const pool = _pool;
    /* An empty page of the static pool serves as the spare just as well. */
    const size_t spare = pool->fixed_pool.pages.empty_pages;
    return mspace_virtual_pool_growth.trim(alloc, &pool->virtual_pool,
                                           keep > spare ? keep - spare : 0);
}

static bool dual_needs(const void *_pool, struct allocman_need *need)
{
    const mspace_dual_pool_t *const pool = _pool;
    return mspace_virtual_pool_growth.needs(&pool->virtual_pool, need);
}

static void dual_shrink(void *_pool, void *block, size_t bytes, size_t to_bytes)
{
    mspace_dual_pool_t *const pool = _pool;
    if (am_fixed_pool_owns(&pool->fixed_pool, block)) {
        am_fixed_pool_shrink(&pool->fixed_pool, block, bytes, to_bytes);
    } else {
        mspace_virtual_pool_growth.shrink(&pool->virtual_pool, block, bytes, to_bytes);
    }
}

static void *dual_page_of(void *_pool, const void *record)
{
    mspace_dual_pool_t *const pool = _pool;
    return mspace_virtual_pool_growth.page_of(&pool->virtual_pool, record);
}

static bool dual_page_close(void *_pool, void *page, size_t bytes)
{
    mspace_dual_pool_t *const pool = _pool;
    return mspace_virtual_pool_growth.page_close(&pool->virtual_pool, page, bytes);
}

static void dual_page_open(void *_pool, void *page)
{
    mspace_dual_pool_t *const pool = _pool;
    mspace_virtual_pool_growth.page_open(&pool->virtual_pool, page);
}

static int dual_set_aside(allocman_t *alloc, void *_pool)
{
    mspace_dual_pool_t *const pool = _pool;
    return mspace_virtual_pool_growth.set_aside(alloc, &pool->virtual_pool);
}

const struct allocman_book_growth mspace_dual_pool_growth = {
    .alloc_grown = dual_alloc_grown,
    .trim = dual_trim,
    .needs = dual_needs,
    .shrink = dual_shrink,
    .page_of = dual_page_of,
    .page_close = dual_page_close,
    .page_open = dual_page_open,
    .set_aside = dual_set_aside,
};
