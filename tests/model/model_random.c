/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Random invocations against a second model that shares nothing with the kernel's way of doing it:
// here every capability knows its parent, and memory is a list of what lies where.
#include "model_test.h"

enum { SLOTS = 64, STEPS = 20000, NOBODY = -1 };

enum what { NOTHING, UNTYPED, ENDPOINT, FRAME };

struct item {
    enum what what;
    int parent;    // index of the item it is derived from; NOBODY: the boot untyped
    int object;    // which object: a number that copies share
    uint64_t base; // untyped and frame
    unsigned bits;
    uint64_t used;   // untyped: bytes up to the free index
    seL4_Word badge; // endpoint
    bool is_plain;   // a copy that is nobody's parent
};

static struct item items[SLOTS + 1]; // the last is the boot untyped
static int next_object;
static uint64_t random_state;

static uint64_t random_below(uint64_t limit)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % limit;
}

static bool has_child(int of)
{
    for (int i = 0; i < SLOTS; i++) {
        if (items[i].what != NOTHING && items[i].parent == of) {
            return true;
        }
    }
    return false;
}

// Whether `descendant` comes from `ancestor`. Bound: the depth of the tree, less than SLOTS.
static bool comes_from(int descendant, int ancestor)
{
    int at = items[descendant].parent;
    while (at != NOBODY && at != ancestor) {
        at = items[at].parent;
    }
    return at == ancestor;
}

// Take an item away; its children go to its parent. A badged family passes to its next of kin, as
// in the kernel's list, so badged copies are not made here.
static void take_away(int index)
{
    for (int i = 0; i < SLOTS; i++) {
        if (items[i].what != NOTHING && items[i].parent == index) {
            items[i].parent = items[index].parent;
        }
    }
    items[index].what = NOTHING;
}

static seL4_Word slot_of(int index)
{
    return index == SLOTS ? ram(19) : first_slot + (seL4_Word)index;
}

static uint64_t object_bytes(enum what what, unsigned bits)
{
    return what == ENDPOINT ? 16 : what == FRAME ? 4096 : (uint64_t)1 << bits;
}

static seL4_Word object_type(enum what what)
{
    return what == ENDPOINT ? (seL4_Word)seL4_EndpointObject
           : what == FRAME  ? (seL4_Word)SMALL_FRAME
                            : (seL4_Word)seL4_UntypedObject;
}

static void step_retype(int source, int dest)
{
    struct item *const from = &items[source];
    const enum what what = (enum what)(UNTYPED + random_below(3));
    const unsigned bits = 4 + (unsigned)random_below(14);
    const uint64_t bytes = object_bytes(what, bits);
    if (from->what == ENDPOINT) {
        return; // invoking one is an IPC
    }
    const seL4_Error error = retype(slot_of(source), object_type(what), bits, slot_of(dest));
    if (from->what != UNTYPED) {
        assert_int_not_equal(error, seL4_NoError);
        return;
    }
    if (items[dest].what != NOTHING) {
        assert_int_equal(error, seL4_DeleteFirst);
        return;
    }
    const uint64_t used = has_child(source) ? from->used : 0;
    const uint64_t start = (used + bytes - 1) / bytes * bytes;
    const uint64_t size = (uint64_t)1 << from->bits;
    if (start + bytes > size) {
        assert_int_equal(error, seL4_NotEnoughMemory);
        assert_int_equal(seL4_GetMR(0), size - used);
        return;
    }
    assert_int_equal(error, seL4_NoError);
    from->used = start + bytes;
    items[dest] = (struct item){.what = what,
                                .parent = source,
                                .object = next_object++,
                                .base = from->base + start,
                                .bits = what == ENDPOINT ? 4
                                        : what == FRAME  ? 12
                                                         : bits};
}

static void step_copy(int source, int dest)
{
    const seL4_Word badge = (seL4_Word)random_below(3);
    const struct item from = items[source];
    if (source == SLOTS || (from.what == ENDPOINT && from.badge != 0)) {
        return; // see take_away
    }
    const seL4_Error error = mint_cap(slot_of(dest), slot_of(source), badge);
    if (items[dest].what != NOTHING) {
        assert_int_equal(error, seL4_DeleteFirst);
    } else if (from.what == NOTHING) {
        assert_int_equal(error, seL4_FailedLookup);
    } else if (from.what == UNTYPED && has_child(source)) {
        assert_int_equal(error, seL4_RevokeFirst);
    } else {
        assert_int_equal(error, seL4_NoError);
        items[dest] = from;
        items[dest].is_plain = from.what != UNTYPED && (from.what == FRAME || badge == 0);
        items[dest].badge = from.what == ENDPOINT ? badge : 0;
        // Children of the original if that is a parent, else siblings of the copy.
        items[dest].parent = from.is_plain ? from.parent : source;
        items[source].used = from.what == UNTYPED ? (uint64_t)1 << from.bits : from.used;
    }
}

static void step_move(int source, int dest)
{
    if (source == SLOTS) {
        return;
    }
    const seL4_Error error = move_cap(slot_of(dest), slot_of(source));
    if (items[dest].what != NOTHING) {
        assert_int_equal(error, seL4_DeleteFirst);
    } else if (items[source].what == NOTHING) {
        assert_int_equal(error, seL4_FailedLookup);
    } else {
        assert_int_equal(error, seL4_NoError);
        items[dest] = items[source];
        items[source].what = NOTHING;
        for (int i = 0; i < SLOTS; i++) {
            items[i].parent = items[i].parent == source ? dest : items[i].parent;
        }
    }
}

