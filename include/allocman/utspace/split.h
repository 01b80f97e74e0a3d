/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Untyped memory as split trees of groups.
 *
 * A group is one split: a block of 2^n bytes retyped in ONE invocation into 2^f untypeds of 2^(n-f)
 * bytes, f in 0..8, whose capabilities sit in 2^f slots. A root (an untyped that was handed in) is
 * a group with f = 0.
 *
 *     root 2^27   [S]                                a child is F free, A allocated or S split;
 *                  |                                 a split child has a group of its own
 *     f = 2       [S][F][F][F]          2^25
 *                  |
 *     f = 5       [A][A][F][A] ... [F]  2^20
 *
 * Free children are found by size class: for each class a list of free roots, a list of the
 * groups that have any, partly used ones before wholly free ones, and one bit that says whether
 * both are empty. By physical address a root is found in a balanced tree, and a child's group in
 * a small tree by its position in its parent. A cookie names a group by a number that is looked
 * up, never by address, so that every cookie can be checked. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sel4/types.h>
#include <allocman/status.h>
#include <allocman/extensions.h>
#include <allocman/utspace/utspace.h>
#include <vka/cspacepath_t.h>

#define ALLOCMAN_SPLIT_CLASSES      48 ///< block sizes below 2^48 bytes: all there are
#define ALLOCMAN_SPLIT_FAN_OUT_BITS 8  ///< log2 of the most children one split makes
#define ALLOCMAN_SPLIT_FAMILIES     3  ///< families with free lists: see enum split_family_name

struct split_group;
struct split_id_node;

/// Families of memory that is handed out by size. Device registers are in none: they go by address
/// only.
enum split_family_name {
    SPLIT_FAMILY_KERNEL = 0,  ///< kernel RAM
    SPLIT_FAMILY_DEV_MEM = 1, ///< device RAM
    SPLIT_FAMILY_BOOK = 2     ///< one small root of kernel RAM: book memory's frames go there
                              ///< first, all else last, so that they pin no large root
};

/// Free blocks of one family, by size class.
struct split_family {
    uint32_t root[ALLOCMAN_SPLIT_CLASSES]; ///< number of a free root of that size, or 0
    uint32_t head[ALLOCMAN_SPLIT_CLASSES]; ///< number of a group with a free child of it, or 0
    uint32_t free_count[ALLOCMAN_SPLIT_CLASSES]; ///< free children of that size
    uint64_t classes;                            ///< bit c: root[c] or head[c] is not empty
};

/// What the manager holds and what it did; every member is kept up to date, none is computed.
struct split_totals {
    uint64_t free_bytes[3];   ///< bytes free, per ALLOCMAN_UT_ kind
    size_t own_slots;         ///< slots held by children of splits
    size_t book_bytes;        ///< bytes of book memory held by groups and their numbers
    size_t roots;             ///< untypeds handed in
    size_t groups;            ///< groups alive, roots included
    size_t allocated;         ///< children allocated
    size_t splits;            ///< splits made so far
    size_t merges;            ///< splits undone so far
    size_t repairs;           ///< free blocks that had to be revoked: caps were alive
    size_t roots_set_aside;   ///< roots that refused their first use
    size_t slots_quarantined; ///< slots found occupied in a fresh run and never used again
    size_t addresses_dropped; ///< roots kept without the address that they came with
};

/// The manager. Private but for `totals`.
typedef struct utspace_split {
    struct split_family family[ALLOCMAN_SPLIT_FAMILIES]; ///< by enum split_family_name
    uint32_t live[ALLOCMAN_SPLIT_CLASSES];               ///< children allocated per class
    struct split_group *roots;      ///< roots with an address, balanced tree by address
    struct split_group *first_root; ///< every root, in the order in which they came
    struct split_group *last_root;  ///< the last of them
    struct split_id_node *ids;      ///< number -> group
    struct split_group *recent;     ///< the group of the last change, or NULL
    unsigned id_levels;             ///< levels of that table
    uint16_t next_generation;       ///< generation of the next group
    uint8_t largest_root_bits;      ///< log2 bytes of the largest root of kernel RAM
    bool has_book_root;             ///< a root was chosen for book memory
    struct split_totals totals;     ///< figures
} utspace_split_t;

