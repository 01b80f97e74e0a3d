/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Headroom that is lent: a block of exactly what was asked for, until nothing large enough is held;
// and all of it is to be had again.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <allocman/check.h>

#include "arch.h"
#include "reserve.h"
#include "world.h"

static size_t records_held(const allocman_t *alloc, size_t bytes)
{
    size_t held = 0;
    for (unsigned i = 0; i < ALLOCMAN_HEADROOM_KINDS; i++) {
        held += alloc->headroom[i].bytes >= bytes ? alloc->headroom[i].held : 0;
    }
    return held;
}

static void lend_all(allocman_t *alloc, size_t bytes)
{
    void *lent[200];
    size_t count = 0;
    const size_t held = records_held(alloc, bytes);
    assert_in_range(held, 0, 199);
    while ((lent[count] = am_headroom_lend(alloc, bytes)) != NULL) {
        memset(lent[count], 0xa5, bytes);
        count++;
        assert_in_range(count, 1, held);
    }
    assert_int_equal(count, held);
    for (size_t i = 0; i < count; i++) {
        allocman_mspace_free(alloc, lent[i], bytes);
    }
    assert_int_equal(alloc->counts.misuse, 0);
}

static void test_lend(void **state)
{
    (void)state;
    struct world world;
    struct allocman_violation v;
    world_start(&world, &(struct world_options){
                            .record = MACHINE, .empty_slots = 600, .virtual_bytes = 1 << 20});
    assert_int_not_equal(records_held(world.alloc, 1), 0);
    for (size_t bytes = 8; bytes <= 320; bytes += 24) {
        lend_all(world.alloc, bytes);
        assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
        if (!allocman_check(world.alloc, &v)) {
            fail_msg("%zu bytes: %s (%s)", bytes, allocman_law_text(v.law), v.what);
        }
    }
    world_stop(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lend)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
