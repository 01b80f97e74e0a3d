/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Managers of untyped memory, each alone: the split trees with and without what other managers can do
// for them, and the one that takes nothing back. Slots come from one level, book memory from the host's
// heap, which refuses at will. The objects are where the books say and overlap nowhere, the books agree
// with themselves and with the kernel, and all memory is whole in the end.

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include <allocman/check.h>
#include <allocman/utspace/twinkle.h>
#include <vka/capops.h>

#include "agree.h"
#include "arch.h"
#include "heap_mspace.h"
#include "world.h"

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define THINGS              200u

enum subject_kind { SPLIT, TWINKLE };

static const struct subject_start {
    const char *name;
    enum subject_kind kind;
    bool runs, reclaim; // extensions registered
    size_t slots;       // 0: all
    size_t untypeds;    // handed over at the start, the last ones
} starts[] = {
    {"split_bare", SPLIT, false, false, 0, 14},
    {"split", SPLIT, true, true, 0, 14},
    {"split_without_runs", SPLIT, false, true, 0, 14},
    {"split_few_slots", SPLIT, true, true, 40, 14},
    {"split_few_untypeds", SPLIT, true, true, 0, 3},
    {"twinkle", TWINKLE, false, false, 0, 14},
};

static const char *start_name(unsigned start)
{
    return starts[start].name;
}

static const struct kind {
    seL4_Word type;
    unsigned size_bits; // 0: the record's
} kinds[] = {
    {seL4_UntypedObject, 0},
    {seL4_EndpointObject, seL4_EndpointBits},
    {SMALL_FRAME, seL4_PageBits},
    {PAGE_TABLE, seL4_PageTableBits},
    {seL4_TCBObject, seL4_TCBBits},
    {LARGE_FRAME, seL4_LargePageBits},
    {seL4_CapTableObject, 6 + seL4_SlotBits},
};

static void choose(struct rng *rng, struct api_record *r)
{
    static const uint8_t operations[] = {
        API_OBJECT_ALLOC, API_OBJECT_ALLOC, API_OBJECT_ALLOC, API_OBJECT_ALLOC, API_OBJECT_FREE,
        API_OBJECT_FREE,  API_OBJECT_FREE,  API_RECLAIM,      API_WRONG_SIZE,   API_BAD_COOKIE,
        API_BOOK_REFUSE,  API_REFUSE,       API_ADD_UNTYPED};
    static const uint64_t base[] = {0xfe000000, 0xfec01000, 0xffff0000, 0x100000,   0x200000,
                                    0x400000,   0xb38000,   0x1f009000, 0x1f040000, 0x1ff80000};
    r->operation = operations[rng_below(rng, sizeof(operations))];
    r->type = (uint8_t)rng_below(rng, 4 * ARRAY_LENGTH(kinds));
    r->size_bits = (uint8_t)rng_from(rng, seL4_MinUntypedBits, 23);
    r->flags = (uint8_t)rng_below(rng, 16);
    r->flags &= (uint8_t)(rng_percent(rng, 60) ? ~API_AT : 0xff);
    r->operand = r->flags & API_AT ? base[rng_below(rng, ARRAY_LENGTH(base))] +
                                         ((uint64_t)rng_below(rng, 4) << r->size_bits)
                                   : rng_next(rng);
    if (r->operation == API_BOOK_REFUSE || r->operation == API_REFUSE) {
        r->operand = rng_below(rng, 8);
    }
}

const struct fuzz_target fuzz_target = {.name = "fuzz_utspace",
                                        .starts = ARRAY_LENGTH(starts),
                                        .start_name = start_name,
                                        .choose = choose};

struct thing {
    seL4_Word cookie; // 0: there is none
    cspacepath_t path;
    unsigned size_bits;
    uintptr_t paddr;
};

static struct subject {
    const struct subject_start *start;
    struct world world; // its own allocman is not used, but for agree.h
    struct bootstrap_managers managers;
    struct heap_mspace heap;
    utspace_twinkle_t twinkle;
    struct thing thing[THINGS];
    uint64_t added; // untypeds
    unsigned long injected;
    bool faulted;
} s;

static allocman_t *alloc_of(void)
{
    return &s.managers.allocman;
}

// --- the managers ---------------------------------------------------------------------------------

