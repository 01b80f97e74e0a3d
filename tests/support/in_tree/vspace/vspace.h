/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Stands in for libsel4vspace: as much of its interface as this library uses.
#pragma once

#include <stdbool.h>
#include <stddef.h>

typedef struct vspace vspace_t;

typedef struct reservation {
    void *res;
} reservation_t;

struct vspace {
    void *data;
    int (*new_pages_at_vaddr)(vspace_t *vspace, void *vaddr, size_t num_pages, size_t size_bits,
                              reservation_t reservation, bool can_use_dev);
};

static inline int vspace_new_pages_at_vaddr(vspace_t *vspace, void *vaddr, size_t num_pages,
                                            size_t size_bits, reservation_t reservation)
{
    return vspace->new_pages_at_vaddr(vspace, vaddr, num_pages, size_bits, reservation, false);
}
