/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Workloads on one size of object: W1, W1s, W2, W3, W5. */

#include "workloads.h"

#define PAIRS          1000u /* counted */
#define W1_PAIRS_WARM  16u   /* not counted */
#define W1S_HELD_MAX   64u
#define W1S_PAIRS_WARM 1u
#define W2_FRAMES      4096u
#define W3_SEED        3u
#define W5_ENDPOINTS   20000u

/* Alloc + free of one frame, `count` times. */
static bool pairs(struct objects *objects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!objects_add_page(objects)) {
            return false;
        }
        objects_remove(objects, objects->count - 1);
    }
    return true;
}

bool workload_w1(const struct bench *bench, struct objects *objects)
{
    if (!pairs(objects, W1_PAIRS_WARM)) {
        return false;
    }
    objects->count_every = bench->count_every;
    const struct machine_counts from = machine_counts(objects->machine);
    if (!pairs(objects, PAIRS)) {
        return false;
    }
    const uint64_t invocations = bench_phase_end(bench, objects->machine, &from, "pairs");
    bench_record(bench, "invocations_per_pair", bench_ratio(invocations, PAIRS));
    bench_record_steps(bench, objects);
    return true;
}

bool workload_w1s(const struct bench *bench, struct objects *objects)
{
    uint64_t sum = 0;
    uint64_t worst = 0;
    for (size_t held = 1; held <= W1S_HELD_MAX; held++) {
        if (!objects_add_page(objects) || !pairs(objects, W1S_PAIRS_WARM)) {
            return false;
        }
        const struct machine_counts from = machine_counts(objects->machine);
        if (!pairs(objects, PAIRS)) {
            return false;
        }
        const uint64_t invocations = bench_phase_end(bench, objects->machine, &from, "pairs");
        sum += invocations;
        worst = invocations > worst ? invocations : worst;
    }
    bench_record(bench, "invocations_per_pair_mean",
                 bench_ratio(sum, (uint64_t)PAIRS * W1S_HELD_MAX));
    bench_record(bench, "invocations_per_pair_worst", bench_ratio(worst, PAIRS));
    return true;
}

/* Many objects of a type, then all freed; and what the allocator held meanwhile. */
static bool fill_and_free(const struct bench *bench, struct objects *objects, size_t count,
                          kobject_t kobject, seL4_Word size_bits, enum objects_order order)
{
    struct machine *const machine = objects->machine;
    objects->count_every = bench->count_every;
    const struct machine_counts filling = machine_counts(machine);
    if (!objects_add_many(objects, count, kobject_get_type(kobject, size_bits), size_bits)) {
        return false;
    }
    const uint64_t allocs = bench_phase_end(bench, machine, &filling, "alloc");
    const struct machine_counts freeing = machine_counts(machine);
    struct random random = {.state = W3_SEED};
    objects_remove_all(objects, order, &random);
    const uint64_t frees = bench_phase_end(bench, machine, &freeing, "free");

    bench_record(bench, "invocations_per_alloc", bench_ratio(allocs, count));
    bench_record(bench, "invocations_per_free", bench_ratio(frees, count));
    const struct usage peak = machine_usage_peak(machine);
    bench_record_usage(bench, &peak, count);
    bench_record_steps(bench, objects);
    return true;
}

bool workload_w2(const struct bench *bench, struct objects *objects)
{
    return fill_and_free(bench, objects, W2_FRAMES, KOBJECT_FRAME, seL4_PageBits,
                         OBJECTS_IN_REVERSE);
}

bool workload_w3(const struct bench *bench, struct objects *objects)
{
    return fill_and_free(bench, objects, W2_FRAMES, KOBJECT_FRAME, seL4_PageBits,
                         OBJECTS_AT_RANDOM);
}

bool workload_w5(const struct bench *bench, struct objects *objects)
{
    return fill_and_free(bench, objects, W5_ENDPOINTS, KOBJECT_ENDPOINT, seL4_EndpointBits,
                         OBJECTS_IN_ORDER);
}