/// Make an empty manager.
///
/// Errors:  none.
/// Kernel:  none.
void utspace_split_create(utspace_split_t *split);

/// See allocman_utspace_add_uts.
///
/// Errors:  as allocman_utspace_add_uts.
/// Kernel:  none.
int _utspace_split_add_uts(struct allocman *alloc, void *_split, size_t num,
                           const cspacepath_t *uts, size_t *size_bits, uintptr_t *paddr,
                           int utType);

/// See allocman_utspace_alloc_at.
///
/// Errors:  as allocman_utspace_alloc_at.
/// Kernel:  as allocman_utspace_alloc_at.
seL4_Word _utspace_split_alloc(struct allocman *alloc, void *_split, size_t size_bits,
                               seL4_Word type, const cspacepath_t *slot, uintptr_t paddr,
                               bool canBeDev, int *error);

/// See allocman_utspace_free.
///
/// Errors:  as allocman_utspace_free.
/// Kernel:  as allocman_utspace_free.
void _utspace_split_free(struct allocman *alloc, void *_split, seL4_Word cookie, size_t size_bits);

/// See allocman_utspace_paddr.
///
/// Errors:  as allocman_utspace_paddr.
/// Kernel:  none.
uintptr_t _utspace_split_paddr(void *_split, seL4_Word cookie, size_t size_bits);

/// The extension to register with allocman_register_untyped_reclaim.
extern const struct allocman_untyped_reclaim utspace_split_reclaim;

/// log2 bytes of the largest block of one kind that can be had without merging; 0 iff there is
/// none.
///
/// Units:   utType = ALLOCMAN_UT_KERNEL or ALLOCMAN_UT_DEV_MEM.
/// Errors:  none.
/// Cost:    constant.
/// Kernel:  none.
unsigned utspace_split_largest_free_bits(const utspace_split_t *split, int utType);

/// One block of a split tree that is not split further.
struct utspace_split_block {
    seL4_CPtr capability;  ///< the untyped's capability
    uintptr_t paddr;       ///< physical address, or ALLOCMAN_NO_PADDR
    seL4_Word root_offset; ///< bytes from the start of its root
    uintptr_t root_paddr;  ///< physical address of its root, or ALLOCMAN_NO_PADDR
    seL4_CPtr root;        ///< capability of its root
    uint8_t size_bits;     ///< log2 bytes
    uint8_t root_bits;     ///< log2 bytes of its root
    uint8_t kind;          ///< ALLOCMAN_UT_ kind
    bool allocated;        ///< handed out
    bool set_aside;        ///< lies in a root that was set aside
};

/// Where a walk stands. Start from all zero.
struct utspace_split_cursor {
    struct split_group *group; ///< group of the block last given
    unsigned position;         ///< its position there
    bool started;              ///< the walk has begun
};

/// Step to the next block that is not split further: root by root as they were handed in, within a
/// root by rising address. The manager must not change during a walk.
///
/// Shape:   true and *block, or false at the end.
/// Errors:  none.
/// Cost:    a walk over all is linear in blocks and groups.
/// Kernel:  none.
bool utspace_split_next_block(const utspace_split_t *split, struct utspace_split_cursor *cursor,
                              struct utspace_split_block *block);

/// The interface to attach with allocman_attach_utspace.
///
/// Errors:  none.
/// Kernel:  none.
static inline struct utspace_interface utspace_split_make_interface(utspace_split_t *split)
{
    return (struct utspace_interface){
        .alloc = _utspace_split_alloc,
        .free = _utspace_split_free,
        .add_uts = _utspace_split_add_uts,
        .paddr = _utspace_split_paddr,
        .properties = ALLOCMAN_DEFAULT_PROPERTIES,
        .utspace = split,
    };
}
