/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What a manager's functions may do to the allocman that calls them. */

/// Which calls a manager may make back into its allocman. All zero: none, which is true of every
/// manager of this library.
struct allocman_properties {
    int alloc_can_free;  ///< its alloc may call a free of the allocman
    int free_can_alloc;  ///< its free may call an alloc
    int alloc_can_alloc; ///< its alloc may be entered again while it runs
    int free_can_free;   ///< its free may be entered again while it runs
};

/// Initialiser for a manager that calls nothing back.
#define ALLOCMAN_DEFAULT_PROPERTIES                                                                \
    {                                                                                              \
        .alloc_can_free = 0, .free_can_alloc = 0, .alloc_can_alloc = 0, .free_can_free = 0         \
    }

/// The same as a value.
static const struct allocman_properties allocman_default_properties = ALLOCMAN_DEFAULT_PROPERTIES;
