/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Objects and capabilities of x86_64 (src/arch/x86/object/objecttype.c and its 64-bit part). */
#include "arch/x86/x86.h"

unsigned arch_object_size_bits(seL4_Word type)
{
    switch (type) {
    case seL4_X86_LargePageObject:
        return seL4_LargePageBits;
    case seL4_X64_HugePageObject:
        return seL4_HugePageBits;
    default: /* small frames and all paging structures */
        return seL4_PageBits;
    }
}

bool arch_is_frame_type(seL4_Word type)
{
    return type == seL4_X86_4K || type == seL4_X86_LargePageObject ||
           type == seL4_X64_HugePageObject;
}

static struct cap paging_cap(enum cap_kind kind, uint64_t address, unsigned level)
{
    struct cap cap = {.kind = (uint8_t)kind, .size_bits = seL4_PageTableBits};
    cap.u.object = &model_paging_new(kind, address, level)->header;
    return cap;
}

struct cap arch_create_object(seL4_Word type, uint64_t address, bool device)
{
    switch (type) {
    case seL4_X86_PageTableObject:
        return paging_cap(CAP_PAGE_TABLE, address, X86_LEVEL_PT);
    case seL4_X86_PageDirectoryObject:
        return paging_cap(CAP_PAGE_TABLE, address, X86_LEVEL_PD);
    case seL4_X86_PDPTObject:
        return paging_cap(CAP_PAGE_TABLE, address, X86_LEVEL_PDPT);
    case seL4_X64_PML4Object:
        return paging_cap(CAP_VSPACE, address, X86_LEVEL_PML4);
    default:
        break;
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
    static const seL4_Word tables[] = {
        [X86_LEVEL_PT] = seL4_X86_PageTableObject,
        [X86_LEVEL_PD] = seL4_X86_PageDirectoryObject,
        [X86_LEVEL_PDPT] = seL4_X86_PDPTObject,
        [X86_LEVEL_PML4] = seL4_X64_PML4Object,
    };
    if (cap->kind == CAP_PAGE_TABLE || cap->kind == CAP_VSPACE) {
        return tables[cap->u.object->level];
    }
    if (cap->kind != CAP_FRAME) {
        return SEL4MODEL_NO_OBJECT_TYPE;
    }
    if (cap->size_bits == seL4_PageBits) {
        return seL4_X86_4K;
    }
    return cap->size_bits == seL4_LargePageBits ? (seL4_Word)seL4_X86_LargePageObject
                                                : (seL4_Word)seL4_X64_HugePageObject;
}

/* A VSpace has no invocations of its own. */
seL4_Error arch_decode(struct invocation *call)
{
    return call->slot->cap.kind == CAP_VSPACE ? seL4_IllegalOperation : x86_decode(call);
}

/* The tags of the kernel's cap union: include/arch/x86/arch/64/mode/object/structures.bf. */
seL4_Uint32 arch_cap_number(const struct cap *cap)
{
    static const uint8_t tables[] = {
        [X86_LEVEL_PT] = 3, [X86_LEVEL_PD] = 5, [X86_LEVEL_PDPT] = 7, [X86_LEVEL_PML4] = 9};
    static const uint8_t numbers[CAP_KIND_COUNT] = {
        [CAP_UNTYPED] = 2,      [CAP_ENDPOINT] = 4,        [CAP_NOTIFICATION] = 6,
        [CAP_REPLY] = 8,        [CAP_CNODE] = 10,          [CAP_TCB] = 12,
        [CAP_IRQ_CONTROL] = 14, [CAP_IRQ_HANDLER] = 16,    [CAP_ZOMBIE] = 18,
        [CAP_DOMAIN] = 20,      [CAP_SCHED_CONTEXT] = 22,  [CAP_SCHED_CONTROL] = 24,
        [CAP_FRAME] = 1,        [CAP_ASID_CONTROL] = 11,   [CAP_ASID_POOL] = 13,
        [CAP_IO_PORT] = 19,     [CAP_IO_PORT_CONTROL] = 31};
    if (cap->kind == CAP_PAGE_TABLE || cap->kind == CAP_VSPACE) {
        return tables[cap->u.object->level];
    }
    return numbers[cap->kind];
}
