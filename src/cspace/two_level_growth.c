/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Making second levels and giving them back.
 *
 * A second level takes one CNode, with the splits that lead down to it, and a few records. When
 * this is the CSpace of the allocman itself, the slots for the splits can only be its own: so many
 * of them as the worst such way can take are held, and given to nobody but a growth step
 * (am_two_level_held). Book memory that the records lack is grown in between, its slots likewise. */

#include "two_level.h"

#include <string.h>

#include "../bits.h"
#include "../internal.h"
#include "../kernel.h"
#include "index.h"
#include "slot_map.h"

/* Second levels that one growth step may take at most. */
#define GROWTH_STEPS_MAX 64
/* Indices of level one that may turn out to be occupied within one step. */
#define OCCUPIED_MAX 4
/* Slots that one growth step of book memory takes beside one way down to a page: four pages and
 * their paging structures, each with a split at most. */
#define BOOK_STEP_SLOTS 24u

_Static_assert(seL4_SlotBits + 2 >= seL4_MinUntypedBits, "the least CNode is a block");

/*@ requires to <= 128;
    assigns \nothing;
    ensures \result == (from > to ? 2 * (from - to) : 0); */
/* Slots of a way of splits from 2^from bytes down to 2^to: two a division, where they lie
 * scattered. */
static size_t way_slots(unsigned from, size_t to)
{
    return from > to ? 2 * (from - to) : 0;
}

/*@ requires largest_bits <= 64 && level_two_bits <= 64;
    assigns \nothing;
    ensures \result <= 1024;
    ensures with_book ==> \result >= 4 * BOOK_STEP_SLOTS; */
size_t am_two_level_held(unsigned largest_bits, size_t level_two_bits, bool with_book)
{
    const size_t cnode = way_slots(largest_bits, level_two_bits + seL4_SlotBits);
    const size_t book = way_slots(largest_bits, seL4_PageBits) + BOOK_STEP_SLOTS;
    /* Twice: the last split of each way may take a quarter of the slots that are free. The records
     * of one second level fit in two pages. */
    return 2 * (cnode + (with_book ? 2 * book : 0));
}

static bool index_has_room(const cspace_two_level_t *cspace)
{
    return cspace->index.count < cspace->config.end_slot - cspace->config.first_slot;
}

size_t am_two_level_hold(const allocman_t *alloc, const cspace_two_level_t *cspace)
{
    const struct allocman_untyped_reclaim *const untyped = alloc->untyped_reclaim;
    if (!am_two_level_own(alloc, cspace) || !alloc->have_utspace || !index_has_room(cspace)) {
        return 0;
    }
    return am_two_level_held(
        untyped && untyped->largest_bits ? untyped->largest_bits(alloc->utspace.utspace) : 0,
        cspace->config.level_two_bits, alloc->book_growth != NULL);
}

size_t am_two_level_wanted(const allocman_t *alloc, const cspace_two_level_t *cspace)
{
    const size_t held = am_two_level_hold(alloc, cspace);
    return held && !cspace->tight ? held + am_two_level_slots(cspace) : held;
}

void am_two_level_unfile(cspace_two_level_t *cspace, struct cspace_two_level_node *node)
{
    struct cspace_two_level_node **const head = &cspace->list[node->list];
    if (node->next) {
        node->next->prev = node->prev;
    }
    if (node->prev) {
        node->prev->next = node->next;
    } else if (*head == node) {
        *head = node->next;
    }
    node->next = node->prev = NULL;
}

void am_two_level_file(cspace_two_level_t *cspace, struct cspace_two_level_node *node)
{
    const uint32_t orders = node->unusable ? 0 : node->map.top.orders;
    const bool empty = node->cookie && node->map.free_count == am_two_level_slots(cspace);
    const unsigned list = empty ? AM_LIST_EMPTY : orders ? am_highest(orders) : AM_LIST_FULL;
    if (cspace->list[list] == node || (list == node->list && node->prev)) {
        return; /* stands there */
    }
    am_two_level_unfile(cspace, node);
    node->list = list;
    node->next = cspace->list[list];
    if (node->next) {
        node->next->prev = node;
    }
    cspace->list[list] = node;
}

struct cspace_two_level_node *am_two_level_node(allocman_t *alloc, const cspace_two_level_t *cspace,
                                                size_t index, int *error)
{
    struct cspace_two_level_node *const node = allocman_mspace_alloc(alloc, sizeof(*node), error);
    if (node) {
        memset(node, 0, sizeof(*node));
        node->index = index;
        am_slot_map_init(&node->map, 0, am_two_level_slots(cspace));
    }
    return node;
}

/* The slot of level one that holds a second level's CNode. It can be named in CNode invocations,
 * and be the destination of a Retype; a CPtr leads through it. */
static cspacepath_t interior_path(const cspace_two_level_t *cspace, size_t index)
{
    return (cspacepath_t){
        .capPtr = index,
        .capDepth = cspace->config.cnode_guard_bits + cspace->config.cnode_size_bits,
        .root = cspace->config.cnode,
        .offset = index,
        .window = 1,
    };
}

static void node_forget(allocman_t *alloc, cspace_two_level_t *cspace,
                        struct cspace_two_level_node *node)
{
    am_index_remove(alloc, &cspace->index, node->index - cspace->config.first_slot);
    allocman_mspace_free(alloc, node, sizeof(*node));
}

