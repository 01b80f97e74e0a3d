/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Physical memory is one sparse file: a frame's bytes are at the offset of its physical address.
 * Mapping a frame into the calling thread's VSpace maps that part of the file into the host
 * process. */
#define _GNU_SOURCE
#include "memory.h"
#include "slot.h"
#include "stop.h"
#include "task.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

enum { LEAVES_BYTES = DIRTY_LEAF_COUNT * sizeof(struct dirty_leaf *) };

bool model_memory_open(void)
{
    struct memory *const memory = &model.memory;
    memory->leaves = NULL;
    memory->reservation_count = 0;
    memory->file = memfd_create("sel4model", MFD_CLOEXEC);
    if (memory->file < 0) {
        return false;
    }
    void *const leaves = mmap(NULL, LEAVES_BYTES, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (leaves == MAP_FAILED || ftruncate(memory->file, (off_t)MODEL_MEMORY_BYTES) != 0) {
        close(memory->file);
        return false;
    }
    memory->leaves = leaves;
    return true;
}

void model_memory_close(void)
{
    struct memory *const memory = &model.memory;
    model_memory_release(0);
    for (size_t i = 0; i < DIRTY_LEAF_COUNT; i++) {
        if (memory->leaves[i] != NULL) {
            munmap(memory->leaves[i], sizeof(struct dirty_leaf));
        }
    }
    munmap(memory->leaves, LEAVES_BYTES);
    close(memory->file);
}

/* Mapped, as what points to it is: leak checkers look for pointers to the heap, and not there. */
static struct dirty_leaf *new_leaf(void)
{
    void *const leaf = mmap(NULL, sizeof(struct dirty_leaf), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (leaf == MAP_FAILED) {
        model_stop("the host has no memory to track written pages");
    }
    return leaf;
}

void model_memory_mark_dirty(uint64_t paddr, unsigned size_bits)
{
    const uint64_t page_count = (uint64_t)1 << (size_bits - seL4_PageBits);
    const uint64_t first = paddr >> seL4_PageBits;
    for (uint64_t page = first; page < first + page_count; page++) {
        const uint64_t index = page / DIRTY_LEAF_PAGES;
        if (index >= DIRTY_LEAF_COUNT) {
            return; /* outside all untypeds: never reset */
        }
        struct dirty_leaf *leaf = model.memory.leaves[index];
        if (leaf == NULL) {
            leaf = new_leaf();
            model.memory.leaves[index] = leaf;
        }
        const uint64_t bit = (uint64_t)1 << (page % 64);
        uint64_t *const word = &leaf->bits[page % DIRTY_LEAF_PAGES / 64];
        leaf->count += (*word & bit) == 0;
        *word |= bit;
    }
}

static void punch(uint64_t paddr, uint64_t bytes)
{
    if (bytes != 0 && fallocate(model.memory.file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                (off_t)paddr, (off_t)bytes) != 0) {
        model_stop("cannot clear memory at 0x%llx: %s", (unsigned long long)paddr, strerror(errno));
    }
}

/* Clear the dirty pages [first, end) of one leaf, a system call for each run of them. */
static void clear_leaf(struct dirty_leaf *leaf, uint64_t first, uint64_t end)
{
    uint64_t run_start = first;
    for (uint64_t page = first; page < end && leaf->count > 0; page++) {
        uint64_t *const word = &leaf->bits[page % DIRTY_LEAF_PAGES / 64];
        const uint64_t bit = (uint64_t)1 << (page % 64);
        if (*word == 0) {
            punch(run_start << seL4_PageBits, (page - run_start) << seL4_PageBits);
            page |= 63; /* nothing in this word */
            run_start = page + 1;
        } else if ((*word & bit) == 0) {
            punch(run_start << seL4_PageBits, (page - run_start) << seL4_PageBits);
            run_start = page + 1;
        } else {
            *word &= ~bit;
            leaf->count--;
            if (leaf->count == 0 || page + 1 == end) {
                punch(run_start << seL4_PageBits, (page + 1 - run_start) << seL4_PageBits);
                run_start = page + 1;
            }
        }
    }
}

/* Less than a page cannot be dirty by the kernel's rules - frames are pages, and what a page
 * becomes next comes out of an untyped that was reset since - but zeroing it costs little. */
static void clear_part(uint64_t paddr, uint64_t bytes)
{
    static const uint8_t zeros[1u << seL4_PageBits];
    const uint64_t index = paddr >> DIRTY_LEAF_BITS;
    if (index < DIRTY_LEAF_COUNT && model.memory.leaves[index] != NULL &&
        model.memory.leaves[index]->count > 0 &&
        pwrite(model.memory.file, zeros, (size_t)bytes, (off_t)paddr) != (ssize_t)bytes) {
        model_stop("cannot clear memory at 0x%llx: %s", (unsigned long long)paddr, strerror(errno));
    }
}

void model_memory_clear(uint64_t paddr, uint64_t bytes)
{
    const uint64_t page_bytes = (uint64_t)1 << seL4_PageBits;
    const uint64_t whole = bytes & ~(page_bytes - 1);
    const uint64_t first = paddr >> seL4_PageBits;
    const uint64_t end = first + (whole >> seL4_PageBits);
    /* Rounds are bounded by the GiB in the range. */
    for (uint64_t page = first; page < end;) {
        const uint64_t index = page / DIRTY_LEAF_PAGES;
        const uint64_t leaf_end = (index + 1) * DIRTY_LEAF_PAGES;
        const uint64_t stop = leaf_end < end ? leaf_end : end;
        struct dirty_leaf *const leaf =
            index < DIRTY_LEAF_COUNT ? model.memory.leaves[index] : NULL;
        if (leaf != NULL && leaf->count > 0) {
            clear_leaf(leaf, page, stop);
        }
        page = stop;
    }
    if (whole != bytes) {
        clear_part(paddr + whole, bytes - whole);
    }
}

static bool is_reserved(uintptr_t vaddr)
{
    for (size_t i = 0; i < model.memory.reservation_count; i++) {
        const struct reservation *const range = &model.memory.reservations[i];
        if (vaddr - range->start < range->bytes) {
            return true;
        }
    }
    return false;
}

void model_memory_map(uintptr_t vaddr, uint64_t paddr, unsigned size_bits, unsigned rights,
                      bool replaces, const char *call)
{
    const size_t bytes = (size_t)1 << size_bits;
    int protection = PROT_NONE;
    if ((rights & RIGHT_READ) != 0) {
        protection |= PROT_READ;
    }
    if ((rights & RIGHT_WRITE) != 0) {
        protection |= PROT_WRITE;
    }
    const bool is_ours = replaces || is_reserved(vaddr);
    void *const mapped =
        mmap((void *)vaddr, bytes, protection,
             MAP_SHARED | MAP_NORESERVE | (is_ours ? MAP_FIXED : MAP_FIXED_NOREPLACE),
             model.memory.file, (off_t)paddr);
    if (mapped == (void *)vaddr) {
        return;
    }
    const char *reason = strerror(errno);
    if (mapped != MAP_FAILED || errno == EEXIST) {
        reason = "the host process uses that address (ask sel4model_free_vaddr() for free ones)";
    } else if (errno == ENOMEM) {
        reason = "the host has no memory, or the process too many mappings (vm.max_map_count)";
    }
    if (mapped != MAP_FAILED) {
        munmap(mapped, bytes);
    }
    model_stop("%s: cannot map %zu bytes at 0x%llx: %s", call, bytes, (unsigned long long)vaddr,
               reason);
}

/* A reserved address stays reserved. */
void model_memory_unmap(uintptr_t vaddr, unsigned size_bits)
{
    const size_t bytes = (size_t)1 << size_bits;
    if (!is_reserved(vaddr)) {
        munmap((void *)vaddr, bytes);
    } else if (mmap((void *)vaddr, bytes, PROT_NONE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0) == MAP_FAILED) {
        model_stop("cannot unmap 0x%llx: %s", (unsigned long long)vaddr, strerror(errno));
    }
}

static uintptr_t try_range(uintptr_t start, size_t bytes)
{
    void *const mapped =
        mmap((void *)start, bytes, PROT_NONE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (mapped != MAP_FAILED && mapped != (void *)start) {
        munmap(mapped, bytes);
    }
    return mapped == (void *)start ? start : 0;
}

#ifdef MODEL_FREE_START
/* The first free range of those few addresses that are always there. */
static uintptr_t any_range(size_t bytes, size_t alignment)
{
    uintptr_t start = 0;
    uintptr_t at = (MODEL_FREE_START + alignment - 1) & ~(uintptr_t)(alignment - 1);
    while (start == 0 && at < MODEL_FREE_END && bytes <= MODEL_FREE_END - at) {
        start = try_range(at, bytes);
        at += alignment;
    }
    return start;
}
#else
/* Where the host chooses: ask for more and give back what is before and after. */
static uintptr_t any_range(size_t bytes, size_t alignment)
{
    void *const mapped = mmap(NULL, bytes + alignment, PROT_NONE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED) {
        return 0;
    }
    const uintptr_t low = (uintptr_t)mapped;
    const uintptr_t start = (low + alignment - 1) & ~(uintptr_t)(alignment - 1);
    if (start > low) {
        munmap(mapped, start - low);
    }
    if (start < low + alignment) {
        munmap((void *)(start + bytes), low + alignment - start);
    }
    return start;
}
#endif

/* ThreadSanitizer ends a program that maps where it would not. */
#if defined(__SANITIZE_THREAD__)
enum { HOST_CHOOSES_ADDRESSES = true };
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
enum { HOST_CHOOSES_ADDRESSES = true };
#else
enum { HOST_CHOOSES_ADDRESSES = false };
#endif
#else
enum { HOST_CHOOSES_ADDRESSES = false };
#endif

#ifdef MODEL_FREE_REGIONS
/* Far from where hosts put programs, libraries and heaps, also under sanitizers (first half) and
 * Valgrind (second half); a separate top-level table for each reservation. */
static uintptr_t far_range(size_t bytes, size_t alignment)
{
    static const uintptr_t bases[] = MODEL_FREE_REGIONS;
    const uintptr_t step = (uintptr_t)MODEL_FREE_REGION_STEP * model.memory.reservation_count;
    uintptr_t start = 0;
    const size_t base_count = HOST_CHOOSES_ADDRESSES ? 0 : sizeof(bases) / sizeof(bases[0]);
    for (size_t i = 0; i < base_count && start == 0; i++) {
        const uintptr_t base = (bases[i] + step + alignment - 1) & ~(uintptr_t)(alignment - 1);
        const bool is_users = base <= seL4_UserTop && bytes <= seL4_UserTop - base;
        start = is_users ? try_range(base, bytes) : 0;
    }
    return start;
}
#else
/* An address space too small for that. */
static uintptr_t far_range(size_t bytes, size_t alignment)
{
    (void)bytes;
    (void)alignment;
    return 0;
}
#endif

uintptr_t model_memory_reserve(size_t bytes, size_t alignment)
{
    struct memory *const memory = &model.memory;
    const size_t size = (bytes + alignment - 1) & ~(alignment - 1);
    if (size < bytes || size == 0 || memory->reservation_count == MODEL_RESERVATION_MAX) {
        return 0;
    }
    uintptr_t start = far_range(size, alignment);
    start = start == 0 ? any_range(size, alignment) : start;
    if (start != 0) {
        memory->reservations[memory->reservation_count] = (struct reservation){start, size};
        memory->reservation_count++;
    }
    return start;
}

void model_memory_release(size_t count)
{
    struct memory *const memory = &model.memory;
    while (memory->reservation_count > count) {
        memory->reservation_count--;
        const struct reservation *const range = &memory->reservations[memory->reservation_count];
        munmap((void *)range->start, range->bytes);
    }
}

void *sel4model_free_vaddr(size_t bytes)
{
    MODEL_ENTER_BLOCK();
    if (!model.is_booted) {
        model_stop("sel4model_free_vaddr() before sel4model_boot()");
    }
    return (void *)model_memory_reserve(bytes, (size_t)1 << MODEL_TABLE_COVER_BITS);
}

bool sel4model_read_memory(uint64_t paddr, void *buffer, size_t bytes)
{
    MODEL_ENTER_BLOCK();
    if (paddr > MODEL_MEMORY_BYTES || bytes > MODEL_MEMORY_BYTES - paddr) {
        return false;
    }
    return pread(model.memory.file, buffer, bytes, (off_t)paddr) == (ssize_t)bytes;
}
