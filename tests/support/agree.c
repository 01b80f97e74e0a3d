/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Law L2: what the books say of blocks, slots and pages, against what the modelled kernel holds.

#include "agree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/map_walk.h"
#include "check/split_walk.h"

struct agreement {
    const struct world *world;
    world_leaked leaked;
    const void *context;
    char *text;
    size_t bytes;
    size_t frames_in_pool; // frames mapped into the virtual pool's range
    seL4_Word first_slot;  // of the CNode that is visited
};

__attribute__((format(printf, 2, 3))) static bool differ(struct agreement *a, const char *format,
                                                         ...)
{
    va_list list;
    va_start(list, format);
    (void)vsnprintf(a->text, a->bytes, format, list);
    va_end(list);
    return false;
}

// Does a slot hold an untyped of that size, address and kind?
static bool untyped_there(struct agreement *a, seL4_CPtr slot, unsigned size_bits, uintptr_t paddr,
                          unsigned kind, struct sel4model_cap *cap)
{
    if (!sel4model_inspect(sel4model_path_of(slot), cap) || cap->kind != SEL4MODEL_CAP_UNTYPED) {
        return differ(a, "slot %#lx: no untyped there, but a block of 2^%u in the books",
                      (unsigned long)slot, size_bits);
    }
    if (cap->size_bits != size_bits || (paddr != ALLOCMAN_NO_PADDR && cap->paddr != paddr) ||
        cap->is_device != (kind != ALLOCMAN_UT_KERNEL)) {
        return differ(a, "slot %#lx: an untyped of 2^%u at %#lx, by the books 2^%u at %#lx",
                      (unsigned long)slot, cap->size_bits, (unsigned long)cap->paddr, size_bits,
                      (unsigned long)paddr);
    }
    return true;
}

static bool blocks_agree(struct agreement *a)
{
    struct utspace_split_cursor cursor = {.started = false};
    struct utspace_split_block block;
    struct sel4model_cap cap;
    while (utspace_split_next_block(&a->world->managers->utspace, &cursor, &block)) {
        if (!untyped_there(a, block.capability, block.size_bits, block.paddr, block.kind, &cap)) {
            return false;
        }
        if (!block.allocated && cap.has_children &&
            !(a->leaked && a->leaked(a->context, (uintptr_t)cap.paddr, block.size_bits))) {
            return differ(a, "slot %#lx: a free block of 2^%u that has children",
                          (unsigned long)block.capability, block.size_bits);
        }
    }
    return true;
}

// The children that the kernel knows of one block.
struct brood {
    const struct split_group *group;
    uint64_t paddr; // of the block
    unsigned count;
    uint64_t seen[4]; // bit a child, by its place in the block
};

static bool brood_visit(void *context, seL4_Word generation, const struct sel4model_cap *cap)
{
    struct brood *const brood = context;
    if (generation != 1) {
        return true;
    }
    const uint64_t place = (cap->paddr - brood->paddr) >> brood->group->child_bits;
    if (cap->kind != SEL4MODEL_CAP_UNTYPED || cap->size_bits != brood->group->child_bits ||
        place >= 256 || brood->seen[place / 64] >> (place % 64) & 1u) {
        return false;
    }
    brood->seen[place / 64] |= UINT64_C(1) << (place % 64);
    brood->count++;
    return true;
}

// A group's slots hold its children, in order, and the block has no other children.
static bool group_agrees(struct agreement *a, const struct split_group *g)
{
    const struct split_group *const parent =
        am_check_group(&a->world->managers->utspace, g->parent);
    const seL4_CPtr block =
        parent->slot + g->position * (parent->flags & GROUP_ROOT ? 0 : parent->stride);
    struct sel4model_cap cap, child;
    if (!untyped_there(a, block, g->child_bits + g->fan_out_bits, g->paddr, g->flags & GROUP_KIND,
                       &cap)) {
        return false;
    }
    for (unsigned c = 0; c < 1u << g->fan_out_bits; c++) {
        const uintptr_t paddr = (uintptr_t)(cap.paddr + ((uint64_t)c << g->child_bits));
        if (!untyped_there(a, g->slot + c * g->stride, g->child_bits, paddr, g->flags & GROUP_KIND,
                           &child)) {
            return false;
        }
    }
    struct brood brood = {.group = g, .paddr = cap.paddr};
    if (!sel4model_visit_descendants(sel4model_path_of(block), brood_visit, &brood) ||
        brood.count != 1u << g->fan_out_bits) {
        return differ(a, "group %u: its block has other children than its own", g->id);
    }
    return true;
}

static bool groups_agree(struct agreement *a)
{
    struct number_walk walk = {.started = false};
    uint32_t number;
    const struct split_group *g;
    while ((g = am_check_next(&a->world->managers->utspace, &walk, &number)) != NULL) {
        if (!(g->flags & GROUP_ROOT) && !group_agrees(a, g)) {
            return false;
        }
    }
    return true;
}

