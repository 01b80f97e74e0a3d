/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Starts in a new CSpace, of one level and of two: what is where afterwards, and that a start that the
// kernel refuses at any step is undone.

#include "api_test.h"

#include <allocman/check.h>

static const char *const machines[] = {MACHINES};
enum { MACHINE_COUNT = sizeof(machines) / sizeof(machines[0]) };

// Boots a machine as it was recorded.
static void boot_machine(size_t m)
{
    static char path[300];
    (void)snprintf(path, sizeof(path), "%s/%s.json", RECORD_DIR, machines[m]);
    boot(&(struct start){.record = path});
}

// A CSpace to be made: log2 slots of its levels; second 0: one level.
struct shape {
    size_t first, second;
};

static const struct shape shapes[] = {{12, 0}, {9, 0},  {17, 0}, {10, 10},
                                      {12, 8}, {8, 12}, {10, 6}, {14, 4}};
enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

static cspace_simple1level_t *old_cspace;

enum { INITIAL_MAX = seL4_NumInitialCaps + 16 };

// The initial capabilities as they are at boot.
static struct sel4model_cap initial[INITIAL_MAX];
static seL4_Word initial_end; // with MCS, those of scheduling control are among them

// On x86 scheduling control comes right after the others; elsewhere after the pages of further boot information.
static bool is_initial(seL4_CPtr slot)
{
#ifdef CONFIG_KERNEL_MCS
    const seL4_SlotRegion control = world.bootinfo->schedcontrol;
    return slot < seL4_NumInitialCaps || (slot >= control.start && slot < control.end);
#else
    return slot < seL4_NumInitialCaps;
#endif
}

static void initial_note(void)
{
    initial_end = seL4_NumInitialCaps;
#ifdef CONFIG_KERNEL_MCS
    assert_true(world.bootinfo->schedcontrol.start >= seL4_NumInitialCaps);
    initial_end = world.bootinfo->schedcontrol.end;
    assert_int_equal(cap_at(initial_end - 1).kind, SEL4MODEL_CAP_SCHED_CONTROL);
#endif
    assert_in_range(initial_end, seL4_NumInitialCaps, INITIAL_MAX);
    for (seL4_CPtr slot = 0; slot < initial_end; slot++) {
        initial[slot] = cap_at(slot);
    }
}

static allocman_t *start_new(struct shape shape, size_t bytes, void *pool,
                             struct allocman_failure *why)
{
    initial_note();
    return shape.second
               ? bootstrap_new_2level_bootinfo_why(world.bootinfo, shape.first, shape.second, bytes,
                                                   pool, &old_cspace, why)
               : bootstrap_new_1level_bootinfo_why(world.bootinfo, shape.first, bytes, pool,
                                                   &old_cspace, why);
}

static void check_laws(void)
{
    struct allocman_violation violation;
    if (!allocman_check(world.alloc, &violation)) {
        fail_msg("%s: %s, at %#lx", allocman_law_text(violation.law), violation.what,
                 (unsigned long)violation.where);
    }
}

static size_t slots_free(void)
{
    return world.managers->two_level ? cspace_two_level_runs.free_slots(world.managers->two_level)
                                     : free_slots();
}

static struct sel4model_cap old_cap(seL4_CPtr slot)
{
    struct sel4model_cap cap;
    const cspacepath_t path = _cspace_simple1level_make_path(old_cspace, slot);
    assert_true(
        sel4model_inspect((struct sel4model_path){path.root, path.capPtr, path.capDepth}, &cap));
    return cap;
}

