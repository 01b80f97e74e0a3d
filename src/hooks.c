/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The lock that keeps other threads out, and who is told of misuse. */

#include <allocman/allocman.h>
#include <allocman/hooks.h>

#include "internal.h"
#include "kernel.h"

void allocman_set_report(allocman_t *alloc, allocman_report_fn report, void *cookie)
{
    alloc->report = report;
    alloc->report_cookie = cookie;
}

int allocman_set_lock(allocman_t *alloc, const struct allocman_lock *lock)
{
    const struct allocman_lock none = {.acquire = NULL};
    lock = lock ? lock : &none;
    if (alloc->in_call || !lock->acquire != !lock->release) {
        return ALLOCMAN_INVALID_ARGUMENT;
    }
    alloc->lock = *lock;
    return ALLOCMAN_OK;
}

/* Only the thread itself writes its own address here, and only it takes it away: whatever another
 * one reads meanwhile is not its own. */
bool am_lock_acquire(allocman_t *alloc)
{
    const seL4_Word self = kernel_this_thread();
    if (__atomic_load_n(&alloc->lock_owner, __ATOMIC_RELAXED) == self) {
        return false;
    }
    alloc->lock.acquire(alloc->lock.cookie);
    __atomic_store_n(&alloc->lock_owner, self, __ATOMIC_RELAXED);
    return true;
}

void am_lock_release(allocman_t *alloc)
{
    __atomic_store_n(&alloc->lock_owner, 0, __ATOMIC_RELAXED);
    alloc->lock.release(alloc->lock.cookie);
}

void am_lock_for_call(allocman_t *alloc)
{
    if (am_lock_acquire(alloc)) {
        alloc->lock_due = true;
    }
}

int am_refuse(allocman_t *alloc, enum allocman_status status)
{
    const bool held = am_hold(alloc);
    const int error = am_fail(alloc, status, 0, 0);
    am_let_go(alloc, held);
    return error;
}

void am_refuse_free(allocman_t *alloc, const char *where, enum allocman_status status)
{
    const bool held = am_hold(alloc);
    am_misuse(alloc, where, status, 0, 0);
    am_let_go(alloc, held);
}

void *am_book_refuse(allocman_t *alloc, const void *block, size_t bytes, int *error)
{
    am_misuse(alloc, "allocman_mspace_alloc", ALLOCMAN_BAD_POINTER, (seL4_Word)(uintptr_t)block,
              bytes);
    *error = ALLOCMAN_BAD_POINTER;
    return NULL;
}
