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
#include <allocman/cspace/two_level.h>
#include <allocman/mspace/fixed_pool.h>
#include <allocman/mspace/virtual_pool.h>
#include <allocman/mspace/dual_pool.h>
#include <allocman/utspace/split.h>
#include <allocman/utspace/twinkle.h>

#ifdef ALLOCMAN_IN_TREE
#include <allocman/bootstrap_simple.h>
#endif

/// The managers that a bootstrap puts at the front of the static pool, for tools that look at them.
struct bootstrap_managers {
    allocman_t allocman;           ///< the allocman itself; its address is what a bootstrap returns
    mspace_dual_pool_t mspace;     ///< book memory
    cspace_single_level_t cspace;  ///< slots; unused after bootstrap_create_allocman
    utspace_split_t utspace;       ///< untyped memory; unused after bootstrap_create_allocman
    cspace_two_level_t *two_level; ///< slots of a CSpace of two levels; `cspace` is unused then
    bool bootinfo_full;            ///< bootstrap_bootinfo_is_full: RAM may be missing
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
///          iff the range has no whole page, ALLOCMAN_OVERLAPS iff the static pool lies in it
///          (misuse), ALLOCMAN_ALREADY_ATTACHED, ALLOCMAN_NOT_ATTACHED, or
///          what the headroom lacks (the pool is attached then, and takes its headroom as soon as
///          it can).
/// Cost:    one growth step.
/// Kernel:  Retypes for paging structures that are set aside, and one growth step.
void bootstrap_configure_virtual_pool(allocman_t *alloc, void *vstart, size_t vsize, seL4_CPtr pd);

/// Was a boot information's list of untypeds full? The kernel drops what does not fit, RAM first,
/// and says so nowhere else; a bootstrap goes on with what is listed and notes it in
/// bootstrap_managers.bootinfo_full. A kernel with a larger KernelMaxNumBootinfoUntypedCaps tells
/// more.
///
/// Errors:  false iff `bi` is NULL.
/// Kernel:  none.
bool bootstrap_bootinfo_is_full(const seL4_BootInfo *bi);

/* --- a new CSpace ------------------------------------------------------------------------------
 *
 * The calling thread is switched to a CSpace of its own size, made from one of the untypeds. In the
 * new CSpace stand
 *
 *     1, 2, 3    the thread's TCB, the new root CNode, the thread's VSpace: at their usual numbers
 *     4..15      the other initial capabilities, at their usual numbers, if the start is described
 *                by a boot information; else nothing, and nothing is handed out
 *     16..       with MCS, one scheduling-control capability for each core, at its usual number
 *     then       the old root CNode: everything else stays in the old CSpace, at its number there
 *     then       the untypeds, moved; then slots to hand out
 *
 * Initial capabilities are copied, so they are good at their old place too; those that the kernel
 * does not copy (interrupt control, I/O port control) are moved.
 *
 * The untyped that the CNodes are made from stays in the old CSpace: who revokes it there destroys
 * the new one. The thread's fault handler is reset, as TCB_SetSpace does. A failure at any step is
 * undone, and the pool can be used again. */

/// A start that is described step by step.
typedef struct bootstrap_info bootstrap_info_t;

/// Bytes of static pool that a start in a new CSpace needs.
///
/// Units:   bytes; l1size and l2size = log2 slots; l2size 0: one level.
/// Errors:  0 iff `bi` is NULL or such a start is impossible; bootstrap_new_1level_bootinfo_why and
///          its sister tell why.
/// Cost:    linear in the untypeds.
/// Kernel:  none.
size_t bootstrap_new_pool_bytes(const seL4_BootInfo *bi, size_t l1size, size_t l2size);

/// Make a new CSpace of one level, move all boot untypeds there and switch to it.
///
/// Shape:   as bootstrap_use_bootinfo. If `old_cspace` is not NULL, *old_cspace describes the boot
///          CSpace as seen from the new one (its paths work there); give it back with
///          allocman_mspace_free(alloc, old, sizeof(*old)) when it is no longer needed.
/// Units:   cnode_size = log2 slots.
/// Errors:  NULL; bootstrap_new_1level_bootinfo_why tells why.
/// Cost:    linear in the untypeds.
/// Kernel:  1 Retype for each CNode and each piece that is left of the untyped that they are made
///          from, 1 Mint, 3 Copy, 1 Copy or 1 Copy and 1 Move an initial capability, 1 Move an
///          untyped, 1 SetSpace, 1 Delete; to undo, 1 Move for each of these and 1 Delete a CNode.
allocman_t *bootstrap_new_1level_bootinfo(seL4_BootInfo *bi, size_t cnode_size, size_t pool_size,
                                          void *pool, cspace_simple1level_t **old_cspace);

/// The same, and the reason of a failure.
///
/// Errors:  NULL: ALLOCMAN_INVALID_ARGUMENT, ALLOCMAN_INVALID_SIZE, ALLOCMAN_NO_RAM as
///          bootstrap_use_bootinfo_why; ALLOCMAN_NO_SLOT iff the new CSpace cannot hold what is
///          moved there and one slot more, or the old one has no empty slot;
///          ALLOCMAN_NO_UNTYPED iff no RAM untyped holds the new CNodes; ALLOCMAN_POOL_TOO_SMALL.
///          The pool is as it was then. ALLOCMAN_KERNEL_REFUSED iff the kernel refused a step.
/// Cost:    linear in the untypeds.
/// Kernel:  as bootstrap_new_1level_bootinfo.
allocman_t *bootstrap_new_1level_bootinfo_why(seL4_BootInfo *bi, size_t cnode_size,
                                              size_t pool_size, void *pool,
                                              cspace_simple1level_t **old_cspace,
                                              struct allocman_failure *why);

/// The same with a CSpace of two levels, which grows as slots are needed.
///
/// Shape:   as bootstrap_new_1level_bootinfo. Second levels that the start itself needs are made at
///          once and never given back.
/// Units:   l1size, l2size = log2 slots of level one and of each second-level CNode.
/// Errors:  NULL; bootstrap_new_2level_bootinfo_why tells why.
/// Cost:    linear in the untypeds.
/// Kernel:  as bootstrap_new_1level_bootinfo.
allocman_t *bootstrap_new_2level_bootinfo(seL4_BootInfo *bi, size_t l1size, size_t l2size,
                                          size_t pool_size, void *pool,
                                          cspace_simple1level_t **old_cspace);

/// The same, and the reason of a failure.
///
/// Errors:  as bootstrap_new_1level_bootinfo_why.
/// Kernel:  as bootstrap_new_1level_bootinfo.
allocman_t *bootstrap_new_2level_bootinfo_why(seL4_BootInfo *bi, size_t l1size, size_t l2size,
                                              size_t pool_size, void *pool,
                                              cspace_simple1level_t **old_cspace,
                                              struct allocman_failure *why);

/// Begin a start that is described step by step: then bootstrap_set_boot_cspace,
/// bootstrap_add_untypeds, and bootstrap_new_1level or bootstrap_new_2level.
///
/// Shape:   the result lies in the pool, and is gone when one of the last two succeeds.
/// Units:   pool_size = bytes.
/// Errors:  NULL iff pool is NULL or too small for the managers' records.
/// Cost:    linear in the pages of the pool.
/// Kernel:  none.
bootstrap_info_t *bootstrap_create_info(size_t pool_size, void *pool);

/// Describe the CSpace that the calling thread is in.
///
/// Shape:   `cspace` gives one slot, and gets it back; it is not used afterwards. `root_cnode` is
///          the path of a capability to its root CNode.
/// Errors:  ALLOCMAN_INVALID_ARGUMENT iff `bs` or a function of `cspace` is NULL.
/// Kernel:  none.
int bootstrap_set_boot_cspace(bootstrap_info_t *bs, cspace_interface_t cspace,
                              cspacepath_t root_cnode);

/// Name untypeds that will be moved to the new CSpace and handed to the untyped manager.
///
/// Shape:   `num` entries each; `paddr` may be NULL. Can be called again and again.
/// Units:   size_bits = log2 bytes.
/// Errors:  ALLOCMAN_INVALID_ARGUMENT, ALLOCMAN_INVALID_SIZE, ALLOCMAN_NO_BOOK; none of the
///          untypeds is noted then.
/// Cost:    linear in num; 48 bytes of the pool each, until the start is over.
/// Kernel:  none.
int bootstrap_add_untypeds(bootstrap_info_t *bs, size_t num, const cspacepath_t *uts,
                           size_t *size_bits, uintptr_t *paddr, bool isDevice);

/// Name all untypeds of a boot information.
///
/// Errors:  as bootstrap_add_untypeds; ALLOCMAN_NO_RAM iff there is no RAM among them.
/// Cost:    linear in the untypeds; 48 bytes of the pool each, until the start is over.
/// Kernel:  none.
int bootstrap_add_untypeds_from_bootinfo(bootstrap_info_t *bs, seL4_BootInfo *bi);

/// Make the new CSpace, of one level, and switch to it.
///
/// Shape:   `tcb` and `pd` are paths of the calling thread's TCB and of its VSpace, in the CSpace
///          that was described. *oldroot (if `oldroot` is not NULL) is the path of the old root
///          CNode in the new CSpace. After a failure `info` is as it was.
/// Units:   cnode_size = log2 slots.
/// Errors:  NULL; bootstrap_new_1level_why tells why.
/// Cost:    linear in the untypeds.
/// Kernel:  as bootstrap_new_1level_bootinfo.
allocman_t *bootstrap_new_1level(bootstrap_info_t *info, size_t cnode_size, cspacepath_t tcb,
                                 cspacepath_t pd, cspacepath_t *oldroot);

/// The same, and the reason of a failure.
///
/// Errors:  NULL: ALLOCMAN_NOT_ATTACHED iff no CSpace was described; else as
///          bootstrap_new_1level_bootinfo_why.
/// Kernel:  as bootstrap_new_1level_bootinfo.
allocman_t *bootstrap_new_1level_why(bootstrap_info_t *info, size_t cnode_size, cspacepath_t tcb,
                                     cspacepath_t pd, cspacepath_t *oldroot,
                                     struct allocman_failure *why);

/// The same with a CSpace of two levels.
///
/// Units:   l1size, l2size = log2 slots of level one and of each second-level CNode.
/// Errors:  NULL; bootstrap_new_2level_why tells why.
/// Kernel:  as bootstrap_new_1level_bootinfo.
allocman_t *bootstrap_new_2level(bootstrap_info_t *info, size_t l1size, size_t l2size,
                                 cspacepath_t tcb, cspacepath_t pd, cspacepath_t *oldroot);

/// The same, and the reason of a failure.
///
/// Errors:  as bootstrap_new_1level_why.
/// Kernel:  as bootstrap_new_1level_bootinfo.
allocman_t *bootstrap_new_2level_why(bootstrap_info_t *info, size_t l1size, size_t l2size,
                                     cspacepath_t tcb, cspacepath_t pd, cspacepath_t *oldroot,
                                     struct allocman_failure *why);
