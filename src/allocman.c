/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The calls. Each public function is argument check, enter, dispatch to the manager, remedy and
 * again where that helps, leave.
 *
 * Managers ask back through the same functions while a call is in progress; such a nested
 * request is served from what there is, and then from the configured reserves. It never grows
 * anything and never enters book memory a second time, so calls do not nest deeper than that.
 * What a call lacks is grown by the call itself, after the manager has let go of everything and
 * before it is asked again (law L5). */

#include <allocman/allocman.h>
#include <allocman/extensions.h>

#include "bits.h"
#include "growth.h"
#include "internal.h"
#include "reserve.h"

/* Remedies that one call may try: growth steps for what one plan can need, and one reclaim. */
#define REMEDIES_MAX 8

/* Empty pages of book memory, and empty parts of the CSpace, that are kept against ping-pong. */
#define EMPTY_PAGES_KEPT  1
#define EMPTY_LEVELS_KEPT 1

/* True: this is the outermost call. */
static bool enter(allocman_t *alloc)
{
    if (alloc->lock.acquire) {
        am_lock_for_call(alloc);
    }
    if (alloc->in_call) {
        return false;
    }
    alloc->in_call = true;
    alloc->failure_noted = false;
    return true;
}

/* See to what a call leaves to its end: refill reserves, give one page back, keep the failure if
 * there is one, and only then. Returns `status`. */
AM_SELDOM static int finish(allocman_t *alloc, int status)
{
    if (!status && alloc->failure_noted) { /* a remedy helped */
        alloc->failure = alloc->failure_before;
    }
    if (status && (!alloc->failure_noted || (int)alloc->failure.status != status)) {
        const bool ours = status > 0 && status < ALLOCMAN_STATUS_COUNT;
        (void)am_fail(alloc, ours ? (enum allocman_status)status : ALLOCMAN_KERNEL_REFUSED, 0, 0);
    }
    const bool kept = am_failure_keep(alloc);
    if (alloc->growth_due) {
        alloc->growth_due = false;
        (void)am_headroom_fill(alloc);
    }
    if (alloc->reserves_short) {
        (void)am_reserves_fill(alloc);
    }
    am_slots_top_up(alloc);
    if (alloc->slot_growth) {
        (void)alloc->slot_growth->trim(alloc, alloc->cspace.cspace, EMPTY_LEVELS_KEPT);
    }
    if (alloc->book_freed) {
        if (alloc->book_growth) { /* at most one page a call */
            am_headroom_leave_page(alloc, alloc->book_freed);
            (void)alloc->book_growth->trim(alloc, alloc->mspace.mspace, EMPTY_PAGES_KEPT);
        }
        alloc->book_freed = NULL;
    }
    am_failure_let_go(alloc, kept);
    alloc->in_call = false;
    if (alloc->lock_due) {
        alloc->lock_due = false;
        am_lock_release(alloc);
    }
    return status;
}

/* Is anything left to the end of the call? */
static inline bool loose_ends(const allocman_t *alloc)
{
    return alloc->failure_noted || alloc->growth_due || alloc->lock_due ||
           ((uintptr_t)alloc->slot_growth | (uintptr_t)alloc->book_freed | alloc->reserves_short) !=
               0;
}

/* End the outermost call. Mostly nothing is left to its end. */
static inline int leave(allocman_t *alloc, int status)
{
    if (status || loose_ends(alloc)) {
        return finish(alloc, status);
    }
    alloc->in_call = false;
    return ALLOCMAN_OK;
}

bool am_call_enter(allocman_t *alloc)
{
    return enter(alloc);
}

int am_call_leave(allocman_t *alloc, int status)
{
    return leave(alloc, status);
}

/* Give back an empty page, or one that only headroom keeps alive. */
static bool page_give_back(allocman_t *alloc)
{
    const struct allocman_book_growth *const growth = alloc->book_growth;
    return growth &&
           (growth->trim(alloc, alloc->mspace.mspace, 0) ||
            (am_headroom_evacuate(alloc) && growth->trim(alloc, alloc->mspace.mspace, 0)));
}

/* Merge what can be merged and give pages back, until neither leads to the other any more; every
 * turn of a loop takes a group or a page away. */
static bool reclaim(allocman_t *alloc)
{
    bool any = false;
    for (bool more = true; more;) {
        more = alloc->untyped_reclaim && alloc->untyped_reclaim->merge_all &&
               alloc->untyped_reclaim->merge_all(alloc, alloc->utspace.utspace);
        while (page_give_back(alloc)) {
            more = true;
        }
        while (alloc->slot_growth && alloc->slot_growth->trim(alloc, alloc->cspace.cspace, 0)) {
            more = true;
        }
        any = any || more;
    }
    return any;
}

