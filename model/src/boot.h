/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Booting: what is known while the initial objects are made. */
#pragma once

#include "record.h"
#include "slot.h"

/* A run of physical addresses that no untyped covers. */
struct gap {
    uint64_t start;
    uint64_t end;
};

struct boot {
    const struct record *record;
    struct slot *slots; /* of the root CNode */
    uintptr_t image_vaddr;
    size_t gap_count;
    struct gap gaps[CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS + 2];
};

/* Find a place for a boot object of this many bytes, a power of two unless it is pages; its
 * kernel address. The addresses are in no untyped, as on a real machine, but not the ones that a
 * real kernel would choose. */
uint64_t model_boot_place(struct boot *boot, uint64_t bytes);
