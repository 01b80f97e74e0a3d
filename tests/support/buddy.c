/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "buddy.h"

#include <stdlib.h>
#include <string.h>
#include <vka/object.h>

#define RECORDS_AHEAD (2u * seL4_WordBits) /* two a split, on the way down to one object */

/* A block is free (in a list), split (has halves) or allocated. */
struct buddy_block {
    seL4_CPtr slot; /* its untyped */
    unsigned bits;  /* log2 bytes */
    bool is_free;
    struct buddy_block *parent;    /* NULL: a root */
    struct buddy_block *halves[2]; /* NULL: not split */
    struct buddy_block *next, *prev;
};

static void list_enter(struct buddy *buddy, struct buddy_block *block)
{
    struct buddy_block **const head = &buddy->free[block->bits];
    block->is_free = true;
    block->prev = NULL;
    block->next = *head;
    if (*head) {
        (*head)->prev = block;
    }
    *head = block;
    buddy->free_count[block->bits]++;
}

static void list_leave(struct buddy *buddy, struct buddy_block *block)
{
    if (block->prev) {
        block->prev->next = block->next;
    } else {
        buddy->free[block->bits] = block->next;
    }
    if (block->next) {
        block->next->prev = block->prev;
    }
    block->is_free = false;
    buddy->free_count[block->bits]--;
}

static cspacepath_t path_of(seL4_CPtr slot)
{
    return (cspacepath_t){.capPtr = slot,
                          .capDepth = seL4_WordBits,
                          .root = seL4_CapInitThreadCNode,
                          .offset = slot,
                          .window = 1};
}

static seL4_Error retype(const struct buddy_block *block, seL4_Word type, seL4_Word size_bits,
                         seL4_CPtr slot)
{
    return seL4_Untyped_Retype(block->slot, type, size_bits, seL4_CapInitThreadCNode, 0, 0, slot,
                               1);
}

/* One half of a block: a slot, a record, a Retype. NULL iff one of them is not to be had. */
static struct buddy_block *half_make(struct buddy *buddy, struct buddy_block *block)
{
    struct buddy_block *const half = buddy->free_slot_count > 0 ? calloc(1, sizeof(*half)) : NULL;
    if (!half) {
        return NULL;
    }
    half->slot = buddy->free_slots[buddy->free_slot_count - 1];
    half->bits = block->bits - 1;
    half->parent = block;
    if (retype(block, seL4_UntypedObject, half->bits, half->slot) != seL4_NoError) {
        free(half);
        return NULL;
    }
    buddy->free_slot_count--;
    buddy->records++;
    return half;
}

/* Revoke a split block and forget its halves, which are in no list. */
static void merge(struct buddy *buddy, struct buddy_block *block)
{
    const cspacepath_t path = path_of(block->slot);
    (void)seL4_CNode_Revoke(path.root, path.capPtr, seL4_WordBits);
    for (unsigned i = 0; i < 2; i++) {
        if (block->halves[i]) {
            buddy->free_slots[buddy->free_slot_count++] = block->halves[i]->slot;
            free(block->halves[i]);
            block->halves[i] = NULL;
            buddy->records--;
        }
    }
}

static void block_release(struct buddy *buddy, struct buddy_block *block)
{
    struct buddy_block *parent = block->parent;
    while (parent && (parent->halves[0] == block || parent->halves[0]->is_free) &&
           (parent->halves[1] == block || parent->halves[1]->is_free)) {
        list_leave(buddy, parent->halves[parent->halves[0] == block ? 1 : 0]);
        merge(buddy, parent);
        block = parent;
        parent = block->parent;
    }
    list_enter(buddy, block);
}

/* Split a block, which is in no list, down to a size; the way goes through first halves. NULL, and
 * the block is free again, iff something lacks on the way. */
static struct buddy_block *split_down(struct buddy *buddy, struct buddy_block *block, unsigned bits)
{
    while (block->bits > bits) {
        block->halves[0] = half_make(buddy, block);
        block->halves[1] = block->halves[0] ? half_make(buddy, block) : NULL;
        if (!block->halves[1]) {
            merge(buddy, block);
            block_release(buddy, block);
            return NULL;
        }
        list_enter(buddy, block->halves[1]);
        block = block->halves[0];
    }
    return block;
}

static struct buddy_block *block_take(struct buddy *buddy, unsigned bits)
{
    for (unsigned from = bits; from < seL4_WordBits; from++) {
        struct buddy_block *const block = buddy->free[from];
        if (block) {
            list_leave(buddy, block);
            return split_down(buddy, block, bits);
        }
    }
    return NULL;
}

/* Have memory for the records that one more object can take. It is taken in blocks as large as there
 * are, so that it lies in nobody's way; none is given back. */
static bool records_ensure(struct buddy *buddy)
{
    unsigned bits = BUDDY_BOOK_BITS;
    while (buddy->pays && buddy->records + RECORDS_AHEAD > buddy->records_paid) {
        if (block_take(buddy, bits)) {
            buddy->records_paid += ((size_t)1 << bits) / sizeof(struct buddy_block);
        } else if (--bits < seL4_PageBits) {
            return false;
        }
    }
    return true;
}

