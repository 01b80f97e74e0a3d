/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/mspace/malloc.h>
#include <allocman/status.h>
#include <allocman/util.h>

#include <stdlib.h>

void *_mspace_malloc_alloc(struct allocman *alloc, void *unused, size_t bytes, int *error)
{
    (void)alloc;
    (void)unused;
    void *const block = bytes ? malloc(bytes) : NULL;
    SET_ERROR(error, block ? ALLOCMAN_OK : bytes ? ALLOCMAN_NO_BOOK : ALLOCMAN_INVALID_SIZE);
    return block;
}

void _mspace_malloc_free(struct allocman *alloc, void *unused, void *ptr, size_t bytes)
{
    (void)alloc;
    (void)unused;
    (void)bytes;
    free(ptr);
}
