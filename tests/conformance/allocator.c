/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The allocator under a random load, as root task of a real kernel and on the model. With the same boot
// information both print the same. Freestanding.
#include <allocman/bootstrap.h>
#include <allocman/vka.h>
#include <vka/object.h>

#include "allocator.h"
#include "arch.h"
#include "rng.h"

enum {
    THINGS = 6000,
    STEPS = 60000,
    EVERY = 1000,
    PHASE = 2500, // steps
    VIRTUAL_BYTES = 64 << 20,
    POOL_BYTES = 64 << 10,
};

enum thing_kind { OBJECT, SLOT, BOOK, LEAK };

struct thing {
    enum thing_kind kind;
    vka_object_t object; // SLOT, LEAK: cptr only
    void *block;         // BOOK
    size_t bytes;
};

struct load {
    const seL4_BootInfo *bootinfo;
    allocman_t *alloc;
    vka_t vka;
    struct rng rng;
    struct thing things[THINGS];
    size_t count;
    unsigned fill; // percent of steps that take
    unsigned long failed;
    uint64_t digest; // of all answers
};

static struct load load;
static char pool[POOL_BYTES] __attribute__((aligned(16)));

static void fold(uint64_t word)
{
    load.digest = (load.digest ^ word) * UINT64_C(0x100000001b3);
    load.digest ^= load.digest >> 29;
}

static void report(const char *what, unsigned long step)
{
    const struct bootstrap_managers *const m = (const void *)load.alloc;
    const struct split_totals *const t = &m->utspace.totals;
    const struct {
        const char *name;
        uint64_t value;
    } figures[] = {
        {" things ", load.count},
        {" failed ", load.failed},
        {" last ", allocman_last_failure(load.alloc)->status},
        {" misuse ", load.alloc->counts.misuse},
        {" growths ", load.alloc->counts.growths},
        {" splits ", t->splits},
        {" merges ", t->merges},
        {" repairs ", t->repairs},
        {" groups ", t->groups},
        {" allocated ", t->allocated},
        {" slots ", t->own_slots},
        {" book ", t->book_bytes},
        {" pages ", m->mspace.virtual_pool.pages.page_bytes},
        {" ram ", t->free_bytes[0]},
        {" device ", t->free_bytes[1]},
        {" aside ", t->roots_set_aside + t->slots_quarantined},
    };
    conformance_print(what);
    conformance_print_word(" ", step, 10);
    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
        conformance_print_word(figures[i].name, figures[i].value, 10);
    }
    conformance_print_word(" digest ", load.digest, 16);
    conformance_print("\n");
}

static struct thing *place(void)
{
    return load.count < THINGS ? &load.things[load.count] : NULL;
}

static struct thing *pick(enum thing_kind kind)
{
    for (unsigned i = 0; i < 8 && load.count > 0; i++) {
        struct thing *const thing = &load.things[rng_below(&load.rng, load.count)];
        if (thing->kind == kind) {
            return thing;
        }
    }
    return NULL;
}

static void drop(struct thing *thing)
{
    *thing = load.things[--load.count];
}

// A page of some untyped, RAM or device; or of none, perhaps.
static uintptr_t choose_address(struct rng *rng)
{
    const seL4_BootInfo *const bootinfo = load.bootinfo;
    const seL4_Word count = bootinfo->untyped.end - bootinfo->untyped.start;
    const seL4_UntypedDesc *const desc = &bootinfo->untypedList[rng_below(rng, count)];
    const uint64_t page = (uint64_t)rng_below(rng, 0x100000) << seL4_PageBits;
    const uint64_t mask = ((uint64_t)1 << desc->sizeBits) - 1;
    return (uintptr_t)(rng_percent(rng, 90) ? desc->paddr + (page & mask) : page);
}

