/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// malloc() and its like for tests that bring managers of their own: first fit over an array, in order
// of address; neighbours that are free become one when something is looked for.

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifndef ROOT_TASK_HEAP_BYTES
#define ROOT_TASK_HEAP_BYTES (1 << 20)
#endif

enum { HEAP_BYTES = ROOT_TASK_HEAP_BYTES, GRAIN = 16 };

struct piece {
    size_t bytes; // this header included
    bool is_free;
    _Alignas(GRAIN) char content[];
};

static _Alignas(GRAIN) char heap[HEAP_BYTES];

static struct piece *at(size_t offset)
{
    return (struct piece *)(void *)(heap + offset);
}

void *malloc(size_t bytes)
{
    if (bytes > HEAP_BYTES / 2) {
        return NULL;
    }
    if (at(0)->bytes == 0) {
        *at(0) = (struct piece){.bytes = HEAP_BYTES, .is_free = true};
    }
    const size_t wanted = (sizeof(struct piece) + bytes + GRAIN - 1) / GRAIN * GRAIN;
    for (size_t offset = 0; offset < HEAP_BYTES; offset += at(offset)->bytes) {
        struct piece *const piece = at(offset);
        if (!piece->is_free) {
            continue;
        }
        while (offset + piece->bytes < HEAP_BYTES && at(offset + piece->bytes)->is_free) {
            piece->bytes += at(offset + piece->bytes)->bytes;
        }
        if (piece->bytes < wanted) {
            continue;
        }
        if (piece->bytes - wanted >= 2 * sizeof(struct piece)) {
            *at(offset + wanted) = (struct piece){.bytes = piece->bytes - wanted, .is_free = true};
            piece->bytes = wanted;
        }
        piece->is_free = false;
        return piece->content;
    }
    return NULL;
}

void *calloc(size_t count, size_t bytes)
{
    if (bytes != 0 && count > HEAP_BYTES / bytes) {
        return NULL;
    }
    void *const memory = malloc(count * bytes);
    return memory == NULL ? NULL : memset(memory, 0, count * bytes);
}

static struct piece *piece_of(void *memory)
{
    return at((size_t)((char *)memory - heap) - sizeof(struct piece));
}

void *realloc(void *memory, size_t bytes)
{
    void *const larger = malloc(bytes);
    if (memory != NULL && larger != NULL) {
        const size_t held = piece_of(memory)->bytes - sizeof(struct piece);
        memcpy(larger, memory, held < bytes ? held : bytes);
        free(memory);
    }
    return larger;
}

void free(void *memory)
{
    if (memory != NULL) {
        piece_of(memory)->is_free = true;
    }
}

// Insertion sort: the tests sort a few hundred elements.
void qsort(void *array, size_t count, size_t bytes, int (*compare)(const void *, const void *))
{
    char *const a = array;
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0 && compare(a + (j - 1) * bytes, a + j * bytes) > 0; j--) {
            for (size_t b = 0; b < bytes; b++) {
                const char kept = a[j * bytes + b];
                a[j * bytes + b] = a[(j - 1) * bytes + b];
                a[(j - 1) * bytes + b] = kept;
            }
        }
    }
}
