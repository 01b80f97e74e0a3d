/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What is known of a system that is to get a new CSpace. */

#include <allocman/bootstrap.h>

/* An untyped that will be moved to the new CSpace. */
struct bootstrap_untyped {
    struct bootstrap_untyped *next;
    seL4_CPtr slot; /* where it is: its path in the boot CSpace */
    seL4_CNode root;
    seL4_Word paddr;   /* physical address, or ALLOCMAN_NO_PADDR */
    uint8_t depth;     /* of that path */
    uint8_t size_bits; /* log2 bytes */
    bool is_device;
};

/* The same of all of them, as far as a plan needs it, and the initial capabilities. */
struct bootstrap_census {
    seL4_CPtr kept_last;                   /* see bootstrap_kept */
    size_t count;                          /* untypeds */
    uint32_t ram[seL4_MaxUntypedBits + 1]; /* those of RAM, by log2 bytes */
    bool initial;                          /* initial capabilities keep their numbers */
    seL4_SlotRegion sched_control;         /* these too; empty without MCS */
};

/* Capabilities that get the slot in the new CSpace that has their number in the boot CSpace. If any do,
 * all do: the untypeds too, and what the new CSpace has of its own stands at the numbers that it has in
 * the boot CSpace. */
struct bootstrap_kept {
    seL4_CPtr (*nth)(void *data, size_t n); /* the n-th of them but for untypeds; 0: none */
    void *data;
    size_t count;
};

struct bootstrap_info {
    allocman_t *alloc;               /* book memory only, so far */
    size_t pool_size;                /* bytes, as given */
    struct bootstrap_untyped *first; /* untypeds, in the order in which they came */
    struct bootstrap_untyped *last;
    struct bootstrap_census census;
    struct bootstrap_kept kept;
    cspace_interface_t boot; /* the boot CSpace */
    cspacepath_t boot_root;  /* its root CNode */
    bool have_boot;
};

static inline cspacepath_t bootstrap_untyped_path(const struct bootstrap_untyped *ut)
{
    return (cspacepath_t){.capPtr = ut->slot,
                          .capDepth = ut->depth,
                          .root = ut->root,
                          .offset = ut->slot,
                          .window = 1};
}

/* A start is one call of the allocman that it makes: what the managers ask for is taken from the static
 * pool, since nothing can grow yet, and so nothing is left to the call's end. */
static inline void am_start_begin(allocman_t *alloc)
{
    alloc->in_call = true;
    alloc->failure_noted = false;
}

static inline void am_start_end(allocman_t *alloc)
{
    alloc->in_call = false;
    alloc->book_freed = NULL;
}

/* Forget the untypeds and the info itself: their book memory goes back to the allocman. */
void am_bootstrap_info_drop(bootstrap_info_t *info);

/* Make a new CSpace, of two levels if l2size is not 0, and switch to it; `why` may be NULL. After a
 * failure `info` is as it was; after success it is gone. */
allocman_t *am_bootstrap_new_cspace(bootstrap_info_t *info, size_t l1size, size_t l2size,
                                    const cspacepath_t *tcb, const cspacepath_t *pd,
                                    cspacepath_t *oldroot, struct allocman_failure *why);

/* Two levels of which the second has no slots cannot be meant; `why` may be NULL. */
static inline bool am_bootstrap_level_two_ok(size_t l2size, struct allocman_failure *why)
{
    if (l2size < 2 && why) {
        *why = (struct allocman_failure){.status = ALLOCMAN_INVALID_ARGUMENT, .needed = l2size};
    }
    return l2size >= 2;
}
