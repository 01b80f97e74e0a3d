/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Starts from what libsel4simple's interface describes. In-tree only; bootstrap.h includes it
 * there. A simple is asked during the call and not kept. */

#include <stddef.h>
#include <allocman/allocman.h>
#include <sel4platsupport/pmem.h>
#include <simple/simple.h>
#include <vspace/vspace.h>

/// Hand over all untypeds that `simple` knows, as allocman_add_simple_untypeds_with_regions does with
/// the platform's list of regions.
///
/// Errors:  as allocman_add_simple_untypeds_with_regions.
/// Cost:    likewise.
/// Kernel:  likewise.
int allocman_add_simple_untypeds(allocman_t *alloc, simple_t *simple);

/// Hand over all untypeds that `simple` knows. RAM that the kernel reports as device memory is told
/// by `region_list`: exactly what of a device untyped is in regions of PMEM_TYPE_RAM becomes
/// ALLOCMAN_UT_DEV_MEM, the rest ALLOCMAN_UT_DEV. An untyped that is both is cut into naturally
/// aligned pieces, each as large as can be, and its capability stays where it is: it must not be
/// revoked. One that is in use already is handed over whole, as ALLOCMAN_UT_DEV.
///
/// Shape:   regions may come in any order, overlap and lie beyond the untypeds; they are read only.
///          num_regions 0 or region_list NULL: what sel4platsupport_get_pmem_region_list tells.
/// Errors:  ALLOCMAN_INVALID_ARGUMENT, ALLOCMAN_INVALID_SIZE, ALLOCMAN_NOT_ATTACHED,
///          ALLOCMAN_ALREADY_ADDED; ALLOCMAN_NO_BOOK, ALLOCMAN_NO_SLOT; ALLOCMAN_KERNEL_REFUSED.
///          All is as it was then; but what a manager other than utspace/split.h took, it keeps.
/// Cost:    linear in the untypeds and pieces, for each; quadratic in the regions.
/// Kernel:  1 Retype a piece; 1 Delete a piece to undo.
int allocman_add_simple_untypeds_with_regions(allocman_t *alloc, simple_t *simple, int num_regions,
                                              pmem_region_t *region_list);

/// Stay in the CSpace that `simple` describes and take all its untypeds, as
/// allocman_add_simple_untypeds does.
///
/// Shape:   the slots above all capabilities that `simple` knows belong to the allocman.
/// Units:   pool_size = bytes.
/// Errors:  NULL; bootstrap_use_current_simple_why tells why.
/// Cost:    as allocman_add_simple_untypeds.
/// Kernel:  likewise.
allocman_t *bootstrap_use_current_simple(simple_t *simple, size_t pool_size, void *pool);

/// The same, and the reason of a failure.
///
/// Shape:   *why is written on failure only; it may be NULL.
/// Errors:  NULL: as bootstrap_use_current_1level_why and allocman_add_simple_untypeds;
///          ALLOCMAN_POOL_TOO_SMALL counts the pieces too. The pool can be used again, and the kernel
///          is as it was.
/// Kernel:  as allocman_add_simple_untypeds.
allocman_t *bootstrap_use_current_simple_why(simple_t *simple, size_t pool_size, void *pool,
                                             struct allocman_failure *why);

/// Make a new CSpace of one level, move every capability there that `simple` knows, scheduling control
/// included, and switch to it.
///
/// Shape:   every capability keeps its number, so that `simple` holds in the new CSpace; the slot of
///          its CNode holds the new one. The old root CNode stands in the first slot above them.
///          Slots above are handed out. Device untypeds are ALLOCMAN_UT_DEV.
/// Units:   l1size = log2 slots; pool_size = bytes.
/// Errors:  NULL; bootstrap_new_1level_simple_why tells why.
/// Cost:    linear in the capabilities, for each untyped.
/// Kernel:  as bootstrap_new_1level_bootinfo, and 1 Move a capability.
allocman_t *bootstrap_new_1level_simple(simple_t *simple, size_t l1size, size_t pool_size,
                                        void *pool);

/// The same, and the reason of a failure.
///
/// Errors:  NULL: as bootstrap_new_1level_bootinfo_why; everything is undone then, and the pool can be
///          used again.
/// Kernel:  as bootstrap_new_1level_simple; to undo, 1 Move each.
allocman_t *bootstrap_new_1level_simple_why(simple_t *simple, size_t l1size, size_t pool_size,
                                            void *pool, struct allocman_failure *why);

/// The same with a CSpace of two levels, which grows as slots are needed.
///
/// Units:   l1size, l2size = log2 slots of level one and of each second-level CNode.
/// Errors:  NULL; bootstrap_new_2level_simple_why tells why.
/// Kernel:  as bootstrap_new_1level_simple.
allocman_t *bootstrap_new_2level_simple(simple_t *simple, size_t l1size, size_t l2size,
                                        size_t pool_size, void *pool);

/// The same, and the reason of a failure.
///
/// Errors:  as bootstrap_new_1level_simple_why.
/// Kernel:  as bootstrap_new_1level_simple.
allocman_t *bootstrap_new_2level_simple_why(simple_t *simple, size_t l1size, size_t l2size,
                                            size_t pool_size, void *pool,
                                            struct allocman_failure *why);
