/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Counting invocations, and having them refused.
#include "model_test.h"

#include <sel4model/costs.h>

static void invocations_are_counted_by_kind(void **state)
{
    (void)state;
    struct sel4model_counters counters;
    const seL4_CPtr untyped = ram(19);
    sel4model_counters_reset();
    expect_ok(retype(untyped, seL4_EndpointObject, 0, first_slot));
    expect_ok(copy_cap(first_slot + 1, first_slot));
    expect_error(copy_cap(first_slot + 1, first_slot), seL4_DeleteFirst);
    expect_ok(delete_cap(first_slot + 1));
    (void)cap_at(first_slot); // looking is not counted
    sel4model_counters_get(&counters);
    assert_int_equal(counters.invocations[SEL4MODEL_Untyped_Retype], 1);
    assert_int_equal(counters.invocations[SEL4MODEL_CNode_Copy], 2);
    assert_int_equal(counters.refused[SEL4MODEL_CNode_Copy], 1);
    assert_int_equal(counters.invocations[SEL4MODEL_CNode_Delete], 1);
    assert_int_equal(counters.refused[SEL4MODEL_CNode_Delete], 0);
    assert_int_equal(counters.injected, 0);
    assert_int_equal(sel4model_invocations(SEL4MODEL_CNode_Copy), 2);
    assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), 4);
    sel4model_counters_reset();
    assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), 0);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(sel4model_invocation_name(SEL4MODEL_Untyped_Retype), "Untyped_Retype");
    assert_string_equal(sel4model_invocation_name(ARCH_KIND(Page_Map)), ARCH_TEXT("Page_Map"));
    assert_string_equal(sel4model_invocation_name(SEL4MODEL_ANY_INVOCATION), "?");
    assert_string_equal(sel4model_invocation_name(SEL4MODEL_INVOCATION_COUNT), "?");
}

static void the_nth_is_refused(void **state)
{
    (void)state;
    struct sel4model_counters counters;
    sel4model_counters_reset();
    sel4model_refuse(3, seL4_NotEnoughMemory);
    expect_ok(retype(ram(19), seL4_EndpointObject, 0, first_slot));
    expect_ok(copy_cap(first_slot + 1, first_slot));
    expect_error(delete_cap(first_slot), seL4_NotEnoughMemory);
    expect_mr(0, 0);
    assert_int_equal(kind_at(first_slot), SEL4MODEL_CAP_ENDPOINT);
    expect_ok(delete_cap(first_slot)); // only once
    sel4model_counters_get(&counters);
    assert_int_equal(counters.injected, 1);
    assert_int_equal(counters.refused[SEL4MODEL_CNode_Delete], 1);
    sel4model_refuse(1, seL4_NotEnoughMemory);
    sel4model_refuse(0, seL4_NoError); // called off
    expect_ok(delete_cap(first_slot + 1));
}

static void one_kind_is_refused(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    sel4model_refuse_kind(SEL4MODEL_Untyped_Retype, 2, seL4_FailedLookup);
    expect_ok(retype(untyped, seL4_EndpointObject, 0, first_slot));
    expect_ok(delete_cap(first_slot));
    expect_ok(delete_cap(first_slot));
    expect_error(retype(untyped, seL4_EndpointObject, 0, first_slot), seL4_FailedLookup);
    expect_mr(0, 0);
    expect_mr(1, seL4_InvalidRoot); // no level: an automatic mapper must not go on
    expect_empty(first_slot);
    expect_ok(retype(untyped, seL4_EndpointObject, 0, first_slot));
}

// Each kind has its line, and all of them count.
static void every_count_is_printed(void **state)
{
    (void)state;
    static char text[1 << 16];
    char line[160];
    struct sel4model_counters counters = {.injected = 5,
                                          .objects_created = 6,
                                          .caps_removed = 7,
                                          .caps_revoked = 8,
                                          .slots_destroyed = 9,
                                          .bytes_zeroed = 10,
                                          .bytes_cleaned = 11};
    unsigned long long count = 0, refused = 0;
    for (unsigned kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        counters.invocations[kind] = 1000 + kind;
        counters.refused[kind] = 1 + kind;
        count += 1000 + kind;
        refused += 1 + kind;
    }
    FILE *const out = tmpfile();
    assert_non_null(out);
    sel4model_counters_print(&counters, NULL, out);
    rewind(out);
    text[fread(text, 1, sizeof(text) - 1, out)] = '\0';
    fclose(out);
    const char *at = text; // one line after the other, in the order of the kinds
    for (unsigned kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        const int length = snprintf(line, sizeof(line), "%-32s %14u  (%u refused)\n",
                                    sel4model_invocation_name((enum sel4model_invocation)kind),
                                    1000 + kind, 1 + kind);
        assert_memory_equal(at, line, (size_t)length);
        at += length;
    }
    char totals[1024];
    snprintf(totals, sizeof(totals),
             "%-32s %14llu  (%llu refused)\n%-32s %14u\n%-32s %14u\n%-32s %14u\n%-32s %14u\n"
             "%-32s %14u\n%-32s %14u\n%-32s %14u\n",
             "all invocations", count, refused, "refused by request", 5u, "objects created", 6u,
             "capabilities removed", 7u, "descendants revoked", 8u, "slots destroyed", 9u,
             "bytes zeroed", 10u, "bytes cleaned", 11u);
    assert_string_equal(at, totals);
}

static void refuse_with_no_error(void)
{
    sel4model_refuse(1, seL4_NoError);
}

static void no_error_is_no_refusal(void **state)
{
    (void)state;
    expect_stop(refuse_with_no_error, "no refusal");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(invocations_are_counted_by_kind),
        model_test(names),
        model_test(the_nth_is_refused),
        model_test(one_kind_is_refused),
        model_test(no_error_is_no_refusal),
        model_test(every_count_is_printed),
    };
    return cmocka_run_group_tests_name("model: counters", tests, NULL, NULL);
}
