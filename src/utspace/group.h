/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The record of one split, and what can be read off it. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <allocman/allocman.h>
#include <allocman/utspace/split.h>

#include "../bits.h"

/* Groups name each other by number: half the size of a pointer, and every number can be checked. */
struct split_group {
    uint32_t id;          /* own number; never 0 */
    uint32_t parent;      /* group whose child this is the split of; of a root: the next root */
    uint32_t next, prev;  /* ring of its class list; 0 when in none */
    uint32_t first_child; /* tree of the groups that are splits of our children, by position */
    uint32_t left, right; /* in such a tree; of a root: in the tree by address */
    uint16_t generation;  /* tells this group from earlier ones of the same number */
    uint16_t free_count;  /* children free */
    uint8_t position;     /* of the child that this is the split of; of a root: its path's depth */
    uint8_t child_bits;   /* log2 bytes of a child */
    uint8_t fan_out_bits; /* log2 number of children */
    uint8_t flags;        /* kind in the lowest two bits, then the GROUP_ flags */
    uint8_t root_bits;    /* log2 bytes of the root */
    uint8_t height;       /* of a root: height of its subtree by address */
    uint8_t free_word;    /* no child below 32 times this is free */
    seL4_CPtr slot;       /* capability of child 0 */
    seL4_Word stride;     /* from one child's slot to the next; of a root: its path's CNode */
    seL4_Word paddr;      /* of child 0, or ALLOCMAN_NO_PADDR */
    uint32_t bits[];      /* for every 32 children: free, split (a bit a child), generations */
};

#define GROUP_KIND    0x03u
#define GROUP_ROOT    0x04u /* handed in, not made by us */
#define GROUP_USED    0x08u /* a root that has served one Retype: what is in it is ours */
#define GROUP_ASIDE   0x10u /* a root that holds somebody else's objects */
#define GROUP_SINGLES 0x20u /* its slots were taken one by one, not as a run */
#define GROUP_DIRTY   0x40u /* the kernel found one of its slots occupied */
#define GROUP_BOOK    0x80u /* lies in the root chosen for book memory */

#define GENERATION_BITS (sizeof(seL4_Word) == 8 ? 4u : 0u) /* of a child */

/* Where in bits[] the children from 32 * w on have theirs, and child c its generation. */
#define WORDS_OF_32        (2 + GENERATION_BITS)
#define FREE_WORD(w)       ((w)*WORDS_OF_32)
#define SPLIT_WORD(w)      ((w)*WORDS_OF_32 + 1)
#define GENERATION_WORD(c) ((c) / 8 + (c) / 32 * 2 + 2)

/*@ predicate has_free_word(struct split_group *g, integer c) = \valid(&g->bits[FREE_WORD(c / 32)]);
    predicate has_split_word(struct split_group *g, integer c) = \valid(&g->bits[SPLIT_WORD(c / 32)]); */

_Static_assert(ALLOCMAN_NO_PADDR == 1, "published");

/*@ requires \valid_read(&g->fan_out_bits) && g->fan_out_bits <= ALLOCMAN_SPLIT_FAN_OUT_BITS;
    assigns \nothing;
    ensures \result == 1 << g->fan_out_bits && 1 <= \result <= 256; */
static inline unsigned group_children(const struct split_group *g)
{
    return 1u << g->fan_out_bits;
}

/*@ requires fan_out_bits <= ALLOCMAN_SPLIT_FAN_OUT_BITS;
    assigns \nothing;
    ensures fan_out_bits <= 5 ==> \result == 1;
    ensures fan_out_bits == 6 ==> \result == 2;
    ensures fan_out_bits == 7 ==> \result == 4;
    ensures fan_out_bits == 8 ==> \result == 8; */
static inline unsigned bitmap_words(unsigned fan_out_bits)
{
    return fan_out_bits <= 5 ? 1 : 1u << (fan_out_bits - 5);
}

