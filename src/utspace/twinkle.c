/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/utspace/twinkle.h>
#include <allocman/allocman.h>

#include "../bits.h"
#include "../internal.h"
#include "../kernel.h"
#include "object_types.h"

/* A cookie is the object's address with this mark, which no address has, or another mark alone. */
#define COOKIE_ADDRESS 2u
#define COOKIE_UNKNOWN 4u
#define COOKIE_MARKS   15u

void utspace_twinkle_create(utspace_twinkle_t *twinkle)
{
    *twinkle = (utspace_twinkle_t){.num_uts = 0};
}

/* Take out what stands after `last`. */
static void untypeds_cut(allocman_t *alloc, utspace_twinkle_t *twinkle,
                         struct utspace_twinkle_ut *last)
{
    struct utspace_twinkle_ut *ut = last ? last->next : twinkle->first;
    while (ut) { /* bounded by the untypeds of one call */
        struct utspace_twinkle_ut *const next = ut->next;
        allocman_mspace_free(alloc, ut, sizeof(*ut));
        twinkle->num_uts--;
        ut = next;
    }
    *(last ? &last->next : &twinkle->first) = NULL;
    twinkle->last = last;
}

static int untyped_add(allocman_t *alloc, utspace_twinkle_t *twinkle, seL4_CPtr untyped,
                       size_t size_bits, seL4_Word paddr, int kind)
{
    int error = ALLOCMAN_OK;
    if (size_bits < seL4_MinUntypedBits || size_bits > seL4_MaxUntypedBits) {
        return am_fail(alloc, ALLOCMAN_INVALID_SIZE, size_bits, untyped);
    }
    const bool nonsense = (paddr & (seL4_Word)am_mask(seL4_MinUntypedBits)) != 0 ||
                          paddr + (seL4_Word)am_mask((unsigned)size_bits) < paddr;
    struct utspace_twinkle_ut *const ut = allocman_mspace_alloc(alloc, sizeof(*ut), &error);
    if (!ut) {
        return error;
    }
    *ut = (struct utspace_twinkle_ut){.untyped = untyped,
                                      .paddr = nonsense ? ALLOCMAN_NO_PADDR : paddr,
                                      .size_bits = (uint8_t)size_bits,
                                      .kind = (uint8_t)kind};
    *(twinkle->last ? &twinkle->last->next : &twinkle->first) = ut;
    twinkle->last = ut;
    twinkle->num_uts++;
    return ALLOCMAN_OK;
}

int _utspace_twinkle_add_uts(struct allocman *alloc, void *_twinkle, size_t num,
                             const cspacepath_t *uts, size_t *size_bits, uintptr_t *paddr,
                             int utType)
{
    utspace_twinkle_t *const twinkle = _twinkle;
    struct utspace_twinkle_ut *const last = twinkle->last;
    const bool known =
        utType == ALLOCMAN_UT_KERNEL || utType == ALLOCMAN_UT_DEV || utType == ALLOCMAN_UT_DEV_MEM;
    if (!known || (num && (!uts || !size_bits))) {
        return am_fail(alloc, ALLOCMAN_INVALID_ARGUMENT, (seL4_Word)utType, num);
    }
    for (size_t i = 0; i < num; i++) { /* bounded by num */
        const int error = untyped_add(alloc, twinkle, uts[i].capPtr, size_bits[i],
                                      paddr ? paddr[i] : ALLOCMAN_NO_PADDR, utType);
        if (error) {
            untypeds_cut(alloc, twinkle, last);
            return error;
        }
    }
    return ALLOCMAN_OK;
}

/* Where the next object of 2^bits bytes would begin in an untyped; false: it does not fit. */
static bool next_offset(const struct utspace_twinkle_ut *ut, unsigned bits, seL4_Word *offset)
{
    const seL4_Word mask = (seL4_Word)am_mask(bits);
    const seL4_Word size = AM_BIT(ut->size_bits); /* MaxUntypedBits is less than a word's */
    *offset = (ut->used + mask) & ~mask;
    return bits <= ut->size_bits && *offset <= size - AM_BIT(bits);
}

/* May an untyped serve a request? */
static bool serves(const struct utspace_twinkle_ut *ut, bool is_frame, seL4_Word paddr,
                   bool may_be_device)
{
    switch (ut->kind) {
    case ALLOCMAN_UT_KERNEL:
        return true;
    case ALLOCMAN_UT_DEV_MEM:
        return may_be_device && is_frame;
    default: /* registers go by address only */
        return may_be_device && is_frame && paddr != ALLOCMAN_NO_PADDR;
    }
}

/* The untyped that serves with the least room left in it, so that large ones stay whole. */
static struct utspace_twinkle_ut *untyped_pick(const utspace_twinkle_t *twinkle, unsigned bits,
                                               bool is_frame, seL4_Word paddr, bool may_be_device)
{
    struct utspace_twinkle_ut *best = NULL;
    for (struct utspace_twinkle_ut *ut = twinkle->first; ut; ut = ut->next) {
        seL4_Word offset; /* bounded by the untypeds */
        if (!serves(ut, is_frame, paddr, may_be_device) || !next_offset(ut, bits, &offset)) {
            continue;
        }
        if (paddr == ALLOCMAN_NO_PADDR
                ? !best || AM_BIT(ut->size_bits) - ut->used < AM_BIT(best->size_bits) - best->used
                : ut->paddr != ALLOCMAN_NO_PADDR && ut->paddr + offset == paddr) {
            best = ut;
        }
    }
    return best;
}