int am_two_level_make(allocman_t *alloc, cspace_two_level_t *cspace, size_t number)
{
    int error = ALLOCMAN_OK;
    struct cspace_two_level_node *const node =
        am_two_level_node(alloc, cspace, cspace->config.first_slot + number, &error);
    if (!node) {
        return error;
    }
    error = am_index_put(alloc, &cspace->index, number, node);
    if (error) {
        allocman_mspace_free(alloc, node, sizeof(*node));
        return error;
    }
    const cspacepath_t path = interior_path(cspace, node->index);
    node->cookie = allocman_utspace_alloc(alloc, cspace->config.level_two_bits + seL4_SlotBits,
                                          seL4_CapTableObject, &path, false, &error);
    if (error == ALLOCMAN_SLOT_OCCUPIED) { /* somebody's: out for good */
        am_misuse(alloc, "_cspace_two_level_alloc", ALLOCMAN_SLOT_OCCUPIED, node->index, 0);
        node->unusable = true;
        am_two_level_file(cspace, node);
        return error;
    }
    if (!node->cookie) {
        node_forget(alloc, cspace, node);
        return error;
    }
    cspace->free_count += am_two_level_slots(cspace);
    am_two_level_file(cspace, node);
    return ALLOCMAN_OK;
}

int am_two_level_add(allocman_t *alloc, cspace_two_level_t *cspace)
{
    int error = ALLOCMAN_NO_SLOT;
    for (unsigned i = 0; i < OCCUPIED_MAX && index_has_room(cspace); i++) {
        error = am_two_level_make(alloc, cspace, am_index_lowest_free(&cspace->index));
        if (error != ALLOCMAN_SLOT_OCCUPIED) {
            return error;
        }
    }
    return error == ALLOCMAN_SLOT_OCCUPIED ? ALLOCMAN_NO_SLOT : error;
}

static int growth_grow(struct allocman *alloc, void *_cspace, bool *more)
{
    cspace_two_level_t *const cspace = _cspace;
    if (cspace->growing || alloc->in_growth) {
        return ALLOCMAN_NO_SLOT;
    }
    int error = index_has_room(cspace) ? ALLOCMAN_OK : ALLOCMAN_NO_SLOT;
    cspace->growing = true;
    for (unsigned i = 0; !error && i < GROWTH_STEPS_MAX; i++) {
        const size_t held = am_two_level_hold(alloc, cspace);
        const size_t ahead = am_two_level_wanted(alloc, cspace);
        const size_t enough = ahead > 2 * held ? ahead : 2 * held;
        if (*more && (cspace->free_count >= enough || !index_has_room(cspace))) {
            break;
        }
        error = am_two_level_add(alloc, cspace);
        *more = *more || !error;
    }
    cspace->growing = false;
    cspace->released = cspace->released && !*more;
    cspace->tight = error == ALLOCMAN_NO_UNTYPED;
    return error;
}

static bool growth_release(struct allocman *alloc, void *_cspace)
{
    cspace_two_level_t *const cspace = _cspace;
    const bool held = am_two_level_hold(alloc, cspace) > 0 && cspace->free_count > 0;
    const bool first = !cspace->released;
    cspace->released = true;
    return held && first;
}

static bool growth_trim(struct allocman *alloc, void *_cspace, size_t keep)
{
    cspace_two_level_t *const cspace = _cspace;
    struct cspace_two_level_node *const node = cspace->list[AM_LIST_EMPTY];
    if (!node || cspace->growing || cspace->taking) {
        return false;
    }
    const size_t slots = am_two_level_slots(cspace);
    const size_t held = am_two_level_hold(alloc, cspace);
    const size_t left = cspace->free_count - slots;
    if (left < held + keep * (held + slots)) {
        return false;
    }
    const cspacepath_t path = interior_path(cspace, node->index);
    if (kernel_delete(&path) != seL4_NoError) {
        return false;
    }
    const seL4_Word cookie = node->cookie;
    cspace->tight = cspace->tight || keep == 0;
    cspace->free_count = left;
    am_two_level_unfile(cspace, node);
    am_slot_map_destroy(alloc, &node->map);
    node_forget(alloc, cspace, node);
    allocman_utspace_free(alloc, cookie, cspace->config.level_two_bits + seL4_SlotBits);
    return true;
}

void am_two_level_drop_all(allocman_t *alloc, cspace_two_level_t *cspace)
{
    for (unsigned list = 0; list < ALLOCMAN_TWO_LEVEL_LISTS; list++) {
        while (cspace->list[list]) { /* each turn takes one out */
            struct cspace_two_level_node *const node = cspace->list[list];
            const cspacepath_t path = interior_path(cspace, node->index);
            const seL4_Word cookie = node->cookie;
            const bool gone = cookie && kernel_delete(&path) == seL4_NoError;
            am_two_level_unfile(cspace, node);
            am_slot_map_destroy(alloc, &node->map);
            node_forget(alloc, cspace, node);
            if (gone) {
                allocman_utspace_free(alloc, cookie, cspace->config.level_two_bits + seL4_SlotBits);
            }
        }
    }
    cspace->free_count = 0;
}

const struct allocman_slot_growth cspace_two_level_growth = {
    .grow = growth_grow,
    .release = growth_release,
    .trim = growth_trim,
};
