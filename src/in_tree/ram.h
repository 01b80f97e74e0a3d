/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* RAM that the kernel reports as device memory: which parts of an untyped are RAM. Calculation only.
 *
 *     regions    |----RAM----|   |--RAM--|                     as given: unsorted, overlapping
 *     ranges     |-------RAM-------------|                     sorted, disjoint
 *     untyped          |.......................|
 *     pieces           |R|R| R |   R     |d|d|  d  |           aligned from its start, as large as can be
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <allocman/bootstrap.h>

/* A range of RAM, by its first and last byte, so that it can end where the address space does. */
struct am_ram {
    uint64_t first; /* a multiple of the smallest untyped's size */
    uint64_t last;
};

/* Part of an untyped that is RAM as a whole, or not at all. */
struct am_ram_piece {
    unsigned bits; /* log2 bytes */
    bool is_ram;
};

/* Write the ranges of all RAM in `regions` to `ram`, which has room for `count`; returns how many
 * they are. Regions may come in any order, overlap and pass the end of memory. What is less than the
 * smallest untyped at a range's ends is left out. */
size_t am_ram_ranges(struct am_ram *ram, const pmem_region_t *regions, size_t count);

/* Can an untyped be cut by address? Not if that is none. (Of its own size it need not be a multiple: the
 * kernel aligns by the distance from the start of its window of memory.) */
static inline bool am_ram_can_cut(uint64_t base, unsigned bits)
{
    const uint64_t granule = UINT64_C(1) << seL4_MinUntypedBits;
    return (base & (granule - 1)) == 0 && base <= UINTPTR_MAX &&
           UINTPTR_MAX - base >= (UINT64_C(1) << bits) - 1;
}

/* The piece of the untyped of 2^bits bytes at `base` that begins `at` bytes from its start, where the
 * one before it ended. */
struct am_ram_piece am_ram_piece(const struct am_ram *ram, size_t count, uint64_t base,
                                 unsigned bits, uint64_t at);
