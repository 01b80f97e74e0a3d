/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Snapshots: after a restore the same random calls get the same answers.
#include "model_test.h"

#include <malloc.h>

#include <sel4model/snapshot.h>

enum { SLOTS = 96, STEPS = 3000, SEEDS = 6, FRAMES = 4, PAGE = 4096 };

static uint64_t random_state;
static seL4_Word window; // addresses to map frames at
static seL4_Word pool;   // an untyped for all of this

static seL4_Word random_below(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (seL4_Word)(random_state % limit);
}

static uint64_t mix(uint64_t digest, uint64_t word)
{
    return (digest ^ word) * UINT64_C(0x100000001b3);
}

static seL4_Word any_slot(void)
{
    return first_slot + random_below(SLOTS);
}

static seL4_Word any_type(void)
{
    static const seL4_Word types[] = {
        seL4_UntypedObject,  seL4_UntypedObject, seL4_EndpointObject, seL4_NotificationObject,
        seL4_CapTableObject, seL4_TCBObject,     SMALL_FRAME,         SMALL_FRAME,
        PAGE_TABLE,          VSPACE_ROOT};
    return types[random_below(sizeof(types) / sizeof(types[0]))];
}

// What an endpoint is asked would be an IPC.
static bool is_endpoint(seL4_Word slot)
{
    return kind_at(slot) == SEL4MODEL_CAP_ENDPOINT;
}

static seL4_Error retype_at_random(void)
{
    const seL4_Word source = random_below(3) == 0 ? any_slot() : pool;
    const seL4_Word type = any_type();
    const seL4_Word bits = 4 + random_below(12);
    const seL4_Word dest = first_slot + random_below(SLOTS - 4);
    const seL4_Word count = 1 + random_below(4);
    return is_endpoint(source) ? seL4_NoError : retype_many(source, type, bits, dest, count);
}

static seL4_Error copy_at_random(void)
{
    const seL4_Word dest = any_slot();
    const seL4_Word source = any_slot();
    return random_below(2) == 0 ? mint_cap(dest, source, random_below(4)) : move_cap(dest, source);
}

// Into a CNode that may die with it.
static seL4_Error nest_at_random(void)
{
    const seL4_Word node = any_slot();
    const seL4_Word source = any_slot();
    const seL4_Word index = random_below(8);
    return kind_at(node) != SEL4MODEL_CAP_CNODE
               ? seL4_NoError
               : seL4_CNode_Move(node, index, 3, ROOT, source, DEPTH);
}

// And write to it: that is part of the state, too.
static seL4_Error map_at_random(void)
{
    const seL4_Word frame = any_slot();
    const seL4_Word vaddr = window + PAGE * random_below(FRAMES);
    const bool is_writable = random_below(3) != 0;
    const seL4_CapRights_t rights = is_writable ? seL4_ReadWrite : seL4_CanRead;
    if (kind_at(frame) != SEL4MODEL_CAP_FRAME) {
        return seL4_NoError;
    }
    const seL4_Error error = page_map(frame, VSPACE, vaddr, rights);
    if (error == seL4_NoError && is_writable) {
        *(volatile uint64_t *)vaddr += random_below(1000);
    }
    return error;
}

static seL4_Error configure_at_random(void)
{
    const seL4_Word tcb = any_slot();
    const seL4_Word buffer = any_slot();
    if (kind_at(tcb) != SEL4MODEL_CAP_TCB) {
        return seL4_NoError;
    }
    const seL4_Word choice = random_below(3);
    return choice == 0   ? seL4_TCB_Resume(tcb)
           : choice == 1 ? seL4_TCB_BindNotification(tcb, buffer)
                         : seL4_TCB_SetIPCBuffer(tcb, window, buffer);
}

