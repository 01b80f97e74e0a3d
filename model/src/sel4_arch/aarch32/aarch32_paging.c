/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Mapping frames and page tables (src/arch/arm/32/kernel/vspace.c). Large pages and supersections
 * take sixteen entries each. */
#include "arch/arm/arm.h"

/* A capability that is mapped may be mapped again, but only where it is. */
static seL4_Error check_frame_place(struct invocation *call, const struct cap *frame)
{
    const seL4_Word vaddr = call->mr[0];
    const seL4_Word last = vaddr + (seL4_Word)low_bits(frame->size_bits);
    const struct cap *const vspace = &call->extra[0]->cap;
    if (!model_is_vspace(vspace)) {
        return model_fail_capability(call, 1);
    }
    if ((frame->flags & CAP_MAPPED) == 0) {
        return last >= seL4_UserTop ? model_fail_argument(call, 0) : seL4_NoError;
    }
    if (frame->asid != vspace->asid) {
        return model_fail_capability(call, 1);
    }
    return frame->data != vaddr ? model_fail_argument(call, 0) : seL4_NoError;
}

/* May a frame of this size replace what is in an entry? A group only a group, and a single entry
 * only a single one. A small frame replaces a small one, a section a section. */
static bool is_replaceable(page_entry entry, unsigned size_bits)
{
    const bool is_group = paging_entry_count(size_bits) > 1;
    return entry == PAGE_ENTRY_NONE ||
           (paging_is_frame(entry) && ((entry & PAGE_ENTRY_GROUP) != 0) == is_group);
}

static seL4_Error map_frame(struct invocation *call)
{
    struct paging *vspace = NULL;
    const struct cap *const frame = &call->slot->cap;
    const unsigned level = paging_frame_level(frame->size_bits);
    if (call->length < 3 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    seL4_Error error = check_frame_place(call, frame);
    if (error == seL4_NoError) {
        error = model_find_vspace(call, &vspace);
    }
    if (error != seL4_NoError) {
        return error;
    }
    if ((call->mr[0] & low_bits(frame->size_bits)) != 0) {
        return seL4_AlignmentError;
    }
    const struct paging_place place = model_paging_find(vspace, call->mr[0], level);
    if (place.level != level) {
        return model_fail_missing(call, false, paging_entry_bits(place.level));
    }
    for (unsigned i = 0; i < paging_entry_count(frame->size_bits); i++) {
        if (!is_replaceable(place.entry[i], frame->size_bits)) {
            return seL4_DeleteFirst;
        }
    }
    model_map_frame(call, vspace, place.entry);
    return seL4_NoError;
}

seL4_Error arm_decode_frame(struct invocation *call)
{
    switch (call->kind) {
    case SEL4MODEL_ARM_Page_Map:
        return map_frame(call);
    case SEL4MODEL_ARM_Page_Unmap:
        return model_unmap_frame(call);
    case SEL4MODEL_ARM_Page_GetAddress:
        call->mr[0] = (seL4_Word)cap_paddr(&call->slot->cap);
        return seL4_NoError;
    default:
        return arm_is_frame_flush(call->kind) ? arm_flush_frame(call) : seL4_IllegalOperation;
    }
}

seL4_Error arm_decode_table(struct invocation *call)
{
    struct paging *vspace = NULL;
    const struct cap *const cap = &call->slot->cap;
    if (call->kind == SEL4MODEL_ARM_PageTable_Unmap) {
        return model_unmap_table(call);
    }
    if (call->kind != SEL4MODEL_ARM_PageTable_Map) {
        return seL4_IllegalOperation;
    }
    if (call->length < 2 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    if ((cap->flags & CAP_MAPPED) != 0) {
        return model_fail_capability(call, 0);
    }
    if (!model_is_vspace(&call->extra[0]->cap)) {
        return model_fail_capability(call, 1);
    }
    if (call->mr[0] >= seL4_UserTop) {
        return model_fail_argument(call, 0);
    }
    const seL4_Error error = model_find_vspace(call, &vspace);
    if (error != seL4_NoError) {
        return error;
    }
    const struct paging_place place = model_paging_find(vspace, call->mr[0], MODEL_TOP_LEVEL);
    if (*place.entry != PAGE_ENTRY_NONE) {
        return seL4_DeleteFirst;
    }
    model_map_table(call, &place);
    return seL4_NoError;
}
