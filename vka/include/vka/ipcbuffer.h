/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// The slot that capabilities received by IPC land in, as a path.

#pragma once

#include <vka/cspacepath_t.h>
#include <vka/object.h>

/// Make the next capability that the calling thread receives land in this slot.
///
/// Shape:   written to the thread's IPC buffer; stays in force until it is set anew.
/// Needs:   the thread has an IPC buffer; src not NULL.
/// Errors:  none.
/// Kernel:  none.
static inline void vka_set_cap_receive_path(const cspacepath_t *src)
{
    seL4_SetCapReceivePath(src->root, src->capPtr, src->capDepth);
}
