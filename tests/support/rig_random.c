/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Random runs: phases in which memory fills and empties, and an operation chosen by their weights.

#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#if defined(CONFIG_ARCH_X86_64)
#define TRACE_ARCH API_ARCH_X86_64
#elif defined(CONFIG_ARCH_IA32)
#define TRACE_ARCH API_ARCH_IA32
#elif defined(CONFIG_ARCH_AARCH64)
#define TRACE_ARCH API_ARCH_AARCH64
#elif defined(CONFIG_ARCH_AARCH32)
#define TRACE_ARCH API_ARCH_AARCH32
#elif defined(CONFIG_ARCH_RISCV64)
#define TRACE_ARCH API_ARCH_RISCV64
#else
#define TRACE_ARCH API_ARCH_RISCV32
#endif
#ifdef CONFIG_KERNEL_MCS
#define IS_MCS true
#else
#define IS_MCS false
#endif

// What was done and refused, for whoever wants to see that a configuration reaches what it is meant
// to reach.
static void report(const struct rig *rig, const struct allocman_counts *counts,
                   const struct split_totals *totals)
{
    printf("%s: refused", rig->config->name);
    for (unsigned s = 0; s < ALLOCMAN_STATUS_COUNT; s++) {
        if (rig->refused[s]) {
            printf(" %lu x %s,", rig->refused[s], allocman_status_text((enum allocman_status)s));
        }
    }
    printf(" splits %zu, merges %zu, repairs %zu, growths %zu, misuse %zu\n", totals->splits,
           totals->merges, totals->repairs, counts->growths, counts->misuse);
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
    const char *const text = getenv(variable);
    return text && *text ? strtoull(text, NULL, 0) : otherwise;
}

// Phases: mixed, then full, then empty, of random length.
static void phase_next(struct rig *rig)
{
    rig->phase = rig->phase == RIG_MIXED  ? RIG_FILL
                 : rig->phase == RIG_FILL ? RIG_DRAIN
                                          : RIG_MIXED;
    rig->phase_left = rng_from(&rig->rng, 20, rig->config->things_max);
    rig->fill_with = rng_below(&rig->rng, 6);
}

static void step(struct rig *rig)
{
    if (rig->phase_left-- == 0) {
        phase_next(rig);
    }
    unsigned sum = 0;
    for (unsigned i = 0; i < rig_choice_count - !rig->config->reserves; i++) {
        sum += rig_choices[i].weight[rig->phase];
    }
    unsigned at = rng_below(&rig->rng, sum);
    unsigned chosen = 0;
    while (at >= rig_choices[chosen].weight[rig->phase]) {
        at -= rig_choices[chosen++].weight[rig->phase];
    }
    struct api_record record = {.number = rng_below(&rig->rng, rig->room)};
    rig_choices[chosen].choose(rig, &record);
    rig_execute(rig, &record);
}

static void trace_open(struct rig *rig, const char *path, uint32_t start)
{
    const struct api_header header = {.start = start, .arch = TRACE_ARCH, .is_mcs = IS_MCS};
    uint8_t bytes[API_TRACE_HEADER_BYTES];
    rig->trace = path ? fopen(path, "wb") : NULL;
    if (path) {
        assert_non_null(rig->trace);
        api_trace_put_header(&header, bytes);
        (void)fwrite(bytes, sizeof(bytes), 1, rig->trace);
    }
}

void rig_write(const struct rig_config *config, uint32_t start, uint64_t seed, unsigned steps,
               const char *path)
{
    struct rig *const rig = calloc(1, sizeof(*rig));
    assert_non_null(rig);
    rig->seed = seed;
    rig->steps = steps;
    rig->rng.state = rig->seed;
    rig->phase_left = config->things_max;
    trace_open(rig, path, start);
    rig_start(rig, config);
    while (rig->step < rig->steps) {
        step(rig);
    }
    const struct allocman_counts counts = rig->world.alloc->counts;
    const struct split_totals totals = rig->world.managers->utspace.totals;
    if (config->at_end) {
        config->at_end(rig);
    }
    rig_finish(rig);
    report(rig, &counts, &totals);
    if (rig->trace) {
        assert_int_equal(fclose(rig->trace), 0);
    }
    free(rig);
}

void rig_run(const struct rig_config *config)
{
    const uint64_t only = number_of("ALLOCMAN_SEED", 0);
    for (uint64_t seed = only ? only : 1; seed <= (only ? only : RIG_SEEDS); seed++) {
        rig_write(config, 0, seed, (unsigned)number_of("ALLOCMAN_STEPS", config->steps),
                  getenv("ALLOCMAN_TRACE"));
    }
}