static bool reclaim_once(allocman_t *alloc, struct am_remedies *remedies)
{
    if (remedies->reclaimed) {
        return false;
    }
    remedies->reclaimed = true; /* what fails then is not why the call does */
    const bool kept = am_failure_keep(alloc);
    const bool any = reclaim(alloc);
    am_failure_let_go(alloc, kept);
    return any;
}

/* Slots ran out: let the CSpace grow; else merge, which may free memory for that; else hand out
 * those that were held for it. Where growth is refused, its reason becomes the call's. */
static bool remedy_slots(allocman_t *alloc, int *status, struct am_remedies *remedies)
{
    const int error = am_grow(alloc, ALLOCMAN_NO_SLOT);
    if (!error || reclaim_once(alloc, remedies)) {
        return true;
    }
    if (!remedies->released && alloc->slot_growth &&
        alloc->slot_growth->release(alloc, alloc->cspace.cspace)) {
        remedies->released = true;
        return true;
    }
    *status = error;
    return false;
}

AM_SELDOM bool am_remedy(allocman_t *alloc, int *status, struct am_remedies *remedies)
{
    if (remedies->tried++ >= REMEDIES_MAX) {
        return false;
    }
    switch (*status) {
    case ALLOCMAN_NO_BOOK:
        am_slots_top_up(alloc);
        *status = am_grow(alloc, ALLOCMAN_NO_BOOK);
        return !*status || reclaim_once(alloc, remedies);
    case ALLOCMAN_NO_SLOT:
        return remedy_slots(alloc, status, remedies);
    case ALLOCMAN_NO_UNTYPED:
    case ALLOCMAN_OVER_LIMIT:
    case ALLOCMAN_ADDRESS_OCCUPIED:
        return reclaim_once(alloc, remedies);
    default:
        return false;
    }
}

/* Ask the book memory manager itself. */
static void *book_ask(allocman_t *alloc, size_t bytes, int *error)
{
    *error = ALLOCMAN_NO_BOOK;
    alloc->in_mspace = true;
    void *const block = alloc->mspace.alloc(alloc, alloc->mspace.mspace, bytes, error);
    alloc->in_mspace = false;
    return am_book_is_usable(block) ? block : am_book_refuse(alloc, block, bytes, error);
}

/* A record for a manager, or a nested request. */
AM_APART static void *book_nested(allocman_t *alloc, size_t bytes, int *error)
{
    void *block = NULL;
    int status = ALLOCMAN_NO_BOOK;
    if (!alloc->in_mspace) {
        block = book_ask(alloc, bytes, &status);
    }
    if (!block && alloc->in_growth) {
        block = am_headroom_lend(alloc, bytes);
    }
    block = block ? block : am_reserve_take_book(alloc, bytes);
    if (!block) {
        alloc->shortage_bytes = bytes;
    }
    SET_ERROR(error, block ? ALLOCMAN_OK : status);
    return block;
}

/* The call of a user. */
AM_APART static void *book_outermost(allocman_t *alloc, size_t bytes, int *error)
{
    int status;
    void *block;
    struct am_remedies remedies = {0};
    do { /* once, and once more after a reclaim */
        block = book_ask(alloc, bytes, &status);
        if (!block && alloc->book_growth) {
            block = am_book_grow(alloc, bytes, &status);
        }
    } while (!block && reclaim_once(alloc, &remedies));
    status = leave(alloc, block ? ALLOCMAN_OK : status);
    SET_ERROR(error, status);
    return block;
}

void *allocman_mspace_alloc(allocman_t *alloc, size_t bytes, int *error)
{
    if (!alloc->have_mspace || bytes == 0) {
        SET_ERROR(error, am_refuse(alloc, alloc->have_mspace ? ALLOCMAN_INVALID_SIZE
                                                             : ALLOCMAN_NOT_ATTACHED));
        return NULL;
    }
    return enter(alloc) ? book_outermost(alloc, bytes, error) : book_nested(alloc, bytes, error);
}

void am_book_give(allocman_t *alloc, void *block, size_t bytes)
{
    if (!block || (alloc->book_reserves && am_reserve_return_book(alloc, block, bytes))) {
        return;
    }
    const size_t misuse = alloc->counts.misuse;
    alloc->mspace.free(alloc, alloc->mspace.mspace, block, bytes);
    alloc->book_freed = misuse == alloc->counts.misuse ? block : alloc->book_freed;
}