/*@ requires fan_out_bits <= ALLOCMAN_SPLIT_FAN_OUT_BITS;
    assigns \nothing;
    ensures GENERATION_BITS == 0 ==> \result == 0;
    ensures GENERATION_BITS == 4 && fan_out_bits <= 3 ==> \result == 1;
    ensures GENERATION_BITS == 4 && fan_out_bits == 4 ==> \result == 2;
    ensures GENERATION_BITS == 4 && fan_out_bits == 5 ==> \result == 4;
    ensures GENERATION_BITS == 4 && fan_out_bits == 6 ==> \result == 8;
    ensures GENERATION_BITS == 4 && fan_out_bits == 7 ==> \result == 16;
    ensures GENERATION_BITS == 4 && fan_out_bits == 8 ==> \result == 32; */
static inline unsigned generation_words(unsigned fan_out_bits)
{
    return GENERATION_BITS == 0 ? 0 : fan_out_bits <= 3 ? 1 : 1u << (fan_out_bits - 3);
}

/*@ requires fan_out_bits <= ALLOCMAN_SPLIT_FAN_OUT_BITS;
    assigns \nothing;
    ensures \result <= sizeof(struct split_group) + 4 * (2 * 8 + 32);
    ensures \result >= sizeof(struct split_group) + 4 * 2; */
static inline size_t group_bytes(unsigned fan_out_bits)
{
    return sizeof(struct split_group) +
           sizeof(uint32_t) * (2 * bitmap_words(fan_out_bits) + generation_words(fan_out_bits));
}

/*@ requires \valid_read(&g->child_bits) && \valid_read(&g->fan_out_bits);
    assigns \nothing;
    ensures \result == g->child_bits + g->fan_out_bits; */
static inline unsigned group_block_bits(const struct split_group *g)
{
    return (unsigned)g->child_bits + g->fan_out_bits;
}

/*@ requires \valid_read(&g->flags);
    assigns \nothing;
    ensures \result <==> (g->flags & GROUP_ROOT) != 0; */
static inline bool group_is_root(const struct split_group *g)
{
    return (g->flags & GROUP_ROOT) != 0;
}

/*@ requires \valid_read(&g->free_count) && \valid_read(&g->fan_out_bits);
    requires g->fan_out_bits <= ALLOCMAN_SPLIT_FAN_OUT_BITS;
    assigns \nothing;
    ensures \result <==> g->free_count == 1 << g->fan_out_bits; */
static inline bool group_is_whole(const struct split_group *g)
{
    return g->free_count == group_children(g);
}

/*@ requires \valid_read(&g->flags);
    assigns \nothing;
    ensures 0 <= \result <= 3 && \result == (g->flags & GROUP_KIND); */
static inline int group_kind(const struct split_group *g)
{
    return (int)(g->flags & GROUP_KIND);
}

/*@ requires c < 256 && has_free_word(g, c);
    assigns \nothing;
    ensures \result <==> bit(g->bits[FREE_WORD(c / 32)], c % 32); */
static inline bool child_is_free(const struct split_group *g, unsigned c)
{
    return am_bit_is(g->bits[FREE_WORD(c / 32)], c % 32);
}

/*@ requires c < 256 && has_split_word(g, c);
    assigns \nothing;
    ensures \result <==> bit(g->bits[SPLIT_WORD(c / 32)], c % 32); */
static inline bool child_is_split(const struct split_group *g, unsigned c)
{
    return am_bit_is(g->bits[SPLIT_WORD(c / 32)], c % 32);
}

/*@ requires c < 256 && has_free_word(g, c) && has_split_word(g, c);
    assigns \nothing;
    ensures \result <==> !bit(g->bits[FREE_WORD(c / 32)], c % 32) &&
                         !bit(g->bits[SPLIT_WORD(c / 32)], c % 32); */
/* Allocated: neither free nor split. */
static inline bool child_is_taken(const struct split_group *g, unsigned c)
{
    const uint32_t used = g->bits[FREE_WORD(c / 32)] | g->bits[SPLIT_WORD(c / 32)];
    //@ assert used == either(g->bits[FREE_WORD(c / 32)], g->bits[SPLIT_WORD(c / 32)]);
    return !am_bit_is(used, c % 32);
}

