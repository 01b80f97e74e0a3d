/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Workloads on many sizes at once: W4, W8. */

#include "workloads.h"

#define W4_SEED           4u
#define W4_OBJECTS        1000u
#define W4_RADIX_BITS_MIN 6u
#define W4_RADIX_BITS_MAX 10u

#define W8_SEED            8u
#define W8_OPERATIONS      200000u
#define W8_ALLOC_PER_CENT  55u
#define W8_MEMORY_PER_CENT 60u
#define W8_LARGE_BITS      21u

/* One of W4's six kinds of object, each as likely. */
static bool add_mixed(struct objects *objects, struct random *random)
{
    static const kobject_t kinds[] = {KOBJECT_ENDPOINT, KOBJECT_NOTIFICATION, KOBJECT_TCB,
                                      KOBJECT_CNODE,    KOBJECT_FRAME,        KOBJECT_PAGE_TABLE};
    const kobject_t kind = kinds[random_below(random, sizeof(kinds) / sizeof(kinds[0]))];
    seL4_Word size_bits = kobject_get_size(kind, seL4_PageBits);
    if (kind == KOBJECT_CNODE) {
        size_bits =
            W4_RADIX_BITS_MIN + random_below(random, W4_RADIX_BITS_MAX - W4_RADIX_BITS_MIN + 1);
    }
    return objects_add(objects, kobject_get_type(kind, size_bits), size_bits);
}

/* After every second allocation one of the objects held, any of them, is freed: 1000 allocations,
 * 500 frees. Radixes are 6 to 10, each as likely. An operation is an allocation or a free. */
bool workload_w4(const struct bench *bench, struct objects *objects)
{
    struct random random = {.state = W4_SEED};
    objects->count_every = bench->count_every;
    const struct machine_counts from = machine_counts(objects->machine);
    size_t operations = 0;
    for (size_t i = 1; i <= W4_OBJECTS; i++) {
        if (!add_mixed(objects, &random)) {
            return false;
        }
        operations++;
        if (i % 2 == 0) {
            objects_remove(objects, random_below(&random, objects->count));
            operations++;
        }
    }
    const uint64_t invocations = bench_phase_end(bench, objects->machine, &from, "all");
    bench_record(bench, "invocations_per_op", bench_ratio(invocations, operations));
    const struct usage usage = machine_usage(objects->machine);
    bench_record_usage(bench, &usage, objects->count);
    bench_record_steps(bench, objects);
    return true;
}

/* One of W8's sizes by its weight. */
static seL4_Word w8_size_bits(struct random *random)
{
    static const struct {
        unsigned size_bits;
        unsigned weight;
    } sizes[] = {{4, 20}, {6, 10}, {11, 15}, {12, 40}, {13, 5}, {15, 5}, {W8_LARGE_BITS, 1}};
    enum { WEIGHTS = 20 + 10 + 15 + 40 + 5 + 5 + 1 };
    size_t at = random_below(random, WEIGHTS);
    size_t i = 0;
    while (at >= sizes[i].weight) { /* ends: `at` is below the sum of the weights */
        at -= sizes[i].weight;
        i++;
    }
    return sizes[i].size_bits;
}

struct w8_counts {
    size_t allocs;
    size_t frees;
    size_t refused; /* allocations that the allocator refused; such an operation does nothing */
};

/* Below 60 % of the RAM's bytes: allocate with probability 0.55, else free; from there on free.
 * With nothing to free: allocate. */
static void w8_operate(struct objects *objects, struct random *random, struct w8_counts *counts)
{
    const uint64_t full_bytes = objects->machine->ram_bytes / 100 * W8_MEMORY_PER_CENT;
    const bool lucky = random_below(random, 100) < W8_ALLOC_PER_CENT;
    if (objects->count == 0 || (lucky && objects->live_bytes < full_bytes)) {
        if (objects_try(objects, seL4_UntypedObject, w8_size_bits(random))) {
            counts->allocs++;
        } else {
            counts->refused++;
        }
    } else {
        objects_remove(objects, random_below(random, objects->count));
        counts->frees++;
    }
}

/* The objects are untypeds: they come in all sizes, and no type is favoured. Each operation draws:
 * whether to allocate, then the size, or which object to free. Own slots and book bytes are those
 * at the end. What the kernel zeroes is divided by the bytes of all objects that were ever made. */
bool workload_w8(const struct bench *bench, struct objects *objects)
{
    struct random random = {.state = W8_SEED};
    struct w8_counts counts = {0};
    const struct machine_counts from = machine_counts(objects->machine);
    for (size_t i = 0; i < W8_OPERATIONS; i++) {
        w8_operate(objects, &random, &counts);
    }
    const uint64_t invocations = bench_phase_end(bench, objects->machine, &from, "all");
    const struct machine_counts to = machine_counts(objects->machine);
    const struct usage usage = machine_usage(objects->machine);
    const size_t live = objects->count;

    bench_record(bench, "invocations_per_op", bench_ratio(invocations, W8_OPERATIONS));
    bench_record_usage(bench, &usage, live);
    bench_record(
        bench, "zeroed_bytes_per_byte",
        bench_ratio(to.kernel.bytes_zeroed - from.kernel.bytes_zeroed, objects->total_bytes));
    bench_record(bench, "objects_at_end", (double)live);
    bench_record(bench, "refused", (double)counts.refused);
    /* Fragmentation: whole large blocks that are left beside the objects. */
    const size_t with_large = objects_fill(objects, seL4_UntypedObject, W8_LARGE_BITS);
    bench_record(bench, "large_untypeds_left", (double)(with_large - live));
    return true;
}