static int slot_alloc(void *data, seL4_CPtr *slot)
{
    struct buddy *const buddy = data;
    if (buddy->free_slot_count == 0) {
        return -1;
    }
    *slot = buddy->free_slots[--buddy->free_slot_count];
    return 0;
}

static void slot_path(void *data, seL4_CPtr slot, cspacepath_t *path)
{
    (void)data;
    *path = path_of(slot);
}

static void slot_free(void *data, seL4_CPtr slot)
{
    struct buddy *const buddy = data;
    buddy->free_slots[buddy->free_slot_count++] = slot;
}

static int object_alloc(void *data, const cspacepath_t *slot, seL4_Word type, seL4_Word size_bits,
                        seL4_Word *cookie)
{
    struct buddy *const buddy = data;
    struct buddy_block *const block =
        records_ensure(buddy) ? block_take(buddy, (unsigned)vka_get_object_size(type, size_bits))
                              : NULL;
    if (!block) {
        return -1;
    }
    if (retype(block, type, size_bits, slot->capPtr) != seL4_NoError) {
        block_release(buddy, block);
        return -1;
    }
    *cookie = (seL4_Word)(uintptr_t)block;
    return 0;
}

static int object_alloc_maybe_device(void *data, const cspacepath_t *slot, seL4_Word type,
                                     seL4_Word size_bits, bool can_use_dev, seL4_Word *cookie)
{
    (void)can_use_dev;
    return object_alloc(data, slot, type, size_bits, cookie);
}

static int object_alloc_at(void *data, const cspacepath_t *slot, seL4_Word type,
                           seL4_Word size_bits, uintptr_t paddr, seL4_Word *cookie)
{
    return paddr == VKA_NO_PADDR ? object_alloc(data, slot, type, size_bits, cookie) : -1;
}

static void object_free(void *data, seL4_Word type, seL4_Word size_bits, seL4_Word cookie)
{
    (void)type;
    (void)size_bits;
    block_release(data, (struct buddy_block *)(uintptr_t)cookie);
}

static uintptr_t object_paddr(void *data, seL4_Word cookie, seL4_Word type, seL4_Word size_bits)
{
    (void)data;
    (void)cookie;
    (void)type;
    (void)size_bits;
    return VKA_NO_PADDR;
}

bool buddy_start(struct buddy *buddy, const seL4_BootInfo *boot_info, bool pays)
{
    memset(buddy, 0, sizeof(*buddy));
    buddy->pays = pays;
    const size_t untypeds = boot_info->untyped.end - boot_info->untyped.start;
    const size_t slots = boot_info->empty.end - boot_info->empty.start;
    buddy->roots = calloc(untypeds, sizeof(*buddy->roots));
    buddy->free_slots = calloc(slots, sizeof(*buddy->free_slots));
    if (!buddy->roots || !buddy->free_slots) {
        buddy_stop(buddy);
        return false;
    }
    for (seL4_CPtr slot = boot_info->empty.end; slot > boot_info->empty.start; slot--) {
        buddy->free_slots[buddy->free_slot_count++] = slot - 1; /* the lowest is taken first */
    }
    for (size_t i = 0; i < untypeds; i++) {
        const seL4_UntypedDesc *const untyped = &boot_info->untypedList[i];
        if (!untyped->isDevice) {
            struct buddy_block *const root = &buddy->roots[buddy->root_count++];
            root->slot = boot_info->untyped.start + i;
            root->bits = untyped->sizeBits;
            list_enter(buddy, root);
        }
    }
    return true;
}

/* Free the records of all blocks below a root, without recursion: down to a block that is not split,
 * forget it, and on from its parent. */
static void records_free(struct buddy_block *root)
{
    struct buddy_block *block = root;
    while (block != root || root->halves[0] || root->halves[1]) {
        const unsigned i = block->halves[0] ? 0 : 1;
        if (block->halves[i]) {
            block = block->halves[i];
        } else {
            struct buddy_block *const parent = block->parent;
            parent->halves[parent->halves[0] == block ? 0 : 1] = NULL;
            free(block);
            block = parent;
        }
    }
}

void buddy_stop(struct buddy *buddy)
{
    for (size_t i = 0; i < buddy->root_count; i++) {
        records_free(&buddy->roots[i]);
    }
    free(buddy->roots);
    free(buddy->free_slots);
    memset(buddy, 0, sizeof(*buddy));
}

void buddy_make_vka(vka_t *vka, struct buddy *buddy)
{
    *vka = (vka_t){
        .data = buddy,
        .cspace_alloc = slot_alloc,
        .cspace_make_path = slot_path,
        .utspace_alloc = object_alloc,
        .utspace_alloc_maybe_device = object_alloc_maybe_device,
        .utspace_alloc_at = object_alloc_at,
        .cspace_free = slot_free,
        .utspace_free = object_free,
        .utspace_paddr = object_paddr,
    };
}

unsigned buddy_largest_bits(const struct buddy *buddy)
{
    for (unsigned bits = seL4_WordBits - 1; bits > 0; bits--) {
        if (buddy->free[bits]) {
            return bits;
        }
    }
    return 0;
}

size_t buddy_blocks(const struct buddy *buddy, unsigned size_bits)
{
    size_t blocks = 0;
    for (unsigned bits = size_bits; bits < seL4_WordBits; bits++) {
        blocks += buddy->free_count[bits] << (bits - size_bits);
    }
    return blocks;
}
