/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "lists.h"

#include "ids.h"

/*@ // Contracts name a record's fields: as it ends in an array without a length, WP cannot speak of all of it.
    predicate in_links(struct split_group *g) =
        \valid(&g->id) && \valid(&g->next) && \valid(&g->prev);
    predicate apart(struct split_group *a, struct split_group *b) =
        \separated(&a->id, &a->next, &a->prev, &b->id, &b->next, &b->prev);
    predicate ring_apart(uint32_t *ring, struct split_group *g) =
        \separated(ring, &g->id, &g->next, &g->prev); */

/*@ requires \valid(family) && \valid_read(&g->flags) && \valid_read(&g->child_bits);
    requires g->child_bits < ALLOCMAN_SPLIT_CLASSES;
    assigns \nothing;
    ensures (g->flags & GROUP_ROOT) != 0 ==> \result == &family->root[g->child_bits];
    ensures (g->flags & GROUP_ROOT) == 0 ==> \result == &family->head[g->child_bits]; */
/* Where the ring begins that a group belongs in: the number of its first group, or 0. */
static uint32_t *ring_of(struct split_family *family, const struct split_group *g)
{
    return group_is_root(g) ? &family->root[g->child_bits] : &family->head[g->child_bits];
}

/*@ // The last of the ring of which `next` is the first; `next` itself if it is the only one.
    logic struct split_group *tail_of{L}(utspace_split_t *split, struct split_group *next) =
        next->prev == next->id ? next : group_of(split, next->prev); */

/*@ requires in_links(next) && in_links(g) && apart(g, next);
    requires \let before = tail_of(split, next);
             in_links(before) && apart(g, before) && (before == next || apart(before, next));
    assigns g->next, g->prev, tail_of(split, next)->next, next->prev;
    ensures g->next == next->id && next->prev == g->id;
    ensures \let before = \old(tail_of(split, next)); g->prev == before->id && before->next == g->id; */
/* Into the ring before `next`. */
static void ring_link(const utspace_split_t *split, struct split_group *next, struct split_group *g)
{
    struct split_group *const before =
        next->prev == next->id ? next : am_group(split, next->prev); /* mostly the only one */
    g->next = next->id;
    g->prev = before->id;
    before->next = g->id;
    next->prev = g->id;
}

/*@ requires \valid(ring) && in_links(g) && ring_apart(ring, g);
    requires g->next != g->id ==> \let n = group_of(split, g->next); \let p = group_of(split, g->prev);
             in_links(n) && in_links(p) && apart(g, n) && apart(g, p) && (n == p || apart(n, p)) &&
             ring_apart(ring, n) && ring_apart(ring, p);
    behavior only:
      assumes g->next == g->id;
      assigns *ring, g->next, g->prev;
      ensures *ring == 0 && g->next == 0 && g->prev == 0;
    behavior others:
      assumes g->next != g->id;
      assigns *ring, g->next, g->prev, group_of(split, g->next)->prev, group_of(split, g->prev)->next;
      ensures g->next == 0 && g->prev == 0;
      ensures \let n = group_of(split, \old(g->next)); n->prev == \old(g->prev);
      ensures \let p = group_of(split, \old(g->prev)); p->next == \old(g->next);
      ensures *ring == (\old(*ring) == g->id ? \old(g->next) : \old(*ring));
    complete behaviors;
    disjoint behaviors; */
static void ring_remove(const utspace_split_t *split, uint32_t *ring, struct split_group *g)
{
    if (g->next == g->id) {
        *ring = 0;
    } else {
        struct split_group *const next = am_group(split, g->next);
        struct split_group *const prev = g->prev == g->next ? next : am_group(split, g->prev);
        next->prev = g->prev;
        prev->next = g->next;
        if (*ring == g->id) {
            *ring = g->next;
        }
    }
    g->next = g->prev = 0;
}

/* Wholly free groups go last. Partly used ones go first, but let the first one stay if it lies in a
 * smaller root: so large roots drain. */
static void ring_enter(const utspace_split_t *split, struct split_family *family,
                       struct split_group *g)
{
    uint32_t *const ring = ring_of(family, g);
    struct split_group *const head = am_group(split, *ring);
    const bool last = group_is_whole(g) && !group_is_root(g);
    const bool first =
        !head || (!last && (group_is_whole(head) || g->root_bits <= head->root_bits));
    if (!head) {
        g->next = g->prev = g->id;
    } else if (first || last) { /* before the head is behind the tail */
        ring_link(split, head, g);
    } else {
        ring_link(split, am_group(split, head->next), g);
    }
    if (first) {
        *ring = g->id;
    }
    family->classes |= UINT64_C(1) << g->child_bits;
}

