/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

#include <allocman/allocman.h>
#include <allocman/utspace/split.h>

/* Take back all untypeds, none of which was used yet. */
void am_split_forget_roots(allocman_t *alloc, utspace_split_t *split);
