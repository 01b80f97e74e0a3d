/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "heap_mspace.h"

#include <stdlib.h>

// Before each block, and keeping it aligned.
struct heap_head {
    size_t bytes;
    struct heap_head *next, *prev;
};
#define HEAD 32u
_Static_assert(sizeof(struct heap_head) <= HEAD, "room before each block");

static void *heap_alloc(struct allocman *alloc, void *cookie, size_t bytes, int *error)
{
    (void)alloc;
    struct heap_mspace *const heap = cookie;
    char *block = NULL;
    void (*const nested)(void *context) = heap->nested;
    if (nested && heap->nest_after-- == 0) {
        heap->nested = NULL;
        nested(heap->context);
    }
    if (heap->refuse_after > 0) {
        heap->refuse_after -= heap->refuse_after != SIZE_MAX;
        block = malloc(HEAD + bytes);
    }
    SET_ERROR(error, block ? ALLOCMAN_OK : ALLOCMAN_NO_BOOK);
    if (!block) {
        return NULL;
    }
    struct heap_head *const head = (struct heap_head *)(void *)block;
    *head = (struct heap_head){.bytes = bytes, .next = heap->first};
    if (heap->first) {
        heap->first->prev = head;
    }
    heap->first = head;
    heap->blocks++;
    heap->bytes += bytes;
    return block + HEAD;
}

static void heap_free(struct allocman *alloc, void *cookie, void *ptr, size_t bytes)
{
    (void)alloc;
    struct heap_mspace *const heap = cookie;
    struct heap_head *const head = (struct heap_head *)(void *)((char *)ptr - HEAD);
    if (head->next) {
        head->next->prev = head->prev;
    }
    *(head->prev ? &head->prev->next : &heap->first) = head->next;
    heap->wrong_frees += head->bytes != bytes;
    heap->blocks--;
    heap->bytes -= bytes;
    free(head);
}

void heap_mspace_stop(struct heap_mspace *heap)
{
    while (heap->first) {
        struct heap_head *const head = heap->first;
        heap->first = head->next;
        free(head);
    }
}

struct mspace_interface heap_mspace_make_interface(struct heap_mspace *heap)
{
    *heap = (struct heap_mspace){.refuse_after = SIZE_MAX};
    return (struct mspace_interface){.alloc = heap_alloc, .free = heap_free, .mspace = heap};
}

void heap_mspace_start(struct heap_mspace *heap, allocman_t *alloc)
{
    if (allocman_create(alloc, heap_mspace_make_interface(heap)) != ALLOCMAN_OK) {
        abort();
    }
}
