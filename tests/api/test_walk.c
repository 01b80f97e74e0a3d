/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What the untyped manager tells of its blocks, held against what the kernel knows.

#include "api_test.h"

// Sums of one walk.
struct sums {
    uint64_t free_bytes[3], allocated_bytes[3];
    size_t free_blocks, allocated_blocks, set_aside;
};

static const utspace_split_t *split(void)
{
    return &world.managers->utspace;
}

static void expect_block(const struct utspace_split_block *block)
{
    const struct sel4model_cap cap = cap_at(block->capability);
    assert_int_equal(cap.kind, SEL4MODEL_CAP_UNTYPED);
    assert_int_equal(cap.size_bits, block->size_bits);
    assert_int_equal(cap.is_device, block->kind != ALLOCMAN_UT_KERNEL);
    assert_int_equal(cap.has_children, block->allocated || block->set_aside);
    assert_true(block->paddr == ALLOCMAN_NO_PADDR || block->paddr == cap.paddr);
    assert_int_equal(cap_at(block->root).paddr + block->root_offset, cap.paddr);
    assert_int_equal(cap_at(block->root).size_bits, block->root_bits);
}

static struct sums walk(void)
{
    struct sums sums = {0};
    struct utspace_split_cursor cursor = {0};
    struct utspace_split_block block;
    seL4_CPtr root = 0;
    seL4_Word next_offset = 0;
    while (utspace_split_next_block(split(), &cursor, &block)) {
        expect_block(&block);
        next_offset = block.root == root ? next_offset : 0;
        root = block.root;
        assert_int_equal(block.root_offset, next_offset); // rising, without gap
        next_offset += (seL4_Word)1 << block.size_bits;
        const uint64_t bytes = (uint64_t)1 << block.size_bits;
        if (block.set_aside) {
            sums.set_aside++;
        } else if (block.allocated) {
            sums.allocated_bytes[block.kind] += bytes;
            sums.allocated_blocks++;
        } else {
            sums.free_bytes[block.kind] += bytes;
            sums.free_blocks++;
        }
    }
    assert_false(utspace_split_next_block(split(), &cursor, &block)); // the end stays the end
    return sums;
}

static void a_walk_meets_every_byte_once(void **state)
{
    (void)state;
    struct sums sums = walk();
    assert_int_equal(sums.free_blocks, totals()->roots);
    assert_memory_equal(sums.free_bytes, totals()->free_bytes, sizeof(sums.free_bytes));
    enum { COUNT = 400 };
    static struct object object[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        object[i] = i % 50 == 49 ? object_at(FRAME, 12, boot_device_page((unsigned)(i / 50)))
                                 : object_make(seL4_UntypedObject, 4 + (i * 7) % 18);
    }
    for (size_t i = 0; i < COUNT; i += 3) {
        object_free(&object[i]);
    }
    sums = walk();
    assert_int_equal(sums.allocated_blocks, totals()->allocated);
    assert_memory_equal(sums.free_bytes, totals()->free_bytes, sizeof(sums.free_bytes));
    for (size_t i = 0; i < COUNT; i++) {
        if (i % 3) {
            object_free(&object[i]);
        }
    }
    sel4model_counters_reset();
    sums = walk();
    assert_no_invocations();
    assert_int_equal(sums.allocated_blocks, 0);
}

static void the_walk_tells_what_was_set_aside(void **state)
{
    (void)state;
    const size_t used = boot_untyped(20, false, 0);
    assert_int_equal(seL4_Untyped_Retype(world.bootinfo->untyped.start + used, FRAME, 12,
                                         ROOT_CNODE, 0, 0, seL4_CapIOSpace, 1),
                     seL4_NoError);
    assert_int_equal(boot_untyped_add(used, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(used)),
                     ALLOCMAN_OK);
    struct object object;
    assert_int_not_equal(object_try(FRAME, 12, ALLOCMAN_NO_PADDR, false, &object), ALLOCMAN_OK);
    const struct sums sums = walk();
    assert_int_equal(sums.set_aside, 1);
    assert_int_equal(sums.free_blocks + sums.allocated_blocks, 0);
}

static void the_largest_free_block_is_told(void **state)
{
    (void)state;
    assert_int_equal(utspace_split_largest_free_bits(split(), ALLOCMAN_UT_KERNEL), 0);
    assert_int_equal(utspace_split_largest_free_bits(split(), ALLOCMAN_UT_DEV_MEM), 0);
    struct utspace_split_cursor cursor = {0};
    struct utspace_split_block block;
    assert_false(utspace_split_next_block(split(), &cursor, &block));
    const size_t small = boot_ram_above(20);
    const unsigned small_bits = boot_untyped_bits(small);
    const size_t large = boot_ram_above(small_bits + 1);
    const unsigned large_bits = boot_untyped_bits(large);
    const size_t device = boot_untyped(29, true, 0);
    assert_int_equal(boot_untyped_add(small, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(small)),
                     ALLOCMAN_OK);
    assert_int_equal(boot_untyped_add(large, ALLOCMAN_UT_KERNEL, boot_untyped_paddr(large)),
                     ALLOCMAN_OK);
    assert_int_equal(boot_untyped_add(device, ALLOCMAN_UT_DEV_MEM, boot_untyped_paddr(device)),
                     ALLOCMAN_OK);
    assert_int_equal(utspace_split_largest_free_bits(split(), ALLOCMAN_UT_KERNEL), large_bits);
    assert_int_equal(utspace_split_largest_free_bits(split(), ALLOCMAN_UT_DEV_MEM),
                     boot_untyped_bits(device));
    const struct object object = object_make(seL4_UntypedObject, large_bits);
    assert_int_equal(utspace_split_largest_free_bits(split(), ALLOCMAN_UT_KERNEL), small_bits);
    object_free(&object);
    assert_int_equal(utspace_split_largest_free_bits(split(), ALLOCMAN_UT_KERNEL), large_bits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        roomy_test(a_walk_meets_every_byte_once),
        bare_test(the_walk_tells_what_was_set_aside),
        bare_test(the_largest_free_block_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
