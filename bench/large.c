/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* W10: frames on the largest machine, in a one-level CSpace made from its own RAM. What a call
 * costs must not depend on how many objects live. */

#include "workloads.h"

#define W10_RECORD     RECORD_DIR "/pc99-400g.json"
#define W10_RADIX_BITS 25u
#define W10_SEED       10u
#define COUNTED        100u /* pairs: a free anywhere, then an alloc */

static const struct {
    size_t live;
    bool counting; /* only if instructions are counted: it takes long */
    const char *book_bytes;
    const char *alloc_median, *alloc_worst, *free_median, *free_worst, *reclaim;
} levels[] = {
    {1000, false, NULL, "user_instructions_alloc_median_10e3", "user_instructions_alloc_worst_10e3",
     "user_instructions_free_median_10e3", "user_instructions_free_worst_10e3",
     "user_instructions_reclaim_10e3"},
    {100000, false, NULL, "user_instructions_alloc_median_10e5",
     "user_instructions_alloc_worst_10e5", "user_instructions_free_median_10e5",
     "user_instructions_free_worst_10e5", "user_instructions_reclaim_10e5"},
    {1000000, false, "book_bytes_per_object_10e6", NULL, NULL, NULL, NULL, NULL},
    {10000000, true, NULL, "user_instructions_alloc_median_10e7",
     "user_instructions_alloc_worst_10e7", "user_instructions_free_median_10e7",
     "user_instructions_free_worst_10e7", "user_instructions_reclaim_10e7"},
};

void workload_w10_configure(struct machine_config *config)
{
    config->record = W10_RECORD;
    config->new_cspace_bits = W10_RADIX_BITS;
}

/* Count a free of any object and an alloc, again and again; then a request that cannot be served,
 * which merges all that can be merged before it is refused: the worst that a call does. */
static bool level_count(const struct bench *bench, struct objects *objects, struct random *random,
                        size_t level)
{
    bool good = true;
    objects->count_every = 1;
    for (size_t i = 0; i < COUNTED && good; i++) {
        objects_remove(objects, random_below(random, objects->count));
        good = objects_add_page(objects);
    }
    bench_record(bench, levels[level].alloc_median, steps_median(&objects->alloc_steps));
    bench_record(bench, levels[level].alloc_worst, steps_worst(&objects->alloc_steps));
    bench_record(bench, levels[level].free_median, steps_median(&objects->free_steps));
    bench_record(bench, levels[level].free_worst, steps_worst(&objects->free_steps));
    steps_drop(&objects->alloc_steps);
    steps_drop(&objects->free_steps);
    const bool refused = !objects_try(objects, seL4_UntypedObject, seL4_MaxUntypedBits);
    bench_record(bench, levels[level].reclaim, steps_worst(&objects->alloc_steps));
    steps_drop(&objects->alloc_steps);
    objects->count_every = 0;
    return good && refused;
}

bool workload_w10(const struct bench *bench, struct objects *objects)
{
    struct random random = {.state = W10_SEED};
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (levels[i].counting && !bench->count_every) {
            continue;
        }
        if (!objects_add_many(objects, levels[i].live - objects->count,
                              kobject_get_type(KOBJECT_FRAME, seL4_PageBits), seL4_PageBits)) {
            return false;
        }
        if (levels[i].book_bytes) {
            const struct usage usage = machine_usage(objects->machine);
            bench_record(bench, levels[i].book_bytes,
                         bench_ratio(usage.book_bytes, objects->count));
        } else if (bench->count_every && !level_count(bench, objects, &random, i)) {
            return false;
        }
    }
    return true;
}
