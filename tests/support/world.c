/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <allocman/check.h>

#include "agree.h"

// The first empty slot of a record; a boot takes its time, so the last answer is kept.
static seL4_Word empty_start(const char *path)
{
    static char last_path[256];
    static seL4_Word last;
    if (strcmp(path, last_path) != 0) {
        const seL4_BootInfo *const bootinfo = sel4model_boot(path);
        assert_non_null(bootinfo);
        last = bootinfo->empty.start;
        (void)snprintf(last_path, sizeof(last_path), "%s", path);
    }
    return last;
}

void world_start(struct world *world, const struct world_options *options)
{
    char path[256];
    const int length = snprintf(path, sizeof(path), "%s/%s.json", RECORD_DIR, options->record);
    assert_in_range(length, 1, sizeof(path) - 1);
    struct sel4model_options boot = {0};
    if (options->empty_slots) {
        boot.empty_end = empty_start(path) + options->empty_slots;
        for (boot.root_cnode_bits = 1; boot.empty_end > (seL4_Word)1 << boot.root_cnode_bits;) {
            boot.root_cnode_bits++; // small, so that all of it is soon looked at
        }
    }
    *world = (struct world){.bootinfo = sel4model_boot_with(path, &boot)};
    assert_non_null(world->bootinfo);
    const size_t bytes =
        options->pool_bytes ? options->pool_bytes : bootstrap_pool_bytes(world->bootinfo);
    world->pool = malloc(bytes);
    assert_non_null(world->pool);
    struct allocman_failure why = {.status = ALLOCMAN_OK};
    world->alloc = bootstrap_use_bootinfo_why(world->bootinfo, bytes, world->pool, &why);
    if (!world->alloc) {
        char text[160];
        fail_msg("no bootstrap: %s", allocman_failure_text(&why, text, sizeof(text)));
    }
    world->managers = (struct bootstrap_managers *)world->alloc;
    world->at_start = world->managers->utspace.totals;
    world->slots_at_start = world_free_slots(world);
    if (options->virtual_bytes) {
        world->vsize = options->virtual_bytes;
        world->vstart = sel4model_free_vaddr(world->vsize);
        assert_non_null(world->vstart);
        bootstrap_configure_virtual_pool(world->alloc, world->vstart, world->vsize,
                                         seL4_CapInitThreadVSpace);
    }
}

void world_stop(struct world *world)
{
    sel4model_shutdown();
    free(world->pool);
    *world = (struct world){.alloc = NULL};
}

size_t world_free_slots(const struct world *world)
{
    return world->managers->cspace.map.free_count;
}

uint64_t world_free_bytes(const struct world *world)
{
    const uint64_t *const bytes = world->managers->utspace.totals.free_bytes;
    return bytes[0] + bytes[1] + bytes[2];
}

size_t world_book_blocks(const struct world *world)
{
    const mspace_virtual_pool_t *const pool = &world->managers->mspace.virtual_pool;
    size_t blocks = 0;
    if (world->managers->mspace.have_virtual_pool) {
        blocks = pool->frames_mapped;
        for (unsigned level = 0; level < ALLOCMAN_PAGING_LEVELS_MAX; level++) {
            blocks += pool->tables_mapped[level] + (pool->table[level].cookie != 0);
        }
    }
    return blocks;
}

size_t world_book_slots(const struct world *world)
{
    size_t slots = world_book_blocks(world);
    if (world->managers->mspace.have_virtual_pool) {
        for (unsigned i = 0; i < 64; i++) {
            slots += world->managers->mspace.virtual_pool.free_slots >> i & 1u;
        }
    }
    return slots;
}

const char *world_wrong(const struct world *world, bool deep, world_leaked leaked,
                        const void *context, char *text, size_t bytes)
{
    struct allocman_violation v;
    if (!allocman_check(world->alloc, &v)) {
        (void)snprintf(text, bytes, "%s (%s, at %#lx)", allocman_law_text(v.law), v.what,
                       (unsigned long)v.where);
        return text;
    }
    return deep ? agree_wrong(world, leaked, context, text, bytes) : NULL;
}
