/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The allocator that allocman is compared with: a binary buddy as textbooks have it, over the same
 * kernel. A free block is split in two until it has the size wanted; a block that is freed is merged
 * with its other half at once, and so on upwards. Per size a list of free blocks, the one freed last
 * first, and the smallest size that does is taken from.
 *
 * Its records are on the host's heap. An allocator on seL4 has none: so it can be told to pay, and
 * then takes as much memory of the machine as its records have bytes, in blocks of up to 2 MiB. Mapping
 * that memory would cost paging structures and slots, which it is spared. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/sel4.h>
#include <vka/vka.h>

struct buddy_block;

#define BUDDY_BOOK_BITS 21u /* log2 bytes of the largest blocks that records are paid with */

struct buddy {
    bool pays;                               /* for its records, with memory of the machine */
    struct buddy_block *free[seL4_WordBits]; /* lists of free blocks by log2 bytes */
    size_t free_count[seL4_WordBits];        /* how long they are */
    struct buddy_block *roots;               /* every untyped of the boot that is RAM */
    size_t root_count;
    size_t records;        /* of blocks below roots */
    size_t records_paid;   /* for so many there is memory */
    seL4_CPtr *free_slots; /* a stack */
    size_t free_slot_count;
};

/* All RAM and all empty slots of a boot. False iff the host's memory does not do. */
bool buddy_start(struct buddy *buddy, const seL4_BootInfo *boot_info, bool pays);

/* Release the host's memory; the kernel is asked nothing. */
void buddy_stop(struct buddy *buddy);

/* Allocate from the buddy through a vka. Physical addresses it neither serves nor tells. Call no
 * other thing on it than what can be had: a free of what is not its own is not noticed. */
void buddy_make_vka(vka_t *vka, struct buddy *buddy);

/* log2 bytes of the largest block that can be had; 0 iff there is none. */
unsigned buddy_largest_bits(const struct buddy *buddy);

/* Blocks of 2^size_bits bytes that can be had, all at once. */
size_t buddy_blocks(const struct buddy *buddy, unsigned size_bits);
