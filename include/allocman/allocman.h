/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* allocman: capability slots, untyped memory and book memory from one place.
 *
 * Three managers are attached to an allocman, and each may need the other two: a slot manager wants
 * book memory for its bitmap, an untyped manager slots and book memory for a split, book memory
 * a frame and a slot for it. The allocman stands between them and sees to it that this never
 * becomes a circle: a call first collects everything that it needs and only then asks the kernel
 * for anything; what lacks is grown first, from headroom that no caller can take (DESIGN.md, law
 * L5). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>
#include <allocman/hooks.h>
#include <allocman/limits.h>
#include <allocman/status.h>
#include <allocman/util.h>
#include <allocman/cspace/cspace.h>
#include <allocman/mspace/mspace.h>
#include <allocman/utspace/utspace.h>
#include <vka/cspacepath_t.h>

#ifdef ALLOCMAN_IN_TREE
#include <assert.h>
#include <autoconf.h>
#include <sel4platsupport/timer.h>
#endif

struct allocman_slot_runs;
struct allocman_slot_growth;
struct allocman_book_growth;
struct allocman_untyped_reclaim;

/// A reserve of book memory: pieces that nested requests can take when all else is gone.
struct allocman_mspace_chunk {
    size_t size;  ///< bytes of one piece
    size_t count; ///< pieces
};

/// A reserve of untyped memory for objects of one size and type.
struct allocman_utspace_chunk {
    size_t size_bits; ///< log2 bytes in memory, also for CNodes
    seL4_Word type;   ///< object type; others of at most that size are served too
    size_t count;     ///< pieces
};

/// Pieces of one kind that are held in reserve. Private.
struct allocman_reserve {
    struct allocman_reserve *next;       ///< next reserve
    struct allocman_reserve_item *held;  ///< pieces held
    struct allocman_reserve_item *empty; ///< pieces that were taken and are to be had again
    size_t size;                         ///< bytes (book), log2 bytes (untyped), unused (slots)
    size_t count;                        ///< pieces held
    size_t wanted;                       ///< pieces configured
};

/// Counters that only grow; for reports and tests.
struct allocman_counts {
    size_t misuse;         ///< calls that were refused as misuse, and repairs after misuse
    size_t growths;        ///< growth steps of book memory
    size_t reserve_pieces; ///< pieces taken from a configured reserve
};

/// Records of one kind that growth can need at worst, and those held for it (law L5). Private.
struct allocman_headroom {
    uint32_t bytes;  ///< bytes of one record
    uint16_t wanted; ///< records that one growth step can need
    uint16_t held;   ///< records held
    void *first;     ///< the first of them; each begins with the address of the next
};

#define ALLOCMAN_HEADROOM_KINDS 7 ///< of records: 2 of slots, 3 of untyped memory, 2 of the pool

/// One allocator. Callers may keep it in static storage; `mspace`, `cspace` and `utspace` may be
/// interposed on, everything below them is private.
typedef struct allocman {
    struct mspace_interface mspace;   ///< book memory
    struct cspace_interface cspace;   ///< slots
    struct utspace_interface utspace; ///< untyped memory

    bool have_mspace;   ///< allocman_create was called
    bool have_cspace;   ///< a slot manager is attached
    bool have_utspace;  ///< an untyped manager is attached
    bool in_call;       ///< a call is in progress: whatever comes now is a manager's nested request
    bool in_mspace;     ///< the book memory manager's alloc is on the stack
    bool in_growth;     ///< a growth step of book memory is in progress
    bool in_release;    ///< surplus is being worked off
    bool growth_due;    ///< book memory told of its growth in this call: hold headroom for it
    bool slots_low;     ///< the slot manager wants to grow at the end of the call in progress
    bool failure_noted; ///< the call in progress has noted its failure
    bool failure_kept;  ///< the failure there is stays, whatever fails now
    bool lock_due;      ///< the call in progress took the lock, and gives it back

    bool merge_lazily;          ///< the limits, as in struct allocman_limits
    bool unlimited;             ///< the call in progress has no limits
    unsigned char zeroed_bits;  ///< as there
    unsigned char fan_out_bits; ///< as there

    struct allocman_lock lock; ///< keeps other threads out; no functions: there is none
    seL4_Word lock_owner;      ///< IPC buffer of the thread that holds it, or 0
    allocman_report_fn report; ///< is told of misuse, or NULL
    void *report_cookie;       ///< passed to it

    const struct allocman_slot_runs *slot_runs;             ///< slot manager's extension
    const struct allocman_slot_growth *slot_growth;         ///< slot manager's other extension
    const struct allocman_book_growth *book_growth;         ///< book memory's extension
    const struct allocman_untyped_reclaim *untyped_reclaim; ///< untyped manager's extension

    void *book_freed;      ///< book memory that the call in progress gave back last, or NULL
    size_t shortage_bytes; ///< bytes: what book memory could not give within the call in progress
    struct allocman_headroom headroom[ALLOCMAN_HEADROOM_KINDS]; ///< records held for growth; law L5

    struct allocman_reserve *book_reserves;    ///< configured reserves of book memory
    struct allocman_reserve *untyped_reserves; ///< configured reserves of untyped memory
    struct allocman_reserve slot_reserve;      ///< configured reserve of slots
    struct allocman_reserve_item *loans;       ///< pieces of book and untyped memory that are out
    struct allocman_reserve_item
        *surplus;          ///< pieces that a full reserve gets back; NULL between calls
    size_t reserves_short; ///< pieces that are to be had again

    struct allocman_failure failure;        ///< the last failure
    struct allocman_failure failure_before; ///< the one before the call in progress
    struct allocman_counts counts;          ///< what happened so far
} allocman_t;

