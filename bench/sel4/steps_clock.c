/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* steps.h on a real kernel: what the clock says of a piece of code, less what its invocations took. */

#include "../steps.h"

#include "clock.h"
#include "meter.h"

const bool steps_cheap = true;

static uint64_t started;
static uint64_t measured;
static unsigned long invocations;

static unsigned long invocations_all(void)
{
    unsigned long sum = 0;
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        sum += meter.count[kind];
    }
    return sum;
}

bool steps_prepare(void)
{
    return true;
}

void steps_begin(void)
{
    measured = meter.measured;
    invocations = invocations_all();
    started = clock_now();
}

uint32_t steps_end(void)
{
    const uint64_t elapsed = clock_now() - started;
    const uint64_t not_ours = meter_overhead.reading + (meter.measured - measured) +
                              (invocations_all() - invocations) * meter_overhead.outside;
    return (uint32_t)(elapsed > not_ours ? elapsed - not_ours : 0);
}

struct kernel_steps steps_kernel(void)
{
    struct kernel_steps steps = {0};
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        steps.of_kind[kind] = meter.kernel[kind];
        steps.worst[kind] = meter.worst[kind];
        steps.total += meter.kernel[kind];
    }
    return steps;
}
