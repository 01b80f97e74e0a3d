/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Mapping frames and paging structures (src/arch/x86/kernel/vspace.c and its 64-bit part). */
#include "arch/x86/x86.h"

#include "boot.h"
#include "memory.h"
#include "stop.h"

#include <stdlib.h>

/* log2 of the range that one entry of a structure of this level covers. */
static unsigned entry_bits(unsigned level)
{
    return seL4_PageBits + X86_INDEX_BITS * (level - 1);
}

static unsigned level_of_frame(unsigned size_bits)
{
    return (size_bits - seL4_PageBits) / X86_INDEX_BITS + X86_LEVEL_PT;
}

static struct paging *entry_table(page_entry entry)
{
    return (struct paging *)(uintptr_t)(entry & ~(page_entry)PAGE_ENTRY_KIND);
}

static page_entry table_entry(const struct paging *table)
{
    return (page_entry)(uintptr_t)table | PAGE_ENTRY_TABLE;
}

static page_entry frame_entry(uint64_t address)
{
    return address | PAGE_ENTRY_FRAME;
}

static page_entry *entry_of(struct paging *table, seL4_Word vaddr)
{
    if (table->entries == NULL) {
        table->entries = calloc(X86_TABLE_ENTRIES, sizeof(*table->entries));
        if (table->entries == NULL) {
            model_stop("the host has no memory for a paging structure");
        }
    }
    return &table->entries[(vaddr >> entry_bits(table->header.level)) & (X86_TABLE_ENTRIES - 1)];
}

/* Walk down to the structure of a level. The entry for the address in it; null: a structure on the
 * way is missing, and *missing_bits is log2 of the range it would cover. At most 3 steps. */
static page_entry *walk(struct paging *vspace, seL4_Word vaddr, unsigned level,
                        unsigned *missing_bits)
{
    struct paging *table = vspace;
    while (table->header.level > level) {
        const page_entry entry = *entry_of(table, vaddr);
        if ((entry & PAGE_ENTRY_KIND) != PAGE_ENTRY_TABLE) {
            *missing_bits = entry_bits(table->header.level);
            return NULL;
        }
        table = entry_table(entry);
    }
    return entry_of(table, vaddr);
}

/* Take everything that is mapped below a structure out of the host process. Levels are at most
 * 3, so the stack of positions is short. */
static void unmap_host_below(const struct paging *top, seL4_Word vaddr)
{
    const struct paging *tables[X86_LEVEL_PML4 + 1] = {[X86_LEVEL_PT] = NULL};
    unsigned positions[X86_LEVEL_PML4 + 1] = {0};
    seL4_Word bases[X86_LEVEL_PML4 + 1] = {0};
    unsigned level = top->header.level;
    const unsigned top_level = level;

    tables[level] = top;
    bases[level] = vaddr;
    while (level <= top_level) {
        const unsigned index = positions[level]++;
        if (index == X86_TABLE_ENTRIES || tables[level]->entries == NULL) {
            level++;
            continue;
        }
        const page_entry entry = tables[level]->entries[index];
        const seL4_Word at = bases[level] + ((seL4_Word)index << entry_bits(level));
        if ((entry & PAGE_ENTRY_KIND) == PAGE_ENTRY_FRAME) {
            model_memory_unmap(at, entry_bits(level));
        } else if ((entry & PAGE_ENTRY_KIND) == PAGE_ENTRY_TABLE) {
            level--;
            tables[level] = entry_table(entry);
            positions[level] = 0;
            bases[level] = at;
        }
    }
}

void x86_unmap_frame(const struct cap *cap)
{
    unsigned missing_bits;
    struct paging *const vspace = x86_asid_find(cap->asid);
    page_entry *const entry =
        vspace == NULL ? NULL
                       : walk(vspace, cap->data, level_of_frame(cap->size_bits), &missing_bits);
    /* Somebody else may be mapped there by now, or the tables be gone. */
    if (entry == NULL || *entry != frame_entry(cap->u.address)) {
        return;
    }
    *entry = PAGE_ENTRY_NONE;
    if (vspace == model.host_vspace) {
        model_memory_unmap(cap->data, cap->size_bits);
    }
}

void x86_unmap_table(const struct cap *cap)
{
    unsigned missing_bits;
    const struct paging *const table = cap_paging(cap);
    struct paging *const vspace = x86_asid_find(cap->asid);
    page_entry *const entry =
        vspace == NULL ? NULL : walk(vspace, cap->data, table->header.level + 1u, &missing_bits);
    if (entry == NULL || *entry != table_entry(table)) {
        return;
    }
    *entry = PAGE_ENTRY_NONE;
    if (vspace == model.host_vspace) {
        unmap_host_below(table, cap->data);
    }
}

/* The address space that a mapping goes to; checks that its capability is still good. */
static seL4_Error find_vspace(struct invocation *call, struct paging **vspace)
{
    const struct cap *const cap = &call->extra[0]->cap;
    *vspace = x86_asid_find(cap->asid);
    if (*vspace == NULL) {
        return model_fail_root(call, false);
    }
    return *vspace == cap_paging(cap) ? seL4_NoError : model_fail_capability(call, 1);
}

