/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// A debug vka prints a line for each call. Misuse ends the program, after a line of text: each kind
// in a child process.

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <sel4model/sel4model.h>
#include <vka/debug-vka.h>

#include "coverage.h"
#include "arch.h"
#include "fake_vka.h"

// What one misuse does to the debug vka; run in a child, which it ends.
typedef void (*misuse)(vka_t *vka, struct fake_vka *fake);

static void free_slot_0(vka_t *vka, struct fake_vka *fake)
{
    (void)fake;
    vka_cspace_free(vka, 0);
}

static void hand_out_slot_0(vka_t *vka, struct fake_vka *fake)
{
    seL4_CPtr slot;
    fake->next_slot = 0;
    (void)vka_cspace_alloc(vka, &slot);
}

static void describe_another_slot(vka_t *vka, struct fake_vka *fake)
{
    cspacepath_t path;
    fake->vka.cspace_make_path = NULL;
    vka_cspace_make_path(vka, 5, &path);
}

static void make_an_unknown_type(vka_t *vka, struct fake_vka *fake)
{
    (void)fake;
    const cspacepath_t path = {
        .capPtr = 5, .capDepth = seL4_WordBits, .root = seL4_CapInitThreadCNode};
    seL4_Word cookie;
    (void)vka_utspace_alloc(vka, &path, seL4_ObjectTypeCount, 0, &cookie);
}

static void make_an_object_nowhere(vka_t *vka, struct fake_vka *fake)
{
    (void)fake;
    seL4_Word cookie;
    (void)vka_utspace_alloc_at(vka, NULL, seL4_TCBObject, 0, 0x1000, &cookie);
}

static void misuse_of_the_debug_vka_ends_the_program(void **state)
{
    (void)state;
    const misuse misuses[] = {free_slot_0, hand_out_slot_0, describe_another_slot,
                              make_an_unknown_type, make_an_object_nowhere};
    struct fake_vka fake;
    vka_t vka;
    assert_non_null(sel4model_boot(RECORD_DIR "/" MACHINE ".json")); // its console is used
    fake_vka_init(&fake);
    assert_int_equal(vka_init_debugvka(&vka, &fake.vka), 0);
    for (size_t i = 0; i < sizeof(misuses) / sizeof(misuses[0]); i++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            // a trap is the end, whatever the test runner or a sanitizer makes of signals
            (void)signal(SIGILL, WHEN_STOPPED);
            (void)signal(SIGTRAP, WHEN_STOPPED);
            misuses[i](&vka, &fake);
            _exit(0);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
    }
    sel4model_shutdown();
}

static void calls_are_printed(void **state)
{
    (void)state;
    struct fake_vka fake;
    vka_t vka;
    cspacepath_t path;
    char expected[200], printed[200] = {0};
    fake_vka_init(&fake);
    assert_int_equal(vka_init_debugvka(&vka, &fake.vka), 0);
    FILE *const file = tmpfile();
    assert_non_null(file);
    (void)fflush(stdout);
    const int console = dup(STDOUT_FILENO);
    assert_true(console >= 0);
    assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
    seL4_CPtr slot;
    assert_int_equal(vka_cspace_alloc(&vka, &slot), 0);
    vka_cspace_make_path(&vka, (seL4_Word)-1, &path);
    vka_cspace_free(&vka, 0x10203);
    (void)fflush(stdout);
    const int restored = dup2(console, STDOUT_FILENO);
    assert_int_equal(restored, STDOUT_FILENO);
    (void)close(console);
    rewind(file);
    (void)fread(printed, 1, sizeof(printed) - 1, file);
    (void)fclose(file);
    (void)snprintf(expected, sizeof(expected),
                   "debug_cspace_alloc 0 40 -> 0\n"
                   "debug_cspace_make_path %lx 2 -> %lx\ndebug_cspace_free 10203 0 -> 0\n",
                   (unsigned long)(seL4_Word)-1, (unsigned long)(seL4_Word)-1);
    assert_string_equal(printed, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_are_printed),
        cmocka_unit_test(misuse_of_the_debug_vka_ends_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