// An object of any type, mostly small; by address now and then.
static void take_object(struct rng *rng)
{
    static const struct {
        seL4_Word type;
        unsigned low, high; // size_bits as vka has them
    } types[] = {
        {seL4_EndpointObject, seL4_EndpointBits, seL4_EndpointBits},
        {seL4_NotificationObject, seL4_NotificationBits, seL4_NotificationBits},
        {seL4_TCBObject, seL4_TCBBits, seL4_TCBBits},
        {seL4_CapTableObject, 1, 10},
        {SMALL_FRAME, seL4_PageBits, seL4_PageBits},
        {SMALL_FRAME, seL4_PageBits, seL4_PageBits},
        {SMALL_FRAME, seL4_PageBits, seL4_PageBits},
        {PAGE_TABLE, seL4_PageTableBits, seL4_PageTableBits},
        {LARGE_FRAME, seL4_LargePageBits, seL4_LargePageBits},
        {seL4_UntypedObject, 4, 16},
        {seL4_UntypedObject, 8, 26},
        {VSPACE_ROOT, seL4_VSpaceBits, seL4_VSpaceBits},
    };
    struct thing *const thing = place();
    if (thing == NULL) {
        return;
    }
    const unsigned choice = rng_below(rng, sizeof(types) / sizeof(types[0]));
    const unsigned bits = rng_from(rng, types[choice].low, types[choice].high);
    const bool is_at = rng_percent(rng, 10) && types[choice].type == SMALL_FRAME;
    const bool may_be_device = rng_percent(rng, 5);
    uintptr_t paddr = ALLOCMAN_NO_PADDR;
    if (is_at) {
        paddr = choose_address(rng);
    }
    const int error = vka_alloc_object_at_maybe_dev(&load.vka, types[choice].type, bits, paddr,
                                                    may_be_device, &thing->object);
    fold((uint64_t)error);
    if (error != 0) {
        load.failed++;
        fold((uint64_t)allocman_last_failure(load.alloc)->status);
        return;
    }
    thing->kind = OBJECT;
    load.count++;
    fold(thing->object.cptr);
    fold(vka_object_paddr(&load.vka, &thing->object));
}

static void take_slot(void)
{
    cspacepath_t path;
    struct thing *const thing = place();
    if (thing != NULL && allocman_cspace_alloc(load.alloc, &path) == 0) {
        thing->kind = SLOT;
        thing->object.cptr = path.capPtr;
        load.count++;
        fold(path.capPtr);
    }
}

static void take_book(struct rng *rng)
{
    struct thing *const thing = place();
    const size_t bytes = rng_percent(rng, 90) ? rng_from(rng, 1, 1000) : rng_from(rng, 1, 200000);
    int error = 0;
    void *const block = thing == NULL ? NULL : allocman_mspace_alloc(load.alloc, bytes, &error);
    fold((uint64_t)error);
    if (block != NULL) {
        *thing = (struct thing){.kind = BOOK, .block = block, .bytes = bytes};
        *(volatile char *)block = 1;
        ((volatile char *)block)[bytes - 1] = 1;
        load.count++;
    }
}

static void give(struct thing *thing)
{
    cspacepath_t path;
    switch (thing->kind) {
    case OBJECT:
        vka_free_object(&load.vka, &thing->object);
        break;
    case BOOK:
        allocman_mspace_free(load.alloc, thing->block, thing->bytes);
        break;
    case LEAK:
        path = allocman_cspace_make_path(load.alloc, thing->object.cptr);
        fold((uint64_t)seL4_CNode_Delete(path.root, path.capPtr, seL4_WordBits));
        allocman_cspace_free(load.alloc, &path);
        break;
    case SLOT:
        path = allocman_cspace_make_path(load.alloc, thing->object.cptr);
        allocman_cspace_free(load.alloc, &path);
        break;
    }
    drop(thing);
}

