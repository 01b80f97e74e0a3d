/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Making reserves, and changing the one of slots. */

#include "reserve.h"

#include "internal.h"
#include "utspace/object_types.h"

/* Give items back that hold nothing; the loop ends with the list. */
static void items_discard(allocman_t *alloc, struct allocman_reserve_item *list)
{
    while (list) {
        allocman_mspace_free(alloc, item_pop(&list), sizeof(*list));
    }
}

/* Make `count` empty items; all or none. They join the reserve when all are there: every call
 * fills the reserves at its end. */
static int items_add(allocman_t *alloc, struct allocman_reserve *reserve, size_t count)
{
    struct allocman_reserve_item *made = NULL;
    for (size_t i = 0; i < count; i++) {
        int error = ALLOCMAN_OK;
        struct allocman_reserve_item *const item =
            allocman_mspace_alloc(alloc, sizeof(*item), &error);
        if (!item) {
            items_discard(alloc, made);
            return error;
        }
        *item = (struct allocman_reserve_item){.reserve = reserve};
        item_push(&made, item);
    }
    while (made) {
        item_push(&reserve->empty, item_pop(&made));
        reserve->wanted++;
        alloc->reserves_short++;
    }
    return ALLOCMAN_OK;
}

/* A new reserve at the head of a list, filled as far as may be. */
static int reserve_add(allocman_t *alloc, struct allocman_reserve **list, size_t size, size_t count)
{
    int error = ALLOCMAN_OK;
    struct allocman_reserve *const reserve = allocman_mspace_alloc(alloc, sizeof(*reserve), &error);
    if (!reserve) {
        return error;
    }
    *reserve = (struct allocman_reserve){.next = *list, .size = size};
    error = items_add(alloc, reserve, count);
    if (error) {
        allocman_mspace_free(alloc, reserve, sizeof(*reserve));
        return error;
    }
    *list = reserve;
    return allocman_fill_reserves(alloc);
}

int allocman_configure_mspace_reserve(allocman_t *alloc, struct allocman_mspace_chunk chunk)
{
    if (chunk.size == 0) {
        return am_refuse(alloc, ALLOCMAN_INVALID_SIZE);
    }
    const bool held = am_hold(alloc);
    const int error = reserve_add(alloc, &alloc->book_reserves, chunk.size, chunk.count);
    am_let_go(alloc, held);
    return error;
}

int allocman_configure_utspace_reserve(allocman_t *alloc, struct allocman_utspace_chunk chunk)
{
    const bool held = am_hold(alloc);
    int error = am_type_check(chunk.type, chunk.size_bits);
    if (error) {
        (void)am_fail(alloc, (enum allocman_status)error, chunk.size_bits, 0);
    } else if (!alloc->have_cspace || !alloc->have_utspace) {
        error = am_fail(alloc, ALLOCMAN_NOT_ATTACHED, 0, 0);
    } else {
        error = reserve_add(alloc, &alloc->untyped_reserves, chunk.size_bits, chunk.count);
    }
    am_let_go(alloc, held);
    return error;
}

/* Pieces of the slot reserve that are more than wanted, given back; the loop ends with the surplus. What
 * is freed may be used at once for other reserves, which may take slots out of this one: each turn
 * looks again whether there is an empty item. */
static void slots_shrink(allocman_t *alloc, struct allocman_reserve *reserve, size_t surplus)
{
    for (; surplus > 0; surplus--) {
        const bool is_empty = reserve->empty != NULL;
        struct allocman_reserve_item *const item =
            item_pop(is_empty ? &reserve->empty : &reserve->held);
        reserve->wanted--;
        if (is_empty) {
            alloc->reserves_short--;
        } else {
            const cspacepath_t path = allocman_cspace_make_path(alloc, item->value);
            reserve->count--;
            allocman_cspace_free(alloc, &path);
        }
        allocman_mspace_free(alloc, item, sizeof(*item));
    }
}

/* Make the reserve of slots one of `num`. */
static int slots_resize(allocman_t *alloc, struct allocman_reserve *reserve, size_t num)
{
    size_t have = reserve->count;
    for (const struct allocman_reserve_item *i = reserve->empty; i; i = i->next) {
        have++; /* bounded by the pieces configured */
    }
    if (num < have) {
        slots_shrink(alloc, reserve, have - num);
        return ALLOCMAN_OK;
    }
    const int error = items_add(alloc, reserve, num - have);
    return error ? error : allocman_fill_reserves(alloc);
}

int allocman_configure_cspace_reserve(allocman_t *alloc, size_t num)
{
    if (!alloc->have_cspace) {
        return am_refuse(alloc, ALLOCMAN_NOT_ATTACHED);
    }
    const bool held = am_hold(alloc);
    const int error = slots_resize(alloc, &alloc->slot_reserve, num);
    am_let_go(alloc, held);
    return error;
}

int allocman_configure_max_freed_slots(allocman_t *alloc, size_t num)
{
    (void)alloc;
    (void)num;
    return ALLOCMAN_OK;
}

int allocman_configure_max_freed_memory_chunks(allocman_t *alloc, size_t num)
{
    (void)alloc;
    (void)num;
    return ALLOCMAN_OK;
}

int allocman_configure_max_freed_untyped_chunks(allocman_t *alloc, size_t num)
{
    (void)alloc;
    (void)num;
    return ALLOCMAN_OK;
}
