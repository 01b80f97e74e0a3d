/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The slot manager as an allocman sees it: one alloc, one free, one address calculation. */

#include <sel4/types.h>
#include <allocman/properties.h>
#include <vka/cspacepath_t.h>

struct allocman;

/// A slot manager. Users write their own by filling in all members.
typedef struct cspace_interface {
    /// Hand out an empty slot; 0 = success, else an enum allocman_status (or any other value but
    /// 0).
    int (*alloc)(struct allocman *alloc, void *cookie, cspacepath_t *path);
    /// Take back a slot that alloc handed out; the caller has emptied it.
    void (*free)(struct allocman *alloc, void *cookie, const cspacepath_t *path);
    /// The path of a slot of this CSpace; equal to the one that alloc gave for it.
    cspacepath_t (*make_path)(void *cookie, seL4_CPtr slot);
    struct allocman_properties properties; ///< what alloc and free call back
    void *cspace;                          ///< passed to each as `cookie`
} cspace_interface_t;
