/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Mapping on x86_64: levels, conflicts, where capabilities may go, ASIDs.
#include "model_test.h"

#include <errno.h>
#include <sys/mman.h>

#include <sel4/arch/mapping.h>

enum { PDPT = 0, PD = 1, PT = 2, FRAME = 3 }; // offsets from first_slot

// One table of each level, and four small frames.
static void make_objects(void)
{
    const seL4_CPtr untyped = ram(24);
    expect_ok(retype(untyped, seL4_X86_PDPTObject, 0, first_slot + PDPT));
    expect_ok(retype(untyped, seL4_X86_PageDirectoryObject, 0, first_slot + PD));
    expect_ok(retype(untyped, seL4_X86_PageTableObject, 0, first_slot + PT));
    expect_ok(retype_many(untyped, seL4_X86_4K, 0, first_slot + FRAME, 4));
}

static seL4_Error map_frame(seL4_Word slot, seL4_Word vaddr)
{
    return seL4_X86_Page_Map(slot, VSPACE, vaddr, seL4_ReadWrite, seL4_X86_Default_VMAttributes);
}

static seL4_Error map_pdpt(seL4_Word slot, seL4_Word vaddr)
{
    return seL4_X86_PDPT_Map(slot, VSPACE, vaddr, seL4_X86_Default_VMAttributes);
}

static seL4_Error map_pd(seL4_Word slot, seL4_Word vaddr)
{
    return seL4_X86_PageDirectory_Map(slot, VSPACE, vaddr, seL4_X86_Default_VMAttributes);
}

static seL4_Error map_pt(seL4_Word slot, seL4_Word vaddr)
{
    return seL4_X86_PageTable_Map(slot, VSPACE, vaddr, seL4_X86_Default_VMAttributes);
}

static seL4_Word fresh_region(void)
{
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)sel4model_free_vaddr((size_t)1 << 30);
    assert_true(vaddr != 0);
    return vaddr;
}

static void missing_levels_are_named(void **state)
{
    (void)state;
    const seL4_Word vaddr = fresh_region();
    make_objects();
    expect_missing(map_frame(first_slot + FRAME, vaddr), 0, SEL4_MAPPING_LOOKUP_NO_PDPT);
    assert_int_equal(seL4_MappingFailedLookupLevel(), SEL4_MAPPING_LOOKUP_NO_PDPT);
    expect_missing(map_pt(first_slot + PT, vaddr), 0, SEL4_MAPPING_LOOKUP_NO_PDPT);
    expect_missing(map_pd(first_slot + PD, vaddr), 0, SEL4_MAPPING_LOOKUP_NO_PDPT);
    expect_ok(map_pdpt(first_slot + PDPT, vaddr));
    expect_missing(map_frame(first_slot + FRAME, vaddr), 0, SEL4_MAPPING_LOOKUP_NO_PD);
    expect_missing(map_pt(first_slot + PT, vaddr), 0, SEL4_MAPPING_LOOKUP_NO_PD);
    expect_ok(map_pd(first_slot + PD, vaddr));
    expect_missing(map_frame(first_slot + FRAME, vaddr), 0, SEL4_MAPPING_LOOKUP_NO_PT);
    expect_ok(map_pt(first_slot + PT, vaddr));
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    assert_true(cap_at(first_slot + FRAME).is_mapped);
    assert_int_equal(cap_at(first_slot + FRAME).mapped_vaddr, vaddr);
    assert_true(cap_at(first_slot + PT).is_mapped);
    assert_int_equal(cap_at(first_slot + PDPT).mapped_vaddr, vaddr & ~(((seL4_Word)1 << 39) - 1));
}

// Tables and a region that they cover.
static seL4_Word mapped_region(void)
{
    const seL4_Word vaddr = fresh_region();
    make_objects();
    expect_ok(map_pdpt(first_slot + PDPT, vaddr));
    expect_ok(map_pd(first_slot + PD, vaddr));
    expect_ok(map_pt(first_slot + PT, vaddr));
    return vaddr;
}