// Every initial capability is at its number in the new CSpace; what the kernel copies is at its old place too.
static void expect_initial(void)
{
    for (seL4_CPtr slot = 0; slot < initial_end; slot++) {
        if (!is_initial(slot)) {
            continue;
        }
        const struct sel4model_cap now = cap_at(slot);
        assert_int_equal(now.kind, initial[slot].kind);
        assert_int_equal(now.object_type, initial[slot].object_type);
        if (slot != seL4_CapInitThreadCNode) { // another one
            assert_int_equal(now.paddr, initial[slot].paddr);
        }
        const bool moved =
            now.kind == SEL4MODEL_CAP_IRQ_CONTROL || now.kind == SEL4MODEL_CAP_IO_PORT_CONTROL;
        assert_int_equal(old_cap(slot).kind, moved ? SEL4MODEL_CAP_NULL : initial[slot].kind);
    }
    assert_int_equal(cap_at(seL4_CapIRQControl).kind, SEL4MODEL_CAP_IRQ_CONTROL);
    assert_int_equal(cap_at(seL4_CapASIDControl).kind, SEL4MODEL_CAP_ASID_CONTROL);
}

// What stands where in the new CSpace, and that the books know all of the memory but the new CNodes.
static void expect_arrival(struct shape shape)
{
    const seL4_BootInfo *const bi = world.bootinfo;
    assert_int_equal(cap_at(seL4_CapInitThreadTCB).kind, SEL4MODEL_CAP_TCB);
    assert_int_equal(cap_at(seL4_CapInitThreadVSpace).object_type, VSPACE_ROOT);
    const struct sel4model_cap root = cap_at(seL4_CapInitThreadCNode);
    assert_int_equal(root.kind, SEL4MODEL_CAP_CNODE);
    assert_int_equal(root.radix_bits, shape.first);
    assert_int_equal(root.guard_bits, seL4_WordBits - shape.first - shape.second);
    assert_int_equal(old_cspace->config.cnode, initial_end);
    assert_int_equal(cap_at(initial_end).radix_bits, bi->initThreadCNodeSizeBits);
    expect_initial();
    // Everything else is where it was, as the old CSpace sees it.
    assert_int_equal(old_cap(bi->empty.start).kind, SEL4MODEL_CAP_NULL);
    assert_int_equal(old_cspace->config.first_slot, bi->empty.start);
    assert_int_equal(old_cspace->config.end_slot, bi->empty.end);
    size_t left = 0;
    uint64_t bytes[3] = {0};
    for (size_t i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
        const bool here = old_cap(bi->untyped.start + i).kind == SEL4MODEL_CAP_UNTYPED;
        left += here;
        bytes[bi->untypedList[i].isDevice ? ALLOCMAN_UT_DEV : ALLOCMAN_UT_KERNEL] +=
            (uint64_t)1 << bi->untypedList[i].sizeBits;
    }
    assert_int_equal(left, 1); // what the CNodes were made from
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_DEV], bytes[ALLOCMAN_UT_DEV]);
    const uint64_t taken = bytes[ALLOCMAN_UT_KERNEL] - totals()->free_bytes[ALLOCMAN_UT_KERNEL];
    const uint64_t level_one = (uint64_t)1 << (shape.first + seL4_SlotBits);
    const uint64_t level_two = shape.second ? (uint64_t)1 << (shape.second + seL4_SlotBits) : 0;
    const size_t levels = shape.second ? world.managers->two_level->index.count : 0;
    assert_int_equal(taken, (level_one > level_two ? level_one : level_two) + levels * level_two);
    assert_int_equal(world.alloc->counts.misuse, 0);
    assert_failure(ALLOCMAN_OK);
    check_laws();
}

