/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The table of paging structures against a kernel: in an address space without any, a page lacks
// each of them once, from the top down.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sel4model/sel4model.h>
#include <vka/object.h>

#include "arch.h"
#include "kernel.h"

static seL4_CPtr untyped;
static seL4_CPtr next_slot;

static seL4_CPtr make(seL4_Word type)
{
    const seL4_CPtr slot = next_slot++;
    assert_int_equal(seL4_Untyped_Retype(untyped, type, 0, seL4_CapInitThreadCNode, 0, 0, slot, 1),
                     seL4_NoError);
    return slot;
}

static void boot(void)
{
    const seL4_BootInfo *const info = sel4model_boot(RECORD_DIR "/" MACHINE ".json");
    assert_non_null(info);
    next_slot = info->empty.start;
    untyped = 0;
    for (seL4_Word i = 0; i < info->untyped.end - info->untyped.start; i++) {
        if (!info->untypedList[i].isDevice && info->untypedList[i].sizeBits >= 18) {
            untyped = info->untyped.start + i;
        }
    }
    assert_int_not_equal(untyped, 0);
}

static void a_page_lacks_each_table_once(void **state)
{
    (void)state;
    const seL4_Word address = 0x10000000;
    unsigned missing = 0;
    boot();
    const seL4_CPtr vspace = make(VSPACE_ROOT);
    const seL4_CPtr frame = make(KERNEL_SMALL_PAGE);
    assert_int_equal(assign_asid(seL4_CapInitThreadASIDPool, vspace), seL4_NoError);
    assert_int_equal(KERNEL_TABLE_LEVELS, TABLE_LEVELS);
    for (unsigned level = KERNEL_TABLE_LEVELS; level-- > 0;) {
        assert_int_equal(kernel_map_page(frame, vspace, address, &missing), seL4_FailedLookup);
        assert_int_equal(missing, level);
        assert_int_equal(vka_get_object_size(kernel_tables[level].type, 0),
                         kernel_tables[level].size_bits);
        assert_int_equal(kernel_map_table(level, make(kernel_tables[level].type), vspace, address),
                         seL4_NoError);
    }
    assert_int_equal(kernel_map_page(frame, vspace, address, &missing), seL4_NoError);
    assert_int_equal(missing, KERNEL_TABLE_LEVELS);
    // Whatever else is wrong is no missing table.
    assert_int_equal(kernel_map_page(frame, vspace, address + 4096, &missing),
                     seL4_InvalidArgument);
    assert_int_equal(missing, KERNEL_TABLE_LEVELS);
    sel4model_shutdown();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_lacks_each_table_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
