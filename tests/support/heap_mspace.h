/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Book memory from the host's heap: what was taken is counted, sizes of frees are checked, and
// requests can be refused.
#pragma once

#include <stddef.h>

#include <allocman/allocman.h>

struct heap_mspace {
    size_t blocks, bytes; // taken and not given back
    size_t refuse_after;  // requests still served; SIZE_MAX: all
    size_t wrong_frees;   // frees of another size than was taken
    struct heap_head *first;
    void (*nested)(
        void *
            context); // called within the requests, but not within those that it makes; NULL: nothing
    void *context;    // of nested
    size_t nest_after; // requests that come first
};

// The interface to give to allocman_create().
struct mspace_interface heap_mspace_make_interface(struct heap_mspace *heap);

// An allocman with nothing but this.
void heap_mspace_start(struct heap_mspace *heap, allocman_t *alloc);

// Free what is left of it.
void heap_mspace_stop(struct heap_mspace *heap);
