/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// A new CSpace from a simple: every capability that it knows keeps its number, and a start that is refused at any
// step is undone.

#include "../api/api_test.h"

#include <allocman/arch/reservation.h>

#include "in_tree/fake_simple.h"

enum { SLOTS = 1024 };

// log2 slots of the levels; second 0: one level.
struct shape {
    size_t first, second;
};

static const struct shape shapes[] = {{12, 0}, {17, 0}, {10, 10}, {12, 8}, {8, 12}};
enum { SHAPES = sizeof(shapes) / sizeof(shapes[0]) };

// A simple may tell what it knows in any order.
static seL4_CPtr nth_cap_from_the_image_on(void *data, int n)
{
    const int others = (int)seL4_NumInitialCaps + 3;
    return fake_nth_cap(data, (n + others) % fake_cap_count(data));
}

static bool from_the_image_on;

static allocman_t *start_new(struct shape shape, size_t bytes, struct allocman_failure *why)
{
    simple_t simple = fake_simple(world.bootinfo);
    simple.nth_cap = from_the_image_on ? nth_cap_from_the_image_on : simple.nth_cap;
    return shape.second
               ? bootstrap_new_2level_simple_why(&simple, shape.first, shape.second, bytes,
                                                 world.pool, why)
               : bootstrap_new_1level_simple_why(&simple, shape.first, bytes, world.pool, why);
}

static struct sel4model_cap before[SLOTS];
static unsigned long caps_before;

static void remember(void)
{
    for (seL4_CPtr slot = 0; slot < SLOTS; slot++) {
        before[slot] = cap_at(slot);
    }
    caps_before = sel4model_live_caps();
}

static seL4_CPtr last_known(void)
{
    return world.bootinfo->untyped.end - 1;
}

// Is it what it was, apart from what became of an untyped's memory?
static void expect_same(seL4_CPtr slot)
{
    const struct sel4model_cap now = cap_at(slot);
    if (now.kind != before[slot].kind || now.object_type != before[slot].object_type ||
        now.paddr != before[slot].paddr || now.size_bits != before[slot].size_bits) {
        fail_msg("slot %lu is not as it was", (unsigned long)slot);
    }
}

static bool simple_knows(seL4_CPtr slot)
{
    simple_t simple = fake_simple(world.bootinfo);
    for (int n = 0; n < simple_get_cap_count(&simple); n++) {
        if (simple_get_nth_cap(&simple, n) == slot) {
            return true;
        }
    }
#ifdef CONFIG_KERNEL_MCS
    for (int core = 0; core < simple_get_core_count(&simple); core++) {
        if (simple_get_sched_ctrl(&simple, core) == slot) {
            return true;
        }
    }
#endif
    return false;
}

static void expect_arrival(struct shape shape)
{
    size_t arrived = 0;
    assert_true(last_known() + 1 < SLOTS);
    for (seL4_CPtr slot = 1; slot <= last_known(); slot++) {
        if (slot == seL4_CapInitThreadCNode) {
            assert_int_equal(cap_at(slot).radix_bits, shape.first);
            assert_int_equal(cap_at(slot).guard_bits, seL4_WordBits - shape.first - shape.second);
        } else if (simple_knows(slot)) {
            expect_same(slot);
            arrived++;
        } else {
            assert_true(is_empty(slot));
        }
    }
    assert_true(arrived > range_slots(world.bootinfo->untyped) + 10);
    // The old root stands above all of them, and what the simple does not know is still there.
    const seL4_CPtr old = last_known() + 1;
    assert_int_equal(cap_at(old).kind, SEL4MODEL_CAP_CNODE);
    assert_int_equal(cap_at(old).radix_bits, world.bootinfo->initThreadCNodeSizeBits);
    for (seL4_CPtr slot = 4; slot <= last_known(); slot++) {
        struct sel4model_cap cap;
        assert_true(sel4model_inspect((struct sel4model_path){old, slot, seL4_WordBits}, &cap));
        assert_int_equal(cap.kind, simple_knows(slot) ? SEL4MODEL_CAP_NULL : before[slot].kind);
    }
    assert_failure(ALLOCMAN_OK);
    assert_int_equal(world.alloc->counts.misuse, 0);
    struct allocman_violation violation;
    if (!allocman_check(world.alloc, &violation)) {
        fail_msg("%s: %s", allocman_law_text(violation.law), violation.what);
    }
}

// Frames can be had and mapped where the simple says that the VSpace is; the CSpace's slots lie above what it knows.
static void expect_work(void)
{
    static struct object objects[64];
    for (size_t i = 0; i < 64; i++) {
        objects[i] = object_make(i % 2 ? seL4_EndpointObject : FRAME,
                                 i % 2 ? seL4_EndpointBits : FRAME_BITS);
        assert_true(objects[i].path.capPtr > last_known() + 1);
    }
    for (size_t i = 0; i < 64; i++) {
        object_free(&objects[i]);
    }
    bootstrap_configure_virtual_pool(world.alloc, sel4model_free_vaddr(1 << 20), 1 << 20, VSPACE);
    assert_failure(ALLOCMAN_OK);
    void *const block = allocman_mspace_alloc(world.alloc, 100000, NULL);
    assert_non_null(block);
    memset(block, 1, 100000);
    allocman_sel4_arch_configure_reservations(world.alloc);
    assert_failure(ALLOCMAN_OK);
    assert_true(world.alloc->untyped_reserves->count > 0);
}

