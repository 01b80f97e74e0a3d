/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The workloads that run on the host, and how they show a phase. */

#include "workloads.h"

#include <inttypes.h>
#include <stdio.h>

/* The one large machine that is recorded is of this kind. */
#if defined(CONFIG_ARCH_X86_64) && !defined(CONFIG_KERNEL_MCS)
#define PC99_400G 1
#else
#define PC99_400G 0
#endif

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
#if PC99_400G
    {"W10", "10^3, 10^5 and 10^7 live frames on pc99-400g", workload_w10, workload_w10_configure},
#endif
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
#if !defined(CONFIG_ARCH_RISCV) /* there the threads' IPC buffers find no page table */
    {"threads", "1, 2 and 4 threads on one allocman with a lock", workload_threads, NULL},
#endif
#if PC99_400G
    {"MODEL", "the kernel model alone, on pc99-400g: speed, and memory of 10^7 objects",
     workload_model, workload_first_configure},
#endif
};

const size_t workload_count = sizeof(workloads) / sizeof(workloads[0]);

void bench_print_phase(const struct bench *bench, const char *phase,
                       const struct machine_counts *from, const struct machine_counts *to)
{
    printf("%s %s:", bench->workload, phase);
    for (size_t kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        const unsigned long count = to->kernel.invocations[kind] - from->kernel.invocations[kind];
        const unsigned long refused = to->kernel.refused[kind] - from->kernel.refused[kind];
        if (count > 0) {
            printf(" %s %lu", sel4model_invocation_name((enum sel4model_invocation)kind), count);
        }
        if (refused > 0) {
            printf(" (%lu refused)", refused);
        }
    }
    printf("; splits %zu merges %zu growths %zu zeroed %" PRIu64 "\n", to->splits - from->splits,
           to->merges - from->merges, to->growths - from->growths,
           to->kernel.bytes_zeroed - from->kernel.bytes_zeroed);
}
