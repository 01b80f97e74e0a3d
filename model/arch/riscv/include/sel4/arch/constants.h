/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Nothing: kept for code that includes it. */
#pragma once
