/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "pool_pages.h"

#include "../bits.h"
#include "../internal.h"
#include "../kernel.h"

#define PAGE      ALLOCMAN_BOOK_PAGE_BYTES
#define PAGE_BITS ALLOCMAN_BOOK_PAGE_BITS
/* The run of slots for frames: one in 2^this of those that are free, 64 at most. */
#define SLOT_SHARE_BITS 6u
#define SLOT_ORDER_MAX  6u
/* The block for paging structures: at most one part in 2^this of the largest untyped, and of book
 * memory's own. */
#define TABLES_SHARE_BITS      10u
#define TABLES_BOOK_SHARE_BITS 2u

_Static_assert(KERNEL_TABLE_LEVELS <= ALLOCMAN_PAGING_LEVELS_MAX, "room for every level's table");

/* Frames have a run of slots of their own: slots spread over the CSpace would keep the records of
 * all these parts alive, in pages that would then keep each other from being given back. */
static void slots_set_aside(allocman_t *alloc, mspace_virtual_pool_t *pool)
{
    const size_t share = am_free_slots(alloc) >> SLOT_SHARE_BITS;
    if (pool->slot_count || !alloc->slot_runs || share == 0) {
        return;
    }
    unsigned order = am_highest(share);
    order = order < SLOT_ORDER_MAX ? order : SLOT_ORDER_MAX;
    if (!alloc->slot_runs->alloc_run(alloc, alloc->cspace.cspace, order, &pool->first_slot)) {
        pool->slot_count = 1u << order;
        pool->free_slots = am_mask(pool->slot_count);
    }
}

/* A slot of ours. */
AM_SELDOM static int slot_take(allocman_t *alloc, mspace_virtual_pool_t *pool, seL4_CPtr *slot)
{
    if (pool->free_slots) {
        *slot = pool->first_slot + am_lowest(pool->free_slots);
        pool->free_slots &= pool->free_slots - 1;
        return ALLOCMAN_OK;
    }
    cspacepath_t path;
    const int error = alloc->cspace.alloc(alloc, alloc->cspace.cspace, &path);
    *slot = error ? 0 : path.capPtr;
    return am_fail_slots(alloc, error);
}

AM_SELDOM static void slot_give_back(allocman_t *alloc, mspace_virtual_pool_t *pool, seL4_CPtr slot)
{
    if (slot - pool->first_slot < pool->slot_count) {
        pool->free_slots |= UINT64_C(1) << (slot - pool->first_slot);
    } else {
        const cspacepath_t path = alloc->cspace.make_path(alloc->cspace.cspace, slot);
        alloc->cspace.free(alloc, alloc->cspace.cspace, &path);
    }
}

/* Delete the capability in a slot of ours. A kernel does not refuse this; should one do, once more, since
 * nothing else comes back to it. */
AM_SELDOM static bool slot_empty(allocman_t *alloc, seL4_CPtr slot)
{
    const cspacepath_t path = alloc->cspace.make_path(alloc->cspace.cspace, slot);
    return kernel_delete(&path) == seL4_NoError || kernel_delete(&path) == seL4_NoError;
}

/* Make an object of ours in a slot of ours. */
static int object_make(allocman_t *alloc, mspace_virtual_pool_t *pool, seL4_Word type,
                       unsigned size_bits, struct book_frame *object)
{
    int error = slot_take(alloc, pool, &object->slot);
    if (error) {
        return error;
    }
    const cspacepath_t path = alloc->cspace.make_path(alloc->cspace.cspace, object->slot);
    object->cookie = alloc->utspace.alloc(alloc, alloc->utspace.utspace, size_bits, type, &path,
                                          ALLOCMAN_NO_PADDR, false, &error);
    if (!object->cookie) {
        slot_give_back(alloc, pool, object->slot);
        return error ? error : ALLOCMAN_NO_UNTYPED;
    }
    return ALLOCMAN_OK;
}

/* Undo object_make; false, and nothing changed, if the kernel does not delete the capability. */
static bool object_drop(allocman_t *alloc, mspace_virtual_pool_t *pool, struct book_frame object,
                        unsigned size_bits)
{
    if (!slot_empty(alloc, object.slot)) {
        return false;
    }
    slot_give_back(alloc, pool, object.slot);
    alloc->utspace.free(alloc, alloc->utspace.utspace, object.cookie, size_bits);
    return true;
}

/* Is a structure of that level set aside? */
static bool is_held(const mspace_virtual_pool_t *pool, unsigned level)
{
    return pool->tables_held >> level & 1u;
}

static void hold(mspace_virtual_pool_t *pool, unsigned level, seL4_CPtr table)
{
    pool->table[level] = table;
    pool->tables_held |= (uint8_t)(1u << level);
}

