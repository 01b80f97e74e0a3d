/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What goes wrong, and how far the work is. All of it on standard error. */

#include <stdbool.h>
#include <stddef.h>
#include <allocman/allocman.h>

/// Say what is wrong, in one line after "demo: ".
///
/// Shape:   always false, for `return report(...)`.
__attribute__((format(printf, 1, 2))) bool report(const char *format, ...);

/// Say what an allocator's call was for, and why it failed.
///
/// Shape:   always false.
bool report_allocator(const allocman_t *alloc, const char *what);

/// Say what an invocation was for, and what the kernel answered.
///
/// Shape:   always false.
bool report_kernel(const char *what, int error);

/// Show how far the work is: one line, now and then, and only on a terminal.
///
/// Needs:   progress_end() before anything else is printed.
void progress(const char *what, size_t done);

/// Take the line away.
void progress_end(void);
