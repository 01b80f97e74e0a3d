/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The kernel objects that the demonstration holds. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vka/object.h>

struct demo;

/// One object and what hangs on it.
struct object {
    vka_object_t vka;   ///< as the vka filled it in
    seL4_CPtr copy;     ///< slot with a second capability to it; 0: none
    uint64_t *contents; ///< where the root task sees a frame that it wrote to; NULL: nowhere
    bool is_shared;     ///< further capabilities to it exist: they are revoked before it is freed
    bool is_kept;       ///< others are mapped through it: it is freed last
};

/// All of them, in no particular order.
struct objects {
    struct object *at; ///< the objects
    size_t count;      ///< how many
    size_t capacity;   ///< for how many there is room
};

/// Add an object that an allocation made.
///
/// Shape:   `error` is the allocation's result; an error is reported with `what` it was for.
/// Errors:  false iff `error` is one, or the host has no memory.
bool objects_add(struct demo *demo, int error, const char *what, struct object object);

/// Free an object: revoke other capabilities to it, delete its own, give slots and memory back.
///
/// Shape:   at[index] holds another object afterwards: the one that was last.
/// Errors:  false and a report iff the kernel refuses or the memory did not come back.
bool objects_free(struct demo *demo, size_t index);

/// Put the objects into random order.
void objects_shuffle(struct demo *demo);

/// Write a pattern, another one for each object, to all of a frame that the root task sees.
void object_fill(const struct object *object);

/// Check that all frames that were written to hold what was written.
///
/// Shape:   *frames and *bytes: how much was checked.
/// Errors:  false and a report iff one does not.
bool objects_check_contents(const struct demo *demo, size_t *frames, uint64_t *bytes);
