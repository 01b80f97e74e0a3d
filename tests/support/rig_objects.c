/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Operations on objects, slots and book memory as a well-behaved caller does them.

#include "rig.h"

#include <string.h>

#include <allocman/check.h>
#include <allocman/limits.h>
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
        if (!block.allocated && !block.set_aside && block.kind == ALLOCMAN_UT_KERNEL &&
            block.size_bits > largest) {
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
    if (rig_fault_came(rig)) {
        return;
    }
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
    case ALLOCMAN_OVER_LIMIT:
        RIG_EXPECT(rig, rig->world.alloc->zeroed_bits > 0, "there is no limit");
        break;
    default:
        rig_fail(rig, "refused: %s", allocman_status_text((enum allocman_status)status));
    }
}

// --- refusals that the model injects --------------------------------------------------------------

bool rig_fault_came(const struct rig *rig)
{
    struct sel4model_counters counters;
    sel4model_counters_get(&counters);
    return counters.injected > rig->injected;
}

void rig_fault(struct rig *rig, const struct api_record *r)
{
    (void)rig;
    const unsigned error = 1u + r->type % (seL4_NumErrors - 1u);
    sel4model_refuse(1 + (unsigned long)(r->operand % 64), (seL4_Error)error);
}

void rig_delete(struct rig *rig, seL4_CPtr slot)
{
    int error = (int)seL4_CNode_Delete(seL4_CapInitThreadCNode, slot, seL4_WordBits);
    if (error && rig_fault_came(rig)) {
        error = (int)seL4_CNode_Delete(seL4_CapInitThreadCNode, slot, seL4_WordBits);
    }
    RIG_EXPECT(rig, error == seL4_NoError, "slot %#lx: Delete says %d", (unsigned long)slot, error);
}

// --- slots ---------------------------------------------------------------------------------------