// Objects of several sizes, at their addresses too; frames can be mapped with the VSpace at its number.
static void expect_work(void)
{
    static struct object objects[64];
    const size_t slots = slots_free();
    for (size_t i = 0; i < 64; i++) {
        objects[i] = object_make(i % 2 ? seL4_EndpointObject : FRAME,
                                 i % 2 ? seL4_EndpointBits : FRAME_BITS);
        assert_int_equal(cap_at(objects[i].path.capPtr).paddr, object_paddr(&objects[i]));
    }
    check_laws();
    for (size_t i = 0; i < 64; i++) {
        object_free(&objects[i]);
    }
    allocman_reclaim(world.alloc);
    assert_int_equal(slots_free(), slots);
    const struct object device =
        object_at(FRAME, FRAME_BITS, boot_untyped_paddr(boot_untyped(12, true, 0)));
    object_free(&device);
    check_laws();
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void the_exact_pool_does(void **state)
{
    (void)state;
    for (size_t m = 0; m < MACHINE_COUNT; m++) {
        for (size_t s = 0; s < SHAPES; s++) {
            boot_machine(m);
            const size_t bytes =
                bootstrap_new_pool_bytes(world.bootinfo, shapes[s].first, shapes[s].second);
            assert_true(bytes > 0 && bytes <= POOL_BYTES);
            struct allocman_failure why;
            memset(world.pool, 0xa5, sizeof(world.pool));
            sel4model_counters_reset();
            assert_null(start_new(shapes[s], bytes - 1, world.pool, &why));
            assert_int_equal(why.status, ALLOCMAN_POOL_TOO_SMALL);
            assert_int_equal(why.needed, bytes);
            assert_int_equal(why.available, bytes - 1);
            assert_no_invocations();
            for (size_t i = 0; i < sizeof(world.pool); i++) {
                assert_int_equal((unsigned char)world.pool[i], 0xa5);
            }
            adopt(start_new(shapes[s], bytes, world.pool, &why));
            for (size_t i = bytes; i < sizeof(world.pool); i++) {
                assert_int_equal((unsigned char)world.pool[i], 0xa5);
            }
            expect_arrival(shapes[s]);
            expect_work();
            bootstrap_configure_virtual_pool(world.alloc, sel4model_free_vaddr(1 << 20), 1 << 20,
                                             VSPACE);
            assert_failure(ALLOCMAN_OK);
            void *const block = allocman_mspace_alloc(world.alloc, 100000, NULL);
            assert_non_null(block);
            memset(block, 1, 100000);
            check_laws();
            stop(NULL);
        }
    }
}

// Book memory is used for the records of untypeds, each rounded up to a granule, and nothing else.
static void expect_only_untypeds_in_book(void)
{
    assert_in_range(book_used(), totals()->book_bytes,
                    totals()->book_bytes + 16 * (totals()->roots + 8));
}

static void nothing_of_the_start_stays(void **state)
{
    (void)state;
    boot(&(struct start){0});
    initial_note();
    adopt(bootstrap_new_1level_bootinfo(world.bootinfo, 12, POOL_BYTES, world.pool, &old_cspace));
    allocman_mspace_free(world.alloc, old_cspace, sizeof(*old_cspace));
    expect_only_untypeds_in_book();
    assert_int_equal(slots_free(), 4096 - initial_end - 1 - totals()->roots);
    stop(NULL);
    boot(&(struct start){0});
    adopt(bootstrap_new_1level_bootinfo(world.bootinfo, 12, POOL_BYTES, world.pool, NULL));
    expect_only_untypeds_in_book();
}

// Each slot of the new CSpace that is not taken can be had.
static void every_slot_can_be_had(void **state)
{
    (void)state;
    boot(&(struct start){0});
    adopt(bootstrap_new_1level_bootinfo(world.bootinfo, 12, POOL_BYTES, world.pool, NULL));
    cspacepath_t path;
    for (size_t left = slots_free(); left > 0; left--) {
        path = slot_make();
    }
    assert_int_equal(allocman_cspace_alloc(world.alloc, &path), ALLOCMAN_NO_SLOT);
}

static void expect_refused(struct shape shape, int status)
{
    struct allocman_failure why = {.status = ALLOCMAN_OK};
    memset(world.pool, 0xa5, sizeof(world.pool));
    sel4model_counters_reset();
    assert_null(start_new(shape, POOL_BYTES, world.pool, &why));
    assert_int_equal(why.status, status);
    assert_null(start_new(shape, POOL_BYTES, world.pool, NULL));
    for (size_t i = 0; i < sizeof(world.pool); i++) {
        assert_int_equal((unsigned char)world.pool[i], 0xa5);
    }
    assert_no_invocations();
}

static void impossible_shapes_are_refused(void **state)
{
    (void)state;
    boot(&(struct start){0});
    struct allocman_failure why;
    expect_refused((struct shape){0, 0}, ALLOCMAN_INVALID_ARGUMENT);
    expect_refused((struct shape){seL4_MaxUntypedBits - seL4_SlotBits + 1, 0},
                   ALLOCMAN_INVALID_ARGUMENT);
    expect_refused((struct shape){~(size_t)0, 0}, ALLOCMAN_INVALID_ARGUMENT);
    expect_refused((struct shape){32, 32}, ALLOCMAN_INVALID_ARGUMENT);
    expect_refused((struct shape){10, ~(size_t)0}, ALLOCMAN_INVALID_ARGUMENT);
    expect_refused((struct shape){5, 0}, ALLOCMAN_NO_SLOT);
    expect_refused((struct shape){3, 3}, ALLOCMAN_NO_SLOT);
    const size_t too_large = boot_untyped_bits(boot_ram_largest()) + 1 - seL4_SlotBits;
    expect_refused((struct shape){too_large, 0}, ALLOCMAN_NO_UNTYPED);
    expect_refused((struct shape){too_large, 4}, ALLOCMAN_NO_UNTYPED);
    assert_null(bootstrap_new_2level_bootinfo_why(world.bootinfo, 12, 0, POOL_BYTES, world.pool,
                                                  NULL, &why));
    assert_int_equal(why.status, ALLOCMAN_INVALID_ARGUMENT);
    assert_null(bootstrap_new_2level_bootinfo(world.bootinfo, 12, 1, POOL_BYTES, world.pool, NULL));
    assert_null(bootstrap_new_1level_bootinfo_why(NULL, 12, POOL_BYTES, world.pool, NULL, &why));
    assert_int_equal(why.status, ALLOCMAN_INVALID_ARGUMENT);
    assert_null(
        bootstrap_new_1level_bootinfo_why(world.bootinfo, 12, POOL_BYTES, NULL, NULL, &why));
    assert_int_equal(why.status, ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(bootstrap_new_pool_bytes(NULL, 12, 0), 0);
    assert_int_equal(bootstrap_new_pool_bytes(world.bootinfo, 5, 0), 0);
}

// --- undone at every step ------------------------------------------------------------------------

struct picture {
    unsigned long caps;
    struct sel4model_cap cap[1024];
};

static void picture_take(struct picture *picture)
{
    memset(picture, 0, sizeof(*picture));
    picture->caps = sel4model_live_caps();
    for (seL4_CPtr slot = 0; slot < 1024; slot++) {
        picture->cap[slot] = cap_at(slot);
        picture->cap[slot].free_offset = picture->cap[slot].free_bytes =
            0; // a childless untyped is as good as new
        picture->cap[slot].is_final = false;
    }
}

static void expect_undone(const struct picture *before)
{
    static struct picture now;
    picture_take(&now);
    assert_int_equal(now.caps, before->caps);
    for (seL4_CPtr slot = 0; slot < 1024; slot++) {
        if (memcmp(&now.cap[slot], &before->cap[slot], sizeof(now.cap[slot])) != 0) {
            fail_msg("slot %lu is not as it was", (unsigned long)slot);
        }
    }
}

// Refuses the first step, then the second, ... on one machine and in one pool, until nothing is refused any more.
static void expect_all_or_nothing(struct shape shape, seL4_Error error)
{
    static struct picture before;
    boot(&(struct start){0});
    picture_take(&before);
    const size_t bytes = bootstrap_new_pool_bytes(world.bootinfo, shape.first, shape.second);
    allocman_t *alloc = NULL;
    unsigned long nth = 0;
    while (!alloc) {
        struct allocman_failure why = {.status = ALLOCMAN_OK};
        struct sel4model_counters counters;
        sel4model_refuse(++nth, error);
        sel4model_counters_reset();
        alloc = start_new(shape, bytes, world.pool, &why);
        sel4model_counters_get(&counters);
        if (!alloc) {
            assert_int_equal(why.status, ALLOCMAN_KERNEL_REFUSED);
            assert_int_equal(why.kernel_error, error);
            assert_int_equal(counters.injected, 1);
            expect_undone(&before);
        } else if (counters.injected && counters.refused[SEL4MODEL_CNode_Delete] != 1) {
            fail_msg("refusal %lu was not told",
                     nth); // but for the last step, which only tidies up
        }
    }
    sel4model_refuse(0, seL4_NoError);
    assert_true(nth > world.bootinfo->untyped.end - world.bootinfo->untyped.start);
    adopt(alloc);
    expect_initial();
    expect_work();
    stop(NULL);
}

static void a_refused_step_is_undone(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        expect_all_or_nothing(shapes[s], s % 2 ? seL4_RangeError : seL4_FailedLookup);
    }
}

// --- step by step --------------------------------------------------------------------------------

static const cspacepath_t root_path = {
    .capPtr = ROOT_CNODE, .capDepth = seL4_WordBits, .root = ROOT_CNODE, .window = 1};
static const cspacepath_t tcb_path = {
    .capPtr = 1, .capDepth = seL4_WordBits, .root = ROOT_CNODE, .window = 1};
static const cspacepath_t vspace_path = {
    .capPtr = 3, .capDepth = seL4_WordBits, .root = ROOT_CNODE, .window = 1};

static cspace_simple1level_t boot_slots;

static bootstrap_info_t *describe(size_t bytes)
{
    const seL4_BootInfo *const bi = world.bootinfo;
    bootstrap_info_t *const info = bootstrap_create_info(bytes, world.pool);
    assert_non_null(info);
    cspace_simple1level_create(&boot_slots,
                               (struct cspace_simple1level_config){
                                   .cnode = ROOT_CNODE,
                                   .cnode_size_bits = bi->initThreadCNodeSizeBits,
                                   .cnode_guard_bits = seL4_WordBits - bi->initThreadCNodeSizeBits,
                                   .first_slot = bi->empty.start,
                                   .end_slot = bi->empty.end});
    assert_int_equal(
        bootstrap_set_boot_cspace(info, cspace_simple1level_make_interface(&boot_slots), root_path),
        0);
    return info;
}

static int add_untyped(bootstrap_info_t *info, size_t index, bool with_address)
{
    const seL4_UntypedDesc *const ut = &world.bootinfo->untypedList[index];
    const cspacepath_t path = {.capPtr = world.bootinfo->untyped.start + index,
                               .capDepth = seL4_WordBits,
                               .root = ROOT_CNODE};
    size_t bits = ut->sizeBits;
    uintptr_t paddr = ut->paddr;
    return bootstrap_add_untypeds(info, 1, &path, &bits, with_address ? &paddr : NULL,
                                  ut->isDevice);
}

static void a_start_step_by_step(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        boot(&(struct start){0});
        bootstrap_info_t *const info = describe(POOL_BYTES);
        const size_t count = world.bootinfo->untyped.end - world.bootinfo->untyped.start;
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(add_untyped(info, i, i % 3 != 0), 0);
        }
        cspacepath_t old;
        allocman_t *const alloc =
            shapes[s].second
                ? bootstrap_new_2level(info, shapes[s].first, shapes[s].second, tcb_path,
                                       vspace_path, &old)
                : bootstrap_new_1level(info, shapes[s].first, tcb_path, vspace_path, &old);
        adopt(alloc);
        assert_int_equal(cap_at(old.capPtr).radix_bits, world.bootinfo->initThreadCNodeSizeBits);
        const cspacepath_t again = allocman_cspace_make_path(alloc, old.capPtr);
        assert_memory_equal(&old, &again, sizeof(old));
        check_laws();
        if (!shapes[s].second) {
            expect_only_untypeds_in_book();
        }
        const struct object frame = frame_make();
        object_free(&frame);
        stop(NULL);
    }
}

