/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* How a validator says what it found. */

#include <stdbool.h>
#include <allocman/check.h>

/* Note a broken law; always false, so that a check can end with it. */
static inline bool am_broken(struct allocman_violation *violation, enum allocman_law law,
                             const char *what, seL4_Word where)
{
    if (violation) {
        *violation = (struct allocman_violation){.law = law, .what = what, .where = where};
    }
    return false;
}
