/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "population.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROCESS_MIN     50u
#define PROCESS_MAX     500u
#define CAPACITY_FIRST  256u
#define PHASES          16u /* of a run; in each, one profile makes up most of what is born */
#define STEPS_A_LARGE   64u /* one step in so many asks for a large frame, one frees one */
#define STEPS_A_CHURN   8u  /* one step in so many replaces an object of a live process */
#define CNODE_RADIX_MIN 4u
#define CNODE_RADIX_MAX 11u
#define BUFFER_BITS_MIN 13u
#define BUFFER_BITS_MAX 16u

enum kind { ENDPOINT, NOTIFICATION, TCB, PAGE_TABLE, FRAME, CNODE, BUFFER, KINDS };
enum { PROFILES = 3, WEIGHTS = 100 };

/* How many of a hundred objects are of each kind. */
static const unsigned char profiles[PROFILES][KINDS] = {
    {30, 15, 10, 5, 30, 8, 2}, /* a server */
    {5, 2, 3, 8, 80, 1, 1},    /* a program */
    {2, 2, 2, 20, 60, 4, 10},  /* a virtual machine, with its buffers */
};

struct request {
    seL4_Word type;
    seL4_Word size_bits; /* as for vka_alloc_object() */
};

static uint64_t request_bytes(const struct request *request)
{
    return UINT64_C(1) << vka_get_object_size(request->type, request->size_bits);
}

static uint64_t item_bytes(const struct item *item)
{
    return UINT64_C(1) << vka_get_object_size(item->object.type, item->object.size_bits);
}

static void out_of_memory(void)
{
    fprintf(stderr, "bench: the host has no memory for a population\n");
    exit(EXIT_FAILURE);
}

static void *array_grow(void *array, size_t *capacity, size_t bytes)
{
    *capacity = *capacity ? 2 * *capacity : CAPACITY_FIRST;
    void *const grown = realloc(array, *capacity * bytes);
    if (!grown) {
        out_of_memory();
    }
    return grown;
}

static void answer_add(struct answers *answers, bool served)
{
    if (answers->count == answers->capacity) {
        size_t bytes = answers->capacity / 8;
        answers->bits = array_grow(answers->bits, &bytes, 1);
        answers->capacity = bytes * 8;
    }
    uint8_t *const byte = &answers->bits[answers->count / 8];
    const unsigned bit = 1u << (answers->count % 8);
    *byte = (uint8_t)(served ? *byte | bit : *byte & ~bit);
    answers->count++;
}

static bool answer_at(const struct answers *answers, size_t at)
{
    return (answers->bits[at / 8] & (1u << (at % 8))) != 0;
}

/* Ask for an object and fill in the item. */
static void item_make(struct population *population, const struct request *request,
                      struct item *item)
{
    struct population_counts *const counts = &population->counts;
    const bool served =
        vka_alloc_object(population->vka, request->type, request->size_bits, &item->object) == 0;
    if (population->is_reference) {
        answer_add(population->answers, served);
    }
    item->present = answer_at(population->answers, (size_t)counts->requests);
    counts->operations++;
    counts->requests++;
    counts->refused += !served;
    counts->only_refused += !served && item->present;
    counts->only_served += served && !item->present;
    if (request_bytes(request) == UINT64_C(1) << LARGE_FRAME_BITS) {
        counts->requests_large++;
        counts->refused_large += !served;
    }
    if (served && !item->present) {
        vka_free_object(population->vka, &item->object);
    }
    /* In any case the item tells its size. */
    item->object.type = request->type;
    item->object.size_bits = request->size_bits;
    population->live_bytes += item->present ? request_bytes(request) : 0;
}

static void item_free(struct population *population, struct item *item)
{
    if (!item->present) {
        return;
    }
    if (item->object.cptr) {
        vka_object_t object = item->object;
        vka_free_object(population->vka, &object);
    }
    population->live_bytes -= item_bytes(item);
    population->counts.operations++;
}

static struct request request_draw(struct random *random, size_t profile)
{
    size_t at = random_below(random, WEIGHTS);
    enum kind kind = ENDPOINT;
    while (at >= profiles[profile][kind]) { /* ends: the weights of a profile make WEIGHTS */
        at -= profiles[profile][kind];
        kind++;
    }
    static const kobject_t kobjects[KINDS] = {
        KOBJECT_ENDPOINT, KOBJECT_NOTIFICATION, KOBJECT_TCB,    KOBJECT_PAGE_TABLE,
        KOBJECT_FRAME,    KOBJECT_CNODE,        KOBJECT_UNTYPED};
    seL4_Word size_bits = kobject_get_size(kobjects[kind], seL4_PageBits);
    if (kind == CNODE) {
        size_bits = CNODE_RADIX_MIN + random_below(random, CNODE_RADIX_MAX - CNODE_RADIX_MIN + 1);
    } else if (kind == BUFFER) {
        size_bits = BUFFER_BITS_MIN + random_below(random, BUFFER_BITS_MAX - BUFFER_BITS_MIN + 1);
    }
    return (struct request){kobject_get_type(kobjects[kind], size_bits), size_bits};
}

