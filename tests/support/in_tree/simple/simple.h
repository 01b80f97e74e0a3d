/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Stands in for libsel4simple: as much of its interface as this library uses.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sel4/sel4.h>

typedef struct simple_t {
    void *data;
    int (*cap_count)(void *data);
    seL4_CPtr (*nth_cap)(void *data, int n);
    seL4_CPtr (*init_cap)(void *data, seL4_CPtr cap);
    uint8_t (*cnode_size)(void *data);
    int (*untyped_count)(void *data);
    seL4_CPtr (*nth_untyped)(void *data, int n, size_t *size_bits, uintptr_t *paddr, bool *device);
    int (*core_count)(void *data);
    seL4_CPtr (*sched_ctrl)(void *data, int core);
} simple_t;

static inline int simple_get_cap_count(simple_t *simple)
{
    return simple->cap_count(simple->data);
}

static inline seL4_CPtr simple_get_nth_cap(simple_t *simple, int n)
{
    return simple->nth_cap(simple->data, n);
}

static inline seL4_CPtr simple_get_cnode(simple_t *simple)
{
    return simple->init_cap(simple->data, seL4_CapInitThreadCNode);
}

static inline seL4_CPtr simple_get_tcb(simple_t *simple)
{
    return simple->init_cap(simple->data, seL4_CapInitThreadTCB);
}

static inline seL4_CPtr simple_get_pd(simple_t *simple)
{
    return simple->init_cap(simple->data, seL4_CapInitThreadVSpace);
}

static inline int simple_get_cnode_size_bits(simple_t *simple)
{
    return simple->cnode_size(simple->data);
}

static inline int simple_get_untyped_count(simple_t *simple)
{
    return simple->untyped_count(simple->data);
}

static inline seL4_CPtr simple_get_nth_untyped(simple_t *simple, int n, size_t *size_bits,
                                               uintptr_t *paddr, bool *device)
{
    return simple->nth_untyped(simple->data, n, size_bits, paddr, device);
}

static inline int simple_get_core_count(simple_t *simple)
{
    return simple->core_count(simple->data);
}

static inline seL4_CPtr simple_get_sched_ctrl(simple_t *simple, int core)
{
    return simple->sched_ctrl(simple->data, core);
}