static void tables_map_once(void **state)
{
    (void)state;
    const seL4_Word vaddr = mapped_region();
    expect_capability(map_pt(first_slot + PT, vaddr), 0);
    expect_capability(map_pd(first_slot + PD, vaddr + (1ul << 30)), 0);
    expect_ok(retype(ram(24), seL4_X86_PageTableObject, 0, first_slot + 10));
    expect_ok(retype(ram(24), seL4_X86_PageDirectoryObject, 0, first_slot + 11));
    expect_ok(retype(ram(24), seL4_X86_PDPTObject, 0, first_slot + 12));
    expect_error(map_pt(first_slot + 10, vaddr + 4096), seL4_DeleteFirst);
    expect_error(map_pd(first_slot + 11, vaddr), seL4_DeleteFirst);
    expect_error(map_pdpt(first_slot + 12, vaddr), seL4_DeleteFirst);
    expect_ok(map_pt(first_slot + 10, vaddr + (1ul << 21) + 12345)); // rounded down
    assert_int_equal(cap_at(first_slot + 10).mapped_vaddr, vaddr + (1ul << 21));
}

static void frames_stay_where_they_are(void **state)
{
    (void)state;
    const seL4_Word vaddr = mapped_region();
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    expect_ok(map_frame(first_slot + FRAME, vaddr)); // again, with other rights perhaps
    expect_argument(map_frame(first_slot + FRAME, vaddr + 4096), 0);
    expect_ok(seL4_X86_Page_Unmap(first_slot + FRAME));
    expect_ok(seL4_X86_Page_Unmap(first_slot + FRAME)); // not mapped: fine
    expect_ok(map_frame(first_slot + FRAME, vaddr + 4096));
    // A copy is unmapped and can go elsewhere; its deletion unmaps only its own mapping.
    expect_ok(copy_cap(first_slot + 10, first_slot + FRAME));
    assert_false(cap_at(first_slot + 10).is_mapped);
    expect_ok(map_frame(first_slot + 10, vaddr));
    expect_ok(delete_cap(first_slot + 10));
    *(volatile char *)(vaddr + 4096) = 1;
}

static void a_small_frame_is_silently_replaced(void **state)
{
    (void)state;
    const seL4_Word vaddr = mapped_region();
    volatile char *const bytes = (volatile char *)vaddr;
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    bytes[0] = 'a';
    expect_ok(map_frame(first_slot + FRAME + 1, vaddr));
    assert_int_equal(bytes[0], 0);
    bytes[0] = 'b';
    // Both say they are mapped there; unmapping the first does not touch the second.
    assert_true(cap_at(first_slot + FRAME).is_mapped);
    expect_ok(seL4_X86_Page_Unmap(first_slot + FRAME));
    assert_int_equal(bytes[0], 'b');
    expect_ok(map_frame(first_slot + FRAME, vaddr + 4096));
    assert_int_equal(bytes[4096], 'a');
}

static void large_frames(void **state)
{
    (void)state;
    const seL4_Word vaddr = mapped_region();
    expect_ok(retype_many(ram(25), seL4_X86_LargePageObject, 0, first_slot + 10, 2));
    expect_error(map_frame(first_slot + 10, vaddr + 4096), seL4_AlignmentError);
    expect_error(map_frame(first_slot + 10, vaddr), seL4_DeleteFirst); // a page table is there
    expect_ok(map_frame(first_slot + 10, vaddr + (1ul << 21)));
    expect_ok(map_frame(first_slot + 11, vaddr + (1ul << 21))); // replaces
    expect_ok(retype(ram(25), seL4_X86_PageTableObject, 0, first_slot + 12));
    expect_error(map_pt(first_slot + 12, vaddr + (1ul << 21)), seL4_DeleteFirst);
    // Where a large frame is, small ones lack a table.
    expect_missing(map_frame(first_slot + FRAME, vaddr + (1ul << 21)), 0, 21);
    expect_ok(delete_cap(first_slot + 11));
    expect_ok(map_pt(first_slot + 12, vaddr + (1ul << 21)));
}

