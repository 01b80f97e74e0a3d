/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// seeds DIRECTORY: traces of random runs (tests/support/rig_random.c), two for each start of fuzz_api.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_starts.h"

static const char *directory;

static void write_all(void **state)
{
    (void)state;
    for (unsigned start = 0; start < API_STARTS; start++) {
        const struct rig_config config = api_start(start);
        for (unsigned seed = 1; seed <= 2; seed++) {
            char path[4096];
            (void)snprintf(path, sizeof(path), "%s/%s-%u", directory, config.name, seed);
            rig_write(&config, start, seed, seed == 1 ? 40 : 200, path);
        }
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(write_all)};
    directory = argc == 2 ? argv[1] : ".";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
