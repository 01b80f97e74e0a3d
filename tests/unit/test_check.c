/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The validators themselves: each field that is broken on purpose is reported, as the law that it
// belongs to.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <allocman/check.h>

#include "arch.h"
#include "check/split_walk.h"
#include "world.h"

#define OBJECTS 40u

static struct world world;

// The managers with some objects, slots and pages in use.
static int start(void **state)
{
    (void)state;
    world_start(&world, &(struct world_options){.record = MACHINE,
                                                .empty_slots = 2000,
                                                .virtual_bytes = (size_t)64 << 20});
    for (unsigned i = 0; i < OBJECTS; i++) {
        cspacepath_t path;
        assert_int_equal(allocman_cspace_alloc(world.alloc, &path), ALLOCMAN_OK);
        const seL4_Word cookie = allocman_utspace_alloc(world.alloc, seL4_PageBits + i % 3,
                                                        seL4_UntypedObject, &path, false, NULL);
        assert_int_not_equal(cookie, 0);
        if (i % 4 == 0) {
            (void)seL4_CNode_Delete(path.root, path.capPtr, (seL4_Uint8)path.capDepth);
            allocman_utspace_free(world.alloc, cookie, seL4_PageBits + i % 3);
        }
    }
    for (unsigned i = 0; i < 5; i++) {
        assert_non_null(allocman_mspace_alloc(world.alloc, 3000 + i, NULL));
    }
    assert_true(allocman_check(world.alloc, NULL));
    return 0;
}

static int stop(void **state)
{
    (void)state;
    world_stop(&world);
    return 0;
}

// Change bytes, expect a violation of one of two laws, change them back.
static void expect(void *field, size_t bytes, const void *value, enum allocman_law law,
                   enum allocman_law or_law, const char *name)
{
    unsigned char before[16];
    assert_in_range(bytes, 1, sizeof(before));
    memcpy(before, field, bytes);
    if (memcmp(field, value, bytes) == 0) {
        fail_msg("%s: nothing is changed", name);
    }
    memcpy(field, value, bytes);
    struct allocman_violation v = {.law = ALLOCMAN_LAWS_HOLD};
    const bool holds = allocman_check(world.alloc, &v);
    memcpy(field, before, bytes);
    if (holds) {
        fail_msg("%s: not found", name);
    }
    if (v.law != law && v.law != or_law) {
        fail_msg("%s: found as %s (%s)", name, allocman_law_text(v.law), v.what);
    }
    assert_non_null(v.what);
    assert_true(allocman_check(world.alloc, &v));
}

