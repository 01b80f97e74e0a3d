/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// A simple over the boot information, as libsel4simple-default's is: initial capabilities, frames and
// paging structures of the image, untypeds. Scheduling control by core. And a platform whose regions of memory
// the test tells.
#pragma once

#include <sel4platsupport/pmem.h>
#include <simple/simple.h>

static seL4_Word range_slots(seL4_SlotRegion range)
{
    return range.end - range.start;
}

static int fake_cap_count(void *data)
{
    const seL4_BootInfo *const bi = data;
    return (int)(seL4_NumInitialCaps - 1 + range_slots(bi->sharedFrames) +
                 range_slots(bi->userImageFrames) + range_slots(bi->userImagePaging) +
                 range_slots(bi->untyped));
}

static seL4_CPtr fake_nth_cap(void *data, int n)
{
    const seL4_BootInfo *const bi = data;
    const seL4_SlotRegion ranges[] = {{1, seL4_NumInitialCaps},
                                      bi->sharedFrames,
                                      bi->userImageFrames,
                                      bi->userImagePaging,
                                      bi->untyped};
    seL4_Word left = (seL4_Word)n;
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (left < range_slots(ranges[i])) {
            return ranges[i].start + left;
        }
        left -= range_slots(ranges[i]);
    }
    return 0;
}

static seL4_CPtr fake_init_cap(void *data, seL4_CPtr cap)
{
    (void)data;
    return cap;
}

static uint8_t fake_cnode_size(void *data)
{
    return (uint8_t)((const seL4_BootInfo *)data)->initThreadCNodeSizeBits;
}

static int fake_untyped_count(void *data)
{
    return (int)range_slots(((const seL4_BootInfo *)data)->untyped);
}

static seL4_CPtr fake_nth_untyped(void *data, int n, size_t *size_bits, uintptr_t *paddr,
                                  bool *device)
{
    const seL4_BootInfo *const bi = data;
    *size_bits = bi->untypedList[n].sizeBits;
    *paddr = bi->untypedList[n].paddr;
    *device = bi->untypedList[n].isDevice != 0;
    return bi->untyped.start + (seL4_Word)n;
}

static int fake_core_count(void *data)
{
    return (int)((const seL4_BootInfo *)data)->numNodes;
}

static seL4_CPtr fake_sched_ctrl(void *data, int core)
{
#ifdef CONFIG_KERNEL_MCS
    return ((const seL4_BootInfo *)data)->schedcontrol.start + (seL4_Word)core;
#else
    (void)data;
    (void)core;
    return 0;
#endif
}

static inline simple_t fake_simple(seL4_BootInfo *bi)
{
    return (simple_t){.data = bi,
                      .cap_count = fake_cap_count,
                      .nth_cap = fake_nth_cap,
                      .init_cap = fake_init_cap,
                      .cnode_size = fake_cnode_size,
                      .untyped_count = fake_untyped_count,
                      .nth_untyped = fake_nth_untyped,
                      .core_count = fake_core_count,
                      .sched_ctrl = fake_sched_ctrl};
}

static pmem_region_t platform_region[8];
static size_t platform_regions;

int sel4platsupport_get_num_pmem_regions(simple_t *simple)
{
    (void)simple;
    return (int)platform_regions;
}

int sel4platsupport_get_pmem_region_list(simple_t *simple, size_t max_length,
                                         pmem_region_t *region_list)
{
    (void)simple;
    size_t i = 0;
    for (; i < platform_regions && i < max_length; i++) {
        region_list[i] = platform_region[i];
    }
    return (int)i;
}
