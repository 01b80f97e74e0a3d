/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Mapping frames and paging structures (src/arch/x86/kernel/vspace.c and its parts for each mode). */
#include "arch/x86/x86.h"

/* A capability that is mapped may be mapped again, but only where it is. */
static seL4_Error check_frame_place(struct invocation *call, const struct cap *frame)
{
    const seL4_Word vaddr = call->mr[0];
    const struct cap *const vspace = &call->extra[0]->cap;
    if (!model_is_vspace(vspace)) {
        return model_fail_capability(call, 1);
    }
    if ((frame->flags & CAP_MAPPED) != 0) {
        if (frame->asid != vspace->asid) {
            return model_fail_capability(call, 1);
        }
        return frame->data != vaddr ? model_fail_argument(call, 0) : seL4_NoError;
    }
    const seL4_Word top = vaddr + ((seL4_Word)1 << frame->size_bits);
    return vaddr > X86_USER_TOP || top > X86_USER_TOP ? model_fail_argument(call, 0) : seL4_NoError;
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
    if (paging_is_table(*place.entry)) {
        return seL4_DeleteFirst;
    }
    model_map_frame(call, vspace, place.entry);
    return seL4_NoError;
}

seL4_Error x86_decode_frame(struct invocation *call)
{
    switch (call->kind) {
    case SEL4MODEL_X86_Page_Map:
        return map_frame(call);
    case SEL4MODEL_X86_Page_Unmap:
        return model_unmap_frame(call);
    case SEL4MODEL_X86_Page_GetAddress:
        call->mr[0] = (seL4_Word)cap_paddr(&call->slot->cap);
        return seL4_NoError;
    default:
        return seL4_IllegalOperation;
    }
}

/* Which invocations a structure of this level answers to. */
static bool is_invocation_of(enum sel4model_invocation kind, unsigned level, bool *is_map)
{
    static const struct {
        int map;
        int unmap;
    } kinds[] = {
        [X86_LEVEL_PT] = {SEL4MODEL_X86_PageTable_Map, SEL4MODEL_X86_PageTable_Unmap},
#ifdef CONFIG_ARCH_X86_64
        [X86_LEVEL_PD] = {SEL4MODEL_X86_PageDirectory_Map, SEL4MODEL_X86_PageDirectory_Unmap},
        [X86_LEVEL_PDPT] = {SEL4MODEL_X86_PDPT_Map, SEL4MODEL_X86_PDPT_Unmap},
#endif
    };
    *is_map = (int)kind == kinds[level].map;
    return *is_map || (int)kind == kinds[level].unmap;
}

seL4_Error x86_decode_table(struct invocation *call)
{
    bool is_map;
    struct paging *vspace = NULL;
    const struct cap *const cap = &call->slot->cap;
    const unsigned level = cap->u.object->level;
    if (!is_invocation_of(call->kind, level, &is_map)) {
        return seL4_IllegalOperation;
    }
    if (!is_map) {
        return model_unmap_table(call);
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
    const seL4_Word vaddr = call->mr[0] & ~(seL4_Word)low_bits(paging_entry_bits(level + 1));
    if (vaddr > X86_USER_TOP) {
        return model_fail_argument(call, 0);
    }
    const seL4_Error error = model_find_vspace(call, &vspace);
    if (error != seL4_NoError) {
        return error;
    }
#ifdef CONFIG_ARCH_IA32
    if (vaddr == X86_USER_TOP) {
        return seL4_DeleteFirst; /* the kernel's tables are there */
    }
#endif
    const struct paging_place place = model_paging_find(vspace, vaddr, level + 1);
    if (place.level != level + 1) {
        return model_fail_missing(call, false, paging_entry_bits(place.level));
    }
    if (*place.entry != PAGE_ENTRY_NONE) {
        return seL4_DeleteFirst;
    }
    model_map_table(call, &place);
    return seL4_NoError;
}
