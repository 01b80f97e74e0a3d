/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Objects and capabilities of ia32 (src/arch/x86/object/objecttype.c and its 32-bit part). */
#include "arch/x86/x86.h"
#include "stop.h"

unsigned arch_object_size_bits(seL4_Word type)
{
    return type == seL4_X86_LargePageObject ? seL4_LargePageBits : seL4_PageBits;
}

bool arch_is_frame_type(seL4_Word type)
{
    return type == seL4_X86_4K || type == seL4_X86_LargePageObject;
}

static struct cap paging_cap(enum cap_kind kind, uint64_t address, unsigned level)
{
    struct cap cap = {.kind = (uint8_t)kind, .size_bits = seL4_PageTableBits};
    cap.u.object = &model_paging_new(kind, address, level)->header;
    return cap;
}

struct cap arch_create_object(seL4_Word type, uint64_t address, bool device)
{
    if (type == seL4_X86_PageTableObject) {
        return paging_cap(CAP_PAGE_TABLE, address, X86_LEVEL_PT);
    }
    if (type == seL4_X86_PageDirectoryObject) {
        return paging_cap(CAP_VSPACE, address, X86_LEVEL_PD);
    }
    struct cap frame = {.kind = CAP_FRAME,
                        .size_bits = (uint8_t)arch_object_size_bits(type),
                        .rights = RIGHT_READ | RIGHT_WRITE,
                        .flags = device ? CAP_DEVICE : 0};
    frame.u.address = address;
    return frame;
}

seL4_Word arch_object_type(const struct cap *cap)
{
    switch ((enum cap_kind)cap->kind) {
    case CAP_PAGE_TABLE:
        return seL4_X86_PageTableObject;
    case CAP_VSPACE:
        return seL4_X86_PageDirectoryObject;
    case CAP_FRAME:
        return cap->size_bits == seL4_PageBits ? (seL4_Word)seL4_X86_4K
                                               : (seL4_Word)seL4_X86_LargePageObject;
    default:
        return SEL4MODEL_NO_OBJECT_TYPE;
    }
}

/* What the hardware notes about a page is outside the model; the checks before are not. The page
 * directory may be one without ASID. */
static seL4_Error get_status_bits(struct invocation *call)
{
    if (call->kind != SEL4MODEL_X86_PageDirectory_GetStatusBits) {
        return seL4_IllegalOperation;
    }
    if (call->length < 1) {
        return seL4_TruncatedMessage;
    }
    if (call->mr[0] > X86_USER_TOP) {
        return model_fail_argument(call, 0);
    }
    const struct paging_place place =
        model_paging_find(cap_paging(&call->slot->cap), call->mr[0], X86_LEVEL_PT);
    if (call->mr[0] < X86_USER_TOP && !paging_is_frame(*place.entry)) {
        return model_fail_argument(call, 1);
    }
    model_unsupported(model_call_name(call));
}

seL4_Error arch_decode(struct invocation *call)
{
    return call->slot->cap.kind == CAP_VSPACE ? get_status_bits(call) : x86_decode(call);
}

/* The tags of the kernel's cap union: include/arch/x86/arch/32/mode/object/structures.bf. */
seL4_Uint32 arch_cap_number(const struct cap *cap)
{
    static const uint8_t numbers[CAP_KIND_COUNT] = {[CAP_UNTYPED] = 2,
                                                    [CAP_ENDPOINT] = 4,
                                                    [CAP_NOTIFICATION] = 6,
                                                    [CAP_REPLY] = 8,
                                                    [CAP_CNODE] = 10,
                                                    [CAP_TCB] = 12,
                                                    [CAP_IRQ_CONTROL] = 0x0e,
                                                    [CAP_IRQ_HANDLER] = 0x1e,
                                                    [CAP_ZOMBIE] = 0x2e,
                                                    [CAP_DOMAIN] = 0x3e,
                                                    [CAP_SCHED_CONTEXT] = 0x4e,
                                                    [CAP_SCHED_CONTROL] = 0x5e,
                                                    [CAP_FRAME] = 1,
                                                    [CAP_PAGE_TABLE] = 3,
                                                    [CAP_VSPACE] = 5,
                                                    [CAP_ASID_CONTROL] = 9,
                                                    [CAP_ASID_POOL] = 11,
                                                    [CAP_IO_PORT] = 0x1f,
                                                    [CAP_IO_PORT_CONTROL] = 0x7f};
    return numbers[cap->kind];
}
