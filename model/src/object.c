/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Making and freeing objects (src/object/objecttype.c: createObject, getObjectSize). */
#include "arch.h"
#include "stop.h"
#include "task.h"

#include <stdlib.h>
#include <sys/mman.h>

/* Slot arrays of this size and more are mapped, so that slots nobody touches cost nothing. */
enum { SLOTS_MAPPED_BYTES = 1 << 17 };

unsigned model_object_size_bits(seL4_Word type, seL4_Word size_bits)
{
    switch (type) {
    case seL4_UntypedObject:
        return (unsigned)size_bits;
    case seL4_TCBObject:
        return seL4_TCBBits;
    case seL4_EndpointObject:
        return seL4_EndpointBits;
    case seL4_NotificationObject:
        return seL4_NotificationBits;
    case seL4_CapTableObject:
        return seL4_SlotBits + (unsigned)size_bits;
#ifdef CONFIG_KERNEL_MCS
    case seL4_SchedContextObject:
        return (unsigned)size_bits;
    case seL4_ReplyObject:
        return seL4_ReplyBits;
#endif
    default:
        return arch_object_size_bits(type);
    }
}

static void *allocate_object(size_t bytes, enum cap_kind kind, uint64_t address)
{
    struct object *const object = calloc(1, bytes);
    if (object == NULL) {
        model_stop("the host has no memory for another object (%zu bytes)", bytes);
    }
    object->kind = (uint8_t)kind;
    object->address = address;
    object->next = model.objects;
    if (object->next != NULL) {
        object->next->prev = object;
    }
    model.objects = object;
    return object;
}

static struct slot *allocate_slots(unsigned radix_bits, bool *are_mapped)
{
    const uint64_t bytes = ((uint64_t)1 << radix_bits) * sizeof(struct slot);
    void *slots = NULL;
    *are_mapped = bytes >= SLOTS_MAPPED_BYTES;
    if (bytes <= SIZE_MAX && *are_mapped) {
        slots = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        slots = slots == MAP_FAILED ? NULL : slots;
    } else if (bytes <= SIZE_MAX) {
        slots = calloc((size_t)1 << radix_bits, sizeof(struct slot));
    }
    if (slots == NULL) {
        model_stop("the host has no memory for a CNode of 2^%u slots", radix_bits);
    }
    return slots;
}

struct cnode *model_cnode_new(uint64_t address, unsigned radix_bits)
{
    struct cnode *const cnode = allocate_object(sizeof(*cnode), CAP_CNODE, address);
    cnode->header.size_bits = (uint8_t)(radix_bits + seL4_SlotBits);
    cnode->radix_bits = radix_bits;
    cnode->slots = allocate_slots(radix_bits, &cnode->slots_are_mapped);
    return cnode;
}

struct tcb *model_tcb_new(uint64_t address)
{
    struct tcb *const tcb = allocate_object(sizeof(*tcb), CAP_TCB, address);
    tcb->header.size_bits = seL4_TCBBits;
    model_tcb_settle_status(tcb);
    return tcb;
}

struct paging *model_paging_new(enum cap_kind kind, uint64_t address, unsigned level)
{
    struct paging *const paging = allocate_object(sizeof(*paging), kind, address);
    paging->header.level = (uint8_t)level;
    return paging;
}

struct asid_pool *model_asid_pool_new(uint64_t address)
{
    return allocate_object(sizeof(struct asid_pool), CAP_ASID_POOL, address);
}

struct sched_context *model_sched_context_new(uint64_t address, unsigned size_bits)
{
    struct sched_context *const context =
        allocate_object(sizeof(*context), CAP_SCHED_CONTEXT, address);
    context->header.size_bits = (uint8_t)size_bits;
    return context;
}

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
struct vcpu *model_vcpu_new(uint64_t address)
{
    return allocate_object(sizeof(struct vcpu), CAP_VCPU, address);
}
#endif

