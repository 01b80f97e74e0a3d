/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The benchmark that real kernels run, on the model: to compare counts, and to see what weights make
 * of them. The clock is what the counters come to, and user level takes no time. */

#include "clock.h"
#include "meter.h"
#include "run.h"
#include "../steps.h"
#include <sel4model/costs.h>
#include <stdio.h>
#include <stdlib.h>

const char *const clock_name = "weights";
const bool steps_cheap = true;
struct meter_overhead meter_overhead;

static struct sel4model_weights weights;

void clock_prepare(void)
{
}

uint64_t clock_now(void)
{
    struct sel4model_counters counters;
    sel4model_counters_get(&counters);
    return (uint64_t)sel4model_cost_ns(&weights, &counters);
}

bool clock_counts_instructions(void)
{
    return false;
}

bool steps_prepare(void)
{
    return true;
}

void steps_begin(void)
{
}

uint32_t steps_end(void)
{
    return 0;
}

struct kernel_steps steps_kernel(void)
{
    return (struct kernel_steps){.total = clock_now()};
}

int main(int argc, char *argv[])
{
    if (argc < 3 || argc > 4) {
        fprintf(stderr,
                "usage: %s RECORD ROOT-CNODE-BITS [WEIGHTS]\n"
                "ROOT-CNODE-BITS replaces the record's; 0: does not. 13 bits and less do not do.\n",
                argv[0]);
        return EXIT_FAILURE;
    }
    const struct sel4model_options boot = {.root_cnode_bits = (unsigned)strtoul(argv[2], NULL, 10)};
    if (argc == 4 && !sel4model_weights_read(argv[3], &weights)) {
        return EXIT_FAILURE; /* what is wrong has been said */
    }
    return run_all(argv[1], boot) ? EXIT_SUCCESS : EXIT_FAILURE;
}
