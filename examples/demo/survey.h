/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Who has which physical memory, as the untyped manager's books tell it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>

struct demo;

/// Who has a block.
enum owner { OWNER_NOBODY, OWNER_DEMO, OWNER_BOOK, OWNER_COUNT };

/// A block that is not split further.
struct survey_block {
    uint64_t offset;      ///< bytes from the start of its root
    seL4_CPtr capability; ///< its untyped
    uint8_t size_bits;    ///< log2 bytes
    uint8_t owner;        ///< an enum owner
};

/// An untyped that the kernel handed over at boot.
struct survey_root {
    uint64_t paddr;              ///< physical address
    seL4_CPtr capability;        ///< its untyped
    size_t first;                ///< its first block
    size_t count;                ///< its blocks; 1: it is whole
    uint64_t bytes[OWNER_COUNT]; ///< bytes by owner
    uint8_t size_bits;           ///< log2 bytes
    bool is_device;              ///< device memory
};

/// All roots by rising address: RAM first, then device memory.
struct survey {
    struct survey_root *roots;   ///< the roots
    size_t root_count;           ///< how many
    size_t ram_count;            ///< how many of them are RAM
    struct survey_block *blocks; ///< all blocks; those of a root stand together, by rising address
    size_t block_count;          ///< how many
};

/// Look at all memory. Blocks that are allocated and that no object of the demonstration lies in
/// are book memory's.
///
/// Shape:   *survey is overwritten; survey_free() gives its host memory back.
/// Errors:  false and a report iff the host has no memory, an object has no block of its size at
///          its address, or two objects overlap.
bool survey_take(const struct demo *demo, struct survey *survey);

/// Give a survey's host memory back.
void survey_free(struct survey *survey);

/// One of the equal parts that a picture cuts a root into.
struct survey_cell {
    uint64_t bytes[OWNER_COUNT]; ///< bytes by owner
    uint64_t largest_free;       ///< bytes of the largest free block that reaches into it
};

/// Cut a root into `count` equal cells.
void survey_cells(const struct survey *survey, const struct survey_root *root, size_t count,
                  struct survey_cell *cells);
