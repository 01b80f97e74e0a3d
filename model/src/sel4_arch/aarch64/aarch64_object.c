/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Objects and capabilities of aarch64 (src/arch/arm/64/object/objecttype.c). */
#include "arch/arm/arm.h"

unsigned arch_object_size_bits(seL4_Word type)
{
    switch (type) {
    case seL4_ARM_LargePageObject:
        return seL4_LargePageBits;
    case seL4_ARM_HugePageObject:
        return seL4_HugePageBits;
    case seL4_ARM_VSpaceObject:
        return seL4_VSpaceBits;
    default: /* small frames, page tables and VCPUs */
        return seL4_PageBits;
    }
}

bool arch_is_frame_type(seL4_Word type)
{
    return type == seL4_ARM_SmallPageObject || type == seL4_ARM_LargePageObject ||
           type == seL4_ARM_HugePageObject;
}

struct cap arch_create_object(seL4_Word type, uint64_t address, bool device)
{
    const uint8_t size_bits = (uint8_t)arch_object_size_bits(type);
    if (type == seL4_ARM_PageTableObject || type == seL4_ARM_VSpaceObject) {
        const enum cap_kind kind = type == seL4_ARM_VSpaceObject ? CAP_VSPACE : CAP_PAGE_TABLE;
        struct cap table = {.kind = (uint8_t)kind, .size_bits = size_bits};
        table.u.object = &model_paging_new(kind, address, 0)->header;
        return table;
    }
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    if (type == seL4_ARM_VCPUObject) {
        struct cap vcpu = {.kind = CAP_VCPU, .size_bits = size_bits};
        vcpu.u.object = &arm_vcpu_create(address)->header;
        return vcpu;
    }
#endif
    struct cap frame = {.kind = CAP_FRAME,
                        .size_bits = size_bits,
                        .rights = RIGHT_READ | RIGHT_WRITE,
                        .flags = device ? CAP_DEVICE : 0};
    frame.u.address = address;
    return frame;
}

seL4_Word arch_object_type(const struct cap *cap)
{
    if (cap->kind == CAP_VSPACE) {
        return seL4_ARM_VSpaceObject;
    }
    if (cap->kind == CAP_PAGE_TABLE) {
        return seL4_ARM_PageTableObject;
    }
    if (cap->kind == CAP_VCPU) {
        return seL4_ARM_VCPUObject;
    }
    if (cap->kind != CAP_FRAME) {
        return SEL4MODEL_NO_OBJECT_TYPE;
    }
    if (cap->size_bits == seL4_PageBits) {
        return seL4_ARM_SmallPageObject;
    }
    return cap->size_bits == seL4_LargePageBits ? (seL4_Word)seL4_ARM_LargePageObject
                                                : (seL4_Word)seL4_ARM_HugePageObject;
}

/* The tags of the kernel's cap union: include/arch/arm/arch/64/mode/object/structures.bf. */
seL4_Uint32 arch_cap_number(const struct cap *cap)
{
    static const uint8_t numbers[CAP_KIND_COUNT] = {
        [CAP_UNTYPED] = 2,       [CAP_ENDPOINT] = 4,       [CAP_NOTIFICATION] = 6,
        [CAP_REPLY] = 8,         [CAP_CNODE] = 10,         [CAP_TCB] = 12,
        [CAP_IRQ_CONTROL] = 14,  [CAP_IRQ_HANDLER] = 16,   [CAP_ZOMBIE] = 18,
        [CAP_DOMAIN] = 20,       [CAP_SCHED_CONTEXT] = 22, [CAP_SCHED_CONTROL] = 24,
        [CAP_FRAME] = 1,         [CAP_PAGE_TABLE] = 3,     [CAP_VSPACE] = 9,
        [CAP_ASID_CONTROL] = 11, [CAP_ASID_POOL] = 13,     [CAP_SGI_SIGNAL] = 27,
        [CAP_VCPU] = 15};
    return numbers[cap->kind];
}