/* Half of the processes are of the profile whose phase it is, the others of any. */
static struct process process_begin(struct population *population)
{
    struct random *const random = &population->random;
    const uint64_t phase = population->counts.operations * PHASES / population->operations;
    const size_t any = random_below(random, 2 * PROFILES);
    struct process process = {.wanted =
                                  PROCESS_MIN + random_below(random, PROCESS_MAX - PROCESS_MIN + 1),
                              .profile = any < PROFILES ? any : (size_t)(phase % PROFILES)};
    process.items = calloc(process.wanted, sizeof(*process.items));
    if (!process.items) {
        out_of_memory();
    }
    return process;
}

/* The next object of one of the processes that are being born. */
static void grow_one(struct population *population)
{
    struct process *const process =
        &population->growing[random_below(&population->random, POPULATION_GROWING)];
    if (!process->items) {
        *process = process_begin(population);
    }
    const struct request request = request_draw(&population->random, process->profile);
    item_make(population, &request, &process->items[process->count++]);
    if (process->count == process->wanted) {
        if (population->process_count == population->process_capacity) {
            population->processes = array_grow(population->processes, &population->process_capacity,
                                               sizeof(struct process));
        }
        population->processes[population->process_count++] = *process;
        *process = (struct process){0};
    }
}

/* A process begins to die: from now on each step takes an object of it. */
static void kill_one(struct population *population)
{
    const size_t victim = random_below(&population->random, population->process_count);
    population->dying = population->processes[victim];
    population->processes[victim] = population->processes[--population->process_count];
}

static void dying_go_on(struct population *population)
{
    struct process *const dying = &population->dying;
    item_free(population, &dying->items[--dying->count]);
    if (dying->count == 0) {
        free(dying->items);
        *dying = (struct process){0};
    }
}

/* An object of a live process goes, another comes. */
static void churn(struct population *population)
{
    struct random *const random = &population->random;
    struct process *const process =
        &population->processes[random_below(random, population->process_count)];
    struct item *const item = &process->items[random_below(random, process->count)];
    const struct request request = request_draw(random, process->profile);
    item_free(population, item);
    item_make(population, &request, item);
}

static void large_make(struct population *population)
{
    /* Where no frame is that large, an untyped. */
    const seL4_Word type = seL4_LargePageBits == LARGE_FRAME_BITS
                               ? kobject_get_type(KOBJECT_FRAME, LARGE_FRAME_BITS)
                               : seL4_UntypedObject;
    const struct request request = {type, LARGE_FRAME_BITS};
    struct item *const item = &population->large[population->large_count];
    item_make(population, &request, item);
    population->large_count += item->present ? 1 : 0;
}

static void large_free(struct population *population)
{
    struct item *const item =
        &population->large[random_below(&population->random, population->large_count)];
    item_free(population, item);
    *item = population->large[--population->large_count];
}

/* Evenly over the run: objects of all kinds that are never freed. */
static void immortal_make(struct population *population)
{
    const struct request request =
        request_draw(&population->random, population->immortal_count % PROFILES);
    struct item item;
    item_make(population, &request, &item);
    population->immortal_count++;
}

static bool immortal_is_due(const struct population *population)
{
    return population->counts.operations * POPULATION_IMMORTALS / population->operations >
           population->immortal_count;
}

void population_step(struct population *population)
{
    if (population->dying.items) {
        dying_go_on(population);
        return;
    }
    if (immortal_is_due(population)) {
        immortal_make(population);
        return;
    }
    const size_t large = random_below(&population->random, STEPS_A_LARGE);
    const size_t other = random_below(&population->random, STEPS_A_CHURN);
    const bool is_full = population->live_bytes >= population->target_bytes;
    if (large == 0 && population->large_count < POPULATION_LARGE) {
        large_make(population);
    } else if (large == 1 && population->large_count > 0) {
        large_free(population);
    } else if (population->process_count > 0 && is_full) {
        kill_one(population);
    } else if (population->process_count > 0 && other == 0) {
        churn(population);
    } else {
        grow_one(population);
    }
}

void population_start(struct population *population, vka_t *vka, struct answers *answers,
                      bool is_reference, uint64_t seed, uint64_t operations, uint64_t target_bytes)
{
    memset(population, 0, sizeof(*population));
    population->vka = vka;
    population->answers = answers;
    population->is_reference = is_reference;
    population->random.state = seed;
    population->operations = operations;
    population->target_bytes = target_bytes;
    answers->count = is_reference ? 0 : answers->count;
}

void population_stop(struct population *population)
{
    for (size_t i = 0; i < population->process_count; i++) {
        free(population->processes[i].items);
    }
    for (size_t i = 0; i < POPULATION_GROWING; i++) {
        free(population->growing[i].items);
    }
    free(population->dying.items);
    free(population->processes);
    memset(population, 0, sizeof(*population));
}

void answers_free(struct answers *answers)
{
    free(answers->bits);
    *answers = (struct answers){0};
}
