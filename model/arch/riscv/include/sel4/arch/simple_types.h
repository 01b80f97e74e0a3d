/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Word and integer widths come from the sel4_arch. */
#pragma once

#include <sel4/sel4_arch/simple_types.h>
