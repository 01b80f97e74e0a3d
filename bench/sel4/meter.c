/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "meter.h"

#include "clock.h"
#include <string.h>

#define TRIES 64u

struct meter meter;
struct meter_overhead meter_overhead;

static uint64_t started;

void meter_begin(void)
{
    started = clock_now();
}

seL4_Error meter_end(enum sel4model_invocation kind, seL4_Error error)
{
    const uint64_t elapsed = clock_now() - started;
    const uint64_t kernel = elapsed > meter_overhead.inside ? elapsed - meter_overhead.inside : 0;
    meter.count[kind]++;
    meter.refused[kind] += error != seL4_NoError;
    meter.kernel[kind] += kernel;
    meter.worst[kind] = kernel > meter.worst[kind] ? kernel : meter.worst[kind];
    meter.measured += elapsed;
    return error;
}

static void lower_to(uint64_t *least, uint64_t value)
{
    *least = value < *least ? value : *least;
}

/* The least of several tries: in some of them the kernel may serve a timer. */
void meter_prepare(void)
{
    struct meter_overhead least = {UINT64_MAX, UINT64_MAX, UINT64_MAX};
    for (unsigned i = 0; i < TRIES; i++) {
        const uint64_t first = clock_now();
        const uint64_t second = clock_now();
        lower_to(&least.reading, second - first);

        memset(&meter, 0, sizeof(meter));
        const uint64_t start = clock_now();
        meter_begin();
        (void)meter_end(SEL4MODEL_Untyped_Retype, seL4_NoError);
        const uint64_t all = clock_now() - start;
        lower_to(&least.inside, meter.measured);
        lower_to(&least.outside, all - meter.measured - (second - first));
    }
    meter_overhead = least;
    memset(&meter, 0, sizeof(meter));
}
