/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The stream on the kernel model.
//
//     stream RECORD <ANSWERS     compare with a real kernel's answers; 0: all the same
//     stream RECORD print        print the model's, each with the invocation
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sel4model/sel4model.h>

#include "answers.h"

static struct stream stream;
static bool is_printing;
static char line[512]; // being made
static unsigned long line_number;

// What was asked, and what the answers are. All after it would differ, too.
static void stop_at_difference(const char *expected)
{
    is_printing = true;
    printf("line %lu, seed %llu, invocation %lu: ", line_number, (unsigned long long)stream.seed,
           stream.count);
    stream_print_step(&stream);
    printf("\n    the kernel says  %s    the model says   %s", expected, line);
    if (line[0] == '=') {
        puts("The answers are the same, but what was asked or what is in the window is not.");
    }
    exit(1);
}

static void compare_line(void)
{
    char expected[sizeof(line)];
    do { // comments are skipped
        line_number++;
        if (fgets(expected, sizeof(expected), stdin) == NULL) {
            strcpy(expected, "nothing more\n");
        }
    } while (expected[0] == '#');
    if (strcmp(expected, line) != 0) {
        stop_at_difference(expected);
    }
}

void conformance_print(const char *text)
{
    if (is_printing) {
        fputs(text, stdout);
        return;
    }
    strncat(line, text, sizeof(line) - strlen(line) - 1);
    if (strchr(line, '\n') != NULL) {
        compare_line();
        line[0] = '\0';
    }
}

int main(int argc, char **argv)
{
    is_printing = argc == 3 && strcmp(argv[2], "print") == 0;
    if (argc != 2 && !is_printing) {
        fprintf(stderr, "usage: %s RECORD <ANSWERS | RECORD print\n", argv[0]);
        return 2;
    }
    const seL4_BootInfo *const bootinfo = sel4model_boot(argv[1]);
    if (bootinfo == NULL) {
        fprintf(stderr, "%s\n", sel4model_error());
        return 2;
    }
    stream.is_verbose = is_printing;
    const bool is_done = answers_run(&stream, bootinfo);
    sel4model_shutdown();
    if (!is_printing) {
        printf("%lu lines, all the same\n", line_number);
    }
    return is_done ? 0 : 1;
}
