/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What W11 saw over time, as data and as a picture. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SAMPLES 500u /* of a run */

/* One moment. */
struct sample {
    uint64_t operations; /* so far */
    uint64_t live_bytes; /* of the objects held */
    uint64_t refused;    /* requests, so far */
    size_t large_blocks; /* of 2 MiB that could be had at once */
    unsigned largest_bits;
};

/* Write DIRECTORY/w11-PER_CENT.dat, and have gnuplot draw DIRECTORY/w11-PER_CENT.svg. Without gnuplot
 * that is said, and no failure. False iff a file cannot be written; why stands on standard error. */
bool plots_write(const char *directory, unsigned per_cent, uint64_t ram_bytes,
                 const struct sample *ours, const struct sample *reference, size_t count);
