/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What the parts of the library tell each other beside the public interface. */

#include <stdbool.h>
#include <allocman/allocman.h>
#include <allocman/extensions.h>

/* Keep a failure for allocman_last_failure; returns its status. */
int am_fail(allocman_t *alloc, enum allocman_status status, seL4_Word needed, seL4_Word available);

/* The same for an invocation that the kernel refused. */
int am_fail_kernel(allocman_t *alloc, enum allocman_status status, seL4_Error error);

/* Count a misuse and keep it as the last failure. */
void am_misuse(allocman_t *alloc, enum allocman_status status, seL4_Word needed, seL4_Word available);

/* A pool has no room left. Inside an allocman's call: ALLOCMAN_NO_BOOK, and the call grows the pool
 * when it has let go of all it holds. Outside (the pool's alloc called directly): grow now. */
void *am_pool_alloc_outside(allocman_t *alloc, size_t bytes, int *error);
