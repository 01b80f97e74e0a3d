/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The mapping database: which capability is derived from which.
 *
 * All capabilities that descend from one boot capability form a doubly linked list, in which a
 * parent stands before its descendants. Parenthood is not stored: it is worked out from what two
 * neighbours say (src/object/cnode.c: isMDBParentOf, cteInsert, cteMove, cteSwap of the kernel). */
#include "arch.h"

/* Whether b's memory lies inside a's; both are naturally aligned, ends are inclusive. */
static bool contains(uint64_t a, unsigned a_bits, uint64_t b, unsigned b_bits)
{
    const uint64_t a_top = a + low_bits(a_bits);
    const uint64_t b_top = b + low_bits(b_bits);
    return a <= b && b_top <= a_top && b <= b_top;
}

bool model_same_region(const struct cap *a, const struct cap *b)
{
    switch ((enum cap_kind)a->kind) {
    case CAP_UNTYPED:
        return cap_is_physical(b) &&
               contains(a->u.address, a->size_bits, cap_address(b), b->size_bits);
    case CAP_FRAME:
        return b->kind == CAP_FRAME &&
               contains(a->u.address, a->size_bits, b->u.address, b->size_bits);
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
    case CAP_IRQ_HANDLER:
        return b->kind == a->kind && a->u.address == b->u.address;
    case CAP_REPLY:
        return b->kind == CAP_REPLY &&
               (REPLY_IS_OBJECT != 0 ? a->u.address == b->u.address : a->u.object == b->u.object);
    case CAP_CNODE:
    case CAP_TCB:
    case CAP_VCPU:
    case CAP_SCHED_CONTEXT:
    case CAP_PAGE_TABLE:
    case CAP_VSPACE:
    case CAP_ASID_POOL:
        return b->kind == a->kind && a->u.object == b->u.object;
    case CAP_DOMAIN:
    case CAP_ASID_CONTROL:
    case CAP_SCHED_CONTROL:
        return b->kind == a->kind;
    case CAP_IRQ_CONTROL:
        return b->kind == CAP_IRQ_CONTROL || b->kind == CAP_IRQ_HANDLER ||
               b->kind == CAP_SGI_SIGNAL;
    case CAP_IO_PORT_CONTROL:
        return b->kind == CAP_IO_PORT_CONTROL || b->kind == CAP_IO_PORT;
    case CAP_IO_PORT:
    case CAP_SGI_SIGNAL:
        return b->kind == a->kind && a->u.address == b->u.address && a->data == b->data;
    case CAP_NULL:
    case CAP_ZOMBIE:
    case CAP_KIND_COUNT:
        break;
    }
    return false;
}

bool model_same_object(const struct cap *a, const struct cap *b)
{
    switch ((enum cap_kind)a->kind) {
    case CAP_UNTYPED:
    case CAP_IRQ_CONTROL:
    case CAP_SGI_SIGNAL:
        return false;
    case CAP_IO_PORT_CONTROL:
        return b->kind == CAP_IO_PORT_CONTROL;
    case CAP_FRAME:
        return b->kind == CAP_FRAME && a->u.address == b->u.address &&
               a->size_bits == b->size_bits && ((a->flags ^ b->flags) & CAP_DEVICE) == 0;
    default:
        return model_same_region(a, b);
    }
}

bool model_is_parent_of(const struct slot *parent, const struct slot *child)
{
    if ((slot_flags(parent) & MDB_REVOCABLE) == 0 ||
        !model_same_region(&parent->cap, &child->cap)) {
        return false;
    }
    if (parent->cap.kind == CAP_SGI_SIGNAL) {
        return (slot_flags(child) & MDB_FIRST_BADGED) == 0;
    }
    if (parent->cap.kind != CAP_ENDPOINT && parent->cap.kind != CAP_NOTIFICATION) {
        return true;
    }
    /* A badged one has as children its own copies only, not what was badged beside it. */
    return parent->cap.data == 0 ||
           (parent->cap.data == child->cap.data && (slot_flags(child) & MDB_FIRST_BADGED) == 0);
}

bool model_has_children(const struct slot *slot)
{
    const struct slot *const next = slot_next(slot);
    return next != NULL && model_is_parent_of(slot, next);
}

