/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* What a bootstrap will do: calculation only. */

#include <allocman/bootstrap.h>

/* The plan of a start in a one-level CSpace. */
struct bootstrap_plan {
    struct bootstrap_managers *managers;      /* where they will be: the pool's start, aligned */
    struct mspace_fixed_pool_config book;     /* the rest of the pool */
    struct cspace_single_level_config cspace; /* slots */
};

/* The CSpace of a task whose root CNode has 2^radix_bits slots and whose capabilities are slot
 * numbers. */
struct cspace_single_level_config am_bootstrap_cspace_of(seL4_CPtr cnode, size_t radix_bits,
                                                         seL4_CPtr first, seL4_CPtr end);

/* Put the managers into the pool as planned. */
allocman_t *am_bootstrap_managers_make(const struct bootstrap_plan *plan);

/* Plan for a pool, a CSpace and a number of untypeds. ALLOCMAN_OK, ALLOCMAN_INVALID_ARGUMENT,
 * ALLOCMAN_NO_SLOT or ALLOCMAN_POOL_TOO_SMALL, with the amounts in *why. */
int am_bootstrap_plan(struct bootstrap_plan *plan, size_t pool_size, void *pool,
                      struct cspace_single_level_config cspace, size_t untypeds,
                      struct allocman_failure *why);

/* The start in a CSpace that is made for it. The new CNodes are made from one untyped, the source,
 * one after the other from its first byte; what is left of it is cut into pieces, each as large as
 * can be, which are handed out like the other untypeds:
 *
 *     source   [ level one | second levels ... | piece | piece      | piece               ]
 */
struct bootstrap_new_plan {
    size_t root_bits;        /* log2 slots of the root CNode */
    size_t level_two_bits;   /* log2 slots of a second-level CNode; 0: one level */
    size_t second_levels;    /* CNodes made at the start */
    unsigned guard_bits;     /* before the root CNode */
    unsigned source_bits;    /* log2 bytes of the source */
    uint64_t cnode_bytes;    /* bytes of it that the CNodes take, from its start */
    bool keeps;              /* every capability keeps its number: bootstrap_kept */
    seL4_Word old_root;      /* slot of the old root CNode in the new CSpace */
    seL4_Word first_untyped; /* of the first untyped, unless they keep their number */
    seL4_Word first_piece;   /* of the first piece */
    seL4_Word first_free;    /* first slot that is handed out */
    seL4_Word end;           /* one past the last slot that is there at the start */
    size_t pool_bytes;       /* static pool needed */
};

/* Slots of a new CSpace that are filled whoever describes the start. */
#define AM_NEW_SLOT_TCB    ((seL4_Word)seL4_CapInitThreadTCB)
#define AM_NEW_SLOT_ROOT   ((seL4_Word)seL4_CapInitThreadCNode)
#define AM_NEW_SLOT_VSPACE ((seL4_Word)seL4_CapInitThreadVSpace)
/* The others that keep their numbers begin here; then the scheduling-control ones. */
#define AM_NEW_SLOT_OTHERS (AM_NEW_SLOT_VSPACE + 1)

/* The piece of a source that begins at byte `at`; 0: there is none. Log2 bytes. */
unsigned am_bootstrap_piece(unsigned source_bits, uint64_t at);

/* Plan a new CSpace, of two levels if level_two_bits is not 0. ALLOCMAN_OK,
 * ALLOCMAN_INVALID_ARGUMENT, ALLOCMAN_NO_SLOT, ALLOCMAN_NO_UNTYPED, ALLOCMAN_NO_RAM or
 * ALLOCMAN_POOL_TOO_SMALL, with the amounts in *why. */
struct bootstrap_census;
int am_bootstrap_plan_new(struct bootstrap_new_plan *plan, const struct bootstrap_census *census,
                          size_t root_bits, size_t level_two_bits, size_t pool_size,
                          struct allocman_failure *why);

/* Note which initial capabilities a boot information tells of. */
void am_bootstrap_census_initial(struct bootstrap_census *census, const seL4_BootInfo *bi);

/* Count the untypeds of a boot information, and note its initial capabilities. */
void am_bootstrap_census(struct bootstrap_census *census, const seL4_BootInfo *bi);

/* Does a boot information make sense, and is there RAM in it? The same results and
 * ALLOCMAN_INVALID_SIZE, ALLOCMAN_NO_RAM. */
int am_bootstrap_check_bootinfo(const seL4_BootInfo *bi, struct allocman_failure *why);
