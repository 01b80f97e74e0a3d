/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What the parts of the library tell each other beside the public interface. */

#include <stdbool.h>
#include <allocman/allocman.h>
#include <allocman/extensions.h>

/* Keep a failure for allocman_last_failure; returns its status. */
int am_fail(allocman_t *alloc, enum allocman_status status, seL4_Word needed, seL4_Word available);

/* The same for an invocation that the kernel refused. */
int am_fail_kernel(allocman_t *alloc, enum allocman_status status, seL4_Word needed,
                   seL4_Error error);

/* What fails from here on is not noted: the failure there is, is the one to be told. Returns what
 * am_failure_let_go is given in the end. */
static inline bool am_failure_keep(allocman_t *alloc)
{
    const bool kept = alloc->failure_kept;
    alloc->failure_kept = true;
    return kept;
}

static inline void am_failure_let_go(allocman_t *alloc, bool kept)
{
    alloc->failure_kept = kept;
}

/* `error` itself; if it is a want of slots, noted with its amounts, which slot managers do not tell. */
int am_fail_slots(allocman_t *alloc, int error);

/* A call that cannot even begin; its failure is kept. Returns `status`. */
int am_refuse(allocman_t *alloc, enum allocman_status status);

/* A free that cannot even begin: misuse. */
void am_refuse_free(allocman_t *alloc, const char *where, enum allocman_status status);

/* Count a misuse, keep it as the last failure, and report it: the public function that found it, what
 * was misused, the size that was given. `needed` and `available` where they are not just these. */
void am_misuse_of(allocman_t *alloc, const struct allocman_misuse *misuse, seL4_Word needed,
                  seL4_Word available);
void am_misuse(allocman_t *alloc, const char *where, enum allocman_status status, seL4_Word operand,
               seL4_Word size);

/* Keep other threads out; am_hold: false if there is no lock, or this thread holds it already. What it
 * returned goes to am_let_go. */
bool am_lock_acquire(allocman_t *alloc);
void am_lock_release(allocman_t *alloc);

/* Have the lock for the call that begins, unless it is part of one that has it. */
void am_lock_for_call(allocman_t *alloc);

static inline bool am_hold(allocman_t *alloc)
{
    return alloc->lock.acquire && am_lock_acquire(alloc);
}

static inline void am_let_go(allocman_t *alloc, bool held)
{
    if (held) {
        am_lock_release(alloc);
    }
}

/* What an untyped manager is asked for. */
struct am_request {
    size_t size_bits;         /* log2 bytes in memory */
    seL4_Word type;           /* object type */
    const cspacepath_t *path; /* empty slot */
    uintptr_t paddr;          /* or ALLOCMAN_NO_PADDR */
    bool can_be_dev;          /* device memory does */
};

/* Begin and end a call that consists of others: they do not grow anything, nor give pages back, before
 * it ends. Enter: false if a call is in progress already; then there is nothing to leave. Leave returns
 * `status`. */
bool am_call_enter(allocman_t *alloc);
int am_call_leave(allocman_t *alloc, int status);

/* What was tried already for the call in progress. */
struct am_remedies {
    unsigned tried;
    bool reclaimed;
    bool released;
};

/* Can anything be done about a failure of the outermost call, so that it is worth to try again? Does it.
 * Where growth is refused, its reason becomes the call's. */
bool am_remedy(allocman_t *alloc, int *status, struct am_remedies *remedies);

/* Would a call have nothing to see to but its own request, neither when it begins nor at its end? */
static inline bool am_is_plain(const allocman_t *alloc)
{
    /* The lock first: with one, all else is read while it is held. */
    return !alloc->lock.acquire && !alloc->in_call &&
           ((uintptr_t)alloc->slot_growth | alloc->reserves_short) == 0;
}

/* log2 bytes of the largest block that the call in progress may divide, or make by merging. */
static inline unsigned am_divisible_bits(const allocman_t *alloc)
{
    return alloc->zeroed_bits && !alloc->unlimited ? alloc->zeroed_bits : 63;
}

/* Slots that are free, as far as the slot manager tells. */
static inline size_t am_free_slots(const allocman_t *alloc)
{
    return alloc->slot_runs ? alloc->slot_runs->free_slots(alloc->cspace.cspace) : 0;
}

/* A pool has no room left for `bytes`. Inside an allocman's call: ALLOCMAN_NO_BOOK, and the call
 * grows the pool when it has let go of all it holds. Outside (the pool's alloc called directly):
 * grow now. */
void *am_pool_exhausted(allocman_t *alloc, const void *pool, size_t bytes, size_t free_bytes,
                        int *error);

/* The pool that an allocman's book memory is can grow: that is registered at its first request where
 * its user did not. Existing code composes managers without knowing of extensions. */
static inline void am_growth_offer(allocman_t *alloc, const void *pool,
                                   const struct allocman_book_growth *growth)
{
    if (alloc && !alloc->book_growth && alloc->mspace.mspace == pool && alloc->have_cspace &&
        alloc->have_utspace) {
        alloc->book_growth = growth;
        alloc->growth_due = true;
    }
}

/* Can a manager's block be used for records? What begins elsewhere than at a multiple of 16 bytes is
 * not: misuse by the manager, which keeps it. */
static inline bool am_book_is_usable(const void *block)
{
    return (uintptr_t)block % 16 == 0;
}
void *am_book_refuse(allocman_t *alloc, const void *block, size_t bytes, int *error);

/* Give book memory back within a call. */
void am_book_give(allocman_t *alloc, void *block, size_t bytes);