// Book memory that refuses one request, counted from now.
static struct {
    struct mspace_interface below;
    unsigned long nth; // 0: none
} stingy;

static void *stingy_alloc(allocman_t *alloc, void *cookie, size_t bytes, int *error)
{
    if (stingy.nth > 0 && --stingy.nth == 0) {
        SET_ERROR(error, ALLOCMAN_NO_BOOK);
        return NULL;
    }
    return stingy.below.alloc(alloc, cookie, bytes, error);
}

static allocman_t *start_described(bootstrap_info_t *info, struct shape shape, cspacepath_t *old,
                                   struct allocman_failure *why)
{
    return shape.second
               ? bootstrap_new_2level_why(info, shape.first, shape.second, tcb_path, vspace_path,
                                          old, why)
               : bootstrap_new_1level_why(info, shape.first, tcb_path, vspace_path, old, why);
}

// Refuses one invocation after the other, or one piece of book memory after the other, of one description. Whatever it
// is, the description and the kernel are as they were; in the end the start succeeds.
static void expect_description_to_stay(struct shape shape, bool by_kernel)
{
    static struct picture before;
    boot(&(struct start){0});
    initial_note();
    bootstrap_info_t *const info = describe(POOL_BYTES);
    struct bootstrap_managers *const managers = (struct bootstrap_managers *)world.pool;
    assert_int_equal(bootstrap_add_untypeds_from_bootinfo(info, world.bootinfo), 0);
    const size_t used = managers->mspace.fixed_pool.pages.used_bytes;
    stingy.below = managers->allocman.mspace;
    managers->allocman.mspace.alloc = stingy_alloc;
    picture_take(&before);
    struct allocman_failure why;
    assert_null(bootstrap_new_1level_why(info, 4, tcb_path, vspace_path, NULL, &why));
    assert_int_equal(why.status, ALLOCMAN_NO_SLOT);
    assert_null(bootstrap_new_2level_why(info, 10, 1, tcb_path, vspace_path, NULL, &why));
    assert_int_equal(why.status, ALLOCMAN_INVALID_ARGUMENT);
    allocman_t *alloc = NULL;
    cspacepath_t old;
    unsigned long nth = 0;
    while (!alloc) {
        nth++;
        stingy.nth = by_kernel ? 0 : nth;
        sel4model_refuse(by_kernel ? nth : 0, by_kernel ? seL4_RangeError : seL4_NoError);
        alloc = start_described(info, shape, &old, &why);
        if (!alloc) {
            assert_int_equal(why.status, by_kernel ? ALLOCMAN_KERNEL_REFUSED : ALLOCMAN_NO_BOOK);
            assert_int_equal(managers->mspace.fixed_pool.pages.used_bytes, used);
            assert_null(managers->two_level);
            sel4model_refuse(0, seL4_NoError);
            expect_undone(&before);
        }
    }
    assert_true(nth > world.bootinfo->untyped.end - world.bootinfo->untyped.start);
    stingy.nth = 0;
    sel4model_refuse(0, seL4_NoError);
    adopt(alloc);
    managers->allocman.mspace = stingy.below;
    cspace_simple1level_t boot_now = boot_slots;
    boot_now.config.cnode = old.capPtr;
    old_cspace = &boot_now;
    expect_initial();
    expect_work();
    stop(NULL);
}

