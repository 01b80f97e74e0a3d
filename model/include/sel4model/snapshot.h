/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// The state of the modelled kernel and machine, kept and brought back.
///
/// A snapshot holds everything behind the calls of seL4: capabilities and objects, what memory
/// holds, what is mapped in the host process, counters and a pending refusal. After a restore the
/// same calls get the same answers as they did after the snapshot. What it does not hold is the
/// program's own: variables, heap, stack, and which host thread is which TCB's. A program that goes
/// back brings those back itself; an allocman and its static pool are plain bytes to copy.
#pragma once

#include <sel4model/sel4model.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A snapshot, opaque.
struct sel4model_snapshot;

/// Keep the state of the booted kernel.
///
/// Shape:   the result belongs to the caller, who ends it by sel4model_snapshot_free().
/// Needs:   a booted kernel; no other thread writes to mapped frames meanwhile
/// Errors:  NULL iff the host has no memory for it.
/// Cost:    time linear in the slots of all CNodes and in the pages that were written to; host
///          memory in the capabilities and in these pages
/// Kernel:  none
struct sel4model_snapshot *sel4model_snapshot_take(void);

/// Bring the state of a snapshot back.
///
/// Ranges that sel4model_free_vaddr() gave out since are given back. A host thread whose TCB is not
/// in the snapshot ends at its next invocation, as if it had been deleted.
///
/// Shape:   the snapshot stays, and may be restored any number of times and in any order with
///          others.
/// Needs:   no other thread uses mapped frames meanwhile
/// Errors:  false iff the kernel that the snapshot was taken of is not the booted one; then nothing
///          has changed.
/// Cost:    as taking it; also a system call for each frame that is mapped in one state only
/// Kernel:  none
bool sel4model_snapshot_restore(const struct sel4model_snapshot *snapshot);

/// End a snapshot.
///
/// Shape:   NULL is fine; so is a snapshot of a kernel that was shut down.
/// Errors:  none
/// Cost:    linear in the objects that it holds
/// Kernel:  none
void sel4model_snapshot_free(struct sel4model_snapshot *snapshot);

#ifdef __cplusplus
}
#endif
