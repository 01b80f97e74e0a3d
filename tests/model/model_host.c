/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The host refuses: each allocation, mapping and access to the memory file that the model makes, one
// after the other. The model then says so and stops, or its call reports it and all else works on.
#include "model_test.h"
#include "sanitized.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/types.h>

#include <sel4model/snapshot.h>

enum { LOWEST = TABLE_LEVELS - 1 }; // the paging structure over a page

static unsigned long calls;   // of the host, by the model
static unsigned long refused; // the one that is refused; 0: none
static bool is_armed;

// With the names that the linker sees (-Wl,--wrap): offsets have 64 bits.
#define WRAP(type, failure, name, parameters, ...)                                                 \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        if (is_armed && ++calls == refused) {                                                      \
            errno = ENOMEM;                                                                        \
            return failure;                                                                        \
        }                                                                                          \
        return __real_##name(__VA_ARGS__);                                                         \
    }

WRAP(void *, NULL, malloc, (size_t bytes), bytes)
WRAP(void *, NULL, calloc, (size_t count, size_t bytes), count, bytes)
WRAP(void *, NULL, realloc, (void *block, size_t bytes), block, bytes)
WRAP(int, -1, memfd_create, (const char *name, unsigned flags), name, flags)
WRAP(int, -1, ftruncate64, (int file, int64_t bytes), file, bytes)
WRAP(int, -1, fallocate64, (int file, int mode, int64_t start, int64_t bytes), file, mode, start,
     bytes)
WRAP(ssize_t, -1, pwrite64, (int file, const void *data, size_t bytes, int64_t at), file, data,
     bytes, at)
WRAP(ssize_t, -1, pread64, (int file, void *data, size_t bytes, int64_t at), file, data, bytes, at)
WRAP(void *, MAP_FAILED, mmap64,
     (void *at, size_t bytes, int access, int flags, int file, int64_t start), at, bytes, access,
     flags, file, start)

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "line %d: not so: %s\n", __LINE__, #condition);                        \
            _exit(1);                                                                              \
        }                                                                                          \
    } while (0)

// A boot, objects, memory that is written, a snapshot and the way back to it, a reset. Ends the process.
static void live(void)
{
    is_armed = true;
    if (boot_machine(NULL) != 0) {
        MUST(refused != 0);
        _exit(0); // reported
    }
    const seL4_CPtr untyped = ram(21);
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)sel4model_free_vaddr(1 << 13);
    if (vaddr == 0) {
        MUST(refused != 0);
        _exit(0);
    }
    volatile unsigned char *const page = (volatile unsigned char *)(uintptr_t)vaddr;
    for (unsigned level = 0; level < TABLE_LEVELS; level++) {
        MUST(retype(untyped, table_type(level), 0, first_slot + level) == seL4_NoError);
        MUST(map_table(level, first_slot + level, VSPACE, vaddr) == seL4_NoError);
    }
    const seL4_Word frame = first_slot + 10;
    MUST(retype(ram(19), SMALL_FRAME, 0, frame) == seL4_NoError);
    MUST(retype(untyped, seL4_CapTableObject, 14, frame + 1) == seL4_NoError);
    MUST(page_map(frame, VSPACE, vaddr, seL4_ReadWrite) == seL4_NoError);
    page[5] = 1;
    struct sel4model_snapshot *const snapshot = sel4model_snapshot_take();
    MUST(snapshot != NULL || refused != 0);
    page[5] = 2;
    MUST(delete_cap(frame + 1) == seL4_NoError);
    MUST(page_unmap(frame) == seL4_NoError);
    MUST(unmap_table(LOWEST, first_slot + LOWEST) == seL4_NoError);
    if (snapshot) {
        MUST(sel4model_snapshot_restore(snapshot));
        MUST(page[5] == 1); // mapped again
        MUST(kind_at(frame + 1) == SEL4MODEL_CAP_CNODE);
        sel4model_snapshot_free(snapshot);
        MUST(page_unmap(frame) == seL4_NoError);
        MUST(unmap_table(LOWEST, first_slot + LOWEST) == seL4_NoError);
    }
    MUST(revoke_cap(ram(19)) == seL4_NoError);
    MUST(retype(ram(19), SMALL_FRAME, 0, frame) == seL4_NoError);
    MUST(map_table(LOWEST, first_slot + LOWEST, VSPACE, vaddr) == seL4_NoError);
    MUST(page_map(frame, VSPACE, vaddr, seL4_ReadWrite) == seL4_NoError);
    MUST(page[5] == 0); // after the reset
    sel4model_shutdown();
    is_armed = false;
    exit(calls < refused ? 2 : 0); // 2: nothing was left to refuse
}

// How a process ended in which the nth call of the host was refused.
static int end_of(unsigned long nth, char *output, size_t bytes)
{
    int ends[2];
    int status = 0;
    size_t used = 0;
    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        signal(SIGABRT, WHEN_STOPPED);
        refused = nth;
        live();
    }
    close(ends[1]);
    for (ssize_t got = 1; got > 0 && used + 1 < bytes;) { // bounded by the child's output
        got = read(ends[0], output + used, bytes - 1 - used);
        used += got > 0 ? (size_t)got : 0;
    }
    output[used] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return status;
}

static void the_model_says_what_the_host_refused(void **state)
{
    (void)state;
    char output[1024];
    unsigned stops = 0, reports = 0;
    unsigned long nth = 1;
    for (; nth < 10000; nth += SAMPLE) {
        const int status = end_of(nth, output, sizeof(output));
        if (WIFEXITED(status) && WEXITSTATUS(status) == 2) {
            break;
        }
        const bool stopped = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
        if (stopped ? strncmp(output, "sel4model: ", 11) != 0 : status != 0) {
            fail_msg("call %lu of the host refused: status %#x, %s", nth, (unsigned)status, output);
        }
        stops += stopped;
        reports += !stopped;
    }
    assert_in_range(nth, 20, 9999);
    assert_in_range(stops, 1, 9999);
    assert_in_range(reports, 1, 9999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_model_says_what_the_host_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
