/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* What an architecture brings to the generic kernel. */
#pragma once

#include "invocation.h"

/* Object types from seL4_NonArchObjectTypeCount on. */
unsigned arch_object_size_bits(seL4_Word type);
bool arch_is_frame_type(seL4_Word type);
struct cap arch_create_object(seL4_Word type, uint64_t address, bool device);
/* The type that Retype made a frame, paging or VCPU capability from. */
seL4_Word arch_object_type(const struct cap *cap);

/* Kinds of capability that belong to the architecture: frames, paging structures, ASIDs, ports. */
static inline bool cap_is_arch(const struct cap *cap)
{
    const uint32_t kinds = 1u << CAP_FRAME | 1u << CAP_PAGE_TABLE | 1u << CAP_VSPACE |
                           1u << CAP_ASID_CONTROL | 1u << CAP_ASID_POOL |
                           1u << CAP_IO_PORT_CONTROL | 1u << CAP_IO_PORT | 1u << CAP_SGI_SIGNAL;
    return (kinds >> cap->kind & 1u) != 0;
}

seL4_Error arch_decode(struct invocation *call);
/* Undo what only the last capability's removal ends. */
void arch_post_delete(const struct cap *cap);

seL4_Error arch_decode_irq_control(struct invocation *call);
/* Whether IRQControl_Get may hand out this interrupt; fails as the kernel does if not. */
seL4_Error arch_check_irq(struct invocation *call, seL4_Word irq);

/* The number that seL4_DebugCapIdentify answers. */
seL4_Uint32 arch_cap_number(const struct cap *cap);

/* Boot. */
struct boot;
/* Fill the fixed slots that only this architecture has. */
void arch_boot_caps(struct boot *boot);
/* What bootinfo says about levels of IOMMU page tables. */
seL4_Word arch_boot_io_levels(void);
