/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

#define NAN      __builtin_nanf("")
#define isnan(x) __builtin_isnan(x)
