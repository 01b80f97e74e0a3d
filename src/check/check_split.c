/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* The laws of a split manager, one after the other; then its figures against what the walk has
 * added up. */

#include "report.h"
#include "split_walk.h"

static bool total_broken(struct allocman_violation *violation, const char *what, seL4_Word where)
{
    return am_broken(violation, ALLOCMAN_LAW_L4_TOTALS, what, where);
}

static bool bytes_ok(const utspace_split_t *split, const struct split_tally *tally,
                     struct allocman_violation *violation)
{
    if (tally->bytes != tally->root_bytes) {
        return am_broken(violation, ALLOCMAN_LAW_L1_BYTES,
                         "bytes free and allocated are not those handed in",
                         (seL4_Word)tally->bytes);
    }
    for (unsigned kind = 0; kind < 3; kind++) {
        if (split->totals.free_bytes[kind] != tally->free_bytes[kind]) {
            return total_broken(violation, "bytes free of a kind", kind);
        }
    }
    return true;
}

static bool totals_ok(const utspace_split_t *split, const struct split_tally *tally,
                      struct allocman_violation *violation)
{
    const struct split_totals *const t = &split->totals;
    if (t->groups != tally->groups || t->roots != tally->roots) {
        return total_broken(violation, "groups or roots", tally->groups);
    }
    if (t->allocated != tally->allocated) {
        return total_broken(violation, "children allocated", tally->allocated);
    }
    if (t->own_slots != tally->own_slots) {
        return total_broken(violation, "slots of children", tally->own_slots);
    }
    if (t->book_bytes != tally->book_bytes) {
        return total_broken(violation, "bytes of records", tally->book_bytes);
    }
    if (t->splits - t->merges != tally->groups - tally->roots) {
        return total_broken(violation, "splits made and undone", t->splits);
    }
    if (t->roots_set_aside != tally->aside) {
        return total_broken(violation, "roots set aside", tally->aside);
    }
    if (split->largest_root_bits != tally->largest_root_bits) {
        return total_broken(violation, "size of the largest root of kernel RAM",
                            tally->largest_root_bits);
    }
    if (tally->book_roots != split->has_book_root) {
        return total_broken(violation, "roots chosen for book memory", tally->book_roots);
    }
    for (unsigned bits = 0; bits < CHECK_CLASSES; bits++) {
        if (split->live[bits] != tally->live[bits]) {
            return total_broken(violation, "children allocated of a class", bits);
        }
    }
    return true;
}

bool am_check_split(const utspace_split_t *split, struct split_tally *tally,
                    struct allocman_violation *violation)
{
    *tally = (struct split_tally){.groups = 0};
    return am_check_numbers(split, tally, violation) && am_check_groups(split, tally, violation) &&
           bytes_ok(split, tally, violation) && am_check_lists(split, tally, violation) &&
           am_check_addresses(split, tally, violation) && totals_ok(split, tally, violation);
}

/* A wholly free group is kept only while all else that is free in its class is less than it; so
 * each kept one is larger than all that were kept before it, and no two have the same number of
 * children. */
bool am_check_kept(const struct split_tally *tally, struct allocman_violation *violation)
{
    return tally->kept_twice == 0 ||
           am_broken(violation, ALLOCMAN_LAW_L7_BOUNDS,
                     "a wholly free group that the policy would have merged", tally->kept_twice);
}

bool utspace_split_check(const utspace_split_t *split, struct allocman_violation *violation)
{
    struct split_tally tally;
    return am_check_split(split, &tally, violation) && am_check_kept(&tally, violation);
}
