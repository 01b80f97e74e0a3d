/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "plots.h"

#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define NAME_BYTES 512

extern char **environ;

static double mib(uint64_t bytes)
{
    return (double)bytes / (double)(UINT64_C(1) << 20);
}

static double mib_of_bits(unsigned bits)
{
    return bits ? mib(UINT64_C(1) << bits) : 0;
}

static bool data_write(const char *name, uint64_t ram_bytes, const struct sample *ours,
                       const struct sample *reference, size_t count)
{
    FILE *const file = fopen(name, "w");
    if (!file) {
        fprintf(stderr, "bench: cannot write %s: %s\n", name, strerror(errno));
        return false;
    }
    fprintf(file, "# operations, memory held (per cent), largest block (MiB), blocks of 2 MiB, "
                  "requests refused so far;\n# the last three for allocman and then for the "
                  "reference\n");
    for (size_t i = 0; i < count; i++) {
        fprintf(file, "%" PRIu64 " %.2f %g %zu %" PRIu64 " %g %zu %" PRIu64 "\n",
                ours[i].operations, 100 * (double)ours[i].live_bytes / (double)ram_bytes,
                mib_of_bits(ours[i].largest_bits), ours[i].large_blocks, ours[i].refused,
                mib_of_bits(reference[i].largest_bits), reference[i].large_blocks,
                reference[i].refused);
    }
    const bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed) {
        fprintf(stderr, "bench: cannot write %s: %s\n", name, strerror(errno));
        return false;
    }
    return true;
}

static void draw(const char *data, const char *picture, unsigned per_cent)
{
    char variables[3 * NAME_BYTES];
    char script[] = PLOT_SCRIPT;
    char program[] = "gnuplot";
    char option[] = "-e";
    snprintf(variables, sizeof(variables), "data='%s'; picture='%s'; level=%u", data, picture,
             per_cent);
    char *const arguments[] = {program, option, variables, script, NULL};
    pid_t child;
    int status = -1;
    const int error = posix_spawnp(&child, program, NULL, NULL, arguments, environ);
    if (error) {
        fprintf(stderr, "bench: %s is not drawn: gnuplot: %s\n", picture, strerror(error));
    } else if (waitpid(child, &status, 0) != child || status != 0) {
        fprintf(stderr, "bench: %s is not drawn: gnuplot failed\n", picture);
    }
}

bool plots_write(const char *directory, unsigned per_cent, uint64_t ram_bytes,
                 const struct sample *ours, const struct sample *reference, size_t count)
{
    char data[NAME_BYTES];
    char picture[NAME_BYTES];
    if (snprintf(data, sizeof(data), "%s/w11-%u.dat", directory, per_cent) >= NAME_BYTES ||
        snprintf(picture, sizeof(picture), "%s/w11-%u.svg", directory, per_cent) >= NAME_BYTES) {
        fprintf(stderr, "bench: the name of the directory is too long: %s\n", directory);
        return false;
    }
    if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "bench: cannot make %s: %s\n", directory, strerror(errno));
        return false;
    }
    if (!data_write(data, ram_bytes, ours, reference, count)) {
        return false;
    }
    draw(data, picture, per_cent);
    return true;
}
