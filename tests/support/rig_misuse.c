/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Operations as a careless caller does them.

#include "rig.h"

#include <string.h>

#include <sel4/sel4_arch/mapping.h>

static int map_page(seL4_CPtr frame, char *at)
{
    return (int)page_map(frame, seL4_CapInitThreadVSpace, (seL4_Word)(uintptr_t)at, seL4_ReadWrite);
}

// Map a small frame of RAM somewhere and write to it.
void rig_op_map(struct rig *rig)
{
    struct thing *const t = rig_pick(rig, THING_OBJECT);
    struct sel4model_cap cap;
    const unsigned page = rng_below(&rig->rng, RIG_WINDOW_PAGES);
    if (!t || t->type != SMALL_FRAME || t->data || rig->window_used[page] ||
        !sel4model_inspect(sel4model_path_of(t->slot), &cap) || cap.is_device) {
        return;
    }
    char *const at = rig->window + ((size_t)page << seL4_PageBits);
    const int error = map_page(t->slot, at);
    RIG_EXPECT(rig, error == seL4_NoError, "a frame cannot be mapped: %d", error);
    rig->window_used[page] = true;
    t->data = (unsigned char *)at;
    for (unsigned i = 0; i < 1u << seL4_PageBits; i++) {
        RIG_EXPECT(rig, at[i] == 0, "a fresh frame is not zero at byte %u", i);
    }
    t->pattern = (unsigned char)rng_next(&rig->rng);
    memset(at, t->pattern, (size_t)1 << seL4_PageBits);
}

// Free an object of which a copy of the capability stays.
void rig_op_leak(struct rig *rig)
{
    struct thing *t = rig_pick(rig, THING_OBJECT);
    if (!t || t->data || t->paddr == ALLOCMAN_NO_PADDR || rig->things >= rig->config->things_max) {
        return;
    }
    const struct thing object = *t;
    const seL4_CPtr copy = rig_slot(rig);
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
    rig_give_back(rig, t);
    (void)rig_add(rig, &(struct thing){.kind = THING_LEAK,
                                       .slot = copy,
                                       .paddr = object.paddr,
                                       .size_bits = object.size_bits});
}

void rig_op_leak_end(struct rig *rig)
{
    struct thing *const t = rig_pick(rig, THING_LEAK);
    if (t) {
        rig_give_back(rig, t);
    }
}

// An object into a slot that holds one already.
void rig_op_occupied_slot(struct rig *rig)
{
    const struct thing *const t = rig_pick(rig, THING_OBJECT);
    if (!t) {
        return;
    }
    const uint64_t free_bytes = world_free_bytes(&rig->world);
    const cspacepath_t path = allocman_cspace_make_path(rig->world.alloc, t->slot);
    const unsigned bits = rng_from(&rig->rng, 4, 13);
    int error = -1;
    const seL4_Word cookie =
        allocman_utspace_alloc(rig->world.alloc, bits, seL4_UntypedObject, &path, false, &error);
    RIG_EXPECT(rig, cookie == 0 && error != ALLOCMAN_OK, "an object was made in an occupied slot");
    if (error != ALLOCMAN_SLOT_OCCUPIED) {
        rig_refused(rig, error);
    }
    RIG_EXPECT(rig, world_free_bytes(&rig->world) >= free_bytes || rig->world.vsize ||
                   rig->config->reserves,
               "a failed call took memory");
}

// A misuse is counted, and changes nothing.
struct before {
    size_t misuse;
    uint64_t digest;
};

// Misuse but for what was found of earlier leaks.
static size_t misuse_count(const struct rig *rig)
{
    const struct split_totals *const totals = &rig->world.managers->utspace.totals;
    return rig->world.alloc->counts.misuse - totals->repairs - totals->slots_quarantined;
}

// The books, where the end of a call has nothing to do that an earlier one left: a CSpace that shrinks
// step by step, a reserve that lacks pieces.
static uint64_t books(const struct rig *rig)
{
    return rig->world.managers->two_level || rig->config->reserves ? 0 : world_digest(&rig->world);
}

static struct before before(const struct rig *rig)
{
    return (struct before){misuse_count(rig), books(rig)};
}

static void expect_misuse(struct rig *rig, struct before was, enum allocman_status status,
                          const char *what)
{
    const struct allocman_failure *const why = allocman_last_failure(rig->world.alloc);
    RIG_EXPECT(rig, misuse_count(rig) == was.misuse + 1, "%s: not counted as misuse",
               what);
    RIG_EXPECT(rig, why->status == status || status == ALLOCMAN_STATUS_COUNT, "%s: called '%s'",
               what, allocman_status_text(why->status));
    RIG_EXPECT(rig, books(rig) == was.digest, "%s: changed the books", what);
}

static void free_wrong_size(struct rig *rig)
{
    const struct thing *const t = rig_pick(rig, THING_OBJECT);
    if (t) {
        const struct before was = before(rig);
        const size_t size_bits =
            rng_percent(&rig->rng, 50) ? t->size_bits + 1 : rng_below(&rig->rng, t->size_bits);
        allocman_utspace_free(rig->world.alloc, t->cookie, size_bits);
        expect_misuse(rig, was, ALLOCMAN_WRONG_SIZE, "free with a wrong size");
        RIG_EXPECT(rig,
                   allocman_utspace_paddr(rig->world.alloc, t->cookie, t->size_bits + 1) ==
                       ALLOCMAN_NO_PADDR,
                   "an address for a wrong size");
    }
}

