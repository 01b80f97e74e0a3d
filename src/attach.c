/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* An allocman begins, and managers and their extensions come to it. */

#include <allocman/allocman.h>
#include <allocman/extensions.h>

#include "internal.h"

int allocman_create(allocman_t *alloc, struct mspace_interface mspace)
{
    if (!alloc || !mspace.alloc || !mspace.free) {
        return ALLOCMAN_INVALID_ARGUMENT;
    }
    *alloc = (allocman_t){.mspace = mspace, .have_mspace = true};
    return ALLOCMAN_OK;
}

int allocman_attach_cspace(allocman_t *alloc, struct cspace_interface cspace)
{
    if (!alloc->have_mspace) {
        return am_fail(alloc, ALLOCMAN_NOT_ATTACHED, 0, 0);
    }
    if (alloc->have_cspace) {
        return am_fail(alloc, ALLOCMAN_ALREADY_ATTACHED, 0, 0);
    }
    if (!cspace.alloc || !cspace.free || !cspace.make_path) {
        return am_fail(alloc, ALLOCMAN_INVALID_ARGUMENT, 0, 0);
    }
    alloc->cspace = cspace;
    alloc->have_cspace = true;
    return ALLOCMAN_OK;
}

int allocman_attach_utspace(allocman_t *alloc, struct utspace_interface utspace)
{
    if (!alloc->have_mspace) {
        return am_fail(alloc, ALLOCMAN_NOT_ATTACHED, 0, 0);
    }
    if (alloc->have_utspace) {
        return am_fail(alloc, ALLOCMAN_ALREADY_ATTACHED, 0, 0);
    }
    if (!utspace.alloc || !utspace.free || !utspace.add_uts || !utspace.paddr) {
        return am_fail(alloc, ALLOCMAN_INVALID_ARGUMENT, 0, 0);
    }
    alloc->utspace = utspace;
    alloc->have_utspace = true;
    return ALLOCMAN_OK;
}

int allocman_register_slot_runs(allocman_t *alloc, const struct allocman_slot_runs *runs)
{
    if (!alloc->have_cspace) {
        return am_fail(alloc, ALLOCMAN_NOT_ATTACHED, 0, 0);
    }
    alloc->slot_runs = runs;
    return ALLOCMAN_OK;
}

int allocman_register_slot_growth(allocman_t *alloc, const struct allocman_slot_growth *growth)
{
    if (!alloc->have_cspace) {
        return am_fail(alloc, ALLOCMAN_NOT_ATTACHED, 0, 0);
    }
    alloc->slot_growth = growth;
    return ALLOCMAN_OK;
}

int allocman_register_untyped_reclaim(allocman_t *alloc,
                                      const struct allocman_untyped_reclaim *reclaim)
{
    if (!alloc->have_utspace) {
        return am_fail(alloc, ALLOCMAN_NOT_ATTACHED, 0, 0);
    }
    alloc->untyped_reclaim = reclaim;
    return ALLOCMAN_OK;
}

int allocman_register_book_growth(allocman_t *alloc, const struct allocman_book_growth *growth)
{
    if (!alloc->have_mspace || !alloc->have_cspace || !alloc->have_utspace) {
        return am_fail(alloc, ALLOCMAN_NOT_ATTACHED, 0, 0);
    }
    alloc->book_growth = growth;
    return allocman_fill_reserves(alloc);
}
