/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Operations on objects, slots and book memory as a well-behaved caller does them.

#include "rig.h"

#include <string.h>

#include <allocman/check.h>
#include <vka/object.h>

#include "check/split_walk.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// log2 bytes of the largest block of kernel RAM that is free, by a walk; 0: none.
static unsigned largest_free(const struct rig *rig)
{
    struct utspace_split_cursor cursor = {.started = false};
    struct utspace_split_block block;
    unsigned largest = 0;
    while (utspace_split_next_block(&rig->world.managers->utspace, &cursor, &block)) {
        if (!block.allocated && block.kind == ALLOCMAN_UT_KERNEL && block.size_bits > largest) {
            largest = block.size_bits;
        }
    }
    return largest;
}

void rig_refused(struct rig *rig, int status)
{
    const struct allocman_failure *const why = allocman_last_failure(rig->world.alloc);
    const mspace_virtual_pool_t *const pool = &rig->world.managers->mspace.virtual_pool;
    const size_t slots = world_free_slots(&rig->world);
    rig->refusals++;
    rig->refused[status < ALLOCMAN_STATUS_COUNT ? status : 0]++;
    RIG_EXPECT(rig, (int)why->status == status, "status %d, but the last failure is %d", status,
               (int)why->status);
    RIG_EXPECT(rig, why->needed != 0, "refused without amounts: %s",
               allocman_status_text(why->status));
    switch (status) {
    case ALLOCMAN_NO_UNTYPED:
        RIG_EXPECT(rig, largest_free(rig) < why->needed,
                   "refused for want of 2^%lu bytes, but 2^%u are free", (unsigned long)why->needed,
                   largest_free(rig));
        break;
    case ALLOCMAN_NO_SLOT: // a binary buddy would need two a split
        RIG_EXPECT(rig, slots < 2 * 48, "refused for want of slots, but %zu are free", slots);
        break;
    case ALLOCMAN_NO_BOOK: // with room to grow, growth's own reason is told
        RIG_EXPECT(rig, rig->world.vsize == 0,
                   "refused for want of book memory that can grow (%lu needed, %lu there)",
                   (unsigned long)why->needed, (unsigned long)why->available);
        break;
    case ALLOCMAN_NO_VIRTUAL:
        RIG_EXPECT(rig,
                   rig->world.vsize != 0 &&
                       (pool->unmapped.free_count == 0 ||
                        why->needed > ALLOCMAN_BOOK_PAGE_BYTES -
                                         ((sizeof(struct book_page) + 15) & ~(size_t)15)),
                   "refused for want of addresses, but %zu pages are left",
                   pool->unmapped.free_count);
        break;
    default:
        rig_fail(rig, "refused: %s", allocman_status_text((enum allocman_status)status));
    }
}

seL4_CPtr rig_slot(struct rig *rig)
{
    cspacepath_t path;
    const int error = allocman_cspace_alloc(rig->world.alloc, &path);
    if (error) {
        rig_refused(rig, error);
        return 0;
    }
    struct sel4model_cap cap;
    RIG_EXPECT(rig,
               sel4model_inspect(sel4model_path_of(path.capPtr), &cap) &&
                   cap.kind == SEL4MODEL_CAP_NULL,
               "slot %#lx was handed out, but is not empty", (unsigned long)path.capPtr);
    const cspacepath_t again = allocman_cspace_make_path(rig->world.alloc, path.capPtr);
    RIG_EXPECT(rig, memcmp(&again, &path, sizeof(path)) == 0, "slot %#lx has two paths",
               (unsigned long)path.capPtr);
    return path.capPtr;
}

void rig_slot_free(struct rig *rig, seL4_CPtr slot)
{
    const cspacepath_t path = allocman_cspace_make_path(rig->world.alloc, slot);
    allocman_cspace_free(rig->world.alloc, &path);
}

// See that a slot holds what was asked for, where the books say; its physical address.
static uintptr_t object_look(struct rig *rig, const struct thing *t)
{
    struct sel4model_cap cap;
    RIG_EXPECT(
        rig, sel4model_inspect(sel4model_path_of(t->slot), &cap) && cap.kind != SEL4MODEL_CAP_NULL,
        "slot %#lx has no object", (unsigned long)t->slot);
    RIG_EXPECT(rig, cap.object_type == t->type && cap.size_bits == t->size_bits,
               "slot %#lx: type %lu of 2^%u bytes instead of %lu of 2^%u", (unsigned long)t->slot,
               (unsigned long)cap.object_type, cap.size_bits, (unsigned long)t->type, t->size_bits);
    const uintptr_t paddr = allocman_utspace_paddr(rig->world.alloc, t->cookie, t->size_bits);
    RIG_EXPECT(rig, paddr == ALLOCMAN_NO_PADDR || paddr == cap.paddr,
               "slot %#lx: object at %#lx, by the books %#lx", (unsigned long)t->slot,
               (unsigned long)cap.paddr, (unsigned long)paddr);
    return (uintptr_t)cap.paddr;
}

