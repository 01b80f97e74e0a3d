/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// allocman_utspace_alloc and _free: every type and size, refusals, cookies, misuse, invocations.

#include "api_test.h"

static const struct {
    seL4_Word type;
    unsigned size_bits;
} fixed_types[] = {
    {seL4_TCBObject, seL4_TCBBits},
    {seL4_EndpointObject, seL4_EndpointBits},
    {seL4_NotificationObject, seL4_NotificationBits},
    {SMALL_FRAME, seL4_PageBits},
    {LARGE_FRAME, seL4_LargePageBits},
#ifdef HUGE_FRAME
    {HUGE_FRAME, seL4_HugePageBits},
#endif
    {PAGE_TABLE, seL4_PageTableBits},
#ifdef CONFIG_ARCH_X86_64
    {seL4_X86_PageDirectoryObject, seL4_PageDirBits},
    {seL4_X86_PDPTObject, seL4_PDPTBits},
#endif
    {VSPACE_ROOT, seL4_VSpaceBits},
#ifdef CONFIG_KERNEL_MCS
    {seL4_ReplyObject, seL4_ReplyBits},
#endif
};
enum { FIXED_TYPES = sizeof(fixed_types) / sizeof(fixed_types[0]) };

// A machine that has a RAM untyped for the largest frame, where one is recorded.
static int start_large(void **state)
{
    (void)state;
#if defined(CONFIG_ARCH_X86_64) && !defined(CONFIG_KERNEL_MCS)
    start((struct start){.record = RECORD("pc99-3g")});
#else
    start((struct start){0});
#endif
    return 0;
}

static void expect_object(const struct object *object)
{
    const struct sel4model_cap cap = cap_at(object->path.capPtr);
    assert_int_equal(cap.object_type, object->type);
    assert_int_equal(cap.size_bits, object->size_bits);
    assert_false(cap.is_device);
    assert_int_equal(cap.paddr, object_paddr(object));
}

static void every_type_is_made_with_its_size(void **state)
{
    (void)state;
    struct object object[FIXED_TYPES];
    const unsigned largest = boot_untyped_bits(boot_ram_largest());
    size_t count = 0;
    for (size_t i = 0; i < FIXED_TYPES; i++) {
        if (fixed_types[i].size_bits <= largest) {
            object[count++] = object_make(fixed_types[i].type, fixed_types[i].size_bits);
        }
    }
    assert_true(count + 1 >= FIXED_TYPES); // at most the huge frame is too much for the machine
    for (size_t i = 0; i < count; i++) {
        expect_object(&object[i]);
        object_free(&object[i]);
    }
    assert_int_equal(totals()->allocated, 0);
}

static void untypeds_and_cnodes_of_every_size(void **state)
{
    (void)state;
    for (unsigned bits = seL4_MinUntypedBits; bits <= boot_untyped_bits(boot_ram_largest());
         bits++) {
        const struct object untyped = object_make(seL4_UntypedObject, bits);
        expect_object(&untyped);
        object_free(&untyped);
    }
    for (unsigned radix = 1; radix <= 20; radix++) {
        const struct object cnode = object_make(seL4_CapTableObject, radix + seL4_SlotBits);
        expect_object(&cnode);
        assert_int_equal(cap_at(cnode.path.capPtr).radix_bits, radix);
        object_free(&cnode);
    }
    assert_int_equal(totals()->allocated, 0);
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void sizes_that_are_not_the_types_are_refused(void **state)
{
    (void)state;
    const cspacepath_t path = slot_make();
    static const size_t impossible[] = {
        0,   1,        3,          seL4_MaxUntypedBits + 1,         63, 64, 65,
        255, 256 + 12, ~(size_t)0, (size_t)1 << (seL4_WordBits / 2)};
    for (seL4_Word type = 0; type < seL4_ObjectTypeCount; type++) {
        for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++) {
            expect_refusal(impossible[i], type, &path, ALLOCMAN_NO_PADDR, false,
                           ALLOCMAN_INVALID_SIZE);
            assert_int_equal(allocman_last_failure(world.alloc)->needed, impossible[i]);
        }
    }
    for (size_t i = 0; i < FIXED_TYPES; i++) {
        for (size_t bits = 4; bits <= seL4_MaxUntypedBits; bits++) {
            if (bits != fixed_types[i].size_bits) {
                expect_refusal(bits, fixed_types[i].type, &path, ALLOCMAN_NO_PADDR, false,
                               ALLOCMAN_INVALID_SIZE);
            }
        }
    }
    expect_refusal(seL4_SlotBits, seL4_CapTableObject, &path, ALLOCMAN_NO_PADDR, false,
                   ALLOCMAN_INVALID_SIZE);
    expect_refusal(4, seL4_CapTableObject, &path, ALLOCMAN_NO_PADDR, false, ALLOCMAN_INVALID_SIZE);
    assert_true(is_empty(path.capPtr));
}

