/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Objects and capabilities of RISC-V (src/arch/riscv/object/objecttype.c). */
#include "arch/riscv/riscv.h"

unsigned arch_object_size_bits(seL4_Word type)
{
    switch (type) {
    case seL4_RISCV_Mega_Page:
        return seL4_LargePageBits;
#ifdef CONFIG_ARCH_RISCV64
    case seL4_RISCV_Giga_Page:
        return seL4_HugePageBits;
#endif
    default: /* small frames and page tables */
        return seL4_PageBits;
    }
}

bool arch_is_frame_type(seL4_Word type)
{
#ifdef CONFIG_ARCH_RISCV64
    if (type == seL4_RISCV_Giga_Page) {
        return true;
    }
#endif
    return type == seL4_RISCV_4K_Page || type == seL4_RISCV_Mega_Page;
}

struct cap arch_create_object(seL4_Word type, uint64_t address, bool device)
{
    if (type == seL4_RISCV_PageTableObject) {
        struct cap table = {.kind = CAP_PAGE_TABLE, .size_bits = seL4_PageTableBits};
        table.u.object = &model_paging_new(CAP_PAGE_TABLE, address, 0)->header;
        return table;
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
    if (cap->kind == CAP_PAGE_TABLE) {
        return seL4_RISCV_PageTableObject;
    }
    if (cap->kind != CAP_FRAME) {
        return SEL4MODEL_NO_OBJECT_TYPE;
    }
#ifdef CONFIG_ARCH_RISCV64
    if (cap->size_bits == seL4_HugePageBits) {
        return seL4_RISCV_Giga_Page;
    }
#endif
    return cap->size_bits == seL4_PageBits ? (seL4_Word)seL4_RISCV_4K_Page
                                           : (seL4_Word)seL4_RISCV_Mega_Page;
}

void arch_post_delete(const struct cap *cap)
{
    (void)cap;
}

seL4_Error arch_decode(struct invocation *call)
{
    switch ((enum cap_kind)call->slot->cap.kind) {
    case CAP_FRAME:
        return riscv_decode_frame(call);
    case CAP_PAGE_TABLE:
        return riscv_decode_table(call);
    case CAP_ASID_CONTROL:
        return model_decode_asid_control(call);
    case CAP_ASID_POOL:
        return model_decode_asid_pool(call);
    default:
        return seL4_IllegalOperation;
    }
}

/* The tags of the kernel's cap union: include/arch/riscv/arch/<bits>/mode/object/structures.bf. */
seL4_Uint32 arch_cap_number(const struct cap *cap)
{
    static const uint8_t numbers[CAP_KIND_COUNT] = {
        [CAP_UNTYPED] = 2,
        [CAP_ENDPOINT] = 4,
        [CAP_NOTIFICATION] = 6,
        [CAP_REPLY] = 8,
        [CAP_CNODE] = 10,
        [CAP_TCB] = 12,
#if CONFIG_WORD_SIZE == 64
        [CAP_IRQ_CONTROL] = 14,
        [CAP_IRQ_HANDLER] = 16,
        [CAP_ZOMBIE] = 18,
        [CAP_DOMAIN] = 20,
        [CAP_SCHED_CONTEXT] = 22,
        [CAP_SCHED_CONTROL] = 24,
#else
        [CAP_IRQ_CONTROL] = 0x0e,
        [CAP_IRQ_HANDLER] = 0x1e,
        [CAP_ZOMBIE] = 0x2e,
        [CAP_DOMAIN] = 0x3e,
        [CAP_SCHED_CONTEXT] = 0x4e,
        [CAP_SCHED_CONTROL] = 0x5e,
#endif
        [CAP_FRAME] = 1,
        [CAP_PAGE_TABLE] = 3,
        [CAP_ASID_CONTROL] = 11,
        [CAP_ASID_POOL] = 13,
    };
    return numbers[cap->kind];
}