static void huge_frames(void **state)
{
    (void)state;
    const seL4_Word region = (seL4_Word)(uintptr_t)sel4model_free_vaddr((size_t)1 << 32);
    const seL4_Word vaddr = (region + (1ul << 31) - 1) & ~((1ul << 30) - 1);
    make_objects();
    expect_ok(retype(find_untyped(30, true), seL4_X64_HugePageObject, 0, first_slot + 10));
    expect_missing(map_frame(first_slot + 10, vaddr), 0, 39);
    expect_ok(map_pdpt(first_slot + PDPT, vaddr));
    expect_ok(map_frame(first_slot + 10, vaddr));
    expect_error(map_pd(first_slot + PD, vaddr), seL4_DeleteFirst);
    expect_missing(map_pt(first_slot + PT, vaddr), 0, 30);
    *(volatile char *)(vaddr + 12345) = 7;
    expect_ok(seL4_X86_Page_Unmap(first_slot + 10));
    expect_ok(map_pd(first_slot + PD, vaddr));
    expect_error(map_frame(first_slot + 10, vaddr), seL4_DeleteFirst);
}

static void addresses_are_checked(void **state)
{
    (void)state;
    make_objects();
    expect_argument(map_frame(first_slot + FRAME, seL4_UserTop), 0);
    expect_argument(map_frame(first_slot + FRAME, ~(seL4_Word)0), 0);
    expect_argument(map_pdpt(first_slot + PDPT, (seL4_Word)1 << 47), 0);
    expect_argument(map_pt(first_slot + PT, ~(seL4_Word)0), 0);
    // The address space is looked at first, alignment after.
    expect_capability(seL4_X86_Page_Map(first_slot + FRAME, ROOT, 1, seL4_ReadWrite, 0), 1);
    expect_capability(seL4_X86_PageTable_Map(first_slot + PT, ROOT, 0, 0), 1);
    expect_error(map_frame(first_slot + FRAME, 1), seL4_AlignmentError);
}

static void wrong_objects(void **state)
{
    (void)state;
    make_objects();
    expect_error(map_pd(first_slot + PT, 0), seL4_IllegalOperation);
    expect_error(map_pt(first_slot + PD, 0), seL4_IllegalOperation);
    expect_error(map_pt(first_slot + FRAME, 0), seL4_IllegalOperation);
    expect_error(map_frame(VSPACE, 0), seL4_IllegalOperation);
    expect_error(seL4_X86_PDPT_Unmap(first_slot + PD), seL4_IllegalOperation);
    assert_int_equal(seL4_X86_Page_GetAddress(first_slot + PT).error, seL4_IllegalOperation);
}

static void only_the_last_table_capability_unmaps(void **state)
{
    (void)state;
    const seL4_Word vaddr = mapped_region();
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    expect_ok(copy_cap(first_slot + 10, first_slot + PT)); // a mapped one can be copied
    expect_error(seL4_X86_PageTable_Unmap(first_slot + PT), seL4_RevokeFirst);
    expect_ok(delete_cap(first_slot + PT));
    *(volatile char *)vaddr = 1; // still mapped
    expect_ok(seL4_X86_PageTable_Unmap(first_slot + 10));
    assert_false(cap_at(first_slot + 10).is_mapped);
    expect_missing(map_frame(first_slot + FRAME, vaddr), 0, 21);
    expect_ok(map_pt(first_slot + 10, vaddr));
    // Unmapping has emptied the table, though the frame still says that it is mapped there.
    assert_true(cap_at(first_slot + FRAME).is_mapped);
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    expect_ok(delete_cap(first_slot + 10));
    expect_missing(map_frame(first_slot + FRAME, vaddr), 0, 21);
}

static void frame_addresses(void **state)
{
    (void)state;
    make_objects();
    const seL4_X86_Page_GetAddress_t result = seL4_X86_Page_GetAddress(first_slot + FRAME + 1);
    assert_int_equal(result.error, seL4_NoError);
    assert_int_equal(result.paddr, cap_at(first_slot + FRAME + 1).paddr);
}

