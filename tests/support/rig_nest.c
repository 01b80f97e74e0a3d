/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Requests within a request: book memory as somebody would write it on a vspace manager asks its own
// allocman for a slot, an object and book memory. While the reserves are full, all three are served.

#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <string.h>

#define RESERVE_BYTES 256u // of a piece of book memory

static struct {
    struct mspace_interface below; // serves in the end
    bool armed;                    // the next request asks back
    size_t bytes;                  // of book memory to ask for
    struct thing object;           // what to make, and what was made
    bool have_slot;
    void *book;
} nest;

static void *nest_alloc(struct allocman *alloc, void *cookie, size_t bytes, int *error)
{
    cspacepath_t path;
    if (nest.armed) {
        nest.armed = false;
        nest.have_slot = allocman_cspace_alloc(alloc, &path) == ALLOCMAN_OK;
        nest.object.slot = nest.have_slot ? path.capPtr : 0;
        nest.object.cookie = nest.have_slot
                                 ? allocman_utspace_alloc(alloc, nest.object.size_bits,
                                                          nest.object.type, &path, false, NULL)
                                 : 0;
        nest.book = allocman_mspace_alloc(alloc, nest.bytes, NULL);
    }
    return nest.below.alloc(alloc, cookie, bytes, error);
}

void rig_nest_prepare(struct rig *rig)
{
    if (!rig->config->reserves) {
        return;
    }
    allocman_t *const alloc = rig->world.alloc;
    const struct allocman_utspace_chunk untyped = {seL4_PageBits, SMALL_FRAME, RIG_RESERVE_PIECES};
    const struct allocman_mspace_chunk book = {RESERVE_BYTES, RIG_RESERVE_PIECES};
    assert_int_equal(allocman_configure_cspace_reserve(alloc, RIG_RESERVE_PIECES), ALLOCMAN_OK);
    assert_int_equal(allocman_configure_utspace_reserve(alloc, untyped), ALLOCMAN_OK);
    assert_int_equal(allocman_configure_mspace_reserve(alloc, book), ALLOCMAN_OK);
    rig->reserves = true;
    nest.below = alloc->mspace;
    nest.armed = false;
    alloc->mspace.alloc = nest_alloc;
}

// What a piece of the reserve does for.
static bool piece_does(const struct api_record *r)
{
    return r->type == SMALL_FRAME ? r->size_bits == seL4_PageBits
           : r->type == seL4_UntypedObject
               ? r->size_bits >= seL4_MinUntypedBits && r->size_bits <= seL4_PageBits
           : r->type == seL4_EndpointObject
               ? r->size_bits == seL4_EndpointBits
               : r->type == seL4_TCBObject && r->size_bits == seL4_TCBBits;
}

static void keep_nested(struct rig *rig, uint32_t number)
{
    if (nest.object.cookie) {
        struct sel4model_cap cap;
        RIG_EXPECT(rig, sel4model_inspect(sel4model_path_of(nest.object.slot), &cap),
                   "no slot %#lx", (unsigned long)nest.object.slot);
        nest.object.paddr = (uintptr_t)cap.paddr;
        (void)rig_add(rig, number, &nest.object);
    } else if (nest.have_slot) {
        rig_slot_free(rig, nest.object.slot);
    }
    if (nest.book) {
        const struct thing book = {.kind = THING_BOOK,
                                   .bytes = nest.bytes,
                                   .data = nest.book,
                                   .pattern = (unsigned char)(rig->step * 3 + 1)};
        memset(nest.book, book.pattern, nest.bytes);
        (void)rig_add(rig, number, &book);
    }
}

void rig_nest(struct rig *rig, const struct api_record *r)
{
    allocman_t *const alloc = rig->world.alloc;
    if (!rig->config->reserves || !rig_has_room(rig) || !piece_does(r)) {
        return;
    }
    const bool full = allocman_fill_reserves(alloc) == ALLOCMAN_OK;
    nest.object = (struct thing){.kind = THING_OBJECT, .type = r->type, .size_bits = r->size_bits};
    nest.bytes = (size_t)(1 + r->operand % RESERVE_BYTES);
    nest.armed = true;
    allocman_mspace_free(alloc, allocman_mspace_alloc(alloc, 16, NULL), 16);
    RIG_EXPECT(rig, !nest.armed, "book memory was not asked");
    RIG_EXPECT(rig,
               !full || (nest.have_slot && nest.object.cookie && nest.book) || rig_fault_came(rig),
               "the reserves were full, but slot %lu, object %#lx, book memory %p",
               (unsigned long)nest.object.slot, (unsigned long)nest.object.cookie, nest.book);
    keep_nested(rig, r->number);
}
