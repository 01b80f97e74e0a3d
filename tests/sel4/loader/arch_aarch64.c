/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// aarch64, exception level 1 as QEMU's virt machine starts it: 4 KiB granule, 48-bit addresses,
// blocks of 1 GiB (Arm ARM, D8).

#include "loader.h"

enum { ENTRIES = 512 };

#define TABLE        UINT64_C(3)
#define BLOCK        UINT64_C(1)
#define ACCESSED     (UINT64_C(1) << 10)
#define SHAREABLE    (UINT64_C(3) << 8)
#define ATTRIBUTE(n) ((uint64_t)(n) << 2)
#define MEMORY       (BLOCK | ACCESSED | SHAREABLE | ATTRIBUTE(4))
#define DEVICE       (BLOCK | ACCESSED | ATTRIBUTE(0))

// The kernel keeps the attribute numbers that it finds: 0 to 2 device memory, strict to lax, 3
// normal memory uncached, 4 cached, 5 written through.
#define MAIR UINT64_C(0x0000bbff440c0400)
// Both halves: 48 bits, inner shareable, walks through write-back caches; 40 bits of physical
// address, ASIDs of 16 bits.
#define TCR                                                                                        \
    (UINT64_C(16) | UINT64_C(1) << 8 | UINT64_C(1) << 10 | UINT64_C(3) << 12 |                     \
     UINT64_C(16) << 16 | UINT64_C(1) << 24 | UINT64_C(1) << 26 | UINT64_C(3) << 28 |              \
     UINT64_C(2) << 30 | UINT64_C(2) << 32 | UINT64_C(1) << 36)

static _Alignas(4096) uint64_t low_top[ENTRIES], low[ENTRIES], high_top[ENTRIES], high[ENTRIES];

static unsigned entry_of(uintptr_t address, unsigned bits)
{
    return (unsigned)(address >> bits) % ENTRIES;
}

void loader_put(char character)
{
    *(volatile uint32_t *)(uintptr_t)0x09000000 = (unsigned char)character; // PL011 of virt
}

void loader_enter(uintptr_t at, uintptr_t physical, uintptr_t entry, const struct loader_boot *boot)
{
    low_top[0] = (uintptr_t)low | TABLE;
    low[0] = DEVICE;
    for (uint64_t i = 1; i < 4; i++) {
        low[i] = i << GIGAPAGE_BITS | MEMORY;
    }
    high_top[entry_of(at, 39)] = (uintptr_t)high | TABLE;
    high[entry_of(at, GIGAPAGE_BITS)] = physical | MEMORY;
    const uint64_t mair = MAIR, tcr = TCR;
    __asm__ volatile("dsb sy\n\t"
                     "msr mair_el1, %0\n\t"
                     "msr tcr_el1, %1\n\t"
                     "msr ttbr0_el1, %2\n\t"
                     "msr ttbr1_el1, %3\n\t"
                     "isb\n\t"
                     "tlbi vmalle1\n\t"
                     "ic iallu\n\t"
                     "dsb sy\n\t"
                     "isb\n\t"
                     "mrs x9, sctlr_el1\n\t"
                     "mov x10, #0x1005\n\t" // MMU, data cache, instruction cache
                     "orr x9, x9, x10\n\t"
                     "msr sctlr_el1, x9\n\t"
                     "isb"
                     :
                     : "r"(mair), "r"(tcr), "r"(low_top), "r"(high_top)
                     : "x9", "x10", "memory");
    register uintptr_t x0 __asm__("x0") = boot->image_start;
    register uintptr_t x1 __asm__("x1") = boot->image_end;
    register uintptr_t x2 __asm__("x2") = boot->physical_to_virtual;
    register uintptr_t x3 __asm__("x3") = boot->image_entry;
    register uintptr_t x4 __asm__("x4") = 0;
    register uintptr_t x5 __asm__("x5") = 0;
    __asm__ volatile("br %0"
                     :
                     : "r"(entry), "r"(x0), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory");
    __builtin_unreachable();
}