// A slot of the root CNode that is not empty.
static bool slot_visit(void *context, seL4_Word slot, const struct sel4model_cap *cap)
{
    struct agreement *const a = context;
    const struct allocman_slot_map *const map = &a->world->managers->cspace.map;
    const cspace_two_level_t *const two_level = a->world->managers->two_level;
    slot += a->first_slot;
    const bool taken = two_level
                           ? am_check_two_level_taken(two_level, slot)
                           : slot < map->first || slot >= map->end || !am_check_map_free(map, slot);
    if (!taken) {
        return differ(a, "slot %#lx is free by the books, but holds a capability",
                      (unsigned long)slot);
    }
    const uintptr_t start = (uintptr_t)a->world->vstart;
    if (a->world->vstart && cap->kind == SEL4MODEL_CAP_FRAME && cap->is_mapped &&
        cap->mapped_vaddr >= start && cap->mapped_vaddr - start < a->world->vsize) {
        const struct allocman_slot_map *const unmapped =
            &a->world->managers->mspace.virtual_pool.unmapped;
        if (am_check_map_free(unmapped, cap->mapped_vaddr >> seL4_PageBits)) {
            return differ(a, "address %#lx is not mapped by the books, but is",
                          (unsigned long)cap->mapped_vaddr);
        }
        a->frames_in_pool++;
    }
    return true;
}

// All slots, of one level or of each second level.
static bool slots_agree(struct agreement *a)
{
    const cspace_two_level_t *const two_level = a->world->managers->two_level;
    if (!two_level) {
        return sel4model_visit_cnode(sel4model_path_of(seL4_CapInitThreadCNode), slot_visit, a);
    }
    const struct cspace_two_level_config *const config = &two_level->config;
    for (size_t i = config->first_slot; i < config->end_slot; i++) {
        const struct sel4model_path path = {seL4_CapInitThreadCNode, i,
                                            config->cnode_guard_bits + config->cnode_size_bits};
        struct sel4model_cap cap;
        a->first_slot = i << config->level_two_bits;
        if (sel4model_inspect(path, &cap) && cap.kind == SEL4MODEL_CAP_CNODE &&
            !sel4model_visit_cnode(path, slot_visit, a)) {
            return false;
        }
    }
    return true;
}

// The slots that the virtual pool holds for frames are empty, or hold something, as it says.
static bool frame_slots_agree(struct agreement *a)
{
    const mspace_virtual_pool_t *const pool = &a->world->managers->mspace.virtual_pool;
    struct sel4model_cap cap;
    for (unsigned i = 0; i < pool->slot_count; i++) {
        const seL4_CPtr slot = pool->first_slot + i;
        if (!sel4model_inspect(sel4model_path_of(slot), &cap) ||
            (cap.kind == SEL4MODEL_CAP_NULL) != (pool->free_slots >> i & 1u)) {
            return differ(a, "slot %#lx for frames: by the books %s", (unsigned long)slot,
                          pool->free_slots >> i & 1u ? "empty" : "in use");
        }
    }
    return true;
}

// Each page in the lists of the virtual pool is a frame that is mapped there.
static bool pages_agree(struct agreement *a)
{
    const mspace_virtual_pool_t *const pool = &a->world->managers->mspace.virtual_pool;
    struct sel4model_cap cap;
    for (unsigned b = 0; b < ALLOCMAN_BOOK_BUCKETS; b++) {
        for (const struct book_page *page = pool->pages.bucket[b]; page; page = page->next) {
            if (!sel4model_inspect(sel4model_path_of(page->frame.slot), &cap) ||
                cap.kind != SEL4MODEL_CAP_FRAME || !cap.is_mapped ||
                cap.mapped_vaddr != (seL4_Word)(uintptr_t)page) {
                return differ(a, "page %p of book memory: slot %#lx holds no frame mapped there",
                              (const void *)page, (unsigned long)page->frame.slot);
            }
            if (allocman_utspace_paddr(a->world->alloc, page->frame.cookie, seL4_PageBits) !=
                cap.paddr) {
                return differ(a, "page %p of book memory: its cookie is of other memory",
                              (const void *)page);
            }
        }
    }
    if (pool->frames_mapped != a->frames_in_pool) {
        return differ(a, "%zu frames mapped by the books, %zu in fact", pool->frames_mapped,
                      a->frames_in_pool);
    }
    return true;
}

const char *agree_wrong(const struct world *world, world_leaked leaked, const void *context,
                        char *text, size_t bytes)
{
    struct agreement a = {
        .world = world, .leaked = leaked, .context = context, .text = text, .bytes = bytes};
    (void)snprintf(text, bytes, "the root CNode cannot be visited");
    const bool agree =
        blocks_agree(&a) && groups_agree(&a) && slots_agree(&a) &&
        (!world->managers->mspace.have_virtual_pool || (frame_slots_agree(&a) && pages_agree(&a)));
    return agree ? NULL : text;
}
