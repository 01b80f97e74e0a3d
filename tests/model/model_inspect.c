/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Looking into the kernel.
#include "model_test.h"

static void paths(void **state)
{
    (void)state;
    struct sel4model_cap cap;
    const struct sel4model_path by_cnode = {ROOT, VSPACE, DEPTH};
    const struct sel4model_path too_deep = {ROOT, VSPACE, DEPTH + 1};
    const struct sel4model_path no_cnode = {VSPACE, 0, DEPTH};
    assert_true(sel4model_inspect(sel4model_path_of(VSPACE), &cap));
    assert_int_equal(cap.kind, VSPACE_KIND);
    assert_true(sel4model_inspect(by_cnode, &cap));
    assert_int_equal(cap.kind, VSPACE_KIND);
    cap.kind = SEL4MODEL_CAP_TCB;
    assert_false(sel4model_inspect(too_deep, &cap));
    assert_false(sel4model_inspect(no_cnode, &cap));
    assert_false(sel4model_inspect(sel4model_path_of((seL4_CPtr)1 << (DEPTH - 4)), &cap));
    assert_int_equal(cap.kind, SEL4MODEL_CAP_TCB); // untouched
    assert_true(sel4model_inspect(sel4model_path_of(first_slot), &cap));
    assert_int_equal(cap.kind, SEL4MODEL_CAP_NULL);
}

static void looking_changes_nothing(void **state)
{
    (void)state;
    struct sel4model_cap cap;
    poison_message();
    sel4model_counters_reset();
    const struct sel4model_path wrong = {ROOT, VSPACE, 3};
    assert_false(sel4model_inspect(wrong, &cap));
    assert_false(sel4model_inspect_parent(wrong, &cap));
    for (int i = 0; i < 5; i++) {
        expect_mr(i, 0xdead0000u + (seL4_Word)i);
    }
    assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), 0);
}

static void the_root_cnode(void **state)
{
    (void)state;
    const struct sel4model_cap cap = cap_at(ROOT);
    assert_int_equal(cap.kind, SEL4MODEL_CAP_CNODE);
    assert_int_equal(cap.radix_bits, 19);
    assert_int_equal(cap.size_bits, 19 + seL4_SlotBits);
    assert_int_equal(cap.guard_bits, seL4_WordBits - 19);
    assert_int_equal(cap.guard, 0);
    assert_int_equal(cap.object_type, seL4_CapTableObject);
}

struct visits {
    seL4_Word places[8];
    unsigned bits[8];
    size_t count;
    size_t limit;
};

static bool visit(void *context, seL4_Word place, const struct sel4model_cap *cap)
{
    struct visits *const visits = context;
    visits->places[visits->count] = place;
    visits->bits[visits->count] = cap->size_bits;
    visits->count++;
    return visits->count < visits->limit;
}

static void slots_of_a_cnode(void **state)
{
    (void)state;
    struct visits visits = {.limit = 8};
    expect_ok(retype(ram(19), seL4_CapTableObject, 6, first_slot));
    expect_ok(seL4_Untyped_Retype(ram(19), seL4_EndpointObject, 0, first_slot, 0, 0, 5, 2));
    expect_ok(seL4_Untyped_Retype(ram(19), SMALL_FRAME, 0, first_slot, 0, 0, 63, 1));
    assert_true(sel4model_visit_cnode(sel4model_path_of(first_slot), visit, &visits));
    assert_int_equal(visits.count, 3);
    assert_int_equal(visits.places[0], 5);
    assert_int_equal(visits.places[1], 6);
    assert_int_equal(visits.places[2], 63);
    assert_int_equal(visits.bits[2], 12);
    visits = (struct visits){.limit = 2};
    assert_false(sel4model_visit_cnode(sel4model_path_of(first_slot), visit, &visits));
    assert_int_equal(visits.count, 2);
    assert_false(sel4model_visit_cnode(sel4model_path_of(VSPACE), visit, &visits));
}

static void descendants(void **state)
{
    (void)state;
    struct visits visits = {.limit = 8};
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_UntypedObject, 16, first_slot));
    expect_ok(retype(first_slot, seL4_UntypedObject, 14, first_slot + 1));
    expect_ok(retype(first_slot + 1, seL4_EndpointObject, 0, first_slot + 2));
    expect_ok(mint_cap(first_slot + 3, first_slot + 2, 5));
    expect_ok(retype(untyped, seL4_UntypedObject, 15, first_slot + 4));
    assert_true(sel4model_visit_descendants(sel4model_path_of(untyped), visit, &visits));
    assert_int_equal(visits.count, 5);
    static const seL4_Word generations[] = {1, 1, 2, 3, 4};
    static const unsigned bits[] = {15, 16, 14, 4, 4};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(visits.places[i], generations[i]);
        assert_int_equal(visits.bits[i], bits[i]);
    }
    visits = (struct visits){.limit = 8};
    assert_true(sel4model_visit_descendants(sel4model_path_of(first_slot + 4), visit, &visits));
    assert_int_equal(visits.count, 0);
    assert_true(sel4model_visit_descendants(sel4model_path_of(first_slot + 1), visit, &visits));
    assert_int_equal(visits.count, 2);
}

static void live_capabilities(void **state)
{
    (void)state;
    const unsigned long before = sel4model_live_caps();
    expect_ok(retype_many(ram(19), seL4_EndpointObject, 0, first_slot, 10));
    assert_int_equal(sel4model_live_caps(), before + 10);
    expect_ok(move_cap(first_slot + 20, first_slot));
    assert_int_equal(sel4model_live_caps(), before + 10);
    expect_ok(delete_cap(first_slot + 20));
    expect_ok(delete_cap(first_slot + 20));
    assert_int_equal(sel4model_live_caps(), before + 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(paths),          model_test(looking_changes_nothing),
        model_test(the_root_cnode), model_test(slots_of_a_cnode),
        model_test(descendants),    model_test(live_capabilities),
    };
    return cmocka_run_group_tests_name("model: inspect", tests, NULL, NULL);
}
