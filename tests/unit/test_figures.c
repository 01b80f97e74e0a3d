/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What random runs come to in numbers: every law would hold for an allocator that cuts elsewhere, keeps more in hand or asks the
// kernel more often, but these numbers would not be the same. Who changes that on purpose writes down what the test prints.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "rig.h"

// Written down for these machines.
#if defined(CONFIG_ARCH_X86_64) && !defined(CONFIG_KERNEL_MCS)
#define HAS_FIGURES 1
#else
#define HAS_FIGURES 0
#endif

#if HAS_FIGURES
enum { STEPS = 1500, SEED = 7 };

// Of one run, when all that it has is still there.
struct figures {
    unsigned long invocations, retypes, deletes;
    size_t splits, merges, growths, own_slots, groups;
    size_t untyped_book, book_used, book_pages, headroom; // bytes
    size_t things, refusals;
    uint32_t places; // of all objects: a digest of slots and addresses
};

static struct figures last;

static size_t headroom_wanted(const allocman_t *alloc)
{
    size_t bytes = 0;
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        bytes += (size_t)alloc->headroom[i].bytes * alloc->headroom[i].wanted;
    }
    return bytes;
}

static uint32_t places_of(const struct rig *rig)
{
    uint32_t digest = UINT32_C(0x811c9dc5);
    for (size_t i = 0; i < rig->room; i++) {
        const struct thing *const thing = &rig->thing[i];
        if (thing->kind == THING_OBJECT) {
            digest = (digest ^ (uint32_t)thing->slot) * UINT32_C(0x01000193);
            digest = (digest ^ (uint32_t)(thing->paddr >> 4)) * UINT32_C(0x01000193);
        }
    }
    return digest;
}

static void look(const struct rig *rig)
{
    const struct bootstrap_managers *const m = rig->world.managers;
    const struct split_totals *const t = &m->utspace.totals;
    const struct book_pages *const fixed = &m->mspace.fixed_pool.pages;
    const struct book_pages *const grown = &m->mspace.virtual_pool.pages;
    const bool grows = m->mspace.have_virtual_pool;
    last = (struct figures){.invocations = sel4model_invocations(SEL4MODEL_ANY_INVOCATION),
                            .retypes = sel4model_invocations(SEL4MODEL_Untyped_Retype),
                            .deletes = sel4model_invocations(SEL4MODEL_CNode_Delete),
                            .splits = t->splits,
                            .merges = t->merges,
                            .growths = m->allocman.counts.growths,
                            .own_slots = t->own_slots,
                            .groups = t->groups,
                            .untyped_book = t->book_bytes,
                            .book_used = fixed->used_bytes + (grows ? grown->used_bytes : 0),
                            .book_pages = fixed->page_bytes + (grows ? grown->page_bytes : 0),
                            .headroom = headroom_wanted(&m->allocman),
                            .things = rig->things,
                            .refusals = rig->refusals,
                            .places = places_of(rig)};
}

