/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "objects.h"

#include <stdlib.h>
#include <vka/capops.h>

#include "demo.h"
#include "report.h"

bool objects_add(struct demo *demo, int error, const char *what, struct object object)
{
    struct objects *const objects = &demo->objects;
    if (error) {
        return report_allocator(demo->alloc, what);
    }
    if (objects->count == objects->capacity) {
        const size_t capacity = objects->capacity ? 2 * objects->capacity : 1024;
        struct object *const at = realloc(objects->at, capacity * sizeof(*at));
        if (!at) {
            return report("the host has no memory left for a list of %zu objects", capacity);
        }
        objects->at = at;
        objects->capacity = capacity;
    }
    objects->at[objects->count++] = object;
    return true;
}

bool objects_free(struct demo *demo, size_t index)
{
    struct objects *const objects = &demo->objects;
    struct object object = objects->at[index];
    if (object.is_shared) {
        cspacepath_t path;
        vka_cspace_make_path(&demo->vka, object.vka.cptr, &path);
        const int error = vka_cnode_revoke(&path);
        if (error) {
            return report_kernel("revoking an object's other capabilities", error);
        }
    }
    if (object.copy) {
        vka_cspace_free(&demo->vka, object.copy);
    }
    vka_free_object(&demo->vka, &object.vka);
    if (vka_object_paddr(&demo->vka, &object.vka) != VKA_NO_PADDR) {
        return report_allocator(demo->alloc, "an object that was freed is still there");
    }
    objects->at[index] = objects->at[--objects->count];
    return true;
}

void objects_shuffle(struct demo *demo)
{
    struct object *const at = demo->objects.at;
    for (size_t i = demo->objects.count; i > 1; i--) {
        const size_t other = (size_t)(demo_random(demo) % i);
        const struct object swapped = at[i - 1];
        at[i - 1] = at[other];
        at[other] = swapped;
    }
}

/* The word that belongs at `index` of an object's frame. */
static uint64_t pattern(const struct object *object, size_t index)
{
    return (object->vka.cptr << 32 ^ index) * 0x9e3779b97f4a7c15ull;
}

static size_t words(const struct object *object)
{
    return ((size_t)1 << vka_get_object_size(object->vka.type, object->vka.size_bits)) /
           sizeof(uint64_t);
}

void object_fill(const struct object *object)
{
    for (size_t i = 0; i < words(object); i++) {
        object->contents[i] = pattern(object, i);
    }
}

bool objects_check_contents(const struct demo *demo, size_t *frames, uint64_t *bytes)
{
    *frames = 0;
    *bytes = 0;
    for (size_t o = 0; o < demo->objects.count; o++) {
        const struct object *const object = &demo->objects.at[o];
        const size_t count = object->contents ? words(object) : 0;
        for (size_t i = 0; i < count; i++) {
            if (object->contents[i] != pattern(object, i)) {
                return report("a frame does not hold what was written to it, at byte %zu",
                              i * sizeof(uint64_t));
            }
        }
        *frames += count != 0;
        *bytes += count * sizeof(uint64_t);
    }
    return true;
}
