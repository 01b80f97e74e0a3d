/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What can be had of untyped memory: the free blocks, and those that become free when every split
 * whose blocks are all free is undone, which the allocator does before it refuses anything. Read off
 * the books; nothing is changed. */

#include <allocman/utspace/split.h>

struct holes {
    size_t blocks[ALLOCMAN_SPLIT_CLASSES]; /* of kernel RAM, by log2 bytes */
};

struct holes holes_find(const utspace_split_t *split);

/* log2 bytes of the largest block; 0 iff there is none. */
unsigned holes_largest_bits(const struct holes *holes);

/* Blocks of 2^size_bits bytes, all at once. */
size_t holes_blocks(const struct holes *holes, unsigned size_bits);
