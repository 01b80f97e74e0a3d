/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* vka counts a CNode in slots, an allocman in bytes; else each call is the same.
 *
 * Most calls need nothing but a bit here and a count there. Where the managers are our own and no
 * call has to see to anything else, they go the short way: what the managers would do then, without the
 * layers between. A short way that cannot be gone to its end changes nothing, and the call goes the
 * long one. */

#include <allocman/vka.h>

#include "bits.h"
#include "cspace/single_level.h"
#include "internal.h"
#include "kernel.h"
#include "utspace/exact.h"

AM_SELDOM static int slot_alloc(allocman_t *alloc, seL4_CPtr *res)
{
    cspacepath_t path;
    const int error = allocman_cspace_alloc(alloc, &path);
    if (!error) {
        *res = path.capPtr;
    }
    return error;
}

static int am_cspace_alloc(void *data, seL4_CPtr *res)
{
    allocman_t *const alloc = data;
    const bool is_short = am_is_plain(alloc) && alloc->cspace.alloc == _cspace_single_level_alloc;
    return is_short && am_single_level_take(alloc->cspace.cspace, res) ? ALLOCMAN_OK
                                                                       : slot_alloc(alloc, res);
}

static void am_cspace_make_path(void *data, seL4_CPtr slot, cspacepath_t *res)
{
    allocman_t *const alloc = data;
    if (alloc->cspace.make_path == _cspace_single_level_make_path) {
        *res = am_single_level_path(alloc->cspace.cspace, slot);
    } else {
        *res = allocman_cspace_make_path(alloc, slot);
    }
}

AM_SELDOM static void slot_free(allocman_t *alloc, seL4_CPtr slot)
{
    const cspacepath_t path = allocman_cspace_make_path(alloc, slot);
    allocman_cspace_free(alloc, &path);
}

static void am_cspace_free(void *data, seL4_CPtr slot)
{
    allocman_t *const alloc = data;
    if (!am_is_plain(alloc) || alloc->cspace.free != _cspace_single_level_free ||
        !am_single_level_give(alloc->cspace.cspace, slot)) {
        slot_free(alloc, slot);
    }
}

AM_SELDOM static int object_alloc(allocman_t *alloc, const struct am_request *request,
                                  seL4_Word *res)
{
    int error = ALLOCMAN_OK;
    const seL4_Word cookie =
        allocman_utspace_alloc_at(alloc, request->size_bits, request->type, request->path,
                                  request->paddr, request->can_be_dev, &error);
    if (!error) {
        *res = cookie;
    }
    return error;
}

/* The kernel refused the object of a block that was taken the short way. */
AM_SELDOM static int object_refused(allocman_t *alloc, struct split_group *group, unsigned child,
                                    const struct am_request *request, seL4_Error refused,
                                    seL4_Word *res)
{
    (void)am_call_enter(alloc);
    const int status = am_exact_refused(alloc, alloc->utspace.utspace, group, child, request->type,
                                        request->path, refused);
    const bool other = status == ALLOCMAN_PARTLY_USED; /* its root was set aside: on to the next */
    if (!status) {
        group->flags |= GROUP_USED;
        *res = am_cookie_next(group, child);
    }
    (void)am_call_leave(alloc, other ? ALLOCMAN_OK : status);
    return other ? object_alloc(alloc, request, res) : status;
}

/*@ assigns \nothing;
    ensures type >= seL4_ObjectTypeCount ==> !\result;
    ensures type == seL4_CapTableObject && size_bits >= 1 ==> (\result <==> size_bits <= memory_bits);
    ensures type == seL4_CapTableObject && size_bits == 0 ==> !\result;
    ensures type < seL4_ObjectTypeCount && type != seL4_CapTableObject ==> \result; */
/* Is a type one that can be made of a block of the size that vka_get_object_size told for it? A CNode
 * has a slot or more, and a radix of nearly 2^seL4_WordBits does not pass for a small one. */
