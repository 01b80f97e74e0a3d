/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Short scripts, run once to count their invocations and then once for each with that one refused:
// a call fails or succeeds, laws hold, books and kernel agree, and giving everything back makes all
// whole.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <allocman/check.h>

#include "agree.h"
#include "arch.h"
#include "world.h"

#define HELD_MAX 700u
#define CNODE    seL4_CapInitThreadCNode

struct held {
    seL4_CPtr slot; // 0: none
    seL4_Word cookie;
    unsigned size_bits;
    void *block; // of book memory; NULL: none
    size_t bytes;
};

struct run {
    struct world world;
    struct held held[HELD_MAX];
    unsigned count;
    unsigned failures;  // calls that reported a failure
    const char *script; // for messages
    unsigned long nth;
    seL4_Error error;
};

static bool refusal_came(void)
{
    struct sel4model_counters counters;
    sel4model_counters_get(&counters);
    return counters.injected > 0;
}

static void check(const struct run *run, const char *where)
{
    char text[300];
    struct allocman_violation v;
    // A merge that the kernel refuses leaves one group more than the policy keeps.
    const bool excused =
        !allocman_check(run->world.alloc, &v) && v.law == ALLOCMAN_LAW_L7_BOUNDS && refusal_came();
    const char *const wrong = excused
                                  ? agree_wrong(&run->world, NULL, NULL, text, sizeof(text))
                                  : world_wrong(&run->world, true, NULL, NULL, text, sizeof(text));
    if (wrong) {
        fail_msg("%s, invocation %lu refused with %d, %s: %s", run->script, run->nth,
                 (int)run->error, where, wrong);
    }
}

// A call's result: a failure must be told.
static void judge(struct run *run, int status)
{
    if (status != ALLOCMAN_OK) {
        run->failures++;
        assert_int_equal(allocman_last_failure(run->world.alloc)->status, status);
    }
}

static struct held *object(struct run *run, seL4_Word type, unsigned size_bits, uintptr_t paddr)
{
    struct held h = {.size_bits = size_bits};
    cspacepath_t path;
    int error = allocman_cspace_alloc(run->world.alloc, &path);
    judge(run, error);
    if (error) {
        return NULL;
    }
    error = -1;
    h.slot = path.capPtr;
    h.cookie =
        allocman_utspace_alloc_at(run->world.alloc, size_bits, type, &path, paddr, true, &error);
    judge(run, error);
    assert_int_equal(h.cookie == 0, error != ALLOCMAN_OK);
    if (error) {
        allocman_cspace_free(run->world.alloc, &path);
        return NULL;
    }
    assert_in_range(run->count, 0, HELD_MAX - 1);
    run->held[run->count] = h;
    return &run->held[run->count++];
}

static void book(struct run *run, size_t bytes)
{
    int error = -1;
    void *const block = allocman_mspace_alloc(run->world.alloc, bytes, &error);
    judge(run, error);
    assert_int_equal(block == NULL, error != ALLOCMAN_OK);
    if (block) {
        assert_in_range(run->count, 0, HELD_MAX - 1);
        run->held[run->count++] = (struct held){.block = block, .bytes = bytes};
    }
}

// The caller's own Delete may be the one that is refused: it tries again.
static void give_back(struct run *run, unsigned i)
{
    const struct held h = run->held[i];
    run->held[i] = run->held[--run->count];
    if (h.block) {
        allocman_mspace_free(run->world.alloc, h.block, h.bytes);
        return;
    }
    if (seL4_CNode_Delete(CNODE, h.slot, seL4_WordBits) != seL4_NoError) {
        assert_int_equal(seL4_CNode_Delete(CNODE, h.slot, seL4_WordBits), seL4_NoError);
    }
    const cspacepath_t path = allocman_cspace_make_path(run->world.alloc, h.slot);
    allocman_utspace_free(run->world.alloc, h.cookie, h.size_bits);
    allocman_cspace_free(run->world.alloc, &path);
}

static void give_all_back(struct run *run)
{
    while (run->count > 0) {
        give_back(run, (run->count - 1) / 2);
    }
}

// --- the scripts ---------------------------------------------------------------------------------
// ------------------

static void script_objects(struct run *run)
{
    object(run, seL4_EndpointObject, seL4_EndpointBits, ALLOCMAN_NO_PADDR);
    object(run, SMALL_FRAME, seL4_PageBits, ALLOCMAN_NO_PADDR);
    check(run, "two objects");
    object(run, seL4_TCBObject, seL4_TCBBits, ALLOCMAN_NO_PADDR);
    object(run, seL4_CapTableObject, 10, ALLOCMAN_NO_PADDR);
    object(run, seL4_UntypedObject, 24, ALLOCMAN_NO_PADDR);
    object(run, seL4_UntypedObject, 20, ALLOCMAN_NO_PADDR);
    check(run, "six objects");
}

