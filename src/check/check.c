/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The laws of an allocman as a whole: its managers', and what one manager holds of another. */

#include <allocman/bootstrap.h>

#include "map_walk.h"
#include "report.h"
#include "split_walk.h"

/* Is a slot one of the slot manager's, and taken? */
static bool slot_taken(const struct bootstrap_managers *m, seL4_CPtr slot)
{
    const struct allocman_slot_map *const map = &m->cspace.map;
    return m->two_level ? am_check_two_level_taken(m->two_level, slot)
                        : slot >= map->first && slot < map->end && !am_check_map_free(map, slot);
}

/* Slots of the children of splits are allocated in the slot manager, or those of its range that
 * they are. */
static bool own_slots_ok(const struct bootstrap_managers *m, struct allocman_violation *violation)
{
    const struct allocman_slot_map *const map = &m->cspace.map;
    struct number_walk walk = {.started = false};
    uint32_t number = 0;
    const struct split_group *g;
    while ((g = am_check_next(&m->utspace, &walk, &number)) != NULL) { /* bounded by the table */
        for (unsigned c = 0; !(g->flags & GROUP_ROOT) && c < 1u << g->fan_out_bits;
             c++) { /* at most 256 */
            const seL4_CPtr slot = g->slot + c * g->stride;
            if (!slot_taken(m, slot)) {
                return am_broken(violation, ALLOCMAN_LAW_L2_SLOTS, "the slot of a block is free",
                                 slot);
            }
        }
    }
    if (m->two_level) {
        return true;
    }
    const size_t taken = (size_t)(map->end - map->first) - map->free_count;
    return m->utspace.totals.own_slots <= taken ||
           am_broken(violation, ALLOCMAN_LAW_L2_SLOTS, "blocks hold more slots than are taken",
                     taken);
}

/* The run of slots that book memory holds for its frames: taken, all of it. */
static bool frame_slots_ok(const struct bootstrap_managers *m, struct allocman_violation *violation)
{
    const mspace_virtual_pool_t *const pool = &m->mspace.virtual_pool;
    if (!m->mspace.have_virtual_pool) {
        return true;
    }
    if (pool->slot_count > 64 || (pool->slot_count < 64 && pool->free_slots >> pool->slot_count)) {
        return am_broken(violation, ALLOCMAN_LAW_L2_SLOTS, "more slots for frames than there are",
                         pool->slot_count);
    }
    for (unsigned i = 0; i < pool->slot_count; i++) { /* at most 64 */
        const seL4_CPtr slot = pool->first_slot + i;
        if (!slot_taken(m, slot)) {
            return am_broken(violation, ALLOCMAN_LAW_L2_SLOTS, "a slot for frames is free", slot);
        }
    }
    return true;
}

/* Paging structures that are not mapped yet, and the block that others will be made from: their slots
 * are taken. */
static bool table_slots_ok(const struct bootstrap_managers *m, struct allocman_violation *violation)
{
    const mspace_virtual_pool_t *const pool = &m->mspace.virtual_pool;
    for (unsigned i = 0; i < ALLOCMAN_PAGING_LEVELS_MAX && m->mspace.have_virtual_pool; i++) {
        if ((pool->tables_held >> i & 1u) && !slot_taken(m, pool->table[i])) {
            return am_broken(violation, ALLOCMAN_LAW_L2_SLOTS,
                             "the slot of a paging structure is free", pool->table[i]);
        }
    }
    return !m->mspace.have_virtual_pool || pool->tables_block_bits == 0 ||
           slot_taken(m, pool->tables_block) ||
           am_broken(violation, ALLOCMAN_LAW_L2_SLOTS,
                     "the slot of the block for paging structures is free", pool->tables_block);
}

/* Headroom: as many records as growth can need, each of them a block of book memory of its own. */
static bool headroom_ok(const struct bootstrap_managers *m, struct allocman_violation *violation)
{
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        const struct allocman_headroom *const kind = &m->allocman.headroom[i];
        size_t held = 0;
        const void *record = kind->first;
        while (record && held <= kind->held) {
            if (!am_check_pool_block(&m->mspace, record, kind->bytes)) {
                return am_broken(violation, ALLOCMAN_LAW_L5_HEADROOM,
                                 "headroom that is no block of book memory", i);
            }
            held++;
            record = *(const void *const *)record;
        }
        if (held != kind->held) {
            return am_broken(violation, ALLOCMAN_LAW_L5_HEADROOM,
                             "another number of records than is told", i);
        }
        if (held < kind->wanted) {
            return am_broken(violation, ALLOCMAN_LAW_L5_HEADROOM,
                             "fewer records than growth can need", i);
        }
    }
    return true;
}

/* Nothing is left of a call that is over. */
static bool idle_ok(const allocman_t *alloc, struct allocman_violation *violation)
{
    const bool is_idle = !alloc->in_call && !alloc->in_mspace && !alloc->in_growth &&
                         !alloc->in_release && !alloc->book_freed && !alloc->surplus;
    return is_idle || am_broken(violation, ALLOCMAN_LAW_L5_HEADROOM,
                                "a call is over, but still marked as in progress", 0);
}

bool allocman_check(const allocman_t *alloc, struct allocman_violation *violation)
{
    const struct bootstrap_managers *const m =
        (const struct bootstrap_managers *)(const void *)alloc;
    if (!idle_ok(alloc, violation) || !mspace_dual_pool_check(&m->mspace, violation)) {
        return false;
    }
    if (!alloc->have_cspace || !alloc->have_utspace) {
        return true;
    }
    struct split_tally tally;
    /* What limits keep apart is no violation. */
    const bool limited = alloc->zeroed_bits || alloc->merge_lazily;
    const bool slots_ok = m->two_level ? cspace_two_level_check(m->two_level, violation)
                                       : cspace_single_level_check(&m->cspace, violation);
    return slots_ok && am_check_split(&m->utspace, &tally, violation) &&
           own_slots_ok(m, violation) && frame_slots_ok(m, violation) &&
           table_slots_ok(m, violation) && headroom_ok(m, violation) &&
           (limited || am_check_kept(&tally, violation));
}

const char *allocman_law_text(enum allocman_law law)
{
    switch (law) {
    case ALLOCMAN_LAWS_HOLD:
        return "all laws hold";
    case ALLOCMAN_LAW_L1_TREE:
        return "L1: each block is in one place of one split tree";
    case ALLOCMAN_LAW_L1_BYTES:
        return "L1: every byte is free, allocated or split";
    case ALLOCMAN_LAW_L1_LISTS:
        return "L1: every free block is in the list of its class";
    case ALLOCMAN_LAW_L1_NUMBERS:
        return "L1: every group is found by its number";
    case ALLOCMAN_LAW_L1_ADDRESSES:
        return "L1: every root is found by its address";
    case ALLOCMAN_LAW_L2_SLOTS:
        return "L2: the books of slots agree with themselves";
    case ALLOCMAN_LAW_L4_TOTALS:
        return "L4: running totals are exact";
    case ALLOCMAN_LAW_L5_HEADROOM:
        return "L5: headroom for growth is held between calls";
    case ALLOCMAN_LAW_L6_PAGES:
        return "L6: pages of book memory agree with themselves";
    case ALLOCMAN_LAW_L7_BOUNDS:
        return "L7: few wholly free groups are kept";
    }
    return "unknown law";
}
