/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "plan.h"

#include "../bits.h"

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

size_t bootstrap_pool_bytes(const seL4_BootInfo *bi)
{
    return bi ? ALLOCMAN_STATIC_POOL_BYTES((size_t)(bi->untyped.end - bi->untyped.start)) : 0;
}

int am_bootstrap_plan(struct bootstrap_plan *plan, size_t pool_size, void *pool,
                      struct cspace_single_level_config cspace, size_t untypeds,
                      struct allocman_failure *why)
{
    const size_t needed = ALLOCMAN_STATIC_POOL_BYTES(untypeds);
    const uintptr_t start = ((uintptr_t)pool + 15) & ~(uintptr_t)15;
    const uintptr_t book = (start + sizeof(struct bootstrap_managers) + 15) & ~(uintptr_t)15;
    if (!pool || (uintptr_t)pool + pool_size < (uintptr_t)pool) {
        return fail(why, ALLOCMAN_INVALID_ARGUMENT, 0, 0);
    }
    if (cspace.first_slot == cspace.end_slot) {
        return fail(why, ALLOCMAN_NO_SLOT, 1, 0);
    }
    if (cspace.first_slot > cspace.end_slot || cspace.cnode_size_bits >= AM_WORD_BITS ||
        cspace.end_slot > AM_BIT(cspace.cnode_size_bits)) {
        return fail(why, ALLOCMAN_INVALID_ARGUMENT, cspace.end_slot, cspace.cnode_size_bits);
    }
    if (pool_size < needed) {
        return fail(why, ALLOCMAN_POOL_TOO_SMALL, needed, pool_size);
    }
    plan->managers = (struct bootstrap_managers *)start;
    plan->book = (struct mspace_fixed_pool_config){
        .pool = (void *)book, .size = (size_t)((uintptr_t)pool + pool_size - book)};
    plan->cspace = cspace;
    return ALLOCMAN_OK;
}

int am_bootstrap_check_bootinfo(const seL4_BootInfo *bi, struct allocman_failure *why)
{
    if (!bi || bi->untyped.start > bi->untyped.end || bi->empty.start > bi->empty.end ||
        (bi->untyped.start < bi->empty.end && bi->empty.start < bi->untyped.end) ||
        bi->untyped.end - bi->untyped.start > CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS) {
        return fail(why, ALLOCMAN_INVALID_ARGUMENT, 0, 0);
    }
#ifdef CONFIG_KERNEL_MCS
    const seL4_SlotRegion sched = bi->schedcontrol;
    if (sched.start > sched.end || (sched.start < sched.end && sched.start < seL4_NumInitialCaps)) {
        return fail(why, ALLOCMAN_INVALID_ARGUMENT, sched.start, sched.end);
    }
#endif
    bool ram = false;
    for (seL4_Word i = 0; i < bi->untyped.end - bi->untyped.start; i++) { /* bounded just above */
        const unsigned bits = bi->untypedList[i].sizeBits;
        if (bits < seL4_MinUntypedBits || bits > seL4_MaxUntypedBits) {
            return fail(why, ALLOCMAN_INVALID_SIZE, bits, bi->untyped.start + i);
        }
        ram = ram || !bi->untypedList[i].isDevice;
    }
    return ram ? ALLOCMAN_OK : fail(why, ALLOCMAN_NO_RAM, 0, 0);
}
