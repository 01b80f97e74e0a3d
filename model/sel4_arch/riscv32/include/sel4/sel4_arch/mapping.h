/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Which table a mapping lacked: log2 of the range that the missing table covers. */
#pragma once

#include <sel4/functions.h>

#define SEL4_MAPPING_LOOKUP_LEVEL 2
#define SEL4_MAPPING_LOOKUP_NO_PT 22

/* Only meaningful right after a mapping answered seL4_FailedLookup with MR1 ==
 * seL4_MissingCapability; at most log2 of the frame's size: something smaller is mapped there. */
LIBSEL4_INLINE_FUNC seL4_Word seL4_MappingFailedLookupLevel(void)
{
    return seL4_GetMR(SEL4_MAPPING_LOOKUP_LEVEL);
}
