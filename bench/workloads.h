/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The workloads of DESIGN.md section 9. All that they report is counted, not timed: it is the same
 * in every run on every host; but for threads and MODEL, which report times too. A new workload is a
 * function here, a row in table.c and its budgets in budgets.c; if a real kernel can run it, a row in
 * sel4/run.c. */

#include "figures.h"
#include "machine.h"
#include "objects.h"
#include <stdbool.h>
#include <stddef.h>

/* What a workload runs with. */
struct bench {
    struct figures *figures;
    const char *record;            /* path of the boot information's record */
    struct sel4model_options boot; /* what differs from it */
    const char *workload;          /* name of the one that runs */
    bool detail;                   /* print how the phases went */
    /* Called at the end of each phase; NULL: nobody is. */
    void (*phase_ended)(const struct bench *bench, const char *phase,
                        const struct machine_counts *from, const struct machine_counts *to);
    size_t count_every;  /* count the instructions of one call in so many; 0: of none */
    uint64_t operations; /* how long W11 goes on */
    uint64_t seed;       /* of what W11 asks for */
    bool free_records;   /* W11's reference does not pay for its records */
    const char *plots;   /* directory for what W11 saw over time; NULL: none */
};

struct workload {
    const char *name;
    const char *what; /* for --help */
    /* Work on a machine that was booted for it, and record figures; false: it could not finish, and
     * why stands on standard error. */
    bool (*run)(const struct bench *bench, struct objects *objects);
    /* Choose how to boot: changes the default. NULL: the default. */
    void (*configure)(struct machine_config *config);
};

/* Those of the host. */
extern const struct workload workloads[];
extern const size_t workload_count;

/* A phase_ended that prints the invocations of each kind, splits, merges and growth steps in one
 * line. */
void bench_print_phase(const struct bench *bench, const char *phase,
                       const struct machine_counts *from, const struct machine_counts *to);

/* Boot, run, take down. False iff the workload could not finish or freed what it did not have. */
bool workload_run(struct bench *bench, const struct workload *workload);

/* frames.c: one size of object at a time. */
bool workload_w1(const struct bench *bench, struct objects *objects);
bool workload_w1s(const struct bench *bench, struct objects *objects);
bool workload_w2(const struct bench *bench, struct objects *objects);
bool workload_w3(const struct bench *bench, struct objects *objects);
bool workload_w5(const struct bench *bench, struct objects *objects);

/* mixed.c: many sizes at once. */
bool workload_w4(const struct bench *bench, struct objects *objects);
bool workload_w8(const struct bench *bench, struct objects *objects);

/* limits.c: until memory or slots run out. */
bool workload_w6(const struct bench *bench, struct objects *objects);
bool workload_w7(const struct bench *bench, struct objects *objects);
bool workload_w9(const struct bench *bench, struct objects *objects);
void workload_w9_configure(struct machine_config *config);

/* large.c: does a call's time depend on how much lives? */
bool workload_w10(const struct bench *bench, struct objects *objects);
void workload_w10_configure(struct machine_config *config);

/* fragmentation.c: a changing population over a long time. */
bool workload_w11_50(const struct bench *bench, struct objects *objects);
bool workload_w11_80(const struct bench *bench, struct objects *objects);
bool workload_w11_95(const struct bench *bench, struct objects *objects);

/* start.c: the first moments. */
bool workload_pool(const struct bench *bench, struct objects *objects);
bool workload_pool_230(const struct bench *bench, struct objects *objects);
bool workload_first_frame(const struct bench *bench, struct objects *objects);
bool workload_first_endpoint(const struct bench *bench, struct objects *objects);
void workload_first_configure(struct machine_config *config);

/* latency.c: the worst that one call does. */
bool workload_latency(const struct bench *bench, struct objects *objects);

/* threads.c: several threads on one allocman. */
bool workload_threads(const struct bench *bench, struct objects *objects);

/* model.c: the kernel model alone. */
bool workload_model(const struct bench *bench, struct objects *objects);

/* For the workloads: record a figure of the one that runs. */
void bench_record(const struct bench *bench, const char *figure, double value);

/* The quotient of two counts; NAN if there is nothing to divide by. */
double bench_ratio(uint64_t count, uint64_t by);

/* Record what the allocator held, divided by the objects it held that for. */
void bench_record_usage(const struct bench *bench, const struct usage *usage, size_t objects);

/* Record the user-level instructions of each alloc (slot and object) and free of the workload, if
 * they were counted. */
void bench_record_steps(const struct bench *bench, struct objects *objects);

/* End a phase that began with the counts `from`: returns its kernel invocations. */
uint64_t bench_phase_end(const struct bench *bench, const struct machine *machine,
                         const struct machine_counts *from, const char *phase);
