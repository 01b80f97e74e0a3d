/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Stands in for libplatsupport's description of physical memory.
#pragma once

#include <stdint.h>

typedef enum { PMEM_TYPE_RAM, PMEM_TYPE_UNKNOWN, PMEM_TYPE_DEVICE } pmem_type_t;

typedef struct pmem_region {
    pmem_type_t type;
    uint64_t base_addr;
    uint64_t length;
} pmem_region_t;
