/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Arm: mapping calls and interrupts.
#include "stream_arch.h"

#ifdef CONFIG_ARCH_ARM

static const struct object_type types[] = {
    {KIND_FRAME, seL4_ARM_SmallPageObject, 3, seL4_PageBits},
    {KIND_FRAME, seL4_ARM_LargePageObject, 1, seL4_LargePageBits},
#ifdef CONFIG_ARCH_AARCH64
    {KIND_FRAME, seL4_ARM_HugePageObject, 1, seL4_HugePageBits},
    {KIND_PT, seL4_ARM_PageTableObject, 6, 0},
    {KIND_VSPACE, seL4_ARM_VSpaceObject, 2, 0},
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    {KIND_VCPU, seL4_ARM_VCPUObject, 3, 0},
#endif
#else
    {KIND_FRAME, seL4_ARM_SectionObject, 1, seL4_SectionBits},
    {KIND_FRAME, seL4_ARM_SuperSectionObject, 1, seL4_SuperSectionBits},
    {KIND_PT, seL4_ARM_PageTableObject, 3, 0},
    {KIND_VSPACE, seL4_ARM_PageDirectoryObject, 2, 0},
#endif
    {0},
};

#ifdef CONFIG_ARCH_AARCH64
const struct stream_arch stream_arch = {
    .types = types,
    .vspace = KIND_VSPACE,
#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT) && defined(CONFIG_ARM_PA_SIZE_BITS_40)
    .levels = 2,
    .region = (seL4_Word)1 << 39,
    .strides = {{38, 2, 10}, {30, 2, 100}, {21, 3, 100}, {12, 4, 50}},
#else
    .levels = 3,
    .region = (seL4_UserTop + 1) >> 2, // free on hosts, too
    .strides = {{39, 2, 100}, {30, 512, 10}, {21, 3, 100}, {12, 4, 50}},
#endif
    .edges = {seL4_UserTop + 1, 0xffffff8000000000, ~(seL4_Word)0, ~(seL4_Word)0xfff, seL4_UserTop,
              seL4_UserTop - 0x1ffe, seL4_UserTop + 1 - 0x200000, seL4_UserTop + 1 - 0x40000000},
};
#else
// Large pages (2^16) and supersections (2^24) are sixteen entries each.
const struct stream_arch stream_arch = {
    .types = types,
    .vspace = KIND_VSPACE,
    .levels = 1,
    .region = 0x80000000,
    .strides = {{24, 2, 100}, {20, 3, 100}, {16, 2, 40}, {12, 4, 50}},
    .edges = {0xf0000000, 0xff000000, 0xffffffff, 0xfffff000, seL4_UserTop, seL4_UserTop - 0x2000,
              seL4_UserTop - 0x1000000, seL4_UserTop + 0x100000},
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
    return seL4_ARM_Page_Map(frame, vspace, vaddr, rights, (seL4_ARM_VMAttributes)attributes);
}

seL4_Error arch_unmap_frame(seL4_CPtr frame)
{
    return seL4_ARM_Page_Unmap(frame);
}

seL4_Error arch_map_table(unsigned level, seL4_CPtr table, seL4_CPtr vspace, seL4_Word vaddr,
                          seL4_Word attributes)
{
    (void)level;
    return seL4_ARM_PageTable_Map(table, vspace, vaddr, (seL4_ARM_VMAttributes)attributes);
}

seL4_Error arch_unmap_table(unsigned level, seL4_CPtr table)
{
    (void)level;
    return seL4_ARM_PageTable_Unmap(table);
}

seL4_Error arch_frame_address(seL4_CPtr frame, seL4_Word *paddr)
{
    const seL4_ARM_Page_GetAddress_t result = seL4_ARM_Page_GetAddress(frame);
    *paddr = result.paddr;
    return (seL4_Error)result.error;
}

seL4_Error arch_make_pool(seL4_CPtr control, seL4_CPtr untyped, seL4_CPtr root, seL4_Word index,
                          seL4_Word depth)
{
    return seL4_ARM_ASIDControl_MakePool(control, untyped, root, index, (seL4_Uint8)depth);
}

seL4_Error arch_assign(seL4_CPtr pool, seL4_CPtr vspace)
{
    return seL4_ARM_ASIDPool_Assign(pool, vspace);
}

// Never executable: no instruction cache is cleaned.
seL4_Word arch_attributes(struct rng *rng)
{
    const seL4_Word some = rng_percent(rng, 80) ? 3 : rng_below(rng, 4);
    return some | (seL4_Word)seL4_ARM_ExecuteNever;
}

// Interrupts from 32 on are lines of the machine; nothing drives these. Below are the cores' own: the
// kernel's timer is one of them.
bool arch_issue_irq(struct stream *stream, struct place dest)
{
    struct rng *const rng = &stream->rng;
    const seL4_Word irq = rng_percent(rng, 80)   ? 120 + rng_below(rng, 8)
                          : rng_percent(rng, 50) ? rng_below(rng, 1024)
                                                 : 16 + rng_below(rng, 16);
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

// Capabilities that send an interrupt to a core: those that are refused.
void arch_step(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const struct place dest = stream_place(stream, stream_pick(stream, KIND_NULL));
    const bool is_irq_wrong = rng_percent(rng, 50);
    const seL4_Word irq = is_irq_wrong ? 16 + rng_below(rng, 100) : rng_below(rng, 16);
    const seL4_Word target = is_irq_wrong ? rng_below(rng, 4) : 8 + rng_below(rng, 100);
    STREAM_BEGIN(stream, "IssueSGISignal", dest.node, dest.index, dest.depth, irq, target);
    stream_finish(stream, seL4_IRQControl_IssueSGISignal(seL4_CapIRQControl, irq, target, dest.node,
                                                         dest.index, (seL4_Uint8)dest.depth));
}

#endif
