/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Figures measured, beside their budgets: as a table and as JSON lines. */

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define FIGURES_MAX 256

#define FIGURE_NAME_BYTES 48 /* with its end */

/* A figure and what came of it. */
struct figure {
    const char *workload;
    char name[FIGURE_NAME_BYTES];
    double value; /* NAN: not measured */
    bool has_budget;
    double budget;    /* NAN: follows from a figure that was not measured */
    char relation[3]; /* how the value must stand to the budget: "<=", ">=", "=" */
    bool met;
    bool only_reported; /* not met is not missed */
};

/* All figures of one run, in the order in which they were recorded. */
struct figures {
    struct figure figure[FIGURES_MAX];
    size_t count;
    bool on_reference; /* the machine is the one that the budgets are made for */
};

/* Record a figure. The names are string literals, or live as long. */
void figures_record(struct figures *figures, const char *workload, const char *name, double value);

/* Give every figure its budget. The budgets of `workload` that have no figure become figures that
 * were not measured. Call it once a workload that ran. */
void figures_judge(struct figures *figures, const char *workload);

/* How many budgets were missed. */
size_t figures_missed(const struct figures *figures);

/* Print the table and a line that sums it up. */
void figures_print_table(const struct figures *figures, FILE *out);

/* Print what was missed, a line each. */
void figures_print_missed(const struct figures *figures, FILE *out);

/* Print one JSON object a line: workload, figure, value (null if not measured), and budget if there
 * is one. */
void figures_print_json(const struct figures *figures, FILE *out);
