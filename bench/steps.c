/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "steps.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define CAPACITY_FIRST 1024u

void steps_add(struct steps *steps, uint32_t count)
{
    if (steps->calls == steps->capacity) {
        steps->capacity = steps->capacity ? 2 * steps->capacity : CAPACITY_FIRST;
        steps->count = realloc(steps->count, steps->capacity * sizeof(*steps->count));
        if (!steps->count) {
            fprintf(stderr, "bench: the host has no memory for %zu counts\n", steps->capacity);
            exit(EXIT_FAILURE);
        }
    }
    steps->count[steps->calls++] = count;
}

static int compare(const void *a, const void *b)
{
    const uint32_t left = *(const uint32_t *)a;
    const uint32_t right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

double steps_median(struct steps *steps)
{
    if (steps->calls == 0) {
        return (double)NAN;
    }
    qsort(steps->count, steps->calls, sizeof(*steps->count), compare);
    return steps->count[steps->calls / 2];
}

double steps_worst(const struct steps *steps)
{
    double worst = (double)NAN;
    for (size_t i = 0; i < steps->calls; i++) {
        worst = i == 0 || steps->count[i] > worst ? steps->count[i] : worst;
    }
    return worst;
}

void steps_drop(struct steps *steps)
{
    free(steps->count);
    *steps = (struct steps){0};
}
