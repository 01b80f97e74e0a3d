/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Taking over what a simple knows. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <allocman/bootstrap.h>

#include "ram.h"

/* An untyped as a simple tells it. */
struct simple_untyped {
    seL4_CPtr slot;
    size_t size_bits;
    uintptr_t paddr;
    bool is_device;
};

/* A piece that was cut from an untyped. */
struct simple_piece {
    struct simple_piece *next;
    seL4_CPtr slot;
    uintptr_t paddr;
    int untyped; /* which one it was cut from */
    uint8_t bits;
    bool is_ram;
    bool taken; /* by the untyped manager */
};

/* What is going on. */
struct simple_untypeds {
    allocman_t *alloc;
    simple_t *simple;
    int count;          /* untypeds */
    struct am_ram *ram; /* ranges, or NULL */
    size_t ram_count;
    size_t ram_bytes;           /* of book memory that they take */
    struct simple_piece *first; /* pieces, in the order of the untypeds */
    struct simple_piece *last;
};

/* The n-th untyped. */
struct simple_untyped am_simple_untyped(simple_t *simple, int n);

/* Look at everything, and note the RAM in book memory; num_regions 0: ask the platform. Status. */
int am_simple_begin(struct simple_untypeds *s, allocman_t *alloc, simple_t *simple, int num_regions,
                    const pmem_region_t *regions);

/* Pieces that will be cut. */
size_t am_simple_pieces(const struct simple_untypeds *s);

/* Cut, hand everything over, and end; all or nothing. Status. */
int am_simple_hand_over(struct simple_untypeds *s);

/* Let what am_simple_begin took go. */
void am_simple_end(struct simple_untypeds *s);
