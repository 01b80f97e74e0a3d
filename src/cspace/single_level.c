/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/cspace/single_level.h>
#include <allocman/allocman.h>

#include "../bits.h"
#include "../internal.h"
#include "single_level.h"
#include "slot_map.h"

int cspace_single_level_create(struct allocman *alloc, cspace_single_level_t *cspace,
                               struct cspace_single_level_config config)
{
    (void)alloc;
    const bool fits = config.cnode_size_bits < AM_WORD_BITS &&
                      config.end_slot <= AM_BIT(config.cnode_size_bits) &&
                      config.cnode_size_bits + config.cnode_guard_bits <= AM_WORD_BITS;
    if (!fits || config.first_slot >= config.end_slot) {
        return ALLOCMAN_INVALID_ARGUMENT;
    }
    cspace->config = config;
    am_slot_map_init(&cspace->map, config.first_slot, config.end_slot);
    return ALLOCMAN_OK;
}

void cspace_single_level_destroy(struct allocman *alloc, cspace_single_level_t *cspace)
{
    am_slot_map_destroy(alloc, &cspace->map);
}

int _cspace_single_level_alloc(struct allocman *alloc, void *_cspace, cspacepath_t *slot)
{
    cspace_single_level_t *const cspace = _cspace;
    if (!alloc->slot_runs && alloc->cspace.cspace == cspace) {
        alloc->slot_runs = &cspace_single_level_runs; /* where its user registered nothing */
    }
    seL4_Word number;
    const int error = am_slot_map_take(alloc, &cspace->map, &number);
    if (error) {
        return error;
    }
    *slot = am_single_level_path(cspace, number);
    return ALLOCMAN_OK;
}

int _cspace_single_level_alloc_at(struct allocman *alloc, void *_cspace, seL4_CPtr slot)
{
    cspace_single_level_t *const cspace = _cspace;
    return am_slot_map_alloc_at(alloc, &cspace->map, slot);
}

void _cspace_single_level_free(struct allocman *alloc, void *_cspace, const cspacepath_t *slot)
{
    cspace_single_level_t *const cspace = _cspace;
    const bool ours = slot->root == cspace->config.cnode;
    if (!ours || am_slot_map_free(alloc, &cspace->map, slot->capPtr, 0)) {
        am_misuse(alloc, "_cspace_single_level_free", ALLOCMAN_SLOT_NOT_ALLOCATED, slot->capPtr, 0);
    }
}

cspacepath_t _cspace_single_level_make_path(void *_cspace, seL4_CPtr slot)
{
    const cspace_single_level_t *const cspace = _cspace;
    return am_single_level_path(cspace, slot);
}

static int runs_alloc(struct allocman *alloc, void *_cspace, unsigned order_bits, seL4_CPtr *first)
{
    cspace_single_level_t *const cspace = _cspace;
    return order_bits < ALLOCMAN_RUN_ORDERS
               ? am_slot_map_alloc(alloc, &cspace->map, order_bits, first)
               : ALLOCMAN_NO_SLOT;
}

static void runs_free(struct allocman *alloc, void *_cspace, seL4_CPtr first, unsigned order_bits)
{
    cspace_single_level_t *const cspace = _cspace;
    if (am_slot_map_free(alloc, &cspace->map, first, order_bits)) {
        am_misuse(alloc, "allocman_slot_runs.free_run", ALLOCMAN_SLOT_NOT_ALLOCATED, first, 0);
    }
}

static size_t runs_free_slots(const void *_cspace)
{
    const cspace_single_level_t *const cspace = _cspace;
    return cspace->map.free_count;
}

static void runs_needs(const void *_cspace, struct allocman_need *need)
{
    const cspace_single_level_t *const cspace = _cspace;
    am_slot_map_needs(&cspace->map, need);
}

const struct allocman_slot_runs cspace_single_level_runs = {
    .alloc_run = runs_alloc,
    .free_run = runs_free,
    .free_slots = runs_free_slots,
    .needs = runs_needs,
};
