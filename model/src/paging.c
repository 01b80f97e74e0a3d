/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* What is mapped where, and the part of it that shows in the host process. */
#include "paging.h"

#include "arch.h"
#include "boot.h"
#include "memory.h"
#include "stop.h"

#include <stdlib.h>

static struct paging *entry_table(page_entry entry)
{
    return (struct paging *)(uintptr_t)(entry & ~(page_entry)PAGE_ENTRY_KIND);
}

static page_entry table_entry(const struct paging *table)
{
    return (page_entry)(uintptr_t)table | PAGE_ENTRY_TABLE;
}

static bool entry_is_frame_at(page_entry entry, uint64_t address)
{
    return paging_is_frame(entry) && paging_frame_address(entry) == address;
}

static unsigned index_bits(unsigned level)
{
    return level == MODEL_TOP_LEVEL ? MODEL_TOP_INDEX_BITS : MODEL_TABLE_INDEX_BITS;
}

static page_entry *entry_of(struct paging *table, unsigned level, seL4_Word vaddr)
{
    const size_t count = (size_t)1 << index_bits(level);
    if (table->entries == NULL) {
        table->entries = calloc(count, sizeof(*table->entries));
        if (table->entries == NULL) {
            model_stop("the host has no memory for a paging structure");
        }
    }
    return &table->entries[(vaddr >> paging_entry_bits(level)) & (count - 1)];
}

struct paging_place model_paging_find(struct paging *vspace, seL4_Word vaddr, unsigned level)
{
    struct paging_place place = {entry_of(vspace, MODEL_TOP_LEVEL, vaddr), MODEL_TOP_LEVEL};
    while (place.level > level && paging_is_table(*place.entry)) {
        place.level--;
        place.entry = entry_of(entry_table(*place.entry), place.level, vaddr);
    }
    return place;
}

size_t model_paging_entry_count(const struct paging *table)
{
    return (size_t)1 << index_bits(table->header.level);
}

/* There are few levels, so the stack of positions is short. */
void model_paging_visit(const struct paging *top, unsigned top_level, seL4_Word vaddr,
                        model_frame_visitor visitor, void *context)
{
    const struct paging *tables[MODEL_TOP_LEVEL + 1] = {NULL};
    size_t positions[MODEL_TOP_LEVEL + 1] = {0};
    seL4_Word bases[MODEL_TOP_LEVEL + 1] = {0};
    unsigned level = top_level;

    tables[level] = top;
    bases[level] = vaddr;
    while (level <= top_level) {
        const size_t index = positions[level]++;
        if (index == (size_t)1 << index_bits(level) || tables[level]->entries == NULL) {
            level++;
            continue;
        }
        const page_entry entry = tables[level]->entries[index];
        const seL4_Word at = bases[level] + ((seL4_Word)index << paging_entry_bits(level));
        if (paging_is_frame(entry)) {
            visitor(context, at, paging_entry_bits(level), entry);
        } else if (paging_is_table(entry)) {
            level--;
            tables[level] = entry_table(entry);
            positions[level] = 0;
            bases[level] = at;
        }
    }
}

static void unmap_host_frame(void *unused, seL4_Word vaddr, unsigned size_bits, page_entry entry)
{
    (void)unused;
    (void)entry;
    model_memory_unmap(vaddr, size_bits);
}

/* Take everything that is mapped below a structure out of the host process. */
static void unmap_host_below(const struct paging *top, unsigned top_level, seL4_Word vaddr)
{
    model_paging_visit(top, top_level, vaddr, unmap_host_frame, NULL);
}

/* All entries of a frame, from its first one on; they are in one structure. Each holds the address
 * of its part. */
static void fill_entries(page_entry *first, unsigned size_bits, page_entry value)
{
    const unsigned count = paging_entry_count(size_bits);
    const uint64_t part = value == PAGE_ENTRY_NONE ? 0 : ((uint64_t)1 << size_bits) / count;
    for (unsigned i = 0; i < count; i++) {
        first[i] = value + i * part;
    }
}

/* Somebody else may be mapped there by now, or the structures be gone. */
void model_remove_frame(const struct cap *cap)
{
    struct paging *const vspace = model_asid_find(cap->asid);
    const unsigned level = paging_frame_level(cap->size_bits);
    if (vspace == NULL) {
        return;
    }
    const struct paging_place place = model_paging_find(vspace, (seL4_Word)cap->data, level);
    if (place.level != level || !entry_is_frame_at(*place.entry, cap->u.address)) {
        return;
    }
    fill_entries(place.entry, cap->size_bits, PAGE_ENTRY_NONE);
    if (vspace == model.host_vspace) {
        model_memory_unmap((uintptr_t)cap->data, cap->size_bits);
    }
}