static void step_delete(int index)
{
    if (index != SLOTS) {
        expect_ok(delete_cap(slot_of(index)));
        if (items[index].what != NOTHING) {
            take_away(index);
        }
    }
}

static void step_revoke(int index)
{
    bool dies[SLOTS] = {false};
    expect_ok(revoke_cap(slot_of(index)));
    for (int i = 0; i < SLOTS && items[index].what != NOTHING; i++) {
        dies[i] = items[i].what != NOTHING && comes_from(i, index);
    }
    for (int i = 0; i < SLOTS; i++) {
        items[i].what = dies[i] ? NOTHING : items[i].what;
    }
}

static void compare(void)
{
    static const enum sel4model_cap_kind kinds[] = {SEL4MODEL_CAP_NULL, SEL4MODEL_CAP_UNTYPED,
                                                    SEL4MODEL_CAP_ENDPOINT, SEL4MODEL_CAP_FRAME};
    for (int i = 0; i <= SLOTS; i++) {
        const struct item *const item = &items[i];
        const struct sel4model_cap cap = cap_at(slot_of(i));
        assert_int_equal(cap.kind, kinds[item->what]);
        if (item->what == NOTHING) {
            continue;
        }
        assert_int_equal(cap.paddr, item->base);
        assert_int_equal(cap.size_bits, item->bits);
        assert_int_equal(cap.has_children, has_child(i));
        assert_int_equal(cap.badge, item->badge);
        if (item->what == UNTYPED) {
            assert_int_equal(cap.free_offset, item->used);
        }
        int sharers = 0;
        for (int j = 0; j < SLOTS; j++) {
            sharers += items[j].what != NOTHING && items[j].object == item->object;
        }
        if (item->what != UNTYPED) {
            assert_int_equal(cap.is_final, sharers == 1);
        }
    }
}

static void run(uint64_t seed)
{
    random_state = seed;
    next_object = 1;
    memset(items, 0, sizeof(items));
    items[SLOTS] = (struct item){.what = UNTYPED,
                                 .parent = NOBODY,
                                 .base = cap_at(ram(19)).paddr,
                                 .bits = 19,
                                 .used = (uint64_t)1 << 19};
    for (int step = 0; step < STEPS; step++) {
        const int source = (int)random_below(SLOTS + 1);
        const int dest = (int)random_below(SLOTS);
        switch (random_below(16)) {
        case 0:
        case 1:
            step_delete(source);
            break;
        case 2:
            step_revoke(source < SLOTS || random_below(20) == 0 ? source : 0);
            break;
        case 3:
        case 4:
            step_copy(source, dest);
            break;
        case 5:
            step_move(source, dest);
            break;
        default:
            step_retype(random_below(3) == 0 ? SLOTS : source, dest);
            break;
        }
        if (step % 16 == 0) {
            compare();
        }
    }
}

static void random_invocations(void **state)
{
    for (uint64_t seed = 1; seed <= 4; seed++) {
        print_message("seed %d\n", (int)seed);
        assert_int_equal(boot_machine(state), 0);
        run(seed * 0x9e3779b97f4a7c15u);
        sel4model_shutdown();
    }
}

// The same with CNodes, TCBs and paging objects in random places: nothing may be lost or left over.
static void random_containers(void **state)
{
    static const seL4_Word types[] = {seL4_CapTableObject, seL4_TCBObject, PAGE_TABLE,
                                      VSPACE_ROOT,         SMALL_FRAME,    seL4_NotificationObject};
    assert_int_equal(boot_machine(state), 0);
    const unsigned long baseline = sel4model_live_caps();
    const seL4_CPtr untyped = ram(24);
    random_state = 12345;
    for (int step = 0; step < STEPS; step++) {
        const seL4_Word a = first_slot + (seL4_Word)random_below(16);
        const seL4_Word b = first_slot + (seL4_Word)random_below(16);
        const seL4_Word inner = (seL4_Word)random_below(4);
        switch (random_below(12)) {
        case 0:
            (void)delete_cap(a);
            break;
        case 1:
            (void)seL4_CNode_Copy(a, inner, 2, ROOT, b, DEPTH, seL4_AllRights);
            break;
        case 2:
            (void)seL4_CNode_Move(a, inner, 2, ROOT, b, DEPTH);
            break;
        case 3:
            (void)seL4_CNode_Move(ROOT, b, DEPTH, a, inner, 2);
            break;
        case 4:
            (void)seL4_CNode_Delete(a, inner, 2);
            break;
        case 5:
            (void)seL4_CNode_Revoke(ROOT, a, DEPTH);
            break;
        case 6:
            (void)assign_asid(seL4_CapInitThreadASIDPool, a);
            break;
        case 7:
            if (kind_at(a) == SEL4MODEL_CAP_TCB) {
                (void)seL4_TCB_SetSpace(a, 0, b, 0, VSPACE, 0);
            }
            break;
        case 8:
            if (random_below(100) == 0) {
                expect_ok(revoke_cap(untyped));
                assert_int_equal(sel4model_live_caps(), baseline);
            }
            break;
        default:
            (void)retype(untyped, types[random_below(6)], 2, a);
            break;
        }
    }
    expect_ok(revoke_cap(untyped));
    assert_int_equal(sel4model_live_caps(), baseline);
    sel4model_shutdown();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_invocations),
        cmocka_unit_test(random_containers),
    };
    return cmocka_run_group_tests_name("model: random", tests, NULL, NULL);
}
