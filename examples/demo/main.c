/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The demonstration: an allocator's life on a modelled machine, with figures and pictures. */

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sel4model/sel4model.h>

#include "demo.h"
#include "phases.h"
#include "picture.h"
#include "report.h"
#include "table.h"
#include "text.h"
#include "verdict.h"

#define EXIT_WRONG_INPUT 2
#define PATH_BYTES 4096

static const char usage[] =
    "usage: demo --record FILE [--out DIR]\n"
    "\n"
    "Boots allocman on the kernel model with the boot information of a recorded machine, builds\n"
    "processes, fills memory, frees everything, and shows after each phase who has which memory.\n"
    "\n"
    "  --record FILE  the machine: an x86_64 record without MCS, such as\n"
    "                 data/bootinfo/pc99-512m.json\n"
    "  --out DIR      also write a picture of each phase to DIR/*.svg; DIR is made if need be\n"
    "  --help         this text\n"
    "\n"
    "The last line tells whether all memory came back. Exit status: 0 it did, 1 it did not or a\n"
    "phase failed, 2 wrong input.\n";

struct options {
    const char *record;
    const char *out; /* NULL: no pictures in files */
};

/* The command line: -1 to go on, else the exit status. */
static int options_read(int argc, char **argv, struct options *options)
{
    static const struct option known[] = {
        {"record", required_argument, NULL, 'r'},
        {"out", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (option) {
        case 'r':
            options->record = optarg;
            break;
        case 'o':
            options->out = optarg;
            break;
        case 'h':
            fputs(usage, stdout);
            return EXIT_SUCCESS;
        default: /* getopt_long has said what is wrong */
            fputs("Try --help.\n", stderr);
            return EXIT_WRONG_INPUT;
        }
    }
    if (optind < argc) {
        (void)report("what is \"%s\"? Try --help.", argv[optind]);
        return EXIT_WRONG_INPUT;
    }
    if (!options->record) {
        (void)report("which machine? Give --record FILE, or try --help.");
        return EXIT_WRONG_INPUT;
    }
    return -1;
}

/* Make a folder and those above it. */
static bool make_folder(const char *folder)
{
    char path[PATH_BYTES];
    const size_t length = strlen(folder);
    if (length == 0 || length >= sizeof(path)) {
        return report("--out: the name of the folder is %s", length ? "too long" : "empty");
    }
    memcpy(path, folder, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (path[i] == '/' || path[i] == '\0') {
            const char kept = path[i];
            path[i] = '\0';
            if (mkdir(path, 0777) != 0 && errno != EEXIST) {
                return report("--out: cannot make the folder %s: %s", path, strerror(errno));
            }
            path[i] = kept;
        }
    }
    struct stat status;
    if (stat(folder, &status) != 0 || !S_ISDIR(status.st_mode)) {
        return report("--out: %s is not a folder", folder);
    }
    return true;
}

/* A record's file name without folder and .json. */
static void name_of(const char *record, char *name, size_t bytes)
{
    const char *const slash = strrchr(record, '/');
    snprintf(name, bytes, "%s", slash ? slash + 1 : record);
    const size_t length = strlen(name);
    if (length > 5 && strcmp(name + length - 5, ".json") == 0) {
        name[length - 5] = '\0';
    }
}

/* Write a phase's picture to a file named after it. */
static bool write_picture(const struct demo *demo, const struct survey *survey, const char *folder,
                          size_t number, const char *note, const struct table_row *row)
{
    char path[PATH_BYTES + 64];
    char title[512];
    const int start = snprintf(path, sizeof(path), "%s/", folder);
    snprintf(path + start, sizeof(path) - (size_t)start, "%zu-%s.svg", number + 1, row->phase);
    for (char *c = path + start; *c; c++) {
        *c = *c == ' ' ? '-' : *c;
    }
    snprintf(title, sizeof(title), "%s · %zu · %s", demo->record_name, number + 1,
             phases[number].title);
    return picture_svg(path, survey, title, note, row);
}

/* Print a phase's row, what it told and the picture, and write the picture to a file. */
static bool show(const struct demo *demo, const struct options *options, size_t number,
                 const char *note, const struct table_row *row)
{
    struct survey survey;
    if (!survey_take(demo, &survey)) {
        return false;
    }
    table_print_row(row);
    for (const char *rest = note; *rest;) {
        const size_t length = text_line(rest, DEMO_COLUMNS - 2);
        printf("  %.*s\n", (int)length, rest);
        rest += length + (rest[length] == ' ');
    }
    picture_terminal(&survey, number == 0);
    putchar('\n');
    const bool good =
        !options->out || write_picture(demo, &survey, options->out, number, note, row);
    survey_free(&survey);
    return good;
}

/* All rows once more, without anything between them, and what became of memory. */
static bool conclude(const struct demo *demo, const struct options *options,
                     const struct table_row *rows)
{
    table_print_head();
    for (size_t i = 0; phases[i].name; i++) {
        table_print_row(&rows[i]);
    }
    putchar('\n');
    if (options->out) {
        printf("pictures: %s/*.svg\n\n", options->out);
    }
    struct survey survey;
    if (!survey_take(demo, &survey)) {
        return false;
    }
    const bool good = verdict(demo, &survey);
    survey_free(&survey);
    return good;
}

static bool run(struct demo *demo, const struct options *options)
{
    struct table_row rows[PHASES_MAX];
    printf("%s\n\n", demo->record_name);
    picture_terminal_legend();
    putchar('\n');
    table_print_head();
    for (size_t i = 0; phases[i].name; i++) {
        char note[DEMO_NOTE_BYTES] = "";
        if (!phases[i].run(demo, note)) {
            return false;
        }
        rows[i] = table_row_of(demo, phases[i].name);
        if (!show(demo, options, i, note, &rows[i])) {
            return false;
        }
    }
    return conclude(demo, options, rows);
}

int main(int argc, char **argv)
{
    struct options options = {.record = NULL};
    const int status = options_read(argc, argv, &options);
    if (status >= 0) {
        return status;
    }
    char name[256];
    name_of(options.record, name, sizeof(name));
    struct demo demo = {.record_name = name, .random = 0x5e14a110c};
    demo.bi = sel4model_boot(options.record);
    if (!demo.bi || (options.out && !make_folder(options.out))) { /* both have said why not */
        sel4model_shutdown();
        return EXIT_WRONG_INPUT;
    }
    bool good = run(&demo, &options);
    sel4model_shutdown();
    free(demo.objects.at);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        good = report("standard output cannot be written: %s", strerror(errno));
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
