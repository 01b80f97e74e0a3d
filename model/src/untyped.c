/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Untyped_Retype (src/object/untyped.c of the kernel). */
#include "arch.h"
#include "memory.h"

/* Where the new capabilities go, and what they are to. */
struct retype {
    seL4_Word type;
    seL4_Word size_bits;  /* as given: log2 slots for a CNode */
    unsigned object_bits; /* log2 bytes */
    struct slot *slots;   /* the first destination slot */
    seL4_Word count;
};

/* Is there such a type, and can it have that size? */
static seL4_Error check_object(struct invocation *call, struct retype *retype)
{
    retype->type = call->mr[0];
    retype->size_bits = call->mr[1];
    if (retype->type >= seL4_ObjectTypeCount) {
        return model_fail_argument(call, 0);
    }
    /* The width check comes first: adding to a huge size_bits could wrap around. */
    if (retype->size_bits >= seL4_WordBits) {
        return model_fail_range(call, 0, seL4_MaxUntypedBits);
    }
    retype->object_bits = model_object_size_bits(retype->type, retype->size_bits);
    if (retype->object_bits > seL4_MaxUntypedBits) {
        return model_fail_range(call, 0, seL4_MaxUntypedBits);
    }
    if (retype->type == seL4_CapTableObject && retype->size_bits == 0) {
        return model_fail_argument(call, 1);
    }
    if (retype->type == seL4_UntypedObject && retype->size_bits < seL4_MinUntypedBits) {
        return model_fail_argument(call, 1);
    }
#ifdef CONFIG_KERNEL_MCS
    if (retype->type == seL4_SchedContextObject && retype->size_bits < seL4_MinSchedContextBits) {
        return model_fail_argument(call, 1);
    }
#endif
    return seL4_NoError;
}

/* Is the window of slots inside one CNode, not too long, and empty? */
static seL4_Error check_destination(struct invocation *call, struct retype *retype)
{
    const seL4_Word index = call->mr[2];
    const seL4_Word depth = call->mr[3];
    const seL4_Word offset = call->mr[4];
    const seL4_Word count = call->mr[5];
    struct slot *node = call->extra[0];

    if (depth != 0) {
        const seL4_Error error =
            model_lookup_for_cnode(call, false, &call->extra[0]->cap, index, depth, &node);
        if (error != seL4_NoError) {
            return error;
        }
    }
    if (node->cap.kind != CAP_CNODE) {
        return model_fail_missing(call, false, depth);
    }
    const struct cnode *const cnode = cap_cnode(&node->cap);
    const seL4_Word size = (seL4_Word)1 << cnode->radix_bits;
    if (offset > size - 1) {
        return model_fail_range(call, 0, size - 1);
    }
    if (count < 1 || count > CONFIG_RETYPE_FAN_OUT_LIMIT) {
        return model_fail_range(call, 1, CONFIG_RETYPE_FAN_OUT_LIMIT);
    }
    if (count > size - offset) {
        return model_fail_range(call, 1, size - offset);
    }
    retype->slots = &cnode->slots[offset];
    retype->count = count;
    for (seL4_Word i = 0; i < count; i++) {
        if (!slot_is_empty(&retype->slots[i])) {
            return seL4_DeleteFirst;
        }
    }
    return seL4_NoError;
}

/* Make the untyped as new. Normal memory is cleared from the start of the last chunk that was used
 * downwards; one smaller than a chunk is cleared whole. */
static void reset(struct cap *untyped)
{
    const uint64_t used = untyped->data;
    if (used == 0) {
        return;
    }
    untyped->data = 0;
    if ((untyped->flags & CAP_DEVICE) != 0) {
        return;
    }
    uint64_t bytes = (uint64_t)1 << untyped->size_bits;
    if (untyped->size_bits >= CONFIG_RESET_CHUNK_BITS) {
        const uint64_t chunk = (uint64_t)1 << CONFIG_RESET_CHUNK_BITS;
        bytes = ((used - 1) & ~(chunk - 1)) + chunk;
    }
    model.counters.bytes_zeroed += bytes;
    model_memory_clear(cap_paddr(untyped), bytes);
}

/* Frames and paging structures leave the data cache (not those of devices). */
static bool is_cleaned(seL4_Word type)
{
#ifdef CONFIG_ARCH_ARM
    return type >= seL4_NonArchObjectTypeCount && type != seL4_ARM_VCPUObject;
#else
    (void)type;
    return false;
#endif
}

static void create_objects(struct slot *untyped_slot, const struct retype *retype,
                           uint64_t first_address)
{
    const bool is_device = (untyped_slot->cap.flags & CAP_DEVICE) != 0;
    for (seL4_Word i = 0; i < retype->count; i++) {
        const uint64_t address = first_address + ((uint64_t)i << retype->object_bits);
        const struct cap cap =
            model_create_object(retype->type, address, (unsigned)retype->size_bits, is_device);
        model_insert_child(untyped_slot, &retype->slots[i], &cap);
    }
    model.counters.objects_created += retype->count;
    if (!is_device && is_cleaned(retype->type)) {
        model.counters.bytes_cleaned += (uint64_t)retype->count << retype->object_bits;
    }
}

/* Is there room? Then make the objects. */
static seL4_Error carve(struct invocation *call, const struct retype *retype)
{
    struct slot *const slot = call->slot;
    struct cap *const untyped = &slot->cap;
    const bool is_childless = !model_has_children(slot);
    const uint64_t free_offset = is_childless ? 0 : untyped->data;
    const uint64_t free_bytes = ((uint64_t)1 << untyped->size_bits) - free_offset;

    /* If it fits, it also fits aligned: the untyped's end is aligned to more than the object. */
    if ((free_bytes >> retype->object_bits) < retype->count) {
        return model_fail_memory(call, (seL4_Word)free_bytes);
    }
    if ((untyped->flags & CAP_DEVICE) != 0 && retype->type != seL4_UntypedObject &&
        !arch_is_frame_type(retype->type)) {
        return model_fail_argument(call, 1);
    }
    if (is_childless) {
        reset(untyped);
    }
    const uint64_t mask = low_bits(retype->object_bits);
    const uint64_t first = (untyped->u.address + free_offset + mask) & ~mask;
    const uint64_t end = first + ((uint64_t)retype->count << retype->object_bits);
    untyped->data = end - untyped->u.address;
    create_objects(slot, retype, first);
    return seL4_NoError;
}

seL4_Error model_decode_untyped(struct invocation *call)
{
    struct retype retype = {0};
    if (call->kind != SEL4MODEL_Untyped_Retype) {
        return seL4_IllegalOperation;
    }
    if (call->length < 6 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    seL4_Error error = check_object(call, &retype);
    if (error == seL4_NoError) {
        error = check_destination(call, &retype);
    }
    return error == seL4_NoError ? carve(call, &retype) : error;
}
