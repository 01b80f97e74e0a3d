/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Slots and their order in the mapping database: the small accessors that everything uses. */
#pragma once

#include "state.h"

static inline struct slot *slot_next(const struct slot *slot)
{
    return (struct slot *)(slot->links & ~(uintptr_t)MDB_FLAGS);
}

static inline unsigned slot_flags(const struct slot *slot)
{
    return (unsigned)(slot->links & MDB_FLAGS);
}

static inline void slot_set_next(struct slot *slot, const struct slot *next)
{
    slot->links = (uintptr_t)next | (slot->links & MDB_FLAGS);
}

static inline bool slot_is_empty(const struct slot *slot)
{
    return slot->cap.kind == CAP_NULL;
}

static inline struct cap cap_null(void)
{
    return (struct cap){0};
}

static inline struct cnode *cap_cnode(const struct cap *cap)
{
    return (struct cnode *)cap->u.object;
}

static inline struct tcb *cap_tcb(const struct cap *cap)
{
    return (struct tcb *)cap->u.object;
}

static inline struct paging *cap_paging(const struct cap *cap)
{
    return (struct paging *)cap->u.object;
}

static inline struct asid_pool *cap_asid_pool(const struct cap *cap)
{
    return (struct asid_pool *)cap->u.object;
}

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
static inline struct vcpu *cap_vcpu(const struct cap *cap)
{
    return (struct vcpu *)cap->u.object;
}
#endif

static inline struct sched_context *cap_sched_context(const struct cap *cap)
{
    return (struct sched_context *)cap->u.object;
}

/* Replies are objects of their own on MCS kernels, else they are a TCB's. */
#ifdef CONFIG_KERNEL_MCS
enum { REPLY_IS_OBJECT = 1 };
#else
enum { REPLY_IS_OBJECT = 0 };
#endif

/* Whether the capability's object is a host object. */
static inline bool cap_has_object(const struct cap *cap)
{
    const uint32_t kinds = 1u << CAP_CNODE | 1u << CAP_TCB | 1u << CAP_ZOMBIE |
                           1u << CAP_SCHED_CONTEXT | (1u - REPLY_IS_OBJECT) << CAP_REPLY |
                           1u << CAP_PAGE_TABLE | 1u << CAP_VSPACE | 1u << CAP_ASID_POOL |
                           1u << CAP_VCPU;
    return (kinds >> cap->kind & 1u) != 0;
}

/* Whether the capability stands for memory (src/object/objecttype.c: cap_get_capIsPhysical). */
static inline bool cap_is_physical(const struct cap *cap)
{
    const uint32_t kinds = 1u << CAP_UNTYPED | 1u << CAP_ENDPOINT | 1u << CAP_NOTIFICATION |
                           1u << CAP_CNODE | 1u << CAP_TCB | 1u << CAP_ZOMBIE | 1u << CAP_FRAME |
                           1u << CAP_PAGE_TABLE | 1u << CAP_VSPACE | 1u << CAP_ASID_POOL |
                           1u << CAP_SCHED_CONTEXT | 1u << CAP_VCPU |
                           (unsigned)REPLY_IS_OBJECT << CAP_REPLY;
    return (kinds >> cap->kind & 1u) != 0;
}

/* The kernel address of a physical capability's object. */
static inline uint64_t cap_address(const struct cap *cap)
{
    return cap_has_object(cap) ? cap->u.object->address : cap->u.address;
}

static inline uint64_t cap_paddr(const struct cap *cap)
{
    return cap_address(cap) - MODEL_KERNEL_OFFSET;
}

static inline uint64_t low_bits(unsigned count)
{
    return ((uint64_t)1 << count) - 1;
}

/* mdb.c */
bool model_same_region(const struct cap *a, const struct cap *b);
bool model_same_object(const struct cap *a, const struct cap *b);
bool model_is_parent_of(const struct slot *parent, const struct slot *child);
bool model_has_children(const struct slot *slot);
bool model_is_final(const struct slot *slot);
void model_insert_child(struct slot *parent, struct slot *slot, const struct cap *cap);
void model_insert_derived(const struct cap *cap, struct slot *source, struct slot *dest);
void model_insert_root(struct slot *slot, const struct cap *cap);
void model_move(const struct cap *cap, struct slot *source, struct slot *dest);
void model_swap(const struct cap *cap_a, struct slot *a, const struct cap *cap_b, struct slot *b);
void model_unlink(struct slot *slot);

/* derive.c */
seL4_Error model_derive(const struct slot *slot, struct cap *cap);
struct cap model_mask_rights(seL4_CapRights_t rights, struct cap cap);
struct cap model_update_data(bool preserve, seL4_Word data, struct cap cap);

/* delete.c */
void model_delete(struct slot *slot);
void model_delete_one(struct slot *slot);
void model_revoke(struct slot *slot);

/* object.c */
unsigned model_object_size_bits(seL4_Word type, seL4_Word size_bits);
struct cap model_create_object(seL4_Word type, uint64_t address, unsigned size_bits, bool device);
struct cnode *model_cnode_new(uint64_t address, unsigned radix_bits);
struct tcb *model_tcb_new(uint64_t address);
struct paging *model_paging_new(enum cap_kind kind, uint64_t address, unsigned level);
struct asid_pool *model_asid_pool_new(uint64_t address);
struct sched_context *model_sched_context_new(uint64_t address, unsigned size_bits);
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
struct vcpu *model_vcpu_new(uint64_t address);
#endif
void model_object_free(struct object *object);
void model_objects_bury(void);
/* For snapshots: take an object out of the kept ones; free it if it is kept for nobody. */
void model_object_unkeep(struct object *object);
void model_object_let_go(struct object *object);
void model_objects_free_all(void);

/* tcb.c */
void model_tcb_setup_reply(struct tcb *tcb);
void model_tcb_unbind(struct tcb *tcb);
void model_notification_unbind(uint64_t address);
bool model_has_ipc_buffer(const struct tcb *tcb);
bool model_has_writable_ipc_buffer(const struct tcb *tcb);

/* tcb_registers.c: make the status register one that a thread can have as it is now. */
void model_tcb_settle_status(struct tcb *tcb);

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
/* aarch64_vcpu.c */
void model_vcpu_unbind(struct vcpu *vcpu);
#endif

#ifdef CONFIG_KERNEL_MCS
/* schedcontext.c */
void model_sched_bind(struct sched_context *context, struct tcb *tcb);
void model_sched_unbind_tcb(struct sched_context *context);
void model_sched_notification_deleted(uint64_t address);
void model_sched_deleted(struct sched_context *context);
#endif
