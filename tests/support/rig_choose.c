/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Operations chosen at random: each fills in the record of one.

#include "rig.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

// A random type and its size.
static void choose_type(struct rig *rig, struct api_record *r)
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
        r->size_bits = (uint8_t)fixed[i].size_bits;
        r->type = (uint8_t)fixed[i].type;
    } else if (what == 6) {
        r->size_bits = (uint8_t)(rng_from(&rig->rng, 1, 12) + seL4_SlotBits);
        r->type = seL4_CapTableObject;
    } else if (what == 7 && rig->config->large_frames) {
        const bool largest = rng_percent(&rig->rng, 10);
        r->size_bits = (uint8_t)(largest ? LARGEST_FRAME_BITS : seL4_LargePageBits);
        r->type = (uint8_t)(largest ? LARGEST_FRAME : LARGE_FRAME);
    } else {
        r->size_bits = (uint8_t)rng_from(&rig->rng, seL4_MinUntypedBits, rig->config->untyped_max);
        r->type = seL4_UntypedObject;
    }
}

// Half of them by way of vka.
static void choose_way(struct rig *rig, struct api_record *r)
{
    r->flags |= rng_percent(&rig->rng, 50) ? API_VKA : 0;
}

static void choose_object(struct rig *rig, struct api_record *r)
{
    r->operation = API_OBJECT_ALLOC;
    choose_type(rig, r);
    choose_way(rig, r);
    r->flags |= rng_percent(&rig->rng, 30) ? API_DEVICE : 0;
}

static void choose_slot(struct rig *rig, struct api_record *r)
{
    r->operation = API_SLOT_ALLOC;
    choose_way(rig, r);
}

static void choose_book(struct rig *rig, struct api_record *r)
{
    static const unsigned limits[] = {64, 300, 1000, 4016, 4100, 20000, 200000};
    const unsigned limit = limits[rng_below(&rig->rng, ARRAY_LENGTH(limits))];
    r->operation = API_BOOK_ALLOC;
    r->operand =
        rng_from(&rig->rng, 1, limit < rig->config->book_max ? limit : rig->config->book_max);
}

static void choose_fill(struct rig *rig, struct api_record *r)
{
    r->operation = API_OBJECT_ALLOC;
    switch (rig->fill_with) {
    case 0:
        r->type = seL4_UntypedObject;
        r->size_bits = (uint8_t)rig->config->untyped_max;
        break;
    case 1:
        r->type = seL4_EndpointObject;
        r->size_bits = seL4_EndpointBits;
        break;
    case 2:
        r->type = (uint8_t)SMALL_FRAME;
        r->size_bits = seL4_PageBits;
        break;
    case 3:
        choose_book(rig, r);
        break;
    case 4:
        choose_slot(rig, r);
        break;
    default:
        choose_object(rig, r);
        break;
    }
}

static void choose_object_at(struct rig *rig, struct api_record *r)
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
    const uint64_t places = UINT64_C(1) << (root->sizeBits - bits);
    r->operation = API_OBJECT_ALLOC;
    r->type = (uint8_t)(!frame                  ? seL4_UntypedObject
                        : bits == seL4_PageBits ? SMALL_FRAME
                                                : LARGE_FRAME);
    r->size_bits = (uint8_t)bits;
    // Few places, so that they meet.
    r->operand = root->paddr + ((uintptr_t)rng_below(&rig->rng, places < 6 ? places : 6) << bits);
    const struct thing *const other = rig_find(rig, THING_OBJECT, r->number);
    if (other && rng_percent(&rig->rng, 20)) {
        r->operand = other->paddr & ~(((uintptr_t)1 << bits) - 1);
    }
    r->operand += rng_percent(&rig->rng, 5) ? 1u << seL4_MinUntypedBits >> 1 : 0;
    choose_way(rig, r);
    r->flags |= API_AT | (rng_percent(&rig->rng, 10) ? 0 : API_DEVICE);
}

static void choose_object_free(struct rig *rig, struct api_record *r)
{
    (void)rig;
    r->operation = API_OBJECT_FREE;
}

static void choose_slot_free(struct rig *rig, struct api_record *r)
{
    (void)rig;
    r->operation = API_SLOT_FREE;
}

static void choose_book_free(struct rig *rig, struct api_record *r)
{
    (void)rig;
    r->operation = API_BOOK_FREE;
}

static void choose_map(struct rig *rig, struct api_record *r)
{
    r->operation = API_MAP;
    r->operand = rng_below(&rig->rng, RIG_WINDOW_PAGES);
}

static void choose_leak(struct rig *rig, struct api_record *r)
{
    (void)rig;
    r->operation = API_LEAK;
}

static void choose_leak_end(struct rig *rig, struct api_record *r)
{
    (void)rig;
    r->operation = API_LEAK_END;
}

static void choose_reclaim(struct rig *rig, struct api_record *r)
{
    (void)rig;
    r->operation = API_RECLAIM;
}

static void choose_occupied(struct rig *rig, struct api_record *r)
{
    r->operation = API_OCCUPIED;
    r->size_bits = (uint8_t)rng_from(&rig->rng, 4, 13);
}

