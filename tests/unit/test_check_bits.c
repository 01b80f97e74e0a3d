/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The validators look at everything: any bit of any record that is turned over is noticed, on several
// allocmans. Not turned over are pointers, and what the records only remember and nothing relies on;
// those stand below with their reasons.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <allocman/check.h>

#include "arch.h"
#include "check/split_walk.h"
#include "sanitized.h"
#include "world.h"

#define OBJECTS 60u
#define KINDS   40u // of groups that are looked at: those that differ in what their bits mean

static struct world world;

// A field, and those of its bits that may be either.
static void flip(void *field, size_t bytes, uint64_t either, const char *name)
{
    static unsigned turn;
    unsigned char *const byte = field;
    for (size_t bit = 0; bit < bytes * 8; bit++) {
        if ((bit < 64 && (either >> bit & 1u)) || turn++ % SAMPLE != 0) {
            continue;
        }
        byte[bit / 8] ^= (unsigned char)(1u << bit % 8);
        struct allocman_violation v = {.law = ALLOCMAN_LAWS_HOLD};
        const bool holds = allocman_check(world.alloc, &v);
        byte[bit / 8] ^= (unsigned char)(1u << bit % 8);
        if (holds || v.law == ALLOCMAN_LAWS_HOLD || !v.what) {
            fail_msg("%s: bit %zu: not noticed", name, bit);
        }
    }
}

#define FLIP(field)             flip(&(field), sizeof(field), 0, #field)
#define FLIP_BUT(field, either) flip(&(field), sizeof(field), either, #field)
#define BITS_FROM(n)            (~UINT64_C(0) << (n))

// --- untyped memory --------------------------------------------------------------------------------

static void flip_group(struct split_group *g)
{
    const bool root = (g->flags & GROUP_ROOT) != 0;
    const bool addressed = g->paddr != ALLOCMAN_NO_PADDR;
    FLIP(g->id);
    FLIP(g->parent);
    FLIP(g->next);
    FLIP(g->prev);
    FLIP(g->first_child);
    if (!root || addressed) { // a root without an address is in no tree
        FLIP(g->left);
        FLIP(g->right);
        // A root that lies elsewhere in the machine: only the kernel knows.
        FLIP_BUT(g->paddr, root ? BITS_FROM(seL4_MinUntypedBits) : 0);
    }
    FLIP(g->free_count);
    FLIP(g->child_bits);
    FLIP(g->fan_out_bits);
    FLIP(g->root_bits);
    // Whether a root was used shows only while it is in use; of which kind it is, only in what is free
    // or divided; and two slots that were taken one by one may be neighbours.
    FLIP_BUT(g->flags, (!root || g->free_count || (g->flags & GROUP_ASIDE) ? GROUP_USED : 0) |
                           (root && !g->free_count && !g->first_child ? GROUP_KIND : 0) |
                           (g->fan_out_bits == 1 && g->stride == 1 ? GROUP_SINGLES : 0));
    if (root && addressed) {
        FLIP(g->height);
    }
    if (!root) { // of a root: where its capability is, which the kernel is asked
        FLIP(g->position);
        FLIP_BUT(g->slot,
                 ~BITS_FROM(14)); // other slots that are taken: only the kernel knows whose
        FLIP(g->stride);
    }
    const unsigned children = 1u << g->fan_out_bits;
    for (unsigned w = 0; w < (children + 31) / 32; w++) {
        FLIP(g->bits[FREE_WORD(w)]);
        FLIP(g->bits[SPLIT_WORD(w)]);
    }
}

// Two groups of the same sort have bits that mean the same.
static uint32_t sort_of(const struct split_group *g)
{
    const bool whole = g->free_count == 1u << g->fan_out_bits;
    return (uint32_t)g->flags | (uint32_t)g->fan_out_bits << 8 |
           (uint32_t)(g->free_count == 0) << 16 | (uint32_t)whole << 17 |
           (uint32_t)(g->first_child != 0) << 18 | (uint32_t)(g->paddr == ALLOCMAN_NO_PADDR) << 19 |
           (uint32_t)(g->height > 1) << 20;
}

