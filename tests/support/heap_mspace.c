/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "heap_mspace.h"

#include <assert.h>
#include <stdlib.h>

// Before each block: its size, and room to keep it aligned.
#define HEAD 16u

static void *heap_alloc(struct allocman *alloc, void *cookie, size_t bytes, int *error)
{
    (void)alloc;
    struct heap_mspace *const heap = cookie;
    char *block = NULL;
    if (heap->refuse_after > 0) {
        heap->refuse_after -= heap->refuse_after != SIZE_MAX;
        block = malloc(HEAD + bytes);
    }
    SET_ERROR(error, block ? ALLOCMAN_OK : ALLOCMAN_NO_BOOK);
    if (!block) {
        return NULL;
    }
    *(size_t *)(void *)block = bytes;
    heap->blocks++;
    heap->bytes += bytes;
    return block + HEAD;
}

static void heap_free(struct allocman *alloc, void *cookie, void *ptr, size_t bytes)
{
    (void)alloc;
    struct heap_mspace *const heap = cookie;
    char *const block = (char *)ptr - HEAD;
    heap->wrong_frees += *(size_t *)(void *)block != bytes;
    heap->blocks--;
    heap->bytes -= bytes;
    free(block);
}

struct mspace_interface heap_mspace_make_interface(struct heap_mspace *heap)
{
    *heap = (struct heap_mspace){.refuse_after = SIZE_MAX};
    return (struct mspace_interface){.alloc = heap_alloc, .free = heap_free, .mspace = heap};
}

void heap_mspace_start(struct heap_mspace *heap, allocman_t *alloc)
{
    const int error = allocman_create(alloc, heap_mspace_make_interface(heap));
    assert(error == ALLOCMAN_OK);
    (void)error;
}