/* Structures of a level that the whole range takes. */
static size_t tables_of_range(const mspace_virtual_pool_t *pool, unsigned level)
{
    const unsigned bits = kernel_tables[level].range_bits;
    const uintptr_t last = pool->start + (pool->page_count - 1) * PAGE;
    return pool->page_count ? (last >> bits) - (pool->start >> bits) + 1 : 0;
}

/* Can the range lack another structure of that level? */
static bool table_wanted(const mspace_virtual_pool_t *pool, unsigned level)
{
    return pool->tables_mapped[level] < tables_of_range(pool, level);
}

/* A paging structure out of the block for them: they stay for good, so the kernel's watermark is all
 * that is to be kept of them. */
AM_SELDOM static int table_make_in_block(allocman_t *alloc, mspace_virtual_pool_t *pool,
                                         unsigned level, struct book_frame *table)
{
    const struct kernel_table *const kind = &kernel_tables[level];
    const int error = slot_take(alloc, pool, &table->slot);
    if (error) {
        return error;
    }
    const cspacepath_t path = alloc->cspace.make_path(alloc->cspace.cspace, table->slot);
    const seL4_Error refused = kernel_retype(pool->tables_block, kind->type, 0, &path, 1);
    if (refused) {
        slot_give_back(alloc, pool, table->slot);
        return am_fail_kernel(alloc, ALLOCMAN_KERNEL_REFUSED, 0, refused);
    }
    pool->tables_left--;
    table->cookie = 0;
    return ALLOCMAN_OK;
}

/* A paging structure, out of the block while it makes any. */
static int table_make(allocman_t *alloc, mspace_virtual_pool_t *pool, unsigned level,
                      struct book_frame *table)
{
    if (pool->tables_left > 0) {
        return table_make_in_block(alloc, pool, level, table);
    }
    const struct kernel_table *const kind = &kernel_tables[level];
    const int error = object_make(alloc, pool, kind->type, kind->size_bits, table);
    pool->tables_elsewhere += !error;
    return error;
}

/* Undo table_make; false, and nothing changed, if the kernel does not delete the capability. What
 * came out of the block is not made again: the kernel's watermark only rises. */
static bool table_drop(allocman_t *alloc, mspace_virtual_pool_t *pool, unsigned level,
                       struct book_frame table)
{
    if (table.cookie) {
        const bool dropped = object_drop(alloc, pool, table, kernel_tables[level].size_bits);
        pool->tables_elsewhere -= dropped;
        return dropped;
    }
    if (!slot_empty(alloc, table.slot)) {
        return false;
    }
    slot_give_back(alloc, pool, table.slot);
    return true;
}

/* Undo the paging structures that a growth step had to make; those from the block have no cookie. */
static void tables_undo(allocman_t *alloc, mspace_virtual_pool_t *pool)
{
    for (unsigned level = 0; level < KERNEL_TABLE_LEVELS; level++) {
        const bool is_made = (pool->tables_made & 1u << level) != 0;
        if (is_made && table_drop(alloc, pool, level, pool->made[level])) {
            pool->tables_mapped[level]--;
        }
    }
}

/* Map the paging structure that lacks at `level`: the one set aside, or a new one. */
static int table_put(allocman_t *alloc, mspace_virtual_pool_t *pool, unsigned level,
                     uintptr_t address)
{
    struct book_frame *const table = &pool->made[level];
    const bool held = is_held(pool, level);
    if (held) {
        table->slot = pool->table[level];
    } else {
        const int error = table_make(alloc, pool, level, table);
        if (error) {
            return error;
        }
    }
    const seL4_Error refused = kernel_map_table(level, table->slot, pool->vspace, address);
    if (refused) {
        if (!held && !table_drop(alloc, pool, level, *table)) {
            hold(pool, level, table->slot);
        }
        return am_fail_kernel(alloc, ALLOCMAN_KERNEL_REFUSED, 0, refused);
    }
    pool->tables_held &= (uint8_t) ~(1u << level);
    pool->tables_mapped[level]++;
    pool->tables_made |= (uint8_t)(held ? 0u : 1u << level);
    return ALLOCMAN_OK;
}

/* Map the frame at `address`, and what lacks for it. */
static int frame_map(allocman_t *alloc, mspace_virtual_pool_t *pool, uintptr_t address,
                     const struct book_frame *frame)
{
    int error = ALLOCMAN_KERNEL_REFUSED;
    pool->tables_made = 0;
    for (unsigned tries = 0; tries <= KERNEL_TABLE_LEVELS; tries++) {
        unsigned missing;
        const seL4_Error refused = kernel_map_page(frame->slot, pool->vspace, address, &missing);
        if (!refused) {
            return ALLOCMAN_OK;
        }
        error = missing < KERNEL_TABLE_LEVELS
                    ? table_put(alloc, pool, missing, address)
                    : am_fail_kernel(alloc, ALLOCMAN_KERNEL_REFUSED, 0, refused);
        if (error) {
            break;
        }
    }
    tables_undo(alloc, pool);
    return error ? error : ALLOCMAN_KERNEL_REFUSED;
}

