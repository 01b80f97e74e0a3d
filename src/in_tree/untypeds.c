/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Taking over what a simple knows, in three steps, each undone if it fails:
 *
 *     begin       look at every untyped, note where RAM is             nothing but book memory
 *     cut         Retype the pieces of untypeds that are partly RAM    undone by deleting them
 *     hand over   within one call, so that nothing is made of the
 *                 first untypeds before the last has arrived           undone in the books */

#include "untypeds.h"

#include <allocman/utspace/split.h>

#include "../internal.h"
#include "../kernel.h"
#include "../utspace/add.h"

struct simple_untyped am_simple_untyped(simple_t *simple, int n)
{
    struct simple_untyped ut = {.paddr = ALLOCMAN_NO_PADDR};
    ut.slot = simple_get_nth_untyped(simple, n, &ut.size_bits, &ut.paddr, &ut.is_device);
    return ut;
}

/* Is some of it RAM and some not? */
static bool is_cut(const struct simple_untypeds *s, const struct simple_untyped *ut)
{
    return ut->is_device && am_ram_can_cut(ut->paddr, (unsigned)ut->size_bits) &&
           am_ram_piece(s->ram, s->ram_count, ut->paddr, (unsigned)ut->size_bits, 0).bits !=
               ut->size_bits;
}

/* The kind of an untyped that is not cut. */
static int kind_of(const struct simple_untypeds *s, const struct simple_untyped *ut)
{
    if (!ut->is_device) {
        return ALLOCMAN_UT_KERNEL;
    }
    return am_ram_can_cut(ut->paddr, (unsigned)ut->size_bits) && !is_cut(s, ut) &&
                   am_ram_piece(s->ram, s->ram_count, ut->paddr, (unsigned)ut->size_bits, 0).is_ram
               ? ALLOCMAN_UT_DEV_MEM
               : ALLOCMAN_UT_DEV;
}

static int ranges_note(struct simple_untypeds *s, const pmem_region_t *regions, size_t count)
{
    int error = ALLOCMAN_OK;
    s->ram_bytes = count * sizeof(*s->ram);
    s->ram = allocman_mspace_alloc(s->alloc, s->ram_bytes, &error);
    s->ram_count = s->ram ? am_ram_ranges(s->ram, regions, count) : 0;
    return error;
}

/* What the platform tells of RAM; no list is no RAM. */
static int ranges_ask(struct simple_untypeds *s)
{
    const int count = sel4platsupport_get_num_pmem_regions(s->simple);
    if (count <= 0) {
        return ALLOCMAN_OK;
    }
    int error = ALLOCMAN_OK;
    const size_t bytes = (size_t)count * sizeof(pmem_region_t);
    pmem_region_t *const regions = allocman_mspace_alloc(s->alloc, bytes, &error);
    if (!regions) {
        return error;
    }
    const int told = sel4platsupport_get_pmem_region_list(s->simple, (size_t)count, regions);
    if (told > 0) {
        error = ranges_note(s, regions, (size_t)(told < count ? told : count));
    }
    allocman_mspace_free(s->alloc, regions, bytes);
    return error;
}

int am_simple_begin(struct simple_untypeds *s, allocman_t *alloc, simple_t *simple, int num_regions,
                    const pmem_region_t *regions)
{
    *s = (struct simple_untypeds){.alloc = alloc, .simple = simple};
    if (!simple || num_regions < 0) {
        return am_fail(alloc, ALLOCMAN_INVALID_ARGUMENT, 0, 0);
    }
    if (!alloc->have_cspace || !alloc->have_utspace) {
        return am_fail(alloc, ALLOCMAN_NOT_ATTACHED, 0, 0);
    }
    const int count = simple_get_untyped_count(simple);
    s->count = count > 0 ? count : 0;
    for (int i = 0; i < s->count; i++) {
        const struct simple_untyped ut = am_simple_untyped(simple, i);
        if (ut.size_bits < seL4_MinUntypedBits || ut.size_bits > seL4_MaxUntypedBits) {
            return am_fail(alloc, ALLOCMAN_INVALID_SIZE, ut.size_bits, ut.slot);
        }
    }
    return num_regions && regions ? ranges_note(s, regions, (size_t)num_regions) : ranges_ask(s);
}

