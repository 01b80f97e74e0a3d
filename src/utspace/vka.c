/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include <allocman/utspace/vka.h>
#include <allocman/allocman.h>

#include "../bits.h"
#include "../internal.h"
#include "object_types.h"

static uintptr_t seal_of(const utspace_vka_cookie_t *record)
{
    return (uintptr_t)record ^ (uintptr_t)0x5ca1ab1e;
}

/* The record of a cookie, or NULL: it is none, or of an object of another size (*known). */
static utspace_vka_cookie_t *record_of(seL4_Word cookie, size_t size_bits, bool *known)
{
    utspace_vka_cookie_t *const record = (utspace_vka_cookie_t *)(uintptr_t)cookie;
    const bool possible = cookie != 0 && cookie % _Alignof(utspace_vka_cookie_t) == 0;
    *known = possible && record->seal == seal_of(record);
    return *known && record->size_bits == size_bits ? record : NULL;
}

seL4_Word _utspace_vka_alloc(struct allocman *alloc, void *_vka, size_t size_bits, seL4_Word type,
                             const cspacepath_t *slot, uintptr_t paddr, bool canBeDevice,
                             int *error)
{
    vka_t *const vka = _vka;
    int status = slot ? am_type_check(type, size_bits) : ALLOCMAN_INVALID_ARGUMENT;
    utspace_vka_cookie_t *const record =
        status ? NULL : allocman_mspace_alloc(alloc, sizeof(*record), &status);
    if (!record) {
        SET_ERROR(error, status);
        return 0;
    }
    *record = (utspace_vka_cookie_t){.type = type, .size_bits = size_bits};
    const seL4_Word kernel_bits = get_sel4_object_size(type, size_bits);
    const int refused =
        paddr == ALLOCMAN_NO_PADDR
            ? vka_utspace_alloc_maybe_device(vka, slot, type, kernel_bits, canBeDevice,
                                             &record->original_cookie)
            : vka_utspace_alloc_at(vka, slot, type, kernel_bits, paddr, &record->original_cookie);
    if (refused) {
        allocman_mspace_free(alloc, record, sizeof(*record));
        SET_ERROR(error, am_fail(alloc, ALLOCMAN_NO_UNTYPED, size_bits, 0));
        return 0;
    }
    record->seal = seal_of(record);
    SET_ERROR(error, ALLOCMAN_OK);
    return (seL4_Word)(uintptr_t)record;
}

void _utspace_vka_free(struct allocman *alloc, void *_vka, seL4_Word cookie, size_t size_bits)
{
    bool known;
    utspace_vka_cookie_t *const record = record_of(cookie, size_bits, &known);
    if (!record) {
        const struct allocman_misuse misuse = {known ? ALLOCMAN_WRONG_SIZE : ALLOCMAN_BAD_COOKIE,
                                               "_utspace_vka_free", cookie, size_bits};
        am_misuse_of(alloc, &misuse,
                     known ? ((utspace_vka_cookie_t *)(uintptr_t)cookie)->size_bits : cookie,
                     size_bits);
        return;
    }
    vka_utspace_free(_vka, record->type, get_sel4_object_size(record->type, size_bits),
                     record->original_cookie);
    record->seal = 0;
    allocman_mspace_free(alloc, record, sizeof(*record));
}

uintptr_t _utspace_vka_paddr(void *_vka, seL4_Word cookie, size_t size_bits)
{
    bool known;
    const utspace_vka_cookie_t *const record = record_of(cookie, size_bits, &known);
    return record ? vka_utspace_paddr(_vka, record->original_cookie, record->type,
                                      get_sel4_object_size(record->type, size_bits))
                  : ALLOCMAN_NO_PADDR;
}

int _utspace_vka_add_uts(struct allocman *alloc, void *_vka, size_t num, const cspacepath_t *uts,
                         size_t *size_bits, uintptr_t *paddr, int utType)
{
    (void)_vka;
    (void)uts;
    (void)size_bits;
    (void)paddr;
    return num ? am_fail(alloc, ALLOCMAN_INVALID_ARGUMENT, (seL4_Word)utType, num) : ALLOCMAN_OK;
}
