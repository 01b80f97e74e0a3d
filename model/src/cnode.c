/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Invocations of a CNode (src/object/cnode.c: decodeCNodeInvocation). */
#include "arch.h"

/* The capability that Copy, Mint, Move or Mutate puts into the destination. */
static seL4_Error make_new_cap(struct invocation *call, const struct slot *source,
                               struct cap *new_cap)
{
    const seL4_CapRights_t rights = {{call->mr[4]}};
    seL4_Error error = seL4_NoError;

    switch (call->kind) {
    case SEL4MODEL_CNode_Copy:
        *new_cap = model_mask_rights(rights, source->cap);
        error = model_derive(source, new_cap);
        break;
    case SEL4MODEL_CNode_Mint:
        *new_cap = model_update_data(false, call->mr[5], model_mask_rights(rights, source->cap));
        error = model_derive(source, new_cap);
        break;
    case SEL4MODEL_CNode_Mutate:
        *new_cap = model_update_data(true, call->mr[4], source->cap);
        break;
    default:
        *new_cap = source->cap;
        break;
    }
    if (error != seL4_NoError) {
        return error;
    }
    return new_cap->kind == CAP_NULL ? seL4_IllegalOperation : seL4_NoError;
}

/* Message words that come after index, depth, source index and source depth. */
static unsigned words_needed(enum sel4model_invocation kind)
{
    switch (kind) {
    case SEL4MODEL_CNode_Copy:
    case SEL4MODEL_CNode_Mutate:
        return 5;
    case SEL4MODEL_CNode_Mint:
        return 6;
    default:
        return 4;
    }
}

static seL4_Error transfer(struct invocation *call, struct slot *dest)
{
    struct slot *source = NULL;
    struct cap new_cap;
    if (call->length < 4 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    if (!slot_is_empty(dest)) {
        return seL4_DeleteFirst;
    }
    const seL4_Word source_depth = call->mr[3];
    seL4_Error error = model_lookup_for_cnode(call, true, &call->extra[0]->cap, call->mr[2],
                                              source_depth, &source);
    if (error != seL4_NoError) {
        return error;
    }
    if (slot_is_empty(source)) {
        return model_fail_missing(call, true, source_depth);
    }
    if (call->length < words_needed(call->kind)) {
        return seL4_TruncatedMessage;
    }
    error = make_new_cap(call, source, &new_cap);
    if (error != seL4_NoError) {
        return error;
    }
    if (call->kind == SEL4MODEL_CNode_Copy || call->kind == SEL4MODEL_CNode_Mint) {
        model_insert_derived(&new_cap, source, dest);
    } else {
        model_move(&new_cap, source, dest);
    }
    return seL4_NoError;
}

/* The three slots of a Rotate and what goes where. */
struct rotation {
    struct slot *dest;
    struct slot *pivot;
    struct slot *source;
};

static seL4_Error check_rotation(struct invocation *call, struct rotation *rotation)
{
    const seL4_Word pivot_index = call->mr[3];
    const seL4_Word pivot_depth = call->mr[4];
    const seL4_Word source_index = call->mr[6];
    const seL4_Word source_depth = call->mr[7];
    seL4_Error error = model_lookup_for_cnode(call, true, &call->extra[1]->cap, source_index,
                                              source_depth, &rotation->source);
    if (error == seL4_NoError) {
        error = model_lookup_for_cnode(call, true, &call->extra[0]->cap, pivot_index, pivot_depth,
                                       &rotation->pivot);
    }
    if (error != seL4_NoError) {
        return error;
    }
    if (rotation->pivot == rotation->source || rotation->pivot == rotation->dest) {
        return seL4_IllegalOperation;
    }
    if (rotation->source != rotation->dest && !slot_is_empty(rotation->dest)) {
        return seL4_DeleteFirst;
    }
    if (slot_is_empty(rotation->source)) {
        return model_fail_missing(call, true, source_depth);
    }
    if (slot_is_empty(rotation->pivot)) {
        return model_fail_missing(call, false, pivot_depth);
    }
    return seL4_NoError;
}

static seL4_Error rotate(struct invocation *call, struct slot *dest)
{
    if (call->length < 8 || call->extra[0] == NULL || call->extra[1] == NULL) {
        return seL4_TruncatedMessage;
    }
    const seL4_Word pivot_data = call->mr[2];
    const seL4_Word source_data = call->mr[5];
    struct rotation rotation = {.dest = dest};
    const seL4_Error error = check_rotation(call, &rotation);
    if (error != seL4_NoError) {
        return error;
    }
    const struct cap source = model_update_data(true, source_data, rotation.source->cap);
    const struct cap pivot = model_update_data(true, pivot_data, rotation.pivot->cap);
    if (source.kind == CAP_NULL || pivot.kind == CAP_NULL) {
        return seL4_IllegalOperation;
    }
    if (rotation.source == rotation.dest) {
        model_swap(&source, rotation.source, &pivot, rotation.pivot);
    } else {
        model_move(&pivot, rotation.pivot, rotation.dest);
        model_move(&source, rotation.source, rotation.pivot);
    }
    return seL4_NoError;
}

#ifndef CONFIG_KERNEL_MCS
/* Without IPC the caller slot never holds a reply capability: there is nothing to save. */
static seL4_Error save_caller(const struct slot *dest)
{
    return slot_is_empty(dest) ? seL4_NoError : seL4_DeleteFirst;
}
#endif

/* No sends wait in the model: only the check remains. */
static seL4_Error cancel_badged_sends(const struct slot *dest)
{
    const bool is_allowed = dest->cap.kind == CAP_ENDPOINT && dest->cap.rights == RIGHTS_ALL;
    return is_allowed ? seL4_NoError : seL4_IllegalOperation;
}

static bool is_cnode_invocation(enum sel4model_invocation kind)
{
    switch (kind) {
    case SEL4MODEL_CNode_Revoke:
    case SEL4MODEL_CNode_Delete:
    case SEL4MODEL_CNode_CancelBadgedSends:
    case SEL4MODEL_CNode_Copy:
    case SEL4MODEL_CNode_Mint:
    case SEL4MODEL_CNode_Move:
    case SEL4MODEL_CNode_Mutate:
    case SEL4MODEL_CNode_Rotate:
#ifndef CONFIG_KERNEL_MCS
    case SEL4MODEL_CNode_SaveCaller:
#endif
        return true;
    default:
        return false;
    }
}

seL4_Error model_decode_cnode(struct invocation *call)
{
    struct slot *dest = NULL;
    if (!is_cnode_invocation(call->kind)) {
        return seL4_IllegalOperation;
    }
    if (call->length < 2) {
        return seL4_TruncatedMessage;
    }
    const seL4_Error error =
        model_lookup_for_cnode(call, false, &call->slot->cap, call->mr[0], call->mr[1], &dest);
    if (error != seL4_NoError) {
        return error;
    }
    switch (call->kind) {
    case SEL4MODEL_CNode_Revoke:
        model_revoke(dest);
        return seL4_NoError;
    case SEL4MODEL_CNode_Delete:
        model_delete(dest);
        return seL4_NoError;
    case SEL4MODEL_CNode_CancelBadgedSends:
        return cancel_badged_sends(dest);
    case SEL4MODEL_CNode_Rotate:
        return rotate(call, dest);
#ifndef CONFIG_KERNEL_MCS
    case SEL4MODEL_CNode_SaveCaller:
        return save_caller(dest);
#endif
    default:
        return transfer(call, dest);
    }
}
