/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// riscv64, supervisor mode as OpenSBI starts it: Sv39 with gigapages (RISC-V privileged
// architecture, "Sv39").

#include "loader.h"

enum { ENTRIES = 512 };

#define LEAF UINT64_C(0xcf) // valid, readable, writable, executable, accessed, dirty
#define SV39 (UINT64_C(8) << 60)

static _Alignas(4096) uint64_t top[ENTRIES];

static uint64_t gigapage(uintptr_t physical)
{
    return (uint64_t)physical >> 12 << 10 | LEAF;
}

void loader_put(char character)
{
    register uintptr_t a0 __asm__("a0") = (unsigned char)character;
    register uintptr_t a7 __asm__("a7") = 1; // SBI: legacy console
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7) : "memory");
}

void loader_enter(uintptr_t at, uintptr_t physical, uintptr_t entry, const struct loader_boot *boot)
{
    for (uintptr_t i = 0; i < 8; i++) {
        top[i] = gigapage(i << GIGAPAGE_BITS);
    }
    top[(at >> GIGAPAGE_BITS) % ENTRIES] = gigapage(physical);
    __asm__ volatile("fence.i\n\t"
                     "csrw satp, %0\n\t"
                     "sfence.vma"
                     :
                     : "r"(SV39 | (uintptr_t)top >> 12)
                     : "memory");
    register uintptr_t a0 __asm__("a0") = boot->image_start;
    register uintptr_t a1 __asm__("a1") = boot->image_end;
    register uintptr_t a2 __asm__("a2") = boot->physical_to_virtual;
    register uintptr_t a3 __asm__("a3") = boot->image_entry;
    register uintptr_t a4 __asm__("a4") = 0;
    register uintptr_t a5 __asm__("a5") = 0;
    register uintptr_t a6 __asm__("a6") = 0; // hart and core: only several cores need them
    register uintptr_t a7 __asm__("a7") = 0;
    __asm__ volatile("jr %0"
                     :
                     : "r"(entry), "r"(a0), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a6),
                       "r"(a7)
                     : "memory");
    __builtin_unreachable();
}
