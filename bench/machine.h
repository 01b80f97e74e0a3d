/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* A freshly booted machine with an allocman on it, and what is counted there. */

#include "steps.h"
#include <allocman/bootstrap.h>
#include <sel4model/sel4model.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vka/vka.h>

#define MACHINE_STATIC_POOL_BYTES  ((size_t)16 << 10) /* unless a workload says otherwise */
#define MACHINE_VIRTUAL_POOL_BYTES ((size_t)64 << 20)

/* How to boot. */
struct machine_config {
    const char *record;            /* path of the boot information's record */
    struct sel4model_options boot; /* what differs from the record */
    size_t static_pool_bytes;      /* raised to what the boot information needs */
    size_t virtual_pool_bytes;     /* 0: no virtual pool */
    unsigned new_cspace_bits;      /* log2 slots of a new CSpace to move to; 0: stay */
};

/* What most workloads boot: the record as it is, 16 KiB static and 64 MiB virtual pool. */
struct machine_config machine_config_default(const char *record);

/* What the allocator holds for itself. */
struct usage {
    size_t own_slots;       /* slots in use, less those that the caller holds */
    size_t book_bytes;      /* bytes of book memory in blocks */
    size_t book_page_bytes; /* bytes of the pages that these blocks are in */
};

struct machine {
    seL4_BootInfo *boot_info; /* the model's */
    void *static_pool;        /* ours, on the host's heap; holds the allocman */
    allocman_t *alloc;
    vka_t vka;
    uint64_t ram_bytes;  /* bytes of the boot untypeds that are RAM */
    size_t caller_slots; /* slots that the workload holds: one an object */
    uint64_t calls;      /* of the allocator by the workload: an alloc or a free each */
    uint64_t steps;      /* user-level instructions of those calls that were counted */
    struct usage start;  /* right after the start */
    struct usage peak;   /* each field's peak at machine_sample() */
};

/* Bytes of the boot untypeds that are RAM. */
uint64_t machine_ram_bytes(const seL4_BootInfo *boot_info);

/* Boot, and make an allocman with its pools. False iff that fails; why stands on standard error
 * then. In any case machine_stop() cleans up. */
bool machine_start(struct machine *machine, const struct machine_config *config);

/* Take the machine down. */
void machine_stop(struct machine *machine);

/* Note what the allocator holds now if it is a peak. Call it after each operation. */
void machine_sample(struct machine *machine);

/* What the allocator holds now, less what it held at the start. */
struct usage machine_usage(const struct machine *machine);

/* The peak of each field since the start, less what was held at the start. */
struct usage machine_usage_peak(const struct machine *machine);

/* Why the last call on the allocman failed, as a sentence in static storage. */
const char *machine_failure(const struct machine *machine);

/* What happened since boot. */
struct machine_counts {
    struct sel4model_counters kernel;
    size_t splits;
    size_t merges;
    size_t growths;
    uint64_t calls;
    uint64_t steps;
    struct kernel_steps kernel_steps;
};

struct machine_counts machine_counts(const struct machine *machine);

/* Kernel invocations of all kinds between two counts. */
uint64_t machine_invocations_between(const struct machine_counts *from,
                                     const struct machine_counts *to);
