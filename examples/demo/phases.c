/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "phases.h"

#include <inttypes.h>
#include <stdio.h>
#include <sel4model/sel4model.h>

#include "demo.h"
#include "mapping.h"
#include "process.h"
#include "report.h"
#include "text.h"

#define POOL_BYTES (16 * DEMO_KIB)       /* of static pool, */
#define POOL_BYTES_LARGE (32 * DEMO_KIB) /* and where a machine has too many untypeds for that */
#define PROCESSES 8u

/* All the memory that the allocator starts with. */
static _Alignas(16) char static_pool[POOL_BYTES_LARGE];

static bool boot(struct demo *demo, char *note)
{
    const size_t needed = bootstrap_pool_bytes(demo->bi);
    const size_t bytes = needed <= POOL_BYTES ? POOL_BYTES : POOL_BYTES_LARGE;
    struct allocman_failure why;
    demo->alloc = bootstrap_use_bootinfo_why(demo->bi, bytes, static_pool, &why);
    if (!demo->alloc) {
        char text[160];
        return report("bootstrap: %s", allocman_failure_text(&why, text, sizeof(text)));
    }
    demo->managers = (const struct bootstrap_managers *)demo->alloc;
    allocman_make_vka(&demo->vka, demo->alloc);
    snprintf(note, DEMO_NOTE_BYTES, "static pool of %s: %s bytes are needed for %s untypeds%s",
             text_bytes(bytes).s, text_count(needed).s,
             text_count(demo->bi->untyped.end - demo->bi->untyped.start).s,
             bytes > POOL_BYTES ? ", more than 16 KiB" : "");
    return true;
}

/* Find addresses for the virtual pool and for a window into frames. Each lies in a GiB of its own,
 * so that no paging structure below the PDPT serves both: the window's are freed again. */
static bool choose_addresses(struct demo *demo)
{
    void *const hint = sel4model_free_vaddr(3 * DEMO_GIB);
    if (!hint) {
        return report("the host has no %s of free addresses", text_bytes(3 * DEMO_GIB).s);
    }
    const uintptr_t start = ((uintptr_t)hint + DEMO_GIB - 1) & ~(uintptr_t)(DEMO_GIB - 1);
    demo->pool = (struct demo_range){start, DEMO_VIRTUAL_POOL_BYTES};
    demo->window = (struct demo_range){start + DEMO_GIB, DEMO_GIB};
    demo->window_next = demo->window.start;
    return true;
}

static bool attach_pool(struct demo *demo, char *note)
{
    if (!choose_addresses(demo)) {
        return false;
    }
    bootstrap_configure_virtual_pool(demo->alloc, (void *)demo->pool.start, demo->pool.bytes,
                                     seL4_CapInitThreadVSpace);
    if (allocman_last_failure(demo->alloc)->status != ALLOCMAN_OK) {
        return report_allocator(demo->alloc, "attaching the virtual pool");
    }
    /* The pool must not come to map through the window's PDPT, which is freed again: let it map a
     * page of its own first. */
    const size_t bytes = 2 * DEMO_KIB;
    void *pieces[2 * POOL_BYTES_LARGE / (2 * DEMO_KIB)];
    const size_t most = sizeof(pieces) / sizeof(pieces[0]);
    size_t count = 0;
    while (count < most && demo->managers->mspace.virtual_pool.frames_mapped == 0) {
        pieces[count] = allocman_mspace_alloc(demo->alloc, bytes, NULL);
        if (!pieces[count]) {
            return report_allocator(demo->alloc, "book memory");
        }
        count++;
    }
    while (count > 0) {
        allocman_mspace_free(demo->alloc, pieces[--count], bytes);
    }
    snprintf(note, DEMO_NOTE_BYTES, "book memory may grow by up to %s of mapped frames",
             text_bytes(demo->pool.bytes).s);
    return true;
}

static bool build(struct demo *demo, char *note)
{
    for (unsigned i = 0; i < PROCESSES; i++) {
        if (!process_build(demo, i)) {
            return false;
        }
    }
    size_t frames;
    uint64_t bytes;
    const bool good = objects_check_contents(demo, &frames, &bytes);
    snprintf(note, DEMO_NOTE_BYTES, "%u processes with CNode, VSpace, threads, endpoints; "
             "%zu frames (%s) written and read back",
             PROCESSES, frames, text_bytes(bytes).s);
    return good;
}

static bool is_device_memory(const struct demo *demo, uint64_t paddr)
{
    for (seL4_Word i = 0; i < demo->bi->untyped.end - demo->bi->untyped.start; i++) {
        const seL4_UntypedDesc *const untyped = &demo->bi->untypedList[i];
        if (untyped->isDevice && paddr >= untyped->paddr &&
            paddr - untyped->paddr < UINT64_C(1) << untyped->sizeBits) {
            return true;
        }
    }
    return false;
}

