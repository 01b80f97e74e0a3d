/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The admission lemma: whatever the order of the nested requests of one growth step, and whichever records they are lent, the
 * headroom is never empty for one of them, if it began with a record for each. Not compiled into anything: see make proofs.
 *
 * "A record for each" is: for every size, there are as many records of at least that size as requests of at least that
 * size. Lending the shortest record that does, as am_headroom_kind() chooses it, keeps that true of the requests left. */

#include "headroom.h"

#define KINDS ALLOCMAN_HEADROOM_KINDS

/*@ logic integer of_kind(struct allocman_headroom *kind, integer i, integer size) =
        kind[i].bytes >= size ? kind[i].held : 0;
    // Records of at least that size.
    logic integer records(struct allocman_headroom *kind, integer size) =
        of_kind(kind, 0, size) + of_kind(kind, 1, size) + of_kind(kind, 2, size) +
        of_kind(kind, 3, size) + of_kind(kind, 4, size) + of_kind(kind, 5, size) +
        of_kind(kind, 6, size);

    axiomatic Requests {
      // Requests of at least that size among asked[from .. count - 1].
      logic integer requests{L}(size_t *asked, integer from, integer count, integer size)
        reads asked[from .. count - 1];
      axiom no_request{L}: \forall size_t *asked, integer from, count, size;
        from >= count ==> requests(asked, from, count, size) == 0;
      axiom one_request{L}: \forall size_t *asked, integer from, count, size;
        from < count ==> requests(asked, from, count, size) ==
                         (asked[from] >= size ? 1 : 0) + requests(asked, from + 1, count, size);
    } */
_Static_assert(KINDS == 7, "records() names each kind");

/*@ requires \valid_read(asked + (0 .. count - 1));
    assigns \nothing;
    ensures \forall integer from, integer low, integer high; 0 <= from <= count && low <= high ==>
            requests(asked, from, count, high) <= requests(asked, from, count, low);
    ensures \forall integer from, integer size; 0 <= from <= count ==>
            0 <= requests(asked, from, count, size); */
/* Of larger sizes there are no more requests. */
void requests_fall(const size_t *asked, unsigned count)
{
    /*@ loop invariant 0 <= at <= count;
        loop invariant \forall integer from, integer low, integer high;
            at <= from <= count && low <= high ==>
            requests(asked, from, count, high) <= requests(asked, from, count, low);
        loop invariant \forall integer from, integer size; at <= from <= count ==>
            0 <= requests(asked, from, count, size);
        loop assigns at;
        loop variant at; */
    for (unsigned at = count; at > 0; at--) {
        /*@ assert \forall integer size; requests(asked, at - 1, count, size) ==
            (asked[at - 1] >= size ? 1 : 0) + requests(asked, (at - 1) + 1, count, size); */
    }
}

/*@ requires \valid(kind + (0 .. KINDS - 1)) && \valid_read(asked + (0 .. count - 1));
    requires \separated(kind + (0 .. KINDS - 1), asked + (0 .. count - 1));
    requires \forall integer size; requests(asked, 0, count, size) <= records(kind, size);
    assigns kind[0 .. KINDS - 1].held; */
/* Every request finds a record. */
void admission(struct allocman_headroom *kind, const size_t *asked, unsigned count)
{
    requests_fall(asked, count);
    /*@ loop invariant 0 <= i <= count;
        loop invariant \forall integer size; requests(asked, i, count, size) <= records(kind, size);
        loop assigns i, kind[0 .. KINDS - 1].held;
        loop variant count - i; */
    for (unsigned i = 0; i < count;) {
        //@ assert requests(asked, i, count, asked[i]) == 1 + requests(asked, i + 1, count, asked[i]);
        /*@ assert fewer: \forall integer size; size <= asked[i] ==>
            requests(asked, i, count, size) == 1 + requests(asked, i + 1, count, size); */
        //@ assert records(kind, asked[i]) > 0;
        const unsigned lent = am_headroom_kind(kind, asked[i]);
        //@ assert found: lent < KINDS && kind[lent].held > 0 && kind[lent].bytes >= asked[i];
    before:
        kind[lent].held--;
        /*@ assert others: \forall integer k, size; 0 <= k < KINDS && k != lent ==>
            of_kind(kind, k, size) == of_kind{before}(kind, k, size); */
        /*@ assert lent == 0 ==> \forall integer size;
            records(kind, size) - of_kind(kind, 0, size) ==
            records{before}(kind, size) - of_kind{before}(kind, 0, size); */
        /*@ assert lent == 1 ==> \forall integer size;
            records(kind, size) - of_kind(kind, 1, size) ==
            records{before}(kind, size) - of_kind{before}(kind, 1, size); */
        /*@ assert lent == 2 ==> \forall integer size;
            records(kind, size) - of_kind(kind, 2, size) ==
            records{before}(kind, size) - of_kind{before}(kind, 2, size); */
        /*@ assert lent == 3 ==> \forall integer size;
            records(kind, size) - of_kind(kind, 3, size) ==
            records{before}(kind, size) - of_kind{before}(kind, 3, size); */
        /*@ assert lent == 4 ==> \forall integer size;
            records(kind, size) - of_kind(kind, 4, size) ==
            records{before}(kind, size) - of_kind{before}(kind, 4, size); */
        /*@ assert lent == 5 ==> \forall integer size;
            records(kind, size) - of_kind(kind, 5, size) ==
            records{before}(kind, size) - of_kind{before}(kind, 5, size); */
        /*@ assert lent == 6 ==> \forall integer size;
            records(kind, size) - of_kind(kind, 6, size) ==
            records{before}(kind, size) - of_kind{before}(kind, 6, size); */
        /*@ assert one: \forall integer size; size <= kind[lent].bytes ==>
            of_kind(kind, lent, size) == of_kind{before}(kind, lent, size) - 1; */
        /*@ assert below: \forall integer size; size <= kind[lent].bytes ==>
            records(kind, size) == records{before}(kind, size) - 1; */
        /*@ assert above: \forall integer size; size > kind[lent].bytes ==>
            records(kind, size) == records{before}(kind, size); */
        /*@ assert shorter: \forall integer k, size; 0 <= k < KINDS && asked[i] <= size <= kind[lent].bytes ==>
            of_kind{before}(kind, k, size) == of_kind{before}(kind, k, asked[i]); */
        /*@ assert between: \forall integer size; asked[i] <= size <= kind[lent].bytes ==>
            records{before}(kind, size) == records{before}(kind, asked[i]); */
        /*@ assert small: \forall integer size; size <= asked[i] ==>
            requests(asked, i + 1, count, size) <= records(kind, size); */
        /*@ assert middle: \forall integer size; asked[i] < size <= kind[lent].bytes ==>
            requests(asked, i + 1, count, size) <= requests(asked, i + 1, count, asked[i]); */
        /*@ assert middle: \forall integer size; asked[i] < size <= kind[lent].bytes ==>
            requests(asked, i + 1, count, size) <= records(kind, size); */
        /*@ assert large: \forall integer size; size > kind[lent].bytes ==>
            requests(asked, i + 1, count, size) <= records(kind, size); */
        /*@ assert all: \forall integer size; requests(asked, i + 1, count, size) <= records(kind, size); */
        const unsigned next = i + 1;
        //@ assert next == i + 1;
        //@ assert \forall integer size; requests(asked, next, count, size) <= records(kind, size);
        i = next;
    }
}
