/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Objects and capabilities of aarch32 (src/arch/arm/32/object/objecttype.c). */
#include "arch/arm/arm.h"

unsigned arch_object_size_bits(seL4_Word type)
{
    switch (type) {
    case seL4_ARM_LargePageObject:
        return seL4_LargePageBits;
    case seL4_ARM_SectionObject:
        return seL4_SectionBits;
    case seL4_ARM_SuperSectionObject:
        return seL4_SuperSectionBits;
    case seL4_ARM_PageTableObject:
        return seL4_PageTableBits;
    case seL4_ARM_PageDirectoryObject:
        return seL4_PageDirBits;
    default:
        return seL4_PageBits;
    }
}

bool arch_is_frame_type(seL4_Word type)
{
    return type == seL4_ARM_SmallPageObject || type == seL4_ARM_LargePageObject ||
           type == seL4_ARM_SectionObject || type == seL4_ARM_SuperSectionObject;
}

struct cap arch_create_object(seL4_Word type, uint64_t address, bool device)
{
    const uint8_t size_bits = (uint8_t)arch_object_size_bits(type);
    if (!arch_is_frame_type(type)) {
        const bool is_vspace = type == seL4_ARM_PageDirectoryObject;
        const enum cap_kind kind = is_vspace ? CAP_VSPACE : CAP_PAGE_TABLE;
        struct cap table = {.kind = (uint8_t)kind, .size_bits = size_bits};
        table.u.object = &model_paging_new(kind, address, is_vspace ? 2 : 1)->header;
        return table;
    }
    struct cap frame = {.kind = CAP_FRAME,
                        .size_bits = size_bits,
                        .rights = RIGHT_READ | RIGHT_WRITE,
                        .flags = device ? CAP_DEVICE : 0};
    frame.u.address = address;
    return frame;
}

static seL4_Word frame_type(unsigned size_bits)
{
    switch (size_bits) {
    case seL4_PageBits:
        return seL4_ARM_SmallPageObject;
    case seL4_LargePageBits:
        return seL4_ARM_LargePageObject;
    case seL4_SectionBits:
        return seL4_ARM_SectionObject;
    default:
        return seL4_ARM_SuperSectionObject;
    }
}

seL4_Word arch_object_type(const struct cap *cap)
{
    switch ((enum cap_kind)cap->kind) {
    case CAP_VSPACE:
        return seL4_ARM_PageDirectoryObject;
    case CAP_PAGE_TABLE:
        return seL4_ARM_PageTableObject;
    case CAP_FRAME:
        return frame_type(cap->size_bits);
    default:
        return SEL4MODEL_NO_OBJECT_TYPE;
    }
}

/* The tags of the kernel's cap union: include/arch/arm/arch/32/mode/object/structures.bf. Small
 * frames have one of their own. */
seL4_Uint32 arch_cap_number(const struct cap *cap)
{
    static const uint8_t numbers[CAP_KIND_COUNT] = {
        [CAP_UNTYPED] = 2,        [CAP_ENDPOINT] = 4,         [CAP_NOTIFICATION] = 6,
        [CAP_REPLY] = 8,          [CAP_CNODE] = 10,           [CAP_TCB] = 12,
        [CAP_IRQ_CONTROL] = 0x0e, [CAP_IRQ_HANDLER] = 0x1e,   [CAP_ZOMBIE] = 0x2e,
        [CAP_DOMAIN] = 0x3e,      [CAP_SCHED_CONTEXT] = 0x4e, [CAP_SCHED_CONTROL] = 0x5e,
        [CAP_FRAME] = 3,          [CAP_PAGE_TABLE] = 7,       [CAP_VSPACE] = 9,
        [CAP_ASID_CONTROL] = 11,  [CAP_ASID_POOL] = 5,        [CAP_SGI_SIGNAL] = 0x3f};
    const bool is_small = cap->kind == CAP_FRAME && cap->size_bits == seL4_PageBits;
    return is_small ? 1 : numbers[cap->kind];
}
