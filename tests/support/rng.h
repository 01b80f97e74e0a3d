/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Random numbers that are the same everywhere for the same seed (splitmix64).
#pragma once

#include <stdint.h>

struct rng {
    uint64_t state;
};

static inline uint64_t rng_next(struct rng *rng)
{
    uint64_t x = (rng->state += UINT64_C(0x9e3779b97f4a7c15));
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

// 0 .. n - 1; n is not 0.
static inline unsigned rng_below(struct rng *rng, uint64_t n)
{
    return (unsigned)(rng_next(rng) % n);
}

// low .. high, both included.
static inline unsigned rng_from(struct rng *rng, unsigned low, unsigned high)
{
    return low + rng_below(rng, high - low + 1u);
}

// True `percent` times in a hundred.
static inline int rng_percent(struct rng *rng, unsigned percent)
{
    return rng_below(rng, 100) < percent;
}
