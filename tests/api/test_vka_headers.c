/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

// The inline functions of vka.h, kobject_t.h and object.h, and null-vka, over a fake vka. Needs no
// kernel; what does is in test_vka_on_kernel.c.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <vka/null-vka.h>
#include <vka/object.h>

#include "fake_vka.h"

enum { SLOT_ERROR = 7, MEMORY_ERROR = -12 };

// A fake under the name `fake`, its vka under `vka`.
#define WITH_FAKE                                                                                  \
    struct fake_vka fake;                                                                          \
    fake_vka_init(&fake);                                                                          \
    vka_t *const vka = &fake.vka

static void assert_all_zero(const void *bytes, size_t count)
{
    // Bound: the size of a struct.
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(((const unsigned char *)bytes)[i], 0);
    }
}

static void assert_object(const vka_object_t *object, seL4_CPtr slot, seL4_Word cookie,
                          seL4_Word type, seL4_Word size_bits)
{
    assert_int_equal(object->cptr, slot);
    assert_int_equal(object->ut, cookie);
    assert_int_equal(object->type, type);
    assert_int_equal(object->size_bits, size_bits);
}

// --- vka.h ---------------------------------------------------------------------------------------

static void slot_calls_are_passed_on(void **state)
{
    (void)state;
    WITH_FAKE;
    seL4_CPtr slot = 0;
    assert_int_equal(vka_cspace_alloc(vka, &slot), 0);
    assert_int_equal(slot, FAKE_FIRST_SLOT);

    cspacepath_t path;
    assert_int_equal(vka_cspace_alloc_path(vka, &path), 0);
    assert_int_equal(path.capPtr, FAKE_FIRST_SLOT + 1);
    assert_int_equal(path.capDepth, seL4_WordBits);
    vka_cspace_make_path(vka, slot, &path);
    assert_int_equal(path.offset, FAKE_FIRST_SLOT);

    vka_cspace_free(vka, FAKE_FIRST_SLOT + 1);
    assert_int_equal(fake.last_freed_slot, FAKE_FIRST_SLOT + 1);
    vka_cspace_free_path(vka, path);
    assert_int_equal(fake.last_freed_slot, FAKE_FIRST_SLOT);
    assert_int_equal(fake.slots_given_back, fake.slots_taken);

    fake.slot_error = SLOT_ERROR;
    assert_int_equal(vka_cspace_alloc(vka, &slot), SLOT_ERROR);
    assert_int_equal(vka_cspace_alloc_path(vka, &path), SLOT_ERROR);
}

static void memory_calls_are_passed_on(void **state)
{
    (void)state;
    WITH_FAKE;
    cspacepath_t path;
    vka_cspace_make_path(vka, 9, &path);
    seL4_Word cookie = 0;

    assert_int_equal(vka_utspace_alloc(vka, &path, 3, 13, &cookie), 0);
    assert_int_equal(cookie, FAKE_FIRST_COOKIE);
    assert_int_equal(fake.last_dest.capPtr, 9);
    assert_int_equal(fake.last_type, 3);
    assert_int_equal(fake.last_size_bits, 13);
    assert_int_equal(fake.last_can_use_dev, -1);

    assert_int_equal(vka_utspace_alloc_maybe_device(vka, &path, 4, 14, true, &cookie), 0);
    assert_int_equal(fake.last_can_use_dev, true);
    assert_int_equal(fake.last_type, 4);
    assert_int_equal(vka_utspace_alloc_maybe_device(vka, &path, 4, 14, false, &cookie), 0);
    assert_int_equal(fake.last_can_use_dev, false);

    assert_int_equal(vka_utspace_alloc_at(vka, &path, 5, 15, 0x8000, &cookie), 0);
    assert_int_equal(cookie, FAKE_FIRST_COOKIE + 3);
    assert_int_equal(fake.last_paddr, 0x8000);
    assert_int_equal(fake.last_size_bits, 15);

    vka_utspace_free(vka, 5, 15, cookie);
    assert_int_equal(fake.last_target, cookie);
    assert_int_equal(fake.last_type, 5);
    assert_int_equal(fake.last_size_bits, 15);
    assert_int_equal(vka_utspace_paddr(vka, 0x77, 5, 15), fake_vka_paddr(0x77, 5, 15));

    fake.memory_error = MEMORY_ERROR;
    assert_int_equal(vka_utspace_alloc(vka, &path, 3, 13, &cookie), MEMORY_ERROR);
    assert_int_equal(vka_utspace_alloc_maybe_device(vka, &path, 3, 13, true, &cookie),
                     MEMORY_ERROR);
    assert_int_equal(vka_utspace_alloc_at(vka, &path, 3, 13, 0x8000, &cookie), MEMORY_ERROR);
}