static bool take_devices(struct demo *demo, char *note)
{
    static const struct {
        const char *name;
        uintptr_t paddr;
    } devices[] = {{"VGA text", 0xb8000}, {"HPET", 0xfed00000}};
    size_t at = 0;
    for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
        const char *result = "this record has none";
        if (is_device_memory(demo, devices[i].paddr)) {
            struct object frame = {.copy = 0};
            const int error =
                vka_alloc_frame_at(&demo->vka, seL4_PageBits, devices[i].paddr, &frame.vka);
            if (!objects_add(demo, error, devices[i].name, frame)) {
                return false;
            }
            if (vka_object_paddr(&demo->vka, &frame.vka) != devices[i].paddr) {
                return report("%s: the frame lies elsewhere", devices[i].name);
            }
            result = "a 4 KiB frame";
        }
        at += (size_t)snprintf(note + at, DEMO_NOTE_BYTES - at, "%s%s at 0x%" PRIxPTR ": %s",
                               i ? ", " : "", devices[i].name, devices[i].paddr, result);
    }
    return true;
}

static bool free_half(struct demo *demo, char *note)
{
    const size_t goal = demo->objects.count / 2;
    size_t freed = 0;
    objects_shuffle(demo);
    for (size_t i = demo->objects.count; i-- > 0 && freed < goal;) {
        if (!demo->objects.at[i].is_kept) {
            if (!objects_free(demo, i)) {
                return false;
            }
            progress("objects freed", ++freed);
        }
    }
    progress_end();
    size_t frames;
    uint64_t bytes;
    const bool good = objects_check_contents(demo, &frames, &bytes);
    snprintf(note, DEMO_NOTE_BYTES,
             "%zu objects freed in random order; the %zu written frames that are left hold what "
             "was written",
             freed, frames);
    return good;
}

/* Allocate frames of one size while more than `leave` bytes of RAM are free, or until there is no
 * memory for another. */
static bool take_frames(struct demo *demo, unsigned size_bits, uint64_t leave, size_t *taken)
{
    const uint64_t bytes = UINT64_C(1) << size_bits;
    for (*taken = 0;; progress("frames allocated", ++*taken)) {
        const uint64_t available = demo->managers->utspace.totals.free_bytes[ALLOCMAN_UT_KERNEL];
        if (leave > 0 && available < leave + bytes) {
            return true;
        }
        struct object frame = {.copy = 0};
        const int error = vka_alloc_frame(&demo->vka, size_bits, &frame.vka);
        if (error == ALLOCMAN_NO_UNTYPED) {
            return true;
        }
        if (!objects_add(demo, error, "a frame", frame)) {
            return false;
        }
    }
}

/* A 4 KiB frame takes two slots and a little, its own and its block's. Where the CNode has too few
 * for all of memory, most of it goes in larger frames first. */
static bool take_all(struct demo *demo, char *note)
{
    const uint64_t slots = demo->managers->cspace.map.free_count;
    const uint64_t small_bytes = slots * 9 / 20 * (UINT64_C(1) << seL4_PageBits);
    size_t huge = 0;
    size_t large = 0;
    size_t small = 0;
    if (!take_frames(demo, seL4_HugePageBits, small_bytes, &huge) ||
        !take_frames(demo, seL4_LargePageBits, small_bytes, &large) ||
        !take_frames(demo, seL4_PageBits, 0, &small)) {
        return false;
    }
    progress_end();
    char why[160];
    allocman_failure_text(allocman_last_failure(demo->alloc), why, sizeof(why));
    size_t frames;
    uint64_t bytes;
    const bool good = objects_check_contents(demo, &frames, &bytes);
    size_t at = (size_t)snprintf(note, DEMO_NOTE_BYTES, "frames: ");
    if (huge + large > 0) {
        at += (size_t)snprintf(note + at, DEMO_NOTE_BYTES - at,
                               "%s of 1 GiB and %s of 2 MiB (slots are too few for 4 KiB ones "
                               "only) and ",
                               text_count(huge).s, text_count(large).s);
    }
    snprintf(note + at, DEMO_NOTE_BYTES - at,
             "%s of 4 KiB, until refused: %s; what was written before is still there",
             text_count(small).s, why);
    return good;
}

static bool free_all(struct demo *demo, char *note)
{
    const size_t count = demo->objects.count;
    objects_shuffle(demo);
    for (size_t freed = 0; freed < count;) {
        if (!objects_free(demo, demo->objects.count - 1)) {
            return false;
        }
        progress("objects freed", ++freed);
    }
    progress_end();
    snprintf(note, DEMO_NOTE_BYTES, "%s objects freed in random order", text_count(count).s);
    return true;
}

static bool reclaim(struct demo *demo, char *note)
{
    const size_t merges = demo->managers->utspace.totals.merges;
    allocman_reclaim(demo->alloc);
    snprintf(note, DEMO_NOTE_BYTES,
             "allocman_reclaim() undid %s splits that had been left for reuse",
             text_count(demo->managers->utspace.totals.merges - merges).s);
    return true;
}

const struct phase phases[PHASES_MAX] = {
    {"boot", "booted from a static pool", boot},
    {"pool", "virtual pool attached", attach_pool},
    {"processes", "eight processes built", build},
    {"devices", "device frames taken by address", take_devices},
    {"half freed", "half of all objects freed at random", free_half},
    {"full", "memory filled with frames", take_all},
    {"all freed", "everything freed", free_all},
    {"reclaimed", "reclaimed", reclaim},
    {.name = NULL},
};