// Cookies of what kinds there are: numbers of groups that are never reached, and generations of
// others where there are any.
static void choose_bad_cookie(struct rig *rig, struct api_record *r)
{
    const seL4_Word far = seL4_WordBits == 32 ? (seL4_Word)0xf0000000 : 0;
    static const seL4_Word odd[] = {0, ~(seL4_Word)0, 1, 0xff, 0x100ff, ~(seL4_Word)0 << 24};
    r->operation = API_BAD_COOKIE;
    r->operand = (seL4_Word)rng_next(&rig->rng) | far;
    if (rng_percent(&rig->rng, 50)) {
        r->operand = odd[rng_below(&rig->rng, ARRAY_LENGTH(odd))];
    } else if (rig_find(rig, THING_OBJECT, r->number) && rng_percent(&rig->rng, 50)) {
        r->flags = API_OF_THING;
        r->operand = far ? far : (seL4_Word)(UINT64_C(1) << rng_from(&rig->rng, 40, 63));
    }
}

static void choose_misuse_of_cookie(struct rig *rig, struct api_record *r)
{
    const struct thing *const t = rig_find(rig, THING_OBJECT, r->number);
    switch (rng_below(&rig->rng, 3)) {
    case 0:
        r->operation = API_WRONG_SIZE;
        r->size_bits = (uint8_t)(!t                           ? 0
                                 : rng_percent(&rig->rng, 50) ? t->size_bits + 1
                                                              : rng_below(&rig->rng, t->size_bits));
        break;
    case 1:
        r->operation = API_STALE;
        break;
    default:
        choose_bad_cookie(rig, r);
        break;
    }
}

static void choose_misuse_of_slot(struct rig *rig, struct api_record *r)
{
    const struct cspace_single_level_config *const range = &rig->world.managers->cspace.config;
    const cspace_two_level_t *const two_level = rig->world.managers->two_level;
    const seL4_CPtr end = two_level ? two_level->config.end_slot << two_level->config.level_two_bits
                                    : range->end_slot;
    r->operation = API_BAD_SLOT;
    r->operand = end + rng_below(&rig->rng, 100);
    if (!two_level && rng_percent(&rig->rng, 60)) {
        r->operand = rng_below(&rig->rng, range->first_slot); // somebody else's
    } else if (rng_percent(&rig->rng, 50)) {
        r->operation = API_DOUBLE_SLOT;
    }
}

static void choose_misuse_of_book(struct rig *rig, struct api_record *r)
{
    const struct thing *const t = rig_find(rig, THING_BOOK, r->number);
    r->operation = API_BAD_BOOK;
    r->operand = rng_from(&rig->rng, 1, 200000);
    if (t && rng_percent(&rig->rng, 60)) {
        r->flags = rng_percent(&rig->rng, 50) ? API_OF_THING : 0;
        if (rng_percent(&rig->rng, 50)) {
            r->operand = t->bytes + (rng_percent(&rig->rng, 50) ? 32 : 0);
        }
    } else if (rng_percent(&rig->rng, 50)) {
        r->operation = API_DOUBLE_BOOK;
        r->operand = rng_from(&rig->rng, 1, rig->config->book_max);
    } else if (rng_percent(&rig->rng, 30)) {
        r->operand = 0;
    }
}

static void choose_nonsense(struct rig *rig, struct api_record *r)
{
    r->operation = API_NONSENSE;
    r->number = rng_below(&rig->rng, 64);
}

static void choose_nest(struct rig *rig, struct api_record *r)
{
    static const struct {
        seL4_Word type;
        unsigned size_bits;
    } kinds[] = {{SMALL_FRAME, seL4_PageBits},
                 {seL4_EndpointObject, seL4_EndpointBits},
                 {seL4_TCBObject, seL4_TCBBits},
                 {seL4_UntypedObject, 9}};
    const unsigned k = rng_below(&rig->rng, ARRAY_LENGTH(kinds));
    r->operation = API_NEST;
    r->type = (uint8_t)kinds[k].type;
    r->size_bits = (uint8_t)kinds[k].size_bits;
    r->operand = rng_next(&rig->rng);
}

const struct rig_choice rig_choices[] = {
    // mixed fill drain
    {{20, 5, 2}, choose_object},
    {{8, 2, 2}, choose_object_at},
    {{0, 60, 0}, choose_fill},
    {{20, 2, 60}, choose_object_free},
    {{4, 2, 1}, choose_slot},
    {{4, 1, 10}, choose_slot_free},
    {{8, 4, 1}, choose_book},
    {{7, 1, 15}, choose_book_free},
    {{3, 1, 0}, choose_map},
    {{2, 1, 1}, choose_leak},
    {{2, 1, 4}, choose_leak_end},
    {{1, 0, 1}, choose_reclaim},
    {{2, 1, 1}, choose_occupied},
    {{4, 2, 2}, choose_misuse_of_cookie},
    {{2, 1, 1}, choose_misuse_of_slot},
    {{2, 1, 1}, choose_misuse_of_book},
    {{2, 1, 1}, choose_nonsense},
    {{4, 8, 1}, choose_nest}, // the last: only where there are reserves
};
const unsigned rig_choice_count = ARRAY_LENGTH(rig_choices);
