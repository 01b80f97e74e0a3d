/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// For the one manager whose business is the C library's heap.
#pragma once

#include <stddef.h>

void *malloc(size_t bytes);
void *calloc(size_t count, size_t bytes);
void free(void *memory);
