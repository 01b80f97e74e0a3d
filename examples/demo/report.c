/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "report.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>
#include <allocman/status.h>

#include "text.h"

#define PROGRESS_STEP 1024 /* units of work between two lines */

static bool progress_shown; /* a line of progress stands on the terminal */

bool report(const char *format, ...)
{
    progress_end();
    fflush(stdout);
    fputs("demo: ", stderr);
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return false;
}

bool report_allocator(const allocman_t *alloc, const char *what)
{
    char text[160];
    return report("%s: %s", what,
                  allocman_failure_text(allocman_last_failure(alloc), text, sizeof(text)));
}

bool report_kernel(const char *what, int error)
{
    const struct allocman_failure failure = {
        .status = ALLOCMAN_KERNEL_REFUSED,
        .kernel_error = (seL4_Error)error,
    };
    char text[160];
    return report("%s: %s", what, allocman_failure_text(&failure, text, sizeof(text)));
}

void progress(const char *what, size_t done)
{
    if (done % PROGRESS_STEP == 0 && isatty(STDERR_FILENO)) {
        fflush(stdout);
        fprintf(stderr, "\r\033[K  %s: %s", what, text_count(done).s);
        progress_shown = true;
    }
}

void progress_end(void)
{
    if (progress_shown) {
        fputs("\r\033[K", stderr);
        progress_shown = false;
    }
}
