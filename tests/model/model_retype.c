/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Untyped_Retype: every check, in the kernel's order, with its message words; then what it makes.
#include "model_test.h"

// Every argument wrong that can be: what is corrected one by one shows the order of the checks.
struct arguments {
    seL4_Word type;
    seL4_Word size_bits;
    seL4_Word root;
    seL4_Word index;
    seL4_Word depth;
    seL4_Word offset;
    seL4_Word count;
};

static seL4_Error try_retype(seL4_CPtr untyped, const struct arguments *a)
{
    return seL4_Untyped_Retype(untyped, a->type, a->size_bits, a->root, a->index, a->depth,
                               a->offset, a->count);
}

static void checks_come_in_the_kernels_order(void **state)
{
    (void)state;
    const seL4_Word slots = (seL4_Word)1 << 19;
    const seL4_CPtr untyped = ram(19);
    struct arguments a = {.type = seL4_ObjectTypeCount,
                          .size_bits = seL4_WordBits,
                          .root = seL4_CapInitThreadTCB,
                          .index = 0,
                          .depth = seL4_WordBits + 1,
                          .offset = slots,
                          .count = 0};
    expect_argument(try_retype(untyped, &a), 0);
    a.type = seL4_CapTableObject;
    expect_range(try_retype(untyped, &a), 0, seL4_MaxUntypedBits);
    a.size_bits = 0;
    expect_argument(try_retype(untyped, &a), 1);
    a.type = seL4_UntypedObject;
    a.size_bits = seL4_MinUntypedBits - 1;
    expect_argument(try_retype(untyped, &a), 1);
    a.size_bits = seL4_MaxUntypedBits - 8; // more than there is: the last thing to be seen
    expect_error(try_retype(untyped, &a), seL4_FailedLookup);
    expect_mr(0, 0);
    expect_mr(1, seL4_InvalidRoot);
    a.root = ROOT;
    expect_range(try_retype(untyped, &a), 1, seL4_WordBits);
    a.depth = seL4_WordBits;
    a.index = seL4_CapInitThreadTCB;
    expect_missing(try_retype(untyped, &a), 0, seL4_WordBits); // found, but no CNode
    a.index = ROOT;
    expect_range(try_retype(untyped, &a), 0, slots - 1);
    a.offset = slots - 2;
    expect_range(try_retype(untyped, &a), 1, CONFIG_RETYPE_FAN_OUT_LIMIT);
    a.count = CONFIG_RETYPE_FAN_OUT_LIMIT + 1;
    expect_range(try_retype(untyped, &a), 1, CONFIG_RETYPE_FAN_OUT_LIMIT);
    a.count = 3;
    expect_range(try_retype(untyped, &a), 1, 2);
    a.offset = first_slot - 1;
    expect_error(try_retype(untyped, &a), seL4_DeleteFirst);
    a.offset = first_slot;
    expect_error(try_retype(untyped, &a), seL4_NotEnoughMemory);
    expect_mr(0, (seL4_Word)1 << 19); // childless: all of it, though its free index is at the end
    a.size_bits = 17;
    expect_ok(try_retype(untyped, &a));
    assert_int_equal(kind_at(first_slot + 2), SEL4MODEL_CAP_UNTYPED);
}

static void the_last_slot_of_the_window_counts(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_EndpointObject, 0, first_slot + 3));
    expect_error(retype_many(untyped, seL4_EndpointObject, 0, first_slot, 4), seL4_DeleteFirst);
    expect_ok(retype_many(untyped, seL4_EndpointObject, 0, first_slot, 3));
    expect_ok(retype_many(untyped, seL4_EndpointObject, 0, first_slot + 4, 256));
}

