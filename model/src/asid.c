/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Address space identifiers (src/arch/<arch>/kernel/vspace.c; all alike). ASID 0 is none. */
#include "paging.h"

#include "memory.h"
#include "stop.h"

enum { ASID_POOL_COUNT = 1 << seL4_NumASIDPoolsBits, ASIDS_PER_POOL = 1 << seL4_ASIDPoolIndexBits };

struct paging *model_asid_find(unsigned asid)
{
    const struct asid_pool *const pool = model.asid_pools[asid >> seL4_ASIDPoolIndexBits];
    return pool == NULL ? NULL : pool->vspaces[asid & (ASIDS_PER_POOL - 1)];
}

/* The thread whose memory is the host's cannot go on without its address space. */
static void check_host(const struct paging *vspace)
{
    if (vspace != NULL && vspace == model.host_vspace) {
        model_stop("the calling thread's VSpace lost its ASID: the thread would fault here");
    }
}

void model_asid_delete(unsigned asid, const struct paging *vspace)
{
    struct asid_pool *const pool = model.asid_pools[asid >> seL4_ASIDPoolIndexBits];
    if (pool != NULL && pool->vspaces[asid & (ASIDS_PER_POOL - 1)] == vspace) {
        check_host(vspace);
        pool->vspaces[asid & (ASIDS_PER_POOL - 1)] = NULL;
    }
}

void model_asid_pool_delete(unsigned base, const struct asid_pool *pool)
{
    if (model.asid_pools[base >> seL4_ASIDPoolIndexBits] != pool) {
        return;
    }
    for (unsigned i = 0; i < ASIDS_PER_POOL; i++) {
        check_host(pool->vspaces[i]);
    }
    model.asid_pools[base >> seL4_ASIDPoolIndexBits] = NULL;
}

/* The whole untyped becomes the pool, whatever its free index says. */
static void make_pool(struct slot *untyped_slot, struct slot *dest, unsigned pool_index)
{
    struct cap *const untyped = &untyped_slot->cap;
    struct cap cap = {.kind = CAP_ASID_POOL,
                      .size_bits = seL4_ASIDPoolBits,
                      .data = (uint64_t)pool_index << seL4_ASIDPoolIndexBits};
    struct asid_pool *const pool = model_asid_pool_new(untyped->u.address);
    untyped->data = (uint64_t)1 << untyped->size_bits;
    model_memory_clear(cap_paddr(untyped), (uint64_t)1 << seL4_ASIDPoolBits);
    cap.u.object = &pool->header;
    model_insert_derived(&cap, untyped_slot, dest);
    model.asid_pools[pool_index] = pool;
}

seL4_Error model_decode_asid_control(struct invocation *call)
{
    struct slot *dest = NULL;
    unsigned pool_index = 0;
    if (call->kind != MODEL_ASID_CONTROL_MAKE_POOL) {
        return seL4_IllegalOperation;
    }
    if (call->length < 2 || call->extra[0] == NULL || call->extra[1] == NULL) {
        return seL4_TruncatedMessage;
    }
    while (pool_index < ASID_POOL_COUNT && model.asid_pools[pool_index] != NULL) {
        pool_index++;
    }
    if (pool_index == ASID_POOL_COUNT) {
        return seL4_DeleteFirst;
    }
    struct slot *const untyped = call->extra[0];
    if (untyped->cap.kind != CAP_UNTYPED || untyped->cap.size_bits != seL4_ASIDPoolBits ||
        (untyped->cap.flags & CAP_DEVICE) != 0) {
        return model_fail_capability(call, 1);
    }
    if (model_has_children(untyped)) {
        return seL4_RevokeFirst;
    }
    const seL4_Error error =
        model_lookup_for_cnode(call, false, &call->extra[1]->cap, call->mr[0], call->mr[1], &dest);
    if (error != seL4_NoError) {
        return error;
    }
    if (!slot_is_empty(dest)) {
        return seL4_DeleteFirst;
    }
    make_pool(untyped, dest, pool_index);
    return seL4_NoError;
}

seL4_Error model_decode_asid_pool(struct invocation *call)
{
    const struct cap *const cap = &call->slot->cap;
    const unsigned base = (unsigned)cap->data;
    if (call->kind != MODEL_ASID_POOL_ASSIGN) {
        return seL4_IllegalOperation;
    }
    if (call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    struct cap *const vspace = &call->extra[0]->cap;
    if (vspace->kind != MODEL_VSPACE_KIND || (vspace->flags & CAP_MAPPED) != 0) {
        return model_fail_capability(call, 1);
    }
    struct asid_pool *const pool = model.asid_pools[base >> seL4_ASIDPoolIndexBits];
    if (pool == NULL) {
        return model_fail_root(call, false);
    }
    if (pool != cap_asid_pool(cap)) {
        return model_fail_capability(call, 0);
    }
    unsigned index = base == 0 ? 1 : 0;
    while (index < ASIDS_PER_POOL && pool->vspaces[index] != NULL) {
        index++;
    }
    if (index == ASIDS_PER_POOL) {
        return seL4_DeleteFirst;
    }
    vspace->asid = base + index;
    vspace->data = 0;
    vspace->flags |= CAP_MAPPED;
    cap_paging(vspace)->header.level = MODEL_TOP_LEVEL;
    pool->vspaces[index] = cap_paging(vspace);
    return seL4_NoError;
}
