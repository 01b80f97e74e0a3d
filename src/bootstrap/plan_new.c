/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The plan of a new CSpace. Calculation only. */

#include <string.h>

#include "../bits.h"
#include "../cspace/index.h"
#include "../cspace/two_level.h"
#include "info.h"
#include "plan.h"

/* Pieces that a source can leave: each is larger than the one before. */
#define PIECES_MAX seL4_MaxUntypedBits

static int fail(struct allocman_failure *why, enum allocman_status status, seL4_Word needed,
                seL4_Word available)
{
    *why = (struct allocman_failure){
        .status = status, .needed = needed, .available = available, .kernel_error = seL4_NoError};
    return (int)status;
}

bool bootstrap_bootinfo_is_full(const seL4_BootInfo *bi)
{
    return bi && bi->untyped.end - bi->untyped.start >= CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS;
}

void am_bootstrap_census_initial(struct bootstrap_census *census, const seL4_BootInfo *bi)
{
    census->initial = true;
#ifdef CONFIG_KERNEL_MCS
    census->sched_control = bi->schedcontrol;
#else
    (void)bi;
#endif
}

void am_bootstrap_census(struct bootstrap_census *census, const seL4_BootInfo *bi)
{
    memset(census, 0, sizeof(*census));
    am_bootstrap_census_initial(census, bi);
    census->count = (size_t)(bi->untyped.end - bi->untyped.start);
    for (size_t i = 0; i < census->count; i++) { /* bounded by the boot information */
        census->ram[bi->untypedList[i].sizeBits] += !bi->untypedList[i].isDevice;
    }
}

/*@ requires at != 0 && source_bits < 64;
    assigns \nothing;
    ensures (at >> source_bits) != 0 ==> \result == 0;
    ensures (at >> source_bits) == 0 ==> \result == lowest(at); */
unsigned am_bootstrap_piece(unsigned source_bits, uint64_t at)
{
    return at >> source_bits ? 0 : am_lowest(at);
}

static unsigned largest_ram(const struct bootstrap_census *census)
{
    unsigned bits = seL4_MaxUntypedBits;
    while (bits > 0 && !census->ram[bits]) {
        bits--;
    }
    return bits;
}

/* Second levels for the start, and for the first steps of growth. */
static size_t second_levels(const struct bootstrap_census *census,
                            const struct bootstrap_new_plan *plan, size_t slots)
{
    const size_t held = am_two_level_held(largest_ram(census), plan->level_two_bits, true);
    const size_t per_level = (size_t)1 << plan->level_two_bits;
    const size_t all = (size_t)1 << plan->root_bits;
    const size_t wanted = (slots + 2 * held + 2 * per_level - 1) >> plan->level_two_bits;
    return wanted < all ? wanted : all;
}

/* Bytes that all CNodes take from the start of the source: level one comes first, and each begins at
 * a multiple of its size. */
static uint64_t cnode_bytes(const struct bootstrap_new_plan *plan)
{
    const uint64_t root = UINT64_C(1) << (plan->root_bits + seL4_SlotBits);
    const uint64_t second =
        plan->second_levels ? UINT64_C(1) << (plan->level_two_bits + seL4_SlotBits) : 0;
    return (root > second ? root : second) + plan->second_levels * second;
}

/* Choose the source: the smallest that does, so that no large one is cut. */
static int source_choose(struct bootstrap_new_plan *plan, const struct bootstrap_census *census,
                         struct allocman_failure *why)
{
    unsigned bits = am_highest(plan->cnode_bytes);
    bits += (plan->cnode_bytes & (plan->cnode_bytes - 1)) != 0;
    plan->source_bits = bits;
    while (plan->source_bits <= seL4_MaxUntypedBits && !census->ram[plan->source_bits]) {
        plan->source_bits++;
    }
    return plan->source_bits <= seL4_MaxUntypedBits
               ? ALLOCMAN_OK
               : fail(why, ALLOCMAN_NO_UNTYPED, bits, largest_ram(census));
}

