/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

#include <stddef.h>

#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1

_Noreturn void exit(int status); // start/start.c
_Noreturn void abort(void);
void *malloc(size_t bytes); // start/heap.c
void *calloc(size_t count, size_t bytes);
void *realloc(void *memory, size_t bytes);
void free(void *memory);
void qsort(void *array, size_t count, size_t bytes, int (*compare)(const void *, const void *));
