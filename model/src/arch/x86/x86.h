/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* What the x86 parts of the model share. */
#pragma once

#include "arch.h"

/* Levels of paging structures; 1 holds small frames. */
enum {
    X86_LEVEL_PT = 1,
    X86_LEVEL_PD = 2,
    X86_LEVEL_PDPT = 3,
    X86_LEVEL_PML4 = 4,
    X86_INDEX_BITS = seL4_PageTableIndexBits,
    X86_TABLE_ENTRIES = 1 << X86_INDEX_BITS,
};

/* paging */
seL4_Error x86_decode_frame(struct invocation *call);
seL4_Error x86_decode_table(struct invocation *call);
void x86_unmap_frame(const struct cap *cap);
void x86_unmap_table(const struct cap *cap);

/* ASIDs */
seL4_Error x86_decode_asid_control(struct invocation *call);
seL4_Error x86_decode_asid_pool(struct invocation *call);
struct paging *x86_asid_find(unsigned asid);
void x86_asid_delete(unsigned asid, const struct paging *vspace);
void x86_asid_pool_delete(unsigned base, const struct asid_pool *pool);

/* IO ports */
seL4_Error x86_decode_io_port_control(struct invocation *call);
seL4_Error x86_decode_io_port(struct invocation *call);
void x86_io_ports_set(unsigned first, unsigned last, bool used);
