/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The stream on the kernel model.
//
//     stream_on_model RECORD ANSWERS                 compare with recorded answers; 0: all the same
//     stream_on_model RECORD - SEED COUNT [FROM TO]  print, the steps [FROM, TO) in full
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sel4model/sel4model.h>

#include "seeds.h"
#include "stream.h"

static FILE *answers;
static char line[256]; // being printed
static unsigned long line_number;
static unsigned long differences;

static void compare_line(void)
{
    char expected[sizeof(line)] = "";
    do { // comments are skipped; ends with the file
        line_number++;
        if (fgets(expected, sizeof(expected), answers) == NULL) {
            strcpy(expected, "the end of the file\n");
        }
    } while (expected[0] == '#');
    if (strcmp(expected, line) != 0) {
        if (differences == 0) {
            printf("line %lu: the kernel said: %s      the model says: %s", line_number, expected,
                   line);
        }
        differences++;
    }
}

void conformance_print(const char *text)
{
    if (answers == NULL) {
        fputs(text, stdout);
        return;
    }
    strncat(line, text, sizeof(line) - strlen(line) - 1);
    if (strchr(line, '\n') != NULL) {
        compare_line();
        line[0] = '\0';
    }
}

static bool run(const char *record, struct stream *stream, seL4_Word seed, unsigned long count)
{
    const seL4_BootInfo *const bootinfo = sel4model_boot(record);
    if (bootinfo == NULL) {
        fprintf(stderr, "%s\n", sel4model_error());
        return false;
    }
    const bool is_done = stream_run(stream, bootinfo, seed, count);
    sel4model_shutdown();
    if (!is_done) {
        fprintf(stderr, "%s: no such untypeds\n", record);
    }
    return is_done;
}

int main(int argc, char **argv)
{
    static const seL4_Word seeds[] = {STREAM_SEEDS};
    static struct stream stream;
    if (argc >= 5) {
        stream.print_from = argc == 7 ? strtoul(argv[5], NULL, 10) : 0;
        stream.print_to = argc == 7 ? strtoul(argv[6], NULL, 10) : 0;
        return !run(argv[1], &stream, strtoul(argv[3], NULL, 10), strtoul(argv[4], NULL, 10));
    }
    if (argc != 3 || (answers = fopen(argv[2], "r")) == NULL) {
        fprintf(stderr, "usage: %s RECORD ANSWERS | RECORD - SEED COUNT [FROM TO]\n", argv[0]);
        return 2;
    }
    for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        if (!run(argv[1], &stream, seeds[i], STREAM_COUNT)) {
            return 2;
        }
    }
    fclose(answers);
    printf("%lu lines, %lu differ\n", line_number, differences);
    return differences != 0;
}