/// Make an allocman that has book memory and nothing else.
///
/// Shape:   *alloc is overwritten; it has no destructor, drop it when the memory is yours again.
/// Errors:  ALLOCMAN_INVALID_ARGUMENT iff `alloc` or a function of `mspace` is NULL;
///          nothing is written then.
/// Cost:    constant.
/// Kernel:  none.
int allocman_create(allocman_t *alloc, struct mspace_interface mspace);

/// Attach the slot manager.
///
/// Errors:  ALLOCMAN_ALREADY_ATTACHED iff one is attached; ALLOCMAN_INVALID_ARGUMENT iff a
///          function is NULL; ALLOCMAN_NOT_ATTACHED iff there is no book memory. Nothing is changed
///          then.
/// Cost:    constant.
/// Kernel:  none.
int allocman_attach_cspace(allocman_t *alloc, struct cspace_interface cspace);

/// Attach the untyped manager.
///
/// Errors:  as allocman_attach_cspace.
/// Cost:    constant.
/// Kernel:  none.
int allocman_attach_utspace(allocman_t *alloc, struct utspace_interface utspace);

/// Take book memory: ordinary memory for records, aligned to 16 bytes.
///
/// Units:   bytes, at least 1; one request can have what the static pool has in one piece, or
///          1,011,728 bytes of the virtual pool.
/// Errors:  NULL, and *error (if `error` is not NULL): ALLOCMAN_INVALID_SIZE iff bytes is 0;
///          ALLOCMAN_NO_BOOK, ALLOCMAN_NO_VIRTUAL, ALLOCMAN_NO_SLOT or ALLOCMAN_NO_UNTYPED: what
///          could not be had even after growth. Nothing that can still be had is lost.
/// Cost:    constant, but for growth: one page a step.
/// Kernel:  none without growth; a page costs a Retype, a Map and what pulling one page out of
///          untyped memory costs (see allocman_utspace_alloc), and a Retype and a Map for each
///          paging structure that is missing.
void *allocman_mspace_alloc(allocman_t *alloc, size_t bytes, int *error);

/// Give book memory back.
///
/// Needs:   `ptr` came from allocman_mspace_alloc for the same `bytes`; NULL is let pass.
/// Errors:  none; what is no live block is counted as misuse (ALLOCMAN_BAD_POINTER) and
///          changes nothing.
/// Cost:    constant.
/// Kernel:  none, but one Delete (and merges) when a page of the virtual pool is given back.
void allocman_mspace_free(allocman_t *alloc, void *ptr, size_t bytes);

/// Take an empty capability slot.
///
/// Shape:   *slot is written on success only.
/// Errors:  ALLOCMAN_NO_SLOT; ALLOCMAN_NO_BOOK iff the bitmap has to grow and cannot;
///          ALLOCMAN_NOT_ATTACHED; ALLOCMAN_INVALID_ARGUMENT iff `slot` is NULL. After an error all
///          is as it was, or merged.
/// Cost:    constant.
/// Kernel:  none without growth or merges.
int allocman_cspace_alloc(allocman_t *alloc, cspacepath_t *slot);

