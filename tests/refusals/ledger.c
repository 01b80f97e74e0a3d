/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What the test has from its allocator at the moment, so that all of it can be given back wherever
// the test ended; and whether books and kernel are as they should be.

#include "refusals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <allocman/check.h>
#include <sel4model/inspect.h>
#include <vka/capops.h>

#include "agree.h"
#include "check/split_walk.h"

// Of each thing the number that it is known by; a table with open addressing.
struct thing {
    uintptr_t key; // slot, cookie or block; 0: empty, 1: was removed
    size_t size;   // log2 bytes of an object, bytes of a block
    cspacepath_t path;
};

struct table {
    struct thing *at;
    size_t size, used; // entries; those not empty
};

static struct {
    allocman_t *alloc;
    struct table slots, objects, books;
    char *vstart;
    size_t vsize;
    size_t slots_taken, levels; // at its start
    bool booted;
} ledger;

static size_t table_index(const struct table *table, uintptr_t key)
{
    size_t i = (size_t)(((uint64_t)key * UINT64_C(0x9e3779b97f4a7c15)) >> 20) & (table->size - 1);
    while (table->at[i].key && table->at[i].key != key) {
        i = (i + 1) & (table->size - 1);
    }
    return i;
}

static void table_put(struct table *table, struct thing thing)
{
    if (2 * (table->used + 1) > table->size) {
        struct table wider = {.size = table->size ? 2 * table->size : 256};
        wider.at = calloc(wider.size, sizeof(*wider.at));
        if (!wider.at) {
            abort();
        }
        for (size_t i = 0; i < table->size; i++) {
            if (table->at[i].key > 1) {
                wider.at[table_index(&wider, table->at[i].key)] = table->at[i];
                wider.used++;
            }
        }
        free(table->at);
        *table = wider;
    }
    struct thing *const at = &table->at[table_index(table, thing.key)];
    table->used += at->key == 0;
    *at = thing;
}

static void table_drop(struct table *table, uintptr_t key)
{
    struct thing *const at = table->size ? &table->at[table_index(table, key)] : NULL;
    if (at && at->key) {
        at->key = 1;
    }
}

static void table_clear(struct table *table)
{
    if (table->used) {
        memset(table->at, 0, table->size * sizeof(*table->at));
        table->used = 0;
    }
}

void ledger_clear(void)
{
    ledger.alloc = NULL;
    ledger.vstart = NULL;
    table_clear(&ledger.slots);
    table_clear(&ledger.objects);
    table_clear(&ledger.books);
}

// Are its managers those that a bootstrap has put beside it?
static bool is_bootstrapped(allocman_t *alloc)
{
    const struct bootstrap_managers *const m = (const struct bootstrap_managers *)alloc;
    return alloc && alloc->have_cspace && alloc->have_utspace &&
           alloc->mspace.mspace == &m->mspace && alloc->utspace.utspace == &m->utspace &&
           (alloc->cspace.cspace == &m->cspace || alloc->cspace.cspace == m->two_level);
}

static struct world world_of(allocman_t *alloc)
{
    return (struct world){.alloc = alloc,
                          .managers = (struct bootstrap_managers *)alloc,
                          .vstart = ledger.vstart,
                          .vsize = ledger.vsize,
                          .slots_taken = ledger.slots_taken,
                          .levels = ledger.levels};
}

void ledger_booted(bool booted)
{
    ledger.booted = booted;
}

static void no_lock(void *cookie)
{
    (void)cookie;
}

void ledger_adopt(allocman_t *alloc)
{
    if (!alloc) {
        return;
    }
    ledger_clear();
    ledger.alloc = alloc;
    // With a lock vka's calls have no short way past the calls that are watched here.
    (void)allocman_set_lock(alloc, &(struct allocman_lock){.acquire = no_lock, .release = no_lock});
    ledger.slots_taken = ledger.levels = 0;
    if (is_bootstrapped(alloc)) {
        const struct world w = world_of(alloc);
        ledger.levels = w.managers->two_level ? w.managers->two_level->index.count : 0;
        ledger.slots_taken = world_slots(&w) - world_free_slots(&w);
    }
}

allocman_t *ledger_allocman(void)
{
    return ledger.alloc;
}

void ledger_slot(allocman_t *alloc, seL4_CPtr slot, bool live)
{
    if (alloc == ledger.alloc && live) {
        table_put(&ledger.slots, (struct thing){.key = slot});
    } else if (alloc == ledger.alloc) {
        table_drop(&ledger.slots, slot);
    }
}

