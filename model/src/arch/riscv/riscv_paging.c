/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Mapping frames and page tables (src/arch/riscv/kernel/vspace.c). */
#include "arch/riscv/riscv.h"

/* The order of these checks differs from the other architectures'. */
static seL4_Error check_frame_address(struct invocation *call, const struct cap *frame)
{
    const seL4_Word vaddr = call->mr[0];
    if (vaddr + (seL4_Word)low_bits(frame->size_bits) >= seL4_UserTop) {
        return model_fail_argument(call, 0);
    }
    return (vaddr & low_bits(frame->size_bits)) != 0 ? seL4_AlignmentError : seL4_NoError;
}

/* A capability that is mapped may be mapped again, but only where it is; where something is, no
 * other goes. */
static seL4_Error check_frame_place(struct invocation *call, const struct cap *frame,
                                    page_entry entry)
{
    if ((frame->flags & CAP_MAPPED) == 0) {
        return entry != PAGE_ENTRY_NONE ? seL4_DeleteFirst : seL4_NoError;
    }
    if (frame->asid != call->extra[0]->cap.asid) {
        return model_fail_capability(call, 1);
    }
    if (frame->data != call->mr[0]) {
        return model_fail_argument(call, 0);
    }
    return paging_is_table(entry) ? seL4_DeleteFirst : seL4_NoError;
}

/* Without any right there is nothing to enter: the capability counts as mapped, but the next one may
 * be mapped there, too. */
static bool makes_empty_entry(const struct invocation *call, const struct cap *frame)
{
    const seL4_CapRights_t rights = {{call->mr[1]}};
    return (call->mr[2] & seL4_RISCV_ExecuteNever) != 0 &&
           model_mask_rights(rights, *frame).rights == 0;
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
        error = check_frame_address(call, frame);
    }
    if (error != seL4_NoError) {
        return error;
    }
    /* Goes down through smaller tables, too: what it names is then below the frame's size. */
    const struct paging_place place = model_paging_find(vspace, call->mr[0], 1);
    if (paging_entry_bits(place.level) != frame->size_bits) {
        return model_fail_missing(call, false, paging_entry_bits(place.level));
    }
    error = check_frame_place(call, frame, *place.entry);
    if (error == seL4_NoError) {
        const bool is_empty = makes_empty_entry(call, frame);
        model_map_frame(call, vspace, place.entry);
        if (is_empty) {
            model_remove_frame(frame);
        }
    }
    return error;
}

seL4_Error riscv_decode_frame(struct invocation *call)
{
    switch (call->kind) {
    case SEL4MODEL_RISCV_Page_Map:
        return map_frame(call);
    case SEL4MODEL_RISCV_Page_Unmap:
        return model_unmap_frame(call);
    case SEL4MODEL_RISCV_Page_GetAddress:
        call->mr[0] = (seL4_Word)cap_paddr(&call->slot->cap);
        return seL4_NoError;
    default:
        return seL4_IllegalOperation;
    }
}

/* A page table goes where the first one is missing on the way down. */
static seL4_Error map_table(struct invocation *call)
{
    struct paging *vspace = NULL;
    const struct cap *const cap = &call->slot->cap;
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
    const struct paging_place place = model_paging_find(vspace, call->mr[0], 1);
    if (place.level == 1 || *place.entry != PAGE_ENTRY_NONE) {
        return seL4_DeleteFirst;
    }
    model_map_table(call, &place);
    return seL4_NoError;
}

/* The page table that is an address space's root stays. */
static seL4_Error unmap_table(struct invocation *call)
{
    const struct cap *const cap = &call->slot->cap;
    const bool is_root =
        (cap->flags & CAP_MAPPED) != 0 && model_asid_find(cap->asid) == cap_paging(cap);
    return is_root ? seL4_RevokeFirst : model_unmap_table(call);
}

seL4_Error riscv_decode_table(struct invocation *call)
{
    switch (call->kind) {
    case SEL4MODEL_RISCV_PageTable_Map:
        return map_table(call);
    case SEL4MODEL_RISCV_PageTable_Unmap:
        return unmap_table(call);
    default:
        return seL4_IllegalOperation;
    }
}
