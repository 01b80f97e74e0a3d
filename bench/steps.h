/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* User-level instructions of a piece of code, counted one by one: the processor traps after each
 * of them, and a signal handler counts. Exact, the same in every run of one binary, and in need of
 * nothing but an x86_64 host with signals.
 *
 * What the kernel's interface does (in the model) is not counted: only the instruction that calls
 * it. Under a debugger or a sanitizer the figures say little. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Can this host count? Prepares to. */
bool steps_prepare(void);

/* Count from here. */
void steps_begin(void);

/* Count until here; returns the instructions between the two. */
uint32_t steps_end(void);

/* The counts of many calls. */
struct steps {
    uint32_t *count;
    size_t calls;
    size_t capacity;
};

void steps_add(struct steps *steps, uint32_t count);

/* Sorts the counts. NAN if there are none. */
double steps_median(struct steps *steps);
double steps_worst(const struct steps *steps);

/* Forget the counts. */
void steps_drop(struct steps *steps);