static void types_that_there_are_not_are_refused(void **state)
{
    (void)state;
    const cspacepath_t path = slot_make();
    static const seL4_Word types[] = {
        seL4_ObjectTypeCount, seL4_ObjectTypeCount + 1, 0xfffe, 0xffff, 0xfffffffe, ~(seL4_Word)0};
    sel4model_counters_reset();
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        expect_refusal(12, types[i], &path, ALLOCMAN_NO_PADDR, false, ALLOCMAN_INVALID_TYPE);
        expect_refusal(12, types[i], &path, boot_device_page(1), true, ALLOCMAN_INVALID_TYPE);
        expect_refusal(99, types[i], &path, ALLOCMAN_NO_PADDR, true, ALLOCMAN_INVALID_TYPE);
    }
    expect_refusal(12, FRAME, NULL, ALLOCMAN_NO_PADDR, false, ALLOCMAN_INVALID_ARGUMENT);
    expect_refusal(12, FRAME, NULL, boot_device_page(1), true, ALLOCMAN_INVALID_ARGUMENT);
    assert_no_invocations(); // refused before anything is done
}

static void larger_than_any_block_is_out_of_memory(void **state)
{
    (void)state;
    const cspacepath_t path = slot_make();
    const unsigned largest = boot_untyped_bits(boot_ram_largest());
    for (size_t bits = largest + 1; bits <= seL4_MaxUntypedBits; bits++) {
        expect_refusal(bits, seL4_UntypedObject, &path, ALLOCMAN_NO_PADDR, true,
                       ALLOCMAN_NO_UNTYPED);
        assert_int_equal(allocman_last_failure(world.alloc)->needed, bits);
        assert_int_equal(allocman_last_failure(world.alloc)->available, largest);
    }
    char text[160], expected[160];
    (void)snprintf(expected, sizeof(expected),
                   "out of untyped memory: 2^%u bytes needed, largest free block 2^%u",
                   (unsigned)seL4_MaxUntypedBits, largest);
    assert_string_equal(
        allocman_failure_text(allocman_last_failure(world.alloc), text, sizeof(text)), expected);
}

static void an_occupied_slot_keeps_its_capability(void **state)
{
    (void)state;
    const struct object endpoint = object_make(seL4_EndpointObject, seL4_EndpointBits);
    const struct sel4model_cap cap = cap_at(endpoint.path.capPtr);
    static const struct {
        seL4_Word type;
        size_t bits;
    } wanted[] = {
        {FRAME, 12}, {seL4_EndpointObject, 4}, {seL4_UntypedObject, 25}, {seL4_UntypedObject, 20}};
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        expect_refusal(wanted[i].bits, wanted[i].type, &endpoint.path, ALLOCMAN_NO_PADDR, false,
                       ALLOCMAN_SLOT_OCCUPIED);
        assert_int_equal(allocman_last_failure(world.alloc)->kernel_error, seL4_DeleteFirst);
        const struct sel4model_cap now = cap_at(endpoint.path.capPtr);
        assert_memory_equal(&now, &cap, sizeof(cap));
    }
    expect_refusal(12, FRAME, &endpoint.path, boot_device_page(1), true, ALLOCMAN_SLOT_OCCUPIED);
    char text[160];
    allocman_failure_text(allocman_last_failure(world.alloc), text, sizeof(text));
    assert_null(strstr(text, "0x0 ")); // the slot that is told is not a wrong one
    object_free(&endpoint);
    assert_int_equal(world.alloc->counts.misuse, 0);
}

// --- cookies and frees ---------------------------------------------------------------------------

static int compare_words(const void *a, const void *b)
{
    const seL4_Word x = *(const seL4_Word *)a;
    const seL4_Word y = *(const seL4_Word *)b;
    return (x > y) - (x < y);
}