static int add(size_t i)
{
    const seL4_UntypedDesc *const ut = &s.world.bootinfo->untypedList[i];
    const cspacepath_t path =
        allocman_cspace_make_path(alloc_of(), s.world.bootinfo->untyped.start + i);
    size_t bits = ut->sizeBits;
    uintptr_t paddr = ut->paddr;
    const int error = allocman_utspace_add_uts(alloc_of(), 1, &path, &bits, &paddr,
                                               ut->isDevice ? ALLOCMAN_UT_DEV : ALLOCMAN_UT_KERNEL);
    s.added |= error ? 0 : UINT64_C(1) << i;
    return error;
}

static void subject_open(const struct subject_start *start)
{
    const struct world_options options = {.record = "../../tests/fuzz/pc99-small"};
    memset(&s, 0, sizeof(s));
    s.start = start;
    world_start(&s.world, &options);
    s.world.managers = &s.managers;
    s.world.alloc = alloc_of();
    heap_mspace_start(&s.heap, alloc_of());
    const seL4_BootInfo *const bi = s.world.bootinfo;
    const struct cspace_single_level_config config = {
        .cnode = seL4_CapInitThreadCNode,
        .cnode_size_bits = bi->initThreadCNodeSizeBits,
        .cnode_guard_bits = seL4_WordBits - bi->initThreadCNodeSizeBits,
        .first_slot = bi->empty.start,
        .end_slot = start->slots ? bi->empty.start + start->slots : bi->empty.end};
    FUZZ_EXPECT(cspace_single_level_create(alloc_of(), &s.managers.cspace, config) == ALLOCMAN_OK &&
                    allocman_attach_cspace(alloc_of(), cspace_single_level_make_interface(
                                                           &s.managers.cspace)) == ALLOCMAN_OK,
                "no slots");
    utspace_split_create(&s.managers.utspace);
    utspace_twinkle_create(&s.twinkle);
    FUZZ_EXPECT(allocman_attach_utspace(
                    alloc_of(), start->kind == SPLIT
                                    ? utspace_split_make_interface(&s.managers.utspace)
                                    : utspace_twinkle_make_interface(&s.twinkle)) == ALLOCMAN_OK,
                "no untyped memory");
    if (start->runs) {
        (void)allocman_register_slot_runs(alloc_of(), &cspace_single_level_runs);
    }
    if (start->reclaim) {
        (void)allocman_register_untyped_reclaim(alloc_of(), &utspace_split_reclaim);
    }
    const size_t count = bi->untyped.end - bi->untyped.start;
    for (size_t i = count - start->untypeds; i < count; i++) {
        FUZZ_EXPECT(add(i) == ALLOCMAN_OK, "untyped %zu was not taken", i);
    }
}

static bool fault_came(void)
{
    struct sel4model_counters counters;
    sel4model_counters_get(&counters);
    return counters.injected > s.injected;
}

static void check(void)
{
    struct allocman_violation v;
    char text[300];
    size_t held = 0;
    FUZZ_EXPECT(s.heap.wrong_frees == 0, "book memory was freed with another size");
    FUZZ_EXPECT(cspace_single_level_check(&s.managers.cspace, &v), "%s (%s)",
                allocman_law_text(v.law), v.what);
    for (unsigned i = 0; i < THINGS; i++) {
        held += s.thing[i].cookie != 0;
    }
    if (s.start->kind == SPLIT) {
        const bool lawful = utspace_split_check(&s.managers.utspace, &v);
        FUZZ_EXPECT(lawful || (s.faulted && v.law == ALLOCMAN_LAW_L7_BOUNDS), "%s (%s)",
                    allocman_law_text(v.law), v.what);
        const char *const wrong = agree_wrong(&s.world, NULL, NULL, text, sizeof(text));
        FUZZ_EXPECT(!wrong, "%s", wrong);
        FUZZ_EXPECT(s.managers.utspace.totals.allocated == held, "%zu allocated, of %zu",
                    s.managers.utspace.totals.allocated, held);
    }
}

// --- operations -----------------------------------------------------------------------------------

static struct thing *find(uint32_t number, bool live)
{
    for (unsigned i = 0; i < THINGS; i++) {
        struct thing *const t = &s.thing[(number % THINGS + i) % THINGS];
        if ((t->cookie != 0) == live) {
            return t;
        }
    }
    return NULL;
}

static bool overlaps(const struct thing *t)
{
    for (unsigned i = 0; i < THINGS; i++) {
        const struct thing *const o = &s.thing[i];
        if (o != t && o->cookie && o->paddr < t->paddr + ((uintptr_t)1 << t->size_bits) &&
            t->paddr < o->paddr + ((uintptr_t)1 << o->size_bits)) {
            return true;
        }
    }
    return false;
}

