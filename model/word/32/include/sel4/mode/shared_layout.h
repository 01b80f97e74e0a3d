/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Where the fields of CNode guards lie where a word has 32 bits. */
#pragma once

#include <sel4/mode/types.h>

#define SEL4MODEL_GUARD_SHIFT 8
#define SEL4MODEL_GUARD_SIZE_SHIFT 3
