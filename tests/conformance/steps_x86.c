/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// x86: mapping calls, and devices as far as none is touched.
#include "stream_arch.h"

#ifdef CONFIG_ARCH_X86

static const struct object_type types[] = {
    {KIND_FRAME, seL4_X86_4K, 3, seL4_PageBits},
    {KIND_FRAME, seL4_X86_LargePageObject, 1, seL4_LargePageBits},
    {KIND_PT, seL4_X86_PageTableObject, 2, 0},
#ifdef CONFIG_ARCH_X86_64
    {KIND_FRAME, seL4_X64_HugePageObject, 1, seL4_HugePageBits},
    {KIND_PD, seL4_X86_PageDirectoryObject, 2, 0},
    {KIND_PDPT, seL4_X86_PDPTObject, 2, 0},
    {KIND_VSPACE, seL4_X64_PML4Object, 2, 0},
#else
    {KIND_VSPACE, seL4_X86_PageDirectoryObject, 2, 0},
#endif
    {0},
};

#ifdef CONFIG_ARCH_X86_64
const struct stream_arch stream_arch = {
    .types = types,
    .vspace = KIND_VSPACE,
    .levels = 3,
    .region = (seL4_Word)1 << 45,
    .strides = {{39, 2, 100}, {30, 512, 10}, {21, 3, 100}, {12, 4, 50}},
    .edges = {0x800000000000, 0xffffff8000000000, ~(seL4_Word)0, ~(seL4_Word)0xfff, seL4_UserTop,
              seL4_UserTop - 0x1000, 0x7fffffe00000, 0x7fffc0000000},
};
#else
const struct stream_arch stream_arch = {
    .types = types,
    .vspace = KIND_VSPACE,
    .levels = 1,
    .region = 0x80000000,
    .strides = {{26, 2, 100}, {24, 4, 10}, {22, 3, 100}, {12, 4, 50}},
    .edges = {0xf0000000, 0xffc00000, 0xffffffff, 0xfffff000, seL4_UserTop, seL4_UserTop - 0x1000,
              seL4_UserTop - 0x400000, seL4_UserTop + 0x400000},
};
#endif

enum kind arch_table_kind(unsigned level)
{
    static const enum kind kinds[] = {KIND_PT, KIND_PD, KIND_PDPT};
    return kinds[level];
}

seL4_Error arch_map_frame(seL4_CPtr frame, seL4_CPtr vspace, seL4_Word vaddr,
                          seL4_CapRights_t rights, seL4_Word attributes)
{
    return seL4_X86_Page_Map(frame, vspace, vaddr, rights, (seL4_X86_VMAttributes)attributes);
}

seL4_Error arch_unmap_frame(seL4_CPtr frame)
{
    return seL4_X86_Page_Unmap(frame);
}

seL4_Error arch_map_table(unsigned level, seL4_CPtr table, seL4_CPtr vspace, seL4_Word vaddr,
                          seL4_Word attributes)
{
    const seL4_X86_VMAttributes flags = (seL4_X86_VMAttributes)attributes;
    switch (level) {
#ifdef CONFIG_ARCH_X86_64
    case 1:
        return seL4_X86_PageDirectory_Map(table, vspace, vaddr, flags);
    case 2:
        return seL4_X86_PDPT_Map(table, vspace, vaddr, flags);
#endif
    default:
        return seL4_X86_PageTable_Map(table, vspace, vaddr, flags);
    }
}

seL4_Error arch_unmap_table(unsigned level, seL4_CPtr table)
{
    switch (level) {
#ifdef CONFIG_ARCH_X86_64
    case 1:
        return seL4_X86_PageDirectory_Unmap(table);
    case 2:
        return seL4_X86_PDPT_Unmap(table);
#endif
    default:
        return seL4_X86_PageTable_Unmap(table);
    }
}

seL4_Error arch_frame_address(seL4_CPtr frame, seL4_Word *paddr)
{
    const seL4_X86_Page_GetAddress_t result = seL4_X86_Page_GetAddress(frame);
    *paddr = result.paddr;
    return (seL4_Error)result.error;
}

seL4_Error arch_make_pool(seL4_CPtr control, seL4_CPtr untyped, seL4_CPtr root, seL4_Word index,
                          seL4_Word depth)
{
    return seL4_X86_ASIDControl_MakePool(control, untyped, root, index, (seL4_Uint8)depth);
}

seL4_Error arch_assign(seL4_CPtr pool, seL4_CPtr vspace)
{
    return seL4_X86_ASIDPool_Assign(pool, vspace);
}

seL4_Word arch_attributes(struct rng *rng)
{
    return rng_percent(rng, 80) ? (seL4_Word)seL4_X86_Default_VMAttributes : rng_below(rng, 8);
}

// Message-signalled interrupts are only written down by the kernel; nothing is at these IOAPIC pins.
bool arch_issue_irq(struct stream *stream, struct place dest)
{
    struct rng *const rng = &stream->rng;
    const seL4_Word a = rng_below(rng, 260), b = rng_below(rng, 34), c = rng_below(rng, 9);
    const seL4_Word vector = rng_percent(rng, 80) ? 30 + rng_below(rng, 8) : rng_below(rng, 130);
    seL4_Error error = seL4_NoError;
    switch (rng_below(rng, 5)) {
    case 0:
        STREAM_BEGIN(stream, "IRQControl_Get", dest.node, dest.index, dest.depth, vector);
        error = seL4_IRQControl_Get(seL4_CapIRQControl, vector, dest.node, dest.index,
                                    (seL4_Uint8)dest.depth);
        break;
    case 1: {
        const seL4_Word ioapic = c == 8, pin = 20 + a % 6, level = b % 3, polarity = c % 3;
        STREAM_BEGIN(stream, "GetIOAPIC", dest.node, dest.index, dest.depth, ioapic, pin, level,
                     polarity, vector);
        error =
            seL4_IRQControl_GetIOAPIC(seL4_CapIRQControl, dest.node, dest.index,
                                      (seL4_Uint8)dest.depth, ioapic, pin, level, polarity, vector);
        break;
    }
    default:
        STREAM_BEGIN(stream, "GetMSI", dest.node, dest.index, dest.depth, a, b, c, vector);
        error = seL4_IRQControl_GetMSI(seL4_CapIRQControl, dest.node, dest.index,
                                       (seL4_Uint8)dest.depth, a, b, c, 0, vector);
        break;
    }
    stream_finish(stream, error);
    return error == seL4_NoError;
}

// Capabilities to ports of no device.
void arch_step(struct stream *stream)
{
    struct rng *const rng = &stream->rng;
    const seL4_Word first = 0x5000 + rng_below(rng, 64);
    const seL4_Word last =
        rng_percent(rng, 90) ? first + rng_below(rng, 32) : rng_below(rng, 1u << 16);
    const struct place dest = stream_place(stream, stream_pick(stream, KIND_NULL));
    STREAM_BEGIN(stream, "IOPort_Issue", first, last, dest.node, dest.index, dest.depth);
    stream_finish(stream,
                  seL4_X86_IOPortControl_Issue(seL4_CapIOPortControl, first, last, dest.node,
                                               dest.index, (seL4_Uint8)dest.depth));
}

#endif
