/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* From a static array to a working allocman.
 *
 * Each bootstrap is planned before anything is done: the plan is a calculation from the boot
 * information alone. The pool that is passed in holds the allocman and its managers and is never
 * freed; what is left of it is book memory. A bootstrap that fails leaves the pool and the
 * kernel as they were. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sel4/sel4.h>
#include <allocman/allocman.h>
#include <allocman/cspace/simple1level.h>
#include <allocman/cspace/single_level.h>
#include <allocman/mspace/fixed_pool.h>
#include <allocman/mspace/virtual_pool.h>
#include <allocman/mspace/dual_pool.h>
#include <allocman/utspace/split.h>

#ifdef ALLOCMAN_IN_TREE
#include <vspace/vspace.h>
#include <simple/simple.h>
#include <sel4platsupport/pmem.h>
#endif

/// The managers that a bootstrap puts at the front of the static pool, for tools that look at them.
struct bootstrap_managers {
    allocman_t allocman;          ///< the allocman itself; its address is what a bootstrap returns
    mspace_dual_pool_t mspace;    ///< book memory
    cspace_single_level_t cspace; ///< slots; unused after bootstrap_create_allocman
    utspace_split_t utspace;      ///< untyped memory; unused after bootstrap_create_allocman
};

/// Bytes of static pool that a bootstrap with `untypeds` untypeds needs at most, as a constant
/// expression: the managers, a record of 80 bytes for each untyped (64 on 32-bit), the table of
/// their numbers, the first parts of the slot bitmap, what the first page of a virtual pool needs,
/// and the page headers for all that.
#define ALLOCMAN_STATIC_POOL_BYTES(untypeds)                                                       \
    (ALLOCMAN_POOL_ALIGN_SLACK + sizeof(struct bootstrap_managers) +                               \
     ALLOCMAN_POOL_PAGED(ALLOCMAN_POOL_RECORDS(untypeds)))

#define ALLOCMAN_POOL_ALIGN_SLACK   16u ///< bytes lost when the array is not aligned to 16
#define ALLOCMAN_POOL_ROOT_BYTES    (sizeof(seL4_Word) == 8 ? 80u : 64u)   ///< bytes of a record
#define ALLOCMAN_POOL_ID_NODE_BYTES (sizeof(seL4_Word) == 8 ? 272u : 144u) ///< of 32 numbers
#define ALLOCMAN_POOL_START_BYTES   2560u ///< bytes for the first slots and the first virtual page
/// Bytes of all records of `untypeds` untypeds and of the start.
#define ALLOCMAN_POOL_RECORDS(untypeds)                                                            \
    ((untypeds)*ALLOCMAN_POOL_ROOT_BYTES +                                                         \
     ((untypeds) / 32u + 2u + (untypeds) / 1024u) * ALLOCMAN_POOL_ID_NODE_BYTES +                  \
     ALLOCMAN_POOL_START_BYTES)
/// The same with page headers, and with what stays unused at a page's end: less than one untyped's
/// record.
#define ALLOCMAN_POOL_PAGED(bytes) ((bytes) + ((bytes) / (4096u - 112u - 80u) + 1u) * (112u + 80u))

/// Bytes of static pool that a boot information needs.
///
/// Units:   bytes; equals ALLOCMAN_STATIC_POOL_BYTES of the number of untypeds.
/// Errors:  0 iff `bi` is NULL.
/// Cost:    constant.
/// Kernel:  none.
size_t bootstrap_pool_bytes(const seL4_BootInfo *bi);

/// Stay in the boot CSpace and take all boot untypeds.
///
/// Shape:   returns the allocman, at the start of the pool (rounded up to 16). Device untypeds are
///          ALLOCMAN_UT_DEV. The empty slots that `bi` tells belong to the allocman.
/// Errors:  NULL; bootstrap_use_bootinfo_why tells why.
/// Cost:    linear in the untypeds.
/// Kernel:  none.
allocman_t *bootstrap_use_bootinfo(seL4_BootInfo *bi, size_t pool_size, void *pool);

/// The same, and the reason of a failure.
///
/// Shape:   *why is written on failure only; it may be NULL.
/// Errors:  NULL: ALLOCMAN_INVALID_ARGUMENT iff bi or pool is NULL or bi contradicts itself;
///          ALLOCMAN_POOL_TOO_SMALL; ALLOCMAN_NO_RAM; ALLOCMAN_NO_SLOT iff there is no empty slot;
///          ALLOCMAN_INVALID_SIZE iff an untyped's size is impossible. The pool is as it was then.
/// Cost:    linear in the untypeds.
/// Kernel:  none.
allocman_t *bootstrap_use_bootinfo_why(seL4_BootInfo *bi, size_t pool_size, void *pool,
                                       struct allocman_failure *why);

/// Use a range of slots of a one-level CSpace that is described, without untypeds yet: add them
/// with allocman_utspace_add_uts.
///
/// Units:   cnode_size = log2 slots of the CNode; slots are [start_slot, end_slot).
/// Errors:  NULL; bootstrap_use_current_1level_why tells why.
/// Cost:    constant.
/// Kernel:  none.
allocman_t *bootstrap_use_current_1level(seL4_CPtr root_cnode, size_t cnode_size,
                                         seL4_CPtr start_slot, seL4_CPtr end_slot, size_t pool_size,
                                         void *pool);

/// The same, and the reason of a failure.
///
/// Errors:  NULL: ALLOCMAN_INVALID_ARGUMENT iff pool is NULL or the range does not lie in
///          the CNode; ALLOCMAN_NO_SLOT iff it is empty; ALLOCMAN_POOL_TOO_SMALL. The pool is as it
///          was then.
/// Kernel:  none.
allocman_t *bootstrap_use_current_1level_why(seL4_CPtr root_cnode, size_t cnode_size,
                                             seL4_CPtr start_slot, seL4_CPtr end_slot,
                                             size_t pool_size, void *pool,
                                             struct allocman_failure *why);

/// Only the book memory: attach managers of your own.
///
/// Errors:  NULL iff pool is NULL or too small for the managers' records.
/// Cost:    linear in the pages of the pool.
/// Kernel:  none.
allocman_t *bootstrap_create_allocman(size_t pool_size, void *pool);

/// Let book memory grow: give a bootstrapped allocman's pool its virtual half.
///
/// Shape:   [vstart, vstart + vsize) is ours from now on; nothing else may be mapped there.
/// Errors:  none returned, as published; allocman_last_failure tells ALLOCMAN_NO_VIRTUAL
///          iff the range has no whole page, ALLOCMAN_ALREADY_ATTACHED, ALLOCMAN_NOT_ATTACHED, or
///          what the headroom lacks (the pool is attached then, and takes its headroom as soon as
///          it can).
/// Cost:    one growth step.
/// Kernel:  Retypes for paging structures that are set aside, and one growth step.
void bootstrap_configure_virtual_pool(allocman_t *alloc, void *vstart, size_t vsize, seL4_CPtr pd);