// Every call fails, in the way its contract says, on a vka that is NULL or has no functions.
static void assert_unusable(vka_t *vka)
{
    seL4_CPtr slot = 0;
    seL4_Word cookie = 0;
    cspacepath_t path = {.capPtr = 1};
    assert_int_equal(vka_cspace_alloc(vka, &slot), -1);
    assert_int_equal(vka_cspace_alloc_path(vka, &path), -1);
    vka_cspace_make_path(vka, 5, &path);
    assert_all_zero(&path, sizeof(path));
    vka_cspace_free(vka, 5);
    vka_cspace_free_path(vka, path);
    assert_int_equal(vka_utspace_alloc(vka, &path, 1, 1, &cookie), -1);
    assert_int_equal(vka_utspace_alloc_maybe_device(vka, &path, 1, 1, true, &cookie), -1);
    assert_int_equal(vka_utspace_alloc_at(vka, &path, 1, 1, 0x1000, &cookie), -1);
    vka_utspace_free(vka, 1, 1, 1);
    assert_int_equal(vka_utspace_paddr(vka, 1, 1, 1), VKA_NO_PADDR);

    vka_object_t object;
    memset(&object, 0xFF, sizeof(object));
    assert_int_equal(vka_alloc_object(vka, seL4_TCBObject, 0, &object), -1);
    assert_all_zero(&object, sizeof(object));
    assert_int_equal(vka_alloc_object_leaky(vka, seL4_TCBObject, 0), 0);
    assert_int_equal(vka_object_paddr(vka, &object), VKA_NO_PADDR);
    object.cptr = 5;
    vka_free_object(vka, &object);
}

static void unusable_vkas_fail(void **state)
{
    (void)state;
    vka_t empty;
    memset(&empty, 0, sizeof(empty));
    assert_unusable(NULL);
    assert_unusable(&empty);

    vka_t null_vka;
    vka_init_nullvka(&null_vka);
    assert_unusable(&null_vka);
    vka_init_nullvka(NULL);
}

static void missing_results_fail(void **state)
{
    (void)state;
    WITH_FAKE;
    cspacepath_t path;
    vka_cspace_make_path(vka, 9, &path);
    assert_int_equal(vka_cspace_alloc(vka, NULL), -1);
    assert_int_equal(vka_cspace_alloc_path(vka, NULL), -1);
    vka_cspace_make_path(vka, 9, NULL);
    assert_int_equal(vka_utspace_alloc(vka, &path, 1, 1, NULL), -1);
    assert_int_equal(vka_utspace_alloc_maybe_device(vka, &path, 1, 1, true, NULL), -1);
    assert_int_equal(vka_utspace_alloc_at(vka, &path, 1, 1, 0x1000, NULL), -1);
    assert_int_equal(vka_alloc_object(vka, seL4_TCBObject, 0, NULL), -1);
    assert_int_equal(vka_object_paddr(vka, NULL), VKA_NO_PADDR);
    vka_free_object(vka, NULL);

    fake.vka.cspace_make_path = NULL;
    assert_int_equal(vka_cspace_alloc_path(vka, &path), -1);
    assert_int_equal(fake.slots_taken, 0);
    assert_int_equal(fake.memory_taken, 0);
}

