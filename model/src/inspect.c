/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Looking into the kernel without changing it. */
#include "arch.h"
#include "stop.h"
#include "task.h"

#include <stdlib.h>

/* An invocation that never happens, for the lookups to write their errors to. */
static struct slot *find_slot(struct sel4model_path path)
{
    struct invocation call = {0};
    struct slot *slot = NULL;
    if (!model.is_booted) {
        model_stop("inspection before sel4model_boot()");
    }
    const struct cap *const cspace = &model.current->slots[TCB_CTABLE].cap;
    if (path.depth == 0) {
        return model_resolve(cspace, path.index, seL4_WordBits).slot;
    }
    const struct slot *const root = model_resolve(cspace, path.root, seL4_WordBits).slot;
    if (root != NULL) {
        (void)model_lookup_for_cnode(&call, false, &root->cap, path.index, path.depth, &slot);
    }
    return slot;
}

static seL4_Word object_type(const struct cap *cap)
{
    switch ((enum cap_kind)cap->kind) {
    case CAP_UNTYPED:
        return seL4_UntypedObject;
    case CAP_ENDPOINT:
        return seL4_EndpointObject;
    case CAP_NOTIFICATION:
        return seL4_NotificationObject;
    case CAP_CNODE:
        return seL4_CapTableObject;
    case CAP_TCB:
        return seL4_TCBObject;
#ifdef CONFIG_KERNEL_MCS
    case CAP_SCHED_CONTEXT:
        return seL4_SchedContextObject;
    case CAP_REPLY:
        return seL4_ReplyObject;
#endif
    case CAP_FRAME:
    case CAP_PAGE_TABLE:
    case CAP_VSPACE:
    case CAP_VCPU:
        return arch_object_type(cap);
    default:
        return SEL4MODEL_NO_OBJECT_TYPE;
    }
}

static void describe_kind(const struct slot *slot, struct sel4model_cap *out)
{
    const struct cap *const cap = &slot->cap;
    switch ((enum cap_kind)cap->kind) {
    case CAP_UNTYPED:
        out->free_offset = cap->data;
        out->free_bytes = ((uint64_t)1 << cap->size_bits) - (out->has_children ? cap->data : 0);
        break;
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        out->badge = (seL4_Word)cap->data;
        break;
    case CAP_CNODE:
        out->radix_bits = cap_cnode(cap)->radix_bits;
        out->guard = (seL4_Word)cap->data;
        out->guard_bits = cap->guard_bits;
        break;
    case CAP_FRAME:
    case CAP_PAGE_TABLE:
    case CAP_VSPACE:
        out->is_mapped = (cap->flags & CAP_MAPPED) != 0;
        out->mapped_vaddr = out->is_mapped ? (seL4_Word)cap->data : 0;
        out->mapped_asid = out->is_mapped ? cap->asid : 0;
        break;
    default:
        break;
    }
}

static void describe(const struct slot *slot, struct sel4model_cap *out)
{
    const struct cap *const cap = &slot->cap;
    *out = (struct sel4model_cap){.kind = (enum sel4model_cap_kind)cap->kind,
                                  .object_type = object_type(cap)};
    if (cap->kind == CAP_NULL) {
        return;
    }
    out->size_bits = cap->size_bits;
    out->paddr = cap_is_physical(cap) ? cap_paddr(cap) : (cap_has_object(cap) ? 0 : cap->u.address);
    out->is_device =
        (cap->flags & CAP_DEVICE) != 0 && (cap->kind == CAP_UNTYPED || cap->kind == CAP_FRAME);
    out->has_children = model_has_children(slot);
    out->is_final = model_is_final(slot);
    out->is_revocable = (slot_flags(slot) & MDB_REVOCABLE) != 0;
    out->rights.words[0] = cap->rights;
    describe_kind(slot, out);
}

bool sel4model_inspect(struct sel4model_path path, struct sel4model_cap *cap)
{
    MODEL_ENTER_BLOCK();
    const struct slot *const slot = find_slot(path);
    if (slot != NULL) {
        describe(slot, cap);
    }
    return slot != NULL;
}

/* A parent stands before its children: the nearest one before is the parent. */
bool sel4model_inspect_parent(struct sel4model_path path, struct sel4model_cap *parent)
{
    MODEL_ENTER_BLOCK();
    const struct slot *const slot = find_slot(path);
    if (slot == NULL || slot_is_empty(slot)) {
        return false;
    }
    const struct slot *before = slot->prev;
    while (before != NULL && !model_is_parent_of(before, slot)) {
        before = before->prev;
    }
    if (before != NULL) {
        describe(before, parent);
    }
    return before != NULL;
}

bool sel4model_visit_cnode(struct sel4model_path path, sel4model_visitor visitor, void *context)
{
    MODEL_ENTER_BLOCK();
    struct sel4model_cap cap;
    const struct slot *const slot = find_slot(path);
    if (slot == NULL || slot->cap.kind != CAP_CNODE) {
        return false;
    }
    const struct cnode *const cnode = cap_cnode(&slot->cap);
    const uint64_t count = (uint64_t)1 << cnode->radix_bits;
    for (uint64_t i = 0; i < count; i++) {
        if (slot_is_empty(&cnode->slots[i])) {
            continue;
        }
        describe(&cnode->slots[i], &cap);
        if (!visitor(context, (seL4_Word)i, &cap)) {
            return false;
        }
    }
    return true;
}

/* The capabilities that enclose the one being visited, outermost first. */
struct ancestors {
    const struct slot **slots;
    size_t count;
    size_t capacity;
};

static bool push_ancestor(struct ancestors *ancestors, const struct slot *slot)
{
    if (ancestors->count == ancestors->capacity) {
        const size_t capacity = ancestors->capacity * 2 + 16;
        const struct slot **const slots =
            realloc(ancestors->slots, capacity * sizeof(*ancestors->slots));
        if (slots == NULL) {
            return false;
        }
        ancestors->slots = slots;
        ancestors->capacity = capacity;
    }
    ancestors->slots[ancestors->count] = slot;
    ancestors->count++;
    return true;
}

bool sel4model_visit_descendants(struct sel4model_path path, sel4model_visitor visitor,
                                 void *context)
{
    MODEL_ENTER_BLOCK();
    struct sel4model_cap cap;
    struct ancestors ancestors = {0};
    const struct slot *const top = find_slot(path);
    bool goes_on = top != NULL && push_ancestor(&ancestors, top);
    const struct slot *slot = top == NULL ? NULL : slot_next(top);
    while (goes_on && slot != NULL && model_is_parent_of(top, slot)) {
        while (ancestors.count > 1 &&
               !model_is_parent_of(ancestors.slots[ancestors.count - 1], slot)) {
            ancestors.count--;
        }
        describe(slot, &cap);
        goes_on = visitor(context, ancestors.count, &cap) && push_ancestor(&ancestors, slot);
        slot = slot_next(slot);
    }
    free(ancestors.slots);
    return goes_on;
}

unsigned long sel4model_live_caps(void)
{
    MODEL_ENTER_BLOCK();
    return model.live_caps;
}
