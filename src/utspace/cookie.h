/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What a caller holds of a block: its group's number, its position, and generations of both.
 *
 * From bit 0: child 8 bits, number 32 or 24, and on 64-bit the child's generation 4 and the group's
 * 16. The number is not 0 and not all ones, so neither is the cookie. */

#include "group.h"
#include "ids.h"

#define COOKIE_ID_SHIFT         8u
#define COOKIE_GENERATION_SHIFT 44u /* of the group's */

static inline seL4_Word am_cookie_of(const struct split_group *g, unsigned child,
                                     unsigned generation)
{
    const uint64_t generations = GENERATION_BITS ? (uint64_t)g->generation << 4 | generation : 0;
    return (seL4_Word)((generations << 32 | g->id) << COOKIE_ID_SHIFT | child);
}

/* The cookie of a block that was just taken: another one each time. */
static inline seL4_Word am_cookie_next(struct split_group *g, unsigned child)
{
    return am_cookie_of(g, child, child_next_generation(g, child));
}

/* The group that a cookie names, and in *child the position; NULL: there is no such child. It may be
 * free, or be that of an older cookie. */
static inline struct split_group *am_cookie_group(const utspace_split_t *split, seL4_Word cookie,
                                                  unsigned *child)
{
    const uint64_t wide = cookie;
    struct split_group *const g = am_group_likely(
        split, (uint32_t)(wide >> COOKIE_ID_SHIFT) & (sizeof(cookie) == 8 ? ~0u : 0xffffffu));
    *child = (unsigned)(wide & 0xffu);
    return g && *child < group_children(g) ? g : NULL;
}

/* Is it the cookie of the child as it was last handed out? */
static inline bool am_cookie_is_last(const struct split_group *g, unsigned child, seL4_Word cookie)
{
    return !GENERATION_BITS || cookie == am_cookie_of(g, child, child_generation(g, child));
}
