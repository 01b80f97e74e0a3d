/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// One number for all that the books say (FNV-1a).

#include "world.h"

#include <string.h>

#include "check/split_walk.h"

static void add(uint64_t *digest, const void *data, size_t bytes)
{
    const unsigned char *const byte = data;
    for (size_t i = 0; i < bytes; i++) {
        *digest = (*digest ^ byte[i]) * UINT64_C(0x100000001b3);
    }
}

static void add_split(uint64_t *digest, const utspace_split_t *split)
{
    add(digest, split, sizeof(*split));
    struct number_walk walk = {.started = false};
    uint32_t number;
    const struct split_group *g;
    while ((g = am_check_next(split, &walk, &number)) != NULL) {
        add(digest, g, group_bytes(g->fan_out_bits));
    }
}

static void add_map(uint64_t *digest, const struct allocman_slot_map *map)
{
    const struct allocman_slot_node *way[ALLOCMAN_SLOT_LEVELS_MAX];
    unsigned next[ALLOCMAN_SLOT_LEVELS_MAX] = {0};
    unsigned level = map->levels - 1;
    way[level] = &map->top;
    add(digest, map, sizeof(*map));
    while (level < map->levels) {
        if (next[level] == 32) {
            next[level++] = 0;
            continue;
        }
        const void *const child = way[level]->child[next[level]++];
        if (child && level > 0) {
            way[--level] = child;
            next[level] = 0;
            add(digest, child, sizeof(struct allocman_slot_node));
        } else if (child) {
            add(digest, child, sizeof(struct allocman_slot_leaf));
        }
    }
}

static void add_pages(uint64_t *digest, const struct book_pages *pages)
{
    add(digest, pages, sizeof(*pages));
    for (unsigned b = 0; b < ALLOCMAN_BOOK_BUCKETS; b++) {
        for (const struct book_page *page = pages->bucket[b]; page; page = page->next) {
            add(digest, page, sizeof(*page));
        }
    }
}

uint64_t world_digest(const struct world *world)
{
    uint64_t digest = UINT64_C(0xcbf29ce484222325);
    const struct bootstrap_managers *const m = world->managers;
    add_split(&digest, &m->utspace);
    if (m->two_level) {
        add(&digest, m->two_level, sizeof(*m->two_level));
    } else {
        add_map(&digest, &m->cspace.map);
    }
    add_pages(&digest, &m->mspace.fixed_pool.pages);
    if (m->mspace.have_virtual_pool) {
        add_map(&digest, &m->mspace.virtual_pool.unmapped);
        add_pages(&digest, &m->mspace.virtual_pool.pages);
        add(&digest, m->mspace.virtual_pool.table, sizeof(m->mspace.virtual_pool.table));
        add(&digest, m->mspace.virtual_pool.tables_mapped,
            sizeof(m->mspace.virtual_pool.tables_mapped));
    }
    add(&digest, m->allocman.headroom, sizeof(m->allocman.headroom));
    add(&digest, &m->allocman.loans, sizeof(m->allocman.loans));
    return digest;
}
