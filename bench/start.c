/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The first moments: the static pool that a boot takes, and what the kernel zeroes for a first
 * object. */

#include "workloads.h"

#define MANY_UNTYPEDS 230

/* The number computed, which must do: the machine is booted again with exactly that. */
bool workload_pool(const struct bench *bench, struct objects *objects)
{
    struct machine_config config = machine_config_default(bench->record);
    config.boot = bench->boot;
    const size_t bytes = bootstrap_pool_bytes(objects->machine->boot_info);
    config.static_pool_bytes = bytes;
    machine_stop(objects->machine);
    if (!machine_start(objects->machine, &config)) {
        return false;
    }
    bench_record(bench, "static_pool_bytes", (double)bytes);
    return true;
}

/* By the constant expression: it is what a root task's array is declared with. */
bool workload_pool_230(const struct bench *bench, struct objects *objects)
{
    (void)objects;
    static const size_t bytes = ALLOCMAN_STATIC_POOL_BYTES(MANY_UNTYPEDS);
    bench_record(bench, "static_pool_bytes", (double)bytes);
    return true;
}

/* Without a virtual pool: what that takes out of memory when it is attached would come first. */
void workload_first_configure(struct machine_config *config)
{
    config->virtual_pool_bytes = 0;
}

/* Bytes of the smallest boot untyped that is RAM and can hold 2^size_bits bytes; 0 iff there is
 * none. */
static uint64_t smallest_fit_bytes(const seL4_BootInfo *boot_info, unsigned size_bits)
{
    uint64_t smallest = 0;
    for (size_t i = 0; i < boot_info->untyped.end - boot_info->untyped.start; i++) {
        const seL4_UntypedDesc *const untyped = &boot_info->untypedList[i];
        const uint64_t bytes = UINT64_C(1) << untyped->sizeBits;
        if (!untyped->isDevice && untyped->sizeBits >= size_bits &&
            (smallest == 0 || bytes < smallest)) {
            smallest = bytes;
        }
    }
    return smallest;
}

static bool first_object(const struct bench *bench, struct objects *objects, kobject_t kobject,
                         unsigned size_bits)
{
    const struct machine_counts from = machine_counts(objects->machine);
    if (!objects_add(objects, kobject_get_type(kobject, size_bits), size_bits)) {
        return false;
    }
    (void)bench_phase_end(bench, objects->machine, &from, "alloc");
    const struct machine_counts to = machine_counts(objects->machine);
    bench_record(bench, "first_object_zeroed_bytes",
                 (double)(to.kernel.bytes_zeroed - from.kernel.bytes_zeroed));
    bench_record(bench, "smallest_fit_bytes",
                 (double)smallest_fit_bytes(objects->machine->boot_info, size_bits));
    return true;
}

bool workload_first_frame(const struct bench *bench, struct objects *objects)
{
    return first_object(bench, objects, KOBJECT_FRAME, seL4_PageBits);
}

bool workload_first_endpoint(const struct bench *bench, struct objects *objects)
{
    return first_object(bench, objects, KOBJECT_ENDPOINT, seL4_EndpointBits);
}
