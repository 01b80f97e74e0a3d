/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* W11: a changing population over a long time, at three shares of memory; the allocator against the
 * reference (tests/support/buddy.h). */

#include "buddy.h"
#include "holes.h"
#include "plots.h"
#include "population.h"
#include "workloads.h"
#include <stdio.h>
#include <stdlib.h>

/* How long a run is, unless asked otherwise: so many for each of the bytes that memory has. */
#define OPERATIONS          UINT64_C(200000)
#define OPERATIONS_RAM_BITS 28u

/* How one allocator fared. */
struct run {
    struct sample samples[SAMPLES];
    size_t sample_count;
    struct population_counts counts;
    uint64_t invocations;
    uint64_t bytes_zeroed;
};

/* What is measured of an allocator beside its answers. */
struct view {
    const struct buddy *buddy; /* or, where that is NULL: */
    const utspace_split_t *split;
};

static struct sample sample_take(const struct population *population, const struct view *view)
{
    struct sample sample = {.operations = population->counts.operations,
                            .live_bytes = population->live_bytes,
                            .refused = population->counts.refused};
    if (view->buddy) {
        sample.largest_bits = buddy_largest_bits(view->buddy);
        sample.large_blocks = buddy_blocks(view->buddy, LARGE_FRAME_BITS);
    } else {
        const struct holes holes = holes_find(view->split);
        sample.largest_bits = holes_largest_bits(&holes);
        sample.large_blocks = holes_blocks(&holes, LARGE_FRAME_BITS);
    }
    return sample;
}

/* The whole life of a population, with samples at equal distances. */
static void live(struct population *population, const struct view *view, struct run *run)
{
    const uint64_t operations = population->operations;
    struct sel4model_counters from;
    struct sel4model_counters to;
    sel4model_counters_get(&from);
    run->sample_count = 0;
    while (population->counts.operations < operations) {
        population_step(population);
        if (population->counts.operations * SAMPLES / operations > run->sample_count) {
            run->samples[run->sample_count++] = sample_take(population, view);
        }
    }
    sel4model_counters_get(&to);
    run->counts = population->counts;
    run->bytes_zeroed = to.bytes_zeroed - from.bytes_zeroed;
    run->invocations = 0;
    for (size_t kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        run->invocations += to.invocations[kind] - from.invocations[kind];
    }
}

/* How many large blocks there are, by asking for them. */
static size_t large_blocks_ask(vka_t *vka)
{
    size_t count = 0;
    vka_object_t object;
    while (vka_alloc_untyped(vka, LARGE_FRAME_BITS, &object) == 0) {
        count++; /* kept: the machine goes down next */
    }
    return count;
}

/* The books must not promise what cannot be had. */
static bool large_blocks_check(const struct bench *bench, vka_t *vka, const struct sample *last)
{
    const size_t had = large_blocks_ask(vka);
    if (had != last->large_blocks) {
        fprintf(stderr, "bench: %s: %zu blocks of 2 MiB by the books, %zu when asked\n",
                bench->workload, last->large_blocks, had);
    }
    return had == last->large_blocks;
}

static bool reference_live(const struct bench *bench, struct answers *answers,
                           uint64_t target_bytes, struct run *run)
{
    const seL4_BootInfo *const boot_info = sel4model_boot_with(bench->record, &bench->boot);
    struct buddy buddy;
    if (!boot_info || !buddy_start(&buddy, boot_info, !bench->free_records)) {
        fprintf(stderr, "bench: %s: the reference does not start\n", bench->workload);
        return false;
    }
    vka_t vka;
    buddy_make_vka(&vka, &buddy);
    struct population population;
    population_start(&population, &vka, answers, true, bench->seed, bench->operations,
                     target_bytes);
    live(&population, &(struct view){.buddy = &buddy}, run);
    population_stop(&population);
    buddy_stop(&buddy);
    sel4model_shutdown();
    return true;
}

static bool allocman_live(const struct bench *bench, struct machine *machine,
                          struct answers *answers, uint64_t target_bytes, struct run *run)
{
    struct machine_config config = machine_config_default(bench->record);
    config.boot = bench->boot;
    if (!machine_start(machine, &config)) {
        return false;
    }
    const struct bootstrap_managers *const managers =
        (const struct bootstrap_managers *)(const void *)machine->alloc;
    const struct view view = {.split = &managers->utspace};
    struct population population;
    population_start(&population, &machine->vka, answers, false, bench->seed, bench->operations,
                     target_bytes);
    live(&population, &view, run);
    const struct sample last = sample_take(&population, &view);
    const bool good = large_blocks_check(bench, &machine->vka, &last);
    population_stop(&population);
    return good;
}

