/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The derivation tree: who is whose child, what revocation takes, who is the last.
#include "model_test.h"

static bool has_parent(seL4_Word slot, struct sel4model_cap *parent)
{
    const struct sel4model_path path = {ROOT, slot, DEPTH};
    return sel4model_inspect_parent(path, parent);
}

static void children_of_an_untyped(void **state)
{
    (void)state;
    struct sel4model_cap parent;
    const seL4_CPtr untyped = ram(19);
    assert_false(cap_at(untyped).has_children);
    expect_ok(retype_many(untyped, seL4_UntypedObject, 16, first_slot, 2));
    expect_ok(retype(first_slot, SMALL_FRAME, 0, first_slot + 2));
    assert_true(cap_at(untyped).has_children);
    assert_true(cap_at(first_slot).has_children);
    assert_false(cap_at(first_slot + 1).has_children);
    assert_true(has_parent(first_slot + 2, &parent));
    assert_int_equal(parent.size_bits, 16);
    assert_true(has_parent(first_slot, &parent));
    assert_int_equal(parent.size_bits, 19);
    assert_false(has_parent(untyped, &parent));

    // Deleting an untyped hands its children on to its parent.
    expect_ok(delete_cap(first_slot));
    assert_true(has_parent(first_slot + 2, &parent));
    assert_int_equal(parent.size_bits, 19);
    expect_ok(revoke_cap(untyped));
    expect_empty(first_slot + 1);
    expect_empty(first_slot + 2);
    assert_int_equal(kind_at(untyped), SEL4MODEL_CAP_UNTYPED);
    assert_false(cap_at(untyped).has_children);
}

static void revoke_takes_descendants_only(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype_many(untyped, seL4_UntypedObject, 16, first_slot, 3));
    expect_ok(retype_many(first_slot, seL4_EndpointObject, 0, first_slot + 10, 3));
    expect_ok(retype_many(first_slot + 1, seL4_EndpointObject, 0, first_slot + 20, 3));
    expect_ok(retype_many(first_slot + 2, seL4_EndpointObject, 0, first_slot + 30, 3));
    expect_ok(revoke_cap(first_slot + 1));
    expect_empty(first_slot + 20);
    expect_empty(first_slot + 22);
    assert_int_equal(kind_at(first_slot + 10), SEL4MODEL_CAP_ENDPOINT);
    assert_int_equal(kind_at(first_slot + 32), SEL4MODEL_CAP_ENDPOINT);
    assert_int_equal(kind_at(first_slot + 1), SEL4MODEL_CAP_UNTYPED);
    expect_ok(revoke_cap(first_slot + 5)); // an empty slot: fine
    expect_ok(delete_cap(first_slot + 5));
}

static void untypeds_with_children_are_not_copied(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_EndpointObject, 0, first_slot));
    expect_error(copy_cap(first_slot + 1, untyped), seL4_RevokeFirst);
    expect_error(mint_cap(first_slot + 1, untyped, 5), seL4_RevokeFirst);
    expect_ok(move_cap(first_slot + 1, untyped)); // with its child
    assert_true(cap_at(first_slot + 1).has_children);
    expect_empty(untyped);
}

static void a_copied_untyped_is_full(void **state)
{
    (void)state;
    struct sel4model_cap parent;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_EndpointObject, 0, first_slot));
    expect_ok(delete_cap(first_slot));
    assert_int_equal(cap_at(untyped).free_offset, 16);
    expect_ok(copy_cap(first_slot, untyped));
    assert_int_equal(cap_at(untyped).free_offset, (uint64_t)1 << 19);
    assert_int_equal(cap_at(untyped).free_bytes, 0);
    assert_int_equal(cap_at(first_slot).free_offset, 16);
    assert_true(has_parent(first_slot, &parent));
    assert_int_equal(parent.size_bits, 19);
    expect_error(retype(untyped, seL4_EndpointObject, 0, first_slot + 1), seL4_NotEnoughMemory);
    expect_mr(0, 0);
    expect_ok(retype(first_slot, seL4_UntypedObject, 19, first_slot + 1)); // the copy works
    expect_ok(revoke_cap(untyped));
    expect_empty(first_slot);
    expect_empty(first_slot + 1);
}

