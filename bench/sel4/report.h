/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What the benchmark says on a real kernel: lines for people, and for programs lines of JSON, each
 * of which begins with {. The counts among them are the same on the model: scripts/bench-sel4
 * compares them. */

#include "../workloads.h"

/* The kernel, the clock, and the boot information as a record that the model boots from. */
void report_machine(const seL4_BootInfo *boot_info);

/* A phase_ended: how many calls and invocations, and what user level and the kernel took for them. */
void report_phase(const struct bench *bench, const char *phase, const struct machine_counts *from,
                  const struct machine_counts *to);

/* The worst single invocation of each kind from boot to the last phase's end, if anything knows. */
void report_worst(const char *workload);