static void live_cookies_are_unique(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    static struct object object[COUNT];
    static seL4_Word cookies[COUNT];
    static const size_t bits[] = {4, 12, 5, 7, 12, 16};
    for (size_t i = 0; i < COUNT; i++) {
        object[i] = object_make(seL4_UntypedObject, bits[i % 6]);
        if (i % 3 == 2) { // some come and go
            object_free(&object[i - 1]);
            object[i - 1] = object_make(seL4_UntypedObject, 10);
        }
    }
    for (size_t i = 0; i < COUNT; i++) {
        cookies[i] = object[i].cookie;
    }
    qsort(cookies, COUNT, sizeof(cookies[0]), compare_words);
    for (size_t i = 1; i < COUNT; i++) {
        assert_true(cookies[i - 1] < cookies[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        object_free(&object[i]);
    }
    assert_int_equal(totals()->allocated, 0);
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void bad_frees_are_told_and_change_nothing(void **state)
{
    (void)state;
    const struct object live = frame_make();
    const struct object twice = frame_make();
    const struct allocman_failure *const last = allocman_last_failure(world.alloc);

    expect_bad_free(live.cookie, 13, ALLOCMAN_WRONG_SIZE);
    assert_int_equal(last->needed, 12);
    assert_int_equal(last->available, 13);
    expect_bad_free(live.cookie, 11, ALLOCMAN_WRONG_SIZE);
    expect_bad_free(live.cookie, 0, ALLOCMAN_WRONG_SIZE);
    expect_bad_free(live.cookie, ~(size_t)0, ALLOCMAN_WRONG_SIZE);

    object_free(&twice);
    expect_bad_free(twice.cookie, 12, ALLOCMAN_DOUBLE_FREE);
    assert_int_equal(last->needed, twice.cookie);
    expect_bad_free(twice.cookie, 13, ALLOCMAN_DOUBLE_FREE);

    expect_bad_free(0, 12, ALLOCMAN_BAD_COOKIE);
    expect_bad_free(~(seL4_Word)0, 12, ALLOCMAN_BAD_COOKIE);
    assert_int_equal(last->needed, ~(seL4_Word)0);
    uint64_t random = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        expect_bad_free((seL4_Word)random, 12, ALLOCMAN_BAD_COOKIE);
    }
    assert_int_equal(object_paddr(&live), cap_at(live.path.capPtr).paddr);
    object_free(&live);
}

static void cookies_next_to_a_live_one_are_not_live(void **state)
{
    (void)state;
    struct object live[40];
    for (int i = 0; i < 40; i++) {
        live[i] = frame_make();
    }
    const size_t allocated = totals()->allocated;
    for (unsigned bit = 0; bit < seL4_WordBits; bit++) {
        const seL4_Word other = live[7].cookie ^ ((seL4_Word)1 << bit);
        const size_t misuse = world.alloc->counts.misuse;
        bool is_live = false;
        for (int i = 0; i < 40; i++) {
            is_live = is_live || live[i].cookie == other;
        }
        if (!is_live) {
            allocman_utspace_free(world.alloc, other, 12);
            assert_int_equal(world.alloc->counts.misuse, misuse + 1);
            assert_int_equal(totals()->allocated, allocated);
        }
    }
}

// A cookie from before does not free the next object in the same place. Cookies of 32 bits have no
// room to tell the two apart.
static void a_stale_cookie_is_found(void **state)
{
    (void)state;
    if (seL4_WordBits == 32) {
        skip();
    }
    struct object object = frame_make();
    for (int i = 0; i < 10; i++) {
        const seL4_Word stale = object.cookie;
        const uintptr_t paddr = object_paddr(&object);
        object_free(&object);
        object = frame_make();
        assert_int_equal(object_paddr(&object), paddr);
        assert_int_not_equal(object.cookie, stale);
        expect_bad_free(stale, 12, ALLOCMAN_BAD_COOKIE);
        assert_int_equal(allocman_utspace_paddr(world.alloc, stale, 12), ALLOCMAN_NO_PADDR);
    }
}

// Nor when all that was divided became whole and is divided again.
static void a_cookie_of_a_division_before_is_found(void **state)
{
    (void)state;
    enum { ROUNDS = 300 };
    static seL4_Word before[ROUNDS];
    if (seL4_WordBits == 32) {
        skip();
    }
    const uintptr_t registers = boot_untyped_paddr(boot_untyped(20, true, 0));
    for (int i = 0; i < ROUNDS; i++) {
        const struct object object = object_at(FRAME, 12, registers);
        for (int j = 0; j < i; j++) {
            assert_int_not_equal(object.cookie, before[j]);
        }
        before[i] = object.cookie;
        object_free(&object);
        allocman_reclaim(world.alloc);
    }
}

static void addresses_are_the_kernels(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        const struct object frame =
            i % 10 ? frame_make() : object_make(LARGE_FRAME, seL4_LargePageBits);
        const page_address_t answer = page_address(frame.path.capPtr);
        assert_int_equal(answer.error, seL4_NoError);
        assert_int_equal(object_paddr(&frame), answer.paddr);
        assert_int_equal(allocman_utspace_paddr(world.alloc, frame.cookie, 13), ALLOCMAN_NO_PADDR);
        if (i % 3 == 0) {
            object_free(&frame);
            assert_int_equal(object_paddr(&frame), ALLOCMAN_NO_PADDR);
        }
    }
    assert_int_equal(allocman_utspace_paddr(world.alloc, 0, 12), ALLOCMAN_NO_PADDR);
    assert_int_equal(allocman_utspace_paddr(world.alloc, ~(seL4_Word)0, 12), ALLOCMAN_NO_PADDR);
    assert_int_equal(world.alloc->counts.misuse, 0); // asking is no misuse
}

// --- invocations ---------------------------------------------------------------------------------

static void a_free_block_costs_one_retype(void **state)
{
    (void)state;
    const unsigned largest = boot_untyped_bits(boot_ram_largest());
    for (size_t i = 0; i < FIXED_TYPES; i++) {
        if (fixed_types[i].size_bits > largest) {
            continue;
        }
        struct object object = object_make(fixed_types[i].type, fixed_types[i].size_bits);
        assert_int_equal(vka_cnode_delete(&object.path), 0);
        sel4model_counters_reset();
        allocman_utspace_free(world.alloc, object.cookie, object.size_bits);
        assert_no_invocations();
        object.cookie = allocman_utspace_alloc(world.alloc, object.size_bits, object.type,
                                               &object.path, false, NULL);
        assert_true(object.cookie != 0);
        assert_int_equal(sel4model_invocations(SEL4MODEL_Untyped_Retype), 1);
        assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), 1);
        (void)object_paddr(&object);
        assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), 1);
        object_free(&object);
    }
}

