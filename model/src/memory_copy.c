/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* What physical memory holds, kept and brought back: the pages of the memory file that exist, and
 * which of them may be dirty. */
#define _GNU_SOURCE
#include "memory.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct extent {
    struct extent *next;
    off_t start;
    size_t bytes;
    uint8_t data[];
};

struct leaf_copy {
    struct leaf_copy *next;
    size_t index;
    struct dirty_leaf leaf;
};

struct memory_copy {
    struct extent *extents;
    struct leaf_copy *leaves;
};

static bool copy_extents(struct memory_copy *copy)
{
    const int file = model.memory.file;
    off_t end = 0;
    /* Bound: the runs of pages that were written to. */
    for (;;) {
        const off_t start = lseek(file, end, SEEK_DATA);
        if (start < 0) {
            return errno == ENXIO; /* no more */
        }
        end = lseek(file, start, SEEK_HOLE);
        struct extent *const extent = malloc(sizeof(*extent) + (size_t)(end - start));
        if (extent == NULL) {
            return false;
        }
        extent->start = start;
        extent->bytes = (size_t)(end - start);
        extent->next = copy->extents;
        copy->extents = extent;
        if (pread(file, extent->data, extent->bytes, start) != (ssize_t)extent->bytes) {
            return false;
        }
    }
}

static bool copy_leaves(struct memory_copy *copy)
{
    for (size_t i = 0; i < DIRTY_LEAF_COUNT; i++) {
        if (model.memory.leaves[i] == NULL) {
            continue;
        }
        struct leaf_copy *const leaf = malloc(sizeof(*leaf));
        if (leaf == NULL) {
            return false;
        }
        *leaf = (struct leaf_copy){copy->leaves, i, *model.memory.leaves[i]};
        copy->leaves = leaf;
    }
    return true;
}

struct memory_copy *model_memory_copy(void)
{
    struct memory_copy *const copy = calloc(1, sizeof(*copy));
    if (copy != NULL && !(copy_extents(copy) && copy_leaves(copy))) {
        model_memory_copy_free(copy);
        return NULL;
    }
    return copy;
}

void model_memory_copy_free(struct memory_copy *copy)
{
    while (copy != NULL && copy->extents != NULL) {
        struct extent *const extent = copy->extents;
        copy->extents = extent->next;
        free(extent);
    }
    while (copy != NULL && copy->leaves != NULL) {
        struct leaf_copy *const leaf = copy->leaves;
        copy->leaves = leaf->next;
        free(leaf);
    }
    free(copy);
}

void model_memory_write_back(const struct memory_copy *copy)
{
    const int file = model.memory.file;
    bool is_good = fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                             (off_t)MODEL_MEMORY_BYTES) == 0;
    for (const struct extent *at = copy->extents; at != NULL && is_good; at = at->next) {
        is_good = pwrite(file, at->data, at->bytes, at->start) == (ssize_t)at->bytes;
    }
    if (!is_good) {
        model_stop("cannot restore what memory held: %s", strerror(errno));
    }
    /* Leaves are never freed: those of the copy are still there. */
    for (size_t i = 0; i < DIRTY_LEAF_COUNT; i++) {
        if (model.memory.leaves[i] != NULL) {
            memset(model.memory.leaves[i], 0, sizeof(*model.memory.leaves[i]));
        }
    }
    for (const struct leaf_copy *at = copy->leaves; at != NULL; at = at->next) {
        *model.memory.leaves[at->index] = at->leaf;
    }
}