// Free an object of which a copy of the capability stays: found and repaired later.
static void leak(void)
{
    cspacepath_t copy;
    struct thing *const thing = pick(OBJECT);
    if (thing == NULL || allocman_cspace_alloc(load.alloc, &copy) != 0) {
        return;
    }
    const seL4_Error error =
        seL4_CNode_Copy(copy.root, copy.capPtr, seL4_WordBits, seL4_CapInitThreadCNode,
                        thing->object.cptr, seL4_WordBits, seL4_AllRights);
    fold((uint64_t)error);
    if (error != seL4_NoError) {
        allocman_cspace_free(load.alloc, &copy);
        return;
    }
    vka_free_object(&load.vka, &thing->object);
    *thing = (struct thing){.kind = LEAK, .object = {.cptr = copy.capPtr}};
}

// Frees that are wrong: counted, nothing changes.
static void misuse(struct rng *rng)
{
    const struct thing *const thing = pick(OBJECT);
    if (thing == NULL) {
        return;
    }
    cspacepath_t path = allocman_cspace_make_path(load.alloc, seL4_CapInitThreadVSpace);
    switch (rng_below(rng, 4)) {
    case 0:
        allocman_utspace_free(load.alloc, thing->object.ut, 47);
        break;
    case 1:
        allocman_utspace_free(load.alloc, (seL4_Word)rng_next(rng), 12);
        break;
    case 2:
        allocman_cspace_free(load.alloc, &path);
        break;
    default: // into a slot that is not empty
        path = allocman_cspace_make_path(load.alloc, thing->object.cptr);
        int error = 0;
        fold(allocman_utspace_alloc(load.alloc, 12, SMALL_FRAME, &path, false, &error));
        fold((uint64_t)error);
        break;
    }
}

static void step(struct rng *rng)
{
    const unsigned choice = rng_below(rng, 100);
    if (choice < 2) {
        leak();
    } else if (choice < 4) {
        misuse(rng);
    } else if (choice < 5 && rng_percent(rng, 10)) {
        allocman_reclaim(load.alloc);
    } else if (rng_percent(rng, load.fill)) {
        if (choice < 85) {
            take_object(rng);
        } else if (choice < 90) {
            take_slot();
        } else {
            take_book(rng);
        }
    } else if (load.count > 0) {
        give(&load.things[rng_below(rng, load.count)]);
    }
}

// All that is left, 2^20 bytes at a time, and back.
static void exhaust(unsigned long at)
{
    const size_t before = load.count;
    for (unsigned bits = 24; bits >= 12; bits -= 4) {
        struct thing *thing;
        while ((thing = place()) != NULL &&
               vka_alloc_untyped(&load.vka, bits, &thing->object) == 0) {
            thing->kind = OBJECT;
            load.count++;
            fold(thing->object.cptr);
        }
    }
    report("exhausted", at);
    while (load.count > before) {
        give(&load.things[load.count - 1]);
    }
}

int conformance_allocator(seL4_BootInfo *bootinfo)
{
    static const unsigned fills[] = {60, 95, 20, 50, 5};
    load.bootinfo = bootinfo;
    load.rng.state = 1;
    load.alloc = bootstrap_use_bootinfo(bootinfo, sizeof(pool), pool);
    if (load.alloc == NULL) {
        conformance_print("no allocator\n");
        return 1;
    }
    allocman_make_vka(&load.vka, load.alloc);
    report("boot", 0);
    for (unsigned long i = 0; i < STEPS; i++) {
        if (i == 2UL * PHASE) {
            bootstrap_configure_virtual_pool(load.alloc, conformance_addresses(VIRTUAL_BYTES),
                                             VIRTUAL_BYTES, seL4_CapInitThreadVSpace);
            report("virtual pool", i);
        }
        load.fill = fills[i / PHASE % (sizeof(fills) / sizeof(fills[0]))];
        step(&load.rng);
        if ((i + 1) % EVERY == 0) {
            report("step", i + 1);
        }
        if ((i + 1) % (4UL * PHASE) == 0) {
            exhaust(i + 1);
        }
    }
    while (load.count > 0) {
        give(&load.things[load.count - 1]);
    }
    report("empty", STEPS);
    allocman_reclaim(load.alloc);
    report("reclaimed", STEPS);
    return 0;
}
