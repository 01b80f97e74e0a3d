/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What the recorded answers are of; STREAM_SEEDS and so on may be given to a root task's compiler.
#pragma once

#ifndef STREAM_SEEDS
#define STREAM_SEEDS 1, 2, 3, 4
#endif
#ifndef STREAM_COUNT
#define STREAM_COUNT 250000
#endif
#ifndef STREAM_PRINT_FROM
#define STREAM_PRINT_FROM 0
#endif
#ifndef STREAM_PRINT_TO
#define STREAM_PRINT_TO 0
#endif
