/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Taking slots and giving them back. Making second levels: two_level_growth.c. */

#include "two_level.h"

#include <string.h>

#include "../bits.h"
#include "../internal.h"
#include "index.h"
#include "slot_map.h"

/* Times that a CNode may turn out to have been emptied by a nested request, and second levels
 * that one request outside an allocman's call may make. */
#define RETRIES_MAX 4

#define ORDER_AT ALLOCMAN_RUN_ORDERS /* in place of an order: one slot, by its number */

/*@ assigns \nothing;
    ensures \result <==> first == end || low <= first < end <= high; */
static bool range_ok(uint64_t first, uint64_t end, uint64_t low, uint64_t high)
{
    return first == end || (first >= low && first < end && end <= high);
}

static bool config_ok(const struct cspace_two_level_config *config)
{
    const size_t bits = config->level_two_bits;
    const bool fits = config->cnode_size_bits >= 1 && config->cnode_size_bits < AM_WORD_BITS &&
                      bits >= 2 && bits < AM_WORD_BITS &&
                      config->cnode_guard_bits <= AM_WORD_BITS &&
                      config->cnode_size_bits + config->cnode_guard_bits + bits <= AM_WORD_BITS;
    if (!fits || config->first_slot >= config->end_slot ||
        config->end_slot > AM_BIT(config->cnode_size_bits)) {
        return false;
    }
    const uint64_t first = config->start_existing_index;
    const uint64_t end = config->end_existing_index;
    /* 2^64 slots in all are too many for any CNode: the ends fit. */
    return range_ok(first, end, config->first_slot, config->end_slot) &&
           range_ok(config->start_existing_slot, config->end_existing_slot,
                    first == end ? 0 : first << bits, first == end ? 0 : end << bits);
}

/* Mark those slots of a second level as taken that lie in the range taken at the start. */
static int slots_take_existing(allocman_t *alloc, const cspace_two_level_t *cspace,
                               struct cspace_two_level_node *node)
{
    const struct cspace_two_level_config *const config = &cspace->config;
    const seL4_Word base = (seL4_Word)node->index << config->level_two_bits;
    const seL4_Word last = base + (am_two_level_slots(cspace) - 1);
    seL4_CPtr slot = config->start_existing_slot > base ? config->start_existing_slot : base;
    for (; slot < config->end_existing_slot && slot <= last; slot++) { /* bounded by the CNode */
        const int error = am_slot_map_alloc_at(alloc, &node->map, slot - base);
        if (error) {
            return error;
        }
        if (slot == last) {
            break; /* it may be the highest number of all */
        }
    }
    return ALLOCMAN_OK;
}

/* Enter a CNode that is there already. */
AM_APART static int existing_add(allocman_t *alloc, cspace_two_level_t *cspace, size_t index)
{
    int error = ALLOCMAN_OK;
    struct cspace_two_level_node *const node = am_two_level_node(alloc, cspace, index, &error);
    if (!node) {
        return error;
    }
    error = slots_take_existing(alloc, cspace, node);
    if (!error) {
        error = am_index_put(alloc, &cspace->index, index - cspace->config.first_slot, node);
    }
    if (error) {
        am_slot_map_destroy(alloc, &node->map);
        allocman_mspace_free(alloc, node, sizeof(*node));
        return error;
    }
    cspace->free_count += node->map.free_count;
    am_two_level_file(cspace, node);
    return ALLOCMAN_OK;
}

/* Forget those that were entered. */
AM_APART static void existing_drop(allocman_t *alloc, cspace_two_level_t *cspace)
{
    am_two_level_drop_all(alloc, cspace);
}

int cspace_two_level_create(struct allocman *alloc, cspace_two_level_t *cspace,
                            struct cspace_two_level_config config)
{
    if (!config_ok(&config)) {
        return ALLOCMAN_INVALID_ARGUMENT;
    }
    memset(cspace, 0, sizeof(*cspace));
    cspace->config = config;
    am_index_init(&cspace->index, config.end_slot - config.first_slot);
    if (config.start_existing_index >= config.end_existing_index) {
        return ALLOCMAN_OK; /* and the allocman is not needed */
    }
    const bool outermost = am_call_enter(alloc);
    int error = ALLOCMAN_OK;
    for (size_t i = config.start_existing_index; i < config.end_existing_index && !error; i++) {
        struct am_remedies remedies = {0};
        do { /* as often as there are remedies */
            error = existing_add(alloc, cspace, i);
        } while (error && outermost && am_remedy(alloc, &error, &remedies));
    }
    if (error) {
        existing_drop(alloc, cspace);
    }
    return outermost ? am_call_leave(alloc, error) : error;
}

void cspace_two_level_destroy(struct allocman *alloc, cspace_two_level_t *cspace)
{
    am_two_level_drop_all(alloc, cspace);
}

