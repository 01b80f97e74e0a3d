/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Workloads that go on until memory or slots run out: W6, W7, W9. */

#include "workloads.h"

#define W6_ROUNDS        3u
#define W7_SIZE_BITS     21u
#define W9_RADIX_BITS    13u
#define W9_EMPTY_END     8192u
#define W9_STATIC_BYTES  ((size_t)80 << 10)
#define W9_VIRTUAL_BYTES ((size_t)400 << 10)

/* log2 bytes of the largest untyped that can be had, which is given back; 0 iff there is none. */
static unsigned largest_untyped_bits(struct objects *objects)
{
    for (unsigned size_bits = seL4_MaxUntypedBits; size_bits >= seL4_MinUntypedBits; size_bits--) {
        if (objects_try(objects, seL4_UntypedObject, size_bits)) {
            objects_remove(objects, objects->count - 1);
            return size_bits;
        }
    }
    return 0;
}

/* How many frames three rounds gave. */
struct rounds {
    size_t first;
    size_t later_min;
};

/* Frames until refusal, freed in the order in which they were made, three times. */
static struct rounds fill_rounds(const struct bench *bench, struct objects *objects)
{
    struct rounds rounds = {0};
    for (unsigned round = 0; round < W6_ROUNDS; round++) {
        const struct machine_counts filling = machine_counts(objects->machine);
        const size_t frames = objects_fill_pages(objects);
        (void)bench_phase_end(bench, objects->machine, &filling, "fill");
        if (bench->detail) {
            printf("%s fill: %zu frames; then: %s\n", bench->workload, frames,
                   machine_failure(objects->machine));
        }
        const struct machine_counts freeing = machine_counts(objects->machine);
        objects_remove_all(objects, OBJECTS_IN_ORDER, NULL);
        (void)bench_phase_end(bench, objects->machine, &freeing, "free");
        if (round == 0) {
            rounds.first = frames;
            rounds.later_min = frames;
        } else if (frames < rounds.later_min) {
            rounds.later_min = frames;
        }
    }
    return rounds;
}

bool workload_w6(const struct bench *bench, struct objects *objects)
{
    const unsigned before_bits = largest_untyped_bits(objects);
    const struct rounds rounds = fill_rounds(bench, objects);
    const unsigned after_bits = largest_untyped_bits(objects);
    const uint64_t frame_bytes = (uint64_t)rounds.first << seL4_PageBits;

    bench_record(bench, "ram_share", bench_ratio(frame_bytes, objects->machine->ram_bytes));
    bench_record(bench, "later_rounds_fewer", (double)(rounds.first - rounds.later_min));
    bench_record(bench, "largest_before_bits", before_bits);
    bench_record(bench, "largest_after_bits", after_bits);
    return true;
}

/* Large untypeds until refusal, given back again. */
static size_t large_untypeds(struct objects *objects)
{
    const size_t count = objects_fill(objects, seL4_UntypedObject, W7_SIZE_BITS);
    objects_remove_all(objects, OBJECTS_IN_ORDER, NULL);
    return count;
}

bool workload_w7(const struct bench *bench, struct objects *objects)
{
    const size_t fresh = large_untypeds(objects);
    (void)fill_rounds(bench, objects);
    const size_t after = large_untypeds(objects);

    bench_record(bench, "count_fresh", (double)fresh);
    bench_record(bench, "count_after", (double)after);
    return true;
}

void workload_w9_configure(struct machine_config *config)
{
    config->boot.root_cnode_bits = W9_RADIX_BITS;
    config->boot.empty_end = W9_EMPTY_END;
    config->static_pool_bytes = W9_STATIC_BYTES;
    config->virtual_pool_bytes = W9_VIRTUAL_BYTES;
}

/* Free slots at the start are those that the boot information tells: what the allocator takes for
 * itself from then on is its own matter. */
bool workload_w9(const struct bench *bench, struct objects *objects)
{
    const seL4_SlotRegion *const empty = &objects->machine->boot_info->empty;
    const struct machine_counts filling = machine_counts(objects->machine);
    const size_t frames = objects_fill_pages(objects);
    (void)bench_phase_end(bench, objects->machine, &filling, "fill");
    if (bench->detail) {
        printf("W9 fill: %zu frames; then: %s\n", frames, machine_failure(objects->machine));
    }
    bench_record(bench, "frames_per_free_slot", bench_ratio(frames, empty->end - empty->start));
    bench_record(bench, "frames", (double)frames);
    return true;
}
