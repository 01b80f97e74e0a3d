/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Keeping the state of the model, and bringing it back.
 *
 * Slots and objects name each other by host address. So nothing is moved: an object that a snapshot
 * holds is not freed when it dies, but kept (model_objects_bury), and restoring writes its contents
 * back to where they were. */
#include "memory.h"
#include "paging.h"
#include "stop.h"
#include "task.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>

#include <sel4model/snapshot.h>

/* A slot that is not empty, of a CNode. */
struct saved_slot {
    uint64_t index;
    struct slot slot;
};

struct saved_object {
    struct object *object;
    void *body;     /* the object's struct */
    void *contents; /* CNode: its saved_slots; paging structure: its entries; may be null */
    uint64_t count; /* of these */
};

struct sel4model_snapshot {
    struct model model; /* pointers to host memory that changes are not used */
    size_t object_count;
    struct saved_object *objects; /* in the model's order */
    struct memory_copy *memory;
};

static size_t body_bytes(const struct object *object)
{
    switch (object->kind) {
    case CAP_CNODE:
        return sizeof(struct cnode);
    case CAP_TCB:
        return sizeof(struct tcb);
    case CAP_ASID_POOL:
        return sizeof(struct asid_pool);
    case CAP_SCHED_CONTEXT:
        return sizeof(struct sched_context);
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    case CAP_VCPU:
        return sizeof(struct vcpu);
#endif
    default:
        return sizeof(struct paging);
    }
}

static bool is_paging(const struct object *object)
{
    return object->kind == CAP_PAGE_TABLE || object->kind == CAP_VSPACE;
}

/* --- taking --- */

static bool save_slots(struct saved_object *saved, const struct cnode *cnode)
{
    const uint64_t count = (uint64_t)1 << cnode->radix_bits;
    struct saved_slot *slots = NULL;
    uint64_t capacity = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (slot_is_empty(&cnode->slots[i])) {
            continue;
        }
        if (saved->count == capacity) {
            capacity = capacity * 2 + 16;
            slots = realloc(saved->contents, (size_t)capacity * sizeof(*slots));
            if (slots == NULL) {
                return false;
            }
            saved->contents = slots;
        }
        slots[saved->count] = (struct saved_slot){i, cnode->slots[i]};
        saved->count++;
    }
    return true;
}

static bool save_entries(struct saved_object *saved, const struct paging *paging)
{
    if (paging->entries == NULL) {
        return true;
    }
    saved->count = model_paging_entry_count(paging);
    const size_t bytes = (size_t)saved->count * sizeof(*paging->entries);
    saved->contents = malloc(bytes);
    if (saved->contents != NULL) {
        memcpy(saved->contents, paging->entries, bytes);
    }
    return saved->contents != NULL;
}

static bool save_object(struct saved_object *saved, struct object *object)
{
    saved->object = object;
    object->holders++;
    saved->body = malloc(body_bytes(object));
    if (saved->body == NULL) {
        return false;
    }
    memcpy(saved->body, object, body_bytes(object));
    if (object->kind == CAP_CNODE) {
        return save_slots(saved, (const struct cnode *)object);
    }
    return !is_paging(object) || save_entries(saved, (const struct paging *)object);
}

static size_t count_objects(void)
{
    size_t count = 0;
    for (const struct object *at = model.objects; at != NULL; at = at->next) {
        count++;
    }
    return count;
}

static bool save_everything(struct sel4model_snapshot *snapshot)
{
    const size_t count = count_objects();
    snapshot->model = model;
    snapshot->memory = model_memory_copy();
    snapshot->objects = calloc(count, sizeof(*snapshot->objects));
    if (snapshot->memory == NULL || snapshot->objects == NULL) {
        return false;
    }
    for (struct object *at = model.objects; at != NULL; at = at->next) {
        snapshot->object_count++;
        if (!save_object(&snapshot->objects[snapshot->object_count - 1], at)) {
            return false;
        }
    }
    return true;
}

