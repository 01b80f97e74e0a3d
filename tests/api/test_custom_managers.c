/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Managers of the user's own, through the published structs alone: slots that are no neighbours,
// book memory from malloc, an untyped manager that counts, and functions interposed on.

#include "outsiders.h"

static struct outsider_world w;

static int start_outsiders(void **state)
{
    (void)state;
    const struct start plain = {0};
    boot(&plain);
    outsiders_attach(&w, SCATTER_SLOTS);
    outsiders_add_all(&w);
    adopt(&w.alloc);
    world.managers = NULL;
    return 0;
}

#define outsider_test(name) cmocka_unit_test_setup_teardown(name, start_outsiders, stop)

static void objects_of_all_sizes_come_and_go(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    static struct object object[COUNT];
    const size_t slots = w.scatter.live;
    for (int round = 0; round < 4; round++) {
        for (size_t i = 0; i < COUNT; i++) {
            object[i] = object_make(seL4_UntypedObject, 4 + (i * 5) % 14);
            const struct sel4model_cap cap = cap_at(object[i].path.capPtr);
            assert_int_equal(cap.size_bits, object[i].size_bits);
            assert_int_equal(cap.paddr, object_paddr(&object[i]));
        }
        for (size_t i = 0; i < COUNT; i++) {
            object_free(&object[(i * 37) % COUNT]);
        }
    }
    allocman_reclaim(&w.alloc);
    assert_int_equal(w.utspace.totals.allocated, 0);
    assert_true(w.scatter.live >= slots);
    assert_false(w.scatter.misused);
    assert_int_equal(w.alloc.counts.misuse, 0);
}

static void addresses_work_over_single_slots(void **state)
{
    (void)state;
    const uintptr_t ram_paddr = boot_untyped_paddr(boot_ram_largest()) + 0x123000;
    const struct object device = object_at(FRAME, 12, boot_device_page(1));
    const struct object ram = object_at(FRAME, 12, ram_paddr);
    assert_int_equal(page_address(device.path.capPtr).paddr, boot_device_page(1));
    assert_int_equal(page_address(ram.path.capPtr).paddr, ram_paddr);
    object_free(&device);
    object_free(&ram);
}

static void slots_run_out_and_come_back(void **state)
{
    (void)state;
    static struct object object[SCATTER_SLOTS];
    size_t first = 0;
    for (int round = 0; round < 3; round++) {
        size_t count = 0;
        while (object_try(FRAME, 12, ALLOCMAN_NO_PADDR, false, &object[count]) == ALLOCMAN_OK) {
            count++;
        }
        assert_failure(ALLOCMAN_NO_SLOT);
        assert_true(count >= SCATTER_SLOTS / 4 && (round == 0 || count >= first));
        first = count;
        const unsigned long caps = sel4model_live_caps();
        assert_int_equal(object_try(FRAME, 12, ALLOCMAN_NO_PADDR, false, &object[count]),
                         ALLOCMAN_NO_SLOT);
        assert_int_equal(sel4model_live_caps(), caps);
        for (size_t i = 0; i < count; i++) {
            object_free(&object[i]);
        }
        allocman_reclaim(&w.alloc);
    }
    assert_false(w.scatter.misused);
}

// Each refusal of the kernel's is undone, also between the two halves of a split.
static void refusals_leave_nothing_behind(void **state)
{
    (void)state;
    cspacepath_t path = slot_make();
    static const seL4_Error errors[] = {seL4_IllegalOperation, seL4_RangeError, seL4_FailedLookup};
    for (unsigned e = 0; e < 3; e++) {
        const unsigned bits = 4 + 3 * e;
        const size_t slots = w.scatter.live;
        const unsigned long caps = sel4model_live_caps();
        const uint64_t bytes = w.utspace.totals.free_bytes[ALLOCMAN_UT_KERNEL];
        seL4_Word cookie = 0;
        for (unsigned nth = 1; cookie == 0; nth++) {
            assert_true(nth < 40);
            int error = 0;
            sel4model_refuse_kind(SEL4MODEL_Untyped_Retype, nth, errors[e]);
            cookie =
                allocman_utspace_alloc(&w.alloc, bits, seL4_UntypedObject, &path, false, &error);
            if (cookie == 0) {
                assert_int_equal(error, ALLOCMAN_KERNEL_REFUSED);
                assert_int_equal(sel4model_live_caps(), caps);
                assert_int_equal(w.scatter.live, slots);
                assert_int_equal(w.utspace.totals.free_bytes[ALLOCMAN_UT_KERNEL], bytes);
            }
        }
        sel4model_refuse_kind(SEL4MODEL_Untyped_Retype, 0, seL4_NoError);
        path = slot_make(); // the object stays, so that the next one needs splits again
    }
    const struct object large =
        object_make(seL4_UntypedObject, boot_untyped_bits(boot_ram_largest()));
    object_free(&large);
    assert_false(w.scatter.misused);
}

