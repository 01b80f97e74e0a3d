/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Managers as a user of the published interface structs would write them: no extensions, nothing
// but the members that are published.
#pragma once

#include "api_test.h"

// What stands before each block of a heap.
struct heap_block {
    struct heap_block *next, *prev;
    size_t bytes;
    size_t unused; // the block behind it is aligned to 16
};

// Book memory from malloc, with a limit, and a look at what comes back.
struct heap {
    size_t live_bytes, live_blocks;
    size_t limit; // bytes; 0: none
    struct heap_block *blocks;
};

static inline void *heap_alloc(allocman_t *alloc, void *cookie, size_t bytes, int *error)
{
    (void)alloc;
    struct heap *const heap = cookie;
    const bool allowed = heap->limit == 0 || heap->live_bytes + bytes <= heap->limit;
    struct heap_block *const block = allowed ? malloc(sizeof(*block) + bytes) : NULL;
    SET_ERROR(error, block ? ALLOCMAN_OK : ALLOCMAN_NO_BOOK);
    if (block == NULL) {
        return NULL;
    }
    *block = (struct heap_block){.next = heap->blocks, .bytes = bytes};
    if (block->next) {
        block->next->prev = block;
    }
    heap->blocks = block;
    heap->live_bytes += bytes;
    heap->live_blocks++;
    return memset(block + 1, 0xa5, bytes);
}

static inline void heap_free(allocman_t *alloc, void *cookie, void *ptr, size_t bytes)
{
    (void)alloc;
    struct heap *const heap = cookie;
    struct heap_block *const block = (struct heap_block *)ptr - 1;
    assert_int_equal(block->bytes, bytes); // frees carry the size
    *(block->prev ? &block->prev->next : &heap->blocks) = block->next;
    if (block->next) {
        block->next->prev = block->prev;
    }
    heap->live_bytes -= bytes;
    heap->live_blocks--;
    free(block);
}

// Drop what an allocman holds that is thrown away.
static inline void heap_release(struct heap *heap)
{
    while (heap->blocks) {
        struct heap_block *const block = heap->blocks;
        heap->blocks = block->next;
        free(block);
    }
    *heap = (struct heap){0};
}

static inline struct mspace_interface heap_interface(struct heap *heap)
{
    return (struct mspace_interface){.alloc = heap_alloc,
                                     .free = heap_free,
                                     .properties = ALLOCMAN_DEFAULT_PROPERTIES,
                                     .mspace = heap};
}

enum { SCATTER_SLOTS = 2048 };

// Single slots of the boot CNode, every third one of a range and from its end: no two of them
// neighbours, none in order.
struct scatter {
    seL4_CPtr first;
    size_t count; // slots that there are
    bool taken[SCATTER_SLOTS];
    size_t live;
    bool misused;
};

static inline cspacepath_t scatter_make_path(void *cookie, seL4_CPtr slot)
{
    (void)cookie;
    return (cspacepath_t){
        .capPtr = slot, .capDepth = seL4_WordBits, .root = ROOT_CNODE, .offset = slot, .window = 1};
}

static inline int scatter_alloc(allocman_t *alloc, void *cookie, cspacepath_t *path)
{
    (void)alloc;
    struct scatter *const scatter = cookie;
    for (size_t i = scatter->count; i-- > 0;) {
        if (!scatter->taken[i]) {
            scatter->taken[i] = true;
            scatter->live++;
            *path = scatter_make_path(scatter, scatter->first + 3 * i);
            return 0;
        }
    }
    return ALLOCMAN_NO_SLOT;
}

static inline void scatter_free(allocman_t *alloc, void *cookie, const cspacepath_t *path)
{
    (void)alloc;
    struct scatter *const scatter = cookie;
    const size_t i = (path->capPtr - scatter->first) / 3;
    const bool ours =
        (path->capPtr - scatter->first) % 3 == 0 && i < scatter->count && scatter->taken[i];
    scatter->misused = scatter->misused || !ours;
    if (ours) {
        scatter->taken[i] = false;
        scatter->live--;
    }
}

static inline struct cspace_interface scatter_interface(struct scatter *scatter)
{
    return (struct cspace_interface){.alloc = scatter_alloc,
                                     .free = scatter_free,
                                     .make_path = scatter_make_path,
                                     .properties = ALLOCMAN_DEFAULT_PROPERTIES,
                                     .cspace = scatter};
}

// An allocator of nothing but outsiders and our untyped manager, over the boot RAM.
struct outsider_world {
    struct heap heap;
    struct scatter scatter;
    allocman_t alloc;
    utspace_split_t utspace;
};

static inline void outsiders_attach(struct outsider_world *w, size_t slots)
{
    heap_release(&w->heap);
    memset(&w->scatter, 0, sizeof(w->scatter));
    w->scatter.first = world.bootinfo->empty.start;
    w->scatter.count = slots;
    assert_int_equal(allocman_create(&w->alloc, heap_interface(&w->heap)), 0);
    assert_int_equal(allocman_attach_cspace(&w->alloc, scatter_interface(&w->scatter)), 0);
    utspace_split_create(&w->utspace);
    assert_int_equal(allocman_attach_utspace(&w->alloc, utspace_split_make_interface(&w->utspace)),
                     0);
}

// Hand over one boot untyped.
static inline int outsiders_add(struct outsider_world *w, size_t index)
{
    const seL4_UntypedDesc *const ut = &world.bootinfo->untypedList[index];
    const cspacepath_t path =
        allocman_cspace_make_path(&w->alloc, world.bootinfo->untyped.start + index);
    size_t size_bits = ut->sizeBits;
    uintptr_t paddr = ut->paddr;
    return allocman_utspace_add_uts(&w->alloc, 1, &path, &size_bits, &paddr,
                                    ut->isDevice ? ALLOCMAN_UT_DEV : ALLOCMAN_UT_KERNEL);
}

static inline void outsiders_add_all(struct outsider_world *w)
{
    const size_t count = world.bootinfo->untyped.end - world.bootinfo->untyped.start;
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(outsiders_add(w, i), ALLOCMAN_OK);
    }
}
