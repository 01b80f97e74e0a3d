/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Stands in for libsel4platsupport.
#pragma once

#include <sel4platsupport/pmem.h>
#include <simple/simple.h>
#include <vspace/vspace.h>

#define MAX_OBJS 4

typedef struct timer_objects {
    size_t nobjs;
    sel4ps_pmem_t objs[MAX_OBJS];
} timer_objects_t;
