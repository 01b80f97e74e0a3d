/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What the figures may be. */

#include <stdbool.h>
#include <stddef.h>

/* How a figure must stand to its bound. */
enum budget_relation { BUDGET_AT_MOST, BUDGET_AT_LEAST, BUDGET_SAME };

struct budget {
    const char *workload;
    const char *figure;
    enum budget_relation relation;
    double bound;        /* or, with `base`, how many times that figure */
    const char *base;    /* another figure of the same workload, or NULL */
    bool only_reference; /* says something about the reference machine only */
    bool only_reported;  /* depends on the compiler or the host: no run fails for it */
};

extern const struct budget budgets[];
extern const size_t budget_count;
