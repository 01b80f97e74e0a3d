/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The objects that a workload holds. The array is on the host's heap, so that it costs the
 * allocator nothing; each operation ends with machine_sample(). */

#include "machine.h"
#include "random.h"
#include "steps.h"
#include <stdbool.h>
#include <stddef.h>
#include <vka/object.h>

struct objects {
    struct machine *machine;
    vka_object_t *items;
    size_t count;
    size_t capacity;
    uint64_t live_bytes;  /* bytes of the objects held */
    uint64_t total_bytes; /* bytes of all objects ever made */
    size_t count_every;   /* count the instructions of one call in so many; 0: of none */
    size_t calls;
    struct steps alloc_steps;
    struct steps free_steps;
};

/* An order of freeing. */
enum objects_order { OBJECTS_IN_ORDER, OBJECTS_IN_REVERSE, OBJECTS_AT_RANDOM };

/* No objects yet. */
struct objects objects_none(struct machine *machine);

/* Free the array, not the objects: the machine goes down with them. */
void objects_drop(struct objects *objects);

/* Make an object; false iff the allocator refuses, and nothing is said about that: it may be
 * expected. size_bits as for vka_alloc_object(). */
bool objects_try(struct objects *objects, seL4_Word type, seL4_Word size_bits);

/* The same, but a refusal is a failure that standard error is told. */
bool objects_add(struct objects *objects, seL4_Word type, seL4_Word size_bits);

/* Make `count` objects; false as for objects_add(). */
bool objects_add_many(struct objects *objects, size_t count, seL4_Word type, seL4_Word size_bits);

/* Make objects until the allocator refuses; returns how many there are then. */
size_t objects_fill(struct objects *objects, seL4_Word type, seL4_Word size_bits);

/* Free one object; the last one takes its place. */
void objects_remove(struct objects *objects, size_t index);

/* Free all objects. `random` is for OBJECTS_AT_RANDOM, otherwise it may be NULL. */
void objects_remove_all(struct objects *objects, enum objects_order order, struct random *random);

/* The frame of a page. */
static inline bool objects_add_page(struct objects *objects)
{
    return objects_add(objects, kobject_get_type(KOBJECT_FRAME, seL4_PageBits), seL4_PageBits);
}

static inline bool objects_add_pages(struct objects *objects, size_t count)
{
    return objects_add_many(objects, count, kobject_get_type(KOBJECT_FRAME, seL4_PageBits),
                            seL4_PageBits);
}

static inline size_t objects_fill_pages(struct objects *objects)
{
    return objects_fill(objects, kobject_get_type(KOBJECT_FRAME, seL4_PageBits), seL4_PageBits);
}
