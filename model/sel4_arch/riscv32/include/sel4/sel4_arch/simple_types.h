/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* A word has 32 bits. */
#pragma once

#define SEL4_WORD_IS_UINT32
#define SEL4_INT64_IS_LONG_LONG
