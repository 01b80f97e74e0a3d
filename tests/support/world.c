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
#include "check/split_walk.h"
#include "cspace/two_level.h"

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

static int add_untyped(const struct world *world, seL4_Word i, bool with_address, bool is_ram)
{
    const seL4_UntypedDesc *const ut = &world->bootinfo->untypedList[i];
    const cspacepath_t path =
        allocman_cspace_make_path(world->alloc, world->bootinfo->untyped.start + i);
    size_t bits = ut->sizeBits;
    uintptr_t paddr = ut->paddr;
    return allocman_utspace_add_uts(world->alloc, 1, &path, &bits, with_address ? &paddr : NULL,
                                    is_ram         ? ALLOCMAN_UT_DEV_MEM
                                    : ut->isDevice ? ALLOCMAN_UT_DEV
                                                   : ALLOCMAN_UT_KERNEL);
}

static seL4_Word untyped_count(const struct world *world)
{
    return world->bootinfo->untyped.end - world->bootinfo->untyped.start;
}

// The boot untypeds one by one into a CSpace of one level: all or not, one of devices as RAM or not.
static allocman_t *start_by_hand(struct world *world, const struct world_options *options,
                                 size_t bytes, struct allocman_failure *why)
{
    const seL4_BootInfo *const bi = world->bootinfo;
    world->alloc =
        bootstrap_use_current_1level_why(seL4_CapInitThreadCNode, bi->initThreadCNodeSizeBits,
                                         bi->empty.start, bi->empty.end, bytes, world->pool, why);
    bool found = !options->device_ram;
    for (seL4_Word i = 0; world->alloc && i < untyped_count(world) - options->withheld; i++) {
        const seL4_UntypedDesc *const ut = &bi->untypedList[i];
        const bool is_ram = ut->isDevice && ut->sizeBits >= 22 && ut->sizeBits <= 29 && !found;
        found = found || is_ram;
        assert_int_equal(add_untyped(world, i, true, is_ram), 0);
    }
    assert_true(found);
    world->withheld = options->withheld;
    return world->alloc;
}

int world_add_withheld(struct world *world, size_t which, bool with_address)
{
    const seL4_Word i = untyped_count(world) - world->withheld + which;
    const int error = add_untyped(world, i, with_address, false);
    if (!error) {
        world->added |= UINT64_C(1) << which;
        world->bytes += UINT64_C(1) << world->bootinfo->untypedList[i].sizeBits;
    }
    return error;
}

static allocman_t *start_allocman(struct world *world, const struct world_options *options,
                                  struct allocman_failure *why)
{
    seL4_BootInfo *const bi = world->bootinfo;
    const size_t one = options->level_one_bits, two = options->level_two_bits;
    const size_t needed = two ? bootstrap_new_pool_bytes(bi, one, two) : bootstrap_pool_bytes(bi);
    const size_t bytes = options->pool_bytes ? options->pool_bytes : needed;
    world->pool = malloc(bytes);
    assert_non_null(world->pool);
    return two ? bootstrap_new_2level_bootinfo_why(bi, one, two, bytes, world->pool, NULL, why)
           : options->device_ram || options->withheld
               ? start_by_hand(world, options, bytes, why)
               : bootstrap_use_bootinfo_why(bi, bytes, world->pool, why);
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
    struct allocman_failure why = {.status = ALLOCMAN_OK};
    world->alloc = start_allocman(world, options, &why);
    if (!world->alloc) {
        char text[160];
        fail_msg("no bootstrap: %s", allocman_failure_text(&why, text, sizeof(text)));
    }
    world->managers = (struct bootstrap_managers *)world->alloc;
    world->at_start = world->managers->utspace.totals;
    world->bytes = world_free_bytes(world);
    const cspace_two_level_t *const two_level = world->managers->two_level;
    world->levels = two_level ? two_level->index.count : 0;
    world->slots_taken = world_slots(world) - world_free_slots(world);
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
    const cspace_two_level_t *const two_level = world->managers->two_level;
    return two_level ? two_level->free_count : world->managers->cspace.map.free_count;
}

