/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Cache maintenance (src/arch/arm/64/kernel/vspace.c: decodeARMVSpaceRootInvocation,
 * decodeARMFrameInvocation; src/arch/arm/32/kernel/vspace.c: decodeARMPageDirectoryInvocation,
 * decodeARMFrameInvocation). */
#include "arch/arm/arm.h"

#include "stop.h"

#ifdef CONFIG_ARCH_AARCH64
#define VSPACE_KIND(name) SEL4MODEL_ARM_VSpace_##name
enum { RANGE_IS_CHECKED_LAST = 0 };
#else
#define VSPACE_KIND(name) SEL4MODEL_ARM_PageDirectory_##name
enum { RANGE_IS_CHECKED_LAST = 1 };
#endif

/* A hypervisor cannot use its guests' addresses. It takes its own, so their mappings do not matter,
 * but what it has mapped itself does. */
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
enum { TAKES_OWN_ADDRESSES = 1, INVALIDATION_NEEDS_WRITING = 0 };
#define OWN_BYTES MODEL_RAM_BYTES
#else
enum { TAKES_OWN_ADDRESSES = 0, INVALIDATION_NEEDS_WRITING = !RANGE_IS_CHECKED_LAST };
#define OWN_BYTES UINT64_MAX
#endif

bool arm_is_frame_flush(enum sel4model_invocation kind)
{
    return kind == SEL4MODEL_ARM_Page_Clean_Data || kind == SEL4MODEL_ARM_Page_Invalidate_Data ||
           kind == SEL4MODEL_ARM_Page_CleanInvalidate_Data ||
           kind == SEL4MODEL_ARM_Page_Unify_Instruction;
}

bool arm_is_vspace_flush(enum sel4model_invocation kind)
{
    return kind == VSPACE_KIND(Clean_Data) || kind == VSPACE_KIND(Invalidate_Data) ||
           kind == VSPACE_KIND(CleanInvalidate_Data) || kind == VSPACE_KIND(Unify_Instruction);
}

/* Invalidating drops what was written: at EL1 of aarch64 it needs a mapping for writing. */
static bool may_flush(const struct invocation *call, page_entry entry)
{
    const bool is_invalidation = call->kind == SEL4MODEL_ARM_Page_Invalidate_Data ||
                                 call->kind == VSPACE_KIND(Invalidate_Data);
    return !INVALIDATION_NEEDS_WRITING || !is_invalidation || (entry & PAGE_ENTRY_WRITABLE) != 0;
}

seL4_Error arm_flush_frame(struct invocation *call)
{
    const struct cap *const frame = &call->slot->cap;
    const uint64_t bytes = (uint64_t)1 << frame->size_bits;
    const unsigned level = paging_frame_level(frame->size_bits);
    if (call->length < 2) {
        return seL4_TruncatedMessage;
    }
    if ((frame->flags & CAP_MAPPED) == 0) {
        return seL4_IllegalOperation;
    }
    struct paging *const vspace = model_asid_find(frame->asid);
    if (vspace == NULL) {
        return model_fail_root(call, false);
    }
    if (call->mr[1] <= call->mr[0]) {
        return model_fail_argument(call, 1);
    }
    const bool is_inside = call->mr[0] < bytes && call->mr[1] <= bytes;
    if (!is_inside && !RANGE_IS_CHECKED_LAST) {
        return model_fail_argument(call, 0);
    }
    if (TAKES_OWN_ADDRESSES) {
        return cap_paddr(frame) + call->mr[1] > OWN_BYTES ? seL4_IllegalOperation : seL4_NoError;
    }
    const struct paging_place place = model_paging_find(vspace, (seL4_Word)frame->data, level);
    if (place.level != level || !paging_is_frame(*place.entry) ||
        paging_frame_address(*place.entry) != frame->u.address) {
        return model_fail_capability(call, 0);
    }
    if (!is_inside) {
        return model_fail_argument(call, 0);
    }
    return may_flush(call, *place.entry) ? seL4_NoError : seL4_IllegalOperation;
}

seL4_Error arm_flush_vspace(struct invocation *call)
{
    const struct cap *const cap = &call->slot->cap;
    const seL4_Word start = call->mr[0];
    const seL4_Word end = call->mr[1];
    if (call->length < 2) {
        return seL4_TruncatedMessage;
    }
    if (end <= start) {
        return model_fail_argument(call, 1);
    }
    if (end > seL4_UserTop) {
        return seL4_IllegalOperation;
    }
    if (!model_is_vspace(cap)) {
        return model_fail_capability(call, 0);
    }
    struct paging *const vspace = model_asid_find(cap->asid);
    if (vspace == NULL) {
        return model_fail_root(call, false);
    }
    if (vspace != cap_paging(cap)) {
        return model_fail_capability(call, 0);
    }
    const struct paging_place place = model_paging_find(vspace, start, 1);
    if (!paging_is_frame(*place.entry)) {
        return seL4_NoError; /* nothing is mapped: nothing is stale */
    }
    const seL4_Word mask = (seL4_Word)low_bits(paging_frame_bits(&place));
    if ((start & ~mask) != ((end - 1) & ~mask)) {
        return model_fail_range(call, start, start | mask);
    }
    const uint64_t paddr = paging_frame_address(*place.entry) - MODEL_KERNEL_OFFSET;
    if (TAKES_OWN_ADDRESSES && paddr + ((end - 1) & mask) >= OWN_BYTES) {
        model_stop(
            "%s: a hypervisor that flushes this device memory faults: it has none of it mapped",
            model_call_name(call));
    }
    return may_flush(call, *place.entry) ? seL4_NoError : seL4_IllegalOperation;
}