/// Give a slot back. The caller has emptied it.
///
/// Errors:  none; a slot that is not allocated is counted as misuse and changes nothing.
/// Cost:    constant.
/// Kernel:  none.
void allocman_cspace_free(allocman_t *alloc, const cspacepath_t *slot);

/// The path of a slot that this allocman's CSpace handed out: make_path(p.capPtr) == p.
///
/// Errors:  an all-zero path iff there is no slot manager.
/// Cost:    constant.
/// Kernel:  none.
cspacepath_t allocman_cspace_make_path(allocman_t *alloc, seL4_CPtr slot);

/// Make a kernel object in an empty slot.
///
/// Shape:   returns the cookie to give to allocman_utspace_free; never 0, never ~0.
/// Units:   size_bits = log2 bytes in memory, also for CNodes.
/// Errors:  0, and *error (if `error` is not NULL): ALLOCMAN_INVALID_SIZE, ALLOCMAN_INVALID_TYPE,
///          ALLOCMAN_INVALID_ARGUMENT; ALLOCMAN_NO_UNTYPED, ALLOCMAN_NO_SLOT or ALLOCMAN_NO_BOOK:
///          what ran out; ALLOCMAN_SLOT_OCCUPIED; ALLOCMAN_KERNEL_REFUSED. After an error
///          everything that is live and all that can be had is as before, but for merges.
/// Cost:    constant, plus one step per split of the way from the block found to size_bits.
/// Kernel:  1 Retype; plus one Retype per split, at most (difference of log2 sizes) / 2 +
///          1; on refusal one Revoke to undo. When memory runs short, one Revoke for each group
///          that can be merged.
seL4_Word allocman_utspace_alloc(allocman_t *alloc, size_t size_bits, seL4_Word type,
                                 const cspacepath_t *path, bool canBeDev, int *error);

/// Make a kernel object at a physical address.
///
/// Shape:   as allocman_utspace_alloc; with canBeDev true ALLOCMAN_UT_DEV,
///          ALLOCMAN_UT_DEV_MEM and then ALLOCMAN_UT_KERNEL memory is searched, with false
///          ALLOCMAN_UT_KERNEL only. ALLOCMAN_NO_PADDR as address is the same as
///          allocman_utspace_alloc.
/// Errors:  besides those of allocman_utspace_alloc: ALLOCMAN_UNALIGNED, ALLOCMAN_ADDRESS_UNKNOWN,
///          ALLOCMAN_ADDRESS_OCCUPIED; of RAM also if CSpace or book memory had to grow for this call
///          and took the place.
/// Cost:    logarithmic in the number of untypeds, plus at most 8 steps per level of splits.
/// Kernel:  as allocman_utspace_alloc.
seL4_Word allocman_utspace_alloc_at(allocman_t *alloc, size_t size_bits, seL4_Word type,
                                    const cspacepath_t *path, uintptr_t paddr, bool canBeDev,
                                    int *error);

/// Take an object's memory back.
///
/// Needs:   the caller has deleted every capability to the object. Copies that still live
///          are found at the next use of the memory, counted as misuse and revoked; a merge revokes
///          them uncounted.
/// Units:   size_bits = log2 bytes in memory, as given to the allocation.
/// Errors:  none; a cookie that is not live, freed twice or of another size is counted as
///          misuse, told in allocman_last_failure, and changes nothing.
/// Cost:    constant, plus merges that earlier frees have paid for.
/// Kernel:  none, or one Revoke for each merge.
void allocman_utspace_free(allocman_t *alloc, seL4_Word cookie, size_t size_bits);

/// The physical address of an object.
///
/// Errors:  ALLOCMAN_NO_PADDR iff the cookie is not live, the size is another, or the
///          address is not known.
/// Cost:    constant.
/// Kernel:  none.
uintptr_t allocman_utspace_paddr(allocman_t *alloc, seL4_Word cookie, size_t size_bits);