// Where the nth boot untyped of devices lies that has some large pages.
static uintptr_t device_paddr(const struct run *run, unsigned nth)
{
    const seL4_BootInfo *const bi = run->world.bootinfo;
    for (size_t i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
        const seL4_UntypedDesc *const ut = &bi->untypedList[i];
        if (ut->isDevice && ut->sizeBits >= seL4_LargePageBits + 1 && nth-- == 0) {
            return ut->paddr;
        }
    }
    fail_msg("the machine has too few devices");
    return 0;
}

static void script_addresses(struct run *run)
{
    const uintptr_t large = (uintptr_t)1 << seL4_LargePageBits;
    object(run, SMALL_FRAME, seL4_PageBits, device_paddr(run, 0) + 0x8000);
    object(run, SMALL_FRAME, seL4_PageBits, device_paddr(run, 1));
    check(run, "two devices");
    object(run, seL4_UntypedObject, 8, device_paddr(run, 2) + 0x100);
    object(run, LARGE_FRAME, seL4_LargePageBits, device_paddr(run, 3) + large);
    check(run, "four devices");
}

// Enough splits that merges come when they go.
static void script_merges(struct run *run)
{
    for (unsigned i = 0; i < 70; i++) {
        object(run, SMALL_FRAME, seL4_PageBits, ALLOCMAN_NO_PADDR);
    }
    check(run, "frames");
    give_all_back(run);
    check(run, "frames given back");
    object(run, seL4_UntypedObject, 21, ALLOCMAN_NO_PADDR);
    allocman_reclaim(run->world.alloc);
    check(run, "reclaimed");
}

static void script_book(struct run *run)
{
    book(run, 3000);
    book(run, 3000);
    check(run, "two pages");
    book(run, 20000);
    check(run, "a span");
    for (unsigned i = 0; i < 6; i++) {
        book(run, 3500);
    }
    check(run, "many pages");
    give_all_back(run);
    check(run, "pages given back");
    book(run, 50000);
    allocman_reclaim(run->world.alloc);
    check(run, "reclaimed");
}

// Records that no longer fit the static pool: growth in the middle of an allocation.
static void script_growth(struct run *run)
{
    for (unsigned i = 0; i < 300; i++) {
        object(run, seL4_CapTableObject, 6 + i % 12, ALLOCMAN_NO_PADDR);
    }
    check(run, "CNodes");
    book(run, 4000);
    allocman_reclaim(run->world.alloc);
    check(run, "reclaimed");
}

// Memory that is used again while a copy of an old capability lives.
static void script_repair(struct run *run)
{
    const struct held *const h = object(run, SMALL_FRAME, seL4_PageBits, ALLOCMAN_NO_PADDR);
    cspacepath_t copy;
    if (!h || allocman_cspace_alloc(run->world.alloc, &copy)) {
        return;
    }
    (void)seL4_CNode_Copy(CNODE, copy.capPtr, seL4_WordBits, CNODE, h->slot, seL4_WordBits,
                          seL4_AllRights);
    give_back(run, 0);
    for (unsigned i = 0; i < 20; i++) {
        object(run, SMALL_FRAME, seL4_PageBits, ALLOCMAN_NO_PADDR);
    }
    while (seL4_CNode_Delete(CNODE, copy.capPtr, seL4_WordBits) != seL4_NoError) {
    }
    allocman_cspace_free(run->world.alloc, &copy);
    check(run, "used again");
}

// The pool comes later than the first objects.
static void script_attach(struct run *run)
{
    object(run, seL4_EndpointObject, seL4_EndpointBits, ALLOCMAN_NO_PADDR);
    run->world.vsize = 1 << 20;
    run->world.vstart = sel4model_free_vaddr(run->world.vsize);
    bootstrap_configure_virtual_pool(run->world.alloc, run->world.vstart, run->world.vsize,
                                     seL4_CapInitThreadVSpace);
    if (allocman_last_failure(run->world.alloc)->status != ALLOCMAN_OK) {
        judge(run, allocman_fill_reserves(run->world.alloc)); // as a caller does who was told
    }
    book(run, 2000);
    book(run, 2000);
    book(run, 9000);
}

