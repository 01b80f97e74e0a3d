/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Random numbers that are the same on every host and in every run (splitmix64). */

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state; /* the seed at first */
};

static inline uint64_t random_next(struct random *random)
{
    random->state += 0x9e3779b97f4a7c15u;
    uint64_t z = random->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* A number in [0, count); count is in 1..2^32 - 1. */
static inline size_t random_below(struct random *random, size_t count)
{
    return (size_t)(((random_next(random) >> 32) * count) >> 32);
}