static seL4_Error step(void)
{
    switch (random_below(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
        return retype_at_random();
    case 4:
    case 5:
        return copy_at_random();
    case 6:
        return nest_at_random();
    case 7:
    case 8:
        return map_at_random();
    case 9:
        return configure_at_random();
    case 10:
        return random_below(8) == 0 ? revoke_cap(any_slot()) : seL4_NoError;
    default:
        return delete_cap(any_slot());
    }
}

// What the frames hold.
static uint64_t read_frames(uint64_t digest)
{
    for (seL4_Word slot = first_slot; slot < first_slot + SLOTS; slot++) {
        const struct sel4model_cap cap = cap_at(slot);
        uint64_t word = 0;
        if (cap.kind == SEL4MODEL_CAP_FRAME) {
            assert_true(sel4model_read_memory(cap.paddr, &word, sizeof(word)));
            digest = mix(digest, word);
        }
    }
    return digest;
}

static bool visit(void *context, seL4_Word place, const struct sel4model_cap *cap)
{
    uint64_t *const digest = context;
    const uint64_t words[] = {place,           cap->kind,           cap->object_type,
                              cap->size_bits,  cap->paddr,          cap->free_offset,
                              cap->free_bytes, cap->has_children,   cap->is_final,
                              cap->badge,      cap->is_mapped,      cap->mapped_vaddr,
                              cap->guard,      cap->rights.words[0]};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        *digest = mix(*digest, words[i]);
    }
    return true;
}

// Everything that can be seen of the state.
static uint64_t look(void)
{
    struct sel4model_counters counters;
    const struct sel4model_path all = {ROOT, pool, DEPTH};
    uint64_t digest = sel4model_live_caps();
    assert_true(sel4model_visit_cnode(sel4model_path_of(ROOT), visit, &digest));
    assert_true(sel4model_visit_descendants(all, visit, &digest));
    sel4model_counters_get(&counters);
    digest = mix(digest, counters.bytes_zeroed);
    digest = mix(digest, counters.caps_removed);
    digest = mix(mix(digest, counters.caps_revoked), counters.slots_destroyed);
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        digest = mix(mix(digest, counters.invocations[kind]), counters.refused[kind]);
    }
    return digest;
}

// A stream of calls; what they answered.
static uint64_t run(uint64_t seed)
{
    uint64_t digest = 0;
    random_state = seed * 2 + 1;
    for (uint64_t i = 0; i < STEPS; i++) {
        poison_message();
        digest = mix(digest, step());
        for (int word = 0; word < 5; word++) {
            digest = mix(digest, seL4_GetMR(word));
        }
        if (i % 64 == 0) {
            digest = read_frames(digest);
        }
    }
    return digest;
}

static void prepare(void)
{
    const seL4_Word table = first_slot + SLOTS;
    pool = ram(21);
    window = (seL4_Word)(uintptr_t)sel4model_free_vaddr(1);
    for (unsigned level = 0; level < TABLE_LEVELS; level++) {
        expect_ok(retype(ram(19), table_type(level), 0, table + level));
        expect_ok(map_table(level, table + level, VSPACE, window));
    }
}

static void the_same_calls_get_the_same_answers(void **state)
{
    (void)state;
    prepare();
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        (void)run(seed);
        const uint64_t before = look();
        struct sel4model_snapshot *const snapshot = sel4model_snapshot_take();
        const uint64_t first = run(seed + 100);
        const uint64_t after_first = look();
        assert_true(sel4model_snapshot_restore(snapshot));
        assert_int_equal(look(), before);
        assert_int_equal(run(seed + 100), first);
        assert_int_equal(look(), after_first);
        assert_int_not_equal(run(seed + 200), first); // it does depend on what is asked
        assert_true(sel4model_snapshot_restore(snapshot));
        assert_int_equal(look(), before);
        sel4model_snapshot_free(snapshot);
        assert_int_equal(run(seed + 100), first);
    }
}