// --- object.h ------------------------------------------------------------------------------------

static void objects_say_how_they_were_made(void **state)
{
    (void)state;
    WITH_FAKE;
    vka_object_t object;

    assert_int_equal(vka_alloc_object(vka, seL4_CapTableObject, 8, &object), 0);
    assert_object(&object, FAKE_FIRST_SLOT, FAKE_FIRST_COOKIE, seL4_CapTableObject, 8);
    assert_int_equal(fake.last_dest.capPtr, FAKE_FIRST_SLOT);
    assert_int_equal(fake.last_paddr, VKA_NO_PADDR);
    assert_int_equal(fake.last_can_use_dev, false);

    assert_int_equal(vka_alloc_object_at(vka, seL4_UntypedObject, 16, 0x30000, &object), 0);
    assert_object(&object, FAKE_FIRST_SLOT + 1, FAKE_FIRST_COOKIE + 1, seL4_UntypedObject, 16);
    assert_int_equal(fake.last_paddr, 0x30000);

    assert_int_equal(
        vka_alloc_object_at_maybe_dev(vka, seL4_UntypedObject, 12, VKA_NO_PADDR, true, &object), 0);
    assert_int_equal(fake.last_can_use_dev, true);
    assert_int_equal(vka_alloc_object_at_maybe_dev(vka, seL4_UntypedObject, 12, 0, true, &object),
                     0);
    assert_int_equal(fake.last_paddr, 0); // an address like any other

    assert_int_equal(vka_alloc_object_leaky(vka, seL4_TCBObject, seL4_TCBBits),
                     FAKE_FIRST_SLOT + 4);
    assert_int_equal(vka_object_paddr(vka, &object),
                     fake_vka_paddr(object.ut, object.type, object.size_bits));
    assert_int_equal(fake.slots_given_back, 0);
}

static void failed_objects_are_zero_and_take_nothing(void **state)
{
    (void)state;
    WITH_FAKE;
    vka_object_t object;

    memset(&object, 0xFF, sizeof(object));
    assert_int_equal(vka_alloc_object(vka, seL4_ObjectTypeCount, 12, &object), -1);
    assert_all_zero(&object, sizeof(object));
    assert_int_equal(fake.slots_taken, 0);

    fake.slot_error = SLOT_ERROR;
    memset(&object, 0xFF, sizeof(object));
    assert_int_equal(vka_alloc_object(vka, seL4_TCBObject, 0, &object), SLOT_ERROR);
    assert_all_zero(&object, sizeof(object));
    assert_int_equal(vka_alloc_object_leaky(vka, seL4_TCBObject, 0), 0);
    assert_int_equal(fake.slots_given_back, 0);
    fake.slot_error = 0;

    fake.memory_error = MEMORY_ERROR;
    const uintptr_t paddrs[] = {VKA_NO_PADDR, 0x4000};
    for (int i = 0; i < 2; i++) {
        memset(&object, 0xFF, sizeof(object));
        assert_int_equal(vka_alloc_object_at(vka, seL4_TCBObject, 0, paddrs[i], &object),
                         MEMORY_ERROR);
        assert_all_zero(&object, sizeof(object));
        assert_int_equal(fake.slots_given_back, i + 1);
        assert_int_equal(fake.last_freed_slot, FAKE_FIRST_SLOT + (seL4_CPtr)i);
    }
    assert_int_equal(vka_alloc_object_leaky(vka, seL4_TCBObject, 0), 0);
    assert_int_equal(fake.slots_given_back, fake.slots_taken);
}

