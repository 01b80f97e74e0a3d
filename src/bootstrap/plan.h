/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What a bootstrap will do: calculation only. */

#include <allocman/bootstrap.h>

/* The plan of a start in a one-level CSpace. */
struct bootstrap_plan {
    struct bootstrap_managers *managers;      /* where they will be: the pool's start, aligned */
    struct mspace_fixed_pool_config book;     /* the rest of the pool */
    struct cspace_single_level_config cspace; /* slots */
};

/* Plan for a pool, a CSpace and a number of untypeds. ALLOCMAN_OK, ALLOCMAN_INVALID_ARGUMENT,
 * ALLOCMAN_NO_SLOT or ALLOCMAN_POOL_TOO_SMALL, with the amounts in *why. */
int am_bootstrap_plan(struct bootstrap_plan *plan, size_t pool_size, void *pool,
                      struct cspace_single_level_config cspace, size_t untypeds,
                      struct allocman_failure *why);

/* Does a boot information make sense, and is there RAM in it? The same results and
 * ALLOCMAN_INVALID_SIZE, ALLOCMAN_NO_RAM. */
int am_bootstrap_check_bootinfo(const seL4_BootInfo *bi, struct allocman_failure *why);