/*@ requires \valid(&g->free_word) && c < 256 && has_free_word(g, c);
    assigns g->bits[FREE_WORD(c / 32)], g->free_word;
    ensures value ==> \forall integer i; 0 <= i < 32 ==> (bit(g->bits[FREE_WORD(c / 32)], i) <==>
            bit(\old(g->bits[FREE_WORD(c / 32)]), i) || i == c % 32);
    ensures !value ==> \forall integer i; 0 <= i < 32 ==> (bit(g->bits[FREE_WORD(c / 32)], i) <==>
            bit(\old(g->bits[FREE_WORD(c / 32)]), i) && i != c % 32);
    ensures g->free_word == (value && c / 32 < \old(g->free_word) ? c / 32 : \old(g->free_word)); */
static inline void child_set_free(struct split_group *g, unsigned c, bool value)
{
    uint32_t *const word = &g->bits[FREE_WORD(c / 32)];
    *word = am_bit_written(*word, c % 32, value);
    g->free_word = value && c / 32 < g->free_word ? (uint8_t)(c / 32) : g->free_word;
}

/*@ requires c < 256 && has_split_word(g, c);
    assigns g->bits[SPLIT_WORD(c / 32)];
    ensures value ==> \forall integer i; 0 <= i < 32 ==> (bit(g->bits[SPLIT_WORD(c / 32)], i) <==>
            bit(\old(g->bits[SPLIT_WORD(c / 32)]), i) || i == c % 32);
    ensures !value ==> \forall integer i; 0 <= i < 32 ==> (bit(g->bits[SPLIT_WORD(c / 32)], i) <==>
            bit(\old(g->bits[SPLIT_WORD(c / 32)]), i) && i != c % 32); */
static inline void child_set_split(struct split_group *g, unsigned c, bool value)
{
    uint32_t *const word = &g->bits[SPLIT_WORD(c / 32)];
    *word = am_bit_written(*word, c % 32, value);
}

/*@ predicate word_there(struct split_group *g, integer w) = \valid(&g->bits[FREE_WORD(w)]);
    predicate empty_word(struct split_group *g, integer w) = g->bits[FREE_WORD(w)] == 0; */

/*@ requires \valid(&g->free_word) && \exists integer w; g->free_word <= w < 8 && !empty_word(g, w);
    requires \forall integer w; 0 <= w < 8 ==> (\forall integer v; g->free_word <= v < w ==> empty_word(g, v)) ==>
             word_there(g, w);
    assigns g->free_word, g->bits[0 .. FREE_WORD(7)];
    ensures \result / 32 == g->free_word && \old(g->free_word) <= g->free_word < 8;
    ensures \forall integer w; \old(g->free_word) <= w < g->free_word ==> \old(g->bits[FREE_WORD(w)]) == 0;
    ensures \forall integer w; 0 <= w < 8 && w != g->free_word ==>
            g->bits[FREE_WORD(w)] == \old(g->bits[FREE_WORD(w)]);
    ensures \forall integer w, i; w == \result / 32 && 0 <= i < 32 ==>
            (bit(g->bits[FREE_WORD(w)], i) <==>
             bit(\old(g->bits[FREE_WORD(w)]), i) && i != \result % 32);
    ensures \forall integer w; w == \result / 32 ==>
            \old(g->bits[FREE_WORD(w)]) != 0 &&
            \result % 32 == lowest(\old(g->bits[FREE_WORD(w)])); */
/* Clear the bit of the lowest free child; there is one. Returns which it is. */
static inline unsigned group_take_first(struct split_group *g)
{
    unsigned w = g->free_word;
    /*@ loop invariant \at(g->free_word, Pre) <= w < 8 && g->free_word == w;
        loop invariant \forall integer v; \at(g->free_word, Pre) <= v < w ==> empty_word(g, v);
        loop invariant word_there(g, w);
        loop assigns w, g->free_word;
        loop variant 8 - w; */
    while (!g->bits[FREE_WORD(w)]) { /* at most 8 words: free_count is not 0 */
        g->free_word = (uint8_t)++w;
    }
    const uint32_t word = g->bits[FREE_WORD(w)];
    //@ assert word != 0 && (word & (uint32_t)(word - 1)) == without_lowest(word);
    g->bits[FREE_WORD(w)] = word & (word - 1);
    //@ assert g->bits[FREE_WORD(w)] == without_lowest(word) && lowest(word) < 32;
    return w * 32 + am_lowest(word);
}