static bool is_assigned_vspace(const struct cap *cap)
{
    return cap->kind == CAP_VSPACE && (cap->flags & CAP_MAPPED) != 0;
}

/* A capability that is mapped may be mapped again, but only where it is. */
static seL4_Error check_frame_place(struct invocation *call, const struct cap *frame)
{
    const seL4_Word vaddr = call->mr[0];
    const struct cap *const vspace = &call->extra[0]->cap;
    if (!is_assigned_vspace(vspace)) {
        return model_fail_capability(call, 1);
    }
    if ((frame->flags & CAP_MAPPED) != 0) {
        if (frame->asid != vspace->asid) {
            return model_fail_capability(call, 1);
        }
        return frame->data != vaddr ? model_fail_argument(call, 0) : seL4_NoError;
    }
    const seL4_Word top = vaddr + ((seL4_Word)1 << frame->size_bits);
    return vaddr > X86_USER_TOP || top > X86_USER_TOP ? model_fail_argument(call, 0) : seL4_NoError;
}

static seL4_Error map_frame(struct invocation *call)
{
    unsigned missing_bits = 0;
    struct paging *vspace = NULL;
    struct cap *const frame = &call->slot->cap;
    const seL4_Word vaddr = call->mr[0];
    const seL4_CapRights_t mask = {{call->mr[1]}};
    if (call->length < 3 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    seL4_Error error = check_frame_place(call, frame);
    if (error == seL4_NoError) {
        error = find_vspace(call, &vspace);
    }
    if (error != seL4_NoError) {
        return error;
    }
    if ((vaddr & low_bits(frame->size_bits)) != 0) {
        return seL4_AlignmentError;
    }
    page_entry *const entry = walk(vspace, vaddr, level_of_frame(frame->size_bits), &missing_bits);
    if (entry == NULL) {
        return model_fail_missing(call, false, missing_bits);
    }
    if ((*entry & PAGE_ENTRY_KIND) == PAGE_ENTRY_TABLE) {
        return seL4_DeleteFirst;
    }
    if (vspace == model.host_vspace) {
        const unsigned rights = model_mask_rights(mask, *frame).rights;
        if ((frame->flags & CAP_DEVICE) == 0 && (rights & RIGHT_WRITE) != 0) {
            model_memory_mark_dirty(cap_paddr(frame), frame->size_bits);
        }
        model_memory_map(vaddr, cap_paddr(frame), frame->size_bits, rights,
                         *entry != PAGE_ENTRY_NONE, model_call_name(call));
    }
    *entry = frame_entry(frame->u.address);
    frame->data = vaddr;
    frame->asid = call->extra[0]->cap.asid;
    frame->flags |= CAP_MAPPED;
    return seL4_NoError;
}

seL4_Error x86_decode_frame(struct invocation *call)
{
    struct cap *const frame = &call->slot->cap;
    switch (call->kind) {
    case SEL4MODEL_X86_Page_Map:
        return map_frame(call);
    case SEL4MODEL_X86_Page_Unmap:
        if ((frame->flags & CAP_MAPPED) != 0) {
            x86_unmap_frame(frame);
            frame->data = 0;
            frame->asid = 0;
            frame->flags &= (uint8_t)~CAP_MAPPED;
        }
        return seL4_NoError;
    case SEL4MODEL_X86_Page_GetAddress:
        call->mr[0] = cap_paddr(frame);
        return seL4_NoError;
    default:
        return seL4_IllegalOperation;
    }
}

/* Which invocations a structure of this level answers to. */
static bool is_invocation_of(enum sel4model_invocation kind, unsigned level, bool *is_map)
{
    static const struct {
        int map;
        int unmap;
    } kinds[] = {
        [X86_LEVEL_PT] = {SEL4MODEL_X86_PageTable_Map, SEL4MODEL_X86_PageTable_Unmap},
        [X86_LEVEL_PD] = {SEL4MODEL_X86_PageDirectory_Map, SEL4MODEL_X86_PageDirectory_Unmap},
        [X86_LEVEL_PDPT] = {SEL4MODEL_X86_PDPT_Map, SEL4MODEL_X86_PDPT_Unmap},
    };
    *is_map = (int)kind == kinds[level].map;
    return *is_map || (int)kind == kinds[level].unmap;
}

static seL4_Error unmap_table(struct invocation *call)
{
    struct cap *const cap = &call->slot->cap;
    if (!model_is_final(call->slot)) {
        return seL4_RevokeFirst;
    }
    if ((cap->flags & CAP_MAPPED) != 0) {
        x86_unmap_table(cap);
        free(cap_paging(cap)->entries);
        cap_paging(cap)->entries = NULL;
        cap->flags &= (uint8_t)~CAP_MAPPED;
    }
    return seL4_NoError;
}

seL4_Error x86_decode_table(struct invocation *call)
{
    bool is_map;
    unsigned missing_bits = 0;
    struct paging *vspace = NULL;
    struct cap *const cap = &call->slot->cap;
    const unsigned level = cap->u.object->level;
    if (!is_invocation_of(call->kind, level, &is_map)) {
        return seL4_IllegalOperation;
    }
    if (!is_map) {
        return unmap_table(call);
    }
    if (call->length < 2 || call->extra[0] == NULL) {
        return seL4_TruncatedMessage;
    }
    if ((cap->flags & CAP_MAPPED) != 0) {
        return model_fail_capability(call, 0);
    }
    const seL4_Word vaddr = call->mr[0] & ~(seL4_Word)low_bits(entry_bits(level + 1));
    if (!is_assigned_vspace(&call->extra[0]->cap)) {
        return model_fail_capability(call, 1);
    }
    if (vaddr > X86_USER_TOP) {
        return model_fail_argument(call, 0);
    }
    const seL4_Error error = find_vspace(call, &vspace);
    if (error != seL4_NoError) {
        return error;
    }
    page_entry *const entry = walk(vspace, vaddr, level + 1, &missing_bits);
    if (entry == NULL) {
        return model_fail_missing(call, false, missing_bits);
    }
    if (*entry != PAGE_ENTRY_NONE) {
        return seL4_DeleteFirst;
    }
    *entry = table_entry(cap_paging(cap));
    cap->data = vaddr;
    cap->asid = call->extra[0]->cap.asid;
    cap->flags |= CAP_MAPPED;
    return seL4_NoError;
}

unsigned arch_boot_image_bits(size_t tables, size_t pages)
{
    /* One structure of each level above the last, and last-level ones for the rest; aligned so
     * that the last-level ones are all in one directory. */
    const size_t upper = X86_LEVEL_PML4 - X86_LEVEL_PD;
    unsigned bits = MODEL_TABLE_COVER_BITS;
    if (tables <= upper || (tables - upper) * X86_TABLE_ENTRIES < pages ||
        tables - upper > X86_TABLE_ENTRIES) {
        return 0;
    }
    while ((((size_t)1 << bits) >> MODEL_TABLE_COVER_BITS) < tables - upper) {
        bits++;
    }
    return bits;
}

/* One structure of the image, as mapped in the initial VSpace. */
static void boot_table(struct boot *boot, seL4_Word slot, unsigned level, seL4_Word vaddr)
{
    unsigned missing_bits;
    const uint64_t address = model_boot_place(boot, (uint64_t)1 << seL4_PageTableBits);
    struct paging *const table = model_paging_new(CAP_PAGE_TABLE, address, level);
    struct cap cap = {.kind = CAP_PAGE_TABLE,
                      .size_bits = seL4_PageTableBits,
                      .asid = X86_BOOT_ASID,
                      .flags = CAP_MAPPED,
                      .data = vaddr & ~(seL4_Word)low_bits(entry_bits(level + 1))};
    cap.u.object = &table->header;
    *walk(model.host_vspace, vaddr, level + 1, &missing_bits) = table_entry(table);
    model_insert_root(&boot->slots[slot], &cap);
}

void arch_boot_vspace(struct boot *boot)
{
    struct cap cap = {.kind = CAP_VSPACE,
                      .size_bits = seL4_VSpaceBits,
                      .asid = X86_BOOT_ASID,
                      .flags = CAP_MAPPED};
    const uint64_t address = model_boot_place(boot, (uint64_t)1 << seL4_VSpaceBits);
    model.host_vspace = model_paging_new(CAP_VSPACE, address, X86_LEVEL_PML4);
    cap.u.object = &model.host_vspace->header;
    model_insert_root(&boot->slots[seL4_CapInitThreadVSpace], &cap);

    seL4_Word slot = boot->record->user_image_paging.start;
    boot_table(boot, slot++, X86_LEVEL_PDPT, boot->image_vaddr);
    boot_table(boot, slot++, X86_LEVEL_PD, boot->image_vaddr);
    for (seL4_Word vaddr = boot->image_vaddr; slot < boot->record->user_image_paging.end; slot++) {
        boot_table(boot, slot, X86_LEVEL_PT, vaddr);
        vaddr += (seL4_Word)1 << MODEL_TABLE_COVER_BITS;
    }
}

struct cap arch_boot_frame(seL4_Word vaddr, uint64_t address)
{
    unsigned missing_bits;
    struct cap cap = {.kind = CAP_FRAME,
                      .size_bits = seL4_PageBits,
                      .rights = RIGHT_READ | RIGHT_WRITE,
                      .asid = X86_BOOT_ASID,
                      .flags = CAP_MAPPED,
                      .data = vaddr};
    cap.u.address = address;
    *walk(model.host_vspace, vaddr, X86_LEVEL_PT, &missing_bits) = frame_entry(address);
    model_memory_map(vaddr, cap_paddr(&cap), seL4_PageBits, cap.rights, true, "sel4model_boot");
    return cap;
}

void arch_shutdown(void)
{
    if (model.host_vspace != NULL) {
        unmap_host_below(model.host_vspace, 0);
    }
}