void ledger_object(allocman_t *alloc, seL4_Word cookie, size_t size_bits, const cspacepath_t *path)
{
    if (alloc == ledger.alloc && path) {
        table_put(&ledger.objects, (struct thing){.key = cookie, .size = size_bits, .path = *path});
    } else if (alloc == ledger.alloc && cookie > 1) {
        table_drop(&ledger.objects, cookie);
    }
}

void ledger_book(allocman_t *alloc, void *block, size_t bytes, bool live)
{
    if (alloc == ledger.alloc && live) {
        table_put(&ledger.books, (struct thing){.key = (uintptr_t)block, .size = bytes});
    } else if (alloc == ledger.alloc) {
        table_drop(&ledger.books, (uintptr_t)block);
    }
}

void ledger_pool(void *vstart, size_t bytes)
{
    ledger.vstart = vstart;
    ledger.vsize = bytes;
}

static void empty(const cspacepath_t *path)
{
    (void)vka_cnode_revoke(path);
    (void)vka_cnode_delete(path);
}

// Delete what lies in the CSpace's root, or else what does not: a CNode that is deleted while it
// holds the last capability to another leaves that one alive, with nothing that leads to it.
static void objects_empty(bool in_root)
{
    const seL4_CPtr root = allocman_cspace_make_path(ledger.alloc, 0).root;
    for (size_t i = 0; i < ledger.objects.size; i++) {
        const struct thing *const t = &ledger.objects.at[i];
        if (t->key > 1 && (t->path.root == root) == in_root) {
            empty(&t->path);
        }
    }
}

bool ledger_give_back(void)
{
    allocman_t *const alloc = ledger.alloc;
    if (!ledger.booted || !alloc || alloc->in_call || !alloc->have_cspace) {
        return false;
    }
    objects_empty(false);
    objects_empty(true);
    for (size_t i = 0; i < ledger.slots.size; i++) {
        if (ledger.slots.at[i].key > 1) {
            const cspacepath_t path = allocman_cspace_make_path(alloc, ledger.slots.at[i].key);
            empty(&path);
        }
    }
    run.inside++; // these calls are not the test's
    for (size_t i = 0; i < ledger.objects.size; i++) {
        const struct thing *const t = &ledger.objects.at[i];
        if (t->key > 1) {
            allocman_utspace_free(alloc, t->key, t->size);
        }
    }
    for (size_t i = 0; i < ledger.slots.size; i++) {
        if (ledger.slots.at[i].key > 1) {
            const cspacepath_t path = allocman_cspace_make_path(alloc, ledger.slots.at[i].key);
            allocman_cspace_free(alloc, &path);
        }
    }
    for (size_t i = 0; i < ledger.books.size; i++) {
        const struct thing *const t = &ledger.books.at[i];
        if (t->key > 1) {
            allocman_mspace_free(alloc, (void *)t->key, t->size);
        }
    }
    (void)allocman_fill_reserves(alloc);
    allocman_reclaim(alloc);
    run.inside--;
    return true;
}

// --- what holds ----------------------------------------------------------------------------------

// The test may have left capabilities anywhere: it is not for the allocator to know.
static bool may_be_left(const void *context, uintptr_t paddr, unsigned size_bits)
{
    (void)context;
    (void)paddr;
    (void)size_bits;
    return true;
}

unsigned ledger_holds(bool at_end, char *text, size_t bytes)
{
    allocman_t *const alloc = ledger.alloc;
    if (!ledger.booted || !is_bootstrapped(alloc) || alloc->in_call) {
        return HOLDS_NOTHING;
    }
    const struct world w = world_of(alloc);
    unsigned holds = HOLDS_LAWS | HOLDS_AGREE;
    struct allocman_violation v;
    const bool lawful = allocman_check(alloc, &v);
    // A merge that the kernel refuses leaves one group more than the policy keeps; headroom that it
    // refuses is had as soon as may be.
    const bool excused =
        v.law == ALLOCMAN_LAW_L7_BOUNDS || (!at_end && v.law == ALLOCMAN_LAW_L5_HEADROOM);
    if (!lawful && !excused) {
        (void)snprintf(text, bytes, "%s (%s, at %#lx)", allocman_law_text(v.law), v.what,
                       (unsigned long)v.where);
        return 0;
    }
    if (agree_wrong(&w, at_end ? NULL : may_be_left, NULL, text, bytes)) {
        holds &= ~HOLDS_AGREE;
    }
    if (at_end && world_slots_known(&w, text, bytes)) {
        holds |= HOLDS_SLOTS;
    }
    if (at_end && world_is_whole(&w, text, bytes)) {
        holds |= HOLDS_WHOLE;
    }
    return holds;
}
