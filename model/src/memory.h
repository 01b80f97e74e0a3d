/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Physical memory, and the part of it that is mapped into the host process. */
#pragma once

#include "state.h"

/* Open an empty memory. False: the host cannot. */
bool model_memory_open(void);
void model_memory_close(void);

/* Zero a piece of untyped memory, at the cost of what may have been written there. */
void model_memory_clear(uint64_t paddr, uint64_t bytes);

/* Note that a frame may be written to from now on. */
void model_memory_mark_dirty(uint64_t paddr, unsigned size_bits);

/* Map a frame into the host process. `replaces`: the address is the model's already. Stops the
 * program if the host uses the address. */
void model_memory_map(uintptr_t vaddr, uint64_t paddr, unsigned size_bits, unsigned rights,
                      bool replaces, const char *call);
void model_memory_unmap(uintptr_t vaddr, unsigned size_bits);

/* What memory holds, to be written back later; null: the host has no memory. */
struct memory_copy *model_memory_copy(void);
void model_memory_copy_free(struct memory_copy *copy);
void model_memory_write_back(const struct memory_copy *copy);

/* Give the reservations back but for the first `count`. */
void model_memory_release(size_t count);

/* Find and keep a range of host addresses; 0: there is none. */
uintptr_t model_memory_reserve(size_t bytes, size_t alignment);