/*@ requires c < 256 && \valid_read(&g->bits[GENERATION_WORD(c)]);
    assigns \nothing;
    ensures \result == nibble(g->bits[GENERATION_WORD(c)], c % 8); */
static inline unsigned child_generation(const struct split_group *g, unsigned c)
{
    if (GENERATION_BITS == 0) {
        return 0;
    }
    const uint32_t word = g->bits[GENERATION_WORD(c)];
    const unsigned shift = 4 * (c % 8);
    //@ assert word == g->bits[c / 8 + c / 32 * 2 + 2] && shift == 4 * (c % 8);
    //@ assert 0 <= (word >> shift) <= word && nibble(word, c % 8) == ((word >> shift) & 15);
    return (word >> shift) & 15u;
}

/*@ requires c < 256 && \valid(&g->bits[GENERATION_WORD(c)]);
    assigns g->bits[GENERATION_WORD(c)];
    ensures \result == (nibble(\old(g->bits[GENERATION_WORD(c)]), c % 8) + 1) % 16;
    ensures \forall integer j; 0 <= j < 8 ==> nibble(g->bits[GENERATION_WORD(c)], j) ==
            (j == c % 8 ? \result : nibble(\old(g->bits[GENERATION_WORD(c)]), j)); */
/* Returns the new one. */
static inline unsigned child_next_generation(struct split_group *g, unsigned c)
{
    if (GENERATION_BITS == 0) {
        return 0;
    }
    uint32_t *const word = &g->bits[GENERATION_WORD(c)];
    const unsigned shift = 4 * (c % 8);
    //@ assert word == &g->bits[c / 8 + c / 32 * 2 + 2] && shift == 4 * (c % 8);
    //@ assert 0 <= (*word >> shift) <= *word && nibble(*word, c % 8) == ((*word >> shift) & 15);
    const unsigned before = (*word >> shift) & 15u;
    const unsigned next = (before + 1) & 15u;
    //@ assert before == nibble(*word, c % 8) && 0 <= before < 16;
    //@ assert next == (before + 1) % 16 && 0 <= next < 16;
    *word ^= (uint32_t)(before ^ next) << shift;
    //@ assert *word == nibbled(\at(g->bits[GENERATION_WORD(c)], Pre), c % 8, before, next);
    return next;
}

/*@ requires \valid_read(&g->slot) && \valid_read(&g->stride);
    requires g->slot + c * g->stride <= 0xffffffffffffffff;
    assigns \nothing;
    ensures \result == g->slot + c * g->stride; */
static inline seL4_CPtr child_slot(const struct split_group *g, unsigned c)
{
    return g->slot + c * g->stride; /* a root has child 0 only */
}

/*@ requires \valid_read(&g->paddr) && \valid_read(&g->child_bits);
    requires g->child_bits < ALLOCMAN_SPLIT_CLASSES;
    assigns \nothing;
    ensures g->paddr == ALLOCMAN_NO_PADDR ==> \result == ALLOCMAN_NO_PADDR;
    ensures g->paddr != ALLOCMAN_NO_PADDR ==>
            \result == (seL4_Word)(g->paddr + (seL4_Word)(c << g->child_bits)); */
static inline seL4_Word child_paddr(const struct split_group *g, unsigned c)
{
    return g->paddr == ALLOCMAN_NO_PADDR ? ALLOCMAN_NO_PADDR
                                         : g->paddr + ((seL4_Word)c << g->child_bits);
}

/* The path of a child's capability, for CNode invocations. */
static inline cspacepath_t child_path(allocman_t *alloc, const struct split_group *g, unsigned c)
{
    if (group_is_root(g)) {
        return (cspacepath_t){.capPtr = g->slot,
                              .capDepth = g->position,
                              .root = g->stride,
                              .offset = g->slot,
                              .window = 1};
    }
    return alloc->cspace.make_path(alloc->cspace.cspace, child_slot(g, c));
}
