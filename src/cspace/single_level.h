/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The short way of a slot: a bit and some counts. No record is made or dropped here, and no manager
 * is called. */

#include <allocman/cspace/single_level.h>

#include "slot_map.h"

/* Take the next slot; false, and nothing is changed: it takes _cspace_single_level_alloc. */
static inline bool am_single_level_take(cspace_single_level_t *cspace, seL4_CPtr *slot)
{
    return am_slot_map_take_next(&cspace->map, slot);
}

/* Give a slot back; false, and nothing is changed: it takes _cspace_single_level_free. */
static inline bool am_single_level_give(cspace_single_level_t *cspace, seL4_CPtr slot)
{
    return am_slot_map_give_back(&cspace->map, slot);
}

/* The path of a slot. */
static inline cspacepath_t am_single_level_path(const cspace_single_level_t *cspace, seL4_CPtr slot)
{
    return (cspacepath_t){
        .capPtr = slot,
        .capDepth = cspace->config.cnode_size_bits + cspace->config.cnode_guard_bits,
        .root = cspace->config.cnode,
        .dest = 0,
        .destDepth = 0,
        .offset = slot,
        .window = 1,
    };
}
