/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// RISC-V: mapping calls and interrupts.
#include "stream_arch.h"

#ifdef CONFIG_ARCH_RISCV

// A page table with an ASID is a VSpace.
static const struct object_type types[] = {
    {KIND_FRAME, seL4_RISCV_4K_Page, 3, seL4_PageBits},
    {KIND_FRAME, seL4_RISCV_Mega_Page, 1, seL4_LargePageBits},
#ifdef CONFIG_ARCH_RISCV64
    {KIND_FRAME, seL4_RISCV_Giga_Page, 1, seL4_HugePageBits},
#endif
    {KIND_PT, seL4_RISCV_PageTableObject, 8, 0},
    {0},
};

#ifdef CONFIG_ARCH_RISCV64
const struct stream_arch stream_arch = {
    .types = types,
    .vspace = KIND_PT,
    .levels = CONFIG_PT_LEVELS - 1,
    .region = (seL4_Word)1 << 37,
    .strides = {{33, 2, 10}, {30, 2, 100}, {21, 3, 100}, {12, 4, 50}},
    .edges = {0x4000000000, 0xffffffc000000000, ~(seL4_Word)0, ~(seL4_Word)0xfff, seL4_UserTop,
              seL4_UserTop - 0x1000, 0x3fffe00000, 0x3fc0000000},
};
#else
const struct stream_arch stream_arch = {
    .types = types,
    .vspace = KIND_PT,
    .levels = 1,
    .region = 0x40000000,
    .strides = {{26, 2, 100}, {24, 4, 10}, {22, 3, 100}, {12, 4, 50}},
    .edges = {0x80000000, 0xff800000, 0xffffffff, 0xfffff000, seL4_UserTop, seL4_UserTop - 0x1000,
              seL4_UserTop - 0x400000, seL4_UserTop + 0x400000},
};
#endif

enum kind arch_table_kind(unsigned level)
{
    (void)level;
    return KIND_PT;
}

seL4_Error arch_map_frame(seL4_CPtr frame, seL4_CPtr vspace, seL4_Word vaddr,
                          seL4_CapRights_t rights, seL4_Word attributes)
{
    return seL4_RISCV_Page_Map(frame, vspace, vaddr, rights, (seL4_RISCV_VMAttributes)attributes);
}

seL4_Error arch_unmap_frame(seL4_CPtr frame)
{
    return seL4_RISCV_Page_Unmap(frame);
}

seL4_Error arch_map_table(unsigned level, seL4_CPtr table, seL4_CPtr vspace, seL4_Word vaddr,
                          seL4_Word attributes)
{
    (void)level;
    return seL4_RISCV_PageTable_Map(table, vspace, vaddr, (seL4_RISCV_VMAttributes)attributes);
}

seL4_Error arch_unmap_table(unsigned level, seL4_CPtr table)
{
    (void)level;
    return seL4_RISCV_PageTable_Unmap(table);
}

seL4_Error arch_frame_address(seL4_CPtr frame, seL4_Word *paddr)
{
    const seL4_RISCV_Page_GetAddress_t result = seL4_RISCV_Page_GetAddress(frame);
    *paddr = result.paddr;
    return (seL4_Error)result.error;
}

seL4_Error arch_make_pool(seL4_CPtr control, seL4_CPtr untyped, seL4_CPtr root, seL4_Word index,
                          seL4_Word depth)
{
    return seL4_RISCV_ASIDControl_MakePool(control, untyped, root, index, (seL4_Uint8)depth);
}

seL4_Error arch_assign(seL4_CPtr pool, seL4_CPtr vspace)
{
    return seL4_RISCV_ASIDPool_Assign(pool, vspace);
}

seL4_Word arch_attributes(struct rng *rng)
{
    return rng_percent(rng, 80) ? (seL4_Word)seL4_RISCV_Default_VMAttributes : rng_below(rng, 2);
}

// A machine without interrupts but the timer's refuses them all.
bool arch_issue_irq(struct stream *stream, struct place dest)
{
    struct rng *const rng = &stream->rng;
    const seL4_Word irq = rng_percent(rng, 50) ? rng_below(rng, 4) : rng_below(rng, 200);
    const seL4_Word trigger = rng_below(rng, 2);
    seL4_Error error = seL4_NoError;
    if (rng_percent(rng, 50)) {
        STREAM_BEGIN(stream, "IRQControl_Get", dest.node, dest.index, dest.depth, irq);
        error = seL4_IRQControl_Get(seL4_CapIRQControl, irq, dest.node, dest.index,
                                    (seL4_Uint8)dest.depth);
    } else {
        STREAM_BEGIN(stream, "GetTrigger", dest.node, dest.index, dest.depth, irq, trigger);
        error = seL4_IRQControl_GetTrigger(seL4_CapIRQControl, irq, trigger, dest.node, dest.index,
                                           (seL4_Uint8)dest.depth);
    }
    stream_finish(stream, error);
    return error == seL4_NoError;
}

void arch_step(struct stream *stream)
{
    (void)stream;
}

#endif