static void ring_leave(const utspace_split_t *split, struct split_family *family,
                       struct split_group *g)
{
    const unsigned bits = g->child_bits;
    ring_remove(split, ring_of(family, g), g);
    if (!family->root[bits] && !family->head[bits]) {
        family->classes &= ~(UINT64_C(1) << bits);
    }
}

void am_free_count_changed(utspace_split_t *split, struct split_group *g, int count)
{
    struct split_family *const family = am_family(split, g);
    const bool was_listed = g->free_count > 0;
    const bool was_whole = group_is_whole(g);
    g->free_count = (uint16_t)(g->free_count + count);
    if (!(g->flags & GROUP_ASIDE)) {
        split->totals.free_bytes[group_kind(g)] += (uint64_t)(int64_t)count << g->child_bits;
    }
    if (!family) {
        return;
    }
    family->free_count[g->child_bits] += (uint32_t)count;
    const bool listed = g->free_count > 0;
    if (was_listed && (!listed || was_whole != group_is_whole(g))) {
        ring_leave(split, family, g);
    }
    if (listed && (!was_listed || was_whole != group_is_whole(g))) {
        ring_enter(split, family, g);
    }
}

/*@ requires \valid(split) && group->child_bits < ALLOCMAN_SPLIT_CLASSES && child < 256;
    requires \valid_read(&group->child_bits) && has_split_word(group, child);
    requires \separated(split, &group->bits[SPLIT_WORD(child / 32)]) && \separated(split, &group->child_bits);
    assigns group->bits[SPLIT_WORD(child / 32)], split->live[group->child_bits], split->totals.allocated;
    ensures \forall integer i; 0 <= i < 32 ==> (bit(group->bits[SPLIT_WORD(child / 32)], i) <==>
            bit(\old(group->bits[SPLIT_WORD(child / 32)]), i) || i == child % 32);
    ensures split->live[group->child_bits] == (uint32_t)(\old(split->live[group->child_bits]) - 1);
    ensures split->totals.allocated == (uint64_t)(\old(split->totals.allocated) - 1); */
void am_child_split(utspace_split_t *split, struct split_group *group, unsigned child)
{
    child_set_split(group, child, true);
    split->live[group->child_bits]--;
    split->totals.allocated--;
}

/*@ requires \valid(split) && group->child_bits < ALLOCMAN_SPLIT_CLASSES && child < 256;
    requires \valid_read(&group->child_bits) && has_split_word(group, child);
    requires \separated(split, &group->bits[SPLIT_WORD(child / 32)]) && \separated(split, &group->child_bits);
    assigns group->bits[SPLIT_WORD(child / 32)], split->live[group->child_bits], split->totals.allocated;
    ensures \forall integer i; 0 <= i < 32 ==> (bit(group->bits[SPLIT_WORD(child / 32)], i) <==>
            bit(\old(group->bits[SPLIT_WORD(child / 32)]), i) && i != child % 32);
    ensures split->live[group->child_bits] == (uint32_t)(\old(split->live[group->child_bits]) + 1);
    ensures split->totals.allocated == (uint64_t)(\old(split->totals.allocated) + 1); */
void am_child_unsplit(utspace_split_t *split, struct split_group *group, unsigned child)
{
    child_set_split(group, child, false);
    split->live[group->child_bits]++;
    split->totals.allocated++;
}

void am_group_enter(utspace_split_t *split, struct split_group *group)
{
    const int children = (int)group_children(group);
    for (unsigned w = 0; w < bitmap_words(group->fan_out_bits); w++) { /* at most 8 words */
        group->bits[FREE_WORD(w)] = (uint32_t)am_mask(children < 32 ? (unsigned)children : 32);
    }
    group->free_count = 0;
    am_free_count_changed(split, group, children);
    split->totals.groups++;
}

void am_group_leave(utspace_split_t *split, struct split_group *group)
{
    am_free_count_changed(split, group, -(int)group->free_count);
    split->totals.groups--;
}

void am_root_to_book(utspace_split_t *split, struct split_group *root)
{
    am_free_count_changed(split, root, -1);
    root->flags |= GROUP_BOOK;
    am_free_count_changed(split, root, 1);
}