struct thing *rig_object(struct rig *rig, seL4_Word type, unsigned size_bits, uintptr_t paddr,
                         bool may_be_device)
{
    struct thing t = {
        .kind = THING_OBJECT, .type = type, .size_bits = size_bits, .slot = rig_slot(rig)};
    if (t.slot == 0 || rig->things >= rig->config->things_max) {
        if (t.slot != 0) {
            rig_slot_free(rig, t.slot);
        }
        return NULL;
    }
    const cspacepath_t path = allocman_cspace_make_path(rig->world.alloc, t.slot);
    int error = -1;
    t.cookie = allocman_utspace_alloc_at(rig->world.alloc, size_bits, type, &path, paddr,
                                         may_be_device, &error);
    RIG_EXPECT(rig, (t.cookie == 0) == (error != ALLOCMAN_OK) && ~t.cookie != 0,
               "cookie %#lx with status %d", (unsigned long)t.cookie, error);
    if (error) {
        rig_slot_free(rig, t.slot);
        if (paddr == ALLOCMAN_NO_PADDR ||
            (error != ALLOCMAN_ADDRESS_UNKNOWN && error != ALLOCMAN_ADDRESS_OCCUPIED &&
             error != ALLOCMAN_UNALIGNED && error != ALLOCMAN_INVALID_TYPE)) {
            rig_refused(rig, error);
        }
        return NULL;
    }
    t.paddr = object_look(rig, &t);
    RIG_EXPECT(rig, paddr == ALLOCMAN_NO_PADDR || t.paddr == paddr, "wanted at %#lx, made at %#lx",
               (unsigned long)paddr, (unsigned long)t.paddr);
    return rig_add(rig, &t);
}

// A random type and its size.
static seL4_Word random_type(struct rig *rig, unsigned *size_bits)
{
    static const struct {
        seL4_Word type;
        unsigned size_bits;
    } fixed[] = {
        {seL4_EndpointObject, seL4_EndpointBits}, {seL4_NotificationObject, seL4_NotificationBits},
        {seL4_TCBObject, seL4_TCBBits},           {SMALL_FRAME, seL4_PageBits},
        {PAGE_TABLE, seL4_PageTableBits},
    };
    const unsigned what = rng_below(&rig->rng, 10);
    if (what < 6) {
        const unsigned i = what < 5 ? what : 3;
        *size_bits = fixed[i].size_bits;
        return fixed[i].type;
    }
    if (what == 6) {
        *size_bits = rng_from(&rig->rng, 1, 12) + seL4_SlotBits;
        return seL4_CapTableObject;
    }
    if (what == 7 && rig->config->large_frames) {
        const bool largest = rng_percent(&rig->rng, 10);
        *size_bits = largest ? LARGEST_FRAME_BITS : seL4_LargePageBits;
        return largest ? LARGEST_FRAME : LARGE_FRAME;
    }
    *size_bits = rng_from(&rig->rng, seL4_MinUntypedBits, rig->config->untyped_max);
    return seL4_UntypedObject;
}

void rig_op_object(struct rig *rig)
{
    unsigned size_bits;
    const seL4_Word type = random_type(rig, &size_bits);
    (void)rig_object(rig, type, size_bits, ALLOCMAN_NO_PADDR, rng_percent(&rig->rng, 30));
}

void rig_op_fill(struct rig *rig)
{
    switch (rig->fill_with) {
    case 0:
        (void)rig_object(rig, seL4_UntypedObject, rig->config->untyped_max, ALLOCMAN_NO_PADDR,
                         false);
        break;
    case 1:
        (void)rig_object(rig, seL4_EndpointObject, seL4_EndpointBits, ALLOCMAN_NO_PADDR, false);
        break;
    case 2:
        (void)rig_object(rig, SMALL_FRAME, seL4_PageBits, ALLOCMAN_NO_PADDR, false);
        break;
    case 3:
        rig_op_book(rig);
        break;
    case 4:
        rig_op_slot(rig);
        break;
    default:
        rig_op_object(rig);
        break;
    }
}

