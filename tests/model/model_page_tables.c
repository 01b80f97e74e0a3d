/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Mapping where page tables are alike at every level (aarch64, riscv64): what is missing,
// conflicts, what goes deeper.
#include "model_test.h"

#include <sel4/arch/mapping.h>

enum { TABLE = 0, FRAME = 10, LARGE = 20, HUGE_ONE = 22 }; // offsets from first_slot

#ifdef CONFIG_ARCH_RISCV
#define IF_OCCUPIED(call) expect_error(call, seL4_DeleteFirst)
#else
#define IF_OCCUPIED(call) expect_ok(call) // silently replaces
#endif

// log2 of what an entry of a table covers, the uppermost first.
static unsigned missing_bits(unsigned level)
{
    return seL4_PageBits + seL4_PageTableIndexBits * (TABLE_LEVELS - level);
}

static seL4_Error map_frame(seL4_Word slot, seL4_Word vaddr)
{
    return page_map(slot, VSPACE, vaddr, seL4_ReadWrite);
}

static seL4_Error map_pt(seL4_Word slot, seL4_Word vaddr)
{
    return map_table(0, slot, VSPACE, vaddr);
}

static void make_objects(void)
{
    const seL4_CPtr untyped = ram(26);
    expect_ok(retype_many(untyped, PAGE_TABLE, 0, first_slot + TABLE, 8));
    expect_ok(retype_many(untyped, SMALL_FRAME, 0, first_slot + FRAME, 4));
    expect_ok(retype_many(untyped, LARGE_FRAME, 0, first_slot + LARGE, 2));
}

static seL4_Word fresh_region(void)
{
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)sel4model_free_vaddr((size_t)1 << 28);
    assert_true(vaddr != 0);
    return vaddr;
}

// Tables of every level, the last one first_slot + TABLE + TABLE_LEVELS - 1.
static seL4_Word mapped_region(void)
{
    const seL4_Word vaddr = fresh_region();
    make_objects();
    for (unsigned level = 0; level < TABLE_LEVELS; level++) {
        expect_ok(map_pt(first_slot + TABLE + level, vaddr));
    }
    return vaddr;
}

static void tables_go_where_one_is_missing(void **state)
{
    (void)state;
    const seL4_Word vaddr = fresh_region();
    make_objects();
    for (unsigned level = 0; level < TABLE_LEVELS; level++) {
        const seL4_Word table = first_slot + TABLE + level;
        expect_missing(map_frame(first_slot + FRAME, vaddr), 0, missing_bits(level));
        assert_int_equal(seL4_MappingFailedLookupLevel(), missing_bits(level));
        expect_ok(map_pt(table, vaddr + 12345)); // rounded down
        assert_true(cap_at(table).is_mapped);
        assert_int_equal(cap_at(table).mapped_vaddr,
                         vaddr & ~(((seL4_Word)1 << missing_bits(level)) - 1));
        expect_capability(map_pt(table, vaddr), 0);
    }
    expect_error(map_pt(first_slot + TABLE + TABLE_LEVELS, vaddr), seL4_DeleteFirst);
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    expect_error(map_pt(first_slot + TABLE + TABLE_LEVELS, vaddr), seL4_DeleteFirst);
    assert_int_equal(cap_at(first_slot + FRAME).mapped_vaddr, vaddr);
    *(volatile char *)vaddr = 1;
}

static void frames_stay_where_they_are(void **state)
{
    (void)state;
    const seL4_Word vaddr = mapped_region();
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    expect_ok(map_frame(first_slot + FRAME, vaddr)); // again, with other rights perhaps
    expect_argument(map_frame(first_slot + FRAME, vaddr + 4096), 0);
    expect_ok(page_unmap(first_slot + FRAME));
    expect_ok(page_unmap(first_slot + FRAME)); // not mapped: fine
    expect_ok(map_frame(first_slot + FRAME, vaddr + 4096));
    *(volatile char *)(vaddr + 4096) = 1;
    const page_address_t result = page_address(first_slot + FRAME);
    assert_int_equal(result.error, seL4_NoError);
    assert_int_equal(result.paddr, cap_at(first_slot + FRAME).paddr);
}

static void occupied_places(void **state)
{
    (void)state;
    const seL4_Word vaddr = mapped_region();
    const seL4_Word next = vaddr + (1ul << 21);
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    *(volatile char *)vaddr = 'a';
    IF_OCCUPIED(map_frame(first_slot + FRAME + 1, vaddr));
    // Whoever is mapped there, unmapping the first touches only itself.
    expect_ok(page_unmap(first_slot + FRAME));
    expect_ok(map_frame(first_slot + FRAME, vaddr + 4096));
    assert_int_equal(*(volatile char *)(vaddr + 4096), 'a');
    // A large frame where a table is: what lacks is smaller than the frame.
    expect_missing(map_frame(first_slot + LARGE, vaddr), 0, 12);
    expect_ok(map_frame(first_slot + LARGE, next));
    IF_OCCUPIED(map_frame(first_slot + LARGE + 1, next));
    expect_missing(map_frame(first_slot + FRAME + 2, next), 0, 21);
    expect_error(map_pt(first_slot + TABLE + 4, next), seL4_DeleteFirst);
    expect_ok(page_unmap(first_slot + LARGE));
    expect_ok(page_unmap(first_slot + LARGE + 1));
    expect_ok(map_pt(first_slot + TABLE + 4, next));
    expect_missing(map_frame(first_slot + LARGE, next), 0, 12);
}