static inline bool type_is_good(seL4_Word type, seL4_Word size_bits, size_t memory_bits)
{
    return type < seL4_ObjectTypeCount &&
           (type != seL4_CapTableObject || size_bits - 1 < memory_bits);
}

static int am_utspace_alloc_maybe_device(void *data, const cspacepath_t *dest, seL4_Word type,
                                         seL4_Word size_bits, bool can_use_dev, seL4_Word *res)
{
    allocman_t *const alloc = data;
    const size_t memory_bits = (size_t)vka_get_object_size(type, size_bits);
    const bool is_short = am_is_plain(alloc) && alloc->have_cspace &&
                          alloc->utspace.alloc == _utspace_split_alloc && dest && !can_use_dev;
    if (!is_short || !type_is_good(type, size_bits, memory_bits) ||
        !am_exact_is_free(alloc->utspace.utspace, memory_bits)) {
        const struct am_request request = {memory_bits, type, dest, ALLOCMAN_NO_PADDR, can_use_dev};
        return object_alloc(alloc, &request, res);
    }
    unsigned child;
    struct split_group *const group = am_exact_take(alloc->utspace.utspace, memory_bits, &child);
    const seL4_Word cookie = am_cookie_next(group, child);
    const seL4_Error refused =
        kernel_retype(child_slot(group, child), type,
                      type == seL4_CapTableObject ? size_bits : memory_bits, dest, 1);
    if (refused) {
        const struct am_request request = {memory_bits, type, dest, ALLOCMAN_NO_PADDR, false};
        return object_refused(alloc, group, child, &request, refused, res);
    }
    group->flags |= GROUP_USED;
    *res = cookie;
    return ALLOCMAN_OK;
}

static int am_utspace_alloc(void *data, const cspacepath_t *dest, seL4_Word type,
                            seL4_Word size_bits, seL4_Word *res)
{
    return am_utspace_alloc_maybe_device(data, dest, type, size_bits, false, res);
}

static int am_utspace_alloc_at(void *data, const cspacepath_t *dest, seL4_Word type,
                               seL4_Word size_bits, uintptr_t paddr, seL4_Word *cookie)
{
    const size_t memory_bits = (size_t)vka_get_object_size(type, size_bits);
    const struct am_request request = {memory_bits, type, dest, paddr, true};
    return object_alloc(data, &request, cookie);
}

static void am_utspace_free(void *data, seL4_Word type, seL4_Word size_bits, seL4_Word target)
{
    allocman_t *const alloc = data;
    const size_t memory_bits = (size_t)vka_get_object_size(type, size_bits);
    const bool is_short = am_is_plain(alloc) && !alloc->untyped_reserves &&
                          alloc->utspace.free == _utspace_split_free;
    unsigned child = 0;
    struct split_group *const group =
        is_short ? am_exact_find(alloc->utspace.utspace, target, memory_bits, &child) : NULL;
    if (group) {
        am_exact_give(alloc->utspace.utspace, group, child);
    } else {
        allocman_utspace_free(alloc, target, memory_bits);
    }
}

static uintptr_t am_utspace_paddr(void *data, seL4_Word target, seL4_Word type, seL4_Word size_bits)
{
    return allocman_utspace_paddr(data, target, (size_t)vka_get_object_size(type, size_bits));
}

void allocman_make_vka(vka_t *vka, allocman_t *alloc)
{
    *vka = (vka_t){
        .data = alloc,
        .cspace_alloc = am_cspace_alloc,
        .cspace_make_path = am_cspace_make_path,
        .utspace_alloc = am_utspace_alloc,
        .utspace_alloc_maybe_device = am_utspace_alloc_maybe_device,
        .utspace_alloc_at = am_utspace_alloc_at,
        .cspace_free = am_cspace_free,
        .utspace_free = am_utspace_free,
        .utspace_paddr = am_utspace_paddr,
    };
}
