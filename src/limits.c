/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Bounds on what one call may cost the kernel. The untyped manager keeps to them. */

#include <allocman/allocman.h>
#include <allocman/extensions.h>
#include <allocman/utspace/split.h>

#include "growth.h"
#include "internal.h"

/* The kernel zeroes in pieces of this many bytes, log2 (CONFIG_RESET_CHUNK_BITS). */
#define ZEROED_BITS_MIN 8u

static bool has_limits(const allocman_t *alloc)
{
    return alloc->untyped_reclaim && alloc->untyped_reclaim->divide;
}

int allocman_set_limits(allocman_t *alloc, const struct allocman_limits *limits)
{
    const struct allocman_limits none = {0};
    limits = limits ? limits : &none;
    if ((limits->zeroed_bits && limits->zeroed_bits < ZEROED_BITS_MIN) ||
        limits->zeroed_bits > seL4_MaxUntypedBits ||
        limits->fan_out_bits > ALLOCMAN_SPLIT_FAN_OUT_BITS || alloc->in_call) {
        return am_refuse(alloc, ALLOCMAN_INVALID_ARGUMENT);
    }
    if (!has_limits(alloc)) {
        return am_refuse(alloc, ALLOCMAN_NOT_ATTACHED);
    }
    const bool held = am_hold(alloc);
    alloc->zeroed_bits = (unsigned char)limits->zeroed_bits;
    alloc->fan_out_bits = (unsigned char)limits->fan_out_bits;
    alloc->merge_lazily = limits->merge_lazily;
    allocman_reclaim(alloc);
    am_let_go(alloc, held);
    return ALLOCMAN_OK;
}

/* Divide one block; where book memory lacks for that, let it grow. */
static int divide_one(allocman_t *alloc)
{
    int status = alloc->untyped_reclaim->divide(alloc, alloc->utspace.utspace, alloc->zeroed_bits);
    if (status == ALLOCMAN_NO_BOOK) {
        status = am_grow(alloc, status);
    }
    return status;
}

int allocman_prepare(allocman_t *alloc)
{
    if (!has_limits(alloc)) {
        return am_refuse(alloc, ALLOCMAN_NOT_ATTACHED);
    }
    if (!alloc->zeroed_bits || !am_call_enter(alloc)) {
        return ALLOCMAN_OK;
    }
    alloc->unlimited = true;
    int status;
    do { /* each turn divides a block, brings a page for that, or sets something aside */
        status = divide_one(alloc);
    } while (status == ALLOCMAN_OK || status == ALLOCMAN_PARTLY_USED ||
             status == ALLOCMAN_SLOT_NOT_ALLOCATED);
    alloc->unlimited = false;
    return am_call_leave(alloc, status == ALLOCMAN_NO_UNTYPED ? ALLOCMAN_OK
                                                              : am_fail_slots(alloc, status));
}