/* Why a request found no untyped. */
static int fail_note(allocman_t *alloc, const utspace_twinkle_t *twinkle, size_t bits,
                     seL4_Word paddr)
{
    if (paddr == ALLOCMAN_NO_PADDR) {
        return am_fail(alloc, ALLOCMAN_NO_UNTYPED, bits, 0);
    }
    for (const struct utspace_twinkle_ut *ut = twinkle->first; ut; ut = ut->next) {
        if (ut->paddr != ALLOCMAN_NO_PADDR && paddr >= ut->paddr &&
            paddr - ut->paddr < AM_BIT(ut->size_bits)) { /* bounded by the untypeds */
            return am_fail(alloc, ALLOCMAN_ADDRESS_OCCUPIED, bits, paddr);
        }
    }
    return am_fail(alloc, ALLOCMAN_ADDRESS_UNKNOWN, bits, paddr);
}

/* Make the object; ALLOCMAN_PARTLY_USED: the untyped has less room than the books say, or is
 * none. */
static int object_make(allocman_t *alloc, struct utspace_twinkle_ut *ut, unsigned bits,
                       seL4_Word type, const cspacepath_t *slot, seL4_Word *cookie)
{
    seL4_Word offset;
    (void)next_offset(ut, bits, &offset);
    const seL4_Error refused =
        kernel_retype(ut->untyped, type, get_sel4_object_size(type, bits), slot, 1);
    const bool is_false = kernel_refused_source(refused, ut->untyped, slot);
    if (refused == seL4_NotEnoughMemory || is_false) {
        const struct allocman_misuse misuse = {
            is_false ? ALLOCMAN_NOT_UNTYPED : ALLOCMAN_PARTLY_USED, "_utspace_twinkle_alloc",
            ut->untyped, ut->size_bits};
        am_misuse_of(alloc, &misuse, is_false ? ut->untyped : ut->size_bits, ut->untyped);
        ut->used = AM_BIT(ut->size_bits);
        return ALLOCMAN_PARTLY_USED;
    }
    if (refused) {
        const bool occupied = refused == seL4_DeleteFirst;
        const int status = am_fail_kernel(
            alloc, occupied ? ALLOCMAN_SLOT_OCCUPIED : ALLOCMAN_KERNEL_REFUSED, 0, refused);
        alloc->failure.needed = occupied ? slot->capPtr : 0;
        return status;
    }
    ut->used = offset + AM_BIT(bits);
    *cookie = ut->paddr == ALLOCMAN_NO_PADDR ? COOKIE_UNKNOWN : ut->paddr + offset + COOKIE_ADDRESS;
    return ALLOCMAN_OK;
}

seL4_Word _utspace_twinkle_alloc(struct allocman *alloc, void *_twinkle, size_t size_bits,
                                 seL4_Word type, const cspacepath_t *slot, uintptr_t paddr,
                                 bool canBeDev, int *error)
{
    const utspace_twinkle_t *const twinkle = _twinkle;
    seL4_Word cookie = 0;
    int status = slot ? am_type_check(type, size_bits) : ALLOCMAN_INVALID_ARGUMENT;
    if (!status && paddr != ALLOCMAN_NO_PADDR &&
        (paddr & (seL4_Word)am_mask(seL4_MinUntypedBits)) != 0) {
        status = ALLOCMAN_UNALIGNED;
    }
    if (status) {
        (void)am_fail(alloc, (enum allocman_status)status, size_bits, paddr);
    }
    const bool is_frame = am_type_is_frame(type) || type == seL4_UntypedObject;
    while (!status && !cookie) { /* each turn but the last finds an untyped to be full */
        struct utspace_twinkle_ut *const ut =
            untyped_pick(twinkle, (unsigned)size_bits, is_frame, paddr, canBeDev);
        status = ut ? object_make(alloc, ut, (unsigned)size_bits, type, slot, &cookie)
                    : fail_note(alloc, twinkle, size_bits, paddr);
        status = status == ALLOCMAN_PARTLY_USED ? ALLOCMAN_OK : status;
    }
    SET_ERROR(error, status);
    return cookie;
}

void _utspace_twinkle_free(struct allocman *alloc, void *_twinkle, seL4_Word cookie,
                           size_t size_bits)
{
    (void)alloc;
    (void)_twinkle;
    (void)cookie;
    (void)size_bits;
}

uintptr_t _utspace_twinkle_paddr(void *_twinkle, seL4_Word cookie, size_t size_bits)
{
    (void)_twinkle;
    (void)size_bits;
    return (cookie & COOKIE_MARKS) == COOKIE_ADDRESS ? cookie - COOKIE_ADDRESS : ALLOCMAN_NO_PADDR;
}