struct sel4model_snapshot *sel4model_snapshot_take(void)
{
    MODEL_ENTER_BLOCK();
    if (!model.is_booted) {
        model_stop("sel4model_snapshot_take() before sel4model_boot()");
    }
    struct sel4model_snapshot *const snapshot = calloc(1, sizeof(*snapshot));
    if (snapshot != NULL && !save_everything(snapshot)) {
        sel4model_snapshot_free(snapshot);
        return NULL;
    }
    return snapshot;
}

/* The objects of an earlier kernel are gone. */
static bool is_of_booted_kernel(const struct sel4model_snapshot *snapshot)
{
    return model.is_booted && snapshot->model.boot_number == model.boot_number;
}

void sel4model_snapshot_free(struct sel4model_snapshot *snapshot)
{
    MODEL_ENTER_BLOCK();
    if (snapshot == NULL) {
        return;
    }
    for (size_t i = 0; i < snapshot->object_count; i++) {
        const struct saved_object *const saved = &snapshot->objects[i];
        if (is_of_booted_kernel(snapshot)) {
            saved->object->holders--;
            model_object_let_go(saved->object);
        }
        free(saved->body);
        free(saved->contents);
    }
    free(snapshot->objects);
    model_memory_copy_free(snapshot->memory);
    free(snapshot);
}

/* --- restoring --- */

/* Both are in ascending order. Only slots that change are written to, so that pages of a large
 * CNode that were never used stay so. */
static void restore_slots(const struct saved_object *saved, struct cnode *cnode)
{
    const uint64_t count = (uint64_t)1 << cnode->radix_bits;
    const struct saved_slot *const slots = saved->contents;
    uint64_t next = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (next < saved->count && slots[next].index == i) {
            cnode->slots[i] = slots[next].slot;
            next++;
        } else if (!slot_is_empty(&cnode->slots[i])) {
            cnode->slots[i] = (struct slot){.links = 0};
        }
    }
}

/* The host's array of entries may have come or gone since. */
static void restore_entries(const struct saved_object *saved, struct paging *paging,
                            page_entry *entries)
{
    const size_t bytes = (size_t)saved->count * sizeof(*entries);
    if (saved->count == 0) {
        free(entries);
        entries = NULL;
    } else if (entries == NULL) {
        entries = malloc(bytes);
        if (entries == NULL) {
            model_stop("the host has no memory for a paging structure");
        }
    }
    if (entries != NULL) {
        memcpy(entries, saved->contents, bytes);
    }
    paging->entries = entries;
}

/* What belongs to the host stays as it is now. */
static void restore_object(const struct saved_object *saved)
{
    struct object *const object = saved->object;
    const struct object header = *object;
    struct task *const task = object->kind == CAP_TCB ? ((struct tcb *)object)->task : NULL;
    page_entry *const entries = is_paging(object) ? ((struct paging *)object)->entries : NULL;
    memcpy(object, saved->body, body_bytes(object));
    object->holders = header.holders;
    object->is_kept = false;
    object->is_wanted = false;
    if (object->kind == CAP_CNODE) {
        restore_slots(saved, (struct cnode *)object);
    } else if (object->kind == CAP_TCB) {
        ((struct tcb *)object)->task = task;
    } else if (is_paging(object)) {
        restore_entries(saved, (struct paging *)object, entries);
    }
}

/* Let go of the objects that came since; take those out of the kept ones that are wanted. */
static void sort_objects(const struct sel4model_snapshot *snapshot)
{
    for (size_t i = 0; i < snapshot->object_count; i++) {
        struct object *const object = snapshot->objects[i].object;
        object->is_wanted = true;
        if (object->is_kept) {
            model_object_unkeep(object);
        }
    }
    struct object *next = model.objects;
    while (next != NULL) {
        struct object *const object = next;
        next = object->next;
        if (!object->is_wanted) {
            model_object_free(object);
        }
    }
    model_objects_bury();
}