seL4_CPtr rig_slot(struct rig *rig, bool by_vka)
{
    cspacepath_t path = {0};
    int error;
    if (by_vka) {
        seL4_CPtr slot = 0;
        error = vka_cspace_alloc(&rig->vka, &slot);
        vka_cspace_make_path(&rig->vka, slot, &path);
    } else {
        error = allocman_cspace_alloc(rig->world.alloc, &path);
    }
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

// --- objects -------------------------------------------------------------------------------------

// Sizes that an object of the type can have.
static bool is_possible(seL4_Word type, unsigned size_bits)
{
    if (type >= seL4_ObjectTypeCount) {
        return false;
    }
    if (type == seL4_UntypedObject) {
        return size_bits >= seL4_MinUntypedBits && size_bits <= seL4_MaxUntypedBits;
    }
    if (type == seL4_CapTableObject) {
        return size_bits > seL4_SlotBits && size_bits <= seL4_MaxUntypedBits;
    }
#ifdef CONFIG_KERNEL_MCS
    if (type == seL4_SchedContextObject) {
        return size_bits >= seL4_MinSchedContextBits && size_bits <= seL4_MaxUntypedBits;
    }
#endif
    return size_bits == vka_get_object_size(type, size_bits);
}

// As vka counts.
static seL4_Word vka_size(seL4_Word type, unsigned size_bits)
{
    return type == seL4_CapTableObject ? size_bits - seL4_SlotBits : size_bits;
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
    const uintptr_t paddr =
        t->by_vka
            ? vka_utspace_paddr(&rig->vka, t->cookie, t->type, vka_size(t->type, t->size_bits))
            : allocman_utspace_paddr(rig->world.alloc, t->cookie, t->size_bits);
    RIG_EXPECT(rig, paddr == ALLOCMAN_NO_PADDR || paddr == cap.paddr,
               "slot %#lx: object at %#lx, by the books %#lx", (unsigned long)t->slot,
               (unsigned long)cap.paddr, (unsigned long)paddr);
    return (uintptr_t)cap.paddr;
}

// The call itself; its status.
static int object_make(struct rig *rig, struct thing *t, const struct api_record *r)
{
    const cspacepath_t path = allocman_cspace_make_path(rig->world.alloc, t->slot);
    const seL4_Word size = vka_size(t->type, t->size_bits);
    const bool device = (r->flags & API_DEVICE) != 0;
    int error = -1;
    if (t->by_vka && r->flags & API_AT) {
        return vka_utspace_alloc_at(&rig->vka, &path, t->type, size, (uintptr_t)r->operand,
                                    &t->cookie);
    }
    if (t->by_vka) {
        return device ? vka_utspace_alloc_maybe_device(&rig->vka, &path, t->type, size, true,
                                                       &t->cookie)
                      : vka_utspace_alloc(&rig->vka, &path, t->type, size, &t->cookie);
    }
    t->cookie = allocman_utspace_alloc_at(
        rig->world.alloc, t->size_bits, t->type, &path,
        r->flags & API_AT ? (uintptr_t)r->operand : ALLOCMAN_NO_PADDR, device, &error);
    return error;
}

// A failure of what can be had is judged; one of what cannot tells so.
static void object_refused(struct rig *rig, const struct thing *t, const struct api_record *r,
                           int error)
{
    const bool is_invalid = error == ALLOCMAN_INVALID_SIZE || error == ALLOCMAN_INVALID_TYPE;
    const bool is_at = r->flags & API_AT && r->operand != ALLOCMAN_NO_PADDR;
    if (!is_possible(t->type, t->size_bits)) {
        RIG_EXPECT(rig, is_invalid || (is_at && error == ALLOCMAN_UNALIGNED),
                   "type %lu of 2^%u bytes: %s", (unsigned long)t->type, t->size_bits,
                   allocman_status_text((enum allocman_status)error));
    } else if (!is_at || (error != ALLOCMAN_ADDRESS_UNKNOWN && error != ALLOCMAN_ADDRESS_OCCUPIED &&
                          error != ALLOCMAN_UNALIGNED && error != ALLOCMAN_INVALID_TYPE)) {
        rig_refused(rig, error);
    }
}

struct thing *rig_object(struct rig *rig, const struct api_record *r)
{
    struct thing t = {.kind = THING_OBJECT,
                      .type = r->type,
                      .size_bits = r->size_bits,
                      .by_vka = (r->flags & API_VKA) != 0};
    if (t.type == seL4_CapTableObject && t.size_bits < seL4_SlotBits) {
        t.by_vka = false; // vka counts slots
    }
    if (t.by_vka && t.type < seL4_ObjectTypeCount) { // vka knows the size where there is one only
        t.size_bits = (unsigned)vka_get_object_size(t.type, vka_size(t.type, t.size_bits));
    }
    if (!rig_has_room(rig)) {
        return NULL;
    }
    t.slot = rig_slot(rig, t.by_vka);
    if (t.slot == 0) {
        return NULL;
    }
    const int error = object_make(rig, &t, r);
    RIG_EXPECT(rig, (t.cookie == 0) == (error != ALLOCMAN_OK) && ~t.cookie != 0,
               "cookie %#lx with status %d", (unsigned long)t.cookie, error);
    if (error) {
        rig_slot_free(rig, t.slot);
        object_refused(rig, &t, r, error);
        return NULL;
    }
    RIG_EXPECT(rig, is_possible(t.type, t.size_bits), "type %lu of 2^%u bytes was made",
               (unsigned long)t.type, t.size_bits);
    t.paddr = object_look(rig, &t);
    RIG_EXPECT(rig,
               !(r->flags & API_AT) || r->operand == ALLOCMAN_NO_PADDR || t.paddr == r->operand,
               "wanted at %#lx, made at %#lx", (unsigned long)r->operand, (unsigned long)t.paddr);
    return rig_add(rig, r->number, &t);
}

// --- objects at addresses ---------------------------------------------------------------------------

// The smallest block that was cut and holds the range, if it was cut finer than that.
static void widen_to_cut(const struct rig *rig, uintptr_t *paddr, unsigned *bits)
{
    struct number_walk walk = {.started = false};
    uint32_t number;
    const struct split_group *g;
    while ((g = am_check_next(&rig->world.managers->utspace, &walk, &number)) != NULL) {
        const unsigned block_bits = (unsigned)g->child_bits + g->fan_out_bits;
        if (g->paddr != ALLOCMAN_NO_PADDR && g->child_bits < *bits && *bits <= block_bits &&
            g->paddr <= *paddr && *paddr - g->paddr < (uintptr_t)1 << block_bits) {
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
        const bool meets = block.paddr != ALLOCMAN_NO_PADDR && // its address was not told
                           block.paddr < paddr + ((uintptr_t)1 << bits) &&
                           paddr < block.paddr + size;
        if (meets && (block.allocated || block.set_aside)) {
            return false;
        }
        bytes += meets ? (block.size_bits < bits ? size : (uintptr_t)1 << bits) : 0;
    }
    return bytes == UINT64_C(1) << bits;
}

// Does an object of ours meet the range?
static bool ours_meets(const struct rig *rig, uintptr_t paddr, unsigned bits)
{
    for (size_t i = 0; i < rig->room; i++) {
        const struct thing *const t = &rig->thing[i];
        if (t->kind == THING_OBJECT && t->paddr < paddr + ((uintptr_t)1 << bits) &&
            paddr < t->paddr + ((uintptr_t)1 << t->size_bits)) {
            return true;
        }
    }
    return false;
}

// The boot untyped that an address lies in, or NULL.
static const seL4_UntypedDesc *untyped_of(const struct rig *rig, uintptr_t paddr)
{
    const seL4_BootInfo *const bi = rig->world.bootinfo;
    for (seL4_Word i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
        const seL4_UntypedDesc *const ut = &bi->untypedList[i];
        if (paddr >= ut->paddr && (paddr - ut->paddr) >> ut->sizeBits == 0) {
            return ut;
        }
    }
    return NULL;
}

// An address that is free by the books is served.
static void object_alloc_at(struct rig *rig, const struct api_record *r)
{
    const unsigned bits = r->size_bits;
    const uintptr_t paddr = (uintptr_t)r->operand;
    const seL4_UntypedDesc *const root = untyped_of(rig, paddr);
    const bool fits =
        root && is_possible(r->type, bits) && bits <= root->sizeBits &&
        (r->type == seL4_UntypedObject || r->type == SMALL_FRAME || r->type == LARGE_FRAME);
    const bool aligned = fits && (paddr - root->paddr) % ((uintptr_t)1 << bits) == 0;
    const bool free = aligned && range_is_free(rig, paddr, bits);
    const bool ours = fits && ours_meets(rig, paddr, bits);
    const bool may_be_device = (r->flags & (API_DEVICE | API_VKA)) != 0;
    const bool room = rig_has_room(rig);
    const unsigned long refusals = rig->refusals;
    const struct thing *const made = rig_object(rig, r);
    if (made) {
        RIG_EXPECT(rig, !ours && (aligned || !fits), "made 2^%u at %#lx, which was not free", bits,
                   (unsigned long)paddr);
    } else if (free && room && rig->refusals == refusals && !rig_fault_came(rig) &&
               (may_be_device || !root->isDevice) && !rig->world.alloc->zeroed_bits &&
               range_is_free(rig, paddr, bits)) { // else what had to grow for the call has taken it
        rig_fail(rig, "2^%u at %#lx is free, but was refused: %s", bits, (unsigned long)paddr,
                 allocman_status_text(allocman_last_failure(rig->world.alloc)->status));
    }
}

void rig_object_alloc(struct rig *rig, const struct api_record *r)
{
    if (r->flags & API_AT && r->operand != ALLOCMAN_NO_PADDR) {
        object_alloc_at(rig, r);
    } else {
        (void)rig_object(rig, r);
    }
}

// --- giving back ---------------------------------------------------------------------------------

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
        rig->window_used[t->page] = false;
    }
    rig_delete(rig, t->slot);
    if (t->by_vka) {
        vka_utspace_free(&rig->vka, t->type, vka_size(t->type, t->size_bits), t->cookie);
        vka_cspace_free(&rig->vka, t->slot);
    } else {
        allocman_utspace_free(rig->world.alloc, t->cookie, t->size_bits);
        rig_slot_free(rig, t->slot);
    }
    rig->stale[rig->stale_next].cookie = t->cookie;
    rig->stale[rig->stale_next].size_bits = t->size_bits;
    rig->stale[rig->stale_next].step = rig->step;
    rig->stale_next = (rig->stale_next + 1) % RIG_STALE_MAX;
}

