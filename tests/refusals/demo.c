/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The demonstration as a test, to be run under faults, on a machine with little memory.

#include "refusals.h"

#include <getopt.h>

int demo_main(int argc, char **argv);

static void demo(void **state)
{
    (void)state;
    char *const argv[] = {(char[]){"demo"}, (char[]){"--record"}, (char[]){CUT_RECORD}, NULL};
    optind = 1;
    assert_int_equal(demo_main(3, (char **)(uintptr_t)argv), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(demo)};
    refusals_quiet();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
