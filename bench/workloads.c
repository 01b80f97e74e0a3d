/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "workloads.h"

#include <math.h>

const struct workload workloads[] = {
    {"W1", "one 4 KiB frame, alloc + free", workload_w1, NULL},
    {"W1s", "the same while 1..64 other frames are held", workload_w1s, NULL},
    {"W2", "4096 frames, then freed in reverse", workload_w2, NULL},
    {"W3", "4096 frames, then freed in random order", workload_w3, NULL},
    {"W4", "1000 mixed objects, half freed at random meanwhile", workload_w4, NULL},
    {"W5", "20,000 endpoints, then freed in order", workload_w5, NULL},
    {"W6", "4 KiB frames until refusal, free all, three rounds", workload_w6, NULL},
    {"W7", "2 MiB untypeds at once, fresh and after W6", workload_w7, NULL},
    {"W8", "200,000 operations on mixed sizes", workload_w8, NULL},
    {"W9", "4 KiB frames until refusal in a CSpace of 2^13 slots", workload_w9,
     workload_w9_configure},
    {"W10", "10^3, 10^5 and 10^7 live frames on pc99-400g", workload_w10, workload_w10_configure},
    {"W11-50", "a changing population at 50 % of memory, and a reference", workload_w11_50, NULL},
    {"W11-80", "the same at 80 %", workload_w11_80, NULL},
    {"W11-95", "the same at 95 %", workload_w11_95, NULL},
    {"pool", "static pool to boot on this record", workload_pool, NULL},
    {"pool-230", "static pool to boot with 230 untypeds", workload_pool_230, NULL},
    {"first-frame", "what the kernel zeroes for a first 4 KiB frame", workload_first_frame,
     workload_first_configure},
    {"first-endpoint", "what the kernel zeroes for a first endpoint", workload_first_endpoint,
     workload_first_configure},
    {"latency", "the worst single call of each kind", workload_latency, NULL},
    {"threads", "1, 2 and 4 threads on one allocman with a lock", workload_threads, NULL},
    {"MODEL", "the kernel model alone, on pc99-400g: speed, and memory of 10^7 objects",
     workload_model, workload_first_configure},
};

const size_t workload_count = sizeof(workloads) / sizeof(workloads[0]);

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
    if (bench->detail) {
        printf("%s ", bench->workload);
        machine_print_between(phase, from, &to);
    }
    return machine_invocations_between(from, &to);
}