// Back and forth between several; objects that only one of them has are kept for it.
static void snapshots_in_any_order(void **state)
{
    (void)state;
    enum { COUNT = 4 };
    struct sel4model_snapshot *snapshots[COUNT];
    uint64_t seen[COUNT];
    uint64_t answers[COUNT];
    prepare();
    for (uint64_t i = 0; i < COUNT; i++) {
        seen[i] = look();
        snapshots[i] = sel4model_snapshot_take();
        answers[i] = run(i);
    }
    static const unsigned order[] = {3, 0, 2, 2, 1, 3, 0, 1};
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        const unsigned which = order[i];
        assert_true(sel4model_snapshot_restore(snapshots[which]));
        assert_int_equal(look(), seen[which]);
        assert_int_equal(run(which), answers[which]);
        if (i == 5) {
            sel4model_snapshot_free(snapshots[2]);
            sel4model_snapshot_free(snapshots[3]);
        }
    }
    sel4model_snapshot_free(snapshots[0]);
    assert_int_equal(boot_machine(state), 0);
    assert_false(sel4model_snapshot_restore(snapshots[1])); // of an earlier kernel
    sel4model_snapshot_free(snapshots[1]);
    sel4model_snapshot_free(NULL);
}

static void memory_and_mappings_come_back(void **state)
{
    (void)state;
    prepare();
    volatile uint64_t *const one = (volatile uint64_t *)window;
    volatile uint64_t *const two = (volatile uint64_t *)(window + PAGE);
    expect_ok(retype_many(pool, SMALL_FRAME, 0, first_slot, 2));
    expect_ok(page_map(first_slot, VSPACE, window, seL4_ReadWrite));
    *one = 11;
    struct sel4model_snapshot *const snapshot = sel4model_snapshot_take();
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)sel4model_free_vaddr(1);
    assert_true(sel4model_snapshot_restore(snapshot)); // what is as it was stays mapped
    assert_int_equal(*one, 11);
    *one = 12;
    expect_ok(page_map(first_slot + 1, VSPACE, window + PAGE, seL4_ReadWrite));
    *two = 13;
    expect_ok(page_unmap(first_slot));
    sel4model_refuse(1, seL4_RangeError);

    assert_true(sel4model_snapshot_restore(snapshot));
    assert_int_equal(*one, 11);
    assert_int_equal((seL4_Word)(uintptr_t)sel4model_free_vaddr(1), vaddr);
    expect_ok(page_map(first_slot + 1, VSPACE, window + PAGE, seL4_ReadWrite)); // not refused
    assert_int_equal(*two, 0);

    // Revoked: both are gone, and what they held; then they are back.
    expect_ok(revoke_cap(pool));
    expect_ok(retype_many(pool, SMALL_FRAME, 0, first_slot, 2));
    expect_ok(page_map(first_slot, VSPACE, window, seL4_CanRead));
    assert_int_equal(*one, 0);
    assert_true(sel4model_snapshot_restore(snapshot));
    assert_int_equal(*one, 11);
    *one = 14; // and writable
    sel4model_snapshot_free(snapshot);
}

// A restore lets go of what came since. The C library tells what it has handed out, unless a sanitizer stands in for it.
static void restores_keep_no_memory(void **state)
{
    (void)state;
    enum { ROUNDS = 8, COUNT = 64, RADIX_BITS = 6 };
    size_t held[ROUNDS];
    prepare();
    struct sel4model_snapshot *const snapshot = sel4model_snapshot_take();
    for (int i = 0; i < ROUNDS; i++) {
        expect_ok(retype_many(pool, seL4_CapTableObject, RADIX_BITS, first_slot, COUNT));
        assert_true(sel4model_snapshot_restore(snapshot));
        held[i] = mallinfo2().uordblks;
    }
    assert_in_range(held[ROUNDS - 1], 0, held[1] + ((size_t)COUNT << RADIX_BITS));
    sel4model_snapshot_free(snapshot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(the_same_calls_get_the_same_answers),
        model_test(snapshots_in_any_order),
        model_test(memory_and_mappings_come_back),
        model_test(restores_keep_no_memory),
    };
    return cmocka_run_group_tests_name("model: snapshots", tests, NULL, NULL);
}
