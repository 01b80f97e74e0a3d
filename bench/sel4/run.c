/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "run.h"

#include "costs.h"
#include "report.h"
#include <stdio.h>

/* The records of what the workloads hold lie on the heap of the start-up code, which has room for
 * the pages of so much memory. */
#define FILLED_RAM_BYTES_MAX (UINT64_C(1) << 30)

static const struct {
    struct workload workload;
    bool fills_memory;
} workloads_here[] = {
    {{"W1", "", workload_w1, NULL}, false},
    {{"W2", "", workload_w2, NULL}, false},
    {{"W3", "", workload_w3, NULL}, false},
    {{"W4", "", workload_w4, NULL}, false},
    {{"W5", "", workload_w5, NULL}, false},
    {{"W6", "", workload_w6, NULL}, true},
    {{"W7", "", workload_w7, NULL}, true},
    {{"W8", "", workload_w8, NULL}, false},
    {{"first-frame", "", workload_first_frame, workload_first_configure}, false},
    {{"first-endpoint", "", workload_first_endpoint, workload_first_configure}, false},
};

/* Says what machine it is; returns the bytes of its RAM, 0 iff it does not boot. */
static uint64_t machine_introduce(const char *record, struct sel4model_options boot)
{
    struct machine_config config = machine_config_default(record);
    config.boot = boot;
    struct machine machine;
    uint64_t bytes = 0;
    if (machine_start(&machine, &config)) {
        report_machine(machine.boot_info);
        bytes = machine.ram_bytes;
    }
    machine_stop(&machine);
    return bytes;
}

static bool costs_run(const char *record, struct sel4model_options boot)
{
    const seL4_BootInfo *const boot_info = sel4model_boot_with(record, &boot);
    const bool good = boot_info && costs_measure(boot_info);
    sel4model_shutdown();
    return good;
}

bool run_all(const char *record, struct sel4model_options boot)
{
    const uint64_t ram_bytes = machine_introduce(record, boot);
    bool good = ram_bytes > 0 && costs_run(record, boot);
    printf("\nThe workloads, by call of the allocator (an alloc or a free):\n");
    struct bench bench = {
        .record = record, .boot = boot, .phase_ended = report_phase, .count_every = 1};
    for (size_t i = 0; good && i < sizeof(workloads_here) / sizeof(workloads_here[0]); i++) {
        const struct workload *const workload = &workloads_here[i].workload;
        if (workloads_here[i].fills_memory && ram_bytes > FILLED_RAM_BYTES_MAX) {
            printf("%-15sleft out: it fills memory, and there is too much\n", workload->name);
            continue;
        }
        good = workload_run(&bench, workload);
        report_worst(workload->name);
    }
    return good;
}
