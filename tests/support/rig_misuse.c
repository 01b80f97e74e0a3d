/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Operations as a careless caller does them.

#include "rig.h"

#include <string.h>

#include <sel4/sel4_arch/mapping.h>

#include "check/map_walk.h"

static int map_page(seL4_CPtr frame, char *at)
{
    return (int)page_map(frame, seL4_CapInitThreadVSpace, (seL4_Word)(uintptr_t)at, seL4_ReadWrite);
}

// Map a small frame of RAM somewhere and write to it.
void rig_map(struct rig *rig, const struct api_record *r)
{
    struct thing *const t = rig_find(rig, THING_OBJECT, r->number);
    struct sel4model_cap cap;
    const unsigned page = (unsigned)(r->operand % RIG_WINDOW_PAGES);
    if (!t || t->type != SMALL_FRAME || t->data || rig->window_used[page] ||
        !sel4model_inspect(sel4model_path_of(t->slot), &cap) || cap.is_device) {
        return;
    }
    char *const at = rig->window + ((size_t)page << seL4_PageBits);
    const int error = map_page(t->slot, at);
    if (error && rig_fault_came(rig)) {
        return;
    }
    RIG_EXPECT(rig, error == seL4_NoError, "a frame cannot be mapped: %d", error);
    rig->window_used[page] = true;
    t->data = (unsigned char *)at;
    t->page = page;
    for (unsigned i = 0; i < 1u << seL4_PageBits; i++) {
        RIG_EXPECT(rig, at[i] == 0, "a fresh frame is not zero at byte %u", i);
    }
    t->pattern = (unsigned char)(rig->step * 5 + 1);
    memset(at, t->pattern, (size_t)1 << seL4_PageBits);
}

// Free an object of which a copy of the capability stays.
void rig_leak(struct rig *rig, const struct api_record *r)
{
    struct thing *t = rig_find(rig, THING_OBJECT, r->number);
    if (!t || t->data || t->paddr == ALLOCMAN_NO_PADDR || !rig_has_room(rig)) {
        return;
    }
    const struct thing object = *t;
    const seL4_CPtr copy = rig_slot(rig, false);
    if (!copy) {
        return;
    }
    const int error =
        (int)seL4_CNode_Copy(seL4_CapInitThreadCNode, copy, seL4_WordBits, seL4_CapInitThreadCNode,
                             object.slot, seL4_WordBits, seL4_AllRights);
    if (error) { // not everything can be copied
        rig_slot_free(rig, copy);
        return;
    }
    // Before the free, which may look at free blocks.
    (void)rig_add(rig, r->number,
                  &(struct thing){.kind = THING_LEAK,
                                  .slot = copy,
                                  .paddr = object.paddr,
                                  .size_bits = object.size_bits});
    rig_give_back(rig, t);
}

// An object into a slot that holds one already.
void rig_occupied(struct rig *rig, const struct api_record *r)
{
    const struct thing *const t = rig_find(rig, THING_OBJECT, r->number);
    if (!t) {
        return;
    }
    const uint64_t free_bytes = world_free_bytes(&rig->world);
    const cspacepath_t path = allocman_cspace_make_path(rig->world.alloc, t->slot);
    const unsigned bits =
        seL4_MinUntypedBits + r->size_bits % (unsigned)(seL4_MaxUntypedBits - seL4_MinUntypedBits);
    int error = -1;
    const seL4_Word cookie =
        allocman_utspace_alloc(rig->world.alloc, bits, seL4_UntypedObject, &path, false, &error);
    RIG_EXPECT(rig, cookie == 0 && error != ALLOCMAN_OK, "an object was made in an occupied slot");
    if (error != ALLOCMAN_SLOT_OCCUPIED) {
        rig_refused(rig, error);
    }
    RIG_EXPECT(rig,
               world_free_bytes(&rig->world) >= free_bytes || rig->world.vsize || rig->reserves ||
                   rig_fault_came(rig),
               "a failed call took memory");
}

// --- frees that are misuse -------------------------------------------------------------------------

// A misuse is counted, and changes nothing.
struct before {
    size_t misuse;
    uint64_t digest;
};

size_t rig_misuse(const struct rig *rig)
{
    static const enum allocman_status found[] = {ALLOCMAN_STILL_IN_USE, ALLOCMAN_SLOT_OCCUPIED,
                                                 ALLOCMAN_PARTLY_USED, ALLOCMAN_NOT_UNTYPED};
    size_t misuse = rig->world.alloc->counts.misuse;
    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
        misuse -= rig->reported[found[i]];
    }
    return misuse;
}

