/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The benchmark's workload W4 as a test, to be run under faults.

#include "refusals.h"

#include <stdio.h>

#include "workloads.h"

static struct machine machine;
static struct objects objects;

void bench_record(const struct bench *bench, const char *figure, double value)
{
    (void)bench;
    (void)figure;
    (void)value;
}

double bench_ratio(uint64_t count, uint64_t by)
{
    return by ? (double)count / (double)by : 0;
}

void bench_record_usage(const struct bench *bench, const struct usage *usage, size_t count)
{
    (void)bench;
    (void)usage;
    (void)count;
}

void bench_record_steps(const struct bench *bench, struct objects *made)
{
    (void)bench;
    (void)made;
}

uint64_t bench_phase_end(const struct bench *bench, const struct machine *of,
                         const struct machine_counts *from, const char *phase)
{
    (void)bench;
    (void)of;
    (void)from;
    (void)phase;
    return 0;
}

// In a small CNode, which is soon looked at.
static int start(void **state)
{
    (void)state;
    struct machine_config config = machine_config_default(RECORD_DIR "/pc99-512m.json");
    config.boot.root_cnode_bits = 13;
    objects = objects_none(&machine);
    return machine_start(&machine, &config) ? 0 : -1;
}

static void w4(void **state)
{
    (void)state;
    const struct bench bench = {.workload = "W4"};
    assert_true(workload_w4(&bench, &objects));
}

static int stop(void **state)
{
    (void)state;
    objects_drop(&objects);
    machine_stop(&machine);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(w4, start, stop)};
    refusals_quiet(); // it says what it cannot have
    return cmocka_run_group_tests(tests, NULL, NULL);
}
