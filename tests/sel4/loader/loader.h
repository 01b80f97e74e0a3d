/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Puts a kernel and a root task where they belong and starts the kernel, on machines whose firmware
// starts one program only. One core, RAM below 2^39, no device tree.
#pragma once

#include <stdint.h>

#include <sel4/config.h>

// What seL4's entry point is given, in this order in the first argument registers; then the
// device tree's address and size, 0.
struct loader_boot {
    uintptr_t image_start, image_end; // physical; the root task, whole pages
    uintptr_t physical_to_virtual;    // what to subtract from a physical address of the image
    uintptr_t image_entry;            // virtual
};

enum {
    GIGAPAGE_BITS = 30,
    MEGAPAGE_BITS = 21,
// Pages that the kernel's window is mapped in: a hypervisor lies anywhere in its gigapage.
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    WINDOW_PAGE_BITS = MEGAPAGE_BITS,
#else
    WINDOW_PAGE_BITS = GIGAPAGE_BITS,
#endif
};

void loader_main(void);

// Map the kernel's window, as far as this loader knows it: `at` is where the kernel's first page of
// 2^WINDOW_PAGE_BITS bytes shows, `physical` what lies there; so on up to the end of that gigapage.
// The loader itself stays mapped where it is. Then go to the kernel's entry. In arch_*.c.
_Noreturn void loader_enter(uintptr_t at, uintptr_t physical, uintptr_t entry,
                            const struct loader_boot *boot);

// A character to the serial line.
void loader_put(char character);
_Noreturn void loader_stop(const char *why);