// Second levels: records but for those of indices that turned out to be somebody's.
static size_t levels_made(const cspace_two_level_t *two_level)
{
    size_t made = two_level->index.count;
    for (const struct cspace_two_level_node *n = two_level->list[AM_LIST_FULL]; n; n = n->next) {
        made -= n->unusable;
    }
    return made;
}

size_t world_slots(const struct world *world)
{
    const cspace_two_level_t *const two_level = world->managers->two_level;
    const struct allocman_slot_map *const map = &world->managers->cspace.map;
    return (two_level ? levels_made(two_level) << two_level->config.level_two_bits
                      : map->end - map->first) -
           world->slots_taken;
}

size_t world_levels(const struct world *world)
{
    const cspace_two_level_t *const two_level = world->managers->two_level;
    return two_level ? levels_made(two_level) - world->levels : 0;
}

uint64_t world_free_bytes(const struct world *world)
{
    const uint64_t *const bytes = world->managers->utspace.totals.free_bytes;
    return bytes[0] + bytes[1] + bytes[2];
}

size_t world_book_blocks(const struct world *world)
{
    const mspace_virtual_pool_t *const pool = &world->managers->mspace.virtual_pool;
    return world->managers->mspace.have_virtual_pool
               ? pool->frames_mapped + pool->tables_elsewhere + (pool->tables_block_bits != 0)
               : 0;
}

size_t world_book_slots(const struct world *world)
{
    const mspace_virtual_pool_t *const pool = &world->managers->mspace.virtual_pool;
    size_t slots = 0;
    if (world->managers->mspace.have_virtual_pool) {
        slots = pool->frames_mapped + (pool->tables_block_bits != 0);
        for (unsigned level = 0; level < ALLOCMAN_PAGING_LEVELS_MAX; level++) {
            slots += pool->tables_mapped[level] + (pool->tables_held >> level & 1u);
        }
        for (unsigned i = 0; i < 64; i++) {
            slots += (size_t)(pool->free_slots >> i & 1u);
        }
    }
    return slots;
}

static size_t pieces(const struct allocman_reserve *reserve)
{
    size_t count = 0;
    for (; reserve; reserve = reserve->next) {
        count += reserve->count;
    }
    return count;
}

size_t world_known_blocks(const struct world *world)
{
    return world_book_blocks(world) + pieces(world->alloc->untyped_reserves) + world_levels(world);
}

bool world_is_whole(const struct world *world, char *text, size_t bytes)
{
    const struct split_totals *const t = &world->managers->utspace.totals;
    const size_t held = world_known_blocks(world);
    if (t->allocated != held) {
        (void)snprintf(text, bytes, "%zu blocks are allocated, %zu known", t->allocated, held);
        return false;
    }
    if (world->alloc->reserves_short > 0) {
        return true; // a reclaim ends with filling them, and what that divides in vain stays
    }
    struct number_walk walk = {.started = false};
    uint32_t number;
    const struct split_group *g;
    while ((g = am_check_next(&world->managers->utspace, &walk, &number)) != NULL) {
        if (!(g->flags & GROUP_ROOT) && g->free_count == 1u << g->fan_out_bits) {
            (void)snprintf(text, bytes, "group %u is free as a whole, and not merged", number);
            return false;
        }
    }
    return true;
}

bool world_slots_known(const struct world *world, char *text, size_t bytes)
{
    const struct split_totals *const t = &world->managers->utspace.totals;
    const size_t slots = world_free_slots(world) + t->own_slots + world_book_slots(world) +
                         t->slots_quarantined + pieces(world->alloc->untyped_reserves) +
                         world->alloc->slot_reserve.count;
    if (slots != world_slots(world)) {
        (void)snprintf(text, bytes, "%zu slots of %zu are known", slots, world_slots(world));
        return false;
    }
    return true;
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
