/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Reserves for a vspace manager that maps pages while nothing else is left. In-tree only. */

#include <allocman/allocman.h>

/// Hold the paging structures that one page can lack.
///
/// Errors:  none returned; allocman_last_failure tells what could not be had.
/// Cost:    constant.
/// Kernel:  as allocman_configure_utspace_reserve.
static inline void allocman_sel4_arch_configure_reservations(allocman_t *alloc)
{
#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT) && defined(CONFIG_ARM_PA_SIZE_BITS_40)
    const unsigned levels = 2; /* below the top: one less for guests' addresses of 40 bits */
#else
    const unsigned levels = 3;
#endif
    (void)allocman_configure_utspace_reserve(
        alloc,
        (struct allocman_utspace_chunk){seL4_PageTableBits, seL4_ARM_PageTableObject, levels});
}