void allocman_mspace_free(allocman_t *alloc, void *ptr, size_t bytes)
{
    if (!alloc->have_mspace) {
        am_refuse_free(alloc, "allocman_mspace_free", ALLOCMAN_NOT_ATTACHED);
        return;
    }
    const bool outermost = enter(alloc);
    am_book_give(alloc, ptr, bytes);
    if (outermost) {
        (void)leave(alloc, ALLOCMAN_OK);
    }
}

/* A manager's own request, to which a path that came to nothing does no harm. */
static int slot_nested(allocman_t *alloc, cspacepath_t *slot)
{
    const int status = alloc->cspace.alloc(alloc, alloc->cspace.cspace, slot);
    return status && am_reserve_take_slot(alloc, slot) ? ALLOCMAN_OK : status;
}

/* The call of a user. */
AM_APART static int slot_outermost(allocman_t *alloc, cspacepath_t *slot)
{
    cspacepath_t path;
    struct am_remedies remedies = {0};
    int status = alloc->cspace.alloc(alloc, alloc->cspace.cspace, &path);
    while (status && am_remedy(alloc, &status, &remedies)) { /* at most REMEDIES_MAX times */
        status = alloc->cspace.alloc(alloc, alloc->cspace.cspace, &path);
    }
    if (!status) {
        *slot = path;
    }
    return leave(alloc, am_fail_slots(alloc, status));
}

int allocman_cspace_alloc(allocman_t *alloc, cspacepath_t *slot)
{
    if (!alloc->have_cspace || !slot) {
        return am_refuse(alloc, slot ? ALLOCMAN_NOT_ATTACHED : ALLOCMAN_INVALID_ARGUMENT);
    }
    return enter(alloc) ? slot_outermost(alloc, slot) : slot_nested(alloc, slot);
}

void allocman_cspace_free(allocman_t *alloc, const cspacepath_t *slot)
{
    if (!alloc->have_cspace || !slot) {
        am_refuse_free(alloc, "allocman_cspace_free",
                       slot ? ALLOCMAN_NOT_ATTACHED : ALLOCMAN_INVALID_ARGUMENT);
        return;
    }
    const bool outermost = enter(alloc);
    alloc->cspace.free(alloc, alloc->cspace.cspace, slot);
    if (outermost) {
        (void)leave(alloc, ALLOCMAN_OK);
    }
}

cspacepath_t allocman_cspace_make_path(allocman_t *alloc, seL4_CPtr slot)
{
    return alloc->have_cspace ? alloc->cspace.make_path(alloc->cspace.cspace, slot)
                              : (cspacepath_t){0};
}

seL4_Word allocman_utspace_alloc(allocman_t *alloc, size_t size_bits, seL4_Word type,
                                 const cspacepath_t *path, bool canBeDev, int *error)
{
    return allocman_utspace_alloc_at(alloc, size_bits, type, path, ALLOCMAN_NO_PADDR, canBeDev,
                                     error);
}

/* Ask the untyped manager. */
static seL4_Word untyped_ask(allocman_t *alloc, size_t size_bits, seL4_Word type,
                             const cspacepath_t *path, uintptr_t paddr, bool canBeDev, int *status)
{
    *status = ALLOCMAN_NO_UNTYPED;
    const seL4_Word cookie = alloc->utspace.alloc(alloc, alloc->utspace.utspace, size_bits, type,
                                                  path, paddr, canBeDev, status);
    if (!cookie && !*status) { /* a manager that tells no reason */
        *status = ALLOCMAN_NO_UNTYPED;
    }
    return cookie;
}

/* A manager's own request: from what there is, and then from the reserves. */
AM_SELDOM static seL4_Word object_nested(allocman_t *alloc, size_t size_bits, seL4_Word type,
                                         const cspacepath_t *path, uintptr_t paddr, bool can_be_dev,
                                         int *error)
{
    const bool anywhere = paddr == ALLOCMAN_NO_PADDR;
    int status = ALLOCMAN_OK;
    /* Within book memory's own request a split's record could only come out of the reserve of
     * book memory: a piece of untyped memory needs none. */
    seL4_Word cookie =
        anywhere && alloc->in_mspace ? am_reserve_take_untyped(alloc, size_bits, type, path) : 0;
    if (!cookie) {
        cookie = untyped_ask(alloc, size_bits, type, path, paddr, can_be_dev, &status);
    }
    if (!cookie && anywhere && !alloc->in_mspace) {
        cookie = am_reserve_take_untyped(alloc, size_bits, type, path);
    }
    SET_ERROR(error, cookie ? ALLOCMAN_OK : status);
    return cookie;
}