// The smallest block that was cut and holds the range, if it was cut finer than that.
static void widen_to_cut(const struct rig *rig, uintptr_t *paddr, unsigned *bits)
{
    struct number_walk walk = {.started = false};
    uint32_t number;
    const struct split_group *g;
    while ((g = am_check_next(&rig->world.managers->utspace, &walk, &number)) != NULL) {
        const unsigned block_bits = (unsigned)g->child_bits + g->fan_out_bits;
        if (g->child_bits < *bits && *bits <= block_bits && g->paddr <= *paddr &&
            *paddr - g->paddr < (uintptr_t)1 << block_bits) {
            *paddr = g->paddr;
            *bits = block_bits;
        }
    }
}

// Could [paddr, paddr + 2^bits) be had? Does a root hold it, and does no allocated block meet it?
// Blocks that were cut together are joined together only.
static bool range_is_free(const struct rig *rig, uintptr_t paddr, unsigned bits)
{
    struct utspace_split_cursor cursor = {.started = false};
    struct utspace_split_block block;
    uint64_t bytes = 0;
    widen_to_cut(rig, &paddr, &bits);
    while (utspace_split_next_block(&rig->world.managers->utspace, &cursor, &block)) {
        const uintptr_t size = (uintptr_t)1 << block.size_bits;
        const bool meets =
            block.paddr < paddr + ((uintptr_t)1 << bits) && paddr < block.paddr + size;
        if (meets && block.allocated) {
            return false;
        }
        bytes += meets ? (block.size_bits < bits ? size : (uintptr_t)1 << bits) : 0;
    }
    return bytes == UINT64_C(1) << bits;
}

// Does an object of ours meet the range?
static bool ours_meets(const struct rig *rig, uintptr_t paddr, unsigned bits)
{
    for (size_t i = 0; i < rig->things; i++) {
        const struct thing *const t = &rig->thing[i];
        if (t->kind == THING_OBJECT && t->paddr < paddr + ((uintptr_t)1 << bits) &&
            paddr < t->paddr + ((uintptr_t)1 << t->size_bits)) {
            return true;
        }
    }
    return false;
}

void rig_op_object_at(struct rig *rig)
{
    const unsigned untypeds =
        (unsigned)(rig->world.bootinfo->untyped.end - rig->world.bootinfo->untyped.start);
    const seL4_UntypedDesc *const root =
        &rig->world.bootinfo->untypedList[rng_below(&rig->rng, untypeds)];
    static const unsigned sizes[] = {
        seL4_PageBits, seL4_PageBits, seL4_LargePageBits, 4, 8, 16, 20};
    unsigned bits = sizes[rng_below(&rig->rng, ARRAY_LENGTH(sizes))];
    bits = bits > root->sizeBits ? root->sizeBits : bits;
    const bool frame =
        (bits == seL4_PageBits || bits == seL4_LargePageBits) && rng_percent(&rig->rng, 60);
    const seL4_Word type = !frame                  ? seL4_UntypedObject
                           : bits == seL4_PageBits ? SMALL_FRAME
                                                   : LARGE_FRAME;
    const uint64_t places = UINT64_C(1) << (root->sizeBits - bits);
    // Few places, so that they meet.
    uintptr_t paddr =
        root->paddr + ((uintptr_t)rng_below(&rig->rng, places < 6 ? places : 6) << bits);
    const struct thing *const other = rig_pick(rig, THING_OBJECT);
    if (other && rng_percent(&rig->rng, 20)) {
        paddr = other->paddr & ~(((uintptr_t)1 << bits) - 1);
    }
    const bool unaligned = rng_percent(&rig->rng, 5);
    paddr += unaligned ? 1u << seL4_MinUntypedBits >> 1 : 0;
    const bool free = !unaligned && range_is_free(rig, paddr, bits);
    const bool ours = ours_meets(rig, paddr, bits);
    const unsigned long refusals = rig->refusals;
    const bool may_be_device = !rng_percent(&rig->rng, 10);
    const struct thing *const made = rig_object(rig, type, bits, paddr, may_be_device);
    if (made) {
        RIG_EXPECT(rig, !ours && !unaligned, "made 2^%u at %#lx, which was not free", bits,
                   (unsigned long)paddr);
    } else if (free && rig->refusals == refusals && rig->things < rig->config->things_max &&
               (may_be_device || !root->isDevice) &&
               range_is_free(rig, paddr, bits)) { // else what had to grow for the call has taken it
        rig_fail(rig, "2^%u at %#lx is free, but was refused: %s", bits, (unsigned long)paddr,
                 allocman_status_text(allocman_last_failure(rig->world.alloc)->status));
    }
}