static void unbadged_endpoints_are_parents_of_all(void **state)
{
    (void)state;
    expect_ok(retype(ram(19), seL4_EndpointObject, 0, first_slot));
    expect_ok(copy_cap(first_slot + 1, first_slot));
    expect_ok(mint_cap(first_slot + 2, first_slot, 7));
    expect_ok(mint_cap(first_slot + 3, first_slot + 1, 8));
    expect_ok(copy_cap(first_slot + 4, first_slot + 2));
    assert_int_equal(cap_at(first_slot + 4).badge, 7);
    assert_false(cap_at(first_slot).is_final);
    // The copy is no parent, not even of what was minted from it.
    assert_false(cap_at(first_slot + 1).has_children);
    assert_false(cap_at(first_slot + 1).is_revocable);
    expect_ok(revoke_cap(first_slot + 1));
    assert_int_equal(kind_at(first_slot + 3), SEL4MODEL_CAP_ENDPOINT);
    // A badged one takes its own copies, and no other badge.
    expect_ok(revoke_cap(first_slot + 2));
    expect_empty(first_slot + 4);
    assert_int_equal(cap_at(first_slot + 2).badge, 7);
    assert_int_equal(cap_at(first_slot + 3).badge, 8);
    expect_ok(revoke_cap(first_slot));
    expect_empty(first_slot + 1);
    expect_empty(first_slot + 2);
    expect_empty(first_slot + 3);
    assert_true(cap_at(first_slot).is_final);
}

// Two separate mints with the same badge are not each other's children.
static void same_badge_twice(void **state)
{
    (void)state;
    expect_ok(retype(ram(19), seL4_NotificationObject, 0, first_slot));
    expect_ok(mint_cap(first_slot + 1, first_slot, 7));
    expect_ok(mint_cap(first_slot + 2, first_slot, 7));
    expect_ok(revoke_cap(first_slot + 1));
    expect_ok(revoke_cap(first_slot + 2));
    assert_int_equal(cap_at(first_slot + 1).badge, 7);
    assert_int_equal(cap_at(first_slot + 2).badge, 7);
    // Deleting the first of a family leaves its mark on the next one: it is not taken for a child
    // of the badge that stands before it.
    expect_ok(copy_cap(first_slot + 3, first_slot + 2));
    expect_ok(mint_cap(first_slot + 4, first_slot, 7));
    expect_ok(delete_cap(first_slot + 2));
    assert_false(cap_at(first_slot + 4).has_children);
    expect_ok(revoke_cap(first_slot + 4));
    assert_int_equal(cap_at(first_slot + 3).badge, 7);
}

static void badges_are_set_once(void **state)
{
    (void)state;
    expect_ok(retype(ram(19), seL4_EndpointObject, 0, first_slot));
    expect_ok(mint_cap(first_slot + 1, first_slot, 7));
    expect_error(mint_cap(first_slot + 2, first_slot + 1, 8), seL4_IllegalOperation);
    expect_error(seL4_CNode_Mutate(ROOT, first_slot + 2, DEPTH, ROOT, first_slot, DEPTH, 9),
                 seL4_IllegalOperation);
    expect_ok(mint_cap(first_slot + 2, first_slot, 0)); // a copy without badge
    assert_int_equal(cap_at(first_slot + 2).badge, 0);
    assert_false(cap_at(first_slot + 2).is_revocable);
}

static void rights_only_shrink(void **state)
{
    (void)state;
    expect_ok(retype(ram(19), seL4_EndpointObject, 0, first_slot));
    expect_ok(retype(ram(19), SMALL_FRAME, 0, first_slot + 1));
    expect_ok(seL4_CNode_Copy(ROOT, first_slot + 2, DEPTH, ROOT, first_slot, DEPTH, seL4_CanRead));
    expect_ok(copy_cap(first_slot + 3, first_slot + 2));
    assert_int_equal(cap_at(first_slot + 3).rights.words[0], seL4_CanRead.words[0]);
    // A frame cannot be write-only.
    expect_ok(
        seL4_CNode_Copy(ROOT, first_slot + 4, DEPTH, ROOT, first_slot + 1, DEPTH, seL4_CanWrite));
    assert_int_equal(cap_at(first_slot + 4).rights.words[0], 0);
    expect_ok(
        seL4_CNode_Copy(ROOT, first_slot + 5, DEPTH, ROOT, first_slot + 1, DEPTH, seL4_CanRead));
    assert_int_equal(cap_at(first_slot + 5).rights.words[0], seL4_CanRead.words[0]);
}