/* Static pool for the records of the managers, and of the start while it lasts. */
static size_t pool_bytes(const struct bootstrap_new_plan *plan, size_t untypeds, size_t pieces)
{
    size_t bytes = ALLOCMAN_POOL_RECORDS(untypeds + pieces) + sizeof(struct bootstrap_info) +
                   untypeds * ((sizeof(struct bootstrap_untyped) + 15) & ~(size_t)15) +
                   sizeof(cspace_simple1level_t) +
                   sizeof(struct allocman_slot_leaf) *
                       (((size_t)plan->first_free >> ALLOCMAN_SLOT_LEAF_BITS) + 1);
    if (plan->level_two_bits) {
        struct cspace_two_level cspace = {.config = {.level_two_bits = plan->level_two_bits}};
        struct allocman_need need[ALLOCMAN_SLOT_NEEDS];
        cspace_two_level_runs.needs(&cspace, need);
        bytes += sizeof(cspace) + need[0].bytes * need[0].count + need[1].bytes * need[1].count +
                 plan->second_levels * (sizeof(struct cspace_two_level_node) + 16 +
                                        sizeof(struct allocman_slot_leaf)) +
                 am_index_nodes((size_t)1 << plan->root_bits, plan->second_levels) *
                     sizeof(struct allocman_index_node);
    }
    return ALLOCMAN_POOL_ALIGN_SLACK + sizeof(struct bootstrap_managers) +
           ALLOCMAN_POOL_PAGED(bytes);
}

/*@ assigns \nothing;
    ensures \result ==> 1 <= root_bits && root_bits + level_two_bits < 64 &&
            root_bits + seL4_SlotBits <= seL4_MaxUntypedBits &&
            level_two_bits + seL4_SlotBits <= seL4_MaxUntypedBits && (two_levels ==> level_two_bits >= 2);
    ensures two_levels && 1 <= root_bits <= 20 && 2 <= level_two_bits <= 20 ==> \result; */
static bool sizes_ok(size_t root_bits, size_t level_two_bits, bool two_levels)
{
    const size_t limit = seL4_MaxUntypedBits - seL4_SlotBits;
    return root_bits >= 1 && root_bits <= limit && (!two_levels || level_two_bits >= 2) &&
           level_two_bits <= limit && root_bits + level_two_bits < AM_WORD_BITS;
}

int am_bootstrap_plan_new(struct bootstrap_new_plan *plan, const struct bootstrap_census *census,
                          size_t root_bits, size_t level_two_bits, size_t pool_size,
                          struct allocman_failure *why)
{
    memset(plan, 0, sizeof(*plan));
    if (!sizes_ok(root_bits, level_two_bits, level_two_bits != 0)) {
        return fail(why, ALLOCMAN_INVALID_ARGUMENT, root_bits, level_two_bits);
    }
    if (largest_ram(census) == 0) {
        return fail(why, ALLOCMAN_NO_RAM, 0, 0);
    }
    plan->root_bits = root_bits;
    plan->level_two_bits = level_two_bits;
    plan->guard_bits = (unsigned)(AM_WORD_BITS - root_bits - level_two_bits);
    const seL4_SlotRegion *const sched = &census->sched_control;
    const bool beyond = sched->end > sched->start && sched->end > seL4_NumInitialCaps;
    plan->keeps = census->kept_last != 0;
    plan->old_root = plan->keeps ? census->kept_last + 1
                     : beyond    ? sched->end
                                 : seL4_NumInitialCaps;
    plan->first_untyped = plan->old_root + 1; /* the source is not moved there */
    plan->first_piece = plan->first_untyped + (plan->keeps ? 0 : census->count - 1);
    if (level_two_bits) {
        plan->second_levels =
            second_levels(census, plan, (size_t)plan->first_piece + 1 + PIECES_MAX);
    }
    plan->cnode_bytes = cnode_bytes(plan);
    const int error = source_choose(plan, census, why);
    if (error) {
        return error;
    }
    size_t pieces = 0;
    for (uint64_t at = plan->cnode_bytes; am_bootstrap_piece(plan->source_bits, at) != 0;
         at += UINT64_C(1) << am_lowest(at)) {
        pieces++; /* at most PIECES_MAX */
    }
    plan->first_free = plan->first_piece + pieces;
    plan->end =
        level_two_bits ? (seL4_Word)plan->second_levels << level_two_bits : AM_BIT(root_bits);
    if (plan->first_free >= plan->end) {
        return fail(why, ALLOCMAN_NO_SLOT, plan->first_free + 1, plan->end);
    }
    plan->pool_bytes = pool_bytes(plan, census->count, pieces);
    return pool_size >= plan->pool_bytes
               ? ALLOCMAN_OK
               : fail(why, ALLOCMAN_POOL_TOO_SMALL, plan->pool_bytes, pool_size);
}

size_t bootstrap_new_pool_bytes(const seL4_BootInfo *bi, size_t l1size, size_t l2size)
{
    struct bootstrap_new_plan plan;
    struct bootstrap_census census;
    struct allocman_failure why;
    if (am_bootstrap_check_bootinfo(bi, &why)) {
        return 0;
    }
    am_bootstrap_census(&census, bi);
    return am_bootstrap_plan_new(&plan, &census, l1size, l2size, ~(size_t)0, &why)
               ? 0
               : plan.pool_bytes;
}
