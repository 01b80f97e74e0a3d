/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The words that contracts about bits are written in. scripts/proofs puts this before every source.
 *
 * The provers know little of machine words as WP gives them: as integers of any size. What they lack stands here as axioms.
 * Each is a theorem about words of 64 bits, and words.smt2 proves it under the same name as such: as a formula over bits, by
 * z3 and CVC4, with the names below defined there. */

#pragma once

#include <stdint.h>

/*@ predicate bit(integer word, integer i) = (word & (1 << i)) != 0;

    axiomatic Scans {
      logic integer lowest(uint64_t x) reads \nothing; // number of the lowest set bit
      axiom lowest_range: \forall uint64_t x; x != 0 ==> 0 <= lowest(x) < 64;
      axiom lowest_bit: \forall uint64_t x; x != 0 ==> bit(x, lowest(x));
      axiom lowest_first: \forall uint64_t x, integer i; x != 0 && 0 <= i < lowest(x) ==> !bit(x, i);
      axiom lowest_mask: \forall uint64_t x, integer n; x != 0 && 0 < n < 64 ==>
        ((x & ((1 << n) - 1)) == 0 <==> n <= lowest(x));
      axiom lowest_shift: \forall uint64_t x, integer n; x != 0 && 0 <= n <= lowest(x) ==>
        (x >> n) != 0 && lowest((uint64_t)(x >> n)) == lowest(x) - n;
      axiom lowest_half: \forall uint64_t x; (uint32_t)x != 0 ==> lowest((uint32_t)x) == lowest(x);
      axiom lowest_upper: \forall uint64_t x; x != 0 && (uint32_t)x == 0 ==>
        lowest((uint32_t)(x >> 32)) == lowest(x) - 32;

      logic integer highest(uint64_t x) reads \nothing; // number of the highest set bit
      axiom highest_range: \forall uint64_t x; x != 0 ==> 0 <= highest(x) < 64;
      axiom highest_bit: \forall uint64_t x; x != 0 ==> bit(x, highest(x));
      axiom highest_last: \forall uint64_t x, integer i; x != 0 && highest(x) < i < 64 ==> !bit(x, i);
      axiom highest_shift: \forall uint64_t x, integer n; x != 0 && 0 <= n < 64 ==>
        ((x >> n) != 0 <==> n <= highest(x)) &&
        (n <= highest(x) ==> highest((uint64_t)(x >> n)) == highest(x) - n);
      axiom highest_power: \forall uint64_t x; x != 0 ==>
        (1 << highest(x)) <= x && (highest(x) < 63 ==> x < (1 << (highest(x) + 1)));
      axiom highest_byte: \forall uint64_t x; 8 <= x < 256 ==> 3 <= highest(x) <= 7;
      axiom low_two: \forall uint32_t x; 0 <= (x & 3) <= 3;
      axiom highest_half: \forall uint64_t x; x != 0 && (uint32_t)(x >> 32) == 0 ==>
        highest((uint32_t)x) == highest(x);
      axiom highest_upper: \forall uint64_t x; (uint32_t)(x >> 32) != 0 ==>
        highest((uint32_t)(x >> 32)) == highest(x) - 32;
    }

    axiomatic Halves {
      axiom halves: \forall uint64_t x; (uint32_t)x == 0 && (uint32_t)(x >> 32) == 0 ==> x == 0;
    }

    axiomatic Rounding {
      axiom round_16: \forall uint64_t x; (x & 0xfffffffffffffff0) == x - x % 16;
    }

    axiomatic Masks {
      logic uint64_t mask(integer n) reads \nothing; // the lowest n bits
      axiom mask_is: mask(64) == 0xffffffffffffffff && \forall integer n; 0 <= n < 64 ==> mask(n) == (1 << n) - 1;
      axiom mask_bits: \forall integer n, i; 0 <= n <= 64 && 0 <= i < 64 ==> (bit(mask(n), i) <==> i < n);
    }

    axiomatic Fold {
      axiom powers: \forall integer n; 0 <= n <= 8 ==> (1 << n) == (
        n == 0 ? 1 : n == 1 ? 2 : n == 2 ? 4 : n == 3 ? 8 : n == 4 ? 16 : n == 5 ? 32 : n == 6 ? 64 :
        n == 7 ? 128 : 256);
      axiom and_range: \forall uint64_t x, y; 0 <= (x & y) <= x && (x & y) <= y;
      // Of bits where runs of 2^order start: those where runs of twice that do.
      logic integer fold(integer runs, integer order) reads \nothing;
    }

    axiomatic Starts {
      logic integer starts(integer order) reads \nothing; // bits at which an aligned run of 2^order can start
      axiom starts_are: starts(1) == 0x5555555555555555 && starts(2) == 0x1111111111111111 &&
        starts(3) == 0x0101010101010101 && starts(4) == 0x0001000100010001 &&
        starts(5) == 0x0000000100000001 && starts(6) == 1;
    }

    axiomatic AnyOrder {
      // The provers do not know that & takes its operands in any order, so the axiom says it.
      predicate ordered(integer a, integer b, integer c, integer x, integer y, integer z) =
        (a == x && (b == y && c == z || b == z && c == y)) ||
        (a == y && (b == x && c == z || b == z && c == x)) ||
        (a == z && (b == x && c == y || b == y && c == x));
      axiom fold_is: \forall integer a, b, c, r, order;
        0 <= order < 6 && ordered(a, b, c, r, r >> (1 << order), starts(order + 1)) ==>
        fold(r, order) == (a & b & c);
    }

    axiomatic Runs {
      // Bit i: an aligned run of 2^order set bits starts at i; runs_mean says so.
      logic uint64_t runs(uint64_t x, integer order) reads \nothing;
      axiom runs_0: \forall uint64_t x; runs(x, 0) == x;
      axiom runs_next: \forall uint64_t x, integer order; 0 <= order < 6 ==>
        runs(x, order + 1) == fold(runs(x, order), order);
      axiom runs_mean: \forall uint64_t x, integer order, i; 0 <= order <= 6 && 0 <= i < 64 ==>
        (bit(runs(x, order), i) <==>
         i % (1 << order) == 0 && \forall integer j; i <= j < i + (1 << order) ==> bit(x, j));
      axiom runs_whole: \forall uint64_t x; runs(x, 6) != 0 <==> x == 0xffffffffffffffff;

      // 1 + order of the longest aligned run; 0: there is none.
      logic integer longest(uint64_t x) reads \nothing;
      axiom longest_range: \forall uint64_t x; 0 <= longest(x) <= 7;
      axiom longest_is: \forall uint64_t x, integer order; 0 <= order <= 6 ==>
        (runs(x, order) != 0 <==> order < longest(x));
    }

    axiomatic RunTests {
      logic integer run_mask(uint32_t at, integer order) =
        (uint64_t)((0xffffffffffffffff >> (uint32_t)(64 - (uint32_t)(1 << order)))
                   << (at & (uint32_t)~((uint32_t)(1 << order) - 1)));
      // The test for the aligned run of 2^order that number `at` lies in.
      axiom run_test: \forall uint64_t x, uint32_t at, integer order; 0 <= at < 64 && 0 <= order <= 6 ==>
        (run_mask(at, order) == (x & run_mask(at, order)) <==>
         bit(runs(x, order), at - at % (1 << order)));
    }

    axiomatic Bits {
      axiom in_word: \forall uint32_t x; (x & 63) == x % 64;
      axiom below_run: \forall uint32_t x, integer order; 0 <= order <= 6 ==>
        ((x & (uint32_t)((uint32_t)(1 << order) - 1)) == 0 <==> x % 64 % (1 << order) == 0);
      logic uint64_t without_lowest(uint64_t x) reads \nothing;
      axiom without_is: \forall integer a, b, uint64_t x;
        (a == x && b == (uint64_t)(x - 1)) || (b == x && a == (uint64_t)(x - 1)) ==>
        without_lowest(x) == (a & b);
      axiom without_bits: \forall uint64_t x, integer i; x != 0 && 0 <= i < 64 ==>
        (bit(without_lowest(x), i) <==> bit(x, i) && i != lowest(x));
      logic uint64_t with_bit(uint64_t x, integer n) reads \nothing;
      axiom with_is: \forall integer a, b, n, uint64_t x;
        0 <= n < 64 && ((a == x && b == 1 << n) || (b == x && a == 1 << n)) ==> with_bit(x, n) == (a | b);
      axiom with_bits: \forall uint64_t x, integer n, i; 0 <= n < 64 && 0 <= i < 64 ==>
        (bit(with_bit(x, n), i) <==> bit(x, i) || i == n);
    }

    axiomatic Words {
      logic uint64_t either(uint64_t x, uint64_t y) reads \nothing;
      axiom either_is: \forall uint64_t a, b, x, y; (a == x && b == y) || (a == y && b == x) ==> either(x, y) == (a | b);
      axiom either_bits: \forall uint64_t x, y, integer i; 0 <= i < 64 ==>
        (bit(either(x, y), i) <==> bit(x, i) || bit(y, i));
      logic uint64_t both(uint64_t x, uint64_t y) reads \nothing;
      axiom both_is: \forall uint64_t a, b, x, y; (a == x && b == y) || (a == y && b == x) ==> both(x, y) == (a & b);
      axiom both_bits: \forall uint64_t x, y, integer i; 0 <= i < 64 ==>
        (bit(both(x, y), i) <==> bit(x, i) && bit(y, i));
      logic uint64_t but(uint64_t x, uint64_t y) reads \nothing; // those of x that are not in y
      axiom but_is: \forall uint64_t a, b, x, y;
        (a == x && b == (uint64_t)~y) || (a == (uint64_t)~y && b == x) ==> but(x, y) == (a & b);
      axiom but_bits: \forall uint64_t x, y, integer i; 0 <= i < 64 ==>
        (bit(but(x, y), i) <==> bit(x, i) && !bit(y, i));
      logic uint64_t moved(integer n, integer s) reads \nothing; // n bits from bit s on
      axiom moved_is: \forall uint64_t x, integer n, s; x == mask(n) ==> moved(n, s) == (uint64_t)(x << s);
      axiom moved_bits: \forall integer n, s, i; 0 <= n && 0 <= s < 64 && n + s <= 64 && 0 <= i < 64 ==>
        (bit(moved(n, s), i) <==> s <= i < s + n);
    }

    axiomatic RunChanges {
      axiom not_whole: \forall uint64_t x, integer n; 0 <= n < 64 && !bit(x, n) ==> longest(x) <= 6;
      // Only one of the longest runs matters when the lowest number goes ...
      axiom run_taken: \forall uint64_t x; x != 0 &&
        !(lowest(x) % (1 << (longest(x) - 1)) == 0 && bit(runs(x, longest(x) - 1), lowest(x))) ==>
        longest(without_lowest(x)) == longest(x);
      // ... and only a run longer than the longest when one comes back.
      axiom run_given: \forall uint64_t x, integer n; 0 <= n < 64 && !bit(x, n) &&
        !bit(runs(with_bit(x, n), longest(x)), n - n % (1 << longest(x))) ==>
        longest(with_bit(x, n)) == longest(x);
    }

    axiomatic Nibbles {
      logic integer nibble(uint64_t x, integer i) = ((uint32_t)(x >> (4 * i))) & 15;
      axiom nibble_range: \forall uint64_t x, integer i; 0 <= i < 16 ==> 0 <= nibble(x, i) <= 15;
      logic uint64_t nibbled(uint64_t x, integer i, integer before, integer now) reads \nothing;
      axiom nibbled_is: \forall uint64_t x, integer i, before, now, a, b, c, d;
        ((a == before && b == now) || (a == now && b == before)) &&
        ((c == x && d == (uint64_t)((uint64_t)(a ^ b) << (4 * i))) ||
         (d == x && c == (uint64_t)((uint64_t)(a ^ b) << (4 * i)))) ==> nibbled(x, i, before, now) == (c ^ d);
      axiom low_four: \forall uint32_t x; (x & 15) == x % 16;
      axiom shifted_range: \forall uint32_t x, integer i; 0 <= i < 32 ==> 0 <= (x >> i) <= x;
      axiom nibbled_half: \forall uint32_t x, integer i, before, now, a, b, c, d;
        0 <= i < 8 && 0 <= before < 16 && 0 <= now < 16 &&
        ((a == before && b == now) || (a == now && b == before)) &&
        ((c == x && d == (uint32_t)((uint32_t)(a ^ b) << (4 * i))) ||
         (d == x && c == (uint32_t)((uint32_t)(a ^ b) << (4 * i)))) ==> nibbled(x, i, before, now) == (c ^ d);
      axiom nibble_set: \forall uint64_t x, integer i, j, before, now; 0 <= i < 16 && 0 <= j < 16 &&
        before == nibble(x, i) && 0 <= now < 16 ==>
        nibble(nibbled(x, i, before, now), j) == (i == j ? now : nibble(x, j));
    } */

