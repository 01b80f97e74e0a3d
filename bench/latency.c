/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The worst single call of each kind, each after the input that is worst for it: kernel invocations,
 * bytes that the kernel zeroes, and user-level instructions where they are counted. */

#include <stdio.h>

#include <allocman/limits.h>

#include "workloads.h"

#define LIMIT_BITS         16
#define LIMIT_FAN_OUT_BITS 4
#define CHURN              60000
#define CHURN_LIVE         1500
#define BOOK_MAX_BYTES     1011728

/* The call that is measured: its name begins its figures' names. */
struct measured {
    const struct bench *bench;
    const struct machine *machine;
    const char *name;
    struct machine_counts from;
};

static struct measured begin(const struct bench *bench, const struct machine *machine,
                             const char *name)
{
    const struct measured measured = {bench, machine, name, machine_counts(machine)};
    if (bench->count_every) {
        steps_begin();
    }
    return measured;
}

static void record(const struct measured *m, const char *what, double value)
{
    char figure[FIGURE_NAME_BYTES];
    (void)snprintf(figure, sizeof(figure), "%s_%s", m->name, what);
    bench_record(m->bench, figure, value);
}

static void end(const struct measured *m)
{
    const uint32_t steps = m->bench->count_every ? steps_end() : 0;
    const struct machine_counts to = machine_counts(m->machine);
    record(m, "invocations", (double)machine_invocations_between(&m->from, &to));
    record(m, "zeroed_bytes", (double)(to.kernel.bytes_zeroed - m->from.kernel.bytes_zeroed));
    if (m->bench->count_every) {
        record(m, "user_instructions", steps);
    }
}

static bool restart(const struct bench *bench, struct objects *objects)
{
    struct machine *const machine = objects->machine;
    struct machine_config config = machine_config_default(bench->record);
    config.boot = bench->boot;
    objects_drop(objects);
    machine_stop(machine);
    *objects = objects_none(machine);
    return machine_start(machine, &config);
}

/* Take 2^bits bytes at that address for good, if they can be had. */
static void untyped_at(struct machine *machine, uintptr_t paddr, size_t bits)
{
    cspacepath_t path;
    if (allocman_cspace_alloc(machine->alloc, &path) == 0 &&
        !allocman_utspace_alloc_at(machine->alloc, bits, seL4_UntypedObject, &path, paddr, false,
                                   NULL)) {
        allocman_cspace_free(machine->alloc, &path);
    }
}

/* Take every boot untyped of RAM but the largest. What book memory uses stays. */
static void take_all_but_largest(struct machine *machine)
{
    const seL4_BootInfo *const bi = machine->boot_info;
    const size_t count = bi->untyped.end - bi->untyped.start;
    size_t largest = count;
    for (size_t i = 0; i < count; i++) {
        if (!bi->untypedList[i].isDevice &&
            (largest == count || bi->untypedList[i].sizeBits > bi->untypedList[largest].sizeBits)) {
            largest = i;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!bi->untypedList[i].isDevice && i != largest) {
            untyped_at(machine, bi->untypedList[i].paddr, bi->untypedList[i].sizeBits);
        }
    }
}

/* No book memory is free but the headroom: every growth step is refused. */
static void fill_book(struct machine *machine)
{
    for (size_t bytes = 2048; bytes > 0; bytes /= 2) {
        do {
            sel4model_refuse(1, seL4_FailedLookup);
        } while (allocman_mspace_alloc(machine->alloc, bytes, NULL));
    }
    sel4model_refuse(0, seL4_NoError);
}

/* The smallest object, while only the largest untypeds are there, untouched, and book memory is full:
 * the longest way of splits, and growth in the middle of it. */
static bool small_alloc(const struct bench *bench, struct objects *objects)
{
    take_all_but_largest(objects->machine);
    fill_book(objects->machine);
    const struct measured m = begin(bench, objects->machine, "small_alloc");
    const bool made = objects_try(objects, seL4_UntypedObject, seL4_MinUntypedBits);
    end(&m);
    return made;
}

/* The worst of many calls of a kind: what it cost, and which one it was. */
struct worst {
    uint64_t invocations;
    size_t at;
    uint64_t zeroed; /* by whichever call */
    uint32_t steps;
};

/* Objects of up to the limit's size come and go. In a first run the worst calls are found; in a second,
 * `count`, their instructions are counted. */
