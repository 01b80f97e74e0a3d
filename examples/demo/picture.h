/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Pictures of physical memory. */

#include <stdbool.h>

#include "survey.h"
#include "table.h"

/// Print what the signs of picture_terminal() mean.
void picture_terminal_legend(void);

/// Print all RAM to standard output, a few lines: a piece for each root, in the order of addresses.
/// Colours are used on a terminal only.
///
/// Shape:   `ruler`: also print the size above each root.
/// Errors:  none; a host without memory prints nothing.
void picture_terminal(const struct survey *survey, bool ruler);

/// Write all RAM, and the device memory in use, to a file as a picture in SVG.
///
/// Shape:   `title` and `note` stand above it, with the figures of `row`.
/// Errors:  false and a report iff the file cannot be written or the host has no memory.
bool picture_svg(const char *path, const struct survey *survey, const char *title, const char *note,
                 const struct table_row *row);
