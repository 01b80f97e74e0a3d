/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What an allocman asks of its user: to be told of misuse, and to have other threads kept out. */

#include <stddef.h>
#include <sel4/types.h>
#include <allocman/status.h>

struct allocman;

/// One misuse, as it is reported.
struct allocman_misuse {
    enum allocman_status status; ///< of what kind; in enum allocman_status each begins "misuse:"
    const char *where;           ///< name of the public function that found it; a constant
    seL4_Word operand;           ///< what was misused: cookie, slot, or address of book memory
    seL4_Word size;              ///< size that was given: log2 bytes; of book memory bytes; else 0
};

/// A function that is told of each misuse. It may do anything but call the allocman, which is in
/// the middle of a call; `misuse` is valid until it returns.
typedef void (*allocman_report_fn)(void *cookie, const struct allocman_misuse *misuse);

/// A lock of the user's choice. It need not be recursive.
struct allocman_lock {
    void (*acquire)(void *cookie); ///< returns when the calling thread has it
    void (*release)(void *cookie); ///< gives it back
    void *cookie;                  ///< passed to each
};

/// Have misuse reported: at once, within the call that finds it, and after it was counted.
///
/// Shape:   replaces what was set before; `report` NULL: nobody is told. A report of misuse by
///          a free comes from that free; capabilities left alive in memory or slots are found when
///          these are used again, so that where is a manager's alloc then.
/// Errors:  none.
/// Cost:    constant. Calls without misuse cost what they cost without this.
/// Kernel:  none.
void allocman_set_report(struct allocman *alloc, allocman_report_fn report, void *cookie);

/// Let several threads call one allocman: each public call that takes the allocman, and through its
/// vka, then takes this lock once, however managers call back within it.
///
/// Shape:   *lock is copied; NULL, or both functions NULL: no lock. Set it before there is a second
///          thread. Threads are told apart by the addresses of their IPC buffers
///          (seL4_GetIPCBuffer()), which each needs anyway for making objects. Outside of the lock
///          are: making an allocman, attaching managers to it and registering what they can, this,
///          and allocman_set_report; allocman_last_failure, which tells of the last failure of any
///          thread; paths of slots, which never change; validators; and functions of managers that
///          are called directly.
/// Errors:  ALLOCMAN_INVALID_ARGUMENT iff one function is NULL and the other is not, or `alloc` is
///          in the middle of a call; nothing is changed then.
/// Cost:    constant. A call costs one acquire and one release more; without a lock, one branch.
/// Kernel:  none.
int allocman_set_lock(struct allocman *alloc, const struct allocman_lock *lock);