void rig_give_back(struct rig *rig, struct thing *t)
{
    const size_t misuse = rig_misuse(rig);
    switch (t->kind) {
    case THING_OBJECT:
        object_give_back(rig, t);
        break;
    case THING_LEAK: // empty if its memory was used again
        rig_delete(rig, t->slot);
        rig_slot_free(rig, t->slot);
        break;
    case THING_SLOT:
        if (t->by_vka) {
            vka_cspace_free(&rig->vka, t->slot);
        } else {
            rig_slot_free(rig, t->slot);
        }
        break;
    default:
        content_check(rig, t, t->bytes);
        allocman_mspace_free(rig->world.alloc, t->data, t->bytes);
        break;
    }
    RIG_EXPECT(rig, rig_misuse(rig) == misuse, "a proper free was called misuse: %s",
               allocman_status_text(allocman_last_failure(rig->world.alloc)->status));
    t->kind = THING_NONE;
    rig->things--;
}

// --- book memory, untypeds, reserves ---------------------------------------------------------------

void rig_book(struct rig *rig, uint32_t number, size_t bytes)
{
    struct thing t = {.kind = THING_BOOK, .bytes = bytes};
    if (!rig_has_room(rig)) {
        return;
    }
    int error = -1;
    t.data = allocman_mspace_alloc(rig->world.alloc, t.bytes, &error);
    RIG_EXPECT(rig, (t.data == NULL) == (error != ALLOCMAN_OK), "block %p with status %d",
               (void *)t.data, error);
    if (!t.data && bytes == 0) {
        RIG_EXPECT(rig, error == ALLOCMAN_INVALID_SIZE, "no bytes: status %d", error);
    } else if (!t.data) {
        rig_refused(rig, error);
    }
    if (!t.data) {
        return;
    }
    RIG_EXPECT(rig, (uintptr_t)t.data % 16 == 0, "a block at %p", (void *)t.data);
    t.pattern = (unsigned char)(rig->step * 7 + 1);
    memset(t.data, t.pattern, t.bytes);
    (void)rig_add(rig, number, &t);
}

