/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What this kernel's object types are, as far as memory is concerned. */

#include <stdbool.h>
#include <stddef.h>
#include <sel4/sel4.h>
#include <allocman/status.h>
#include <vka/object.h>

/* ALLOCMAN_OK, ALLOCMAN_INVALID_TYPE, or ALLOCMAN_INVALID_SIZE: size_bits is not the type's, or
 * no size of any. */
static inline int am_type_check(seL4_Word type, size_t size_bits)
{
    if (type >= seL4_ObjectTypeCount) {
        return ALLOCMAN_INVALID_TYPE;
    }
    const bool possible = size_bits >= seL4_MinUntypedBits && size_bits <= seL4_MaxUntypedBits;
    const bool fits = type == seL4_CapTableObject
                          ? size_bits > seL4_SlotBits
                          : vka_get_object_size(type, size_bits) == size_bits;
    return possible && fits ? ALLOCMAN_OK : ALLOCMAN_INVALID_SIZE;
}

/* The size argument of Retype for a type and a size that go together. */
static inline seL4_Word am_type_argument(seL4_Word type, size_t size_bits)
{
    return type == seL4_CapTableObject ? size_bits - seL4_SlotBits : size_bits;
}

/* Frames of any size: with untypeds, all that device memory can hold. */
bool am_type_is_frame(seL4_Word type);