static void splits_cost_what_the_header_says(void **state)
{
    (void)state;
    for (unsigned bits = 25; bits-- > 4;) {
        start((struct start){0}); // every time all memory is whole
        const cspacepath_t path = slot_make();
        sel4model_counters_reset();
        assert_true(
            allocman_utspace_alloc(world.alloc, bits, seL4_UntypedObject, &path, false, NULL) != 0);
        const unsigned long retypes = sel4model_invocations(SEL4MODEL_Untyped_Retype);
        assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), retypes);
        assert_in_range(retypes, 1, 1 + (25 - bits) / 2 + 1);
        assert_int_equal(retypes, 1 + totals()->splits);
        (void)stop(NULL);
    }
}

static void a_refusal_of_the_kernel_is_undone(void **state)
{
    (void)state;
    const size_t large = boot_ram_largest(); // and no other: an endpoint is several splits away
    assert_int_equal(boot_untyped_add(large, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(large)),
                     ALLOCMAN_OK);
    const cspacepath_t path = slot_make();
    static const seL4_Error errors[] = {seL4_InvalidArgument,  seL4_InvalidCapability,
                                        seL4_IllegalOperation, seL4_RangeError,
                                        seL4_FailedLookup,     seL4_TruncatedMessage};
    for (unsigned nth = 1; nth <= 3; nth++) {
        for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
            const struct ledger before = ledger_now();
            int error = 0;
            sel4model_counters_reset();
            sel4model_refuse_kind(SEL4MODEL_Untyped_Retype, nth, errors[i]);
            assert_int_equal(
                allocman_utspace_alloc(world.alloc, 4, seL4_EndpointObject, &path, false, &error),
                0);
            assert_int_equal(error, ALLOCMAN_KERNEL_REFUSED);
            assert_failure(ALLOCMAN_KERNEL_REFUSED);
            assert_int_equal(allocman_last_failure(world.alloc)->kernel_error, errors[i]);
            assert_nothing_changed(before);
            assert_int_equal(sel4model_invocations(SEL4MODEL_CNode_Revoke), nth > 1);
            // Of a root that never served: is it an untyped at all?
            const bool asked = nth == 1 && (errors[i] == seL4_InvalidCapability ||
                                            errors[i] == seL4_IllegalOperation);
            assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION),
                             nth + (nth > 1) + asked);
            assert_true(is_empty(path.capPtr));
        }
    }
}

static void the_first_object_comes_from_a_small_root(void **state)
{
    (void)state;
    sel4model_counters_reset();
    object_make(seL4_EndpointObject, seL4_EndpointBits);
    struct sel4model_counters counters;
    sel4model_counters_get(&counters);
    assert_true(counters.bytes_zeroed <= 2 * 2048); // the smallest boot untyped has 2^11
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_type_is_made_with_its_size, start_large, stop),
        cmocka_unit_test_setup_teardown(untypeds_and_cnodes_of_every_size, start_large, stop),
        api_test(sizes_that_are_not_the_types_are_refused),
        api_test(types_that_there_are_not_are_refused),
        api_test(larger_than_any_block_is_out_of_memory),
        api_test(an_occupied_slot_keeps_its_capability),
        roomy_test(live_cookies_are_unique),
        api_test(bad_frees_are_told_and_change_nothing),
        api_test(cookies_next_to_a_live_one_are_not_live),
        api_test(a_stale_cookie_is_found),
        api_test(a_cookie_of_a_division_before_is_found),
        api_test(addresses_are_the_kernels),
        cmocka_unit_test_setup_teardown(a_free_block_costs_one_retype, start_large, stop),
        booting_test(splits_cost_what_the_header_says),
        bare_test(a_refusal_of_the_kernel_is_undone),
        api_test(the_first_object_comes_from_a_small_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