size_t am_simple_pieces(const struct simple_untypeds *s)
{
    size_t pieces = 0;
    for (int i = 0; i < s->count; i++) {
        const struct simple_untyped ut = am_simple_untyped(s->simple, i);
        const unsigned bits = (unsigned)ut.size_bits;
        uint64_t at = is_cut(s, &ut) ? 0 : UINT64_C(1) << bits;
        while (at >> bits == 0) { /* at most 2 * bits for each stretch of RAM and of none */
            at += UINT64_C(1) << am_ram_piece(s->ram, s->ram_count, ut.paddr, bits, at).bits;
            pieces++;
        }
    }
    return pieces;
}

/* Forget the pieces after `last`, and delete those that nobody has taken; bounded by the pieces. */
static void pieces_drop(struct simple_untypeds *s, struct simple_piece *last)
{
    struct simple_piece *piece = last ? last->next : s->first;
    while (piece) {
        struct simple_piece *const next = piece->next;
        const cspacepath_t path = allocman_cspace_make_path(s->alloc, piece->slot);
        if (!piece->taken && kernel_delete(&path) == seL4_NoError) {
            allocman_cspace_free(s->alloc, &path);
        }
        allocman_mspace_free(s->alloc, piece, sizeof(*piece));
        piece = next;
    }
    *(last ? &last->next : &s->first) = NULL;
    s->last = last;
}

/* Make one piece, in a slot of its own; *refused is the kernel's answer. */
static int piece_make(struct simple_untypeds *s, const struct simple_untyped *ut, uint64_t at,
                      struct simple_piece piece, seL4_Error *refused)
{
    int error = ALLOCMAN_OK;
    cspacepath_t path;
    struct simple_piece *const record = allocman_mspace_alloc(s->alloc, sizeof(piece), &error);
    if (!record) {
        return error;
    }
    error = allocman_cspace_alloc(s->alloc, &path);
    if (!error) {
        *refused = kernel_retype(ut->slot, seL4_UntypedObject, piece.bits, &path, 1);
        if (*refused) {
            allocman_cspace_free(s->alloc, &path);
            error = am_fail_kernel(s->alloc, ALLOCMAN_KERNEL_REFUSED, 0, *refused);
        }
    }
    if (error) {
        allocman_mspace_free(s->alloc, record, sizeof(piece));
        return error;
    }
    *record = piece;
    record->slot = path.capPtr;
    record->paddr = ut->paddr + (uintptr_t)at;
    *(s->last ? &s->last->next : &s->first) = record;
    s->last = record;
    return ALLOCMAN_OK;
}

/* Cut one untyped from its start to its end. The kernel makes the pieces where we think they are iff
 * nothing was made of it before; else the last ones do not fit any more, and it stays whole. */
static int untyped_cut(struct simple_untypeds *s, int n, const struct simple_untyped *ut)
{
    const struct allocman_failure before = s->alloc->failure;
    struct simple_piece *const last = s->last;
    const unsigned bits = (unsigned)ut->size_bits;
    for (uint64_t at = 0; at >> bits == 0;) { /* see am_simple_pieces */
        const struct am_ram_piece cut = am_ram_piece(s->ram, s->ram_count, ut->paddr, bits, at);
        const struct simple_piece piece = {
            .untyped = n, .bits = (uint8_t)cut.bits, .is_ram = cut.is_ram};
        seL4_Error refused = seL4_NoError;
        const int error = piece_make(s, ut, at, piece, &refused);
        if (error) {
            pieces_drop(s, last);
            if (refused == seL4_NotEnoughMemory) {
                s->alloc->failure = before;
                return ALLOCMAN_OK;
            }
            return error;
        }
        at += UINT64_C(1) << cut.bits;
    }
    return ALLOCMAN_OK;
}

static int one_hand_over(allocman_t *alloc, seL4_CPtr slot, size_t bits, uintptr_t paddr, int kind)
{
    const cspacepath_t path = allocman_cspace_make_path(alloc, slot);
    return allocman_utspace_add_uts(alloc, 1, &path, &bits, &paddr, kind);
}

