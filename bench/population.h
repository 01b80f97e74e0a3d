/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* A changing population of objects: processes of 50 to 500 objects that are born and die, a few
 * objects that never do, and large frames on demand.
 *
 * Two allocators live through the same population, one after the other. The first, the reference,
 * decides what is there: what it refuses is absent from then on. Its answers are kept, and the
 * second is asked the same, request by request. What the reference refused is absent there as well
 * (if the second has served it, it is freed at once). So as long as the second refuses nothing that
 * the reference served, both hold the same objects at each request, and the answers can be compared
 * one by one. */

#include "random.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vka/object.h>

#define POPULATION_GROWING   8u   /* processes that are being born at one time */
#define POPULATION_LARGE     16u  /* large frames, at most */
#define POPULATION_IMMORTALS 256u /* over the whole run */
#define LARGE_FRAME_BITS     21u

/* The answers of the reference, a bit a request. */
struct answers {
    uint8_t *bits;
    size_t count;    /* requests answered */
    size_t capacity; /* in requests */
};

/* An object as the reference has it. */
struct item {
    vka_object_t object; /* nothing (cptr is 0): refused by the allocator that runs now */
    bool present;        /* the reference holds it */
};

struct process {
    struct item *items;
    size_t count;
    size_t wanted;  /* objects when it is grown up */
    size_t profile; /* what it is made of */
};

/* What came of the requests. `only_` counts the requests that were answered differently. */
struct population_counts {
    uint64_t operations; /* requests, and frees of what the reference holds */
    uint64_t requests;
    uint64_t refused;        /* by the allocator that runs now */
    uint64_t refused_large;  /* of these, large frames */
    uint64_t only_refused;   /* refused now, served by the reference */
    uint64_t only_served;    /* served now, refused by the reference */
    uint64_t requests_large; /* large frames asked for */
};

struct population {
    vka_t *vka;
    struct answers *answers;
    bool is_reference;
    struct random random;
    uint64_t operations;       /* how long the run is to be */
    uint64_t target_bytes;     /* what the reference holds, at most */
    uint64_t live_bytes;       /* what the reference holds */
    struct process *processes; /* grown up */
    size_t process_count;
    size_t process_capacity;
    struct process growing[POPULATION_GROWING];
    struct process dying;
    struct item large[POPULATION_LARGE];
    size_t large_count;
    size_t immortal_count;
    struct population_counts counts;
};

/* An empty population. For the reference `answers` is emptied; else it has the reference's. */
void population_start(struct population *population, vka_t *vka, struct answers *answers,
                      bool is_reference, uint64_t seed, uint64_t operations, uint64_t target_bytes);

/* Go on for an operation or two. */
void population_step(struct population *population);

/* Release the host's memory; the objects go down with the machine. */
void population_stop(struct population *population);

void answers_free(struct answers *answers);
