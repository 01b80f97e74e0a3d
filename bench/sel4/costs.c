/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "costs.h"

#include "arch.h"
#include "clock.h"
#include "kernel.h"
#include <sel4model/sel4model.h>
#include <stdio.h>
#include <vka/object.h>

#define TRIES            3u
#define BATCHES          5u
#define DESCENDANTS_BITS 12u /* log2 of the most that a Revoke is measured with */
#define CNODE            seL4_CapInitThreadCNode

static const unsigned batch_bits[BATCHES] = {0, 2, 4, 6, 8};

static const struct object_kind {
    const char *name;
    seL4_Word type;
    seL4_Word size_bits;
} kinds[] = {
    {"endpoint", seL4_EndpointObject, 0},
    {"notification", seL4_NotificationObject, 0},
    {"TCB", seL4_TCBObject, 0},
    {"CNode, radix 4", seL4_CapTableObject, 4},
    {"CNode, radix 8", seL4_CapTableObject, 8},
    {"CNode, radix 12", seL4_CapTableObject, 12},
    {"untyped, 4 KiB", seL4_UntypedObject, seL4_PageBits},
    {"frame, 4 KiB", SMALL_FRAME, 0},
    {"frame, large", LARGE_FRAME, 0},
    {"page table", PAGE_TABLE, 0},
#ifndef CONFIG_ARCH_RISCV /* a page table is all that there is */
    {"VSpace", VSPACE_ROOT, 0},
#endif
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* What one batch of one kind of object takes. */
enum cost { COST_RETYPE, COST_AGAIN, COST_DELETE, COST_REVOKE, COSTS };

static const struct {
    const char *name;
    const char *title;
} tables[COSTS] = {
    {"Retype", "Retype of so many objects at once, from an untyped that is clean"},
    {"Retype again", "The same from an untyped that was used: the kernel clears it first"},
    {"Delete", "Delete of each of them, the last capability each, together"},
    {"Revoke", "Revoke of the untyped with so many objects in it"},
};

static uint64_t least[COSTS][KINDS][BATCHES]; /* UINT64_MAX: not measured */

/* Where it is measured: slots of the boot CNode that are empty. */
static struct {
    const seL4_BootInfo *info;
    uint64_t reading; /* what reading the clock takes */
    bool good;
} site;

static cspacepath_t path_of(seL4_CPtr slot)
{
    return (cspacepath_t){.capPtr = slot,
                          .capDepth = seL4_WordBits,
                          .root = CNODE,
                          .dest = 0,
                          .destDepth = 0,
                          .offset = slot,
                          .window = 1};
}

static void expect(seL4_Error error, const char *what)
{
    if (error != seL4_NoError) {
        printf("bench: the cost table: %s: seL4 error %d\n", what, (int)error);
        site.good = false;
    }
}

/* What passed since `start`, less what reading the clock takes. */
static uint64_t since(uint64_t start)
{
    const uint64_t elapsed = clock_now() - start;
    return elapsed > site.reading ? elapsed - site.reading : 0;
}

static void lower_to(uint64_t *value, uint64_t other)
{
    *value = other < *value ? other : *value;
}

static uint64_t time_retype(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits, seL4_CPtr slot,
                            seL4_Word count)
{
    const cspacepath_t path = path_of(slot);
    const uint64_t start = clock_now();
    const seL4_Error error = kernel_retype(untyped, type, size_bits, &path, count);
    const uint64_t elapsed = since(start);
    expect(error, "Retype");
    return elapsed;
}

static uint64_t time_delete(seL4_CPtr slot)
{
    const cspacepath_t path = path_of(slot);
    const uint64_t start = clock_now();
    const seL4_Error error = kernel_delete(&path);
    const uint64_t elapsed = since(start);
    expect(error, "Delete");
    return elapsed;
}

static uint64_t time_revoke(seL4_CPtr slot)
{
    const cspacepath_t path = path_of(slot);
    const uint64_t start = clock_now();
    const seL4_Error error = kernel_revoke(&path);
    const uint64_t elapsed = since(start);
    expect(error, "Revoke");
    return elapsed;
}

/* May be refused: not every capability can be copied. */
static bool time_copy(seL4_CPtr to, seL4_CPtr from, uint64_t *elapsed)
{
    const cspacepath_t to_path = path_of(to);
    const cspacepath_t from_path = path_of(from);
    const uint64_t start = clock_now();
    const seL4_Error error = kernel_copy(&to_path, &from_path, 0);
    *elapsed = since(start);
    return error == seL4_NoError;
}

/* The smallest boot untyped of RAM that 2^size_bits bytes fit in; 0 iff there is none. */
static seL4_CPtr parent_of(unsigned size_bits)
{
    seL4_CPtr found = 0;
    unsigned found_bits = seL4_WordBits;
    for (seL4_Word i = 0; i < site.info->untyped.end - site.info->untyped.start; i++) {
        const seL4_UntypedDesc *const untyped = &site.info->untypedList[i];
        if (!untyped->isDevice && untyped->sizeBits >= size_bits &&
            untyped->sizeBits < found_bits) {
            found = site.info->untyped.start + i;
            found_bits = untyped->sizeBits;
        }
    }
    return found;
}

/* An untyped at `slot` that holds 2^size_bits bytes and is clean: the kernel cleared its parent. */
static bool untyped_make(seL4_CPtr slot, unsigned size_bits)
{
    const seL4_CPtr parent = parent_of(size_bits);
    const cspacepath_t path = path_of(slot);
    if (!parent) {
        return false;
    }
    expect(kernel_retype(parent, seL4_UntypedObject, size_bits, &path, 1), "untyped");
    return site.good;
}

static void batch_measure(size_t kind, unsigned batch)
{
    const seL4_CPtr untyped = site.info->empty.start;
    const seL4_CPtr first = untyped + 1;
    const seL4_Word type = kinds[kind].type;
    const seL4_Word size_bits = kinds[kind].size_bits;
    const seL4_Word count = (seL4_Word)1 << batch_bits[batch];
    const unsigned bits = (unsigned)vka_get_object_size(type, size_bits) + batch_bits[batch];
    for (unsigned i = 0; i < TRIES && site.good && untyped_make(untyped, bits); i++) {
        lower_to(&least[COST_RETYPE][kind][batch],
                 time_retype(untyped, type, size_bits, first, count));
        uint64_t deletes = 0;
        for (seL4_Word object = 0; object < count; object++) {
            deletes += time_delete(first + object);
        }
        lower_to(&least[COST_DELETE][kind][batch], deletes);
        lower_to(&least[COST_AGAIN][kind][batch],
                 time_retype(untyped, type, size_bits, first, count));
        lower_to(&least[COST_REVOKE][kind][batch], time_revoke(untyped));
        (void)time_delete(untyped);
    }
}

static void print_cost(const char *cost, const char *object, seL4_Word count, uint64_t value)
{
    printf("{\"cost\":\"%s\",\"object\":\"%s\",\"count\":%lu,\"value\":%llu}\n", cost, object,
           (unsigned long)count, (unsigned long long)value);
}

static void batches_print(void)
{
    for (int cost = 0; cost < COSTS; cost++) {
        printf("\n%s:\n%-18s", tables[cost].title, "");
        for (unsigned batch = 0; batch < BATCHES; batch++) {
            printf("%13u", 1u << batch_bits[batch]);
        }
        for (size_t kind = 0; kind < KINDS; kind++) {
            printf("\n%-18s", kinds[kind].name);
            for (unsigned batch = 0; batch < BATCHES; batch++) {
                const uint64_t value = least[cost][kind][batch];
                if (value == UINT64_MAX) {
                    printf("%13s", "-");
                } else {
                    printf("%13llu", (unsigned long long)value);
                }
            }
        }
        printf("\n");
        for (size_t kind = 0; kind < KINDS; kind++) {
            for (unsigned batch = 0; batch < BATCHES; batch++) {
                if (least[cost][kind][batch] != UINT64_MAX) {
                    print_cost(tables[cost].name, kinds[kind].name,
                               (seL4_Word)1 << batch_bits[batch], least[cost][kind][batch]);
                }
            }
        }
    }
}

/* Delete of a capability of which there is another, and the Copy that made it. */
static void copies_measure(void)
{
    const seL4_CPtr untyped = site.info->empty.start;
    printf("\nCopy of a capability, and Delete of the copy:\n");
    for (size_t kind = 0; kind < KINDS && site.good; kind++) {
        uint64_t copy = UINT64_MAX;
        uint64_t deleted = UINT64_MAX;
        const unsigned bits =
            (unsigned)vka_get_object_size(kinds[kind].type, kinds[kind].size_bits);
        bool can = true;
        for (unsigned i = 0; i < TRIES && can && untyped_make(untyped, bits); i++) {
            uint64_t elapsed;
            (void)time_retype(untyped, kinds[kind].type, kinds[kind].size_bits, untyped + 1, 1);
            can = time_copy(untyped + 2, untyped + 1, &elapsed);
            if (can) {
                lower_to(&copy, elapsed);
                lower_to(&deleted, time_delete(untyped + 2));
            }
            (void)time_revoke(untyped);
            (void)time_delete(untyped);
        }
        if (can && copy != UINT64_MAX) {
            printf("%-18s%13llu%13llu\n", kinds[kind].name, (unsigned long long)copy,
                   (unsigned long long)deleted);
            print_cost("Copy", kinds[kind].name, 1, copy);
            print_cost("Delete a copy", kinds[kind].name, 1, deleted);
        }
    }
}

/* Revoke by the number of descendants: objects in an untyped; copies of one endpoint. */
static void descendants_measure(void)
{
    const seL4_CPtr untyped = site.info->empty.start;
    const seL4_CPtr first = untyped + 1;
    const seL4_Word fan_out = seL4_UntypedRetypeMaxObjects;
    printf(
        "\nRevoke by the number of descendants: endpoints in an untyped; copies of an endpoint:\n");
    for (unsigned bits = 0; bits <= DESCENDANTS_BITS && site.good; bits += 2) {
        const seL4_Word count = (seL4_Word)1 << bits;
        uint64_t objects = UINT64_MAX;
        uint64_t copies = UINT64_MAX;
        for (unsigned i = 0; i < TRIES && site.good; i++) {
            (void)untyped_make(untyped, seL4_EndpointBits + DESCENDANTS_BITS);
            for (seL4_Word made = 0; made < count; made += fan_out) {
                const seL4_Word now = count - made < fan_out ? count - made : fan_out;
                (void)time_retype(untyped, seL4_EndpointObject, 0, first + made, now);
            }
            lower_to(&objects, time_revoke(untyped));
            (void)time_retype(untyped, seL4_EndpointObject, 0, first, 1);
            for (seL4_Word copy = 1; copy <= count; copy++) {
                uint64_t elapsed;
                site.good = time_copy(first + copy, first, &elapsed) && site.good;
            }
            lower_to(&copies, time_revoke(first));
            (void)time_revoke(untyped);
            (void)time_delete(untyped);
        }
        printf("%-18lu%13llu%13llu\n", (unsigned long)count, (unsigned long long)objects,
               (unsigned long long)copies);
        print_cost("Revoke objects", "endpoint", count, objects);
        print_cost("Revoke copies", "endpoint", count, copies);
    }
}

/* Paging structures until the frame at `frame` can be mapped at `address`; they come out of
 * `untyped`, to the slots behind the frame's. */
static void frame_map(seL4_CPtr untyped, seL4_CPtr frame, seL4_Word address, uint64_t *map,
                      uint64_t *map_table)
{
    for (unsigned i = 0; i <= KERNEL_TABLE_LEVELS; i++) {
        unsigned missing;
        const uint64_t start = clock_now();
        const seL4_Error error =
            kernel_map_page(frame, seL4_CapInitThreadVSpace, address, &missing);
        const uint64_t elapsed = since(start);
        if (error == seL4_NoError) {
            lower_to(map, elapsed);
            return;
        }
        if (missing == KERNEL_TABLE_LEVELS) {
            break;
        }
        const seL4_CPtr table = frame + 1 + i;
        (void)time_retype(untyped, kernel_tables[missing].type, kernel_tables[missing].size_bits,
                          table, 1);
        const uint64_t table_start = clock_now();
        const seL4_Error table_error =
            kernel_map_table(missing, table, seL4_CapInitThreadVSpace, address);
        lower_to(map_table, since(table_start));
        expect(table_error, "mapping a paging structure");
    }
    expect(seL4_FailedLookup, "mapping a page");
}

static void print_one(const char *what, uint64_t value)
{
    printf("%-40s%13llu\n", what, (unsigned long long)value);
    print_cost(what, "", 1, value);
}

static void others_measure(void)
{
    const seL4_CPtr untyped = site.info->empty.start;
    const seL4_CPtr first = untyped + 1;
    const seL4_Word address = (seL4_Word)(uintptr_t)sel4model_free_vaddr(1);
    const unsigned bits = seL4_PageBits + 3;
    uint64_t empty = UINT64_MAX, none = UINT64_MAX, move = UINT64_MAX, map = UINT64_MAX;
    uint64_t map_table = UINT64_MAX, unmap = UINT64_MAX;
    for (unsigned i = 0; i < TRIES && site.good && untyped_make(untyped, bits); i++) {
        lower_to(&empty, time_delete(first));
        lower_to(&none, time_revoke(untyped));
        (void)time_retype(untyped, SMALL_FRAME, 0, first, 1);
        const cspacepath_t from = path_of(first);
        const cspacepath_t to = path_of(first + 1);
        const uint64_t start = clock_now();
        const seL4_Error error = kernel_move(&to, &from);
        lower_to(&move, since(start));
        expect(error, "Move");
        frame_map(untyped, first + 1, address, &map, &map_table);
        lower_to(&unmap, time_delete(first + 1));
        (void)time_revoke(untyped);
        (void)time_delete(untyped);
    }
    printf("\nOthers:\n");
    print_one("Delete of an empty slot", empty);
    print_one("Revoke without descendants", none);
    print_one("Move", move);
    print_one("Page_Map of a 4 KiB frame", map);
    print_one("mapping a paging structure", map_table);
    print_one("Delete of a mapped 4 KiB frame", unmap);
}

/* The common case: the untyped is one of several of a Retype, so that the kernel finds a neighbour in
 * its derivation tree, and looks whether that is a child. */
static void siblings_measure(void)
{
    const seL4_CPtr untyped = site.info->empty.start;
    const seL4_CPtr sibling = untyped + 1;
    const seL4_CPtr frame = untyped + 3;
    uint64_t retype = UINT64_MAX;
    uint64_t deleted = UINT64_MAX;
    for (unsigned i = 0; i < TRIES && site.good && untyped_make(untyped, seL4_PageBits + 1); i++) {
        (void)time_retype(untyped, seL4_UntypedObject, seL4_PageBits, sibling, 2);
        lower_to(&retype, time_retype(sibling + 1, SMALL_FRAME, 0, frame, 1));
        lower_to(&deleted, time_delete(frame));
        (void)time_revoke(untyped);
        (void)time_delete(untyped);
    }
    print_one("Retype of a frame beside a sibling", retype);
    print_one("Delete of it", deleted);
}

static uint64_t time_of_reading(void)
{
    uint64_t reading = UINT64_MAX;
    for (unsigned i = 0; i < TRIES; i++) {
        const uint64_t start = clock_now();
        lower_to(&reading, clock_now() - start);
    }
    return reading;
}

bool costs_measure(const seL4_BootInfo *boot_info)
{
    site.info = boot_info;
    site.reading = time_of_reading();
    site.good = true;
    for (size_t kind = 0; kind < KINDS; kind++) {
        for (unsigned batch = 0; batch < BATCHES; batch++) {
            for (int cost = 0; cost < COSTS; cost++) {
                least[cost][kind][batch] = UINT64_MAX;
            }
            batch_measure(kind, batch);
        }
    }
    batches_print();
    copies_measure();
    descendants_measure();
    others_measure();
    siblings_measure();
    return site.good;
}
