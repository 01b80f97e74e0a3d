/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

#include <allocman/allocman.h>
#include <allocman/utspace/split.h>

/* Take back all untypeds, none of which was used yet. */
void am_split_forget_roots(allocman_t *alloc, utspace_split_t *split);

/* What was there before untypeds came. */
struct split_mark {
    struct split_group *last;
    uint8_t largest_root_bits;
};

static inline struct split_mark am_split_mark(const utspace_split_t *split)
{
    return (struct split_mark){split->last_root, split->largest_root_bits};
}

/* Take back all untypeds that came since, none of which was used yet. */
void am_split_return(allocman_t *alloc, utspace_split_t *split, struct split_mark mark);