static void a_failed_step_leaves_the_description(void **state)
{
    (void)state;
    static const struct shape some[] = {{12, 0}, {10, 10}, {14, 4}};
    for (size_t s = 0; s < sizeof(some) / sizeof(some[0]); s++) {
        expect_description_to_stay(some[s], true);
        expect_description_to_stay(some[s], false);
    }
}

static void missing_steps_are_told(void **state)
{
    (void)state;
    boot(&(struct start){0});
    struct allocman_failure why;
    assert_null(bootstrap_create_info(POOL_BYTES, NULL));
    assert_null(bootstrap_create_info(100, world.pool));
    assert_null(bootstrap_new_1level_why(NULL, 12, tcb_path, vspace_path, NULL, &why));
    assert_int_equal(why.status, ALLOCMAN_INVALID_ARGUMENT);
    bootstrap_info_t *info = bootstrap_create_info(POOL_BYTES, world.pool);
    assert_null(bootstrap_new_1level_why(info, 12, tcb_path, vspace_path, NULL, &why));
    assert_int_equal(why.status, ALLOCMAN_NOT_ATTACHED);
    info = describe(POOL_BYTES);
    assert_null(bootstrap_new_1level_why(info, 12, tcb_path, vspace_path, NULL, &why));
    assert_int_equal(why.status, ALLOCMAN_NO_RAM);
    assert_int_equal(bootstrap_add_untypeds(info, 1, NULL, NULL, NULL, false),
                     ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(bootstrap_add_untypeds(NULL, 0, NULL, NULL, NULL, false),
                     ALLOCMAN_INVALID_ARGUMENT);
    size_t bits[2] = {12, 3};
    const cspacepath_t paths[2] = {{.capPtr = 400, .root = 2, .capDepth = seL4_WordBits},
                                   {.capPtr = 401, .root = 2, .capDepth = seL4_WordBits}};
    assert_int_equal(bootstrap_add_untypeds(info, 2, paths, bits, NULL, false),
                     ALLOCMAN_INVALID_SIZE);
    assert_null(bootstrap_new_1level_why(info, 12, tcb_path, vspace_path, NULL,
                                         &why)); // not one of them was added
    assert_int_equal(why.status, ALLOCMAN_NO_RAM);
    assert_int_equal(bootstrap_set_boot_cspace(info, (cspace_interface_t){0}, root_path),
                     ALLOCMAN_INVALID_ARGUMENT);
    info = describe(sizeof(struct bootstrap_managers) + 4096);
    int error = 0;
    for (int i = 0; i < 200 && !error; i++) {
        error = add_untyped(info, boot_untyped(20, false, 0), true);
    }
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    assert_null(bootstrap_new_1level_why(info, 12, tcb_path, vspace_path, NULL, &why));
    assert_int_equal(why.status, ALLOCMAN_POOL_TOO_SMALL);
}

static void a_full_list_of_untypeds_is_told(void **state)
{
    (void)state;
    boot(&(struct start){0});
    static seL4_BootInfo full;
    full = *world.bootinfo;
    adopt(bootstrap_use_bootinfo(&full, POOL_BYTES, world.pool));
    assert_false(bootstrap_bootinfo_is_full(&full));
    assert_false(bootstrap_bootinfo_is_full(NULL));
    assert_false(world.managers->bootinfo_full);
    full.untyped.start = 100;
    full.untyped.end = full.untyped.start + CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS;
    for (size_t i = 0; i < CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS; i++) {
        full.untypedList[i] = (seL4_UntypedDesc){.paddr = i << 20, .sizeBits = 20};
    }
    assert_true(bootstrap_bootinfo_is_full(&full));
    adopt(bootstrap_use_bootinfo(&full, POOL_BYTES, world.pool));
    assert_true(world.managers->bootinfo_full);
    bootstrap_info_t *const info = describe(POOL_BYTES);
    assert_false(world.managers->bootinfo_full);
    assert_int_equal(bootstrap_add_untypeds_from_bootinfo(info, &full), 0);
    assert_true(world.managers->bootinfo_full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        booting_test(the_exact_pool_does),
        booting_test(nothing_of_the_start_stays),
        booting_test(every_slot_can_be_had),
        booting_test(impossible_shapes_are_refused),
        booting_test(a_refused_step_is_undone),
        booting_test(a_start_step_by_step),
        booting_test(a_failed_step_leaves_the_description),
        booting_test(missing_steps_are_told),
        booting_test(a_full_list_of_untypeds_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