/* The call of a user. */
AM_APART static seL4_Word object_outermost(allocman_t *alloc, size_t size_bits, seL4_Word type,
                                           const cspacepath_t *path, uintptr_t paddr,
                                           bool can_be_dev, int *error)
{
    int status;
    struct am_remedies remedies = {0};
    seL4_Word cookie = untyped_ask(alloc, size_bits, type, path, paddr, can_be_dev, &status);
    while (!cookie && am_remedy(alloc, &status, &remedies)) { /* at most REMEDIES_MAX times */
        cookie = untyped_ask(alloc, size_bits, type, path, paddr, can_be_dev, &status);
    }
    status = leave(alloc, cookie ? ALLOCMAN_OK : status);
    SET_ERROR(error, status);
    return cookie;
}

seL4_Word allocman_utspace_alloc_at(allocman_t *alloc, size_t size_bits, seL4_Word type,
                                    const cspacepath_t *path, uintptr_t paddr, bool canBeDev,
                                    int *error)
{
    if (!alloc->have_utspace || !alloc->have_cspace || !path) {
        SET_ERROR(error,
                  am_refuse(alloc, path ? ALLOCMAN_NOT_ATTACHED : ALLOCMAN_INVALID_ARGUMENT));
        return 0;
    }
    return enter(alloc) ? object_outermost(alloc, size_bits, type, path, paddr, canBeDev, error)
                        : object_nested(alloc, size_bits, type, path, paddr, canBeDev, error);
}

void allocman_utspace_free(allocman_t *alloc, seL4_Word cookie, size_t size_bits)
{
    if (!alloc->have_utspace) {
        am_refuse_free(alloc, "allocman_utspace_free", ALLOCMAN_NOT_ATTACHED);
        return;
    }
    const bool outermost = enter(alloc);
    if (!alloc->untyped_reserves || !am_reserve_return_untyped(alloc, cookie, size_bits)) {
        alloc->utspace.free(alloc, alloc->utspace.utspace, cookie, size_bits);
    }
    if (outermost) {
        (void)leave(alloc, ALLOCMAN_OK);
    }
}

uintptr_t allocman_utspace_paddr(allocman_t *alloc, seL4_Word cookie, size_t size_bits)
{
    const bool held = am_hold(alloc);
    const size_t bits =
        alloc->untyped_reserves ? am_reserve_block_bits(alloc, cookie, size_bits) : size_bits;
    const uintptr_t paddr = alloc->have_utspace
                                ? alloc->utspace.paddr(alloc->utspace.utspace, cookie, bits)
                                : ALLOCMAN_NO_PADDR;
    am_let_go(alloc, held);
    return paddr;
}

int allocman_utspace_add_uts(allocman_t *alloc, size_t num, const cspacepath_t *uts,
                             size_t *size_bits, uintptr_t *paddr, int utType)
{
    if (!alloc->have_utspace) {
        return am_refuse(alloc, ALLOCMAN_NOT_ATTACHED);
    }
    const bool outermost = enter(alloc);
    struct am_remedies remedies = {0};
    int status;
    do { /* at most REMEDIES_MAX times */
        status = alloc->utspace.add_uts(alloc, alloc->utspace.utspace, num, uts, size_bits, paddr,
                                        utType);
    } while (status && outermost && am_remedy(alloc, &status, &remedies));
    if (!outermost) {
        return status;
    }
    if (!status) { /* a larger untyped may need more headroom, or be the first that can give any */
        (void)am_headroom_fill(alloc);
    }
    return leave(alloc, status);
}

int allocman_fill_reserves(allocman_t *alloc)
{
    if (!enter(alloc)) {
        return ALLOCMAN_OK;
    }
    int status = am_headroom_fill(alloc);
    if (status && reclaim(alloc)) {
        status = am_headroom_fill(alloc);
    }
    const bool kept = status && am_failure_keep(alloc);
    const int reserves = am_reserves_fill(alloc);
    am_failure_let_go(alloc, kept);
    return leave(alloc, status ? status : reserves);
}

void allocman_reclaim(allocman_t *alloc)
{
    if (enter(alloc)) {
        alloc->unlimited = true;
        (void)reclaim(alloc);
        alloc->unlimited = false;
        (void)leave(alloc, ALLOCMAN_OK);
    }
}
