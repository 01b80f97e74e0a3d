/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Numbers as people read them. */

#include <stddef.h>
#include <stdint.h>

/// A short text by value: text_bytes(n).s is good until the end of the expression it stands in.
struct text {
    char s[32]; ///< terminated
};

/// A count with thousands separated: "125,861".
struct text text_count(uint64_t count);

/// A number of bytes with its unit: "491.6 MiB", "16 bytes".
struct text text_bytes(uint64_t bytes);

/// The same for 2^size_bits bytes, as short as can be: "128M".
struct text text_bits_short(unsigned size_bits);

/// The length of a text's first line: as many whole words as fit into `columns`.
size_t text_line(const char *text, size_t columns);
