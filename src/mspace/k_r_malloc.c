/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The free blocks form a ring by rising address that begins at `base`, which is no block itself. */

#include <allocman/mspace/k_r_malloc.h>

#include <stdbool.h>
#include <stdint.h>

typedef k_r_malloc_header_t header_t;

void mspace_k_r_malloc_init(mspace_k_r_malloc_t *k_r_malloc, size_t cookie,
                            k_r_malloc_header_t *(*morecore)(size_t cookie,
                                                             mspace_k_r_malloc_t *k_r_malloc,
                                                             size_t new_units))
{
    k_r_malloc->base.s.ptr = &k_r_malloc->base;
    k_r_malloc->base.s.size = 0;
    k_r_malloc->freep = &k_r_malloc->base;
    k_r_malloc->cookie = cookie;
    k_r_malloc->morecore = morecore;
}

/* Take `units` from the first free block that has them: its end, so that the ring stays as it is. */
static header_t *units_take(mspace_k_r_malloc_t *heap, size_t units)
{
    header_t *before = heap->freep;
    do { /* once around the ring */
        header_t *const block = before->s.ptr;
        if (block != &heap->base && block->s.size >= units) {
            header_t *taken = block;
            if (block->s.size == units) {
                before->s.ptr = block->s.ptr;
            } else {
                block->s.size -= units;
                taken = block + block->s.size;
            }
            taken->s.size = units;
            taken->s.ptr = NULL;
            heap->freep = before;
            return taken;
        }
        before = block;
    } while (before != heap->freep);
    return NULL;
}

void *mspace_k_r_malloc_alloc(mspace_k_r_malloc_t *k_r_malloc, size_t nbytes)
{
    if (nbytes == 0 || nbytes > SIZE_MAX - 2 * sizeof(header_t)) {
        return NULL;
    }
    const size_t units = (nbytes + sizeof(header_t) - 1) / sizeof(header_t) + 1;
    header_t *block = units_take(k_r_malloc, units);
    if (!block && k_r_malloc->morecore &&
        k_r_malloc->morecore(k_r_malloc->cookie, k_r_malloc, units)) {
        block = units_take(k_r_malloc, units);
    }
    return block ? block + 1 : NULL;
}

/* The last free block below an address, or the ring's beginning. */
static header_t *block_below(mspace_k_r_malloc_t *heap, const header_t *block)
{
    header_t *below = &heap->base;
    while (below->s.ptr != &heap->base &&
           (uintptr_t)below->s.ptr <= (uintptr_t)block) { /* bounded by the free blocks */
        below = below->s.ptr;
    }
    return below;
}

/* Does a block end where another begins? The ring's beginning has no end. */
static bool touches(const mspace_k_r_malloc_t *heap, const header_t *low, const header_t *high)
{
    return low != &heap->base && high != &heap->base && low + low->s.size == high;
}

void mspace_k_r_malloc_free(mspace_k_r_malloc_t *k_r_malloc, void *ap)
{
    header_t *block = ap ? (header_t *)ap - 1 : NULL;
    if (!block || block->s.size == 0) {
        return;
    }
    header_t *const below = block_below(k_r_malloc, block);
    if (below != &k_r_malloc->base &&
        (uintptr_t)(below + below->s.size) > (uintptr_t)block) { /* free already */
        return;
    }
    header_t *const above = below->s.ptr;
    block->s.ptr = above;
    below->s.ptr = block;
    if (touches(k_r_malloc, block, above)) {
        block->s.size += above->s.size;
        block->s.ptr = above->s.ptr;
    }
    if (touches(k_r_malloc, below, block)) {
        below->s.size += block->s.size;
        below->s.ptr = block->s.ptr;
    }
    k_r_malloc->freep = below;
}
