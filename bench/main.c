/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* bench: what the allocator costs, counted on the kernel model, beside the budgets of DESIGN.md
 * section 9. */

#include "workloads.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REFERENCE_RECORD   BENCH_MACHINE ".json" /* the machine that the budgets are made for */
#define CNODE_RADIX_BITS   19u                   /* of the root CNode, at least */
#define EXIT_BUDGET_MISSED 1
#define EXIT_WRONG_INPUT   2

struct arguments {
    bool check;
    bool detail;
    bool help;
    size_t count_every; /* 0: no instructions are counted */
    const char *record;
    const char *out;   /* NULL: no file */
    const char *only;  /* names with commas between; NULL: all */
    const char *plots; /* NULL: none */
    uint64_t operations;
    uint64_t seed;
    bool free_records;
};

static void print_help(void)
{
    printf(
        "usage: bench [--check] [--instructions EVERY] [--only NAME,...] [--record FILE] [--out "
        "FILE] [--detail]\n"
        "             [--operations N] [--seed N] [--plots DIR] [--free-records]\n"
        "\n"
        "Counts what the allocator costs on the kernel model and prints it beside the budgets.\n"
        "\n"
        "  --check        exit with 1 if a budget is missed\n"
        "  --only LIST    only these workloads\n"
        "  --record FILE  boot information of the machine; default:\n"
        "                 " RECORD_DIR "/" REFERENCE_RECORD "\n"
        "                 (budgets that are made for that machine are left out for others)\n"
        "  --out FILE     write the figures there too, as JSON, one object a line\n"
        "  --instructions EVERY\n"
        "                 count the user-level instructions of one call in EVERY of W1 to W5, "
        "each:\n"
        "                 10 us an instruction; with 1 the worst call is in it. Reported beside\n"
        "                 their budgets, never checked\n"
        "  --detail       print the kinds of kernel invocation of each phase\n"
        "  --operations N how long W11 goes on; default: 200000 for each 512 MiB of RAM\n"
        "  --seed N       what W11 draws its population from; default: 11\n"
        "  --plots DIR    write what W11 saw over time there, as data and, with gnuplot, drawn\n"
        "  --free-records W11's reference has memory for its records outside the machine\n"
        "  --help         this text\n"
        "\n"
        "workloads:\n");
    for (size_t i = 0; i < workload_count; i++) {
        printf("  %-15s%s\n", workloads[i].name, workloads[i].what);
    }
}

/* The argument's value, which is the next argument. */
static const char *value_of(int argc, char *const argv[], int *i)
{
    if (*i + 1 >= argc) {
        fprintf(stderr, "bench: %s needs a value; see --help\n", argv[*i]);
        exit(EXIT_WRONG_INPUT);
    }
    return argv[++*i];
}

static uint64_t count_read(const char *what, const char *text)
{
    char *end;
    errno = 0;
    const unsigned long long count = strtoull(text, &end, 10);
    if (errno || *text < '0' || *text > '9' || *end || count == 0 || count > SIZE_MAX) {
        fprintf(stderr, "bench: %s takes a number above 0, not \"%s\"; see --help\n", what, text);
        exit(EXIT_WRONG_INPUT);
    }
    return count;
}

static struct arguments arguments_read(int argc, char *const argv[])
{
    struct arguments arguments = {.record = RECORD_DIR "/" REFERENCE_RECORD, .seed = 11};
    for (int i = 1; i < argc; i++) {
        const char *const argument = argv[i];
        if (strcmp(argv[i], "--check") == 0) {
            arguments.check = true;
        } else if (strcmp(argv[i], "--detail") == 0) {
            arguments.detail = true;
        } else if (strcmp(argv[i], "--instructions") == 0) {
            arguments.count_every = (size_t)count_read(argument, value_of(argc, argv, &i));
        } else if (strcmp(argv[i], "--help") == 0) {
            arguments.help = true;
        } else if (strcmp(argv[i], "--record") == 0) {
            arguments.record = value_of(argc, argv, &i);
        } else if (strcmp(argv[i], "--out") == 0) {
            arguments.out = value_of(argc, argv, &i);
        } else if (strcmp(argv[i], "--only") == 0) {
            arguments.only = value_of(argc, argv, &i);
        } else if (strcmp(argv[i], "--plots") == 0) {
            arguments.plots = value_of(argc, argv, &i);
        } else if (strcmp(argv[i], "--free-records") == 0) {
            arguments.free_records = true;
        } else if (strcmp(argv[i], "--operations") == 0) {
            arguments.operations = count_read(argument, value_of(argc, argv, &i));
        } else if (strcmp(argv[i], "--seed") == 0) {
            arguments.seed = count_read(argument, value_of(argc, argv, &i));
        } else {
            fprintf(stderr, "bench: unknown argument %s; see --help\n", argv[i]);
            exit(EXIT_WRONG_INPUT);
        }
    }
    return arguments;
}

