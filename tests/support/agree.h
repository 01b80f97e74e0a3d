/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Do the books agree with the kernel?
#pragma once

#include "world.h"

// NULL, or what does not agree, in `text`; parameters as of world_wrong().
const char *agree_wrong(const struct world *world, world_leaked leaked, const void *context,
                        char *text, size_t bytes);
