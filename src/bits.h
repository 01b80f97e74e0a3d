/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Bit scans without libc, and without the compiler's support library on targets that have no
 * instruction for them. */

#include <stdbool.h>
#include <stdint.h>
#include <sel4/types.h>

/* What a call seldom needs stands apart, so that the rest of it is short. */
#define AM_SELDOM __attribute__((noinline, cold))
/* A function with a frame of its own, which whoever calls it does not have on the stack then. */
#define AM_APART __attribute__((noinline))
/* What calls the ways that use most stack has no frame of its own there. */
#define AM_FLAT inline __attribute__((always_inline))

#define AM_BIT(n)    ((seL4_Word)1 << (n))
#define AM_WORD_BITS (sizeof(seL4_Word) * 8)

/*@ requires x != 0;
    assigns \nothing;
    ensures \result == lowest(x) && \result < 64; */
/* Number of the lowest set bit; x is not 0. */
static inline unsigned am_lowest(uint64_t x)
{
#if defined(__x86_64__) || defined(__aarch64__)
    return (unsigned)__builtin_ctzll(x);
#elif defined(__i386__) || defined(__arm__)
    const uint32_t low = (uint32_t)x;
    return low ? (unsigned)__builtin_ctz(low) : 32u + (unsigned)__builtin_ctz((uint32_t)(x >> 32));
#else
    unsigned n = 0;
    /*@ loop invariant step \in {32, 16, 8, 4, 2, 1, 0};
        loop invariant x != 0 && n + lowest(x) == lowest(\at(x, Pre));
        loop invariant lowest(x) < (step == 0 ? 1 : 2 * step);
        loop invariant n + (step == 0 ? 1 : 2 * step) <= 64;
        loop assigns step, x, n;
        loop variant step; */
    for (unsigned step = 32; step > 0; step /= 2) {
        //@ assert (step / 2 == 0 ? 1 : 2 * (step / 2)) == step;
        //@ assert (x & ((1 << step) - 1)) == 0 <==> step <= lowest(x);
        if (!(x & ((UINT64_C(1) << step) - 1))) {
            x >>= step;
            n += step;
        }
    }
    return n;
#endif
}

/*@ requires x != 0;
    assigns \nothing;
    ensures \result == highest(x) && \result < 64; */
/* Number of the highest set bit; x is not 0. */
static inline unsigned am_highest(uint64_t x)
{
#if defined(__x86_64__) || defined(__aarch64__)
    return 63u - (unsigned)__builtin_clzll(x);
#elif defined(__i386__) || defined(__arm__)
    const uint32_t high = (uint32_t)(x >> 32);
    return high ? 63u - (unsigned)__builtin_clz(high) : 31u - (unsigned)__builtin_clz((uint32_t)x);
#else
    unsigned n = 0;
    /*@ loop invariant step \in {32, 16, 8, 4, 2, 1, 0};
        loop invariant x != 0 && n + highest(x) == highest(\at(x, Pre));
        loop invariant highest(x) < (step == 0 ? 1 : 2 * step);
        loop invariant n + (step == 0 ? 1 : 2 * step) <= 64;
        loop assigns step, x, n;
        loop variant step; */
    for (unsigned step = 32; step > 0; step /= 2) {
        if (x >> step) {
            x >>= step;
            n += step;
        }
    }
    return n;
#endif
}

/*@ requires n <= 64;
    assigns \nothing;
    ensures \result == mask(n); */
/* The lowest n bits set, n in 0..64. */
static inline uint64_t am_mask(unsigned n)
{
    return n >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1;
}

/*@ requires n < 32;
    assigns \nothing;
    ensures \result <==> bit(word, n); */
/* Is bit n of the word set? */
static inline bool am_bit_is(uint32_t word, unsigned n)
{
    return (word >> n) & 1u;
}

/*@ requires n < 32;
    assigns \nothing;
    ensures value ==> \forall integer i; 0 <= i < 32 ==> (bit(\result, i) <==> bit(word, i) || i == n);
    ensures !value ==> \forall integer i; 0 <= i < 32 ==> (bit(\result, i) <==> bit(word, i) && i != n); */
/* The word with bit n set or cleared. */
static inline uint32_t am_bit_written(uint32_t word, unsigned n, bool value)
{
    const uint32_t bit = (uint32_t)1 << n;
    return value ? word | bit : (word | bit) ^ bit; /* & ~bit, as the provers understand it */
}