static void huge_sizes_are_out_of_range(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    // Slot size plus the largest word would wrap around to something small.
    expect_range(retype(untyped, seL4_CapTableObject, ~(seL4_Word)0, first_slot), 0,
                 seL4_MaxUntypedBits);
    expect_range(
        retype(untyped, seL4_CapTableObject, seL4_MaxUntypedBits - seL4_SlotBits + 1, first_slot),
        0, seL4_MaxUntypedBits);
    expect_range(retype(untyped, seL4_UntypedObject, seL4_MaxUntypedBits + 1, first_slot), 0,
                 seL4_MaxUntypedBits);
    // The size of a fixed-size object is ignored, but not its range.
    expect_range(retype(untyped, seL4_EndpointObject, seL4_WordBits, first_slot), 0,
                 seL4_MaxUntypedBits);
    expect_ok(retype(untyped, seL4_EndpointObject, seL4_WordBits - 1, first_slot));
    expect_error(retype(untyped, seL4_UntypedObject, seL4_MaxUntypedBits, first_slot + 1),
                 seL4_NotEnoughMemory);
    expect_mr(0, ((seL4_Word)1 << 19) - 16);
}

static void other_invocations_are_illegal(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_error(seL4_TCB_Suspend(untyped), seL4_IllegalOperation);
    expect_error(page_unmap(untyped), seL4_IllegalOperation);
    expect_error(seL4_CNode_Delete(untyped, 0, DEPTH), seL4_IllegalOperation);
}

static void an_empty_slot_is_no_capability(void **state)
{
    (void)state;
    expect_capability(retype(first_slot, seL4_EndpointObject, 0, first_slot + 1), 0);
}

// Device memory with room for the largest frame, and how many slots have no room in it.
#if CONFIG_WORD_SIZE == 32
enum { DEVICE_BITS = 25, TOO_MANY_BITS = 25 };
#elif defined(CONFIG_ARCH_X86_64)
enum { DEVICE_BITS = 30, TOO_MANY_BITS = 31 };
#else
enum { DEVICE_BITS = 33, TOO_MANY_BITS = 31 };
#endif

static void device_memory_makes_frames_and_untypeds(void **state)
{
    (void)state;
    const seL4_CPtr device = find_untyped(DEVICE_BITS, true);
    expect_argument(retype(device, seL4_EndpointObject, 0, first_slot), 1);
    expect_argument(retype(device, seL4_TCBObject, 0, first_slot), 1);
    expect_argument(retype(device, seL4_CapTableObject, 4, first_slot), 1);
    expect_argument(retype(device, PAGE_TABLE, 0, first_slot), 1);
    // Room is checked before that.
    expect_error(retype(device, seL4_CapTableObject, TOO_MANY_BITS, first_slot),
                 seL4_NotEnoughMemory);
    expect_ok(retype(device, SMALL_FRAME, 0, first_slot));
    expect_ok(retype(device, LARGE_FRAME, 0, first_slot + 1));
    expect_ok(retype(device, seL4_UntypedObject, 12, first_slot + 2));
    assert_true(cap_at(first_slot).is_device);
    assert_true(cap_at(first_slot + 1).is_device);
    assert_true(cap_at(first_slot + 2).is_device);
    expect_ok(delete_cap(first_slot));
    expect_ok(delete_cap(first_slot + 1));
    expect_ok(delete_cap(first_slot + 2));
    expect_ok(retype(device, LARGEST_FRAME, 0, first_slot));
}

static void objects_are_aligned_and_adjacent(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    const uint64_t base = cap_at(untyped).paddr;
    expect_ok(retype_many(untyped, seL4_EndpointObject, 0, first_slot, 3));
    assert_int_equal(cap_at(first_slot + 2).paddr, base + 32);
    assert_int_equal(cap_at(untyped).free_offset, 48);
    expect_ok(retype_many(untyped, SMALL_FRAME, 0, first_slot + 3, 2));
    assert_int_equal(cap_at(first_slot + 3).paddr, base + 4096);
    assert_int_equal(cap_at(first_slot + 4).paddr, base + 8192);
    assert_int_equal(cap_at(untyped).free_offset, 12288);
    assert_int_equal(cap_at(untyped).free_bytes, (1u << 19) - 12288);
    expect_ok(retype(untyped, seL4_CapTableObject, 13 - seL4_SlotBits, first_slot + 5));
    assert_int_equal(cap_at(first_slot + 5).paddr, base + 16384);
    // What alignment skips is lost, but what fits before aligning fits after.
    expect_ok(retype(untyped, seL4_UntypedObject, 18, first_slot + 6));
    assert_int_equal(cap_at(first_slot + 6).paddr, base + (1u << 18));
    assert_int_equal(cap_at(untyped).free_bytes, 0);
    expect_error(retype(untyped, seL4_EndpointObject, 0, first_slot + 7), seL4_NotEnoughMemory);
    expect_mr(0, 0);
}

