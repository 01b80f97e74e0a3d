/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Deleting capabilities (src/object/cnode.c: cteDelete, finaliseSlot, reduceZombie; and
 * src/object/objecttype.c: finaliseCap).
 *
 * The last capability to a CNode or TCB cannot just go: the capabilities inside must go first. It
 * becomes a zombie, which stands for the object's slots that are still to be emptied, and is
 * reduced from the last slot down.
 *
 * A zombie that arises inside is not reduced in turn, or deletion would recurse. It is swapped with
 * the first slot of its own object, and what was there is deleted in its place. So the inner object
 * ends up holding itself: out of reach, but not gone, and its memory in use, until the untyped it
 * came from is revoked (manual, "Deletion, Revocation, and Recycling"). */
#include "arch.h"
#include "paging.h"
#include "stop.h"
#include "task.h"

static struct slot *object_slots(const struct object *object)
{
    return object->kind == CAP_TCB ? ((struct tcb *)(uintptr_t)object)->slots
                                   : ((const struct cnode *)object)->slots;
}

static struct cap zombie_of(const struct cap *cap, uint64_t slot_count)
{
    model.counters.slots_destroyed += slot_count;
    struct cap zombie = {.kind = CAP_ZOMBIE, .size_bits = cap->size_bits, .data = slot_count};
    zombie.u.object = cap->u.object;
    return zombie;
}

static struct cap finalise_tcb(const struct cap *cap)
{
    struct tcb *const tcb = cap_tcb(cap);
    if (tcb == model.current && (tcb == model.root || !model_task_has_company())) {
        model_stop("the calling thread's TCB was deleted: the thread stops here");
    }
    if (tcb == model.root) {
        model_stop("the root task's TCB was deleted by another thread: the root task stops here");
    }
    model_task_end(tcb);
    model_tcb_unbind(tcb);
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    if (tcb->vcpu != NULL) {
        model_vcpu_unbind(tcb->vcpu);
    }
#endif
#ifdef CONFIG_KERNEL_MCS
    if (tcb->sched_context != NULL) {
        model_sched_unbind_tcb(tcb->sched_context);
    }
#endif
    tcb->is_running = false;
    return zombie_of(cap, TCB_SLOT_COUNT);
}

/* Undo what the capability in a slot holds in place. What must stay in the slot for now is the
 * result; null: it can be emptied. */
static struct cap finalise(const struct slot *slot, bool is_final)
{
    const struct cap *const cap = &slot->cap;
    if (cap_is_arch(cap)) {
        model_paging_finalise(cap, is_final);
        return cap_null();
    }
    switch ((enum cap_kind)cap->kind) {
    case CAP_NOTIFICATION:
        if (is_final) {
            model_notification_unbind(cap->u.address);
#ifdef CONFIG_KERNEL_MCS
            model_sched_notification_deleted(cap->u.address);
        }
        return cap_null();
    case CAP_SCHED_CONTEXT:
        if (is_final) {
            model_sched_deleted(cap_sched_context(cap));
#endif
        }
        return cap_null();
    case CAP_CNODE:
        return is_final ? zombie_of(cap, (uint64_t)1 << cap_cnode(cap)->radix_bits) : cap_null();
    case CAP_TCB:
        return is_final ? finalise_tcb(cap) : cap_null();
    case CAP_ZOMBIE:
        return *cap;
    case CAP_IRQ_HANDLER:
        if (is_final) {
            model_irq_deleting(cap->u.address);
        }
        return cap_null();
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    case CAP_VCPU:
        if (is_final) {
            model_vcpu_unbind(cap_vcpu(cap));
            model_object_free(cap->u.object);
        }
        return cap_null();
#endif
    default:
        return cap_null();
    }
}

/* A zombie is done when no slot is left, or only the one that it sits in. */
static bool is_removable(const struct cap *rest, const struct slot *slot)
{
    return rest->kind == CAP_NULL || rest->data == 0 ||
           (rest->data == 1 && object_slots(rest->u.object) == slot);
}

/* Take the capability out, and do what waits for that. */
static void empty(struct slot *slot, bool was_final)
{
    if (slot_is_empty(slot)) {
        return;
    }
    const struct cap removed = slot->cap;
    model_unlink(slot);
    if (removed.kind == CAP_ZOMBIE) {
        model_object_free(removed.u.object);
    } else if (removed.kind == CAP_IRQ_HANDLER && was_final) {
        model_irq_deleted(removed.u.address);
    } else if (removed.kind == CAP_IO_PORT && was_final) {
        arch_post_delete(&removed);
    }
}

/* Delete the capability in a slot of an object that is itself being deleted. It leaves a zombie
 * only if the slot is the first of the zombie's own object. Each round removes a capability or
 * moves a zombie home, so the rounds are bounded by the zombies that can be swapped in. */
static void delete_inside(struct slot *slot)
{
    while (!slot_is_empty(slot)) {
        const bool is_final = model_is_final(slot);
        const struct cap rest = finalise(slot, is_final);
        if (is_removable(&rest, slot)) {
            empty(slot, is_final);
            return;
        }
        slot->cap = rest;
        struct slot *const home = object_slots(rest.u.object);
        if (home == slot) {
            return;
        }
        const struct cap displaced = home->cap;
        model_swap(&displaced, home, &rest, slot);
    }
}

/* Empty the last slot of a zombie's object that may still be in use. */
static void reduce(struct slot *slot)
{
    struct object *const object = slot->cap.u.object;
    struct slot *const slots = object_slots(object);
    /* Empty ones cost the kernel a round each; here a glance. */
    while (slot->cap.data > 1 && slot_is_empty(&slots[slot->cap.data - 1])) {
        slot->cap.data--;
    }
    if (is_removable(&slot->cap, slot)) {
        return;
    }
    const uint64_t count = slot->cap.data;
    delete_inside(&slots[count - 1]);
    /* If that slot was this one, the zombie has moved home: then it is not here any more. */
    if (slot->cap.kind == CAP_ZOMBIE && slot->cap.u.object == object && slot->cap.data == count) {
        slot->cap.data = count - 1;
    }
}

/* Rounds are bounded by the slots of all objects that die. */
void model_delete(struct slot *slot)
{
    while (!slot_is_empty(slot)) {
        const bool is_final = model_is_final(slot);
        const struct cap rest = finalise(slot, is_final);
        if (is_removable(&rest, slot)) {
            empty(slot, is_final);
            return;
        }
        slot->cap = rest;
        reduce(slot);
    }
}

void model_delete_one(struct slot *slot)
{
    if (!slot_is_empty(slot)) {
        const bool is_final = model_is_final(slot);
        (void)finalise(slot, is_final);
        empty(slot, is_final);
    }
}

void model_revoke(struct slot *slot)
{
    while (model_has_children(slot)) {
        model.counters.caps_revoked++;
        model_delete(slot_next(slot));
    }
}
