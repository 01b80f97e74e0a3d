/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Mapping frames and page tables (src/arch/arm/64/kernel/vspace.c). */
#include "arch/arm/arm.h"

/* A capability that is mapped may be mapped again, but only where it is. seL4_UserTop is the last
 * user address. */
static seL4_Error check_frame_place(struct invocation *call, const struct cap *frame)
{
    const seL4_Word vaddr = call->mr[0];
    if ((vaddr & low_bits(frame->size_bits)) != 0) {
        return seL4_AlignmentError;
    }
    if ((frame->flags & CAP_MAPPED) == 0) {
        return vaddr + low_bits(frame->size_bits) > seL4_UserTop ? model_fail_argument(call, 0)
                                                                 : seL4_NoError;
    }
    if (frame->asid != call->extra[0]->cap.asid) {
        return model_fail_capability(call, 1);
    }
    return frame->data != vaddr ? model_fail_argument(call, 0) : seL4_NoError;
}

static seL4_Error map_frame(struct invocation *call)
{
    struct paging *vspace = NULL;
    const struct cap *const frame = &call->slot->cap;
    if (call->length < 3 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    if (!model_is_vspace(&call->extra[0]->cap)) {
        return model_fail_capability(call, 1);
    }
    seL4_Error error = model_find_vspace(call, &vspace);
    if (error == seL4_NoError) {
        error = check_frame_place(call, frame);
    }
    if (error != seL4_NoError) {
        return error;
    }
    /* Goes down through smaller tables, too: what it names is then below the frame's size. */
    const struct paging_place place = model_paging_find(vspace, call->mr[0], 1);
    if (paging_entry_bits(place.level) != frame->size_bits) {
        return model_fail_missing(call, false, paging_entry_bits(place.level));
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
        call->mr[0] = cap_paddr(&call->slot->cap);
        return seL4_NoError;
    default:
        return arm_is_frame_flush(call->kind) ? arm_flush_frame(call) : seL4_IllegalOperation;
    }
}

/* A page table goes where the first one is missing on the way down. */
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
    if (call->mr[0] > seL4_UserTop) {
        return model_fail_argument(call, 0);
    }
    const seL4_Error error = model_find_vspace(call, &vspace);
    if (error != seL4_NoError) {
        return error;
    }
    const struct paging_place place = model_paging_find(vspace, call->mr[0], 1);
    if (place.level == 1 || *place.entry != PAGE_ENTRY_NONE) {
        return seL4_DeleteFirst;
    }
    model_map_table(call, &place);
    return seL4_NoError;
}
