/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Records of boot information (JSON). One that is no good is refused with file, field and reason; one
// that is good boots, and the allocator starts on it, or says why not, and the laws hold.

#define _GNU_SOURCE // memfd_create
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <allocman/bootstrap.h>
#include <allocman/check.h>
#include <sel4model/sel4model.h>

// --- mutations that leave the syntax as it is -----------------------------------------------------

struct text {
    uint8_t *data;
    size_t size, max_size;
};

// Replace a part by another.
static void replace(struct text *t, size_t from, size_t end, const char *by, size_t bytes)
{
    if (t->size - (end - from) + bytes <= t->max_size) {
        memmove(t->data + from + bytes, t->data + end, t->size - end);
        memcpy(t->data + from, by, bytes);
        t->size = t->size - (end - from) + bytes;
    }
}

// A number, found from somewhere on, becomes another.
static void change_number(struct rng *rng, struct text *t)
{
    static const char *const odd[] = {
        "0",   "1",   "-1", "4",     "12",         "29",         "47",
        "48",  "63",  "64", "65535", "2147483648", "4294967295", "9223372036854775807",
        "1e5", "null"};
    size_t at = rng_below(rng, t->size);
    while (at < t->size && !(t->data[at] >= '0' && t->data[at] <= '9')) {
        at++;
    }
    size_t end = at;
    uint64_t value = 0;
    for (; end < t->size && t->data[end] >= '0' && t->data[end] <= '9'; end++) {
        value = value * 10 + (uint64_t)(t->data[end] - '0');
    }
    char text[32];
    (void)snprintf(text, sizeof(text), "%llu",
                   (unsigned long long)(value + rng_below(rng, 17) - 8));
    const char *const by =
        rng_percent(rng, 70) ? text : odd[rng_below(rng, sizeof(odd) / sizeof(odd[0]))];
    if (end > at) {
        replace(t, at, end, by, strlen(by));
    }
}

// A line goes, or comes twice.
static void change_line(struct rng *rng, struct text *t)
{
    size_t from = rng_below(rng, t->size), end = from;
    while (from > 0 && t->data[from - 1] != '\n') {
        from--;
    }
    while (end < t->size && t->data[end] != '\n') {
        end++;
    }
    end += end < t->size;
    char line[200];
    const size_t bytes = end - from;
    if (rng_percent(rng, 50) || bytes > sizeof(line)) {
        replace(t, from, end, "", 0);
    } else {
        memcpy(line, t->data + from, bytes);
        replace(t, from, from, line, bytes);
    }
}

static size_t mutate(struct rng *rng, uint8_t *data, size_t size, size_t max_size)
{
    struct text t = {data, size, max_size};
    for (unsigned left = rng_from(rng, 1, 3); left > 0 && t.size > 0; left--) {
        rng_percent(rng, 75) ? change_number(rng, &t) : change_line(rng, &t);
    }
    return t.size;
}

const struct fuzz_target fuzz_target = {.name = "fuzz_bootinfo", .mutate = mutate};

// --- the target ----------------------------------------------------------------------------------

// The input as a file.
static const char *file_of(const uint8_t *data, size_t size)
{
    static int file = -1;
    static char path[64];
    if (file < 0) {
        file = memfd_create("record", 0);
        FUZZ_EXPECT(file >= 0, "no file");
        (void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    }
    FUZZ_EXPECT(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size,
                "the file cannot be written");
    return path;
}

// "<file>: <field>: <reason>", on one line.
static void check_reason(const char *path)
{
    const char *const reason = sel4model_error();
    const size_t length = strlen(path);
    FUZZ_EXPECT(strncmp(reason, path, length) == 0 && strncmp(reason + length, ": ", 2) == 0,
                "refused without naming the file: %s", reason);
    const char *const field = reason + length + 2;
    const char *const colon = strstr(field, ": ");
    FUZZ_EXPECT(colon && colon > field && colon[2] != '\0', "refused without field or reason: %s",
                reason);
}

static void check_bootinfo(const seL4_BootInfo *bi)
{
    struct allocman_failure why = {.status = ALLOCMAN_OK};
    const size_t bytes = bootstrap_pool_bytes(bi);
    FUZZ_EXPECT(bi->untyped.end - bi->untyped.start <= CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS,
                "more untypeds than there is room for");
    char *const pool = malloc(bytes);
    FUZZ_EXPECT(pool, "no memory");
    allocman_t *const alloc =
        bootstrap_use_bootinfo_why((seL4_BootInfo *)(uintptr_t)bi, bytes, pool, &why);
    FUZZ_EXPECT((alloc == NULL) == (why.status != ALLOCMAN_OK), "started with status %d",
                (int)why.status);
    FUZZ_EXPECT(alloc || why.status == ALLOCMAN_NO_RAM || why.status == ALLOCMAN_NO_SLOT,
                "a good record, but no start: %s", allocman_status_text(why.status));
    if (alloc) {
        struct allocman_violation v;
        cspacepath_t path;
        int error = ALLOCMAN_OK;
        FUZZ_EXPECT(allocman_check(alloc, &v), "%s (%s)", allocman_law_text(v.law), v.what);
        if (allocman_cspace_alloc(alloc, &path) == ALLOCMAN_OK) {
            const seL4_Word cookie = allocman_utspace_alloc(
                alloc, seL4_EndpointBits, seL4_EndpointObject, &path, false, &error);
            FUZZ_EXPECT((cookie == 0) == (error != ALLOCMAN_OK), "status %d", error);
            FUZZ_EXPECT(error != ALLOCMAN_KERNEL_REFUSED, "the kernel refused an endpoint");
        }
        FUZZ_EXPECT(allocman_check(alloc, &v), "%s (%s)", allocman_law_text(v.law), v.what);
    }
    free(pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *const path = file_of(data, size);
    if (fuzz_out) {
        fprintf(fuzz_out, "%.*s\n", (int)size, (const char *)data);
        (void)fflush(fuzz_out);
    }
    const seL4_BootInfo *const bi = sel4model_boot(path);
    if (bi) {
        FUZZ_EXPECT(sel4model_error()[0] == '\0', "booted with an error: %s", sel4model_error());
        check_bootinfo(bi);
        sel4model_shutdown();
    } else {
        check_reason(path);
    }
    return 0;
}