static void book_memory_that_runs_out_is_told(void **state)
{
    (void)state;
    smallest_roots_take();
    w.heap.limit = w.heap.live_bytes + 40;
    const size_t bytes = w.heap.live_bytes;
    const size_t slots = w.scatter.live;
    struct object object;
    const unsigned bits = seL4_MinUntypedBits;
    assert_int_equal(object_try(seL4_UntypedObject, bits, ALLOCMAN_NO_PADDR, false, &object),
                     ALLOCMAN_NO_BOOK);
    assert_failure(ALLOCMAN_NO_BOOK);
    assert_int_equal(w.heap.live_bytes, bytes);
    assert_int_equal(w.scatter.live, slots);
    object = object_make(seL4_UntypedObject,
                         boot_untyped_bits(boot_ram_largest())); // a whole root needs no record
    w.heap.limit = 0;
    object_make(seL4_UntypedObject, bits);
}

// --- errors of foreign managers ------------------------------------------------------------------

static int odd_alloc(allocman_t *alloc, void *cookie, cspacepath_t *path)
{
    (void)alloc;
    (void)path;
    return *(int *)cookie;
}

static void foreign_codes_are_passed_on(void **state)
{
    (void)state;
    allocman_t alloc;
    struct heap heap = {0};
    assert_int_equal(allocman_create(&alloc, heap_interface(&heap)), 0);
    int code = -7;
    struct cspace_interface odd = scatter_interface(&w.scatter);
    odd.alloc = odd_alloc;
    odd.cspace = &code;
    assert_int_equal(allocman_attach_cspace(&alloc, odd), 0);
    cspacepath_t path;
    static const int codes[] = {-7, -1, 1000, INT32_MIN};
    for (size_t i = 0; i < 4; i++) {
        code = codes[i];
        assert_int_equal(allocman_cspace_alloc(&alloc, &path), code);
        assert_int_equal(allocman_last_failure(&alloc)->status, ALLOCMAN_KERNEL_REFUSED);
    }
    code = 1;
    assert_int_equal(allocman_cspace_alloc(&alloc, &path), 1);
    assert_int_equal(allocman_last_failure(&alloc)->status, 1);
}

static seL4_Word mute_alloc(allocman_t *alloc, void *utspace, size_t size_bits, seL4_Word type,
                            const cspacepath_t *slot, uintptr_t paddr, bool may_be_device,
                            int *error)
{
    (void)alloc, (void)utspace, (void)size_bits, (void)type, (void)slot, (void)paddr,
        (void)may_be_device;
    SET_ERROR(error, 0); // forgets to tell
    return 0;
}

static void *mute_book_alloc(allocman_t *alloc, void *mspace, size_t bytes, int *error)
{
    (void)alloc, (void)mspace, (void)bytes, (void)error;
    return NULL;
}

static void a_manager_that_tells_no_reason_still_fails(void **state)
{
    (void)state;
    void *(*const told)(allocman_t *, void *, size_t, int *) = w.alloc.mspace.alloc;
    w.alloc.mspace.alloc = mute_book_alloc;
    int error = -1;
    assert_null(allocman_mspace_alloc(&w.alloc, 16, &error));
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    assert_int_equal(allocman_last_failure(&w.alloc)->status, ALLOCMAN_NO_BOOK);
    w.alloc.mspace.alloc = told;
    w.alloc.utspace.alloc = mute_alloc;
    struct object object;
    assert_int_equal(object_try(FRAME, 12, ALLOCMAN_NO_PADDR, false, &object), ALLOCMAN_NO_UNTYPED);
    assert_failure(ALLOCMAN_NO_UNTYPED);
}

// --- functions interposed on ---------------------------------------------------------------------

static struct {
    struct utspace_interface utspace;
    struct cspace_interface cspace;
    unsigned allocs, frees, slot_allocs, slot_frees, paths;
} watched;

static seL4_Word watch_alloc(allocman_t *alloc, void *utspace, size_t size_bits, seL4_Word type,
                             const cspacepath_t *slot, uintptr_t paddr, bool may_be_device,
                             int *error)
{
    watched.allocs++;
    return watched.utspace.alloc(alloc, utspace, size_bits, type, slot, paddr, may_be_device,
                                 error);
}

static void watch_free(allocman_t *alloc, void *utspace, seL4_Word cookie, size_t size_bits)
{
    watched.frees++;
    watched.utspace.free(alloc, utspace, cookie, size_bits);
}

static int watch_slot_alloc(allocman_t *alloc, void *cspace, cspacepath_t *path)
{
    watched.slot_allocs++;
    return watched.cspace.alloc(alloc, cspace, path);
}