static void content_check(struct rig *rig, const struct thing *t, size_t bytes)
{
    if (t->data) {
        RIG_EXPECT(rig, t->data[0] == t->pattern && memcmp(t->data, t->data + 1, bytes - 1) == 0,
                   "%zu bytes at %p were overwritten", bytes, (void *)t->data);
    }
}

static void object_give_back(struct rig *rig, struct thing *t)
{
    (void)object_look(rig, t);
    if (t->data) {
        content_check(rig, t, (size_t)1 << seL4_PageBits);
        rig->window_used[(size_t)((char *)t->data - rig->window) >> seL4_PageBits] = false;
    }
    const int error = (int)seL4_CNode_Delete(seL4_CapInitThreadCNode, t->slot, seL4_WordBits);
    RIG_EXPECT(rig, error == seL4_NoError, "slot %#lx: Delete says %d", (unsigned long)t->slot,
               error);
    allocman_utspace_free(rig->world.alloc, t->cookie, t->size_bits);
    rig_slot_free(rig, t->slot);
    rig->stale[rig->stale_next].cookie = t->cookie;
    rig->stale[rig->stale_next].size_bits = t->size_bits;
    rig->stale[rig->stale_next].step = rig->step;
    rig->stale_next = (rig->stale_next + 1) % RIG_STALE_MAX;
}

void rig_give_back(struct rig *rig, struct thing *t)
{
    // A reserve that is filled at the end of the call may meet what was leaked before.
    const struct split_totals *const totals = &rig->world.managers->utspace.totals;
    const size_t misuse =
        rig->world.alloc->counts.misuse - totals->repairs - totals->slots_quarantined;
    switch (t->kind) {
    case THING_OBJECT:
        object_give_back(rig, t);
        break;
    case THING_LEAK: // empty if its memory was used again
        (void)seL4_CNode_Delete(seL4_CapInitThreadCNode, t->slot, seL4_WordBits);
        rig_slot_free(rig, t->slot);
        break;
    case THING_SLOT:
        rig_slot_free(rig, t->slot);
        break;
    case THING_BOOK:
        content_check(rig, t, t->bytes);
        allocman_mspace_free(rig->world.alloc, t->data, t->bytes);
        break;
    }
    RIG_EXPECT(rig,
               rig->world.alloc->counts.misuse - totals->repairs - totals->slots_quarantined ==
                   misuse,
               "a proper free was called misuse: %s",
               allocman_status_text(allocman_last_failure(rig->world.alloc)->status));
    rig_remove(rig, t);
}

static void give_back_one(struct rig *rig, enum thing_kind kind)
{
    struct thing *const t = rig_pick(rig, kind);
    if (t) {
        rig_give_back(rig, t);
    }
}

void rig_op_object_free(struct rig *rig)
{
    give_back_one(rig, THING_OBJECT);
}

void rig_op_slot(struct rig *rig)
{
    const seL4_CPtr slot = rig->things < rig->config->things_max ? rig_slot(rig) : 0;
    if (slot) {
        (void)rig_add(rig, &(struct thing){.kind = THING_SLOT, .slot = slot});
    }
}

void rig_op_slot_free(struct rig *rig)
{
    give_back_one(rig, THING_SLOT);
}

void rig_op_book(struct rig *rig)
{
    static const unsigned limits[] = {64, 300, 1000, 4016, 4100, 20000, 200000};
    const unsigned limit = limits[rng_below(&rig->rng, ARRAY_LENGTH(limits))];
    struct thing t = {.kind = THING_BOOK};
    t.bytes = rng_from(&rig->rng, 1, limit < rig->config->book_max ? limit : rig->config->book_max);
    if (rig->things >= rig->config->things_max) {
        return;
    }
    int error = -1;
    t.data = allocman_mspace_alloc(rig->world.alloc, t.bytes, &error);
    RIG_EXPECT(rig, (t.data == NULL) == (error != ALLOCMAN_OK), "block %p with status %d",
               (void *)t.data, error);
    if (!t.data) {
        rig_refused(rig, error);
        return;
    }
    RIG_EXPECT(rig, (uintptr_t)t.data % 16 == 0, "a block at %p", (void *)t.data);
    t.pattern = (unsigned char)rng_next(&rig->rng);
    memset(t.data, t.pattern, t.bytes);
    (void)rig_add(rig, &t);
}

void rig_op_book_free(struct rig *rig)
{
    give_back_one(rig, THING_BOOK);
}

void rig_op_reclaim(struct rig *rig)
{
    allocman_reclaim(rig->world.alloc);
}