// A field that is one off, and one that has lost all.
#define EXPECT_OR(field, law, or_law)                                                              \
    do {                                                                                           \
        __typeof__(field) changed = (__typeof__(field))((field) ^ 1);                              \
        expect(&(field), sizeof(field), &changed, law, or_law, #field);                            \
        changed = (__typeof__(field))~(field);                                                     \
        expect(&(field), sizeof(field), &changed, law, or_law, #field);                            \
    } while (0)
#define EXPECT(field, law) EXPECT_OR(field, law, law)

// A group that is no root, partly used, in a list, and with a sibling.
static struct split_group *some_group(void)
{
    struct number_walk walk = {.started = false};
    uint32_t number;
    struct split_group *g;
    while ((g = am_check_next(&world.managers->utspace, &walk, &number)) != NULL) {
        if (!(g->flags & GROUP_ROOT) && g->free_count > 0 &&
            g->free_count < 1u << g->fan_out_bits && g->paddr != ALLOCMAN_NO_PADDR) {
            return g;
        }
    }
    fail_msg("no such group");
    return NULL;
}

static void test_groups(void **state)
{
    (void)state;
    struct split_group *const g = some_group();
    EXPECT(g->id, ALLOCMAN_LAW_L1_NUMBERS);
    EXPECT(g->parent, ALLOCMAN_LAW_L1_TREE);
    EXPECT(g->next, ALLOCMAN_LAW_L1_LISTS);
    EXPECT(g->prev, ALLOCMAN_LAW_L1_LISTS);
    EXPECT(g->position, ALLOCMAN_LAW_L1_TREE);
    EXPECT(g->child_bits, ALLOCMAN_LAW_L1_TREE);
    EXPECT(g->fan_out_bits, ALLOCMAN_LAW_L1_TREE);
    EXPECT(g->root_bits, ALLOCMAN_LAW_L1_TREE);
    EXPECT(g->flags, ALLOCMAN_LAW_L1_TREE);
    EXPECT(g->free_word, ALLOCMAN_LAW_L1_TREE);
    EXPECT(g->free_count, ALLOCMAN_LAW_L1_TREE);
    EXPECT(g->first_child, ALLOCMAN_LAW_L1_TREE);
    EXPECT(g->paddr, ALLOCMAN_LAW_L1_TREE);
    EXPECT_OR(g->slot, ALLOCMAN_LAW_L1_TREE, ALLOCMAN_LAW_L2_SLOTS);
    EXPECT(g->stride, ALLOCMAN_LAW_L1_TREE);
    EXPECT(g->bits[0], ALLOCMAN_LAW_L1_TREE); // free
    struct split_group *const parent =
        (struct split_group *)(uintptr_t)am_check_group(&world.managers->utspace, g->parent);
    EXPECT(parent->first_child, ALLOCMAN_LAW_L1_TREE);
}

// The root before `g` in the order of addresses; NULL: there is none.
static const struct split_group *root_before(const utspace_split_t *split,
                                             const struct split_group *g)
{
    const struct split_group *before = NULL;
    for (const struct split_group *r = split->first_root; r; r = am_check_group(split, r->parent)) {
        if (r->paddr < g->paddr && (!before || before->paddr < r->paddr)) {
            before = r;
        }
    }
    return before;
}

// A root that nothing was cut from begins in the middle of the one before it.
static void test_overlapping_roots(void **state)
{
    (void)state;
    const utspace_split_t *const split = &world.managers->utspace;
    for (struct split_group *g = split->first_root; g;
         g = (struct split_group *)(uintptr_t)am_check_group(split, g->parent)) {
        const struct split_group *const before = root_before(split, g);
        if (before && !g->first_child && g->root_bits < before->root_bits) {
            const seL4_Word middle = before->paddr + ((seL4_Word)1 << (before->root_bits - 1));
            expect(&g->paddr, sizeof(middle), &middle, ALLOCMAN_LAW_L1_ADDRESSES,
                   ALLOCMAN_LAW_L1_ADDRESSES, "root->paddr");
            return;
        }
    }
    fail_msg("no such root");
}

static void test_roots(void **state)
{
    (void)state;
    utspace_split_t *const split = &world.managers->utspace;
    struct split_group *const top = split->roots;
    EXPECT(top->left, ALLOCMAN_LAW_L1_ADDRESSES);
    EXPECT(top->right, ALLOCMAN_LAW_L1_ADDRESSES);
    EXPECT(top->height, ALLOCMAN_LAW_L1_ADDRESSES);
    EXPECT(split->first_root->parent, ALLOCMAN_LAW_L1_TREE);
    const uint32_t none = 0;
    expect(&top->left, sizeof(top->left), &none, ALLOCMAN_LAW_L1_ADDRESSES,
           ALLOCMAN_LAW_L1_ADDRESSES, "top->left");
}

static void test_figures(void **state)
{
    (void)state;
    utspace_split_t *const split = &world.managers->utspace;
    EXPECT(split->ids->used, ALLOCMAN_LAW_L1_NUMBERS);
    EXPECT(split->ids->free, ALLOCMAN_LAW_L1_NUMBERS);
    EXPECT(split->family[0].classes, ALLOCMAN_LAW_L1_LISTS);
    EXPECT(split->family[0].head[12], ALLOCMAN_LAW_L1_LISTS);
    EXPECT(split->family[0].root[20], ALLOCMAN_LAW_L1_LISTS);
    EXPECT(split->family[0].free_count[12], ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->live[12], ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->totals.free_bytes[0], ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->totals.free_bytes[1], ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->totals.own_slots, ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->totals.book_bytes, ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->totals.roots, ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->totals.groups, ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->totals.allocated, ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->totals.splits, ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->totals.merges, ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->totals.roots_set_aside, ALLOCMAN_LAW_L4_TOTALS);
    EXPECT(split->largest_root_bits, ALLOCMAN_LAW_L4_TOTALS);
    const void *const no_group = &world;
    expect(&split->recent, sizeof(split->recent), &no_group, ALLOCMAN_LAW_L1_TREE,
           ALLOCMAN_LAW_L1_TREE, "split->recent");
}

// One manager on its own, without an allocman.
static void test_single_managers(void **state)
{
    (void)state;
    struct allocman_violation v = {.law = ALLOCMAN_LAWS_HOLD};
    utspace_split_t *const split = &world.managers->utspace;
    cspace_single_level_t *const cspace = &world.managers->cspace;
    assert_true(utspace_split_check(split, &v));
    assert_true(cspace_single_level_check(cspace, &v));
    split->totals.allocated++;
    cspace->map.free_count++;
    assert_false(utspace_split_check(split, &v));
    assert_int_equal(v.law, ALLOCMAN_LAW_L4_TOTALS);
    assert_false(cspace_single_level_check(cspace, &v));
    assert_int_equal(v.law, ALLOCMAN_LAW_L2_SLOTS);
    assert_false(cspace_single_level_check(cspace, NULL));
    split->totals.allocated--;
    cspace->map.free_count--;
}

static void test_slots(void **state)
{
    (void)state;
    struct allocman_slot_map *const map = &world.managers->cspace.map;
    struct allocman_slot_leaf *const leaf = map->top.child[0];
    assert_non_null(leaf);
    for (unsigned order = 0; order < ALLOCMAN_RUN_ORDERS; order++) {
        EXPECT(leaf->has[order], ALLOCMAN_LAW_L2_SLOTS);
        EXPECT(map->top.has[order], ALLOCMAN_LAW_L2_SLOTS);
    }
    for (unsigned w = 0; w < 16; w++) {
        EXPECT(leaf->free[w], ALLOCMAN_LAW_L2_SLOTS);
    }
    EXPECT(leaf->orders, ALLOCMAN_LAW_L2_SLOTS);
    EXPECT(leaf->free_count, ALLOCMAN_LAW_L2_SLOTS);
    EXPECT(leaf->size, ALLOCMAN_LAW_L2_SLOTS);
    EXPECT(leaf->longest, ALLOCMAN_LAW_L2_SLOTS);
    const void *const no_leaf = &world;
    expect(&map->cursor, sizeof(map->cursor), &no_leaf, ALLOCMAN_LAW_L2_SLOTS,
           ALLOCMAN_LAW_L2_SLOTS, "map->cursor");
    EXPECT(map->top.present, ALLOCMAN_LAW_L2_SLOTS);
    EXPECT(map->top.orders, ALLOCMAN_LAW_L2_SLOTS);
    EXPECT(map->free_count, ALLOCMAN_LAW_L2_SLOTS);
    EXPECT(map->book_bytes, ALLOCMAN_LAW_L2_SLOTS);
    EXPECT(map->first, ALLOCMAN_LAW_L2_SLOTS);
    EXPECT(map->end, ALLOCMAN_LAW_L2_SLOTS);
    EXPECT(map->levels, ALLOCMAN_LAW_L2_SLOTS);
}

static void page_fields(struct book_pages *pages)
{
    struct book_page *page = NULL;
    for (unsigned b = 0; b < ALLOCMAN_BOOK_BUCKETS && !page; b++) {
        page = pages->bucket[b];
    }
    assert_non_null(page);
    EXPECT(page->used[1], ALLOCMAN_LAW_L6_PAGES);
    EXPECT(page->starts[0], ALLOCMAN_LAW_L6_PAGES);
    EXPECT(page->seal, ALLOCMAN_LAW_L6_PAGES);
    EXPECT(page->longest, ALLOCMAN_LAW_L6_PAGES);
    EXPECT(page->used_count, ALLOCMAN_LAW_L6_PAGES);
    EXPECT(page->capacity, ALLOCMAN_LAW_L6_PAGES);
    EXPECT(page->span_pages, ALLOCMAN_LAW_L6_PAGES);
    EXPECT(pages->buckets, ALLOCMAN_LAW_L6_PAGES);
    EXPECT(pages->used_bytes, ALLOCMAN_LAW_L6_PAGES);
    EXPECT(pages->page_bytes, ALLOCMAN_LAW_L6_PAGES);
    EXPECT(pages->empty_pages, ALLOCMAN_LAW_L6_PAGES);
}

static void test_pages(void **state)
{
    (void)state;
    mspace_dual_pool_t *const pool = &world.managers->mspace;
    page_fields(&pool->fixed_pool.pages);
    page_fields(&pool->virtual_pool.pages);
    EXPECT(pool->virtual_pool.frames_mapped, ALLOCMAN_LAW_L6_PAGES);
    EXPECT(pool->virtual_pool.page_count, ALLOCMAN_LAW_L6_PAGES);
    EXPECT(pool->virtual_pool.unmapped.free_count, ALLOCMAN_LAW_L6_PAGES);
    const seL4_CPtr other[2] = {world.managers->cspace.map.end - 1, 0}; // free; no slot of ours
    assert_int_equal(pool->virtual_pool.tables_held & 1u, 1);
    assert_int_not_equal(pool->virtual_pool.tables_block_bits, 0);
    for (unsigned i = 0; i < 2; i++) {
        expect(&pool->virtual_pool.table[0], sizeof(other[i]), &other[i], ALLOCMAN_LAW_L2_SLOTS,
               ALLOCMAN_LAW_L2_SLOTS, "table[0]");
        expect(&pool->virtual_pool.tables_block, sizeof(other[i]), &other[i], ALLOCMAN_LAW_L2_SLOTS,
               ALLOCMAN_LAW_L2_SLOTS, "tables_block");
    }
}

static void test_headroom(void **state)
{
    (void)state;
    allocman_t *const alloc = world.alloc;
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        if (alloc->headroom[i].held > 0) {
            const uint16_t more = (uint16_t)(alloc->headroom[i].held + 1);
            expect(&alloc->headroom[i].wanted, sizeof(more), &more, ALLOCMAN_LAW_L5_HEADROOM,
                   ALLOCMAN_LAW_L5_HEADROOM, "wanted");
            EXPECT(alloc->headroom[i].held, ALLOCMAN_LAW_L5_HEADROOM);
            const uint32_t bytes = alloc->headroom[i].bytes + 32;
            expect(&alloc->headroom[i].bytes, sizeof(bytes), &bytes, ALLOCMAN_LAW_L5_HEADROOM,
                   ALLOCMAN_LAW_L5_HEADROOM, "bytes");
            const void *const inside = (const char *)alloc->headroom[i].first + 16;
            expect(&alloc->headroom[i].first, sizeof(inside), &inside, ALLOCMAN_LAW_L5_HEADROOM,
                   ALLOCMAN_LAW_L5_HEADROOM, "first");
        }
    }
    const bool yes = true;
    expect(&alloc->in_call, sizeof(yes), &yes, ALLOCMAN_LAW_L5_HEADROOM, ALLOCMAN_LAW_L5_HEADROOM,
           "in_call");
}

static void test_texts(void **state)
{
    (void)state;
    for (unsigned law = 0; law <= ALLOCMAN_LAW_L7_BOUNDS; law++) {
        assert_string_not_equal(allocman_law_text((enum allocman_law)law), "unknown law");
    }
    assert_string_equal(allocman_law_text((enum allocman_law)1000), "unknown law");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_roots),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_slots),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_headroom),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_single_managers),
        cmocka_unit_test(test_overlapping_roots),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
