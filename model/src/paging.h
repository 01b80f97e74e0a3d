/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Paging structures and address space identifiers: what all architectures do alike. */
#pragma once

#include "invocation.h"

/* The address space that the boot image runs in. */
enum { MODEL_BOOT_ASID = 1 };

/* Where a walk ended: the entry for the address, in a structure of this level. */
struct paging_place {
    page_entry *entry;
    unsigned level;
};

/* log2 of the range that one entry of a structure of this level covers. */
static inline unsigned paging_entry_bits(unsigned level)
{
    return seL4_PageBits + MODEL_TABLE_INDEX_BITS * (level - 1u);
}

/* The level whose entries cover as much as a frame of this size. */
static inline unsigned paging_frame_level(unsigned size_bits)
{
    return (size_bits - seL4_PageBits) / MODEL_TABLE_INDEX_BITS + 1u;
}

/* Entries that a frame of this size takes. */
static inline unsigned paging_entry_count(unsigned size_bits)
{
    return 1u << (size_bits - paging_entry_bits(paging_frame_level(size_bits)));
}

static inline bool paging_is_table(page_entry entry)
{
    return (entry & PAGE_ENTRY_KIND) == PAGE_ENTRY_TABLE;
}

static inline bool paging_is_frame(page_entry entry)
{
    return (entry & PAGE_ENTRY_KIND) == PAGE_ENTRY_FRAME;
}

/* The rights that a frame is mapped with. */
static inline unsigned paging_frame_rights(page_entry entry)
{
    return ((entry & PAGE_ENTRY_READABLE) != 0 ? RIGHT_READ : 0u) |
           ((entry & PAGE_ENTRY_WRITABLE) != 0 ? RIGHT_WRITE : 0u);
}

/* The kernel address of the frame in an entry. */
static inline uint64_t paging_frame_address(page_entry entry)
{
    return entry & ~(page_entry)PAGE_ENTRY_BITS;
}

/* log2 of the size of the frame in an entry. The architecture that has groups has them of 16. */
static inline unsigned paging_frame_bits(const struct paging_place *place)
{
    return paging_entry_bits(place->level) + ((*place->entry & PAGE_ENTRY_GROUP) != 0 ? 4 : 0);
}

/* Walk down from a top-level structure, as far as there are structures and no further than `level`.
 * At most MODEL_TOP_LEVEL - 1 steps. */
struct paging_place model_paging_find(struct paging *vspace, seL4_Word vaddr, unsigned level);

/* Whether a capability is to a VSpace that has been assigned an ASID. */
bool model_is_vspace(const struct cap *cap);

/* The address space that extra capability 0, an assigned VSpace, stands for; checks that it still
 * does. */
seL4_Error model_find_vspace(struct invocation *call, struct paging **vspace);

/* Enter the invoked frame at message word 0 of the VSpace in extra capability 0, with the rights of
 * message word 1, in the entry that was found for it and as many after it as it needs. */
void model_map_frame(struct invocation *call, const struct paging *vspace, page_entry *entry);
/* Take out of its entry the frame of a capability, which stays as it is. */
void model_remove_frame(const struct cap *cap);
/* Enter the invoked structure in an entry that was found for it. */
void model_map_table(struct invocation *call, const struct paging_place *place);

/* The invocations that take a frame or structure out again. */
seL4_Error model_unmap_frame(struct invocation *call);
seL4_Error model_unmap_table(struct invocation *call);

/* Entries of a structure that has some. */
size_t model_paging_entry_count(const struct paging *table);

/* Visit the frames mapped below a structure of this level for addresses from `vaddr` on, in
 * ascending order. */
typedef void (*model_frame_visitor)(void *context, seL4_Word vaddr, unsigned size_bits,
                                    page_entry entry);
void model_paging_visit(const struct paging *top, unsigned top_level, seL4_Word vaddr,
                        model_frame_visitor visitor, void *context);

/* Undo what the deletion of a paging or ASID capability ends; frees the host object if final. */
void model_paging_finalise(const struct cap *cap, bool is_final);

/* asid.c */
struct paging *model_asid_find(unsigned asid);
void model_asid_delete(unsigned asid, const struct paging *vspace);
void model_asid_pool_delete(unsigned base, const struct asid_pool *pool);
seL4_Error model_decode_asid_control(struct invocation *call);
seL4_Error model_decode_asid_pool(struct invocation *call);
