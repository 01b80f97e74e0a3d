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
/* Slots that the CNodes of one source have at most. */
#define SLOTS_MAX AM_BIT(seL4_MaxUntypedBits - seL4_SlotBits)

/*@ requires \valid(why);
    assigns *why;
    ensures \result == (int)status;
    ensures why->status == status && why->needed == needed && why->available == available &&
            why->kernel_error == seL4_NoError; */
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
    ensures (at >> source_bits) == 0 ==> \result == lowest(at);
    ensures \result != 0 ==> at + (1 << \result) <= (1 << source_bits) && at % (1 << \result) == 0; */
unsigned am_bootstrap_piece(unsigned source_bits, uint64_t at)
{
    return at >> source_bits ? 0 : am_lowest(at);
}

/*@ requires \valid_read(census);
    assigns \nothing;
    ensures \result <= seL4_MaxUntypedBits && (\result > 0 ==> census->ram[\result] != 0);
    ensures \forall integer i; \result < i <= seL4_MaxUntypedBits ==> census->ram[i] == 0; */
/* Log2 bytes of the largest untyped of RAM; 0: there is none. */
static unsigned largest_ram(const struct bootstrap_census *census)
{
    unsigned bits = seL4_MaxUntypedBits;
    /*@ loop invariant bits <= seL4_MaxUntypedBits;
        loop invariant \forall integer i; bits < i <= seL4_MaxUntypedBits ==> census->ram[i] == 0;
        loop assigns bits;
        loop variant bits; */
    while (bits > 0 && !census->ram[bits]) {
        bits--;
    }
    return bits;
}

/*@ predicate all_kept(struct bootstrap_census *census, integer last) =
        census->kept_last != 0 ? last == census->kept_last
        : last >= seL4_NumInitialCaps - 1 &&
          (census->sched_control.start < census->sched_control.end ==> last >= census->sched_control.end - 1); */

/*@ requires \valid_read(census);
    assigns \nothing;
    ensures all_kept(census, \result); */
/* The last slot that keeps its number: what is put elsewhere goes behind it. */
static seL4_Word last_kept(const struct bootstrap_census *census)
{
    const seL4_SlotRegion *const sched = &census->sched_control;
    const bool beyond = sched->end > sched->start && sched->end > seL4_NumInitialCaps;
    return census->kept_last ? census->kept_last
           : beyond          ? sched->end - 1
                             : seL4_NumInitialCaps - 1;
}

/*@ requires \valid_read(census) && \valid_read(plan);
    requires plan->root_bits <= 42 && plan->level_two_bits <= 42 && slots <= SLOTS_MAX * 2;
    assigns \nothing;
    ensures 1 <= \result <= (1 << plan->root_bits);
    ensures (\result << plan->level_two_bits) <= slots + 2048 + 2 * (1 << plan->level_two_bits);
    ensures \result < (1 << plan->root_bits) ==> slots <= (\result << plan->level_two_bits); */
/* Second levels for the start, and for the first steps of growth. */
static size_t second_levels(const struct bootstrap_census *census,
                            const struct bootstrap_new_plan *plan, size_t slots)
{
    const size_t held = am_two_level_held(largest_ram(census), plan->level_two_bits, true);
    const size_t per_level = (size_t)1 << plan->level_two_bits;
    const size_t all = (size_t)1 << plan->root_bits;
    //@ assert per_level == (1 << plan->level_two_bits) && all == (1 << plan->root_bits);
    //@ assert 1 <= per_level <= SLOTS_MAX && 1 <= all <= SLOTS_MAX;
    const size_t beside = 2 * held + 2 * per_level - 1; /* slots, with what rounds up */
    //@ assert beside == 2 * held + 2 * per_level - 1;
    const size_t wanted = (slots + beside) >> plan->level_two_bits;
    //@ assert (wanted << plan->level_two_bits) <= slots + 2 * held + 2 * per_level;
    //@ assert slots <= (wanted << plan->level_two_bits) && wanted >= 1;
    //@ assert all <= wanted ==> (all << plan->level_two_bits) <= slots + 2 * held + 2 * per_level;
    return wanted < all ? wanted : all;
}

/*@ // Where the second levels begin: a multiple of their size.
    logic integer cnodes_start(struct bootstrap_new_plan *plan) =
        \max(1 << (plan->root_bits + seL4_SlotBits), 1 << (plan->level_two_bits + seL4_SlotBits)); */

