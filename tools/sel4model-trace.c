/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* sel4model-trace: a compact trace of the kernel model as text. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <sel4model/trace.h>

int main(int argc, char **argv)
{
    if (argc != 2 || argv[1][0] == '-') {
        fputs("usage: sel4model-trace FILE\n"
              "Prints what SEL4MODEL_TRACE=compact:FILE recorded, a line an invocation.\n",
              stderr);
        return 2;
    }
    FILE *const file = fopen(argv[1], "rb");
    if (file == NULL) {
        fprintf(stderr, "sel4model-trace: %s: %s\n", argv[1], strerror(errno));
        return 1;
    }
    const char *const failure = sel4model_trace_print(file, stdout);
    fclose(file);
    if (failure != NULL) {
        fflush(stdout);
        fprintf(stderr, "sel4model-trace: %s: %s\n", argv[1], failure);
        return 1;
    }
    return 0;
}