/// Hand untypeds over. Their capabilities belong to the allocman from now on and must not be used
/// or copied.
///
/// Shape:   `num` entries each; `paddr` may be NULL, entries may be ALLOCMAN_NO_PADDR or nonsense:
///          an untyped whose address overlaps another (misuse: ALLOCMAN_OVERLAPS) or passes the end of
///          memory is kept without address.
/// Units:   size_bits = log2 bytes, seL4_MinUntypedBits..seL4_MaxUntypedBits; utType =
///          ALLOCMAN_UT_ kind.
/// Errors:  ALLOCMAN_INVALID_SIZE, ALLOCMAN_INVALID_ARGUMENT, ALLOCMAN_ALREADY_ADDED,
///          ALLOCMAN_NO_BOOK, ALLOCMAN_NOT_ATTACHED; none of the untypeds is taken over then.
/// Cost:    linear in the number of untypeds, for each.
/// Kernel:  none.
int allocman_utspace_add_uts(allocman_t *alloc, size_t num, const cspacepath_t *uts,
                             size_t *size_bits, uintptr_t *paddr, int utType);

/// Fill up headroom and all configured reserves as far as there is anything to fill them with.
///
/// Errors:  0 iff they are full; else what ran out.
/// Cost:    linear in what is missing.
/// Kernel:  what the missing pieces cost.
int allocman_fill_reserves(allocman_t *alloc);

/// Merge everything that is wholly free and give every empty page of book memory back. Requests
/// that run short do this by themselves; call it to see memory whole, or when there is time.
///
/// Errors:  none.
/// Cost:    linear in what can be merged.
/// Kernel:  one Revoke a merge, one Delete a page.
void allocman_reclaim(allocman_t *alloc);

/// Hold pieces of book memory for managers' nested requests. Replaces nothing: each call adds a
/// reserve. The pieces are taken at once and refilled whenever possible.
///
/// Errors:  0 = `count` pieces are held now; else what ran out: the reserve stands and is
///          filled later, unless its own records found no book memory. ALLOCMAN_INVALID_SIZE iff
///          size is 0.
/// Cost:    linear in count.
/// Kernel:  as allocman_mspace_alloc.
int allocman_configure_mspace_reserve(allocman_t *alloc, struct allocman_mspace_chunk chunk);

/// Hold untyped blocks for managers' nested requests of at most that size.
///
/// Errors:  as allocman_configure_mspace_reserve, and ALLOCMAN_INVALID_SIZE, ALLOCMAN_INVALID_TYPE.
/// Cost:    linear in count.
/// Kernel:  as allocman_utspace_alloc, for each piece.
int allocman_configure_utspace_reserve(allocman_t *alloc, struct allocman_utspace_chunk chunk);

/// Hold slots for managers' nested requests; sets the number, which may also fall.
///
/// Errors:  as allocman_configure_mspace_reserve.
/// Cost:    linear in num.
/// Kernel:  none.
int allocman_configure_cspace_reserve(allocman_t *alloc, size_t num);

/// Accepted for compatibility: a free needs no queue here.
///
/// Errors:  none; always 0.
/// Kernel:  none.
int allocman_configure_max_freed_slots(allocman_t *alloc, size_t num);

/// Accepted for compatibility: a free needs no queue here.
///
/// Errors:  none; always 0.
/// Kernel:  none.
int allocman_configure_max_freed_memory_chunks(allocman_t *alloc, size_t num);

/// Accepted for compatibility: a free needs no queue here.
///
/// Errors:  none; always 0.
/// Kernel:  none.
int allocman_configure_max_freed_untyped_chunks(allocman_t *alloc, size_t num);

/// The last failure of any call on this allocman, misuse found in a free included.
///
/// Shape:   valid until the next call on `alloc`, of whichever thread; status ALLOCMAN_OK iff
///          nothing failed yet.
/// Errors:  none.
/// Kernel:  none.
const struct allocman_failure *allocman_last_failure(const allocman_t *alloc);

#ifdef ALLOCMAN_IN_TREE
/// Hand over the device untypeds that a platform's timers need, ALLOCMAN_UT_DEV. In-tree only.
///
/// Errors:  as allocman_utspace_add_uts; ALLOCMAN_INVALID_ARGUMENT iff `to` is NULL or tells more
///          objects than it can hold.
/// Cost:    as allocman_utspace_add_uts.
/// Kernel:  none.
int allocman_add_untypeds_from_timer_objects(allocman_t *alloc, timer_objects_t *to);
#endif
