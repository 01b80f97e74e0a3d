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

/* paging.c: the initial address space. */
/* log2 of the range that the image's virtual address must be aligned to, so that `tables` paging
 * structures map it; 0 if they cannot map `pages` pages. */
unsigned model_boot_image_bits(size_t tables, size_t pages);
/* Make the initial VSpace and the paging structures of the image; address of each from the boot. */
void model_boot_vspace(struct boot *boot);
/* Enter a frame into the initial VSpace and map it into the host; the capability that says so. */
struct cap model_boot_frame(seL4_Word vaddr, uint64_t address);
/* Make the initial ASID pool and the capability to make more. */
void model_boot_asid_pool(struct boot *boot);
/* Take everything that is mapped into the host process out of it. */
void model_paging_shutdown(void);
