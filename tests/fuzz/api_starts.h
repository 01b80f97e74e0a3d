/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Starts of the targets that have a whole allocman: a small machine, so that all of it can be looked at
// often.
#pragma once

#include "rig.h"

#define SMALL_MACHINE "../../tests/fuzz/pc99-small" // from RECORD_DIR

static const struct rig_config api_starts[] = {
    {.name = "virtual_pool", .world = {.virtual_bytes = 1 << 20}},
    {.name = "no_virtual_pool", .world = {.virtual_bytes = 0}},
    {.name = "tiny_cspace", .world = {.empty_slots = 64, .virtual_bytes = 1 << 20}},
    {.name = "two_levels",
     .world = {.level_one_bits = 5, .level_two_bits = 6, .virtual_bytes = 1 << 20}},
    {.name = "two_levels_small",
     .world = {.level_one_bits = 8, .level_two_bits = 4, .virtual_bytes = 1 << 20}},
    {.name = "reserves", .world = {.empty_slots = 600, .virtual_bytes = 1 << 20}, .reserves = true},
    {.name = "virtual_3_pages", .world = {.empty_slots = 300, .virtual_bytes = 3 << 12}},
    {.name = "device_ram", .world = {.device_ram = true, .virtual_bytes = 1 << 20}},
    {.name = "withheld", .world = {.withheld = 8, .virtual_bytes = 1 << 20}},
    {.name = "withheld_static", .world = {.withheld = 8}},
};

enum { API_STARTS = sizeof(api_starts) / sizeof(api_starts[0]) };

// One of them, with what is the same in all.
static inline struct rig_config api_start(unsigned start)
{
    struct rig_config config = api_starts[start];
    config.world.record = SMALL_MACHINE;
    config.check_every = 4;
    config.deep_every = 16;
    config.things_max = 250;
    config.untyped_max = 22;
    config.book_max = 20000;
    config.large_frames = true;
    return config;
}
