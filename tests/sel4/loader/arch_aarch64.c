/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// aarch64, at the exception level that QEMU's virt machine starts it at: 2 for a kernel that is a
// hypervisor, else 1. 4 KiB granule, 48-bit addresses, blocks of 1 GiB and, for a hypervisor, of 2
// MiB (Arm ARM, D8).

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
// 48 bits, inner shareable, walks through write-back caches; physical addresses as long as the core
// has them. At level 1 both halves, and ASIDs of 16 bits; at level 2 there is one half, and bits that
// are always 1.
#define HALF (UINT64_C(16) | UINT64_C(1) << 8 | UINT64_C(1) << 10 | UINT64_C(3) << 12)
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
#define LEVEL     "el2"
#define TLB_ALL   "alle2"
#define TCR(size) (HALF | (size) << 16 | UINT64_C(1) << 23 | UINT64_C(1) << 31)
#else
#define LEVEL     "el1"
#define TLB_ALL   "vmalle1"
#define TCR(size) (HALF | HALF << 16 | UINT64_C(2) << 30 | (size) << 32 | UINT64_C(1) << 36)
#endif

static _Alignas(4096) uint64_t low_top[ENTRIES], low[ENTRIES], high[ENTRIES];
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
static _Alignas(4096) uint64_t window[ENTRIES];
#else
static _Alignas(4096) uint64_t high_top[ENTRIES];
#endif

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
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    low_top[entry_of(at, 39)] = (uintptr_t)high | TABLE;
    high[entry_of(at, GIGAPAGE_BITS)] = (uintptr_t)window | TABLE;
    for (unsigned i = entry_of(at, MEGAPAGE_BITS); i < ENTRIES; i++) {
        window[i] = physical | MEMORY;
        physical += (uintptr_t)1 << MEGAPAGE_BITS;
    }
#else
    high_top[entry_of(at, 39)] = (uintptr_t)high | TABLE;
    high[entry_of(at, GIGAPAGE_BITS)] = physical | MEMORY;
    __asm__ volatile("msr ttbr1_el1, %0" : : "r"(high_top));
#endif
    uint64_t features;
    __asm__("mrs %0, id_aa64mmfr0_el1" : "=r"(features));
    const uint64_t mair = MAIR, tcr = TCR(features & 7);
    __asm__ volatile("dsb sy\n\t"
                     "msr mair_" LEVEL ", %0\n\t"
                     "msr tcr_" LEVEL ", %1\n\t"
                     "msr ttbr0_" LEVEL ", %2\n\t"
                     "isb\n\t"
                     "tlbi " TLB_ALL "\n\t"
                     "ic iallu\n\t"
                     "dsb sy\n\t"
                     "isb\n\t"
                     "mrs x9, sctlr_" LEVEL "\n\t"
                     "mov x10, #0x1005\n\t" // MMU, data cache, instruction cache
                     "orr x9, x9, x10\n\t"
                     "msr sctlr_" LEVEL ", x9\n\t"
                     "isb"
                     :
                     : "r"(mair), "r"(tcr), "r"(low_top)
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
