/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* One row of figures for each phase. */

#include <stddef.h>
#include <stdint.h>

struct demo;

/// The figures after a phase.
struct table_row {
    const char *phase;         ///< its name
    size_t objects;            ///< objects that the demonstration holds
    size_t slots;              ///< slots taken since boot, the allocator's own included
    size_t book_bytes;         ///< bytes of book memory in records
    uint64_t free_bytes;       ///< bytes of RAM free
    unsigned largest_bits;     ///< log2 bytes of the largest free block of RAM; 0: there is none
    unsigned long invocations; ///< kernel invocations since boot
};

/// Collect the figures.
struct table_row table_row_of(const struct demo *demo, const char *phase);

/// Print what the columns mean.
void table_print_head(void);

/// Print one row.
void table_print_row(const struct table_row *row);
