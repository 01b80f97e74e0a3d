/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "clock.h"

#include <sel4/sel4.h>

#if defined(CONFIG_ARCH_X86)

const char *const clock_name = "time-stamp counter";

void clock_prepare(void)
{
}

uint64_t clock_now(void)
{
    uint32_t low;
    uint32_t high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
    return (uint64_t)high << 32 | low;
}

#elif defined(CONFIG_ARCH_AARCH64)

#ifdef CONFIG_EXPORT_PMU_USER

#define PMCR_ENABLE    (UINT64_C(1) << 0)
#define PMCR_LONG      (UINT64_C(1) << 6) /* 64 bits */
#define COUNTER_CYCLES (UINT64_C(1) << 31)

const char *const clock_name = "PMCCNTR_EL0";

void clock_prepare(void)
{
    uint64_t control;
    __asm__ volatile("mrs %0, pmcr_el0" : "=r"(control));
    __asm__ volatile("msr pmcr_el0, %0" : : "r"(control | PMCR_ENABLE | PMCR_LONG));
    __asm__ volatile("msr pmcntenset_el0, %0\n\tisb" : : "r"(COUNTER_CYCLES));
}

uint64_t clock_now(void)
{
    uint64_t now;
    __asm__ volatile("mrs %0, pmccntr_el0" : "=r"(now) : : "memory");
    return now;
}

#else

const char *const clock_name = "CNTVCT_EL0";

void clock_prepare(void)
{
}

uint64_t clock_now(void)
{
    uint64_t now;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(now) : : "memory");
    return now;
}

#endif

#else

const char *const clock_name = "cycle CSR";

void clock_prepare(void)
{
}

uint64_t clock_now(void)
{
    uint64_t now;
    __asm__ volatile("rdcycle %0" : "=r"(now) : : "memory");
    return now;
}

#endif

/* Neither is inlined: what is around the instructions is the same. */
static __attribute__((noinline)) uint64_t time_of_one_thousand(void)
{
    const uint64_t start = clock_now();
    __asm__ volatile(".rept 1000\n\tnop\n\t.endr");
    return clock_now() - start;
}

static __attribute__((noinline)) uint64_t time_of_two_thousand(void)
{
    const uint64_t start = clock_now();
    __asm__ volatile(".rept 2000\n\tnop\n\t.endr");
    return clock_now() - start;
}

bool clock_counts_instructions(void)
{
    return time_of_two_thousand() - time_of_one_thousand() == 1000;
}