// One function pair of the VKA_FIXED_OBJECT family and what it makes; not on this kernel: type
// seL4_ObjectTypeCount or above.
struct fixed_object {
    int (*alloc)(vka_t *vka, vka_object_t *result);
    seL4_CPtr (*alloc_leaky)(vka_t *vka);
    seL4_Word type, size_bits;
};

#define FIXED(name, type, size_bits)                                                               \
    {                                                                                              \
        vka_alloc_##name, vka_alloc_##name##_leaky, type, size_bits                                \
    }
#ifdef CONFIG_KERNEL_MCS
#define MCS_TYPE(type) type
#else
#define MCS_TYPE(type)           KOBJECT_NO_TYPE
#define seL4_MinSchedContextBits 7
#endif

static const struct fixed_object fixed_objects[] = {
    FIXED(tcb, seL4_TCBObject, seL4_TCBBits),
    FIXED(endpoint, seL4_EndpointObject, seL4_EndpointBits),
    FIXED(notification, seL4_NotificationObject, seL4_NotificationBits),
#ifdef CONFIG_KERNEL_MCS
    FIXED(reply, seL4_ReplyObject, seL4_ReplyBits),
    FIXED(sched_context, seL4_SchedContextObject, seL4_MinSchedContextBits),
#else
    FIXED(reply, KOBJECT_NO_TYPE, 0),
    FIXED(sched_context, KOBJECT_NO_TYPE, 0),
#endif
#if defined(CONFIG_ARCH_X86)
    FIXED(page_table, seL4_X86_PageTableObject, seL4_PageTableBits),
    FIXED(page_directory, seL4_X86_PageDirectoryObject, seL4_PageDirBits),
    FIXED(io_page_table, seL4_X86_IOPageTableObject, seL4_IOPageTableBits),
    FIXED(vcpu, seL4_X86_VCPUObject, seL4_X86_VCPUBits),
    FIXED(ept_pml4, seL4_X86_EPTPML4Object, seL4_X86_EPTPML4Bits),
    FIXED(ept_pdpt, seL4_X86_EPTPDPTObject, seL4_X86_EPTPDPTBits),
    FIXED(ept_page_directory_pointer_table, seL4_X86_EPTPDPTObject, seL4_X86_EPTPDPTBits),
    FIXED(ept_page_directory, seL4_X86_EPTPDObject, seL4_X86_EPTPDBits),
    FIXED(ept_page_table, seL4_X86_EPTPTObject, seL4_X86_EPTPTBits),
    FIXED(pdpt, seL4_IA32_PDPTObject, seL4_PDPTBits),
#elif defined(CONFIG_ARCH_ARM)
    FIXED(page_table, seL4_ARM_PageTableObject, seL4_PageTableBits),
    FIXED(page_directory, seL4_ARM_PageDirectoryObject, seL4_PageDirBits),
    FIXED(io_page_table, seL4_ARM_IOPageTableObject, seL4_IOPageTableBits),
    FIXED(vcpu, seL4_ARM_VCPUObject, seL4_ARM_VCPUBits),
#else
    FIXED(page_table, seL4_RISCV_PageTableObject, seL4_PageTableBits),
    FIXED(page_directory, seL4_RISCV_PageTableObject, seL4_PageTableBits),
#endif
#if defined(CONFIG_ARCH_X86_64)
    FIXED(pml4, seL4_X64_PML4Object, seL4_PML4Bits),
    FIXED(vspace_root, seL4_X64_PML4Object, seL4_VSpaceBits),
#elif defined(CONFIG_ARCH_IA32)
    FIXED(vspace_root, seL4_X86_PageDirectoryObject, seL4_VSpaceBits),
#elif defined(CONFIG_ARCH_AARCH64)
    FIXED(page_upper_directory, seL4_ARM_PageUpperDirectoryObject, seL4_PUDBits),
#if defined(CONFIG_ARM_HYPERVISOR_SUPPORT) && defined(CONFIG_ARM_PA_SIZE_BITS_40)
    FIXED(page_global_directory, KOBJECT_NO_TYPE, 0),
#else
    FIXED(page_global_directory, seL4_ARM_VSpaceObject, seL4_VSpaceBits),
#endif
    FIXED(vspace_root, seL4_ARM_VSpaceObject, seL4_VSpaceBits),
#elif defined(CONFIG_ARCH_AARCH32)
    FIXED(vspace_root, seL4_ARM_PageDirectoryObject, seL4_VSpaceBits),
#else
    FIXED(vspace_root, seL4_RISCV_PageTableObject, seL4_VSpaceBits),
#endif
};