static void every_capability_keeps_its_number(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        boot(&(struct start){0});
        remember();
        struct allocman_failure why = {0};
        assert_null(start_new(shapes[s], 1000, &why));
        assert_int_equal(why.status, ALLOCMAN_POOL_TOO_SMALL);
        const size_t bytes = (size_t)why.needed;
        memset(world.pool, 0xa5, sizeof(world.pool));
        sel4model_counters_reset();
        assert_null(start_new(shapes[s], bytes - 1, &why));
        assert_int_equal(why.status, ALLOCMAN_POOL_TOO_SMALL);
        assert_no_invocations();
        assert_int_equal((unsigned char)world.pool[0], 0xa5);
        adopt(start_new(shapes[s], bytes, &why));
        for (size_t i = bytes; i < sizeof(world.pool); i++) {
            assert_int_equal((unsigned char)world.pool[i], 0xa5);
        }
        expect_arrival(shapes[s]);
        expect_work();
        stop(NULL);
    }
}

static void expect_undone(void)
{
    assert_int_equal(sel4model_live_caps(), caps_before);
    for (seL4_CPtr slot = 0; slot < SLOTS; slot++) {
        expect_same(slot);
    }
}

static void a_refused_step_is_undone(void **state)
{
    (void)state;
    for (size_t s = 0; s < SHAPES; s++) {
        from_the_image_on = s % 2 != 0;
        boot(&(struct start){0});
        remember();
        allocman_t *alloc = NULL;
        unsigned long nth = 0;
        while (!alloc) {
            struct allocman_failure why = {0};
            struct sel4model_counters counters;
            sel4model_refuse(++nth, seL4_IllegalOperation);
            sel4model_counters_reset();
            alloc = start_new(shapes[s], POOL_BYTES, &why);
            sel4model_counters_get(&counters);
            if (!alloc) {
                assert_int_equal(why.status, ALLOCMAN_KERNEL_REFUSED);
                assert_int_equal(why.kernel_error, seL4_IllegalOperation);
                expect_undone();
            } else if (counters.injected) { // the very last step is only tidying up
                assert_int_equal(counters.refused[SEL4MODEL_CNode_Delete], 1);
            }
        }
        sel4model_refuse(0, seL4_NoError);
        assert_true(nth > range_slots(world.bootinfo->untyped) +
                              range_slots(world.bootinfo->userImageFrames));
        adopt(alloc);
        expect_arrival(shapes[s]);
        stop(NULL);
    }
    from_the_image_on = false;
}

static void impossible_starts_are_refused(void **state)
{
    (void)state;
    boot(&(struct start){0});
    remember();
    sel4model_counters_reset();
    struct allocman_failure why = {0};
    simple_t simple = fake_simple(world.bootinfo);
    assert_null(
        start_new((struct shape){6, 0}, POOL_BYTES, &why)); // smaller than what has to stand there
    assert_int_equal(why.status, ALLOCMAN_NO_SLOT);
    assert_null(start_new((struct shape){seL4_WordBits == 64 ? 30 : 25, 0}, POOL_BYTES, &why));
    assert_int_equal(why.status, ALLOCMAN_NO_UNTYPED);
    assert_null(start_new((struct shape){0, 0}, POOL_BYTES, &why));
    assert_int_equal(why.status, ALLOCMAN_INVALID_ARGUMENT);
    assert_null(bootstrap_new_2level_simple_why(&simple, 12, 1, POOL_BYTES, world.pool, &why));
    assert_int_equal(why.status, ALLOCMAN_INVALID_ARGUMENT);
    assert_null(bootstrap_new_2level_simple(&simple, 12, 1, POOL_BYTES, world.pool));
    assert_null(bootstrap_new_1level_simple(NULL, 12, POOL_BYTES, world.pool));
    assert_null(bootstrap_new_1level_simple(&simple, 12, POOL_BYTES, NULL));
    simple.nth_cap = NULL;
    assert_null(bootstrap_new_1level_simple(&simple, 12, POOL_BYTES, world.pool));
    assert_null(bootstrap_use_current_simple(&simple, POOL_BYTES, world.pool));
    assert_no_invocations();
    expect_undone();
}

static void no_slot_for_the_new_root(void **state)
{
    (void)state;
    boot(&(struct start){0});
    simple_t simple = fake_simple(world.bootinfo);
    struct allocman_failure why = {0};
    while (((seL4_CPtr)1 << world.bootinfo->initThreadCNodeSizeBits) >
           world.bootinfo->untyped.end) {
        world.bootinfo->initThreadCNodeSizeBits--; // as if it ended below what stands there
    }
    assert_null(bootstrap_new_1level_simple_why(&simple, 12, POOL_BYTES, world.pool, &why));
    assert_int_equal(why.status, ALLOCMAN_NO_SLOT);
    assert_int_equal(why.needed, 1);
    assert_int_equal(why.available, 0);
    assert_null(bootstrap_use_current_simple_why(&simple, POOL_BYTES, world.pool, &why));
    assert_int_equal(why.status, ALLOCMAN_NO_SLOT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        booting_test(every_capability_keeps_its_number),
        booting_test(a_refused_step_is_undone),
        booting_test(impossible_starts_are_refused),
        booting_test(no_slot_for_the_new_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
