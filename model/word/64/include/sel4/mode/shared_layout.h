/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Where the fields of CNode guards lie where a word has 64 bits. */
#pragma once

#include <sel4/mode/types.h>

#define SEL4MODEL_GUARD_SHIFT 6
#define SEL4MODEL_GUARD_SIZE_SHIFT 0
