/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "mapping.h"

#include <sel4/sel4_arch/mapping.h>

#include "demo.h"
#include "report.h"

#define PAGING_LEVELS 3 /* paging structures that one mapping can lack */

/* Make and map the paging structure that the kernel found missing. */
static bool map_missing(struct demo *demo, seL4_CPtr vspace, uintptr_t vaddr, bool keep)
{
    struct object table = {.is_kept = keep};
    int error = -1;
    int made = -1;
    const seL4_X86_VMAttributes attr = seL4_X86_Default_VMAttributes;
    const seL4_Word level = seL4_MappingFailedLookupLevel();
    switch (level) {
    case SEL4_MAPPING_LOOKUP_NO_PT:
        made = vka_alloc_page_table(&demo->vka, &table.vka);
        error = made ? 0 : (int)seL4_X86_PageTable_Map(table.vka.cptr, vspace, vaddr, attr);
        break;
    case SEL4_MAPPING_LOOKUP_NO_PD:
        made = vka_alloc_page_directory(&demo->vka, &table.vka);
        error = made ? 0 : (int)seL4_X86_PageDirectory_Map(table.vka.cptr, vspace, vaddr, attr);
        break;
    case SEL4_MAPPING_LOOKUP_NO_PDPT:
        made = vka_alloc_pdpt(&demo->vka, &table.vka);
        error = made ? 0 : (int)seL4_X86_PDPT_Map(table.vka.cptr, vspace, vaddr, attr);
        break;
    default:
        return report("the kernel misses a table of an unknown level: %lu", (unsigned long)level);
    }
    if (!objects_add(demo, made, "a paging structure", table)) {
        return false;
    }
    return error == seL4_NoError || report_kernel("mapping a paging structure", error);
}

bool map_frame(struct demo *demo, seL4_CPtr vspace, seL4_CPtr frame, uintptr_t vaddr, bool keep)
{
    int error = seL4_NoError;
    for (unsigned i = 0; i <= PAGING_LEVELS; i++) {
        error = (int)seL4_X86_Page_Map(frame, vspace, vaddr, seL4_AllRights,
                                       seL4_X86_Default_VMAttributes);
        if (error == seL4_NoError) {
            return true;
        }
        if (error != seL4_FailedLookup || !map_missing(demo, vspace, vaddr, keep)) {
            break;
        }
    }
    return report_kernel("mapping a frame", error);
}

uint64_t *map_into_window(struct demo *demo, seL4_CPtr frame, unsigned size_bits)
{
    const uintptr_t bytes = (uintptr_t)1 << size_bits;
    const uintptr_t vaddr = (demo->window_next + bytes - 1) & ~(bytes - 1);
    if (vaddr + bytes > demo->window.start + demo->window.bytes) {
        (void)report("no room left to look into frames");
        return NULL;
    }
    if (!map_frame(demo, seL4_CapInitThreadVSpace, frame, vaddr, true)) {
        return NULL;
    }
    demo->window_next = vaddr + bytes;
    return (uint64_t *)vaddr;
}