static void watch_slot_free(allocman_t *alloc, void *cspace, const cspacepath_t *path)
{
    watched.slot_frees++;
    watched.cspace.free(alloc, cspace, path);
}

static cspacepath_t watch_path(void *cspace, seL4_CPtr slot)
{
    watched.paths++;
    return watched.cspace.make_path(cspace, slot);
}

static void calls_go_through_the_published_functions(void **state)
{
    (void)state;
    // Blocks and slots are free where they are looked for first, beside others that are taken.
    vka_object_t object;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(vka_alloc_frame(&world.vka, 12, &object), 0);
    }
    vka_free_object(&world.vka, &object);
    memset(&watched, 0, sizeof(watched));
    watched.utspace = world.alloc->utspace;
    watched.cspace = world.alloc->cspace;
    world.alloc->utspace.alloc = watch_alloc;
    world.alloc->utspace.free = watch_free;
    world.alloc->cspace.alloc = watch_slot_alloc;
    world.alloc->cspace.free = watch_slot_free;
    const struct object frame = frame_make();
    object_free(&frame);
    assert_int_equal(watched.allocs, 1);
    assert_int_equal(watched.frees, 1);
    assert_int_equal(watched.slot_allocs, 1);
    assert_int_equal(watched.slot_frees, 1);
    world.alloc->cspace.make_path = watch_path;
    assert_int_equal(vka_alloc_frame(&world.vka, 12, &object), 0);
    assert_true(watched.paths > 0);
    vka_free_object(&world.vka, &object);
    assert_int_equal(watched.allocs, 2);
    assert_int_equal(watched.frees, 2);
    assert_int_equal(watched.slot_allocs, 2);
    assert_int_equal(watched.slot_frees, 2);
}

// --- an untyped manager with an extension that has little to say ---------------------------------

static void an_extension_may_be_partial(void **state)
{
    (void)state;
    static const struct allocman_untyped_reclaim nothing = {.merge_all = NULL};
    assert_int_equal(allocman_register_untyped_reclaim(world.alloc, &nothing), ALLOCMAN_OK);
    bootstrap_configure_virtual_pool(world.alloc, sel4model_free_vaddr(1 << 20), 1 << 20, VSPACE);
    assert_failure(ALLOCMAN_OK);
    void *const block = allocman_mspace_alloc(world.alloc, 300000, NULL);
    assert_non_null(block);
    memset(block, 0x5a, 300000);
    allocman_mspace_free(world.alloc, block, 300000);
    allocman_reclaim(world.alloc);
    static struct object object[100];
    for (size_t i = 0; i < 100; i++) {
        object[i] = frame_make();
    }
    for (size_t i = 0; i < 100; i++) {
        object_free(&object[i]);
    }
    assert_int_equal(allocman_register_untyped_reclaim(world.alloc, &utspace_split_reclaim),
                     ALLOCMAN_OK);
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
}

// --- a client's CSpace, backed by another allocman -----------------------------------------------

static void a_clients_cspace(void **state)
{
    (void)state;
    const struct object cnode = object_make(seL4_CapTableObject, 8 + seL4_SlotBits);
    cspace_single_level_t cspace;
    const size_t used = book_used();
    assert_int_equal(
        cspace_single_level_create(world.alloc, &cspace,
                                   (struct cspace_single_level_config){.cnode = cnode.path.capPtr,
                                                                       .cnode_size_bits = 8,
                                                                       .cnode_guard_bits = 0,
                                                                       .first_slot = 1,
                                                                       .end_slot = 256}),
        ALLOCMAN_OK);
    for (seL4_CPtr i = 1; i < 256; i++) {
        cspacepath_t path;
        assert_int_equal(_cspace_single_level_alloc(world.alloc, &cspace, &path), ALLOCMAN_OK);
        const seL4_Word cookie =
            allocman_utspace_alloc(world.alloc, 4, seL4_EndpointObject, &path, false, NULL);
        assert_true(cookie != 0);
        struct sel4model_cap cap;
        const struct sel4model_path place = {
            .root = cnode.path.capPtr, .index = path.capPtr, .depth = 8};
        assert_true(sel4model_inspect(place, &cap));
        assert_int_equal(cap.kind, SEL4MODEL_CAP_ENDPOINT);
    }
    cspace_single_level_destroy(world.alloc, &cspace);
    assert_true(book_used() >= used);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        outsider_test(objects_of_all_sizes_come_and_go),
        outsider_test(addresses_work_over_single_slots),
        outsider_test(slots_run_out_and_come_back),
        outsider_test(refusals_leave_nothing_behind),
        outsider_test(book_memory_that_runs_out_is_told),
        cmocka_unit_test(foreign_codes_are_passed_on),
        outsider_test(a_manager_that_tells_no_reason_still_fails),
        api_test(calls_go_through_the_published_functions),
        roomy_test(an_extension_may_be_partial),
        roomy_test(a_clients_cspace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
