/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The one helper that managers share. */

#ifdef ALLOCMAN_IN_TREE
#include <sel4utils/util.h>
#endif

#ifndef SET_ERROR
/// Store `code` where `var` points, if it points anywhere.
#define SET_ERROR(var, code)                                                                       \
    do {                                                                                           \
        if (var) {                                                                                 \
            *(var) = (code);                                                                       \
        }                                                                                          \
    } while (0)
#endif
