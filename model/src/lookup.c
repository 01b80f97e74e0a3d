/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Walking a CSpace (src/kernel/cspace.c of the kernel). */
#include "arch.h"
#include "stop.h"

#include <string.h>

static struct lookup failed(seL4_Word failure, unsigned bits_left, seL4_Word found,
                            seL4_Word found_bits)
{
    return (struct lookup){
        .bits_left = bits_left, .failure = failure, .found = found, .found_bits = found_bits};
}

/* Each level uses up at least one bit, since no CNode has fewer than two slots: at most
 * seL4_WordBits rounds. */
struct lookup model_resolve(const struct cap *root, seL4_Word cptr, unsigned bits)
{
    const struct cap *node = root;
    struct slot *slot = NULL;
    unsigned left = bits;

    if (node->kind != CAP_CNODE) {
        return failed(seL4_InvalidRoot, left, 0, 0);
    }
    while (left > 0 && node->kind == CAP_CNODE) {
        const struct cnode *const cnode = cap_cnode(node);
        const unsigned guard_bits = node->guard_bits;
        const unsigned level_bits = guard_bits + cnode->radix_bits;
        const unsigned guard_shift = (left - guard_bits) & (seL4_WordBits - 1);
        const seL4_Word guard = (cptr >> guard_shift) & (seL4_Word)low_bits(guard_bits);
        if (guard_bits > left || guard != node->data) {
            return failed(seL4_GuardMismatch, left, (seL4_Word)node->data, guard_bits);
        }
        if (level_bits > left) {
            return failed(seL4_DepthMismatch, left, level_bits, 0);
        }
        left -= level_bits;
        slot = &cnode->slots[(cptr >> left) & (seL4_Word)low_bits(cnode->radix_bits)];
        node = &slot->cap;
    }
    return (struct lookup){.slot = slot, .bits_left = left};
}

/* The calling thread would stop here for good: it has no fault handler in the model. */
static void __attribute__((noreturn))
fault(const struct invocation *call, seL4_CPtr cptr, const struct lookup *result)
{
    const char *const name = model_call_name(call);
    const unsigned long long address = cptr;
    const unsigned used = seL4_WordBits - result->bits_left;
    if (result->failure == seL4_GuardMismatch) {
        model_stop("%s: capability fault: CPtr 0x%llx: guard mismatch after %u bits: the CNode "
                   "there expects %u guard bits of value 0x%llx",
                   name, address, used, (unsigned)result->found_bits,
                   (unsigned long long)result->found);
    }
    if (result->failure == seL4_DepthMismatch) {
        model_stop("%s: capability fault: CPtr 0x%llx: depth mismatch after %u bits: the CNode "
                   "there takes %u bits (guard and radix), %u are left",
                   name, address, used, (unsigned)result->found, result->bits_left);
    }
    model_stop("%s: capability fault: CPtr 0x%llx: the calling thread has no CSpace", name,
               address);
}

struct slot *model_lookup_or_fault(const struct invocation *call, seL4_CPtr cptr)
{
    const struct lookup result =
        model_resolve(&model.current->slots[TCB_CTABLE].cap, cptr, seL4_WordBits);
    if (result.slot == NULL) {
        fault(call, cptr, &result);
    }
    return result.slot;
}

static seL4_Error fail_lookup(struct invocation *call, bool is_source, const struct lookup *result)
{
    static const unsigned words[] = {[seL4_InvalidRoot] = 2,
                                     [seL4_MissingCapability] = 3,
                                     [seL4_DepthMismatch] = 4,
                                     [seL4_GuardMismatch] = 5};
    const seL4_Word message[] = {is_source, result->failure, result->bits_left, result->found,
                                 result->found_bits};
    call->written = words[result->failure];
    memcpy(call->mr, message, call->written * sizeof(message[0]));
    return seL4_FailedLookup;
}

seL4_Error model_lookup_for_cnode(struct invocation *call, bool is_source, const struct cap *root,
                                  seL4_Word index, seL4_Word depth, struct slot **slot)
{
    if (root->kind != CAP_CNODE) {
        return model_fail_root(call, is_source);
    }
    if (depth < 1 || depth > seL4_WordBits) {
        return model_fail_range(call, 1, seL4_WordBits);
    }
    struct lookup result = model_resolve(root, index, (unsigned)depth);
    if (result.slot == NULL) {
        return fail_lookup(call, is_source, &result);
    }
    if (result.bits_left != 0) {
        result.failure = seL4_DepthMismatch;
        result.found = 0;
        return fail_lookup(call, is_source, &result);
    }
    *slot = result.slot;
    return seL4_NoError;
}