static void fixed_objects_have_their_type_and_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(fixed_objects) / sizeof(fixed_objects[0]); i++) {
        WITH_FAKE;
        const struct fixed_object *expected = &fixed_objects[i];
        vka_object_t object;
        memset(&object, 0xFF, sizeof(object));
        if (expected->type >= seL4_ObjectTypeCount) {
            assert_int_equal(expected->alloc(vka, &object), -1);
            assert_all_zero(&object, sizeof(object));
            assert_int_equal(expected->alloc_leaky(vka), 0);
            assert_int_equal(fake.slots_taken, 0);
            continue;
        }
        assert_int_equal(expected->alloc(vka, &object), 0);
        assert_object(&object, FAKE_FIRST_SLOT, FAKE_FIRST_COOKIE, expected->type,
                      expected->size_bits);
        assert_int_equal(vka_get_object_size(expected->type, 1), expected->size_bits);
        assert_int_equal(expected->alloc_leaky(vka), FAKE_FIRST_SLOT + 1);
        assert_int_equal(fake.last_type, expected->type);
        assert_int_equal(fake.last_size_bits, expected->size_bits);
        fake.memory_error = MEMORY_ERROR;
        assert_int_equal(expected->alloc(vka, &object), MEMORY_ERROR);
        assert_int_equal(expected->alloc_leaky(vka), 0);
        assert_int_equal(fake.slots_given_back, 2);
    }
}

// Names that older code still uses; the compiler says so.
static void old_names_mean_the_new_ones(void **state)
{
    (void)state;
    WITH_FAKE;
    vka_object_t object;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    assert_int_equal(vka_alloc_async_endpoint(vka, &object), 0);
    assert_object(&object, FAKE_FIRST_SLOT, FAKE_FIRST_COOKIE, seL4_NotificationObject,
                  seL4_NotificationBits);
    assert_int_equal(vka_alloc_async_endpoint_leaky(vka), FAKE_FIRST_SLOT + 1);
    assert_int_equal(KOBJECT_ASYNC_ENDPOINT, KOBJECT_NOTIFICATION);
    assert_int_equal(KOBJECT_SYNC_ENDPOINT, KOBJECT_ENDPOINT);
#pragma GCC diagnostic pop
    assert_int_equal(fake.last_type, seL4_NotificationObject);
}

static void paths_are_exchanged(void **state)
{
    (void)state;
    cspacepath_t one = {
        .capPtr = 1, .capDepth = 2, .root = 3, .dest = 4, .destDepth = 5, .offset = 6, .window = 7};
    cspacepath_t two = {.capPtr = 9};
    const cspacepath_t was_one = one;
    const cspacepath_t was_two = two;
    cspacepath_swap(&one, &two);
    assert_memory_equal(&one, &was_two, sizeof(one));
    assert_memory_equal(&two, &was_one, sizeof(two));
    cspacepath_swap(&one, &one);
    assert_memory_equal(&one, &was_two, sizeof(one));
    cspacepath_t_print(&one); // there is nothing to print with
    assert_memory_equal(&one, &was_two, sizeof(one));
}

