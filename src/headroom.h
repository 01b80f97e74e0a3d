/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Which record of the headroom serves a request. */

#include <allocman/allocman.h>

/*@ predicate fits(struct allocman_headroom *kind, integer i, size_t bytes) =
        kind[i].held > 0 && kind[i].bytes >= bytes; */

/*@ requires \valid_read(kind + (0 .. ALLOCMAN_HEADROOM_KINDS - 1));
    assigns \nothing;
    ensures \result <= ALLOCMAN_HEADROOM_KINDS;
    behavior none:
      assumes \forall integer i; 0 <= i < ALLOCMAN_HEADROOM_KINDS ==> !fits(kind, i, bytes);
      ensures \result == ALLOCMAN_HEADROOM_KINDS;
    behavior some:
      assumes \exists integer i; 0 <= i < ALLOCMAN_HEADROOM_KINDS && fits(kind, i, bytes);
      ensures \result < ALLOCMAN_HEADROOM_KINDS && fits(kind, \result, bytes);
      ensures \forall integer i; 0 <= i < ALLOCMAN_HEADROOM_KINDS && fits(kind, i, bytes)
              ==> kind[\result].bytes <= kind[i].bytes;
    complete behaviors;
    disjoint behaviors; */
/* The kind whose records are the shortest that do, of those held; ALLOCMAN_HEADROOM_KINDS: none. */
static inline unsigned am_headroom_kind(const struct allocman_headroom *kind, size_t bytes)
{
    unsigned best = ALLOCMAN_HEADROOM_KINDS;
    /*@ loop invariant 0 <= i <= ALLOCMAN_HEADROOM_KINDS;
        loop invariant best < i || best == ALLOCMAN_HEADROOM_KINDS;
        loop invariant best < ALLOCMAN_HEADROOM_KINDS ==> fits(kind, best, bytes);
        loop invariant \forall integer j; 0 <= j < i && fits(kind, j, bytes)
                       ==> best < ALLOCMAN_HEADROOM_KINDS && kind[best].bytes <= kind[j].bytes;
        loop assigns i, best;
        loop variant ALLOCMAN_HEADROOM_KINDS - i; */
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        if (kind[i].held && kind[i].bytes >= bytes &&
            (best == ALLOCMAN_HEADROOM_KINDS || kind[i].bytes < kind[best].bytes)) {
            best = i;
        }
    }
    return best;
}
