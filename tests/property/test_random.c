/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Random operations on several machines; all laws after each. `test_random <name>` runs one of
// them.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rig.h"

static const struct rig_config configs[] = {
    {.name = "no_virtual_pool",
     .world = {.record = MACHINE},
     .steps = 2000, .deep_every = 50, .things_max = 300, .untyped_max = 24, .book_max = 5000},
    {.name = "virtual_64m",
     .world = {.record = MACHINE, .virtual_bytes = (size_t)64 << 20},
     .steps = 2000, .deep_every = 50, .things_max = 600, .untyped_max = 24, .book_max = 200000, .large_frames = true},
    {.name = "virtual_400k",
     .world = {.record = MACHINE, .empty_slots = 8192 - 409, .virtual_bytes = 400 << 10, .pool_bytes = 80 << 10},
     .steps = 2000, .deep_every = 20, .things_max = 1500, .untyped_max = 20, .book_max = 200000},
    {.name = "virtual_3_pages",
     .world = {.record = MACHINE, .empty_slots = 1500, .virtual_bytes = 3 << 12},
     .steps = 2000, .deep_every = 5, .things_max = 800, .untyped_max = 24, .book_max = 5000},
    {.name = "tiny_cspace",
     .world = {.record = MACHINE, .empty_slots = 64},
     .steps = 3000, .deep_every = 1, .things_max = 80, .untyped_max = 24, .book_max = 3000},
    {.name = "tiny_cspace_virtual",
     .world = {.record = MACHINE, .empty_slots = 64, .virtual_bytes = 1 << 20},
     .steps = 3000, .deep_every = 1, .things_max = 80, .untyped_max = 24, .book_max = 9000},
    {.name = "two_levels",
     .world = {.record = MACHINE, .level_one_bits = 5, .level_two_bits = 6, .virtual_bytes = (size_t)16 << 20},
     .steps = 3000, .deep_every = 20, .things_max = 1500, .untyped_max = 20, .book_max = 20000},
    {.name = "two_levels_small",
     .world = {.record = MACHINE, .level_one_bits = 12, .level_two_bits = 4, .virtual_bytes = (size_t)1 << 20},
     .steps = 2000, .deep_every = 20, .things_max = 800, .untyped_max = 24, .book_max = 9000},
    {.name = "device_ram",
     .world = {.record = MACHINE, .device_ram = true, .virtual_bytes = (size_t)16 << 20},
     .steps = 2000, .deep_every = 20, .things_max = 600, .untyped_max = 24, .book_max = 20000, .large_frames = true},
    {.name = "reserves",
     .world = {.record = MACHINE, .empty_slots = 600, .pool_bytes = 40 << 10},
     .steps = 3000, .deep_every = 10, .things_max = 500, .untyped_max = 24, .book_max = 3000, .reserves = true},
    {.name = "reserves_virtual",
     .world = {.record = MACHINE, .empty_slots = 1500, .virtual_bytes = 1 << 20},
     .steps = 3000, .deep_every = 20, .things_max = 700, .untyped_max = 24, .book_max = 9000, .reserves = true},
#if defined(CONFIG_ARCH_X86_64) && !defined(CONFIG_KERNEL_MCS) // there are records of larger machines
    {.name = "machine_3g",
     .world = {.record = "pc99-3g", .virtual_bytes = (size_t)64 << 20},
     .steps = 1000,
     .deep_every = 100,
     .things_max = 600,
     .untyped_max = 24,
     .book_max = 200000,
     .large_frames = true},
    {.name = "machine_400g",
     .world = {.record = "pc99-400g", .virtual_bytes = (size_t)64 << 20},
     .steps = 1000, .deep_every = 100, .things_max = 600, .untyped_max = 24, .book_max = 200000, .large_frames = true},
#endif
};

#define RANDOM_TEST(index)                                                                         \
    {                                                                                              \
        .name = NULL, .test_func = run, .initial_state = (void *)(uintptr_t)&configs[index]        \
    }

static void run(void **state)
{
    rig_run(*state);
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[] = {RANDOM_TEST(0), RANDOM_TEST(1), RANDOM_TEST(2), RANDOM_TEST(3),
                                 RANDOM_TEST(4), RANDOM_TEST(5), RANDOM_TEST(6), RANDOM_TEST(7),
                                 RANDOM_TEST(8), RANDOM_TEST(9), RANDOM_TEST(10),
#if defined(CONFIG_ARCH_X86_64) && !defined(CONFIG_KERNEL_MCS)
                                 RANDOM_TEST(11), RANDOM_TEST(12)
#endif
    };
    _Static_assert(sizeof(tests) / sizeof(tests[0]) == sizeof(configs) / sizeof(configs[0]), "one test a configuration");
    for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++) {
        tests[i].name = configs[i].name;
    }
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
