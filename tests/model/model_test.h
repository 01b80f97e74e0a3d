/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What the tests of the kernel model share: a booted kernel, short names, and expectations.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sel4model/inspect.h>

#include "arch.h"
#include "coverage.h"

#define RECORD(name) RECORD_DIR "/" name ".json"

enum { ROOT = seL4_CapInitThreadCNode, DEPTH = seL4_WordBits, VSPACE = seL4_CapInitThreadVSpace };

static seL4_BootInfo *bootinfo;
static seL4_Word first_slot; // the first of the empty ones

// A VSpace's number is what seL4_DebugCapIdentify tells.
#if defined(CONFIG_ARCH_RISCV)
#define VSPACE_KIND SEL4MODEL_CAP_PAGE_TABLE
enum { VSPACE_NUMBER = 3 };
#elif defined(CONFIG_ARCH_IA32)
#define VSPACE_KIND SEL4MODEL_CAP_VSPACE
enum { VSPACE_NUMBER = 5 };
#else
#define VSPACE_KIND SEL4MODEL_CAP_VSPACE
enum { VSPACE_NUMBER = 9 };
#endif

// Message words that travel in registers; the rest goes through the IPC buffer.
#ifdef CONFIG_ARCH_RISCV
enum { REGISTERS = 4 };
#else
enum { REGISTERS = seL4_FastMessageRegisters };
#endif

// Boots the architecture's machine, with the root CNode of the x86_64 one.
static inline int boot_machine(void **state)
{
    (void)state;
    const struct sel4model_options options = {.root_cnode_bits = 19};
    bootinfo = sel4model_boot_with(RECORD(MACHINE), &options);
    if (bootinfo == NULL) {
        return -1;
    }
    first_slot = bootinfo->empty.start;
    return 0;
}

static inline int shut_down(void **state)
{
    (void)state;
    sel4model_shutdown();
    return 0;
}

#define model_test(name) cmocka_unit_test_setup_teardown(name, boot_machine, shut_down)

// The CPtr of the first boot untyped of a size; it must exist.
static inline seL4_CPtr find_untyped(unsigned size_bits, bool is_device)
{
    const seL4_Word count = bootinfo->untyped.end - bootinfo->untyped.start;
    for (seL4_Word i = 0; i < count; i++) {
        const seL4_UntypedDesc *const desc = &bootinfo->untypedList[i];
        if (desc->sizeBits == size_bits && (desc->isDevice != 0) == is_device) {
            return bootinfo->untyped.start + i;
        }
    }
    fail_msg("no untyped of 2^%u bytes", size_bits);
    return 0;
}

// A device untyped with room for some small frames; it must exist.
static inline seL4_CPtr small_device(void)
{
#ifdef CONFIG_ARCH_RISCV32
    return find_untyped(21, true);
#else
    return find_untyped(20, true);
#endif
}

static inline seL4_CPtr ram(unsigned size_bits)
{
    return find_untyped(size_bits, false);
}

static inline seL4_Error retype_many(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits,
                                     seL4_Word slot, seL4_Word count)
{
    return seL4_Untyped_Retype(untyped, type, size_bits, ROOT, 0, 0, slot, count);
}

static inline seL4_Error retype(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits,
                                seL4_Word slot)
{
    return retype_many(untyped, type, size_bits, slot, 1);
}

static inline seL4_Error delete_cap(seL4_Word slot)
{
    return seL4_CNode_Delete(ROOT, slot, DEPTH);
}

static inline seL4_Error revoke_cap(seL4_Word slot)
{
    return seL4_CNode_Revoke(ROOT, slot, DEPTH);
}

static inline seL4_Error copy_cap(seL4_Word dest, seL4_Word source)
{
    return seL4_CNode_Copy(ROOT, dest, DEPTH, ROOT, source, DEPTH, seL4_AllRights);
}

static inline seL4_Error move_cap(seL4_Word dest, seL4_Word source)
{
    return seL4_CNode_Move(ROOT, dest, DEPTH, ROOT, source, DEPTH);
}

static inline seL4_Error mint_cap(seL4_Word dest, seL4_Word source, seL4_Word badge)
{
    return seL4_CNode_Mint(ROOT, dest, DEPTH, ROOT, source, DEPTH, seL4_AllRights, badge);
}

static inline struct sel4model_cap cap_at(seL4_Word slot)
{
    struct sel4model_cap cap;
    const struct sel4model_path path = {ROOT, slot, DEPTH};
    assert_true(sel4model_inspect(path, &cap));
    return cap;
}

static inline enum sel4model_cap_kind kind_at(seL4_Word slot)
{
    return cap_at(slot).kind;
}

static inline void expect_empty(seL4_Word slot)
{
    assert_int_equal(kind_at(slot), SEL4MODEL_CAP_NULL);
}

// Fill the message registers, so that a test sees which of them the kernel wrote.
static inline void poison_message(void)
{
    for (int i = 0; i < 8; i++) {
        seL4_SetMR(i, 0xdead0000u + (seL4_Word)i);
    }
}

#define expect_ok(call) assert_int_equal((call), seL4_NoError)

#define expect_error(call, error)                                                                  \
    do {                                                                                           \
        poison_message();                                                                          \
        assert_int_equal((call), (error));                                                         \
    } while (0)

#define expect_mr(index, value) assert_int_equal(seL4_GetMR(index), (value))

#define expect_argument(call, number)                                                              \
    do {                                                                                           \
        expect_error(call, seL4_InvalidArgument);                                                  \
        expect_mr(0, number);                                                                      \
    } while (0)

#define expect_capability(call, number)                                                            \
    do {                                                                                           \
        expect_error(call, seL4_InvalidCapability);                                                \
        expect_mr(0, number);                                                                      \
    } while (0)

#define expect_range(call, min, max)                                                               \
    do {                                                                                           \
        expect_error(call, seL4_RangeError);                                                       \
        expect_mr(0, min);                                                                         \
        expect_mr(1, max);                                                                         \
    } while (0)

#define expect_missing(call, is_source, bits_left)                                                 \
    do {                                                                                           \
        expect_error(call, seL4_FailedLookup);                                                     \
        expect_mr(0, is_source);                                                                   \
        expect_mr(1, seL4_MissingCapability);                                                      \
        expect_mr(2, bits_left);                                                                   \
    } while (0)

// Run something in a child process that must stop with a message that contains `text`.
static inline void expect_stop_at(void (*body)(void), const char *text, int line)
{
    char output[4096] = "";
    size_t used = 0;
    int status = 0;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        signal(SIGABRT, WHEN_STOPPED);
        body();
        _exit(0);
    }
    close(ends[1]);
    // Bound: the child's output; each round reads at least a byte or ends.
    for (ssize_t got = 1; got > 0 && used + 1 < sizeof(output);) {
        got = read(ends[0], output + used, sizeof(output) - 1 - used);
        used += got > 0 ? (size_t)got : 0;
    }
    close(ends[0]);
    waitpid(child, &status, 0);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT || strstr(output, text) == NULL) {
        fail_msg("line %d: expected to stop with \"%s\", got status %d: %s", line, text, status,
                 output);
    }
}

#define expect_stop(body, text) expect_stop_at(body, text, __LINE__)