static bool churn(struct objects *objects, struct worst *alloc, struct worst *release, bool count)
{
    struct random random = {.state = 11};
    for (size_t i = 0; i < CHURN; i++) {
        const struct machine_counts from = machine_counts(objects->machine);
        const bool frees =
            objects->count == CHURN_LIVE || (objects->count > 0 && random_below(&random, 2));
        struct worst *const worst = frees ? release : alloc;
        objects->count_every = count && worst->at == i;
        if (frees) {
            objects_remove(objects, random_below(&random, objects->count));
        } else if (!objects_add(objects, seL4_UntypedObject,
                                seL4_MinUntypedBits +
                                    random_below(&random, LIMIT_BITS + 1 - seL4_MinUntypedBits))) {
            return false;
        }
        const struct machine_counts to = machine_counts(objects->machine);
        const uint64_t invocations = machine_invocations_between(&from, &to);
        const uint64_t zeroed = to.kernel.bytes_zeroed - from.kernel.bytes_zeroed;
        if (!count && invocations > worst->invocations) {
            worst->invocations = invocations;
            worst->at = i;
        }
        worst->zeroed = zeroed > worst->zeroed ? zeroed : worst->zeroed;
    }
    objects->count_every = 0;
    if (count) {
        alloc->steps = (uint32_t)steps_worst(&objects->alloc_steps);
        release->steps = (uint32_t)steps_worst(&objects->free_steps);
    }
    return true;
}

static void record_worst(const struct bench *bench, const char *name, const struct worst *worst)
{
    const struct measured m = {.bench = bench, .name = name};
    record(&m, "invocations", (double)worst->invocations);
    record(&m, "zeroed_bytes", (double)worst->zeroed);
    if (bench->count_every) {
        record(&m, "user_instructions", worst->steps);
    }
}

/* Limits that bound all three, and memory that is ready for them. */
static bool limit(struct objects *objects)
{
    allocman_t *const alloc = objects->machine->alloc;
    const struct allocman_limits limits = {
        .zeroed_bits = LIMIT_BITS, .fan_out_bits = LIMIT_FAN_OUT_BITS, .merge_lazily = true};
    if (allocman_set_limits(alloc, &limits) || allocman_prepare(alloc)) {
        fprintf(stderr, "bench: no limits: %s\n", machine_failure(objects->machine));
        return false;
    }
    return true;
}

static bool mixed(const struct bench *bench, struct objects *objects, bool limited,
                  const char *alloc_name, const char *free_name)
{
    struct worst alloc = {0}, release = {0};
    for (int run = 0; run <= (bench->count_every > 0); run++) {
        if (!restart(bench, objects) || (limited && !limit(objects)) ||
            !churn(objects, &alloc, &release, run > 0)) {
            return false;
        }
    }
    record_worst(bench, alloc_name, &alloc);
    record_worst(bench, free_name, &release);
    return true;
}

/* More than there is, when all frames were freed in random order: everything is merged, then it is
 * refused. And the largest untyped, which is there after the merges. */
static bool merged_alloc(const struct bench *bench, struct objects *objects)
{
    struct random random = {.state = 7};
    (void)objects_fill_pages(objects);
    objects_remove_all(objects, OBJECTS_AT_RANDOM, &random);
    const struct measured m = begin(bench, objects->machine, "merged_alloc");
    const bool made = objects_try(objects, seL4_UntypedObject, seL4_MaxUntypedBits);
    end(&m);
    return !made;
}

/* The largest block of book memory: as many pages as one request takes. */
static bool book(const struct bench *bench, struct objects *objects)
{
    struct machine *const machine = objects->machine;
    struct measured m = begin(bench, machine, "book_alloc");
    void *const block = allocman_mspace_alloc(machine->alloc, BOOK_MAX_BYTES, NULL);
    end(&m);
    if (!block) {
        return false;
    }
    m = begin(bench, machine, "book_free");
    allocman_mspace_free(machine->alloc, block, BOOK_MAX_BYTES);
    end(&m);
    return true;
}

/* A slot whose records take a page of book memory. */
static bool slot_alloc(const struct bench *bench, struct objects *objects)
{
    struct machine *const machine = objects->machine;
    fill_book(machine);
    const size_t growths = machine->alloc->counts.growths;
    size_t taken = 0;
    cspacepath_t path;
    /* Find which one it is in a first run; it is measured in a second. */
    while (machine->alloc->counts.growths == growths &&
           allocman_cspace_alloc(machine->alloc, &path) == 0) {
        taken++;
    }
    if (taken == 0 || machine->alloc->counts.growths == growths || !restart(bench, objects)) {
        return false;
    }
    fill_book(machine);
    for (size_t i = 1; i < taken; i++) {
        (void)allocman_cspace_alloc(machine->alloc, &path);
    }
    const struct measured m = begin(bench, machine, "slot_alloc");
    const bool made = allocman_cspace_alloc(machine->alloc, &path) == 0;
    end(&m);
    return made;
}

bool workload_latency(const struct bench *bench, struct objects *objects)
{
    return mixed(bench, objects, false, "mixed_alloc", "mixed_free") &&
           mixed(bench, objects, true, "limited_alloc", "limited_free") &&
           restart(bench, objects) && small_alloc(bench, objects) && restart(bench, objects) &&
           merged_alloc(bench, objects) && restart(bench, objects) && book(bench, objects) &&
           restart(bench, objects) && slot_alloc(bench, objects);
}