static void sized_objects_pass_the_size_on(void **state)
{
    (void)state;
    WITH_FAKE;
    vka_object_t object;
    const seL4_Word small_frame = kobject_get_type(KOBJECT_FRAME, seL4_PageBits);
    const seL4_Word large_frame = kobject_get_type(KOBJECT_FRAME, seL4_LargePageBits);
    assert_int_not_equal(small_frame, large_frame);

    assert_int_equal(vka_alloc_untyped(vka, 20, &object), 0);
    assert_object(&object, FAKE_FIRST_SLOT, FAKE_FIRST_COOKIE, seL4_UntypedObject, 20);
    assert_int_equal(vka_alloc_cnode_object(vka, 4, &object), 0);
    assert_object(&object, FAKE_FIRST_SLOT + 1, FAKE_FIRST_COOKIE + 1, seL4_CapTableObject, 4);
    assert_int_equal(vka_alloc_frame(vka, seL4_LargePageBits, &object), 0);
    assert_object(&object, FAKE_FIRST_SLOT + 2, FAKE_FIRST_COOKIE + 2, large_frame,
                  seL4_LargePageBits);
    assert_int_equal(vka_alloc_kobject(vka, KOBJECT_FRAME, seL4_PageBits, &object), 0);
    assert_object(&object, FAKE_FIRST_SLOT + 3, FAKE_FIRST_COOKIE + 3, small_frame, seL4_PageBits);

    assert_int_equal(vka_alloc_untyped_at(vka, 20, 0x100000, &object), 0);
    assert_object(&object, FAKE_FIRST_SLOT + 4, FAKE_FIRST_COOKIE + 4, seL4_UntypedObject, 20);
    assert_int_equal(fake.last_paddr, 0x100000);
    assert_int_equal(vka_alloc_frame_at(vka, seL4_PageBits, 0x3000, &object), 0);
    assert_int_equal(fake.last_paddr, 0x3000);
    assert_int_equal(fake.last_type, small_frame);
    assert_int_equal(vka_alloc_frame_maybe_device(vka, seL4_PageBits, true, &object), 0);
    assert_int_equal(fake.last_can_use_dev, true);
    assert_int_equal(vka_alloc_frame_maybe_device(vka, seL4_PageBits, false, &object), 0);
    assert_int_equal(fake.last_can_use_dev, false);

    assert_int_equal(vka_alloc_untyped_leaky(vka, 20), FAKE_FIRST_SLOT + 8);
    assert_int_equal(vka_alloc_cnode_object_leaky(vka, 4), FAKE_FIRST_SLOT + 9);
    assert_int_equal(fake.last_size_bits, 4);
    assert_int_equal(vka_alloc_frame_leaky(vka, seL4_PageBits), FAKE_FIRST_SLOT + 10);

    assert_int_equal(vka_alloc_frame(vka, seL4_PageBits + 1, &object), -1);
    assert_all_zero(&object, sizeof(object));
    assert_int_equal(vka_alloc_frame_leaky(vka, seL4_PageBits + 1), 0);
    assert_int_equal(vka_alloc_kobject(vka, KOBJECT_CSLOT, 0, &object), -1);
}

static void scheduling_contexts_have_a_smallest_size(void **state)
{
    (void)state;
    WITH_FAKE;
    vka_object_t object;
#ifdef CONFIG_KERNEL_MCS
    assert_int_equal(vka_alloc_sched_context_size(vka, &object, 9), 0);
    assert_object(&object, FAKE_FIRST_SLOT, FAKE_FIRST_COOKIE, seL4_SchedContextObject, 9);
    fake.slots_taken = 0;
#else
    assert_int_equal(vka_alloc_sched_context_size(vka, &object, 9), -1);
#endif
    memset(&object, 0xFF, sizeof(object));
    assert_int_equal(vka_alloc_sched_context_size(vka, &object, 6),
                     -1); // below any kernel's smallest
    assert_all_zero(&object, sizeof(object));
    assert_int_equal(fake.slots_taken, 0);
}

// --- kobject_t.h ---------------------------------------------------------------------------------