/* Hand over every untyped, or its pieces in its place. */
static int all_hand_over(struct simple_untypeds *s)
{
    struct simple_piece *piece = s->first;
    int error = ALLOCMAN_OK;
    for (int i = 0; i < s->count && !error; i++) {
        const struct simple_untyped ut = am_simple_untyped(s->simple, i);
        if (!piece || piece->untyped != i) {
            error = one_hand_over(s->alloc, ut.slot, ut.size_bits, ut.paddr, kind_of(s, &ut));
        }
        for (; piece && piece->untyped == i && !error; piece = piece->next) {
            error = one_hand_over(s->alloc, piece->slot, piece->bits, piece->paddr,
                                  piece->is_ram ? ALLOCMAN_UT_DEV_MEM : ALLOCMAN_UT_DEV);
            piece->taken = !error;
        }
    }
    return error;
}

/* Take blocks of book memory, each noted in the one before; fewer if there are no more. */
static int blocks_take(allocman_t *alloc, void **blocks, size_t count, size_t bytes)
{
    int error = ALLOCMAN_OK;
    while (count-- > 0 && !error) {
        void **const block = allocman_mspace_alloc(alloc, bytes, &error);
        if (block) {
            *block = *blocks;
            *blocks = block;
        }
    }
    return error;
}

static void blocks_give(allocman_t *alloc, void *blocks, size_t bytes)
{
    while (blocks) { /* bounded by those taken */
        void *const next = *(void **)blocks;
        allocman_mspace_free(alloc, blocks, bytes);
        blocks = next;
    }
}

/* The untyped manager, if it is ours and can give back what it has taken. */
static utspace_split_t *split_of(const allocman_t *alloc)
{
    return alloc->utspace.add_uts == _utspace_split_add_uts ? alloc->utspace.utspace : NULL;
}

/* Hand over within one call; first bring the book memory that the records of `count` untypeds take. */
static int hand_over_in_one_call(struct simple_untypeds *s, size_t count)
{
    allocman_t *const alloc = s->alloc;
    utspace_split_t *const split = split_of(alloc);
    const size_t nodes = split ? count / 32 + 2 + count / 1024 : 0;
    void *records = NULL, *numbers = NULL;
    int error = blocks_take(alloc, &records, split ? count : 0, ALLOCMAN_POOL_ROOT_BYTES);
    error = error ? error : blocks_take(alloc, &numbers, nodes, ALLOCMAN_POOL_ID_NODE_BYTES);
    const bool outermost = am_call_enter(alloc);
    const struct split_mark mark = split ? am_split_mark(split) : (struct split_mark){0};
    blocks_give(alloc, records, ALLOCMAN_POOL_ROOT_BYTES);
    blocks_give(alloc, numbers, ALLOCMAN_POOL_ID_NODE_BYTES);
    if (!error) {
        error = all_hand_over(s);
        if (error && split) {
            am_split_return(alloc, split, mark);
            for (struct simple_piece *piece = s->first; piece; piece = piece->next) {
                piece->taken = false;
            }
        }
    }
    return outermost ? am_call_leave(alloc, error) : error;
}

int am_simple_hand_over(struct simple_untypeds *s)
{
    int error = ALLOCMAN_OK;
    size_t count = (size_t)s->count;
    for (int i = 0; i < s->count && !error; i++) {
        const struct simple_untyped ut = am_simple_untyped(s->simple, i);
        error = is_cut(s, &ut) ? untyped_cut(s, i, &ut) : ALLOCMAN_OK;
    }
    for (const struct simple_piece *piece = s->first; piece; piece = piece->next) {
        count++;
    }
    error = error ? error : hand_over_in_one_call(s, count);
    pieces_drop(s, NULL);
    if (!error) {
        (void)allocman_fill_reserves(s->alloc); /* what a first untyped, or a larger one, allows */
    }
    return error;
}

void am_simple_end(struct simple_untypeds *s)
{
    if (s->ram) {
        allocman_mspace_free(s->alloc, s->ram, s->ram_bytes);
    }
}

int allocman_add_simple_untypeds_with_regions(allocman_t *alloc, simple_t *simple, int num_regions,
                                              pmem_region_t *region_list)
{
    struct simple_untypeds s;
    int error = am_simple_begin(&s, alloc, simple, num_regions, region_list);
    error = error ? error : am_simple_hand_over(&s);
    am_simple_end(&s);
    return error;
}

int allocman_add_simple_untypeds(allocman_t *alloc, simple_t *simple)
{
    return allocman_add_simple_untypeds_with_regions(alloc, simple, 0, NULL);
}
