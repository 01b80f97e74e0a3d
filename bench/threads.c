/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* threads: what a lock of the user's costs, and what is left when several threads want the one
 * allocman. Its times are the host's: reported, never checked. */

#include "workloads.h"

#include <allocman/hooks.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <vka/object.h>

#include "workers.h"

#define PAIRS 100000u /* of all threads together */

struct crowd {
    struct machine *machine;
    pthread_mutex_t mutex;
    unsigned pairs; /* of each thread */
    atomic_uint refused;
};

static void acquire(void *cookie)
{
    (void)pthread_mutex_lock(cookie);
}

static void release(void *cookie)
{
    (void)pthread_mutex_unlock(cookie);
}

static void allocs_and_frees(void *context, unsigned number)
{
    struct crowd *const crowd = context;
    vka_t *const vka = &crowd->machine->vka;
    (void)number;
    for (unsigned i = 0; i < crowd->pairs; i++) {
        vka_object_t endpoint;
        if (vka_alloc_endpoint(vka, &endpoint)) {
            crowd->refused++;
        } else {
            vka_free_object(vka, &endpoint);
        }
    }
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool crowd_run(const struct bench *bench, struct crowd *crowd, unsigned count,
                      const char *figure)
{
    crowd->pairs = PAIRS / count;
    const double start = seconds_now();
    const bool good = workers_run(crowd->machine->alloc, crowd->machine->boot_info, count,
                                  allocs_and_frees, crowd) &&
                      crowd->refused == 0;
    bench_record(bench, figure, (double)crowd->pairs * count / (seconds_now() - start));
    return good;
}

bool workload_threads(const struct bench *bench, struct objects *objects)
{
    struct crowd crowd = {.machine = objects->machine};
    if (pthread_mutex_init(&crowd.mutex, NULL)) {
        return false;
    }
    const struct allocman_lock lock = {acquire, release, &crowd.mutex};
    bool good = crowd_run(bench, &crowd, 1, "pairs_per_second_without_lock") &&
                allocman_set_lock(crowd.machine->alloc, &lock) == ALLOCMAN_OK &&
                crowd_run(bench, &crowd, 1, "pairs_per_second_1_thread") &&
                crowd_run(bench, &crowd, 2, "pairs_per_second_2_threads") &&
                crowd_run(bench, &crowd, 4, "pairs_per_second_4_threads");
    good = allocman_set_lock(crowd.machine->alloc, NULL) == ALLOCMAN_OK && good;
    (void)pthread_mutex_destroy(&crowd.mutex);
    if (!good) {
        fprintf(stderr, "bench: threads: %s\n", machine_failure(crowd.machine));
    }
    return good;
}