// A cookie that was freed a short while ago: it is told from the block's next one for 15
// allocations of it. Cookies of 32 bits have no room for that: there, one that was freed just now.
static void free_stale(struct rig *rig)
{
    unsigned i = rng_below(&rig->rng, RIG_STALE_MAX);
    struct thing *const last = seL4_WordBits == 32 ? rig_pick(rig, THING_OBJECT) : NULL;
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

// Of what kinds of cookie there are: numbers of groups that are never reached, and generations of
// others where there are any.
static void free_garbage(struct rig *rig)
{
    const seL4_Word far = seL4_WordBits == 32 ? (seL4_Word)0xf0000000 : 0;
    static const seL4_Word odd[] = {0, ~(seL4_Word)0, 1, 0xff, 0x100ff, ~(seL4_Word)0 << 24};
    const struct before was = before(rig);
    const struct thing *const t = rig_pick(rig, THING_OBJECT);
    seL4_Word cookie = (seL4_Word)rng_next(&rig->rng) | far;
    if (rng_percent(&rig->rng, 50)) {
        cookie = odd[rng_below(&rig->rng, sizeof(odd) / sizeof(odd[0]))];
    } else if (t && rng_percent(&rig->rng, 50)) {
        cookie = far ? t->cookie ^ far
                     : t->cookie ^ (seL4_Word)(UINT64_C(1) << rng_from(&rig->rng, 40, 63));
    }
    allocman_utspace_free(rig->world.alloc, cookie, 12);
    expect_misuse(rig, was, ALLOCMAN_STATUS_COUNT, "free of a made-up cookie");
}

void rig_op_misuse_cookie(struct rig *rig)
{
    switch (rng_below(&rig->rng, 3)) {
    case 0:
        free_wrong_size(rig);
        break;
    case 1:
        free_stale(rig);
        break;
    default:
        free_garbage(rig);
        break;
    }
}

void rig_op_misuse_slot(struct rig *rig)
{
    const struct cspace_single_level_config *const range = &rig->world.managers->cspace.config;
    const cspace_two_level_t *const two_level = rig->world.managers->two_level;
    const seL4_CPtr end = two_level
                              ? two_level->config.end_slot << two_level->config.level_two_bits
                              : range->end_slot;
    seL4_CPtr slot = end + rng_below(&rig->rng, 100);
    if (!two_level && rng_percent(&rig->rng, 60)) {
        slot = rng_below(&rig->rng, range->first_slot); // somebody else's
    } else if (rng_percent(&rig->rng, 50)) {
        slot = rig_slot(rig); // one that is free
        if (!slot) {
            return;
        }
        rig_slot_free(rig, slot);
    }
    const struct before was = before(rig);
    rig_slot_free(rig, slot);
    expect_misuse(rig, was, ALLOCMAN_SLOT_NOT_ALLOCATED, "free of a slot that is not allocated");
}

void rig_op_misuse_book(struct rig *rig)
{
    unsigned char local[64];
    const struct thing *const t = rig_pick(rig, THING_BOOK);
    void *bad = local;
    size_t bytes = rng_from(&rig->rng, 1, 200000);
    if (t && rng_percent(&rig->rng, 60)) {
        bad =
            t->data + rng_from(&rig->rng, 1, ((unsigned)t->bytes - 1) | 15u); // not where it begins
        bytes = t->bytes;
        if (rng_percent(&rig->rng, 50)) {
            bad = t->data;
            bytes = rng_percent(&rig->rng, 50) ? t->bytes + 16 : rng_below(&rig->rng, t->bytes);
            bytes += (bytes + 15) / 16 == (t->bytes + 15) / 16 ? 32 : 0;
            bytes = t->bytes > 3900 ? t->bytes + 10000 : bytes; // a span is known by its pages only
        }
    } else if (rng_percent(&rig->rng, 50)) {
        bytes = rng_from(&rig->rng, 1, rig->config->book_max);
        bad = allocman_mspace_alloc(rig->world.alloc, bytes, NULL);
        if (!bad) {
            return;
        }
        allocman_mspace_free(rig->world.alloc, bad, bytes); // and now again
    } else if (t && rng_percent(&rig->rng, 30)) {
        bad = t->data;
        bytes = 0;
    }
    const struct before was = before(rig);
    allocman_mspace_free(rig->world.alloc, bad, bytes);
    expect_misuse(rig, was, ALLOCMAN_BAD_POINTER, "free of what is no block of book memory");
}

// Requests that no allocator could serve.
void rig_op_nonsense(struct rig *rig)
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
    const unsigned i = rng_below(&rig->rng, sizeof(bad) / sizeof(bad[0]));
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
    RIG_EXPECT(rig, books(rig) == digest,
               "a request that makes no sense changed the books");
}