#ifdef CONFIG_ARCH_X86_64
// Above 2^39 the kernel's addresses and the physical ones are aligned differently.
static void alignment_is_the_kernels(void **state)
{
    (void)state;
    seL4_CPtr untyped = find_untyped(46, true);
    assert_int_equal(cap_at(untyped).paddr, (uint64_t)1 << 39);
    expect_ok(retype(untyped, seL4_UntypedObject, 40, first_slot));
    assert_int_equal(cap_at(first_slot).paddr, (uint64_t)1 << 39);
    expect_ok(retype(untyped, seL4_UntypedObject, 45, first_slot + 1));
    assert_int_equal(cap_at(first_slot + 1).paddr, ((uint64_t)1 << 39) + ((uint64_t)1 << 45));
}
#endif

static void each_type_is_what_it_says(void **state)
{
    (void)state;
    const struct {
        seL4_Word type;
        seL4_Word size_bits;
        enum sel4model_cap_kind kind;
        unsigned object_bits;
    } types[] = {
        {seL4_UntypedObject, 4, SEL4MODEL_CAP_UNTYPED, 4},
        {seL4_TCBObject, 0, SEL4MODEL_CAP_TCB, seL4_TCBBits},
        {seL4_EndpointObject, 0, SEL4MODEL_CAP_ENDPOINT, 4},
        {seL4_NotificationObject, 0, SEL4MODEL_CAP_NOTIFICATION, seL4_NotificationBits},
        {seL4_CapTableObject, 1, SEL4MODEL_CAP_CNODE, seL4_SlotBits + 1},
        {table_type(0), 0, SEL4MODEL_CAP_PAGE_TABLE, seL4_PageTableBits},
        {VSPACE_ROOT, 0, VSPACE_KIND, seL4_VSpaceBits},
        {SMALL_FRAME, 0, SEL4MODEL_CAP_FRAME, 12},
        {LARGE_FRAME, 0, SEL4MODEL_CAP_FRAME, seL4_LargePageBits},
        {PAGE_TABLE, 0, SEL4MODEL_CAP_PAGE_TABLE, seL4_PageTableBits},
        {LARGEST_FRAME, 0, SEL4MODEL_CAP_FRAME, LARGEST_FRAME_BITS},
        {table_type(1), 0, SEL4MODEL_CAP_PAGE_TABLE, seL4_PageTableBits},
    };
    const seL4_CPtr device = find_untyped(DEVICE_BITS, true);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        // Of RAM there may be too little for the largest frame.
        const seL4_CPtr untyped = types[i].type == LARGEST_FRAME ? device : ram(27);
        expect_ok(retype(untyped, types[i].type, types[i].size_bits, first_slot));
        const struct sel4model_cap cap = cap_at(first_slot);
        assert_int_equal(cap.kind, types[i].kind);
        assert_int_equal(cap.size_bits, types[i].object_bits);
        assert_int_equal(cap.object_type, types[i].type);
        assert_int_equal(cap.paddr, cap_at(untyped).paddr);
        assert_true(cap.is_final);
        assert_false(cap.is_mapped);
        assert_int_equal(cap_at(untyped).free_offset, (uint64_t)1 << types[i].object_bits);
        expect_ok(delete_cap(first_slot));
    }
}

