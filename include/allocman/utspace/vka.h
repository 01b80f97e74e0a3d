/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Objects that somebody else's vka makes. A vka wants to know an object's type when it is freed, and
 * an allocman does not tell: so each object has a record in book memory, whose address is its
 * cookie. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>
#include <allocman/utspace/utspace.h>
#include <vka/cspacepath_t.h>
#include <vka/vka.h>

/// What the vka must be told when an object is freed. Private.
typedef struct utspace_vka_cookie {
    seL4_Word original_cookie; ///< the vka's own
    seL4_Word type;            ///< object type
    seL4_Word size_bits;       ///< log2 bytes in memory
    uintptr_t seal;            ///< tells a record from anything else
} utspace_vka_cookie_t;

/// Have the vka make an object. With an address, it may use device memory whatever canBeDevice says:
/// vka has no other way.
///
/// Errors:  0, and *error: ALLOCMAN_INVALID_ARGUMENT, ALLOCMAN_NO_BOOK; ALLOCMAN_NO_UNTYPED iff the
///          vka makes none, for whatever reason.
/// Cost:    the vka's, and 32 bytes of book memory until the object is freed.
/// Kernel:  none of its own.
seL4_Word _utspace_vka_alloc(struct allocman *alloc, void *_vka, size_t size_bits, seL4_Word type,
                             const cspacepath_t *slot, uintptr_t paddr, bool canBeDevice,
                             int *error);

/// Give an object back to the vka.
///
/// Needs:   a cookie that is live, or one that never was a record's address; a record that was freed
///          cannot be told from whatever took its place.
/// Errors:  none; another size, and what is no record, is counted as misuse and changes nothing.
/// Kernel:  none of its own.
void _utspace_vka_free(struct allocman *alloc, void *_vka, seL4_Word cookie, size_t size_bits);

/// The physical address of an object, as far as the vka tells.
///
/// Needs:   as _utspace_vka_free.
/// Errors:  ALLOCMAN_NO_PADDR iff the vka does not tell, or the size is another.
/// Kernel:  none of its own.
uintptr_t _utspace_vka_paddr(void *_vka, seL4_Word cookie, size_t size_bits);

/// A vka takes no untypeds.
///
/// Errors:  ALLOCMAN_INVALID_ARGUMENT iff there are any.
/// Kernel:  none.
int _utspace_vka_add_uts(struct allocman *alloc, void *_vka, size_t num, const cspacepath_t *uts,
                         size_t *size_bits, uintptr_t *paddr, int utType);

/// The interface to attach with allocman_attach_utspace; refers to `vka`, which must outlive it.
///
/// Errors:  none.
/// Kernel:  none.
static inline struct utspace_interface utspace_vka_make_interface(vka_t *vka)
{
    return (struct utspace_interface){
        .alloc = _utspace_vka_alloc,
        .free = _utspace_vka_free,
        .add_uts = _utspace_vka_add_uts,
        .paddr = _utspace_vka_paddr,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .utspace = vka,
    };
}
