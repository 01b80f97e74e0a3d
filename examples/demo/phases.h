/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What the demonstration does, step by step. */

#include <stdbool.h>

struct demo;

/// One step.
struct phase {
    const char *name;                           ///< for the table
    const char *title;                          ///< for the picture
    bool (*run)(struct demo *demo, char *note); ///< do it; DEMO_NOTE_BYTES of note tell the result
};

#define PHASES_MAX 9 ///< entries of `phases`, the one without a name included

/// All steps in their order; the last has no name.
extern const struct phase phases[PHASES_MAX];