// The books, where the end of a call has nothing to do that an earlier one left: a CSpace that shrinks
// step by step, a reserve that lacks pieces, a merge that was refused.
static uint64_t books(const struct rig *rig)
{
    return rig->world.managers->two_level || rig->reserves || rig->faulted || rig->limited
               ? 0
               : world_digest(&rig->world);
}

static struct before before(const struct rig *rig)
{
    return (struct before){rig_misuse(rig), books(rig)};
}

static void expect_misuse(struct rig *rig, struct before was, enum allocman_status status,
                          const char *what)
{
    const struct allocman_failure *const why = allocman_last_failure(rig->world.alloc);
    RIG_EXPECT(rig, rig_misuse(rig) == was.misuse + 1, "%s: not counted as misuse", what);
    if (!rig->faulted && !rig_fault_came(rig)) { // what is caught up on at the end may fail, too
        RIG_EXPECT(rig, why->status == status || status == ALLOCMAN_STATUS_COUNT, "%s: called '%s'",
                   what, allocman_status_text(why->status));
        RIG_EXPECT(rig, books(rig) == was.digest, "%s: changed the books", what);
    }
}

void rig_wrong_size(struct rig *rig, const struct api_record *r)
{
    const struct thing *const t = rig_find(rig, THING_OBJECT, r->number);
    if (!t || r->size_bits == t->size_bits) {
        return;
    }
    const struct before was = before(rig);
    allocman_utspace_free(rig->world.alloc, t->cookie, r->size_bits);
    expect_misuse(rig, was, ALLOCMAN_WRONG_SIZE, "free with a wrong size");
    RIG_EXPECT(
        rig, allocman_utspace_paddr(rig->world.alloc, t->cookie, r->size_bits) == ALLOCMAN_NO_PADDR,
        "an address for a wrong size");
}

// A cookie that was freed a short while ago: it is told from the block's next one for 15
// allocations of it. Cookies of 32 bits have no room for that: there, one that was freed just now.
void rig_stale(struct rig *rig, const struct api_record *r)
{
    unsigned i = r->number % RIG_STALE_MAX;
    struct thing *const last = seL4_WordBits == 32 ? rig_find(rig, THING_OBJECT, r->number) : NULL;
    if (last) {
        i = rig->stale_next;
        rig_give_back(rig, last);
    } else if (seL4_WordBits == 32) {
        return;
    }
    if (rig->stale[i].cookie && rig->step - rig->stale[i].step < 12) {
        const struct before was = before(rig);
        RIG_EXPECT(rig,
                   allocman_utspace_paddr(rig->world.alloc, rig->stale[i].cookie,
                                          rig->stale[i].size_bits) == ALLOCMAN_NO_PADDR,
                   "an address for a cookie that was freed");
        allocman_utspace_free(rig->world.alloc, rig->stale[i].cookie, rig->stale[i].size_bits);
        expect_misuse(rig, was, ALLOCMAN_STATUS_COUNT, "free of a cookie that was freed");
    }
}

// One that is made up, unless it happens to be good.
void rig_bad_cookie(struct rig *rig, const struct api_record *r)
{
    const struct thing *const t =
        r->flags & API_OF_THING ? rig_find(rig, THING_OBJECT, r->number) : NULL;
    const seL4_Word cookie = (t ? t->cookie : 0) ^ (seL4_Word)r->operand;
    if (allocman_utspace_paddr(rig->world.alloc, cookie, seL4_PageBits) == ALLOCMAN_NO_PADDR) {
        const struct before was = before(rig);
        allocman_utspace_free(rig->world.alloc, cookie, seL4_PageBits);
        expect_misuse(rig, was, ALLOCMAN_STATUS_COUNT, "free of a made-up cookie");
    }
}

static void free_bad_slot(struct rig *rig, seL4_CPtr slot)
{
    const struct before was = before(rig);
    rig_slot_free(rig, slot);
    expect_misuse(rig, was, ALLOCMAN_SLOT_NOT_ALLOCATED, "free of a slot that is not allocated");
}