static void flip_groups(void)
{
    uint32_t sorts[KINDS];
    unsigned seen = 0;
    struct number_walk walk = {.started = false};
    uint32_t number;
    struct split_group *g;
    while ((g = am_check_next(&world.managers->utspace, &walk, &number)) != NULL) {
        bool known = seen == KINDS;
        for (unsigned i = 0; i < seen; i++) {
            known = known || sorts[i] == sort_of(g);
        }
        if (!known) {
            sorts[seen++] = sort_of(g);
            flip_group(g);
        }
    }
    assert_in_range(seen, 4, KINDS);
}

static void flip_untyped_figures(void)
{
    utspace_split_t *const split = &world.managers->utspace;
    for (unsigned f = 0; f < ALLOCMAN_SPLIT_FAMILIES; f++) {
        FLIP(split->family[f].classes);
        for (unsigned bits = 4; bits < ALLOCMAN_SPLIT_CLASSES; bits += 5) {
            FLIP(split->family[f].root[bits]);
            FLIP(split->family[f].head[bits]);
            FLIP(split->family[f].free_count[bits]);
        }
    }
    for (unsigned bits = 0; bits < ALLOCMAN_SPLIT_CLASSES; bits++) {
        FLIP(split->live[bits]);
    }
    FLIP(split->ids->used);
    FLIP(split->ids->free);
    FLIP(split->largest_root_bits);
    for (unsigned kind = 0; kind < 3; kind++) {
        FLIP(split->totals.free_bytes[kind]);
    }
    FLIP(split->totals.own_slots);
    FLIP(split->totals.book_bytes);
    FLIP(split->totals.roots);
    FLIP(split->totals.groups);
    FLIP(split->totals.allocated);
    FLIP(split->totals.splits);
    FLIP(split->totals.merges);
    FLIP(split->totals.roots_set_aside);
}

// --- slots -------------------------------------------------------------------------------------------

static void flip_leaf(struct allocman_slot_leaf *leaf)
{
    for (unsigned w = 0; w < 16; w++) {
        FLIP(leaf->free[w]);
    }
    for (unsigned order = 0; order < ALLOCMAN_RUN_ORDERS; order++) {
        FLIP(leaf->has[order]);
    }
    FLIP(leaf->orders);
    FLIP(leaf->free_count);
    FLIP(leaf->size);
    FLIP(leaf->longest);
}

static void flip_node(struct allocman_slot_node *node)
{
    for (unsigned order = 0; order < ALLOCMAN_RUN_ORDERS; order++) {
        FLIP(node->has[order]);
    }
    FLIP(node->present);
    FLIP(node->orders);
}

// A map, its top, and the first leaf and node below it.
static void flip_map(struct allocman_slot_map *map)
{
    FLIP(map->first);
    FLIP(map->end);
    FLIP(map->base);
    FLIP(map->levels);
    FLIP(map->free_count);
    FLIP(map->book_bytes);
    if (map->cursor) {
        FLIP_BUT(map->cursor_first, ~BITS_FROM(10) & BITS_FROM(6)); // another word of the same leaf
    }
    flip_node(&map->top);
    void *below = &map->top;
    for (unsigned level = map->levels; level-- > 0;) {
        struct allocman_slot_node *const node = below;
        below = NULL;
        for (unsigned c = 0; c < 32 && !below; c++) {
            below = node->child[c];
        }
        if (!below) {
            return;
        }
        if (level > 0) {
            flip_node(below);
        } else {
            flip_leaf(below);
        }
    }
}

static void flip_index(struct allocman_index_node *node, unsigned levels)
{
    FLIP(node->used);
    FLIP(node->full);
    for (unsigned c = 0; c < 32; c++) {
        if (node->child[c] && levels > 1) {
            flip_index(node->child[c], levels - 1); // two levels in these tests
        }
    }
}

static void flip_two_levels(cspace_two_level_t *cspace)
{
    flip_index(&cspace->index.top, cspace->index.levels);
    FLIP(cspace->index.count);
    FLIP(cspace->free_count);
    FLIP_BUT(cspace->growing, BITS_FROM(1));
    for (unsigned list = 0; list < ALLOCMAN_TWO_LEVEL_LISTS; list++) {
        struct cspace_two_level_node *const node = cspace->list[list];
        if (node) {
            flip_map(&node->map);
            FLIP(node->index);
            FLIP(node->list);
        }
    }
}

// --- book memory -------------------------------------------------------------------------------------