/* Are there slots for the frame and for what could lack? Else nothing is begun: what is made from
 * the block for paging structures cannot be made again. */
static int slots_suffice(allocman_t *alloc, const mspace_virtual_pool_t *pool)
{
    size_t needed = 1;
    for (unsigned level = 0; level < KERNEL_TABLE_LEVELS; level++) {
        needed += !is_held(pool, level) && table_wanted(pool, level);
    }
    size_t available = am_free_slots(alloc);
    for (uint64_t slots = pool->free_slots; slots && available < needed; slots &= slots - 1) {
        available++;
    }
    return !alloc->slot_runs || available >= needed
               ? ALLOCMAN_OK
               : am_fail(alloc, ALLOCMAN_NO_SLOT, needed, available);
}

int am_pool_page_map(allocman_t *alloc, mspace_virtual_pool_t *pool, uintptr_t address,
                     struct book_frame *frame)
{
    int error = slots_suffice(alloc, pool);
    if (!error) {
        error = object_make(alloc, pool, KERNEL_SMALL_PAGE, PAGE_BITS, frame);
    }
    if (error) {
        return error;
    }
    error = frame_map(alloc, pool, address, frame);
    if (error) {
        (void)object_drop(alloc, pool, *frame, PAGE_BITS);
        return error;
    }
    pool->frames_mapped++;
    return ALLOCMAN_OK;
}

bool am_pool_page_unmap(allocman_t *alloc, mspace_virtual_pool_t *pool, struct book_frame frame)
{
    const bool dropped = object_drop(alloc, pool, frame, PAGE_BITS);
    pool->frames_mapped -= dropped;
    return dropped;
}

/* Paging structures stay for good: none is held while it could only come from a large root. */
static bool would_pin(const allocman_t *alloc, unsigned size_bits)
{
    return alloc->untyped_reclaim && alloc->untyped_reclaim->would_pin &&
           alloc->untyped_reclaim->would_pin(alloc->utspace.utspace, size_bits);
}

/* The block that paging structures are made from, as long as it does: enough for the whole range, if
 * that is not more than a quarter of the memory that book memory has of its own, nor more than what
 * maps half of the largest untyped. */
static int tables_block_set_aside(allocman_t *alloc, mspace_virtual_pool_t *pool)
{
    const unsigned size_bits = kernel_tables[0].size_bits; /* all levels have the same */
    const unsigned largest_bits = alloc->untyped_reclaim && alloc->untyped_reclaim->largest_bits
                                      ? alloc->untyped_reclaim->largest_bits(alloc->utspace.utspace)
                                      : 0;
    size_t count = 0;
    for (unsigned level = 0; level < KERNEL_TABLE_LEVELS; level++) {
        count += tables_of_range(pool, level);
    }
    unsigned bits = size_bits + (count > 1 ? am_highest(count - 1) + 1 : 0);
    const unsigned share_bits =
        largest_bits > TABLES_SHARE_BITS ? largest_bits - TABLES_SHARE_BITS : 0;
    bits = bits < share_bits ? bits : share_bits;
    while (bits > size_bits &&
           would_pin(alloc, bits + TABLES_BOOK_SHARE_BITS)) { /* at most a word's bits */
        bits--;
    }
    if (pool->tables_block_bits || bits <= size_bits) {
        return ALLOCMAN_OK;
    }
    struct book_frame block; /* for good: its cookie is of no use */
    const int error = object_make(alloc, pool, seL4_UntypedObject, bits, &block);
    if (!error) {
        pool->tables_block = block.slot;
        pool->tables_block_bits = (uint8_t)bits;
        pool->tables_left = (uint32_t)1 << (bits - size_bits);
    }
    return error;
}

int am_pool_set_aside(allocman_t *alloc, void *_pool)
{
    mspace_virtual_pool_t *const pool = _pool;
    slots_set_aside(alloc, pool);
    int error = tables_block_set_aside(alloc, pool);
    for (unsigned level = 0; level < KERNEL_TABLE_LEVELS && !error; level++) {
        const bool pins = !pool->tables_left && would_pin(alloc, kernel_tables[level].size_bits);
        if (!is_held(pool, level) && table_wanted(pool, level) && !pins) {
            struct book_frame table;
            error = table_make(alloc, pool, level, &table);
            if (!error) {
                hold(pool, level, table.slot);
            }
        }
    }
    return error;
}
