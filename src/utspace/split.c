/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/utspace/split.h>
#include <allocman/allocman.h>

#include <string.h>

#include "../internal.h"
#include "../kernel.h"
#include "cookie.h"
#include "exact.h"
#include "merge.h"
#include "object_types.h"
#include "plan.h"
#include "roots.h"

/* Times that an allocation starts again because a run of slots turned out to be occupied. */
#define DIRTY_RUNS_MAX 32

/* The block of a cookie: ALLOCMAN_OK, ALLOCMAN_BAD_COOKIE, ALLOCMAN_DOUBLE_FREE or
 * ALLOCMAN_WRONG_SIZE. */
static int cookie_find(const utspace_split_t *split, seL4_Word cookie, size_t size_bits,
                       struct split_group **group, unsigned *child)
{
    unsigned c;
    struct split_group *const g = am_cookie_group(split, cookie, &c);
    if (!g || child_is_split(g, c) || (g->flags & GROUP_ASIDE)) {
        return ALLOCMAN_BAD_COOKIE;
    }
    const bool known = am_cookie_is_last(g, c, cookie);
    if (child_is_free(g, c)) {
        return known || ((uint64_t)cookie >> COOKIE_GENERATION_SHIFT) == g->generation
                   ? ALLOCMAN_DOUBLE_FREE
                   : ALLOCMAN_BAD_COOKIE;
    }
    *group = g;
    *child = c;
    return !known                       ? ALLOCMAN_BAD_COOKIE
           : g->child_bits != size_bits ? ALLOCMAN_WRONG_SIZE
                                        : ALLOCMAN_OK;
}

void utspace_split_create(utspace_split_t *split)
{
    memset(split, 0, sizeof(*split));
}

/* A block of kernel RAM: book memory's from its own root first, everybody else's from there
 * last. */
static int plan_find_kernel(allocman_t *alloc, utspace_split_t *split, unsigned bits, bool narrow,
                            struct plan *plan)
{
    const struct split_family *const book = &split->family[SPLIT_FAMILY_BOOK];
    const struct split_family *const others = &split->family[SPLIT_FAMILY_KERNEL];
    const int first =
        am_plan_find(alloc, split, alloc->in_growth ? book : others, bits, narrow, plan);
    const int second =
        first ? am_plan_find(alloc, split, alloc->in_growth ? others : book, bits, narrow, plan)
              : ALLOCMAN_OK;
    return first == ALLOCMAN_OVER_LIMIT && second ? first : second;
}

/* The block to begin with: the one at the address, or any that does. */
static int plan_find(allocman_t *alloc, utspace_split_t *split, unsigned bits, seL4_Word type,
                     seL4_Word paddr, bool may_be_device, bool narrow, struct plan *plan)
{
    const bool is_frame = am_type_is_frame(type) || type == seL4_UntypedObject;
    int error = ALLOCMAN_NO_UNTYPED;
    if (paddr != ALLOCMAN_NO_PADDR) {
        error = am_plan_find_at(alloc, split, paddr, bits, may_be_device, is_frame, plan);
    } else {
        if (may_be_device && is_frame) { /* device RAM is preferred where it does */
            error = am_plan_find(alloc, split, &split->family[SPLIT_FAMILY_DEV_MEM], bits, narrow,
                                 plan);
        }
        if (error) {
            error = plan_find_kernel(alloc, split, bits, narrow, plan);
        }
    }
    return error;
}

/* Keep the amounts that belong to a failure. */
AM_SELDOM static void fail_note(allocman_t *alloc, const utspace_split_t *split, int error,
                                size_t bits, seL4_Word paddr)
{
    switch (error) {
    case ALLOCMAN_NO_UNTYPED:
        (void)am_fail(alloc, ALLOCMAN_NO_UNTYPED, bits,
                      utspace_split_largest_free_bits(split, ALLOCMAN_UT_KERNEL));
        break;
    case ALLOCMAN_OVER_LIMIT:
        (void)am_fail(alloc, ALLOCMAN_OVER_LIMIT, bits, alloc->zeroed_bits);
        break;
    case ALLOCMAN_NO_SLOT:
        (void)am_fail(alloc, ALLOCMAN_NO_SLOT, am_plan_slots(split, (unsigned)bits),
                      am_free_slots(alloc));
        break;
    case ALLOCMAN_ADDRESS_UNKNOWN:
    case ALLOCMAN_ADDRESS_OCCUPIED:
    case ALLOCMAN_UNALIGNED:
        (void)am_fail(alloc, (enum allocman_status)error, bits, paddr);
        break;
    case ALLOCMAN_INVALID_SIZE:
    case ALLOCMAN_INVALID_TYPE:
    case ALLOCMAN_INVALID_ARGUMENT:
        (void)am_fail(alloc, (enum allocman_status)error, bits, 0);
        break;
    default: /* noted where it was found */
        break;
    }
}