/* Is the name one of those in the list? */
static bool listed(const char *list, const char *name)
{
    const size_t length = strlen(name);
    while (list) {
        const size_t item_length = strcspn(list, ",");
        if (item_length == length && strncmp(list, name, length) == 0) {
            return true;
        }
        list = list[item_length] ? list + item_length + 1 : NULL;
    }
    return false;
}

/* Every name in the list must be a workload's. */
static void only_check(const char *only)
{
    while (only) {
        const size_t length = strcspn(only, ",");
        bool known = false;
        for (size_t i = 0; i < workload_count && !known; i++) {
            known = strlen(workloads[i].name) == length &&
                    strncmp(only, workloads[i].name, length) == 0;
        }
        if (!known) {
            fprintf(stderr, "bench: no such workload: \"%.*s\"; see --help\n", (int)length, only);
            exit(EXIT_WRONG_INPUT);
        }
        only = only[length] ? only + length + 1 : NULL;
    }
}

/* A record that does not boot is the user's mistake; later it would be a workload's failure. */
static void record_check(const char *record)
{
    if (!sel4model_boot(record)) { /* the model has said why */
        exit(EXIT_WRONG_INPUT);
    }
    sel4model_shutdown();
}

/* The budgets are for a root CNode of 2^19 slots, and for memory that runs out before slots do. Some
 * kernels of the records were built with a smaller one: there it has three slots a page of RAM. */
static struct sel4model_options boot_options(const char *record)
{
    const seL4_BootInfo *const boot_info = sel4model_boot(record);
    const uint64_t pages = machine_ram_bytes(boot_info) >> seL4_PageBits;
    unsigned radix_bits = CNODE_RADIX_BITS;
    while (UINT64_C(1) << radix_bits < 3 * pages) { /* bounded by the words' bits */
        radix_bits++;
    }
    const bool small = boot_info->initThreadCNodeSizeBits < CNODE_RADIX_BITS;
    sel4model_shutdown();
    return (struct sel4model_options){.root_cnode_bits = small ? radix_bits : 0};
}

static bool is_reference(const char *record)
{
    const char *const slash = strrchr(record, '/');
    return strcmp(slash ? slash + 1 : record, REFERENCE_RECORD) == 0;
}

/* Opened before anything runs: a wrong path is told at once. */
static FILE *out_open(const char *path)
{
    FILE *const file = path ? fopen(path, "w") : NULL;
    if (path && !file) {
        fprintf(stderr, "bench: cannot write %s: %s\n", path, strerror(errno));
        exit(EXIT_WRONG_INPUT);
    }
    return file;
}

static void out_write(const struct figures *figures, FILE *file, const char *path)
{
    figures_print_json(figures, file);
    const bool failed = ferror(file) != 0;
    if (fclose(file) != 0 || failed) {
        fprintf(stderr, "bench: cannot write %s: %s\n", path, strerror(errno));
        exit(EXIT_WRONG_INPUT);
    }
}

/* True iff every workload could finish. */
static bool run_all(struct bench *bench, const char *only)
{
    bool good = true;
    for (size_t i = 0; i < workload_count; i++) {
        if (!only || listed(only, workloads[i].name)) {
            good = workload_run(bench, &workloads[i]) && good;
            figures_judge(bench->figures, workloads[i].name);
        }
    }
    return good;
}

int main(int argc, char *argv[])
{
    const struct arguments arguments = arguments_read(argc, argv);
    if (arguments.help) {
        print_help();
        return EXIT_SUCCESS;
    }
    only_check(arguments.only);
    record_check(arguments.record);
    const bool counting = arguments.count_every && steps_prepare();
    if (arguments.count_every && !counting) {
        fprintf(stderr, "bench: this host cannot count instructions: these figures are left out\n");
    }
    FILE *const out = out_open(arguments.out);

    static struct figures figures;
    figures.on_reference = is_reference(arguments.record);
    struct bench bench = {.figures = &figures,
                          .record = arguments.record,
                          .boot = boot_options(arguments.record),
                          .detail = arguments.detail,
                          .phase_ended = arguments.detail ? bench_print_phase : NULL,
                          .count_every = counting ? arguments.count_every : 0,
                          .operations = arguments.operations,
                          .seed = arguments.seed,
                          .free_records = arguments.free_records,
                          .plots = arguments.plots};
    const bool good = run_all(&bench, arguments.only);

    figures_print_table(&figures, stdout);
    fflush(stdout); /* what is missed comes after the table, also in a file that has both */
    if (out) {
        out_write(&figures, out, arguments.out);
    }
    if (arguments.check) {
        figures_print_missed(&figures, stderr);
    }
    return !good || (arguments.check && figures_missed(&figures) > 0) ? EXIT_BUDGET_MISSED
                                                                      : EXIT_SUCCESS;
}
