/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Kept for code that includes it: the names moved to constants.h. */
#pragma once
