/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Objects made from the front of each untyped to its end, and never taken back: for the first
 * moments of a system. Needs no slots of its own, and no book memory but for the untypeds. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>
#include <allocman/utspace/utspace.h>
#include <vka/cspacepath_t.h>

/// An untyped that was handed in. Private.
struct utspace_twinkle_ut {
    struct utspace_twinkle_ut *next; ///< the one handed in after it
    seL4_CPtr untyped;               ///< its capability
    seL4_Word used;                  ///< bytes used from its start: the kernel's free index
    seL4_Word paddr;                 ///< its address, or ALLOCMAN_NO_PADDR
    uint8_t size_bits;               ///< log2 bytes
    uint8_t kind;                    ///< ALLOCMAN_UT_ kind
};

/// The manager. Private but for `num_uts`.
typedef struct utspace_twinkle {
    size_t num_uts;                   ///< untypeds handed in
    struct utspace_twinkle_ut *first; ///< the first of them
    struct utspace_twinkle_ut *last;  ///< the last of them
} utspace_twinkle_t;

/// Make an empty manager.
///
/// Errors:  none.
/// Kernel:  none.
void utspace_twinkle_create(utspace_twinkle_t *twinkle);

/// See allocman_utspace_add_uts.
///
/// Errors:  ALLOCMAN_INVALID_SIZE, ALLOCMAN_INVALID_ARGUMENT, ALLOCMAN_NO_BOOK; none of the
///          untypeds is taken over then.
/// Cost:    linear in num; 48 bytes of book memory each.
/// Kernel:  none.
int _utspace_twinkle_add_uts(struct allocman *alloc, void *_twinkle, size_t num,
                             const cspacepath_t *uts, size_t *size_bits, uintptr_t *paddr,
                             int utType);

/// See allocman_utspace_alloc_at. By address only the next object of an untyped can be had.
///
/// Errors:  as allocman_utspace_alloc_at. An untyped that the kernel finds fuller than the books
///          say is not used again.
/// Cost:    linear in the untypeds.
/// Kernel:  1 Retype; one more for each untyped that turns out to be used by others.
seL4_Word _utspace_twinkle_alloc(struct allocman *alloc, void *_twinkle, size_t size_bits,
                                 seL4_Word type, const cspacepath_t *slot, uintptr_t paddr,
                                 bool canBeDev, int *error);

/// Does nothing: memory is not taken back.
///
/// Errors:  none.
/// Kernel:  none.
void _utspace_twinkle_free(struct allocman *alloc, void *_twinkle, seL4_Word cookie,
                           size_t size_bits);

/// The physical address of an object.
///
/// Needs:   that the objects of an untyped were never all deleted: the kernel begins such an untyped
///          anew, which nobody tells.
/// Errors:  ALLOCMAN_NO_PADDR iff its untyped came without one.
/// Kernel:  none.
uintptr_t _utspace_twinkle_paddr(void *_twinkle, seL4_Word cookie, size_t size_bits);

/// The interface to attach with allocman_attach_utspace.
///
/// Errors:  none.
/// Kernel:  none.
static inline struct utspace_interface utspace_twinkle_make_interface(utspace_twinkle_t *twinkle)
{
    return (struct utspace_interface){
        .alloc = _utspace_twinkle_alloc,
        .free = _utspace_twinkle_free,
        .add_uts = _utspace_twinkle_add_uts,
        .paddr = _utspace_twinkle_paddr,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .utspace = twinkle,
    };
}