static const struct script {
    const char *name;
    void (*play)(struct run *run);
    struct world_options world;
} scripts[] = {
    {"objects", script_objects, {.record = MACHINE, .empty_slots = 600}},
    {"objects with a pool",
     script_objects,
     {.record = MACHINE, .empty_slots = 600, .virtual_bytes = 1 << 20}},
    {"objects in few slots", script_objects, {.record = MACHINE, .empty_slots = 64}},
    {"addresses",
     script_addresses,
     {.record = MACHINE, .empty_slots = 600, .virtual_bytes = 1 << 20}},
    {"merges", script_merges, {.record = MACHINE, .empty_slots = 2000}},
    {"merges with a pool",
     script_merges,
     {.record = MACHINE, .empty_slots = 2000, .virtual_bytes = 1 << 20}},
    {"book memory", script_book, {.record = MACHINE, .empty_slots = 600, .virtual_bytes = 1 << 20}},
    {"growth", script_growth, {.record = MACHINE, .empty_slots = 1000, .virtual_bytes = 1 << 20}},
    {"repair", script_repair, {.record = MACHINE, .empty_slots = 600, .virtual_bytes = 1 << 20}},
    {"attach", script_attach, {.record = MACHINE, .empty_slots = 600}},
};

// Everything back, and whole.
static void finish(struct run *run)
{
    sel4model_refuse(0, seL4_NoError);
    give_all_back(run);
    allocman_reclaim(run->world.alloc);
    check(run, "all given back");
    const struct split_totals *const t = &run->world.managers->utspace.totals;
    const size_t held = world_book_blocks(&run->world);
    const size_t slots =
        world_free_slots(&run->world) + t->own_slots + world_book_slots(&run->world);
    // A root that is refused for want of memory at its very first use looks like somebody else's.
    const size_t aside = run->error == seL4_NotEnoughMemory;
    if (t->allocated != held || t->slots_quarantined || t->roots_set_aside > aside ||
        slots != world_slots(&run->world) || (held == 0 && t->groups != t->roots)) {
        fail_msg("%s, invocation %lu refused with %d: %zu blocks left, book memory has %zu; %zu "
                 "slots of %zu; %zu set aside, "
                 "%zu quarantined",
                 run->script, run->nth, (int)run->error, t->allocated, held, slots,
                 world_slots(&run->world), t->roots_set_aside, t->slots_quarantined);
    }
    struct allocman_violation v;
    if (!allocman_check(run->world.alloc, &v)) {
        fail_msg("%s, invocation %lu refused with %d, at the end: %s (%s)", run->script, run->nth,
                 (int)run->error, allocman_law_text(v.law), v.what);
    }
}

// Play a script with the n-th invocation refused; how many there were.
static unsigned long play(const struct script *script, unsigned long nth, seL4_Error error)
{
    struct run *const run = calloc(1, sizeof(*run));
    assert_non_null(run);
    run->script = script->name;
    run->nth = nth;
    run->error = error;
    world_start(&run->world, &script->world);
    check(run, "started");
    sel4model_counters_reset();
    sel4model_refuse(nth, error);
    script->play(run);
    check(run, "played");
    give_all_back(run);
    const unsigned long invocations = sel4model_invocations(SEL4MODEL_ANY_INVOCATION);
    if (nth == 0) {
        assert_int_equal(run->failures, 0);
    }
    finish(run);
    world_stop(&run->world);
    free(run);
    return invocations;
}

static void run_script(void **state)
{
    static const seL4_Error errors[] = {seL4_NotEnoughMemory, seL4_DeleteFirst, seL4_FailedLookup,
                                        seL4_InvalidArgument, seL4_RevokeFirst};
    const unsigned kinds = sizeof(errors) / sizeof(errors[0]);
    const struct script *const script = *state;
    const unsigned long invocations = play(script, 0, seL4_NoError);
    // Short scripts with every error; of long ones every invocation with one of them, in turn. Very
    // long ones repeat themselves: every few invocations will do.
    const char *const all = getenv("ALLOCMAN_EXHAUSTIVE");
    const unsigned long stride = invocations > 200 && !all ? invocations / 60 : 1;
    for (unsigned long nth = 1; nth <= invocations; nth += stride) {
        for (unsigned e = 0; e < kinds; e++) {
            if (all || invocations <= 30 || nth / stride % kinds == e) {
                (void)play(script, nth, errors[e]);
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[sizeof(scripts) / sizeof(scripts[0])];
    for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        tests[i] = (struct CMUnitTest){.name = scripts[i].name,
                                       .test_func = run_script,
                                       .initial_state = (void *)(uintptr_t)&scripts[i]};
    }
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