static void free_contents(struct object *object)
{
    if (object->kind == CAP_CNODE) {
        struct cnode *const cnode = (struct cnode *)object;
        if (cnode->slots_are_mapped) {
            munmap(cnode->slots, sizeof(struct slot) << cnode->radix_bits);
        } else {
            free(cnode->slots);
        }
    } else if (object->kind == CAP_PAGE_TABLE || object->kind == CAP_VSPACE) {
        free(((struct paging *)object)->entries);
    }
}

/* Until the invocation ends its memory stays, empty, as the kernel's does. */
void model_object_free(struct object *object)
{
    if (object->kind == CAP_TCB) {
        model_task_end((struct tcb *)object);
    }
    if (object->prev != NULL) {
        object->prev->next = object->next;
    } else {
        model.objects = object->next;
    }
    if (object->next != NULL) {
        object->next->prev = object->prev;
    }
    object->next = model.dead;
    model.dead = object;
}

/* A snapshot may bring it back, at the same address. */
static void keep(struct object *object)
{
    object->is_kept = true;
    object->prev = NULL;
    object->next = model.kept;
    if (object->next != NULL) {
        object->next->prev = object;
    }
    model.kept = object;
}

void model_object_unkeep(struct object *object)
{
    object->is_kept = false;
    if (object->prev != NULL) {
        object->prev->next = object->next;
    } else {
        model.kept = object->next;
    }
    if (object->next != NULL) {
        object->next->prev = object->prev;
    }
}

void model_object_let_go(struct object *object)
{
    if (object->is_kept && object->holders == 0) {
        model_object_unkeep(object);
        free_contents(object);
        free(object);
    }
}

void model_objects_bury(void)
{
    while (model.dead != NULL) {
        struct object *const object = model.dead;
        model.dead = object->next;
        if (object->holders != 0) {
            keep(object);
        } else {
            free_contents(object);
            free(object);
        }
    }
}

void model_objects_free_all(void)
{
    while (model.objects != NULL) {
        model_object_free(model.objects);
    }
    model_objects_bury();
    while (model.kept != NULL) {
        model.kept->holders = 0;
        model_object_let_go(model.kept);
    }
}

static struct cap simple_cap(enum cap_kind kind, uint64_t address, unsigned size_bits,
                             uint8_t rights)
{
    struct cap cap = {.kind = (uint8_t)kind, .size_bits = (uint8_t)size_bits, .rights = rights};
    cap.u.address = address;
    return cap;
}

struct cap model_create_object(seL4_Word type, uint64_t address, unsigned size_bits, bool device)
{
    struct cap cap;
    switch (type) {
    case seL4_UntypedObject:
        cap = simple_cap(CAP_UNTYPED, address, size_bits, 0);
        cap.flags = device ? CAP_DEVICE : 0;
        return cap;
    case seL4_EndpointObject:
        return simple_cap(CAP_ENDPOINT, address, seL4_EndpointBits, RIGHTS_ALL);
    case seL4_NotificationObject:
        return simple_cap(CAP_NOTIFICATION, address, seL4_NotificationBits,
                          RIGHT_READ | RIGHT_WRITE);
    case seL4_TCBObject:
        cap = simple_cap(CAP_TCB, 0, seL4_TCBBits, 0);
        cap.u.object = &model_tcb_new(address)->header;
        return cap;
    case seL4_CapTableObject:
        cap = simple_cap(CAP_CNODE, 0, size_bits + seL4_SlotBits, 0);
        cap.u.object = &model_cnode_new(address, size_bits)->header;
        return cap;
#ifdef CONFIG_KERNEL_MCS
    case seL4_SchedContextObject:
        cap = simple_cap(CAP_SCHED_CONTEXT, 0, size_bits, 0);
        cap.u.object = &model_sched_context_new(address, size_bits)->header;
        return cap;
    case seL4_ReplyObject:
        return simple_cap(CAP_REPLY, address, seL4_ReplyBits, RIGHT_GRANT);
#endif
    default:
        return arch_create_object(type, address, device);
    }
}