static void sizes_are_log2_bytes(void **state)
{
    (void)state;
    assert_int_equal(vka_get_object_size(seL4_UntypedObject, 17), 17);
    assert_int_equal(vka_get_object_size(seL4_CapTableObject, 8), 8 + seL4_SlotBits);
    assert_int_equal(vka_get_object_size(kobject_get_type(KOBJECT_FRAME, seL4_LargePageBits), 0),
                     seL4_LargePageBits);
    assert_int_equal(vka_get_object_size(seL4_ObjectTypeCount, 12), VKA_NO_OBJECT_SIZE);

    assert_int_equal(vka_frame_type(seL4_PageBits), kobject_get_type(KOBJECT_FRAME, seL4_PageBits));
    assert_int_equal(vka_frame_type(seL4_PageBits + 1), KOBJECT_NO_TYPE);
    assert_int_equal(kobject_get_type(KOBJECT_UNTYPED, 20), seL4_UntypedObject);
    assert_int_equal(kobject_get_size(KOBJECT_ENDPOINT, 0), seL4_EndpointBits);
    assert_int_equal(kobject_get_size(KOBJECT_TCB, 0), seL4_TCBBits);
    assert_int_equal(kobject_get_size(KOBJECT_CNODE, 8), 8 + seL4_SlotBits);
    assert_int_equal(kobject_get_size(KOBJECT_NOTIFICATION, 0), seL4_NotificationBits);
    assert_int_equal(kobject_get_size(KOBJECT_FRAME, seL4_PageBits), seL4_PageBits);
    assert_int_equal(kobject_get_size(KOBJECT_FRAME, seL4_PageBits + 1), 0);
    assert_int_equal(kobject_get_size(KOBJECT_PAGE_TABLE, 0), seL4_PageTableBits);
    assert_int_equal(kobject_get_size(KOBJECT_CSLOT, 0), 0);
    assert_int_equal(kobject_get_type(KOBJECT_CSLOT, 0), KOBJECT_NO_TYPE);
    assert_int_equal(kobject_get_type(NUM_KOBJECT_TYPES, 0), KOBJECT_NO_TYPE);
#ifdef CONFIG_KERNEL_MCS
    assert_int_equal(vka_get_object_size(seL4_SchedContextObject, 0), seL4_MinSchedContextBits);
    assert_int_equal(vka_get_object_size(seL4_SchedContextObject, 10), 10);
    assert_int_equal(kobject_get_size(KOBJECT_REPLY, 0), seL4_ReplyBits);
#else
    assert_int_equal(kobject_get_type(KOBJECT_REPLY, 0), KOBJECT_NO_TYPE);
    assert_int_equal(kobject_get_size(KOBJECT_SCHED_CONTEXT, 9), 0);
#endif
#ifdef CONFIG_ARCH_X86_64
    assert_int_equal(kobject_get_type(KOBJECT_FRAME, seL4_HugePageBits), seL4_X64_HugePageObject);
    assert_int_equal(kobject_get_size(KOBJECT_PML4, 0), seL4_PML4Bits);
    assert_int_equal(kobject_get_size(KOBJECT_IO_PAGETABLE, 0), seL4_IOPageTableBits);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slot_calls_are_passed_on),
        cmocka_unit_test(memory_calls_are_passed_on),
        cmocka_unit_test(unusable_vkas_fail),
        cmocka_unit_test(missing_results_fail),
        cmocka_unit_test(objects_say_how_they_were_made),
        cmocka_unit_test(failed_objects_are_zero_and_take_nothing),
        cmocka_unit_test(fixed_objects_have_their_type_and_size),
        cmocka_unit_test(old_names_mean_the_new_ones),
        cmocka_unit_test(paths_are_exchanged),
        cmocka_unit_test(sized_objects_pass_the_size_on),
        cmocka_unit_test(scheduling_contexts_have_a_smallest_size),
        cmocka_unit_test(sizes_are_log2_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