bool model_is_final(const struct slot *slot)
{
    if (slot->prev != NULL && model_same_object(&slot->prev->cap, &slot->cap)) {
        return false;
    }
    const struct slot *const next = slot_next(slot);
    return next == NULL || !model_same_object(&slot->cap, &next->cap);
}

/* Put a capability into an empty slot, right after another in the order. */
static void insert_after(struct slot *before, struct slot *slot, const struct cap *cap,
                         unsigned flags)
{
    struct slot *const next = slot_next(before);
    slot->cap = *cap;
    slot->prev = before;
    slot->links = (uintptr_t)next | flags;
    if (next != NULL) {
        next->prev = slot;
    }
    slot_set_next(before, slot);
    model.live_caps++;
}

void model_insert_child(struct slot *parent, struct slot *slot, const struct cap *cap)
{
    insert_after(parent, slot, cap, MDB_REVOCABLE | MDB_FIRST_BADGED);
}

/* Whether a derived capability starts a family of its own (src/object/objecttype.c:
 * isCapRevocable). */
static bool starts_family(const struct cap *derived, const struct cap *source)
{
    switch ((enum cap_kind)derived->kind) {
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        return derived->data != source->data;
    case CAP_IRQ_HANDLER:
    case CAP_SGI_SIGNAL:
        return source->kind == CAP_IRQ_CONTROL;
    case CAP_IO_PORT:
        return source->kind == CAP_IO_PORT_CONTROL;
    case CAP_UNTYPED:
        return true;
    default:
        return false;
    }
}

void model_insert_derived(const struct cap *cap, struct slot *source, struct slot *dest)
{
    const bool is_revocable = starts_family(cap, &source->cap);
    if (source->cap.kind == CAP_UNTYPED && cap->kind == CAP_UNTYPED &&
        source->cap.u.address == cap->u.address && source->cap.size_bits == cap->size_bits) {
        /* Nothing more may come out of an untyped that has a copy. */
        source->cap.data = (uint64_t)1 << source->cap.size_bits;
    }
    insert_after(source, dest, cap, is_revocable ? MDB_REVOCABLE | MDB_FIRST_BADGED : 0u);
}

void model_insert_root(struct slot *slot, const struct cap *cap)
{
    slot->cap = *cap;
    slot->prev = NULL;
    slot->links = MDB_REVOCABLE | MDB_FIRST_BADGED;
    model.live_caps++;
}

void model_move(const struct cap *cap, struct slot *source, struct slot *dest)
{
    const struct cap moved = *cap;
    dest->cap = moved;
    dest->prev = source->prev;
    dest->links = source->links;
    source->cap = cap_null();
    source->prev = NULL;
    source->links = 0;
    if (dest->prev != NULL) {
        slot_set_next(dest->prev, dest);
    }
    if (slot_next(dest) != NULL) {
        slot_next(dest)->prev = dest;
    }
}

/* Have a slot's neighbours, whose links still name somebody else, name this slot. */
static void claim_place(struct slot *slot, struct slot *prev, struct slot *next)
{
    if (prev != NULL) {
        slot_set_next(prev, slot);
    }
    if (next != NULL) {
        next->prev = slot;
    }
}

void model_swap(const struct cap *cap_a, struct slot *a, const struct cap *cap_b, struct slot *b)
{
    const struct cap first = *cap_a;
    const struct cap second = *cap_b;
    a->cap = second;
    b->cap = first;

    /* In the kernel's order, which matters when the two are neighbours: first a's neighbours learn
     * of b, then, with what b holds by then, b's learn of a. */
    const uintptr_t a_links = a->links;
    struct slot *const a_prev = a->prev;
    claim_place(b, a_prev, slot_next(a));
    const uintptr_t b_links = b->links;
    struct slot *const b_prev = b->prev;
    a->links = b_links;
    a->prev = b_prev;
    b->links = a_links;
    b->prev = a_prev;
    claim_place(a, b_prev, (struct slot *)(b_links & ~(uintptr_t)MDB_FLAGS));
}

void model_unlink(struct slot *slot)
{
    struct slot *const next = slot_next(slot);
    if (slot->prev != NULL) {
        slot_set_next(slot->prev, next);
    }
    if (next != NULL) {
        next->prev = slot->prev;
        next->links |= slot->links & MDB_FIRST_BADGED;
    }
    slot->cap = cap_null();
    slot->prev = NULL;
    slot->links = 0;
    model.live_caps--;
    model.counters.caps_removed++;
}