/* Have a block found, and made of others if need be. */
static int way_take(allocman_t *alloc, utspace_split_t *split, unsigned bits, seL4_Word type,
                    const cspacepath_t *slot, seL4_Word paddr, bool may_be_device,
                    struct plan *plan)
{
    int status = ALLOCMAN_OK;
    bool narrow = false;
    bool again = true;
    /* Again for another run of slots, a few times; for another root: each turn sets one aside; and
     * once for a way that needs fewer slots. */
    for (unsigned dirty = 0; again && dirty < DIRTY_RUNS_MAX;) {
        status = plan_find(alloc, split, bits, type, paddr, may_be_device, narrow, plan);
        bool executed = false;
        if (!status) {
            status = am_plan_reserve(alloc, split, plan);
            if (!status) {
                executed = true;
                status = am_plan_execute(alloc, split, plan, type, slot);
            }
            if (status) {
                am_plan_undo(alloc, split, plan);
            }
        }
        if (executed) {
            dirty += status == ALLOCMAN_SLOT_NOT_ALLOCATED;
            again = status == ALLOCMAN_SLOT_NOT_ALLOCATED || status == ALLOCMAN_PARTLY_USED;
        } else {
            again = status == ALLOCMAN_NO_SLOT && !narrow;
            narrow = true;
        }
    }
    /* Every run had slots that somebody filled. */
    return status == ALLOCMAN_SLOT_NOT_ALLOCATED ? ALLOCMAN_SLOT_OCCUPIED : status;
}

/* An allocation of any kind. The arguments are those of who calls it, which then needs no stack
 * besides. */
AM_SELDOM static seL4_Word alloc_any(allocman_t *alloc, utspace_split_t *split, size_t size_bits,
                                     seL4_Word type, const cspacepath_t *slot, uintptr_t paddr,
                                     bool may_be_device, int *error)
{
    struct plan plan;
    int status = slot ? am_type_check(type, size_bits) : ALLOCMAN_INVALID_ARGUMENT;
    status = status ? status
                    : way_take(alloc, split, (unsigned)size_bits, type, slot, paddr, may_be_device,
                               &plan);
    SET_ERROR(error, status);
    if (status) {
        fail_note(alloc, split, status, size_bits, paddr);
        return 0;
    }
    return am_cookie_next(plan.source, plan.child);
}

AM_SELDOM int am_exact_refused(allocman_t *alloc, utspace_split_t *split, struct split_group *group,
                               unsigned child, seL4_Word type, const cspacepath_t *slot,
                               seL4_Error refused)
{
    struct plan plan = {
        .source = group, .child = child, .bits = group->child_bits, .paddr = ALLOCMAN_NO_PADDR};
    const int status = am_plan_refused(alloc, split, &plan, refused, type, slot);
    if (status) {
        am_plan_undo(alloc, split, &plan);
    }
    return status;
}

seL4_Word _utspace_split_alloc(struct allocman *alloc, void *_split, size_t size_bits,
                               seL4_Word type, const cspacepath_t *slot, uintptr_t paddr,
                               bool canBeDev, int *error)
{
    utspace_split_t *const split = _split;
    const bool any = paddr == ALLOCMAN_NO_PADDR && !canBeDev && !alloc->in_growth;
    if (any && slot && !am_type_check(type, size_bits) && am_exact_is_free(split, size_bits)) {
        unsigned child;
        struct split_group *const group = am_exact_take(split, size_bits, &child);
        const seL4_Error refused = kernel_retype(child_slot(group, child), type,
                                                 am_type_argument(type, size_bits), slot, 1);
        const int status = refused
                               ? am_exact_refused(alloc, split, group, child, type, slot, refused)
                               : ALLOCMAN_OK;
        if (!status) {
            SET_ERROR(error, ALLOCMAN_OK);
            group->flags |= GROUP_USED;
            return am_cookie_next(group, child);
        }
        if (status != ALLOCMAN_PARTLY_USED) {
            SET_ERROR(error, status);
            return 0;
        }
    }
    return alloc_any(alloc, split, size_bits, type, slot, paddr, canBeDev, error);
}