static void remove_table(const struct cap *cap)
{
    const struct paging *const table = cap_paging(cap);
    struct paging *const vspace = model_asid_find(cap->asid);
    const unsigned level = table->header.level;
    if (vspace == NULL) {
        return;
    }
    const struct paging_place place = model_paging_find(vspace, (seL4_Word)cap->data, level + 1);
    if (place.level != level + 1 || *place.entry != table_entry(table)) {
        return;
    }
    *place.entry = PAGE_ENTRY_NONE;
    if (vspace == model.host_vspace) {
        unmap_host_below(table, level, (seL4_Word)cap->data);
    }
}

bool model_is_vspace(const struct cap *cap)
{
    return cap->kind == MODEL_VSPACE_KIND && (cap->flags & CAP_MAPPED) != 0;
}

seL4_Error model_find_vspace(struct invocation *call, struct paging **vspace)
{
    const struct cap *const cap = &call->extra[0]->cap;
    *vspace = model_asid_find(cap->asid);
    if (*vspace == NULL) {
        return model_fail_root(call, false);
    }
    return *vspace == cap_paging(cap) ? seL4_NoError : model_fail_capability(call, 1);
}

void model_map_frame(struct invocation *call, const struct paging *vspace, page_entry *entry)
{
    struct cap *const frame = &call->slot->cap;
    const seL4_Word vaddr = call->mr[0];
    const seL4_CapRights_t mask = {{call->mr[1]}};
    const unsigned rights = model_mask_rights(mask, *frame).rights;
    const bool is_writable = (rights & RIGHT_WRITE) != 0;
    if (vspace == model.host_vspace) {
        if ((frame->flags & CAP_DEVICE) == 0 && is_writable) {
            model_memory_mark_dirty(cap_paddr(frame), frame->size_bits);
        }
        model_memory_map(vaddr, cap_paddr(frame), frame->size_bits, rights,
                         *entry != PAGE_ENTRY_NONE, model_call_name(call));
    }
    const bool is_group = paging_entry_count(frame->size_bits) > 1;
    fill_entries(entry, frame->size_bits,
                 frame->u.address | PAGE_ENTRY_FRAME | (is_writable ? PAGE_ENTRY_WRITABLE : 0u) |
                     ((rights & RIGHT_READ) != 0 ? PAGE_ENTRY_READABLE : 0u) |
                     (is_group ? PAGE_ENTRY_GROUP : 0u));
    frame->data = vaddr;
    frame->asid = call->extra[0]->cap.asid;
    frame->flags |= CAP_MAPPED;
}

void model_map_table(struct invocation *call, const struct paging_place *place)
{
    struct cap *const cap = &call->slot->cap;
    *place->entry = table_entry(cap_paging(cap));
    cap_paging(cap)->header.level = (uint8_t)(place->level - 1);
    cap->data = call->mr[0] & ~low_bits(paging_entry_bits(place->level));
    cap->asid = call->extra[0]->cap.asid;
    cap->flags |= CAP_MAPPED;
}

seL4_Error model_unmap_frame(struct invocation *call)
{
    struct cap *const frame = &call->slot->cap;
    if ((frame->flags & CAP_MAPPED) != 0) {
        model_remove_frame(frame);
        frame->data = 0;
        frame->asid = 0;
        frame->flags &= (uint8_t)~CAP_MAPPED;
    }
    return seL4_NoError;
}

seL4_Error model_unmap_table(struct invocation *call)
{
    struct cap *const cap = &call->slot->cap;
    if (!model_is_final(call->slot)) {
        return seL4_RevokeFirst;
    }
    if ((cap->flags & CAP_MAPPED) != 0) {
        remove_table(cap);
        free(cap_paging(cap)->entries);
        cap_paging(cap)->entries = NULL;
        cap->flags &= (uint8_t)~CAP_MAPPED;
    }
    return seL4_NoError;
}

/* A structure is mapped in another one, or it is the root of an address space. */
static void finalise_table(const struct cap *cap)
{
    if (model_asid_find(cap->asid) == cap_paging(cap)) {
        model_asid_delete(cap->asid, cap_paging(cap));
    } else if (cap->kind == CAP_PAGE_TABLE) {
        remove_table(cap);
    }
}