/* Means over the samples from the moment at which memory is as full as it is meant to be. */
struct means {
    double large_blocks;
    double largest_bits;
    double held_share;
    size_t count;
};

static struct means means_of(const struct run *run, uint64_t target_bytes, uint64_t ram_bytes)
{
    struct means means = {0};
    for (size_t i = 0; i < run->sample_count; i++) {
        const struct sample *const sample = &run->samples[i];
        if (means.count == 0 && sample->live_bytes < target_bytes / 100 * 99) {
            continue;
        }
        means.count++;
        means.large_blocks += (double)sample->large_blocks;
        means.largest_bits += sample->largest_bits;
        means.held_share += (double)sample->live_bytes / (double)ram_bytes;
    }
    const double count = (double)means.count;
    means.large_blocks /= count;
    means.largest_bits /= count;
    means.held_share /= count;
    return means;
}

/* Samples in which we have fewer large blocks. */
static size_t samples_fewer(const struct run *ours, const struct run *reference)
{
    size_t fewer = 0;
    for (size_t i = 0; i < ours->sample_count; i++) {
        fewer += ours->samples[i].large_blocks < reference->samples[i].large_blocks;
    }
    return fewer;
}

static void figures_of(const struct bench *bench, const struct run *ours,
                       const struct run *reference, uint64_t target_bytes, uint64_t ram_bytes)
{
    const struct means our_means = means_of(ours, target_bytes, ram_bytes);
    const struct means reference_means = means_of(reference, target_bytes, ram_bytes);
    const uint64_t operations = ours->counts.operations;
    bench_record(bench, "operations", (double)operations);
    bench_record(bench, "held_share_mean", our_means.held_share);
    bench_record(bench, "requests_large", (double)ours->counts.requests_large);
    bench_record(bench, "refused", (double)ours->counts.refused);
    bench_record(bench, "refused_reference", (double)reference->counts.refused);
    bench_record(bench, "only_we_refuse", (double)ours->counts.only_refused);
    bench_record(bench, "only_reference_refuses", (double)ours->counts.only_served);
    bench_record(bench, "large_blocks", our_means.large_blocks);
    bench_record(bench, "large_blocks_reference", reference_means.large_blocks);
    bench_record(bench, "samples_fewer_large", (double)samples_fewer(ours, reference));
    bench_record(bench, "largest_bits", our_means.largest_bits);
    bench_record(bench, "largest_bits_reference", reference_means.largest_bits);
    bench_record(bench, "invocations_per_op", bench_ratio(ours->invocations, operations));
    bench_record(bench, "invocations_reference", bench_ratio(reference->invocations, operations));
    bench_record(bench, "zeroed_mib", bench_ratio(ours->bytes_zeroed, UINT64_C(1) << 20));
    bench_record(bench, "zeroed_mib_reference",
                 bench_ratio(reference->bytes_zeroed, UINT64_C(1) << 20));
}

static bool fragmentation(const struct bench *bench, struct objects *objects, unsigned per_cent)
{
    struct machine *const machine = objects->machine;
    const uint64_t ram_bytes = machine->ram_bytes;
    const uint64_t target_bytes = ram_bytes / 100 * per_cent;
    static struct run ours;
    static struct run reference;
    struct answers answers = {0};
    const uint64_t share = ram_bytes >> OPERATIONS_RAM_BITS;
    struct bench scaled = *bench;
    scaled.operations = bench->operations ? bench->operations : OPERATIONS * (share ? share : 1);
    machine_stop(machine); /* one kernel at a time; the reference goes first */
    const bool good = reference_live(&scaled, &answers, target_bytes, &reference) &&
                      allocman_live(&scaled, machine, &answers, target_bytes, &ours);
    answers_free(&answers);
    if (!good) {
        return false;
    }
    figures_of(bench, &ours, &reference, target_bytes, ram_bytes);
    return !bench->plots || plots_write(bench->plots, per_cent, ram_bytes, ours.samples,
                                        reference.samples, ours.sample_count);
}

bool workload_w11_50(const struct bench *bench, struct objects *objects)
{
    return fragmentation(bench, objects, 50);
}

bool workload_w11_80(const struct bench *bench, struct objects *objects)
{
    return fragmentation(bench, objects, 80);
}

bool workload_w11_95(const struct bench *bench, struct objects *objects)
{
    return fragmentation(bench, objects, 95);
}
