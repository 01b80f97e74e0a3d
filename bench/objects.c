/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "objects.h"

#include <stdio.h>
#include <stdlib.h>

#define CAPACITY_FIRST 1024u

struct objects objects_none(struct machine *machine)
{
    return (struct objects){.machine = machine};
}

void objects_drop(struct objects *objects)
{
    free(objects->items);
    steps_drop(&objects->alloc_steps);
    steps_drop(&objects->free_steps);
    *objects = objects_none(NULL);
}

static void capacity_ensure(struct objects *objects)
{
    if (objects->count < objects->capacity) {
        return;
    }
    const size_t capacity = objects->capacity ? 2 * objects->capacity : CAPACITY_FIRST;
    vka_object_t *const items = realloc(objects->items, capacity * sizeof(*items));
    if (!items) {
        fprintf(stderr, "bench: the host has no memory for %zu objects\n", capacity);
        exit(EXIT_FAILURE);
    }
    objects->items = items;
    objects->capacity = capacity;
}

static uint64_t object_bytes(seL4_Word type, seL4_Word size_bits)
{
    return UINT64_C(1) << vka_get_object_size(type, size_bits);
}

/* Is the count of the next call to be kept? */
static bool is_kept(struct objects *objects)
{
    return objects->count_every && objects->calls++ % objects->count_every == 0;
}

static void call_begin(bool kept)
{
    if (kept || steps_cheap) {
        steps_begin();
    }
}

static void call_end(struct machine *machine, bool kept, struct steps *steps)
{
    machine->calls++;
    if (kept || steps_cheap) {
        const uint32_t count = steps_end();
        machine->steps += count;
        if (kept) {
            steps_add(steps, count);
        }
    }
}

bool objects_try(struct objects *objects, seL4_Word type, seL4_Word size_bits)
{
    capacity_ensure(objects);
    struct machine *const machine = objects->machine;
    vka_object_t *const object = &objects->items[objects->count];
    const bool kept = is_kept(objects);
    call_begin(kept);
    const bool made = vka_alloc_object(&machine->vka, type, size_bits, object) == 0;
    call_end(machine, kept, &objects->alloc_steps);
    if (made) {
        objects->count++;
        objects->live_bytes += object_bytes(type, size_bits);
        objects->total_bytes += object_bytes(type, size_bits);
        machine->caller_slots++;
    }
    machine_sample(machine);
    return made;
}

bool objects_add(struct objects *objects, seL4_Word type, seL4_Word size_bits)
{
    if (!objects_try(objects, type, size_bits)) {
        fprintf(stderr, "bench: object %zu of type %lu, size_bits %lu was refused: %s\n",
                objects->count, (unsigned long)type, (unsigned long)size_bits,
                machine_failure(objects->machine));
        return false;
    }
    return true;
}

bool objects_add_many(struct objects *objects, size_t count, seL4_Word type, seL4_Word size_bits)
{
    for (size_t i = 0; i < count; i++) {
        if (!objects_add(objects, type, size_bits)) {
            return false;
        }
    }
    return true;
}

size_t objects_fill(struct objects *objects, seL4_Word type, seL4_Word size_bits)
{
    while (objects_try(objects, type, size_bits)) {
    }
    return objects->count;
}

static void object_free(struct objects *objects, vka_object_t *object)
{
    struct machine *const machine = objects->machine;
    const bool kept = is_kept(objects);
    call_begin(kept);
    vka_free_object(&machine->vka, object);
    call_end(machine, kept, &objects->free_steps);
    objects->live_bytes -= object_bytes(object->type, object->size_bits);
    machine->caller_slots--;
    machine_sample(machine);
}

void objects_remove(struct objects *objects, size_t index)
{
    object_free(objects, &objects->items[index]);
    objects->items[index] = objects->items[--objects->count];
}

static void shuffle(struct objects *objects, struct random *random)
{
    for (size_t i = objects->count; i > 1; i--) {
        const size_t other = random_below(random, i);
        const vka_object_t object = objects->items[i - 1];
        objects->items[i - 1] = objects->items[other];
        objects->items[other] = object;
    }
}

void objects_remove_all(struct objects *objects, enum objects_order order, struct random *random)
{
    if (order == OBJECTS_AT_RANDOM) {
        shuffle(objects, random);
    }
    for (size_t i = 0; i < objects->count; i++) {
        const size_t index = order == OBJECTS_IN_REVERSE ? objects->count - 1 - i : i;
        object_free(objects, &objects->items[index]);
    }
    objects->count = 0;
}