static void huge_frames(void **state)
{
    (void)state;
    const seL4_Word region = (seL4_Word)(uintptr_t)sel4model_free_vaddr((size_t)1 << 32);
    const seL4_Word vaddr = (region + (1ul << 31) - 1) & ~((1ul << 30) - 1);
    make_objects();
    expect_ok(retype(find_untyped(33, true), HUGE_FRAME, 0, first_slot + HUGE_ONE));
    if (TABLE_LEVELS == 3) {
        expect_missing(map_frame(first_slot + HUGE_ONE, vaddr), 0, 39);
        expect_ok(map_pt(first_slot + TABLE, vaddr));
    }
    expect_ok(map_frame(first_slot + HUGE_ONE, vaddr));
    expect_error(map_pt(first_slot + TABLE + 1, vaddr), seL4_DeleteFirst);
    *(volatile char *)(vaddr + 12345) = 7;
    expect_ok(page_unmap(first_slot + HUGE_ONE));
    expect_ok(map_pt(first_slot + TABLE + 1, vaddr));
    expect_missing(map_frame(first_slot + HUGE_ONE, vaddr), 0, 21);
    expect_ok(map_pt(first_slot + TABLE + 2, vaddr));
    expect_missing(map_frame(first_slot + HUGE_ONE, vaddr), 0, 12);
}

static void addresses_are_checked(void **state)
{
    (void)state;
    make_objects();
    expect_argument(map_frame(first_slot + FRAME, (seL4_UserTop | 0xfff) + 1), 0);
    expect_argument(map_pt(first_slot + TABLE, ~(seL4_Word)0), 0);
    expect_argument(map_pt(first_slot + TABLE, seL4_UserVSpaceTop + 1), 0);
    // The address space is looked at first. Then RISC-V looks at the address, aarch64 at alignment.
    expect_capability(page_map(first_slot + FRAME, ROOT, 1, seL4_ReadWrite), 1);
    expect_capability(map_table(0, first_slot + TABLE, ROOT, 0), 1);
    expect_error(map_frame(first_slot + FRAME, 1), seL4_AlignmentError);
#ifdef CONFIG_ARCH_RISCV
    expect_argument(map_frame(first_slot + FRAME, seL4_UserTop + 1), 0);
#else
    expect_error(map_frame(first_slot + FRAME, seL4_UserTop), seL4_AlignmentError);
    // The last page is the user's.
    expect_missing(map_frame(first_slot + FRAME, seL4_UserTop - 0xfff), 0, missing_bits(0));
#endif
}

static void only_the_last_table_capability_unmaps(void **state)
{
    (void)state;
    const seL4_Word vaddr = mapped_region();
    const seL4_Word table = first_slot + TABLE + TABLE_LEVELS - 1;
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    expect_ok(copy_cap(first_slot + 30, table)); // a mapped one can be copied
    expect_error(unmap_table(0, table), seL4_RevokeFirst);
    expect_ok(delete_cap(table));
    *(volatile char *)vaddr = 1; // still mapped
    expect_ok(unmap_table(0, first_slot + 30));
    expect_missing(map_frame(first_slot + FRAME, vaddr), 0, 21);
    expect_ok(map_pt(first_slot + 30, vaddr));
    // Unmapping has emptied the table, though the frame still says that it is mapped there.
    assert_true(cap_at(first_slot + FRAME).is_mapped);
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    expect_ok(delete_cap(first_slot + 30));
    expect_missing(map_frame(first_slot + FRAME, vaddr), 0, 21);
}

#ifdef CONFIG_ARCH_RISCV
// The kernel makes an empty entry of a mapping that allows nothing.
static void mappings_without_rights_are_in_nobodys_way(void **state)
{
    (void)state;
    const seL4_Word vaddr = mapped_region();
    const seL4_CPtr frame = first_slot + FRAME;
    expect_ok(seL4_RISCV_Page_Map(frame, VSPACE, vaddr, seL4_NoRights, seL4_RISCV_ExecuteNever));
    assert_true(cap_at(frame).is_mapped);
    expect_ok(map_frame(frame + 1, vaddr));
    expect_ok(page_unmap(frame));
    *(volatile char *)vaddr = 1; // the other one stays mapped
    expect_ok(page_unmap(frame + 1));
    // Executable is a right, too.
    expect_ok(
        seL4_RISCV_Page_Map(frame, VSPACE, vaddr, seL4_NoRights, seL4_RISCV_Default_VMAttributes));
    expect_error(map_frame(frame + 1, vaddr), seL4_DeleteFirst);
}
#endif