cspacepath_t _cspace_two_level_make_path(void *_cspace, seL4_CPtr slot)
{
    const cspace_two_level_t *const cspace = _cspace;
    const size_t bits = cspace->config.level_two_bits;
    const size_t above = cspace->config.cnode_guard_bits + cspace->config.cnode_size_bits;
    return (cspacepath_t){
        .capPtr = slot,
        .capDepth = above + bits,
        .root = cspace->config.cnode,
        .dest = slot >> bits,
        .destDepth = above,
        .offset = slot & (seL4_Word)am_mask((unsigned)bits),
        .window = 1,
    };
}

/* The second level of a slot, or NULL; any number may be asked for. */
static struct cspace_two_level_node *node_of(const cspace_two_level_t *cspace, seL4_CPtr slot)
{
    const seL4_Word index = slot >> cspace->config.level_two_bits;
    return index >= cspace->config.first_slot && index < cspace->config.end_slot
               ? am_index_get(&cspace->index, (size_t)index - cspace->config.first_slot)
               : NULL;
}

static seL4_CPtr slot_in(const cspace_two_level_t *cspace, const struct cspace_two_level_node *node,
                         seL4_Word number)
{
    return (seL4_CPtr)node->index << cspace->config.level_two_bits | number;
}

/* Do the books allow to take `count` slots? The last ones are held for growth while there can be
 * any. */
static bool may_take(allocman_t *alloc, cspace_two_level_t *cspace, size_t count)
{
    const size_t held = am_two_level_hold(alloc, cspace);
    if (cspace->released && cspace->free_count >= held) {
        cspace->released = false; /* enough came back */
    }
    if (cspace->free_count < count) {
        return false;
    }
    const bool open = cspace->growing || alloc->in_growth || cspace->released;
    return open || cspace->free_count - count >= held;
}

/* The CNode with the shortest run that does; an empty one last. */
static struct cspace_two_level_node *node_pick(const cspace_two_level_t *cspace, unsigned order)
{
    for (unsigned o = order; o < ALLOCMAN_RUN_ORDERS; o++) {
        if (cspace->list[o]) {
            return cspace->list[o];
        }
    }
    struct cspace_two_level_node *const empty = cspace->list[AM_LIST_EMPTY];
    return empty && order <= cspace->config.level_two_bits ? empty : NULL;
}

/* Take slots of a second level: 2^order that are free, or one by its number. Its record is book memory,
 * and a request for that, outside an allocman's call, may end with second levels given back: not this
 * one, which is still empty. */
static int node_take(allocman_t *alloc, cspace_two_level_t *cspace,
                     struct cspace_two_level_node *node, unsigned order, seL4_Word *number)
{
    cspace->taking++;
    const int error = order == ORDER_AT ? am_slot_map_alloc_at(alloc, &node->map, *number)
                      : order == 0      ? am_slot_map_take(alloc, &node->map, number)
                                        : am_slot_map_alloc(alloc, &node->map, order, number);
    cspace->taking--;
    am_two_level_file(cspace, node);
    return error;
}

/* Take a run out of the second levels that there are. */
static int run_take(allocman_t *alloc, cspace_two_level_t *cspace, unsigned order, seL4_CPtr *first)
{
    const size_t count = (size_t)1 << order;
    for (unsigned attempt = 0; attempt < RETRIES_MAX; attempt++) {
        struct cspace_two_level_node *const node =
            may_take(alloc, cspace, count) ? node_pick(cspace, order) : NULL;
        if (!node) {
            break;
        }
        seL4_Word number;
        const int error = node_take(alloc, cspace, node, order, &number);
        if (!error) {
            cspace->free_count -= count;
            alloc->slots_low =
                alloc->slots_low || cspace->free_count < am_two_level_wanted(alloc, cspace);
            *first = slot_in(cspace, node, number);
        }
        if (error != ALLOCMAN_NO_SLOT) { /* else a nested request took it meanwhile */
            return error;
        }
    }
    return ALLOCMAN_NO_SLOT;
}

/* Within a call of the allocman whose CSpace this is, the call sees to growth. */
static bool grows_at_once(allocman_t *alloc, const cspace_two_level_t *cspace)
{
    const bool own = am_two_level_own(alloc, cspace);
    if (own && !alloc->slot_growth) { /* where its user registered nothing */
        alloc->slot_growth = &cspace_two_level_growth;
        alloc->slot_runs = alloc->slot_runs ? alloc->slot_runs : &cspace_two_level_runs;
    }
    return !own || !alloc->in_call;
}

static int run_alloc(allocman_t *alloc, cspace_two_level_t *cspace, unsigned order,
                     seL4_CPtr *first)
{
    const bool at_once = grows_at_once(alloc, cspace);
    int error = run_take(alloc, cspace, order, first);
    for (unsigned i = 0; error == ALLOCMAN_NO_SLOT && at_once && i < RETRIES_MAX; i++) {
        const int growth = am_two_level_add(alloc, cspace);
        if (growth) {
            return growth;
        }
        error = run_take(alloc, cspace, order, first);
    }
    return error;
}