/* The list in the order in which it was: searches go through it. */
static void link_objects(const struct sel4model_snapshot *snapshot)
{
    struct object *before = NULL;
    model.objects = NULL;
    for (size_t i = 0; i < snapshot->object_count; i++) {
        struct object *const object = snapshot->objects[i].object;
        object->prev = before;
        object->next = NULL;
        if (before == NULL) {
            model.objects = object;
        } else {
            before->next = object;
        }
        before = object;
    }
}

static void restore_model(const struct sel4model_snapshot *snapshot)
{
    struct object *const kept = model.kept;
    struct tcb *const current = model.current;
    const unsigned long attached = model.tasks_attached;
    const unsigned numbers = model.task_numbers;
    const struct memory memory = model.memory;
    model = snapshot->model;
    model.kept = kept;
    model.current = current;
    model.tasks_attached = attached;
    model.task_numbers = numbers;
    model.memory = memory;
}

/* --- what the host process shows of it --- */

struct view {
    struct mapping {
        seL4_Word vaddr;
        unsigned size_bits;
        page_entry entry;
    } * mappings; /* by ascending address */
    size_t count;
    size_t capacity;
};

static void note_mapping(void *context, seL4_Word vaddr, unsigned size_bits, page_entry entry)
{
    struct view *const view = context;
    if (view->count == view->capacity) {
        view->capacity = view->capacity * 2 + 512;
        view->mappings = realloc(view->mappings, view->capacity * sizeof(*view->mappings));
        if (view->mappings == NULL) {
            model_stop("the host has no memory to restore a snapshot");
        }
    }
    view->mappings[view->count] = (struct mapping){vaddr, size_bits, entry};
    view->count++;
}

static struct view look_at_host(void)
{
    struct view view = {.count = 0};
    model_paging_visit(model.host_vspace, MODEL_TOP_LEVEL, 0, note_mapping, &view);
    return view;
}

/* Mark what both have alike by a size of 0. */
static void strike_common(struct view *a, struct view *b)
{
    size_t i = 0;
    size_t j = 0;
    while (i < a->count && j < b->count) {
        struct mapping *const one = &a->mappings[i];
        struct mapping *const other = &b->mappings[j];
        if (one->vaddr == other->vaddr && one->size_bits == other->size_bits &&
            one->entry == other->entry) {
            one->size_bits = 0;
            other->size_bits = 0;
        }
        i += one->vaddr <= other->vaddr;
        j += other->vaddr <= one->vaddr;
    }
}

static void show_in_host(struct view *before, struct view *after, size_t reservation_count)
{
    strike_common(before, after);
    for (size_t i = 0; i < before->count; i++) {
        if (before->mappings[i].size_bits != 0) {
            model_memory_unmap(before->mappings[i].vaddr, before->mappings[i].size_bits);
        }
    }
    model_memory_release(reservation_count);
    for (size_t i = 0; i < after->count; i++) {
        const struct mapping *const mapping = &after->mappings[i];
        if (mapping->size_bits != 0) {
            model_memory_map(mapping->vaddr,
                             paging_frame_address(mapping->entry) - MODEL_KERNEL_OFFSET,
                             mapping->size_bits, paging_frame_rights(mapping->entry), false,
                             "sel4model_snapshot_restore");
        }
    }
    free(before->mappings);
    free(after->mappings);
}

bool sel4model_snapshot_restore(const struct sel4model_snapshot *snapshot)
{
    MODEL_ENTER_BLOCK();
    if (!is_of_booted_kernel(snapshot)) {
        return false;
    }
    struct view before = look_at_host();
    sort_objects(snapshot);
    restore_model(snapshot);
    for (size_t i = 0; i < snapshot->object_count; i++) {
        restore_object(&snapshot->objects[i]);
    }
    link_objects(snapshot);
    model_memory_write_back(snapshot->memory);
    struct view after = look_at_host();
    show_in_host(&before, &after, snapshot->model.memory.reservation_count);
    model_trace_mark(TRACE_RESTORE);
    model_task_look_again();
    return true;
}