static void a_childless_untyped_starts_over(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    assert_int_equal(cap_at(untyped).free_offset, (uint64_t)1 << 19);
    assert_int_equal(cap_at(untyped).free_bytes, (uint64_t)1 << 19);
    expect_ok(retype_many(untyped, SMALL_FRAME, 0, first_slot, 2));
    expect_ok(delete_cap(first_slot));
    expect_ok(retype(untyped, SMALL_FRAME, 0, first_slot)); // one child is left: goes on
    assert_int_equal(cap_at(first_slot).paddr, cap_at(untyped).paddr + 8192);
    expect_ok(delete_cap(first_slot));
    expect_ok(delete_cap(first_slot + 1));
    assert_int_equal(cap_at(untyped).free_offset, 12288); // nothing happens before the next Retype
    expect_ok(retype(untyped, SMALL_FRAME, 0, first_slot));
    assert_int_equal(cap_at(first_slot).paddr, cap_at(untyped).paddr);
}

static void a_refused_retype_changes_nothing(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, SMALL_FRAME, 0, first_slot));
    const unsigned long caps = sel4model_live_caps();
    struct sel4model_counters before;
    struct sel4model_counters after;
    sel4model_counters_get(&before);
    expect_error(retype(untyped, seL4_UntypedObject, 20, first_slot + 1), seL4_NotEnoughMemory);
    sel4model_counters_get(&after);
    assert_int_equal(cap_at(untyped).free_offset, 4096);
    assert_int_equal(sel4model_live_caps(), caps);
    assert_int_equal(before.bytes_zeroed, after.bytes_zeroed);
}

// A window in a second-level CNode, named by index and depth, and by its own capability.
static void windows_in_other_cnodes(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    expect_ok(retype(untyped, seL4_CapTableObject, 4, first_slot));
    expect_ok(seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, ROOT, first_slot, DEPTH, 12, 4));
    expect_ok(seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, first_slot, 99, 0, 0, 12));
    expect_range(seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, first_slot, 0, 0, 16, 1), 0,
                 15);
    expect_error(seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, first_slot, 0, 0, 15, 1),
                 seL4_DeleteFirst);
    // Retype into what is no CNode, with depth 0.
    expect_missing(seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, VSPACE, 0, 0, 0, 1), 0, 0);
}

// The last words go through the buffer; the words of the error are in the registers.
static void message_words_are_where_the_stubs_put_them(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    poison_message();
    assert_int_equal(seL4_Untyped_Retype(untyped, 1, 2, ROOT, 3, 0, first_slot - 1, 7),
                     seL4_DeleteFirst);
    expect_mr(0, 1); // the arguments, which nobody overwrote
    expect_mr(1, 2);
    expect_mr(2, 3);
    expect_mr(3, 0);
    expect_mr(4, first_slot - 1);
    expect_mr(5, 7);
    assert_int_equal(seL4_GetCap(0), ROOT);
    poison_message();
    expect_ok(retype(untyped, seL4_EndpointObject, 0, first_slot));
    expect_mr(0, 0xdead0000u); // untouched by a success
    expect_mr(REGISTERS - 1, 0xdead0000u + REGISTERS - 1);
    expect_mr(4, first_slot);
}

static void without_buffer_the_message_is_truncated(void **state)
{
    (void)state;
    expect_ok(seL4_TCB_SetIPCBuffer(seL4_CapInitThreadTCB, 0, 0));
    expect_error(retype(ram(19), seL4_EndpointObject, 0, first_slot), seL4_TruncatedMessage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(checks_come_in_the_kernels_order),
        model_test(the_last_slot_of_the_window_counts),
        model_test(huge_sizes_are_out_of_range),
        model_test(other_invocations_are_illegal),
        model_test(an_empty_slot_is_no_capability),
        model_test(device_memory_makes_frames_and_untypeds),
        model_test(objects_are_aligned_and_adjacent),
#ifdef CONFIG_ARCH_X86_64
        model_test(alignment_is_the_kernels),
#endif
        model_test(each_type_is_what_it_says),
        model_test(a_childless_untyped_starts_over),
        model_test(a_refused_retype_changes_nothing),
        model_test(windows_in_other_cnodes),
        model_test(message_words_are_where_the_stubs_put_them),
        model_test(without_buffer_the_message_is_truncated),
    };
    return cmocka_run_group_tests_name("model: retype", tests, NULL, NULL);
}