/*@ requires \valid_read(plan);
    requires plan->root_bits <= 42 && plan->level_two_bits <= 42;
    requires (plan->second_levels << plan->level_two_bits) <= 0x100000000000;
    assigns \nothing;
    ensures plan->second_levels == 0 ==> \result == (1 << (plan->root_bits + seL4_SlotBits));
    ensures plan->second_levels != 0 ==>
            \result == cnodes_start(plan) + (plan->second_levels << (plan->level_two_bits + seL4_SlotBits));
    ensures plan->second_levels != 0 ==> cnodes_start(plan) % (1 << (plan->level_two_bits + seL4_SlotBits)) == 0;
    ensures 1 < \result <= 0x4000000000000; */
/* Bytes that all CNodes take from the start of the source: level one comes first, and each begins at
 * a multiple of its size. */
static uint64_t cnode_bytes(const struct bootstrap_new_plan *plan)
{
    const uint64_t root = UINT64_C(1) << (plan->root_bits + seL4_SlotBits);
    const uint64_t second =
        plan->second_levels ? UINT64_C(1) << (plan->level_two_bits + seL4_SlotBits) : 0;
    const uint64_t first = root > second ? root : second; /* where the second levels begin */
    //@ assert root == (1 << (plan->root_bits + seL4_SlotBits)) && root <= 0x800000000000;
    //@ assert plan->second_levels ==> second == (1 << (plan->level_two_bits + seL4_SlotBits));
    //@ assert plan->second_levels ==> second == 32 * (1 << plan->level_two_bits) <= 0x800000000000;
    //@ assert plan->second_levels ==> first == cnodes_start(plan);
    //@ assert 32 <= first <= 0x800000000000;
    //@ assert 0 < second < root ==> plan->level_two_bits <= plan->root_bits;
    //@ assert 0 < second < root ==> root % second == 0;
    //@ assert 0 < second ==> second % second == 0;
    //@ assert 0 <= (plan->second_levels << (plan->level_two_bits + 5)) <= 0x2000000000000;
    /*@ assert (plan->second_levels << (plan->level_two_bits + 5)) ==
               plan->second_levels * (1 << (plan->level_two_bits + 5)); */
    //@ assert plan->second_levels * second == plan->second_levels << (plan->level_two_bits + 5);
    return first + plan->second_levels * second;
}

/*@ requires \valid(plan) && \valid_read(census) && \valid(why) && \separated(plan, census, why);
    requires 1 < plan->cnode_bytes <= 0x4000000000000;
    assigns plan->source_bits, *why;
    ensures \result == ALLOCMAN_OK || \result == ALLOCMAN_NO_UNTYPED;
    ensures \result == ALLOCMAN_OK ==> plan->source_bits <= seL4_MaxUntypedBits &&
            census->ram[plan->source_bits] != 0;
    ensures \result == ALLOCMAN_OK ==> plan->cnode_bytes <= (1 << plan->source_bits);
    ensures \result == ALLOCMAN_OK ==> \forall integer i;
            0 <= i < plan->source_bits && plan->cnode_bytes <= (1 << i) ==> census->ram[i] == 0;
    ensures \result == ALLOCMAN_OK ==> why->status == \old(why->status) && why->needed == \old(why->needed) &&
            why->available == \old(why->available) && why->kernel_error == \old(why->kernel_error);
    ensures \result != ALLOCMAN_OK ==> why->status == ALLOCMAN_NO_UNTYPED &&
            plan->cnode_bytes <= (1 << why->needed) &&
            (why->needed > 0 ==> (1 << (why->needed - 1)) < plan->cnode_bytes);
    ensures \result != ALLOCMAN_OK ==> why->available < why->needed; */
/* Choose the source: the smallest that does, so that no large one is cut. */
static int source_choose(struct bootstrap_new_plan *plan, const struct bootstrap_census *census,
                         struct allocman_failure *why)
{
    const unsigned highest = am_highest(plan->cnode_bytes);
    const bool is_power = (plan->cnode_bytes & (plan->cnode_bytes - 1)) == 0;
    const unsigned least = highest + !is_power;
    unsigned bits = least;
    //@ assert is_power <==> plan->cnode_bytes == (1 << highest);
    //@ assert plan->cnode_bytes <= (1 << least);
    //@ assert \forall integer i; 0 <= i < least ==> (1 << i) < plan->cnode_bytes;
    /*@ loop invariant least <= bits && (bits <= seL4_MaxUntypedBits + 1 || bits == least);
        loop invariant \forall integer i; least <= i < bits && i <= seL4_MaxUntypedBits ==>
                       census->ram[i] == 0;
        loop assigns bits;
        loop variant 64 - bits; */
    while (bits <= seL4_MaxUntypedBits && !census->ram[bits]) {
        bits++;
    }
    plan->source_bits = bits;
    //@ assert plan->cnode_bytes <= (1 << least) <= (1 << bits);
    return bits <= seL4_MaxUntypedBits ? ALLOCMAN_OK
                                       : fail(why, ALLOCMAN_NO_UNTYPED, least, largest_ram(census));
}

