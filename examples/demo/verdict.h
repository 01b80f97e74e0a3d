/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Is everything whole again? */

#include <stdbool.h>

#include "survey.h"

struct demo;

/// List the blocks that book memory holds after everything was freed, compare the books with the
/// modelled kernel, and say in one last line whether every root is whole but for these blocks.
///
/// Errors:  false iff not; the reasons stand before the last line.
bool verdict(const struct demo *demo, const struct survey *survey);