static void flip_pages(struct book_pages *pages)
{
    FLIP(pages->buckets);
    FLIP(pages->used_bytes);
    FLIP(pages->page_bytes);
    FLIP(pages->empty_pages);
    for (unsigned b = 0; b < ALLOCMAN_BOOK_BUCKETS; b++) {
        struct book_page *const page = pages->bucket[b];
        if (page) {
            FLIP(page->seal);
            FLIP(page->used);
            FLIP(page->longest);
            FLIP(page->used_count);
            FLIP(page->capacity);
            FLIP(page->span_pages);
        }
    }
}

static void flip_pools(void)
{
    mspace_dual_pool_t *const pool = &world.managers->mspace;
    flip_pages(&pool->fixed_pool.pages);
    if (pool->have_virtual_pool) {
        mspace_virtual_pool_t *const v = &pool->virtual_pool;
        flip_pages(&v->pages);
        flip_map(&v->unmapped);
        FLIP(v->start);
        FLIP(v->page_count);
        FLIP(v->frames_mapped);
    }
}

static void flip_headroom(void)
{
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        struct allocman_headroom *const kind = &world.alloc->headroom[i];
        FLIP(kind->held);
        if (kind->held == kind->wanted) {
            FLIP_BUT(kind->wanted, kind->wanted); // fewer wanted than held is no violation
        }
    }
}

// --- on several allocmans ------------------------------------------------------------------------------

static void use(const struct world_options *options)
{
    world_start(&world, options);
    for (unsigned i = 0; i < OBJECTS; i++) {
        cspacepath_t path;
        const size_t bits = i % 5 == 0 ? 4 : i % 5 == 1 ? 21 : seL4_PageBits + i % 3;
        assert_int_equal(allocman_cspace_alloc(world.alloc, &path), ALLOCMAN_OK);
        const seL4_Word cookie =
            allocman_utspace_alloc(world.alloc, bits, seL4_UntypedObject, &path, i % 2 == 0, NULL);
        assert_int_not_equal(cookie, 0);
        if (i % 4 == 0) {
            (void)seL4_CNode_Delete(path.root, path.capPtr, (seL4_Uint8)path.capDepth);
            allocman_utspace_free(world.alloc, cookie, bits);
            allocman_cspace_free(world.alloc, &path);
        }
    }
    for (unsigned i = 0; i < 5; i++) {
        assert_non_null(allocman_mspace_alloc(world.alloc, 60 * (i + 1), NULL));
    }
    struct allocman_violation v;
    assert_true(allocman_check(world.alloc, &v));
}

// --- pointers --------------------------------------------------------------------------------------------

static void expect_broken(const char *what)
{
    struct allocman_violation v = {.law = ALLOCMAN_LAWS_HOLD};
    if (allocman_check(world.alloc, &v) || v.law == ALLOCMAN_LAWS_HOLD) {
        fail_msg("%s: not noticed", what);
    }
}

// Change something for one look.
#define WITH(place, value, what)                                                                   \
    do {                                                                                           \
        const __typeof__(place) before = (place);                                                  \
        (place) = (value);                                                                         \
        expect_broken(what);                                                                       \
        (place) = before;                                                                          \
    } while (0)

static void redirect_pages(struct book_pages *pages)
{
    void *const elsewhere = &world;
    unsigned full = ALLOCMAN_BOOK_BUCKETS;
    for (unsigned b = 0; b < ALLOCMAN_BOOK_BUCKETS; b++) {
        full = pages->bucket[b] ? b : full;
    }
    if (full == ALLOCMAN_BOOK_BUCKETS) {
        return; // none was needed so far
    }
    struct book_page *const page = pages->bucket[full];
    const unsigned other = full ? full - 1 : full + 1;
    WITH(pages->bucket[full], elsewhere, "a page elsewhere");
    WITH(pages->bucket[full], (struct book_page *)((char *)page + 1), "a page at an odd address");
    WITH(page->prev, page, "a page before itself");
    WITH(page->next, elsewhere, "a next page elsewhere");
    const uint32_t buckets = pages->buckets;
    struct book_page *const others = pages->bucket[other];
    if (!others) { // the whole list in a place for others
        pages->buckets = (buckets & ~(1u << full)) | 1u << other;
        pages->bucket[other] = page;
        WITH(pages->bucket[full], NULL, "pages in the list of another length");
        pages->bucket[other] = NULL;
    }
    pages->buckets = buckets;
    if (!page->next) { // a list that was lost
        pages->buckets = buckets & ~(1u << full);
        WITH(pages->bucket[full], NULL, "a page in no list");
        pages->buckets = buckets;
    }
}

