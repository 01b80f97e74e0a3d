/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* A table from numbers to records: 32-way nodes, made as far as there are entries. Laws: an entry
 * is there iff its `used` bit is set; `full` is exact; a node below the top holds an entry. */

#include <allocman/allocman.h>
#include <allocman/cspace/two_level.h>

/* Make an empty table of `capacity` numbers; at least 1. */
void am_index_init(struct allocman_index *index, size_t capacity);

/* The entry of a number, or NULL; any number may be asked for. */
void *am_index_get(const struct allocman_index *index, size_t number);

/* The lowest number without an entry; there is one among the capacity unless `count` is it. */
size_t am_index_lowest_free(const struct allocman_index *index);

/* Enter a record: ALLOCMAN_OK; ALLOCMAN_SLOT_OCCUPIED: the number has an entry; or what book memory
 * lacks. Nothing is changed after an error. */
int am_index_put(allocman_t *alloc, struct allocman_index *index, size_t number, void *entry);

/* Take the entry of a number out; there is one. */
void am_index_remove(allocman_t *alloc, struct allocman_index *index, size_t number);

/* Nodes below the top that `count` entries in a row take at most. */
size_t am_index_nodes(size_t capacity, size_t count);