// log2 bytes of the largest block of RAM that is free; 0: none.
static unsigned largest_free(void)
{
    struct utspace_split_cursor cursor = {.started = false};
    struct utspace_split_block block;
    unsigned largest = 0;
    while (utspace_split_next_block(&s.managers.utspace, &cursor, &block)) {
        if (!block.allocated && !block.set_aside && block.kind == ALLOCMAN_UT_KERNEL &&
            block.size_bits > largest) {
            largest = block.size_bits;
        }
    }
    return largest;
}

static void refused(const struct thing *t, bool at, int error)
{
    if (fault_came() || at) {
        return;
    }
    FUZZ_EXPECT(error == ALLOCMAN_NO_UNTYPED || error == ALLOCMAN_NO_SLOT ||
                    (error == ALLOCMAN_NO_BOOK && s.heap.refuse_after == 0),
                "2^%u refused: %s", t->size_bits,
                allocman_status_text((enum allocman_status)error));
    FUZZ_EXPECT(error != ALLOCMAN_NO_UNTYPED || s.start->kind != SPLIT ||
                    largest_free() < t->size_bits,
                "2^%u refused, but 2^%u is free", t->size_bits, largest_free());
    FUZZ_EXPECT(error != ALLOCMAN_NO_SLOT || s.managers.cspace.map.free_count < 2 * 48,
                "slots are refused, but %zu are free", s.managers.cspace.map.free_count);
}

static void object_alloc(const struct api_record *r)
{
    struct thing *const t = find(r->number, false);
    const struct kind kind = kinds[r->type % 4 == 0 ? r->type / 4 % ARRAY_LENGTH(kinds) : 0];
    const bool at = (r->flags & API_AT) != 0;
    int error = -1;
    if (!t || allocman_cspace_alloc(alloc_of(), &t->path)) {
        return;
    }
    t->size_bits = kind.size_bits ? kind.size_bits : seL4_MinUntypedBits + r->size_bits % 24u;
    t->cookie = allocman_utspace_alloc_at(alloc_of(), t->size_bits, kind.type, &t->path,
                                          at ? (uintptr_t)r->operand : ALLOCMAN_NO_PADDR,
                                          (r->flags & API_DEVICE) != 0, &error);
    FUZZ_EXPECT((t->cookie == 0) == (error != ALLOCMAN_OK) && ~t->cookie, "cookie %#lx, status %d",
                (unsigned long)t->cookie, error);
    if (!t->cookie) {
        allocman_cspace_free(alloc_of(), &t->path);
        refused(t, at && r->operand != ALLOCMAN_NO_PADDR, error);
        return;
    }
    struct sel4model_cap cap;
    FUZZ_EXPECT(sel4model_inspect(sel4model_path_of(t->path.capPtr), &cap) &&
                    cap.object_type == kind.type && cap.size_bits == t->size_bits,
                "not what was asked for");
    t->paddr = (uintptr_t)cap.paddr;
    FUZZ_EXPECT(!at || r->operand == ALLOCMAN_NO_PADDR || t->paddr == r->operand,
                "wanted at %#lx, made at %#lx", (unsigned long)r->operand, (unsigned long)t->paddr);
    FUZZ_EXPECT(allocman_utspace_paddr(alloc_of(), t->cookie, t->size_bits) == t->paddr,
                "made at %#lx, but by the books elsewhere", (unsigned long)t->paddr);
    FUZZ_EXPECT(!overlaps(t), "2^%u at %#lx is somebody's already", t->size_bits,
                (unsigned long)t->paddr);
}

static void object_free(struct thing *t)
{
    const size_t misuse = alloc_of()->counts.misuse;
    int error = vka_cnode_delete(&t->path);
    error = error && fault_came() ? vka_cnode_delete(&t->path) : error;
    FUZZ_EXPECT(error == seL4_NoError, "Delete says %d", error);
    if (s.start->kind == SPLIT) {
        allocman_utspace_free(alloc_of(), t->cookie, t->size_bits);
        FUZZ_EXPECT(alloc_of()->counts.misuse == misuse, "a proper free was called misuse");
        FUZZ_EXPECT(allocman_utspace_paddr(alloc_of(), t->cookie, t->size_bits) ==
                        ALLOCMAN_NO_PADDR,
                    "an address for a cookie that was freed");
    }
    allocman_cspace_free(alloc_of(), &t->path);
    t->cookie = 0;
}