void model_paging_finalise(const struct cap *cap, bool is_final)
{
    const bool is_mapped = (cap->flags & CAP_MAPPED) != 0;
    if (cap->kind == CAP_FRAME && is_mapped) {
        model_remove_frame(cap);
    }
    if (!is_final || !cap_has_object(cap)) {
        return;
    }
    if (cap->kind == CAP_ASID_POOL) {
        model_asid_pool_delete((unsigned)cap->data, cap_asid_pool(cap));
    } else if (is_mapped) {
        finalise_table(cap);
    }
    model_object_free(cap->u.object);
}

/* One structure of each level above the last, and last-level ones for the rest; aligned so that
 * the last-level ones are all in one structure of the next level. */
unsigned model_boot_image_bits(size_t tables, size_t pages)
{
    const size_t upper = MODEL_TOP_LEVEL - 2;
    unsigned bits = MODEL_TABLE_COVER_BITS;
    if (tables <= upper || (tables - upper) << MODEL_TABLE_INDEX_BITS < pages ||
        tables - upper > (size_t)1 << index_bits(2)) {
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
    const uint64_t address = model_boot_place(boot, (uint64_t)1 << seL4_PageTableBits);
    struct paging *const table = model_paging_new(CAP_PAGE_TABLE, address, level);
    struct cap cap = {.kind = CAP_PAGE_TABLE,
                      .size_bits = seL4_PageTableBits,
                      .asid = MODEL_BOOT_ASID,
                      .flags = CAP_MAPPED,
                      .data = vaddr & ~low_bits(paging_entry_bits(level + 1))};
    cap.u.object = &table->header;
    *model_paging_find(model.host_vspace, vaddr, level + 1).entry = table_entry(table);
    model_insert_root(&boot->slots[slot], &cap);
}

void model_boot_vspace(struct boot *boot)
{
    struct cap cap = {.kind = MODEL_VSPACE_KIND,
                      .size_bits = seL4_VSpaceBits,
                      .asid = MODEL_BOOT_ASID,
                      .flags = CAP_MAPPED};
    const uint64_t address = model_boot_place(boot, (uint64_t)1 << seL4_VSpaceBits);
    model.host_vspace = model_paging_new(MODEL_VSPACE_KIND, address, MODEL_TOP_LEVEL);
    cap.u.object = &model.host_vspace->header;
    model_insert_root(&boot->slots[seL4_CapInitThreadVSpace], &cap);

    seL4_Word slot = boot->record->user_image_paging.start;
    for (unsigned level = MODEL_TOP_LEVEL - 1; level > 1; level--) {
        boot_table(boot, slot++, level, boot->image_vaddr);
    }
    for (seL4_Word vaddr = boot->image_vaddr; slot < boot->record->user_image_paging.end; slot++) {
        boot_table(boot, slot, 1, vaddr);
        vaddr += (seL4_Word)1 << MODEL_TABLE_COVER_BITS;
    }
}

struct cap model_boot_frame(seL4_Word vaddr, uint64_t address)
{
    struct cap cap = {.kind = CAP_FRAME,
                      .size_bits = seL4_PageBits,
                      .rights = RIGHT_READ | RIGHT_WRITE,
                      .asid = MODEL_BOOT_ASID,
                      .flags = CAP_MAPPED,
                      .data = vaddr};
    cap.u.address = address;
    *model_paging_find(model.host_vspace, vaddr, 1).entry =
        address | PAGE_ENTRY_FRAME | PAGE_ENTRY_WRITABLE | PAGE_ENTRY_READABLE;
    model_memory_map(vaddr, cap_paddr(&cap), seL4_PageBits, cap.rights, true, "sel4model_boot");
    return cap;
}

void model_boot_asid_pool(struct boot *boot)
{
    const uint64_t address = model_boot_place(boot, (uint64_t)1 << seL4_ASIDPoolBits);
    struct asid_pool *const pool = model_asid_pool_new(address);
    struct cap cap = {.kind = CAP_ASID_POOL, .size_bits = seL4_ASIDPoolBits};
    cap.u.object = &pool->header;
    model_insert_root(&boot->slots[seL4_CapInitThreadASIDPool], &cap);
    pool->vspaces[MODEL_BOOT_ASID] = model.host_vspace;
    model.asid_pools[0] = pool;

    cap = (struct cap){.kind = CAP_ASID_CONTROL};
    model_insert_root(&boot->slots[seL4_CapASIDControl], &cap);
}

void model_paging_shutdown(void)
{
    if (model.host_vspace != NULL) {
        unmap_host_below(model.host_vspace, MODEL_TOP_LEVEL, 0);
    }
}
