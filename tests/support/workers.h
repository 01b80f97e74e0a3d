/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Host threads that are threads of the model, all in the root task's CSpace and VSpace.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <allocman/allocman.h>

#define WORKERS_MAX 8u

// Run `body` in `count` threads at once, each with its number, 0 up, and wait for all of them. Their
// TCBs and IPC buffers come from the allocman, and stay. False: one could not be made.
bool workers_run(allocman_t *alloc, const seL4_BootInfo *bootinfo, unsigned count,
                 void (*body)(void *context, unsigned number), void *context);