/*@ requires at != 0 && source_bits < 64;
    assigns \nothing;
    ensures \result <= source_bits; */
/* Pieces from byte `at` of a source on. */
static size_t pieces_of(unsigned source_bits, uint64_t at)
{
    size_t pieces = 0;
    /*@ loop invariant at != 0 && (at >> source_bits) == 0 ==> pieces <= lowest(at);
        loop invariant at != 0 && pieces <= source_bits;
        loop assigns at, pieces;
        loop variant source_bits - pieces; */
    for (; am_bootstrap_piece(source_bits, at) != 0; at += UINT64_C(1) << am_lowest(at)) {
        //@ assert lowest(at) < source_bits;
        pieces++; /* each is larger than the one before */
    }
    return pieces;
}

/*@ requires \valid_read(plan);
    assigns \nothing; // assumed: it calls through a pointer
*/
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

/*@ // What is put into the new CSpace lies behind what keeps its number, and in a row.
    predicate in_a_row(struct bootstrap_new_plan *plan, struct bootstrap_census *census) =
        all_kept(census, plan->old_root - 1) && plan->first_untyped == plan->old_root + 1 &&
        plan->first_piece == plan->first_untyped + (census->kept_last != 0 ? 0 : census->count - 1); */

/*@ requires \valid(plan) && \valid_read(census) && \separated(plan, census);
    requires 0 < census->count <= UINT32_MAX && last < SLOTS_MAX && all_kept(census, last);
    assigns plan->keeps, plan->old_root, plan->first_untyped, plan->first_piece;
    ensures in_a_row(plan, census);
    ensures plan->first_piece <= SLOTS_MAX + UINT32_MAX; */
/* Give slots to what has none yet. */
static void slots_place(struct bootstrap_new_plan *plan, const struct bootstrap_census *census,
                        seL4_Word last)
{
    plan->keeps = census->kept_last != 0;
    plan->old_root = last + 1;
    plan->first_untyped = plan->old_root + 1; /* the source is not moved there */
    plan->first_piece = plan->first_untyped + (plan->keeps ? 0 : census->count - 1);
}

/*@ requires \valid(plan) && \valid_read(census) && \valid(why) && \separated(plan, census, why);
    requires census->count <= UINT32_MAX;
    requires \forall integer i; 0 < i <= seL4_MaxUntypedBits && census->ram[i] != 0 ==> census->count > 0;
    assigns *plan, *why;
    ensures \result == ALLOCMAN_OK ==> plan->root_bits == root_bits && plan->level_two_bits == level_two_bits;
    ensures \result == ALLOCMAN_OK ==> in_a_row(plan, census);
    ensures \result == ALLOCMAN_OK ==> plan->first_piece <= plan->first_free < plan->end;
    ensures \result == ALLOCMAN_OK ==> plan->source_bits <= seL4_MaxUntypedBits &&
            census->ram[plan->source_bits] != 0;
    ensures \result == ALLOCMAN_OK ==> plan->cnode_bytes <= (1 << plan->source_bits);
    ensures \result == ALLOCMAN_OK ==> plan->pool_bytes <= pool_size; */
int am_bootstrap_plan_new(struct bootstrap_new_plan *plan, const struct bootstrap_census *census,
                          size_t root_bits, size_t level_two_bits, size_t pool_size,
                          struct allocman_failure *why)
{
    *plan = (struct bootstrap_new_plan){.root_bits = root_bits, .level_two_bits = level_two_bits};
    if (!sizes_ok(root_bits, level_two_bits, level_two_bits != 0)) {
        return fail(why, ALLOCMAN_INVALID_ARGUMENT, root_bits, level_two_bits);
    }
    if (largest_ram(census) == 0) {
        return fail(why, ALLOCMAN_NO_RAM, 0, 0);
    }
    plan->guard_bits = (unsigned)(AM_WORD_BITS - root_bits - level_two_bits);
    const seL4_Word last = last_kept(census);
    if (last >= SLOTS_MAX) { /* far more than can be: sums of it would wrap */
        return fail(why, ALLOCMAN_NO_SLOT, last, SLOTS_MAX);
    }
    slots_place(plan, census, last);
    if (level_two_bits) {
        plan->second_levels =
            second_levels(census, plan, (size_t)plan->first_piece + 1 + PIECES_MAX);
    }
    plan->cnode_bytes = cnode_bytes(plan);
    //@ assert in_a_row(plan, census);
    const int error = source_choose(plan, census, why);
    //@ assert plan->root_bits == root_bits && plan->level_two_bits == level_two_bits;
    //@ assert in_a_row(plan, census);
    if (error) {
        return error;
    }
    const size_t pieces = pieces_of(plan->source_bits, plan->cnode_bytes);
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
