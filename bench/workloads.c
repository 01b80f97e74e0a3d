/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "workloads.h"

#include <math.h>

static bool run_on(const struct bench *bench, const struct workload *workload,
                   struct machine *machine)
{
    struct objects objects = objects_none(machine);
    const bool finished = workload->run(bench, &objects);
    objects_drop(&objects);
    const size_t misuse = machine->alloc ? machine->alloc->counts.misuse : 0;
    if (misuse > 0) {
        fprintf(stderr, "bench: %s: the allocator complains %zu times; the last one is: %s\n",
                workload->name, misuse, machine_failure(machine));
    }
    return finished && misuse == 0;
}

bool workload_run(struct bench *bench, const struct workload *workload)
{
    bench->workload = workload->name;
    struct machine_config config = machine_config_default(bench->record);
    config.boot = bench->boot;
    if (workload->configure) {
        workload->configure(&config);
    }
    struct machine machine;
    const bool good = machine_start(&machine, &config) && run_on(bench, workload, &machine);
    if (!good) {
        fprintf(stderr, "bench: %s failed\n", workload->name);
    }
    machine_stop(&machine);
    return good;
}

void bench_record(const struct bench *bench, const char *figure, double value)
{
    figures_record(bench->figures, bench->workload, figure, value);
}

double bench_ratio(uint64_t count, uint64_t by)
{
    return by == 0 ? (double)NAN : (double)count / (double)by;
}

void bench_record_usage(const struct bench *bench, const struct usage *usage, size_t objects)
{
    bench_record(bench, "own_slots_per_object", bench_ratio(usage->own_slots, objects));
    bench_record(bench, "book_bytes_per_object", bench_ratio(usage->book_bytes, objects));
    bench_record(bench, "book_page_bytes_per_object", bench_ratio(usage->book_page_bytes, objects));
}

void bench_record_steps(const struct bench *bench, struct objects *objects)
{
    if (objects->count_every) {
        bench_record(bench, "user_instructions_alloc_median", steps_median(&objects->alloc_steps));
        bench_record(bench, "user_instructions_alloc_worst", steps_worst(&objects->alloc_steps));
        bench_record(bench, "user_instructions_free_median", steps_median(&objects->free_steps));
        bench_record(bench, "user_instructions_free_worst", steps_worst(&objects->free_steps));
    }
}

uint64_t bench_phase_end(const struct bench *bench, const struct machine *machine,
                         const struct machine_counts *from, const char *phase)
{
    const struct machine_counts to = machine_counts(machine);
    if (bench->phase_ended) {
        bench->phase_ended(bench, phase, from, &to);
    }
    return machine_invocations_between(from, &to);
}