// clang-format off
static const struct {
    struct rig_config config;
    struct figures expected;
} runs[] = {
    {{.name = "no_virtual_pool", .world = {.record = MACHINE},
      .things_max = 300, .untyped_max = 24, .book_max = 5000},
     {1202, 591, 270, 305, 300, 0, 34, 101, 9000, 9936, 12192, 0, 4, 219, 0x8a98f555}},
    {{.name = "virtual_64m", .world = {.record = MACHINE, .virtual_bytes = (size_t)64 << 20},
      .things_max = 600, .untyped_max = 24, .book_max = 200000, .large_frames = true},
     {2549, 1196, 754, 298, 227, 33, 678, 167, 14988, 20240, 36768, 3752, 112, 11, 0x86383f24}},
    {{.name = "virtual_400k", .world = {.record = MACHINE, .empty_slots = 8192 - 409, .virtual_bytes = 400 << 10, .pool_bytes = 80 << 10},
      .things_max = 1500, .untyped_max = 20, .book_max = 200000},
     {3209, 1468, 817, 492, 384, 27, 682, 204, 17720, 200816, 225216, 3144, 113, 3, 0x6e1ec19c}},
    {{.name = "virtual_3_pages", .world = {.record = MACHINE, .empty_slots = 1500, .virtual_bytes = 3 << 12},
      .things_max = 800, .untyped_max = 24, .book_max = 5000},
     {1542, 801, 348, 395, 342, 6, 322, 149, 12960, 17072, 24480, 3144, 31, 210, 0xf22b67dc}},
    {{.name = "tiny_cspace", .world = {.record = MACHINE, .empty_slots = 64},
      .things_max = 80, .untyped_max = 24, .book_max = 3000},
     {995, 515, 236, 218, 208, 0, 38, 106, 9376, 10000, 12192, 0, 26, 357, 0x8f20c261}},
    {{.name = "tiny_cspace_virtual", .world = {.record = MACHINE, .empty_slots = 64, .virtual_bytes = 1 << 20},
      .things_max = 80, .untyped_max = 24, .book_max = 9000},
     {808, 403, 198, 147, 134, 25, 40, 109, 9604, 55840, 61344, 3144, 40, 418, 0x806be7b9}},
    {{.name = "two_levels", .world = {.record = MACHINE, .level_one_bits = 5, .level_two_bits = 6, .virtual_bytes = (size_t)16 << 20},
      .things_max = 1500, .untyped_max = 20, .book_max = 20000},
     {2311, 1154, 513, 462, 332, 58, 716, 226, 19620, 130160, 141632, 3464, 130, 0, 0x357a9e79}},
    {{.name = "two_levels_small", .world = {.record = MACHINE, .level_one_bits = 12, .level_two_bits = 4, .virtual_bytes = (size_t)1 << 20},
      .things_max = 800, .untyped_max = 24, .book_max = 9000},
     {2444, 1231, 557, 406, 296, 133, 604, 209, 18048, 702800, 738080, 4424, 299, 0, 0x1ee0f912}},
    {{.name = "device_ram", .world = {.record = MACHINE, .device_ram = true, .virtual_bytes = (size_t)16 << 20},
      .things_max = 600, .untyped_max = 24, .book_max = 20000, .large_frames = true},
     {1851, 962, 514, 306, 244, 33, 590, 158, 14268, 19472, 36768, 3752, 110, 11, 0x5cdd127e}},
    {{.name = "reserves", .world = {.record = MACHINE, .empty_slots = 600, .pool_bytes = 40 << 10},
      .things_max = 500, .untyped_max = 24, .book_max = 3000, .reserves = true},
     {1283, 729, 345, 226, 123, 0, 474, 199, 17268, 32880, 36800, 0, 121, 275, 0xf7e98cc4}},
    {{.name = "reserves_virtual", .world = {.record = MACHINE, .empty_slots = 1500, .virtual_bytes = 1 << 20},
      .things_max = 700, .untyped_max = 24, .book_max = 9000, .reserves = true},
     {1613, 766, 379, 266, 259, 89, 146, 103, 9484, 332928, 389024, 3144, 145, 0, 0xfa377df1}},
    {{.name = "machine_3g", .world = {.record = "pc99-3g", .virtual_bytes = (size_t)64 << 20},
      .things_max = 600, .untyped_max = 24, .book_max = 200000, .large_frames = true},
     {2633, 1233, 787, 302, 208, 34, 752, 192, 16892, 22480, 37120, 3992, 114, 7, 0xc0211162}},
    {{.name = "machine_400g", .world = {.record = "pc99-400g", .virtual_bytes = (size_t)64 << 20},
      .things_max = 600, .untyped_max = 24, .book_max = 200000, .large_frames = true},
     {6024, 2923, 531, 311, 262, 199, 2468, 167, 16056, 7965664, 8013632, 4552, 478, 0, 0x622a5406}},
};
// clang-format on

static void test_figures(void **state)
{
    (void)state;
    bool all = true;
    for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
        struct rig_config config = runs[i].config;
        const struct figures *const e = &runs[i].expected;
        config.at_end = look;
        config.deep_every = STEPS;
        config.check_every = STEPS;
        rig_write(&config, 0, SEED, STEPS, NULL);
        if (memcmp(&last, e, offsetof(struct figures, places) + sizeof(last.places)) != 0) {
            all = false;
            print_message("%s: {%lu, %lu, %lu, %zu, %zu, %zu, %zu, %zu, %zu, %zu, %zu, %zu, %zu, "
                          "%zu, 0x%08x}\n",
                          config.name, last.invocations, last.retypes, last.deletes, last.splits,
                          last.merges, last.growths, last.own_slots, last.groups, last.untyped_book,
                          last.book_used, last.book_pages, last.headroom, last.things,
                          last.refusals, last.places);
        }
    }
    assert_true(all);
}

#endif

int main(void)
{
#if HAS_FIGURES
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_figures)};
    return cmocka_run_group_tests(tests, NULL, NULL);
#else
    return 0; // the runs go on in property/test_random
#endif
}