static void expect_misuse(seL4_Word cookie, size_t size_bits)
{
    const size_t misuse = alloc_of()->counts.misuse;
    allocman_utspace_free(alloc_of(), cookie, size_bits);
    FUZZ_EXPECT(alloc_of()->counts.misuse == misuse + 1, "misuse was not counted");
}

static void bad_free(const struct api_record *r)
{
    const struct thing *const t = find(r->number, true);
    if (s.start->kind != SPLIT) {
        return;
    }
    if (r->operation == API_WRONG_SIZE && t && t->size_bits != r->size_bits) {
        expect_misuse(t->cookie, r->size_bits);
    } else if (r->operation == API_BAD_COOKIE) {
        const seL4_Word cookie =
            (r->flags & API_OF_THING && t ? t->cookie : 0) ^ (seL4_Word)r->operand;
        if (allocman_utspace_paddr(alloc_of(), cookie, seL4_PageBits) == ALLOCMAN_NO_PADDR) {
            expect_misuse(cookie, seL4_PageBits);
        }
    }
}

static void add_untyped(const struct api_record *r)
{
    const seL4_BootInfo *const bi = s.world.bootinfo;
    const size_t i = r->number % (bi->untyped.end - bi->untyped.start);
    const bool again = s.added >> i & 1u;
    const int error = s.start->kind == SPLIT || !again ? add(i) : ALLOCMAN_OK;
    FUZZ_EXPECT(!again || error == ALLOCMAN_ALREADY_ADDED || s.start->kind != SPLIT,
                "an untyped was handed in twice: status %d", error);
    FUZZ_EXPECT(again || error == ALLOCMAN_OK ||
                    (error == ALLOCMAN_NO_BOOK && s.heap.refuse_after == 0),
                "an untyped was not taken: status %d", error);
}

static void operate(const struct api_record *r)
{
    struct sel4model_counters counters;
    struct thing *t;
    sel4model_counters_get(&counters);
    s.injected = counters.injected;
    switch (r->operation) {
    case API_OBJECT_ALLOC:
        object_alloc(r);
        break;
    case API_OBJECT_FREE:
        t = s.start->kind == SPLIT ? find(r->number, true) : NULL;
        if (t) { // else nothing is taken back, and an untyped without objects begins anew
            object_free(t);
        }
        break;
    case API_RECLAIM:
        allocman_reclaim(alloc_of());
        break;
    case API_WRONG_SIZE:
    case API_BAD_COOKIE:
        bad_free(r);
        break;
    case API_ADD_UNTYPED:
        add_untyped(r);
        break;
    case API_BOOK_REFUSE:
        s.heap.refuse_after = r->flags & API_OF_THING ? SIZE_MAX : (size_t)(r->operand % 64);
        break;
    case API_REFUSE:
        sel4model_refuse(1 + (unsigned long)(r->operand % 16),
                         (seL4_Error)(1u + r->type % (seL4_NumErrors - 1u)));
        break;
    default:
        break;
    }
    s.faulted = s.faulted || fault_came();
}

// All is given back, and whole as far as there is a way to make it so.
static void finish(void)
{
    s.heap.refuse_after = SIZE_MAX;
    sel4model_refuse(0, seL4_NoError);
    for (unsigned i = 0; i < THINGS; i++) {
        if (s.thing[i].cookie && s.start->kind == SPLIT) {
            object_free(&s.thing[i]);
        }
    }
    allocman_reclaim(alloc_of());
    check();
    const struct split_totals *const t = &s.managers.utspace.totals;
    if (s.start->kind == SPLIT && !s.faulted && s.start->reclaim) {
        FUZZ_EXPECT(t->groups == t->roots, "%zu groups, %zu roots", t->groups, t->roots);
        FUZZ_EXPECT(s.managers.cspace.map.free_count ==
                        s.managers.cspace.map.end - s.managers.cspace.map.first,
                    "slots were lost");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned start;
    size_t records;
    if (!fuzz_open(data, size, &start, &records)) {
        return 0;
    }
    (void)setenv("CMOCKA_TEST_ABORT", "1", 1);
    subject_open(&starts[start]);
    for (size_t i = 0; i < records; i++) {
        const struct api_record r = api_trace_get(data, i);
        (void)fuzz_tell(&r);
        operate(&r);
        check();
    }
    finish();
    heap_mspace_stop(&s.heap);
    world_stop(&s.world);
    return 0;
}
