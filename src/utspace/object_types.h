/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What this kernel's object types are, as far as memory is concerned. */

#include <stdbool.h>
#include <stddef.h>
#include <sel4/types.h>

/* ALLOCMAN_OK, ALLOCMAN_INVALID_TYPE, or ALLOCMAN_INVALID_SIZE: size_bits is not the type's, or
 * no size of any. */
int am_type_check(seL4_Word type, size_t size_bits);

/* Frames of any size: with untypeds, all that device memory can hold. */
bool am_type_is_frame(seL4_Word type);