// Unless it is, by somebody.
void rig_bad_slot(struct rig *rig, const struct api_record *r)
{
    const seL4_CPtr slot = (seL4_CPtr)r->operand;
    const cspace_two_level_t *const two_level = rig->world.managers->two_level;
    const struct allocman_slot_map *const map = &rig->world.managers->cspace.map;
    const bool taken = two_level
                           ? am_check_two_level_taken(two_level, slot)
                           : slot >= map->first && slot < map->end && !am_check_map_free(map, slot);
    if (!taken) {
        free_bad_slot(rig, slot);
    }
}

void rig_double_slot(struct rig *rig)
{
    const seL4_CPtr slot = rig_slot(rig, false);
    if (slot) {
        rig_slot_free(rig, slot);
        free_bad_slot(rig, slot);
    }
}

static void free_bad_book(struct rig *rig, void *block, size_t bytes)
{
    const struct before was = before(rig);
    allocman_mspace_free(rig->world.alloc, block, bytes);
    expect_misuse(rig, was, ALLOCMAN_BAD_POINTER, "free of what is no block of book memory");
}

// Not where a block begins, or not as long; where there is none, of memory that is the rig's own.
void rig_bad_book(struct rig *rig, const struct api_record *r)
{
    unsigned char local[64];
    const struct thing *const t = rig_find(rig, THING_BOOK, r->number);
    size_t bytes = (size_t)(r->operand % 300000);
    if (!t) {
        free_bad_book(rig, local, bytes);
    } else if (r->flags & API_OF_THING) {
        const size_t offset = 1 + (size_t)(r->operand % ((t->bytes - 1) | 15u));
        free_bad_book(rig, t->data + offset, t->bytes);
    } else {
        bytes += (bytes + 15) / 16 == (t->bytes + 15) / 16 ? 32 : 0;
        bytes = t->bytes > 3900 ? t->bytes + 10000 : bytes; // a span is known by its pages only
        free_bad_book(rig, t->data, bytes);
    }
}

void rig_double_book(struct rig *rig, const struct api_record *r)
{
    const size_t bytes = (size_t)(1 + r->operand % 200000);
    int error = ALLOCMAN_OK;
    void *const block = allocman_mspace_alloc(rig->world.alloc, bytes, &error);
    if (block) {
        allocman_mspace_free(rig->world.alloc, block, bytes);
        free_bad_book(rig, block, bytes);
    } else {
        rig_refused(rig, error);
    }
}

// Requests that no allocator could serve.
void rig_nonsense(struct rig *rig, const struct api_record *r)
{
    static const struct {
        seL4_Word type;
        size_t size_bits;
        enum allocman_status status;
    } bad[] = {
        {seL4_UntypedObject, 3, ALLOCMAN_INVALID_SIZE},
        {seL4_UntypedObject, 48, ALLOCMAN_INVALID_SIZE},
        {seL4_UntypedObject, 0, ALLOCMAN_INVALID_SIZE},
        {seL4_EndpointObject, 5, ALLOCMAN_INVALID_SIZE},
        {SMALL_FRAME, 13, ALLOCMAN_INVALID_SIZE},
        {seL4_CapTableObject, seL4_SlotBits, ALLOCMAN_INVALID_SIZE},
        {seL4_ObjectTypeCount, 12, ALLOCMAN_INVALID_TYPE},
        {~(seL4_Word)0, 12, ALLOCMAN_INVALID_TYPE},
    };
    const unsigned i = r->number % (sizeof(bad) / sizeof(bad[0]));
    const uint64_t digest = books(rig);
    const cspacepath_t path =
        allocman_cspace_make_path(rig->world.alloc, rig->world.bootinfo->empty.start);
    int error = -1;
    const seL4_Word cookie = allocman_utspace_alloc(rig->world.alloc, bad[i].size_bits, bad[i].type,
                                                    &path, false, &error);
    RIG_EXPECT(rig, cookie == 0 && error == (int)bad[i].status,
               "type %lu of 2^%zu bytes: status %d", (unsigned long)bad[i].type, bad[i].size_bits,
               error);
    RIG_EXPECT(rig,
               allocman_mspace_alloc(rig->world.alloc, 0, &error) == NULL &&
                   error == ALLOCMAN_INVALID_SIZE,
               "no bytes of book memory: status %d", error);
    RIG_EXPECT(rig, allocman_cspace_alloc(rig->world.alloc, NULL) == ALLOCMAN_INVALID_ARGUMENT,
               "a slot to nowhere");
    RIG_EXPECT(rig, books(rig) == digest, "a request that makes no sense changed the books");
}
