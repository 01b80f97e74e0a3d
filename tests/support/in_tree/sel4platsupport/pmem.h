/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Stands in for libsel4platsupport; a test tells the regions.
#pragma once

#include <stddef.h>

#include <platsupport/pmem.h>
#include <simple/simple.h>
#include <vka/object.h>

typedef struct {
    pmem_region_t region;
    vka_object_t obj;
} sel4ps_pmem_t;

int sel4platsupport_get_num_pmem_regions(simple_t *simple);
int sel4platsupport_get_pmem_region_list(simple_t *simple, size_t max_length,
                                         pmem_region_t *region_list);
