/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/allocman.h>

#include "../internal.h"

int allocman_add_untypeds_from_timer_objects(allocman_t *alloc, timer_objects_t *to)
{
    cspacepath_t uts[MAX_OBJS];
    size_t size_bits[MAX_OBJS];
    uintptr_t paddr[MAX_OBJS];
    if (!to || to->nobjs > MAX_OBJS) {
        const bool held = am_hold(alloc);
        const int error = am_fail(alloc, ALLOCMAN_INVALID_ARGUMENT, to ? to->nobjs : 0, MAX_OBJS);
        am_let_go(alloc, held);
        return error;
    }
    if (!alloc->have_cspace) {
        return am_refuse(alloc, ALLOCMAN_NOT_ATTACHED);
    }
    for (size_t i = 0; i < to->nobjs; i++) {
        uts[i] = allocman_cspace_make_path(alloc, to->objs[i].obj.cptr);
        size_bits[i] = to->objs[i].obj.size_bits;
        paddr[i] = (uintptr_t)to->objs[i].region.base_addr;
    }
    return allocman_utspace_add_uts(alloc, to->nobjs, uts, size_bits, paddr, ALLOCMAN_UT_DEV);
}