#ifdef PROOFS_OF_POWERS // too much for the provers where it is not needed
/*@ axiomatic Powers {
      axiom powers_rise: \forall integer m, n; 0 <= m < n < 64 ==> 2 * (1 << m) <= (1 << n);
      axiom powers_range: \forall integer n; 0 <= n < 64 ==> 1 <= (1 << n) <= 0x8000000000000000 &&
        (n <= 47 ==> (1 << n) <= 0x800000000000) && (n <= 42 ==> (1 << n) <= 0x40000000000);
      axiom powers_divide: \forall integer m, n; 0 <= m <= n < 64 ==> (1 << n) % (1 << m) == 0;
      axiom power_32: \forall integer n; 0 <= n < 59 ==> (1 << (n + 5)) == 32 * (1 << n);
      axiom power_alone: \forall uint64_t x; x != 0 ==> (without_lowest(x) == 0 <==> x == (1 << highest(x)));
      axiom shift_product: \forall uint64_t x, integer n; 0 <= n < 64 && (x << n) <= 0xffffffffffffffff ==>
        0 <= (x << n) == x * (1 << n);
      axiom shift_32: \forall uint64_t x, integer n; 0 <= n < 59 && (x << n) <= 0x400000000000000 ==>
        (x << (n + 5)) == 32 * (x << n);
      axiom shift_back: \forall uint64_t x, y, integer n; 0 <= n < 64 && y <= (x >> n) ==> (y << n) <= x;
      axiom shift_floor: \forall uint64_t x, integer n; 0 <= n < 64 ==> x < ((x >> n) << n) + (1 << n);
      axiom lowest_divides: \forall uint64_t x; x != 0 ==> x % (1 << lowest(x)) == 0;
      axiom lowest_fits: \forall uint64_t x, integer n; x != 0 && 0 <= n < 64 && (x >> n) == 0 ==>
        x + (1 << lowest(x)) <= (1 << n);
      axiom lowest_rises: \forall uint64_t x, y; x != 0 && y == x + (1 << lowest(x)) ==> lowest(x) < lowest(y);
    } */
#endif

/* What gcc and clang say of their builtins. */
/*@ requires x != 0;
    assigns \nothing;
    ensures \result == lowest(x); */
int __builtin_ctzll(unsigned long long x);
/*@ requires x != 0;
    assigns \nothing;
    ensures \result == 63 - highest(x); */
int __builtin_clzll(unsigned long long x);
/*@ requires x != 0;
    assigns \nothing;
    ensures \result == lowest(x); */
int __builtin_ctz(unsigned x);
/*@ requires x != 0;
    assigns \nothing;
    ensures \result == 31 - highest(x); */
int __builtin_clz(unsigned x);
