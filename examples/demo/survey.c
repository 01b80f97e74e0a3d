/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "survey.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"
#include "report.h"

/* Where an object lies. */
struct place {
    uint64_t paddr;
    unsigned size_bits;
};

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_places(const void *a, const void *b)
{
    return compare(((const struct place *)a)->paddr, ((const struct place *)b)->paddr);
}

static int compare_roots(const void *a, const void *b)
{
    const struct survey_root *const first = a;
    const struct survey_root *const second = b;
    return first->is_device != second->is_device ? compare(first->is_device, second->is_device)
                                                 : compare(first->paddr, second->paddr);
}

/* The places of all objects by rising address; NULL and a report if two overlap. */
static struct place *places_of(const struct demo *demo)
{
    const size_t count = demo->objects.count;
    struct place *const places = malloc((count + 1) * sizeof(*places));
    if (!places) {
        (void)report("the host has no memory left");
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        vka_object_t object = demo->objects.at[i].vka;
        vka_t vka = demo->vka;
        places[i].paddr = vka_object_paddr(&vka, &object);
        places[i].size_bits = (unsigned)vka_get_object_size(object.type, object.size_bits);
    }
    if (count > 0) { /* before the first phase there is nothing to sort */
        qsort(places, count, sizeof(*places), compare_places);
    }
    for (size_t i = 0; i + 1 < count; i++) {
        if (places[i].paddr + (UINT64_C(1) << places[i].size_bits) > places[i + 1].paddr) {
            (void)report("two objects overlap at physical address 0x%" PRIx64, places[i + 1].paddr);
            free(places);
            return NULL;
        }
    }
    return places;
}

/* Make room for one more element in an array that has room for a power of two of them. */
static bool make_room(void **array, size_t count, size_t element_bytes)
{
    if (count & (count - 1)) {
        return true;
    }
    void *const moved = realloc(*array, (count ? 2 * count : 1) * element_bytes);
    if (!moved) {
        return report("the host has no memory left");
    }
    *array = moved;
    return true;
}

static bool add_root(struct survey *survey, const struct utspace_split_block *block)
{
    void *array = survey->roots;
    if (!make_room(&array, survey->root_count, sizeof(*survey->roots))) {
        return false;
    }
    survey->roots = array;
    survey->roots[survey->root_count++] = (struct survey_root){
        .paddr = block->root_paddr,
        .capability = block->root,
        .first = survey->block_count,
        .size_bits = block->root_bits,
        .is_device = block->kind != ALLOCMAN_UT_KERNEL,
    };
    return true;
}

static bool add_block(struct survey *survey, const struct utspace_split_block *block,
                      enum owner owner)
{
    if (block->root_offset == 0 && !add_root(survey, block)) {
        return false;
    }
    void *array = survey->blocks;
    if (!make_room(&array, survey->block_count, sizeof(*survey->blocks))) {
        return false;
    }
    survey->blocks = array;
    survey->blocks[survey->block_count++] = (struct survey_block){
        .offset = block->root_offset,
        .capability = block->capability,
        .size_bits = block->size_bits,
        .owner = (uint8_t)owner,
    };
    struct survey_root *const root = &survey->roots[survey->root_count - 1];
    root->count++;
    root->bytes[owner] += UINT64_C(1) << block->size_bits;
    return true;
}

/* Walk over the books and look each block up among the objects. */
static bool walk(const struct demo *demo, const struct place *places, struct survey *survey)
{
    struct utspace_split_cursor cursor = {.group = NULL};
    struct utspace_split_block block;
    size_t found = 0;
    while (utspace_split_next_block(&demo->managers->utspace, &cursor, &block)) {
        const struct place wanted = {.paddr = block.paddr};
        const struct place *const place =
            block.allocated && demo->objects.count > 0
                ? bsearch(&wanted, places, demo->objects.count, sizeof(wanted), compare_places)
                : NULL;
        const enum owner owner = place             ? OWNER_DEMO
                                 : block.allocated ? OWNER_BOOK
                                                   : OWNER_NOBODY;
        if (place && place->size_bits != block.size_bits) {
            return report("the object at 0x%" PRIx64 " has 2^%u bytes, its block 2^%u",
                          (uint64_t)block.paddr, place->size_bits, block.size_bits);
        }
        found += place != NULL;
        if (!add_block(survey, &block, owner)) {
            return false;
        }
    }
    return found == demo->objects.count || report("%zu of %zu objects lie in no block",
                                                  demo->objects.count - found, demo->objects.count);
}

bool survey_take(const struct demo *demo, struct survey *survey)
{
    memset(survey, 0, sizeof(*survey));
    struct place *const places = places_of(demo);
    const bool good = places && walk(demo, places, survey);
    free(places);
    if (!good) {
        survey_free(survey);
        return false;
    }
    qsort(survey->roots, survey->root_count, sizeof(*survey->roots), compare_roots);
    for (size_t i = 0; i < survey->root_count; i++) {
        survey->ram_count += !survey->roots[i].is_device;
    }
    return true;
}

void survey_free(struct survey *survey)
{
    free(survey->roots);
    free(survey->blocks);
    memset(survey, 0, sizeof(*survey));
}

void survey_cells(const struct survey *survey, const struct survey_root *root, size_t count,
                  struct survey_cell *cells)
{
    memset(cells, 0, count * sizeof(*cells));
    const uint64_t whole = UINT64_C(1) << root->size_bits;
    size_t cell = 0;
    for (size_t b = root->first; b < root->first + root->count; b++) {
        const struct survey_block *const block = &survey->blocks[b];
        const uint64_t size = UINT64_C(1) << block->size_bits;
        const uint64_t block_end = block->offset + size;
        uint64_t at = block->offset;
        while (at < block_end) { /* cells and blocks both rise */
            const uint64_t cell_end = whole * (cell + 1) / count; /* roots are below 2^48 bytes */
            const uint64_t end = block_end < cell_end ? block_end : cell_end;
            cells[cell].bytes[block->owner] += end - at;
            if (block->owner == OWNER_NOBODY && size > cells[cell].largest_free) {
                cells[cell].largest_free = size;
            }
            at = end;
            cell += end == cell_end;
        }
    }
}
