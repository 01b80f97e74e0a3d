/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Taking untypeds over. */

#include <allocman/utspace/split.h>
#include <allocman/allocman.h>

#include <string.h>

#include "../internal.h"
#include "add.h"
#include "ids.h"
#include "lists.h"
#include "roots.h"

/* The address to keep: none if it is nonsense, or if another untyped covers it, which is misuse. An
 * untyped without one serves every request that names none. */
static seL4_Word usable_address(allocman_t *alloc, utspace_split_t *split, const cspacepath_t *ut,
                                seL4_Word paddr, unsigned bits)
{
    const bool plausible = paddr != ALLOCMAN_NO_PADDR &&
                           (paddr & (seL4_Word)am_mask(seL4_MinUntypedBits)) == 0 &&
                           paddr + (seL4_Word)am_mask(bits) >= paddr;
    const bool overlaps = plausible && am_root_overlapping(split, paddr, bits);
    if (plausible && !overlaps) {
        return paddr;
    }
    if (overlaps) {
        am_misuse(alloc, "_utspace_split_add_uts", ALLOCMAN_OVERLAPS, ut->capPtr, bits);
    }
    split->totals.addresses_dropped += paddr != ALLOCMAN_NO_PADDR;
    return ALLOCMAN_NO_PADDR;
}

static int check_one(const utspace_split_t *split, const cspacepath_t *ut, size_t size_bits)
{
    if (size_bits < seL4_MinUntypedBits || size_bits > seL4_MaxUntypedBits) {
        return ALLOCMAN_INVALID_SIZE;
    }
    for (const struct split_group *g = split->first_root; g; g = am_group(split, g->parent)) {
        if (g->slot == ut->capPtr && g->stride == ut->root) { /* bounded by the roots */
            return ALLOCMAN_ALREADY_ADDED;
        }
    }
    return ALLOCMAN_OK;
}

static int add_one(allocman_t *alloc, utspace_split_t *split, const cspacepath_t *ut,
                   size_t size_bits, seL4_Word paddr, int kind)
{
    const int error = check_one(split, ut, size_bits);
    if (error == ALLOCMAN_ALREADY_ADDED) {
        const struct allocman_misuse misuse = {ALLOCMAN_ALREADY_ADDED, "_utspace_split_add_uts",
                                               ut->capPtr, size_bits};
        am_misuse_of(alloc, &misuse, size_bits, ut->capPtr);
        return error;
    }
    if (error) {
        return am_fail(alloc, (enum allocman_status)error, size_bits, ut->capPtr);
    }
    struct split_group *const root = allocman_mspace_alloc(alloc, AM_ROOT_BYTES, NULL);
    if (!root) {
        return ALLOCMAN_NO_BOOK;
    }
    memset(root, 0, AM_ROOT_BYTES);
    root->position = (uint8_t)ut->capDepth;
    root->child_bits = root->root_bits = (uint8_t)size_bits;
    root->flags = (uint8_t)(GROUP_ROOT | (unsigned)kind);
    root->slot = ut->capPtr;
    root->stride = ut->root;
    root->generation = split->next_generation++;
    root->id = am_id_take(alloc, split, root);
    if (!root->id) {
        allocman_mspace_free(alloc, root, AM_ROOT_BYTES);
        return ALLOCMAN_NO_BOOK;
    }
    split->totals.book_bytes += AM_ROOT_BYTES;
    root->paddr = usable_address(alloc, split, ut, paddr, (unsigned)size_bits);
    if (root->paddr != ALLOCMAN_NO_PADDR) {
        am_root_insert(split, root);
    }
    if (split->last_root) {
        split->last_root->parent = root->id;
    } else {
        split->first_root = root;
    }
    split->last_root = root;
    am_group_enter(split, root);
    split->totals.roots++;
    return ALLOCMAN_OK;
}

/* Take back the roots that were added after `last`, none of them used yet. */
static void remove_after(allocman_t *alloc, utspace_split_t *split, struct split_group *last)
{
    struct split_group *root = last ? am_group(split, last->parent) : split->first_root;
    while (root) { /* bounded by the untypeds of one call */
        struct split_group *const next = am_group(split, root->parent);
        am_group_leave(split, root);
        if (root->paddr != ALLOCMAN_NO_PADDR) {
            am_root_remove(split, root);
        }
        split->totals.roots--;
        split->totals.book_bytes -= AM_ROOT_BYTES;
        am_id_drop(alloc, split, root->id);
        allocman_mspace_free(alloc, root, AM_ROOT_BYTES);
        root = next;
    }
    split->last_root = last;
    if (last) {
        last->parent = 0;
    } else {
        split->first_root = NULL;
    }
}

void am_split_return(allocman_t *alloc, utspace_split_t *split, struct split_mark mark)
{
    remove_after(alloc, split, mark.last);
    split->largest_root_bits = mark.largest_root_bits;
}

void am_split_forget_roots(allocman_t *alloc, utspace_split_t *split)
{
    remove_after(alloc, split, NULL);
    utspace_split_create(split);
}

int _utspace_split_add_uts(struct allocman *alloc, void *_split, size_t num,
                           const cspacepath_t *uts, size_t *size_bits, uintptr_t *paddr, int utType)
{
    utspace_split_t *const split = _split;
    struct split_group *const last = split->last_root;
    if (!alloc->untyped_reclaim && alloc->have_utspace && alloc->utspace.utspace == split) {
        alloc->untyped_reclaim = &utspace_split_reclaim; /* where its user registered nothing */
    }
    const bool known =
        utType == ALLOCMAN_UT_KERNEL || utType == ALLOCMAN_UT_DEV || utType == ALLOCMAN_UT_DEV_MEM;
    if (!known || (num && (!uts || !size_bits))) {
        return am_fail(alloc, ALLOCMAN_INVALID_ARGUMENT, (seL4_Word)utType, num);
    }
    for (size_t i = 0; i < num; i++) { /* bounded by num */
        const int error = add_one(alloc, split, &uts[i], size_bits[i],
                                  paddr ? paddr[i] : ALLOCMAN_NO_PADDR, utType);
        if (error) {
            remove_after(alloc, split, last);
            return error;
        }
    }
    for (size_t i = 0; i < num && utType == ALLOCMAN_UT_KERNEL; i++) {
        if (size_bits[i] > split->largest_root_bits) {
            split->largest_root_bits = (uint8_t)size_bits[i];
        }
    }
    return ALLOCMAN_OK;
}