static void what_cannot_be_copied(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_error(copy_cap(first_slot, seL4_CapIRQControl), seL4_IllegalOperation);
#ifdef CONFIG_ARCH_X86
    expect_error(copy_cap(first_slot, seL4_CapIOPortControl), seL4_IllegalOperation);
#endif
    expect_ok(retype(untyped, PAGE_TABLE, 0, first_slot + 1));
    expect_error(copy_cap(first_slot, first_slot + 1), seL4_IllegalOperation);
    expect_ok(retype(untyped, VSPACE_ROOT, 0, first_slot + 2));
    expect_error(copy_cap(first_slot, first_slot + 2), seL4_IllegalOperation);
    expect_ok(copy_cap(first_slot, VSPACE));
    expect_ok(copy_cap(first_slot + 3, seL4_CapInitThreadTCB));
    expect_ok(copy_cap(first_slot + 4, seL4_CapASIDControl));
    expect_ok(copy_cap(first_slot + 5, seL4_CapDomain));
}

static void a_copy_elsewhere_blocks_the_memory(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_UntypedObject, 12, first_slot));
    expect_ok(retype(first_slot, SMALL_FRAME, 0, first_slot + 1));
    expect_ok(copy_cap(first_slot + 2, first_slot + 1));
    expect_ok(delete_cap(first_slot + 1));
    expect_error(retype(first_slot, SMALL_FRAME, 0, first_slot + 3), seL4_NotEnoughMemory);
    expect_mr(0, 0);
    expect_ok(delete_cap(first_slot + 2));
    expect_ok(retype(first_slot, SMALL_FRAME, 0, first_slot + 3));
}

static void last_copies(void **state)
{
    (void)state;
    expect_ok(retype(ram(19), seL4_NotificationObject, 0, first_slot));
    assert_true(cap_at(first_slot).is_final);
    expect_ok(copy_cap(first_slot + 1, first_slot));
    expect_ok(mint_cap(first_slot + 2, first_slot, 3));
    assert_false(cap_at(first_slot).is_final);
    assert_false(cap_at(first_slot + 1).is_final);
    assert_false(cap_at(first_slot + 2).is_final);
    expect_ok(delete_cap(first_slot));
    expect_ok(delete_cap(first_slot + 1));
    assert_true(cap_at(first_slot + 2).is_final);
}

// Neighbours of one size are different objects, also where one ends and the next starts.
static void neighbours_are_not_copies(void **state)
{
    (void)state;
    expect_ok(retype_many(ram(19), SMALL_FRAME, 0, first_slot, 3));
    assert_true(cap_at(first_slot).is_final);
    assert_true(cap_at(first_slot + 1).is_final);
    assert_true(cap_at(first_slot + 2).is_final);
}

static void boot_capabilities_with_copies_in_the_tcb(void **state)
{
    (void)state;
    assert_true(cap_at(ROOT).has_children);
    assert_false(cap_at(ROOT).is_final);
    assert_true(cap_at(VSPACE).has_children);
    assert_true(cap_at(seL4_CapInitThreadIPCBuffer).has_children);
    assert_true(cap_at(seL4_CapInitThreadTCB).is_final);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(children_of_an_untyped),
        model_test(revoke_takes_descendants_only),
        model_test(untypeds_with_children_are_not_copied),
        model_test(a_copied_untyped_is_full),
        model_test(unbadged_endpoints_are_parents_of_all),
        model_test(same_badge_twice),
        model_test(badges_are_set_once),
        model_test(rights_only_shrink),
        model_test(what_cannot_be_copied),
        model_test(a_copy_elsewhere_blocks_the_memory),
        model_test(last_copies),
        model_test(neighbours_are_not_copies),
        model_test(boot_capabilities_with_copies_in_the_tcb),
    };
    return cmocka_run_group_tests_name("model: derivation", tests, NULL, NULL);
}
