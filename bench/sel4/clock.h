/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What time passes, as user level can read it: on x86 the time-stamp counter, on aarch64 the cycle
 * counter of the performance monitors, on riscv64 the cycle counter. On hardware that is cycles (of
 * the reference clock on x86). Under QEMU with -icount shift=0 each of them counts the instructions
 * of user level and kernel together, one by one. */

#include <stdbool.h>
#include <stdint.h>

extern const char *const clock_name;

/* To be called before the clock is read. */
void clock_prepare(void);

/* A function, not inline: so that the reading costs the same wherever it stands. */
uint64_t clock_now(void);

/* Does the clock count instructions? Two pieces of code, of which one has a thousand instructions
 * more, tell. */
bool clock_counts_instructions(void);
