/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Which pieces of an untyped are RAM, against a look at every byte.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <in_tree/ram.h>

#include "rng.h"

enum { GRANULE = 1 << seL4_MinUntypedBits, REGIONS_MAX = 6 };

static bool byte_is_ram(const pmem_region_t *regions, size_t count, uint64_t address)
{
    for (size_t i = 0; i < count; i++) {
        if (regions[i].type == PMEM_TYPE_RAM && address >= regions[i].base_addr &&
            address - regions[i].base_addr < regions[i].length) {
            return true;
        }
    }
    return false;
}

static bool granule_is_ram(const pmem_region_t *regions, size_t count, uint64_t address)
{
    for (uint64_t i = 0; i < GRANULE; i++) {
        if (!byte_is_ram(regions, count, address + i)) {
            return false;
        }
    }
    return true;
}

// The pieces lie one behind the other, each aligned to its size, all of it RAM or none; and no two of them could be one.
static void expect_pieces(const pmem_region_t *regions, size_t count, uint64_t base, unsigned bits)
{
    struct am_ram ram[REGIONS_MAX];
    const size_t ranges = am_ram_ranges(ram, regions, count);
    assert_true(ranges <= count);
    struct am_ram_piece before = {0};
    uint64_t at = 0, before_at = 0;
    while (at < (uint64_t)1 << bits) {
        const struct am_ram_piece piece = am_ram_piece(ram, ranges, base, bits, at);
        const uint64_t bytes = (uint64_t)1 << piece.bits;
        assert_true(piece.bits >= seL4_MinUntypedBits);
        assert_int_equal(at % bytes, 0);
        for (uint64_t i = 0; i < bytes; i += GRANULE) {
            assert_int_equal(granule_is_ram(regions, count, base + at + i), piece.is_ram);
        }
        const bool joins = at > 0 && before.bits == piece.bits && before.is_ram == piece.is_ram;
        assert_false(joins && before_at % (2 * bytes) == 0);
        before = piece;
        before_at = at;
        at += bytes;
    }
    assert_int_equal(at, (uint64_t)1 << bits);
}

// Regions near an untyped: some beyond it, some across its ends, some unaligned, in no order.
static void random_regions(void **state)
{
    (void)state;
    struct rng rng = {.state = 4711};
    for (unsigned round = 0; round < 20000; round++) {
        const unsigned bits = 4 + (unsigned)rng_below(&rng, 6);
        const uint64_t bytes = (uint64_t)1 << bits;
        const uint64_t top = round % 3 == 0 ? UINT64_C(1) << 32 : UINT64_C(1) << 20;
        const uint64_t base =
            top - bytes * (1 + rng_below(&rng, 3)) - (uint64_t)rng_below(&rng, 2) * 3 * GRANULE;
        const uint64_t step = rng_below(&rng, 2) ? GRANULE : 1;
        pmem_region_t regions[REGIONS_MAX];
        const size_t count = (size_t)rng_below(&rng, REGIONS_MAX + 1);
        for (size_t i = 0; i < count; i++) {
            regions[i] = (pmem_region_t){
                .type = rng_below(&rng, 4) ? PMEM_TYPE_RAM : PMEM_TYPE_UNKNOWN,
                .base_addr = base - bytes + rng_below(&rng, (uint64_t)3 * bytes) / step * step,
                .length = rng_below(&rng, 2 * bytes) / step * step};
        }
        expect_pieces(regions, count, base, bits);
    }
}

// All memory from `base` on; its end has no address in 64 bits, or, at 2^32, in 32.
static void regions_to_the_top(void **state)
{
    (void)state;
    struct am_ram ram[3];
    const pmem_region_t above[] = {{PMEM_TYPE_RAM, UINT64_MAX - 0xfff, 0x1000},
                                   {PMEM_TYPE_RAM, 0x1000, UINT64_MAX}};
    assert_int_equal(am_ram_ranges(ram, above, 1), 1);
    assert_int_equal(ram[0].first, UINT64_MAX - 0xfff);
    assert_int_equal(ram[0].last, UINT64_MAX);
    assert_int_equal(am_ram_ranges(ram, above, 2), 1);
    assert_int_equal(ram[0].first, 0x1000);
    assert_int_equal(ram[0].last, UINT64_MAX);
    const pmem_region_t last_megabyte = {PMEM_TYPE_RAM, 0xfff00000, 0x100000};
    expect_pieces(&last_megabyte, 1, 0xff000000, 24);
    assert_true(am_ram_can_cut(0xff000000, 24));
    assert_true(am_ram_can_cut((uint64_t)UINTPTR_MAX - 0xfff, 12));
    assert_false(am_ram_can_cut((uint64_t)UINTPTR_MAX - 0xfff, 13));
    assert_false(am_ram_can_cut(ALLOCMAN_NO_PADDR, 12));
}

static void regions_that_are_none(void **state)
{
    (void)state;
    struct am_ram ram[3];
    const pmem_region_t regions[] = {
        {PMEM_TYPE_RAM, 0x1000, 0}, {PMEM_TYPE_DEVICE, 0, 0x100000}, {PMEM_TYPE_RAM, 0x2001, 0x1e}};
    assert_int_equal(am_ram_ranges(ram, regions, 3), 0);
    // Two halves of a granule that touch make one.
    const pmem_region_t halves[] = {
        {PMEM_TYPE_RAM, 0x2008, 0x18}, {PMEM_TYPE_RAM, 0x2001, 7}, {PMEM_TYPE_RAM, 0x1ff8, 9}};
    assert_int_equal(am_ram_ranges(ram, halves, 3), 1);
    assert_int_equal(ram[0].first, 0x2000);
    assert_int_equal(ram[0].last, 0x201f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_regions),
        cmocka_unit_test(regions_to_the_top),
        cmocka_unit_test(regions_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