static void other_address_spaces_are_books_only(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(24);
    const seL4_Word vspace = first_slot + 20;
    make_objects();
    expect_ok(retype(untyped, seL4_X64_PML4Object, 0, vspace));
    expect_capability(seL4_X86_PDPT_Map(first_slot + PDPT, vspace, 0x1000, 0), 1); // no ASID yet
    expect_ok(seL4_X86_ASIDPool_Assign(seL4_CapInitThreadASIDPool, vspace));
    assert_int_equal(cap_at(vspace).mapped_asid, 2); // 0 is none, 1 the initial thread's
    expect_capability(seL4_X86_ASIDPool_Assign(seL4_CapInitThreadASIDPool, vspace), 1);
    expect_ok(seL4_X86_PDPT_Map(first_slot + PDPT, vspace, 0x1000, 0));
    expect_ok(seL4_X86_PageDirectory_Map(first_slot + PD, vspace, 0x1000, 0));
    expect_ok(seL4_X86_PageTable_Map(first_slot + PT, vspace, 0x1000, 0));
    expect_ok(seL4_X86_Page_Map(first_slot + FRAME, vspace, 0x1000, seL4_ReadWrite, 0));
    expect_capability(map_frame(first_slot + FRAME, 0x1000), 1); // mapped in another VSpace
    // Deleting the VSpace frees its ASID; the frame does not notice.
    expect_ok(delete_cap(vspace));
    assert_true(cap_at(first_slot + FRAME).is_mapped);
    expect_ok(seL4_X86_Page_Unmap(first_slot + FRAME));
    expect_ok(retype(untyped, seL4_X64_PML4Object, 0, vspace));
    expect_ok(seL4_X86_ASIDPool_Assign(seL4_CapInitThreadASIDPool, vspace));
    assert_int_equal(cap_at(vspace).mapped_asid, 2);
}

static void asid_pools(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(24);
    expect_ok(retype_many(untyped, seL4_UntypedObject, 12, first_slot, 10));
    expect_ok(retype(untyped, seL4_UntypedObject, 13, first_slot + 10));
    expect_ok(retype(untyped, seL4_X64_PML4Object, 0, first_slot + 11));
    const seL4_CPtr control = seL4_CapASIDControl;
    expect_capability(seL4_X86_ASIDControl_MakePool(control, first_slot + 10, ROOT, 0, 99), 1);
    expect_capability(seL4_X86_ASIDControl_MakePool(control, VSPACE, ROOT, 0, 99), 1);
    expect_ok(retype(first_slot, seL4_EndpointObject, 0, first_slot + 20));
    expect_error(seL4_X86_ASIDControl_MakePool(control, first_slot, ROOT, 0, 99), seL4_RevokeFirst);
    expect_ok(delete_cap(first_slot + 20));
    expect_range(seL4_X86_ASIDControl_MakePool(control, first_slot, ROOT, 0, 99), 1, 64);
    expect_error(seL4_X86_ASIDControl_MakePool(control, first_slot, ROOT, VSPACE, 64),
                 seL4_DeleteFirst);
    for (seL4_Word i = 0; i < 7; i++) {
        expect_ok(
            seL4_X86_ASIDControl_MakePool(control, first_slot + i, ROOT, first_slot + 20 + i, 64));
        assert_int_equal(kind_at(first_slot + 20 + i), SEL4MODEL_CAP_ASID_POOL);
    }
    expect_error(seL4_X86_ASIDControl_MakePool(control, first_slot + 7, ROOT, first_slot + 30, 64),
                 seL4_DeleteFirst); // 8 in all
    assert_int_equal(cap_at(first_slot).free_bytes, 0);
    assert_true(cap_at(first_slot).has_children);
    expect_ok(seL4_X86_ASIDPool_Assign(first_slot + 20, first_slot + 11));
    assert_int_equal(cap_at(first_slot + 11).mapped_asid, 512);
    // The pool dies: the VSpace keeps a number that leads nowhere.
    expect_ok(revoke_cap(first_slot));
    expect_empty(first_slot + 20);
    expect_ok(retype(untyped, seL4_X86_PDPTObject, 0, first_slot + 12));
    expect_error(seL4_X86_PDPT_Map(first_slot + 12, first_slot + 11, 0x123456, 9),
                 seL4_FailedLookup);
    expect_mr(0, 0);
    expect_mr(1, seL4_InvalidRoot);
    expect_mr(2, 0); // not a level: the stub has two arguments, and clears the rest
}

