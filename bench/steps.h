/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* User-level instructions of a piece of code. What the kernel's interface does is not counted.
 *
 * On the host they are counted one by one (steps_trap.c): the processor traps after each of them, and
 * a signal handler counts. Exact, the same in every run of one binary, and in need of nothing but an
 * x86_64 host with signals. Under a debugger or a sanitizer the figures say little. On a real kernel a
 * clock counts (sel4/steps_clock.c). */

#include <sel4model/invocations.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Counting costs next to nothing: every call is counted. */
extern const bool steps_cheap;

/* Can this machine count? Prepares to. */
bool steps_prepare(void);

/* Count from here. */
void steps_begin(void);

/* Count until here; returns the instructions between the two. */
uint32_t steps_end(void);

/* What the kernel did for the calls that were counted, by the clock that counts them; all 0 where
 * there is none, as on the host. */
struct kernel_steps {
    uint64_t total;
    uint64_t of_kind[SEL4MODEL_INVOCATION_COUNT];
    uint64_t worst[SEL4MODEL_INVOCATION_COUNT]; /* of a single invocation since boot */
};

struct kernel_steps steps_kernel(void);

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