void _utspace_split_free(struct allocman *alloc, void *_split, seL4_Word cookie, size_t size_bits)
{
    utspace_split_t *const split = _split;
    struct split_group *group = NULL;
    unsigned child = 0;
    const int error = cookie_find(split, cookie, size_bits, &group, &child);
    if (error == ALLOCMAN_WRONG_SIZE) {
        const struct allocman_misuse misuse = {ALLOCMAN_WRONG_SIZE, "_utspace_split_free", cookie,
                                               size_bits};
        am_misuse_of(alloc, &misuse, group->child_bits, size_bits);
        return;
    }
    if (error) {
        am_misuse(alloc, "_utspace_split_free", (enum allocman_status)error, cookie, size_bits);
        return;
    }
    split->recent = group;
    am_child_release(split, group, child);
    /* Inside book memory's own request a merge would give book memory back: leave that to a
     * later call. */
    if (group_is_whole(group) && !alloc->in_mspace &&
        (!alloc->merge_lazily || group_kind(group) == ALLOCMAN_UT_DEV)) {
        am_merge_upward(alloc, split, group);
    }
}

uintptr_t _utspace_split_paddr(void *_split, seL4_Word cookie, size_t size_bits)
{
    const utspace_split_t *const split = _split;
    struct split_group *group = NULL;
    unsigned child = 0;
    return cookie_find(split, cookie, size_bits, &group, &child) ? ALLOCMAN_NO_PADDR
                                                                 : child_paddr(group, child);
}

unsigned utspace_split_largest_free_bits(const utspace_split_t *split, int utType)
{
    const uint64_t classes =
        utType == ALLOCMAN_UT_DEV_MEM
            ? split->family[SPLIT_FAMILY_DEV_MEM].classes
            : split->family[SPLIT_FAMILY_KERNEL].classes | split->family[SPLIT_FAMILY_BOOK].classes;
    return classes ? am_highest(classes) : 0;
}

static int reclaim_divide(struct allocman *alloc, void *_split, unsigned size_bits)
{
    utspace_split_t *const split = _split;
    return am_plan_divide(alloc, split, size_bits);
}

static bool reclaim_merge_all(struct allocman *alloc, void *_split)
{
    utspace_split_t *const split = _split;
    return am_merge_all(alloc, split);
}

/* One part in 2^this of the memory does for the records of all of it, cut into small frames, and for
 * paging structures. */
#define BOOK_SHARE_BITS 9u
/* Bounds of the root for book memory, in log2 bytes: a few pages, and no more than one large
 * frame. */
#define BOOK_ROOT_BITS_MIN 14u
#define BOOK_ROOT_BITS_MAX 21u

static void choose_book_memory(void *_split)
{
    utspace_split_t *const split = _split;
    const struct split_family *const kernel = &split->family[SPLIT_FAMILY_KERNEL];
    const uint64_t share = split->totals.free_bytes[ALLOCMAN_UT_KERNEL] >> BOOK_SHARE_BITS;
    unsigned wanted = share ? am_highest(share) + 1 : 0;
    wanted = wanted < BOOK_ROOT_BITS_MIN ? BOOK_ROOT_BITS_MIN : wanted;
    wanted = wanted > BOOK_ROOT_BITS_MAX ? BOOK_ROOT_BITS_MAX : wanted;
    uint32_t chosen = 0;
    /* The smallest untouched root that is large enough, or else the largest that is not. */
    for (unsigned bits = BOOK_ROOT_BITS_MIN; bits <= BOOK_ROOT_BITS_MAX; bits++) {
        if (kernel->root[bits] &&
            (!chosen || bits <= wanted || am_group(split, chosen)->root_bits < wanted)) {
            chosen = kernel->root[bits];
        }
    }
    if (chosen && !split->has_book_root) {
        split->has_book_root = true;
        am_root_to_book(split, am_group(split, chosen));
    }
}

static bool would_pin(const void *_split, size_t size_bits)
{
    const utspace_split_t *const split = _split;
    const uint64_t classes = split->family[SPLIT_FAMILY_BOOK].classes;
    return split->has_book_root && !(classes & ~am_mask((unsigned)size_bits));
}

static void reclaim_needs(const void *_split, struct allocman_need *need)
{
    const utspace_split_t *const split = _split;
    am_plan_needs(split, need);
}

static unsigned reclaim_largest_bits(const void *_split)
{
    const utspace_split_t *const split = _split;
    return split->largest_root_bits;
}

const struct allocman_untyped_reclaim utspace_split_reclaim = {
    .merge_all = reclaim_merge_all,
    .choose_book_memory = choose_book_memory,
    .would_pin = would_pin,
    .needs = reclaim_needs,
    .divide = reclaim_divide,
    .largest_bits = reclaim_largest_bits,
};