static void pools_have_511_or_512_asids(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(24);
    expect_ok(retype_many(untyped, seL4_X64_PML4Object, 0, first_slot, 256));
    expect_ok(retype_many(untyped, seL4_X64_PML4Object, 0, first_slot + 256, 256));
    for (seL4_Word i = 0; i < 510; i++) {
        expect_ok(seL4_X86_ASIDPool_Assign(seL4_CapInitThreadASIDPool, first_slot + i));
    }
    expect_error(seL4_X86_ASIDPool_Assign(seL4_CapInitThreadASIDPool, first_slot + 510),
                 seL4_DeleteFirst);
    expect_ok(delete_cap(first_slot + 100));
    expect_ok(seL4_X86_ASIDPool_Assign(seL4_CapInitThreadASIDPool, first_slot + 510));
    assert_int_equal(cap_at(first_slot + 510).mapped_asid, 102);
}

// The image's region has its tables from boot; what it lacks is only what lies beyond them.
static void the_image_has_tables(void **state)
{
    (void)state;
    const seL4_Word image = cap_at(bootinfo->userImageFrames.start).mapped_vaddr;
    const seL4_Word end = (seL4_Word)(uintptr_t)bootinfo + 2 * 4096;
    make_objects();
    assert_int_equal(image & ((1u << 21) - 1), 0);
    assert_int_equal((uintptr_t)bootinfo->ipcBuffer, (uintptr_t)bootinfo - 4096);
    expect_ok(map_frame(first_slot + FRAME, end));
    *(volatile char *)end = 1;
    expect_missing(map_frame(first_slot + FRAME + 1, image + (1u << 21)), 0, 21);
    assert_int_equal(bootinfo->userImagePaging.end - bootinfo->userImagePaging.start, 3);
    assert_true(cap_at(bootinfo->userImagePaging.start).is_mapped);
    // The frames of the image are ordinary frames.
    expect_ok(seL4_X86_Page_Unmap(bootinfo->userImageFrames.start));
    expect_ok(map_frame(first_slot + FRAME + 1, image));
}

// A place that the model did not set aside.
static void frames_leave_the_host_at_the_end(void **state)
{
    (void)state;
    const size_t span = 1u << 22;
    void *const found = mmap(NULL, span, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(found, MAP_FAILED);
    assert_int_equal(munmap(found, span), 0);
    const seL4_Word vaddr =
        ((seL4_Word)(uintptr_t)found + span / 2 - 1) & ~(seL4_Word)(span / 2 - 1);
    make_objects();
    (void)map_pdpt(first_slot + PDPT, vaddr); // the image may have it
    (void)map_pd(first_slot + PD, vaddr);
    (void)map_pt(first_slot + PT, vaddr);
    expect_ok(map_frame(first_slot + FRAME, vaddr));
    assert_int_equal(msync((void *)vaddr, 4096, MS_ASYNC), 0);
    sel4model_shutdown();
    assert_int_equal(msync((void *)vaddr, 4096, MS_ASYNC), -1);
    assert_int_equal(errno, ENOMEM); // nothing is mapped there
}

static void map_over_the_host(void)
{
    static char mine[1 << 13];
    const seL4_Word vaddr = ((seL4_Word)(uintptr_t)mine + 4095) & ~(seL4_Word)4095;
    make_objects();
    (void)map_pdpt(first_slot + PDPT, vaddr);
    (void)map_pd(first_slot + PD, vaddr);
    (void)map_pt(first_slot + PT, vaddr);
    (void)map_frame(first_slot + FRAME, vaddr);
}

static void the_hosts_addresses_are_safe(void **state)
{
    (void)state;
    expect_stop(map_over_the_host, "seL4_X86_Page_Map: cannot map 4096 bytes at 0x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(missing_levels_are_named),
        model_test(tables_map_once),
        model_test(frames_stay_where_they_are),
        model_test(a_small_frame_is_silently_replaced),
        model_test(large_frames),
        model_test(huge_frames),
        model_test(addresses_are_checked),
        model_test(wrong_objects),
        model_test(only_the_last_table_capability_unmaps),
        model_test(frame_addresses),
        model_test(other_address_spaces_are_books_only),
        model_test(asid_pools),
        model_test(pools_have_511_or_512_asids),
        model_test(the_image_has_tables),
        model_test(frames_leave_the_host_at_the_end),
        model_test(the_hosts_addresses_are_safe),
    };
    return cmocka_run_group_tests_name("model: mapping", tests, NULL, NULL);
}