// A table that was a last-level one can be one of another level next.
static void tables_change_their_level(void **state)
{
    (void)state;
    const seL4_Word vaddr = mapped_region();
    const seL4_Word last = first_slot + TABLE + TABLE_LEVELS - 1;
    const seL4_Word other = fresh_region();
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    expect_ok(unmap_table(0, last));
    expect_ok(map_pt(last, other));
    expect_missing(map_frame(first_slot + FRAME + 1, other), 0, missing_bits(1));
    expect_ok(map_pt(first_slot + TABLE + 4, other));
    expect_ok(delete_cap(last));
    expect_missing(map_frame(first_slot + FRAME + 1, other), 0, missing_bits(0));
    expect_ok(delete_cap(first_slot + TABLE + 4)); // mapped in what is gone
}

static void other_address_spaces_are_books_only(void **state)
{
    (void)state;
    const seL4_Word vspace = first_slot + 30;
    make_objects();
    expect_ok(retype(ram(24), VSPACE_ROOT, 0, vspace));
    expect_capability(map_table(0, first_slot + TABLE, vspace, 0x1000), 1); // no ASID yet
    expect_ok(assign_asid(seL4_CapInitThreadASIDPool, vspace));
    assert_int_equal(cap_at(vspace).mapped_asid, 2); // 0 is none, 1 the initial thread's
    expect_capability(assign_asid(seL4_CapInitThreadASIDPool, vspace), 1);
    for (unsigned level = 0; level < TABLE_LEVELS; level++) {
        expect_ok(map_table(level, first_slot + TABLE + level, vspace, 0x1000));
    }
    expect_ok(page_map(first_slot + FRAME, vspace, 0x1000, seL4_ReadWrite));
    const seL4_Word vaddr = fresh_region();
    for (unsigned level = 0; level < TABLE_LEVELS; level++) {
        expect_ok(map_pt(first_slot + TABLE + 4 + level, vaddr));
    }
    expect_capability(map_frame(first_slot + FRAME, vaddr), 1); // mapped in another VSpace
#ifdef CONFIG_ARCH_RISCV
    expect_error(unmap_table(0, vspace), seL4_RevokeFirst); // an address space's root stays
    expect_capability(map_table(0, vspace, VSPACE, vaddr), 0);
#endif
    // Deleting the VSpace frees its ASID; the frame does not notice.
    expect_ok(delete_cap(vspace));
    assert_true(cap_at(first_slot + FRAME).is_mapped);
    expect_ok(page_unmap(first_slot + FRAME));
    expect_ok(map_frame(first_slot + FRAME, vaddr));
}

static void asid_pools(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(24);
    const seL4_CPtr control = seL4_CapASIDControl;
    expect_ok(retype_many(untyped, seL4_UntypedObject, 12, first_slot, 128));
    expect_ok(retype(untyped, VSPACE_ROOT, 0, first_slot + 300));
    for (seL4_Word i = 0; i < 127; i++) {
        expect_ok(ARCH_CALL(ASIDControl_MakePool)(control, first_slot + i, ROOT,
                                                  first_slot + 150 + i, 64));
    }
    expect_error(
        ARCH_CALL(ASIDControl_MakePool)(control, first_slot + 127, ROOT, first_slot + 290, 64),
        seL4_DeleteFirst); // 128 in all
    expect_ok(assign_asid(first_slot + 150 + 126, first_slot + 300));
    assert_int_equal(cap_at(first_slot + 300).mapped_asid, 127 * 512);
    // The pool dies: the VSpace keeps a number that leads nowhere.
    expect_ok(revoke_cap(first_slot + 126));
    expect_ok(retype(untyped, PAGE_TABLE, 0, first_slot + 301));
    expect_error(map_table(0, first_slot + 301, first_slot + 300, 0x123456), seL4_FailedLookup);
    expect_mr(0, 0);
    expect_mr(1, seL4_InvalidRoot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(tables_go_where_one_is_missing),
        model_test(frames_stay_where_they_are),
        model_test(occupied_places),
        model_test(huge_frames),
        model_test(addresses_are_checked),
        model_test(only_the_last_table_capability_unmaps),
#ifdef CONFIG_ARCH_RISCV
        model_test(mappings_without_rights_are_in_nobodys_way),
#endif
        model_test(tables_change_their_level),
        model_test(other_address_spaces_are_books_only),
        model_test(asid_pools),
    };
    return cmocka_run_group_tests_name("model: page tables", tests, NULL, NULL);
}