int _cspace_two_level_alloc(struct allocman *alloc, void *_cspace, cspacepath_t *slot)
{
    cspace_two_level_t *const cspace = _cspace;
    seL4_CPtr first;
    const int error = run_alloc(alloc, cspace, 0, &first);
    if (!error) {
        *slot = _cspace_two_level_make_path(cspace, first);
    }
    return error;
}

int _cspace_two_level_alloc_at(struct allocman *alloc, void *_cspace, seL4_CPtr slot)
{
    cspace_two_level_t *const cspace = _cspace;
    const seL4_Word index = slot >> cspace->config.level_two_bits;
    if (index < cspace->config.first_slot || index >= cspace->config.end_slot) {
        return ALLOCMAN_NO_SLOT;
    }
    struct cspace_two_level_node *node = node_of(cspace, slot);
    if (!node) {
        const int error =
            am_two_level_make(alloc, cspace, (size_t)index - cspace->config.first_slot);
        node = node_of(cspace, slot);
        if (error || !node) {
            return error ? error : ALLOCMAN_NO_SLOT;
        }
    }
    if (node->unusable) {
        return ALLOCMAN_NO_SLOT;
    }
    seL4_Word number = slot & (am_two_level_slots(cspace) - 1);
    const int error = node_take(alloc, cspace, node, ORDER_AT, &number);
    cspace->free_count -= error == ALLOCMAN_OK;
    return error;
}

static void run_free(allocman_t *alloc, cspace_two_level_t *cspace, seL4_CPtr first, unsigned order)
{
    struct cspace_two_level_node *const node = node_of(cspace, first);
    const seL4_Word number = first & (am_two_level_slots(cspace) - 1);
    if (!node || node->unusable || am_slot_map_free(alloc, &node->map, number, order)) {
        am_misuse(alloc, "_cspace_two_level_free", ALLOCMAN_SLOT_NOT_ALLOCATED, first, 0);
        return;
    }
    cspace->free_count += (size_t)1 << order;
    am_two_level_file(cspace, node);
    if (grows_at_once(alloc, cspace) && !alloc->in_mspace) {
        (void)cspace_two_level_growth.trim(alloc, cspace, 1);
    }
}

void _cspace_two_level_free(struct allocman *alloc, void *_cspace, const cspacepath_t *slot)
{
    cspace_two_level_t *const cspace = _cspace;
    if (slot->root == cspace->config.cnode) {
        run_free(alloc, cspace, slot->capPtr, 0);
    } else {
        am_misuse(alloc, "_cspace_two_level_free", ALLOCMAN_SLOT_NOT_ALLOCATED, slot->capPtr, 0);
    }
}

static int runs_alloc(struct allocman *alloc, void *_cspace, unsigned order_bits, seL4_CPtr *first)
{
    return order_bits < ALLOCMAN_RUN_ORDERS ? run_alloc(alloc, _cspace, order_bits, first)
                                            : ALLOCMAN_NO_SLOT;
}

static void runs_free(struct allocman *alloc, void *_cspace, seL4_CPtr first, unsigned order_bits)
{
    run_free(alloc, _cspace, first, order_bits);
}

static size_t runs_free_slots(const void *_cspace)
{
    const cspace_two_level_t *const cspace = _cspace;
    return cspace->free_count;
}

/* Slots that one growth step of book memory takes at most, leaving the last split aside. */
#define STEP_SLOTS 128u

static void runs_needs(const void *_cspace, struct allocman_need *need)
{
    const cspace_two_level_t *const cspace = _cspace;
    const unsigned bits = (unsigned)cspace->config.level_two_bits;
    const size_t leaf =
        (size_t)1 << (bits < ALLOCMAN_SLOT_LEAF_BITS ? bits : ALLOCMAN_SLOT_LEAF_BITS);
    unsigned levels = 1;
    while (ALLOCMAN_SLOT_LEAF_BITS + ALLOCMAN_SLOT_NODE_BITS * levels < bits) {
        levels++; /* at most ALLOCMAN_SLOT_LEVELS_MAX */
    }
    /* Leaves of second levels that were empty, as far as single slots go, and one for a long run;
     * one may lie at the end of what another leaf has left. */
    const size_t leaves = (STEP_SLOTS + leaf - 1) / leaf + 2;
    need[0] = (struct allocman_need){.bytes = sizeof(struct allocman_slot_leaf), .count = leaves};
    need[1] = (struct allocman_need){.bytes = sizeof(struct allocman_slot_node),
                                     .count = leaves * (levels - 1)};
}

const struct allocman_slot_runs cspace_two_level_runs = {
    .alloc_run = runs_alloc,
    .free_run = runs_free,
    .free_slots = runs_free_slots,
    .needs = runs_needs,
};
