/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <sel4model/inspect.h>

#include "demo.h"
#include "report.h"
#include "text.h"

/* What is known of a block that is still allocated. */
struct use {
    const struct demo *demo;
    const char *what; /* the book memory's use of it; NULL: none */
    size_t direct;    /* objects made of the block itself */
    size_t foreign;   /* objects made of those that are not book memory's */
};

static bool reaches_into(const struct demo_range *range, uint64_t start, uint64_t bytes)
{
    return start < range->start + range->bytes && range->start < start + bytes;
}

/* What a paging structure is to the virtual pool, or NULL. */
static const char *table_text(const struct demo_range *pool, const struct sel4model_cap *cap)
{
    static const struct {
        seL4_Word type;
        unsigned covered_bits;
        const char *mapped;
        const char *unmapped;
    } tables[] = {
        {seL4_X86_PageTableObject, 21, "page table, mapped", "page table, set aside"},
        {seL4_X86_PageDirectoryObject, 30, "page directory, mapped", "page directory, set aside"},
        {seL4_X86_PDPTObject, 39, "PDPT, mapped", "PDPT, set aside"},
    };
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        const uint64_t covered = UINT64_C(1) << tables[i].covered_bits;
        if (cap->object_type == tables[i].type) {
            return !cap->is_mapped                                  ? tables[i].unmapped
                   : reaches_into(pool, cap->mapped_vaddr, covered) ? tables[i].mapped
                                                                    : NULL;
        }
    }
    return NULL;
}

/* A visitor: is this object, which lies in the block, one that the virtual pool has made? That is a
 * frame, a paging structure, or an untyped and the paging structures made of it. */
static bool note_object(void *context, seL4_Word generation, const struct sel4model_cap *cap)
{
    struct use *const use = context;
    const struct demo_range *const pool = &use->demo->pool;
    const char *const table = table_text(pool, cap);
    use->direct += generation == 1;
    if (generation == 1 && cap->kind == SEL4MODEL_CAP_UNTYPED) {
        use->what = "for paging structures";
    } else if (generation == 1 && cap->kind == SEL4MODEL_CAP_FRAME && cap->is_mapped &&
               reaches_into(pool, cap->mapped_vaddr, UINT64_C(1) << cap->size_bits)) {
        use->what = "frame, mapped";
    } else if (generation == 1) {
        use->what = table;
    } else if (generation > 2 || !table) {
        use->foreign++;
    }
    return true;
}

/* List one block that is still allocated; false if it is not plainly book memory's. */
static bool list_block(const struct demo *demo, const struct survey_root *root,
                       const struct survey_block *block)
{
    struct use use = {.demo = demo};
    (void)sel4model_visit_descendants(sel4model_path_of(block->capability), note_object, &use);
    const bool known =
        use.direct == 1 && use.foreign == 0 && use.what && block->owner == OWNER_BOOK;
    const bool small = root->size_bits <= DEMO_SMALL_ROOT_BITS && !root->is_device;
    printf("  0x%010" PRIx64 "  %-9s in the root of %-9s at 0x%010" PRIx64 "  %s%s\n",
           root->paddr + block->offset, text_bytes(UINT64_C(1) << block->size_bits).s,
           text_bytes(UINT64_C(1) << root->size_bits).s, root->paddr,
           known ? use.what : "NOT KNOWN TO BE BOOK MEMORY'S", small ? "" : " - LARGE ROOT");
    return known && small;
}

/* Check one root: whole, in the kernel too, or all that is missing are blocks of book memory. */
static bool check_root(const struct demo *demo, const struct survey *survey,
                       const struct survey_root *root, size_t *held)
{
    bool good = true;
    size_t held_here = 0;
    for (size_t b = root->first; b < root->first + root->count; b++) {
        if (survey->blocks[b].owner != OWNER_NOBODY) {
            good = list_block(demo, root, &survey->blocks[b]) && good;
            held_here++;
        }
    }
    struct sel4model_cap cap;
    if (!sel4model_inspect(sel4model_path_of(root->capability), &cap)) {
        return report("there is no capability to the root at 0x%" PRIx64, root->paddr);
    }
    if (held_here == 0 && root->count != 1) {
        good =
            report("the root at 0x%" PRIx64 " is free but in %zu pieces", root->paddr, root->count);
    }
    if (cap.has_children != (held_here > 0)) {
        good = report("the kernel does not agree about the root at 0x%" PRIx64, root->paddr);
    }
    *held += held_here;
    return good;
}

bool verdict(const struct demo *demo, const struct survey *survey)
{
    bool good = true;
    size_t held = 0;
    printf("blocks that book memory still holds:\n");
    for (size_t i = 0; i < survey->root_count; i++) {
        good = check_root(demo, survey, &survey->roots[i], &held) && good;
    }
    const size_t misuse = demo->alloc->counts.misuse;
    if (misuse > 0) {
        good = report("the allocator counted %zu cases of misuse", misuse);
    }
    if (good) {
        printf("every root is whole again but for %zu block%s of book memory, all in roots of at "
               "most %s\n",
               held, held == 1 ? "" : "s", text_bytes(UINT64_C(1) << DEMO_SMALL_ROOT_BITS).s);
    } else {
        printf("NOT every root is whole again: see above\n");
    }
    return good;
}
