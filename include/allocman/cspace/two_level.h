/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* The slots of a CSpace of two levels, whose second-level CNodes are made as they are needed and
 * given back when they are empty.
 *
 *     CPtr   [ guard | index in level one | slot in a second-level CNode ]
 *
 *     level one     [ used | used | free | used | ... ]      a free index has no CNode behind it
 *                     |      |             |
 *     second level   CNode  CNode         CNode              2^level_two_bits slots each, with a
 *                                                            map of those that are free
 *
 * Second-level CNodes stand in lists by the longest aligned run of slots that they have, so that
 * one that does is found at once; runs never leave a CNode. While another second level can still
 * be made, the last slots are held back for making it (DESIGN.md section 12): so the CSpace of an
 * allocman can grow out of the allocman's own memory, for as long as there is any. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>
#include <allocman/cspace/cspace.h>
#include <allocman/cspace/single_level.h>
#include <allocman/cspace/slot_map.h>
#include <allocman/extensions.h>

/// What to manage, and what is there already. A range that begins where it ends is empty.
struct cspace_two_level_config {
    seL4_CPtr cnode;               ///< CNode of level one, invocable from the calling thread
    size_t cnode_size_bits;        ///< log2 slots of it
    size_t cnode_guard_bits;       ///< bits of guard before it, all zero
    size_t first_slot;             ///< first index in level one that is ours
    size_t end_slot;               ///< one past the last
    size_t level_two_bits;         ///< log2 slots of a second-level CNode, at least 2
    size_t start_existing_index;   ///< first index that has a CNode already
    size_t end_existing_index;     ///< one past the last
    seL4_CPtr start_existing_slot; ///< first slot in these that is taken
    seL4_CPtr end_existing_slot;   ///< one past the last
};

#define ALLOCMAN_INDEX_BITS       5  ///< log2 entries of an index node
#define ALLOCMAN_INDEX_LEVELS_MAX 13 ///< levels of index nodes: 13 * 5 >= 64 bits

/// A node of the table of second-level CNodes.
struct allocman_index_node {
    void *child[1u << ALLOCMAN_INDEX_BITS]; ///< a node, or an entry; NULL: none
    uint32_t used;                          ///< bit c: child[c] is there
    uint32_t full;                          ///< bit c: no number below child[c] is free
};

/// Numbers from 0 up, each with an entry or free.
struct allocman_index {
    unsigned levels;                ///< levels of nodes, at least 1
    size_t count;                   ///< entries
    struct allocman_index_node top; ///< the root of the tree
};

#define ALLOCMAN_TWO_LEVEL_LISTS (ALLOCMAN_RUN_ORDERS + 2) ///< longest run 2^0 .. 2^8, full, empty

/// A second-level CNode. Private.
struct cspace_two_level_node {
    struct cspace_two_level_node *next; ///< next of its list
    struct cspace_two_level_node *prev; ///< previous one
    struct allocman_slot_map map;       ///< free slots, by their number in the CNode
    size_t index;                       ///< its index in level one
    seL4_Word cookie;                   ///< its memory; 0: not made by us, never given back
    unsigned list;                      ///< the list that it stands in
    bool unusable; ///< its index held a capability that nobody told of: never used
};

/// The manager. Private but for `config`.
typedef struct cspace_two_level {
    struct cspace_two_level_config config; ///< as given to create
    struct allocman_index index;           ///< index - first_slot -> second-level CNode
    struct cspace_two_level_node *list[ALLOCMAN_TWO_LEVEL_LISTS]; ///< CNodes by longest free run
    size_t free_count;                                            ///< slots free, held ones too
    unsigned taking; ///< slots being taken; their records may need memory: no CNode is given back
    bool growing;    ///< a second level is in the making: slots that are held may be taken
    bool released;   ///< none can be made now: slots that are held are handed out
    bool tight;      ///< memory ran short: no second level is made before it is needed
} cspace_two_level_t;

/// Make the manager. Every slot of every second-level CNode can be had.
///
/// Shape:   `alloc` gives book memory for the CNodes that exist; where none does, it may be NULL.
///          Used as `alloc`'s own CSpace (allocman_attach_cspace), the manager grows within the
///          allocman's calls; used for another task's CSpace, it takes CNodes from the allocman
///          that is passed to each call.
/// Errors:  ALLOCMAN_INVALID_ARGUMENT iff the ranges contradict each other or the bits do not fit
///          a word; nothing is written then. ALLOCMAN_NO_BOOK, and what else allocman_mspace_alloc
///          tells: nothing is held then.
/// Cost:    linear in the existing CNodes and their taken slots; about 450 bytes of book memory a
///          second level, and 160 per 1024 slots touched.
/// Kernel:  none but for growth of book memory, and what a call does at its end.
int cspace_two_level_create(struct allocman *alloc, cspace_two_level_t *cspace,
                            struct cspace_two_level_config config);

/// Give back all second-level CNodes that the manager made, with all that is in them, and its book
/// memory. Not for the CSpace that the calling thread runs in.
///
/// Errors:  none; a CNode that the kernel does not delete is left where it is.
/// Cost:    linear in the second levels and the slots taken.
/// Kernel:  one Delete for each CNode made, and merges.
void cspace_two_level_destroy(struct allocman *alloc, cspace_two_level_t *cspace);

/// Take one slot.
///
/// Errors:  ALLOCMAN_NO_SLOT, ALLOCMAN_NO_BOOK; outside an allocman's call also what making a
///          second level lacked. Nothing is changed then.
/// Cost:    constant; outside an allocman's call also that of a second level.
/// Kernel:  none, or what a second level costs: as allocman_utspace_alloc.
int _cspace_two_level_alloc(struct allocman *alloc, void *_cspace, cspacepath_t *slot);

/// Take one particular slot, making its second level if there is none.
///
/// Errors:  ALLOCMAN_NO_SLOT iff it is taken or outside the range, and what else
///          _cspace_two_level_alloc tells. Nothing is changed then.
/// Cost:    as _cspace_two_level_alloc.
/// Kernel:  as _cspace_two_level_alloc.
int _cspace_two_level_alloc_at(struct allocman *alloc, void *_cspace, seL4_CPtr slot);

/// Give one slot back.
///
/// Errors:  none; a slot that is not allocated is counted as misuse and changes nothing.
/// Cost:    constant.
/// Kernel:  none, or one Delete when a second level is given back: one that is empty, while
///          another's worth of slots is free besides.
void _cspace_two_level_free(struct allocman *alloc, void *_cspace, const cspacepath_t *slot);

/// The path of a slot of this CSpace.
///
/// Errors:  none.
/// Kernel:  none.
cspacepath_t _cspace_two_level_make_path(void *_cspace, seL4_CPtr slot);

/// The extension to register with allocman_register_slot_runs.
extern const struct allocman_slot_runs cspace_two_level_runs;

/// The extension to register with allocman_register_slot_growth. A manager that finds itself
/// attached without registers it at its first alloc.
extern const struct allocman_slot_growth cspace_two_level_growth;

/// The interface to attach with allocman_attach_cspace.
///
/// Errors:  none.
/// Kernel:  none.
static inline cspace_interface_t cspace_two_level_make_interface(cspace_two_level_t *cspace)
{
    return (cspace_interface_t){
        .alloc = _cspace_two_level_alloc,
        .free = _cspace_two_level_free,
        .make_path = _cspace_two_level_make_path,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .cspace = cspace,
    };
}