// One of those that the start kept back; a second time it is refused.
void rig_add_untyped(struct rig *rig, const struct api_record *r)
{
    const size_t withheld = rig->world.withheld;
    if (withheld > 0) {
        const size_t misuse = rig_misuse(rig);
        const size_t which = r->number % withheld;
        const bool again = rig->world.added >> which & 1u;
        const int error = world_add_withheld(&rig->world, which, (r->flags & API_AT) != 0);
        if (again) {
            RIG_EXPECT(rig, error == ALLOCMAN_ALREADY_ADDED && rig_misuse(rig) == misuse + 1,
                       "an untyped was handed in twice: status %d", error);
        } else if (error) {
            rig_refused(rig, error);
        }
    }
}

void rig_reserve(struct rig *rig, const struct api_record *r)
{
    allocman_t *const alloc = rig->world.alloc;
    int error;
    bool is_sane = true;
    if (r->operation == API_RESERVE_SLOTS) {
        error = allocman_configure_cspace_reserve(alloc, (size_t)(r->operand % 24));
    } else if (r->operation == API_RESERVE_OBJECT) {
        const struct allocman_utspace_chunk chunk = {r->size_bits, r->type,
                                                     (size_t)(r->operand % 6)};
        is_sane = is_possible(r->type, r->size_bits);
        error = allocman_configure_utspace_reserve(alloc, chunk);
    } else {
        const struct allocman_mspace_chunk chunk = {r->number % 6000, (size_t)(r->operand % 6)};
        is_sane = chunk.size > 0;
        error = allocman_configure_mspace_reserve(alloc, chunk);
    }
    rig->reserves = rig->reserves || is_sane;
    RIG_EXPECT(rig, is_sane || error == ALLOCMAN_INVALID_SIZE || error == ALLOCMAN_INVALID_TYPE,
               "a reserve that makes no sense: status %d", error);
    if (error && is_sane) {
        rig_refused(rig, error);
    }
}

void rig_set_limits(struct rig *rig, const struct api_record *r)
{
    const struct allocman_limits limits = {.zeroed_bits = r->size_bits,
                                           .fan_out_bits = r->type,
                                           .merge_lazily = (r->operand & 1) != 0};
    const bool is_sane = (r->size_bits == 0 || r->size_bits >= 8) &&
                         r->size_bits <= seL4_MaxUntypedBits && r->type <= 8;
    const int error = allocman_set_limits(rig->world.alloc, &limits);
    RIG_EXPECT(rig, error == (is_sane ? ALLOCMAN_OK : ALLOCMAN_INVALID_ARGUMENT),
               "limits: status %d", error);
    rig->limited = rig->limited || is_sane;
}

void rig_prepare(struct rig *rig)
{
    const int error = allocman_prepare(rig->world.alloc);
    const struct allocman_failure *const why = allocman_last_failure(rig->world.alloc);
    if (error == ALLOCMAN_NO_SLOT) { // for the pieces of one block, which want slots in a row
        RIG_EXPECT(rig, (why->status == ALLOCMAN_NO_SLOT && why->needed) || rig_fault_came(rig),
                   "slots lack, without amounts");
    } else if (error) {
        rig_refused(rig, error);
    }
}