static void redirect_pools(void)
{
    mspace_dual_pool_t *const pool = &world.managers->mspace;
    redirect_pages(&pool->fixed_pool.pages);
    WITH(pool->fixed_pool.start, pool->fixed_pool.start + 1, "a start that is not aligned");
    WITH(pool->fixed_pool.end, pool->fixed_pool.end + 1, "an end that is not aligned");
    WITH(pool->fixed_pool.end, pool->fixed_pool.start - 32, "an end before the start");
    WITH(pool->fixed_pool.end, pool->fixed_pool.end - 64, "an end too early");
    if (pool->have_virtual_pool) {
        mspace_virtual_pool_t *const v = &pool->virtual_pool;
        redirect_pages(&v->pages);
        WITH(v->slot_count, 65, "more slots than a word has bits");
        WITH(v->free_slots, v->free_slots | (uint64_t)1 << 63, "a free slot that is none");
        const struct allocman_slot_map *const map = &world.managers->cspace.map;
        WITH(v->first_slot, world.managers->two_level ? (seL4_CPtr)1 << (seL4_WordBits - 3) : map->end,
             "slots that are not ours");
        WITH(v->pages.page_bytes,
             v->pages.page_bytes + ALLOCMAN_BOOK_PAGE_BYTES * (v->frames_mapped + 1),
             "more pages than frames");
    }
}

static void redirect_numbers(void)
{
    utspace_split_t *const split = &world.managers->utspace;
    WITH(split->ids, NULL, "no numbers");
    WITH(split->id_levels, 0, "no levels");
    WITH(split->id_levels, CHECK_ID_LEVELS_MAX + 1, "too many levels");
    WITH(split->last_root, split->first_root, "another last root");
    WITH(split->first_root, NULL, "no first root");
    WITH(split->roots, NULL, "no roots by address");
    struct split_group *const first = split->first_root;
    WITH(split->first_root, split->last_root, "a chain without its beginning");
    WITH(split->recent, (struct split_group *)&world, "a recent group that is none");
    WITH(first->parent, first->id, "a chain that goes round");
}

static void redirect_lists(void)
{
    cspace_two_level_t *const cspace = world.managers->two_level;
    for (unsigned list = 0; cspace && list < ALLOCMAN_TWO_LEVEL_LISTS; list++) {
        struct cspace_two_level_node *const node = cspace->list[list];
        if (node) {
            WITH(node->prev, node, "a second level before itself");
            WITH(cspace->list[list], NULL, "second levels in no list");
            WITH(node->next, node, "a list that goes round");
            WITH(node->unusable, !node->unusable, "a second level that cannot be used");
            WITH(cspace->list[list ? 0 : 1], node, "a second level in two lists");
        }
    }
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        struct allocman_headroom *const kind = &world.alloc->headroom[i];
        if (kind->held) {
            WITH(kind->first, (void *)&world, "headroom elsewhere");
            WITH(kind->first, (void *)((char *)kind->first + 32), "headroom inside a block");
            WITH(kind->bytes, kind->bytes + ALLOCMAN_BOOK_PAGE_BYTES,
                 "headroom larger than its block");
        }
    }
}

static void look(const struct world_options *options)
{
    use(options);
    flip_groups();
    flip_untyped_figures();
    flip_pools();
    flip_headroom();
    if (world.managers->two_level) {
        flip_two_levels(world.managers->two_level);
    } else {
        flip_map(&world.managers->cspace.map);
    }
    redirect_pools();
    redirect_numbers();
    redirect_lists();
    assert_true(allocman_check(world.alloc, NULL));
    world_stop(&world);
}

static void test_one_level(void **state)
{
    (void)state;
    look(&(struct world_options){
        .record = MACHINE, .empty_slots = 2000, .virtual_bytes = (size_t)64 << 20});
}

static void test_device_ram(void **state)
{
    (void)state;
    look(&(struct world_options){
        .record = MACHINE, .empty_slots = 1500, .pool_bytes = 24 << 10, .device_ram = true});
}

static void test_two_levels(void **state)
{
    (void)state;
    look(&(struct world_options){.record = MACHINE,
                                 .level_one_bits = 8,
                                 .level_two_bits = 6,
                                 .virtual_bytes = (size_t)16 << 20});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_level),
        cmocka_unit_test(test_device_ram),
        cmocka_unit_test(test_two_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
