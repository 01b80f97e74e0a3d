/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What each invocation of the allocator takes: from just before libsel4's stub to just after it, so
 * the stub's message registers, the trap, and all that the kernel does. What the measuring itself
 * takes is measured at the start and subtracted. */

#include <sel4/sel4.h>
#include <sel4model/invocations.h>
#include <stdint.h>

struct meter {
    unsigned long count[SEL4MODEL_INVOCATION_COUNT];
    unsigned long refused[SEL4MODEL_INVOCATION_COUNT];
    uint64_t kernel[SEL4MODEL_INVOCATION_COUNT]; /* by the clock */
    uint64_t worst[SEL4MODEL_INVOCATION_COUNT];  /* of a single one */
    uint64_t measured; /* all that passed between readings of the clock here, measuring included */
};

extern struct meter meter;

/* What the measuring takes, by the clock. */
struct meter_overhead {
    uint64_t inside;  /* between the two readings, when nothing is between them */
    uint64_t outside; /* before the first and after the second */
    uint64_t reading; /* between two readings of the clock in a row */
};

extern struct meter_overhead meter_overhead;

/* Measure the overhead; the meter starts at 0 then. */
void meter_prepare(void);

void meter_begin(void);

/* The invocation has answered. Returns `error`. */
seL4_Error meter_end(enum sel4model_invocation kind, seL4_Error error);
