/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The allocator's public calls, and its requests for book memory, on their way: `ld --wrap=NAME`
// leads every call of NAME here, and what is named __real_NAME is the function itself.

#include "refusals.h"

#include <stdio.h>
#include <string.h>

#include <sel4model/snapshot.h>

// A call that is made of others: what they take is not the test's.
static unsigned composite;

// Does the test get what this call hands out, itself or through an allocman of its own?
static bool is_tests(const allocman_t *alloc)
{
    return composite == 0 && !alloc->in_call;
}

#define REAL(result, name, ...)                                                                    \
    result __real_##name(__VA_ARGS__);                                                             \
    result __wrap_##name(__VA_ARGS__);                                                             \
    result __wrap_##name(__VA_ARGS__)

REAL(int, allocman_cspace_alloc, allocman_t *alloc, cspacepath_t *slot)
{
    const bool tests = is_tests(alloc);
    call_begin();
    const int status = __real_allocman_cspace_alloc(alloc, slot);
    if (!status && tests) {
        ledger_slot(alloc, slot->capPtr, true);
    }
    call_end(alloc, status, true, NULL);
    return status;
}

REAL(void, allocman_cspace_free, allocman_t *alloc, const cspacepath_t *slot)
{
    const bool tests = is_tests(alloc);
    call_begin();
    if (tests && slot) {
        ledger_slot(alloc, slot->capPtr, false);
    }
    __real_allocman_cspace_free(alloc, slot);
    call_end(alloc, ALLOCMAN_OK, true, NULL);
}

REAL(seL4_Word, allocman_utspace_alloc, allocman_t *alloc, size_t size_bits, seL4_Word type,
     const cspacepath_t *path, bool device, int *error)
{
    const bool tests = is_tests(alloc);
    call_begin();
    int status = -1;
    const seL4_Word cookie =
        __real_allocman_utspace_alloc(alloc, size_bits, type, path, device, &status);
    if (!cookie == !status) {
        run_wrong("allocman_utspace_alloc: cookie %#lx with status %d", (unsigned long)cookie,
                  status);
    }
    if (cookie && tests) {
        ledger_object(alloc, cookie, size_bits, path);
    }
    if (error) {
        *error = status;
    }
    call_end(alloc, status, true, NULL);
    return cookie;
}

REAL(seL4_Word, allocman_utspace_alloc_at, allocman_t *alloc, size_t size_bits, seL4_Word type,
     const cspacepath_t *path, uintptr_t paddr, bool device, int *error)
{
    const bool tests = is_tests(alloc);
    call_begin();
    int status = -1;
    const seL4_Word cookie =
        __real_allocman_utspace_alloc_at(alloc, size_bits, type, path, paddr, device, &status);
    if (!cookie == !status) {
        run_wrong("allocman_utspace_alloc_at: cookie %#lx with status %d", (unsigned long)cookie,
                  status);
    }
    if (cookie && tests) {
        ledger_object(alloc, cookie, size_bits, path);
    }
    if (error) {
        *error = status;
    }
    call_end(alloc, status, true, NULL);
    return cookie;
}

REAL(void, allocman_utspace_free, allocman_t *alloc, seL4_Word cookie, size_t size_bits)
{
    const bool tests = is_tests(alloc);
    call_begin();
    if (tests) {
        ledger_object(alloc, cookie, size_bits, NULL);
    }
    __real_allocman_utspace_free(alloc, cookie, size_bits);
    call_end(alloc, ALLOCMAN_OK, true, NULL);
}

REAL(void *, allocman_mspace_alloc, allocman_t *alloc, size_t bytes, int *error)
{
    const bool tests = is_tests(alloc);
    call_begin();
    int status = -1;
    void *const block = __real_allocman_mspace_alloc(alloc, bytes, &status);
    if (!block == !status) {
        run_wrong("allocman_mspace_alloc: %p with status %d", block, status);
    }
    if (block && tests) {
        ledger_book(alloc, block, bytes, true);
    }
    if (error) {
        *error = status;
    }
    call_end(alloc, status, true, NULL);
    return block;
}

REAL(void, allocman_mspace_free, allocman_t *alloc, void *block, size_t bytes)
{
    const bool tests = is_tests(alloc);
    call_begin();
    if (tests) {
        ledger_book(alloc, block, bytes, false);
    }
    __real_allocman_mspace_free(alloc, block, bytes);
    call_end(alloc, ALLOCMAN_OK, true, NULL);
}

REAL(int, allocman_utspace_add_uts, allocman_t *alloc, size_t num, const cspacepath_t *uts,
     size_t *size_bits, uintptr_t *paddr, int kind)
{
    call_begin();
    const int status = __real_allocman_utspace_add_uts(alloc, num, uts, size_bits, paddr, kind);
    call_end(alloc, status, true, NULL);
    return status;
}

REAL(int, allocman_fill_reserves, allocman_t *alloc)
{
    call_begin();
    composite++;
    const int status = __real_allocman_fill_reserves(alloc);
    composite--;
    call_end(alloc, status, true, NULL);
    return status;
}

REAL(void, allocman_reclaim, allocman_t *alloc)
{
    call_begin();
    __real_allocman_reclaim(alloc);
    call_end(alloc, ALLOCMAN_OK, true, NULL);
}

REAL(int, allocman_set_limits, allocman_t *alloc, const struct allocman_limits *limits)
{
    call_begin();
    const int status = __real_allocman_set_limits(alloc, limits);
    call_end(alloc, status, true, NULL);
    return status;
}

REAL(int, allocman_prepare, allocman_t *alloc)
{
    call_begin();
    const int status = __real_allocman_prepare(alloc);
    call_end(alloc, status, true, NULL);
    return status;
}

REAL(int, allocman_configure_mspace_reserve, allocman_t *alloc, struct allocman_mspace_chunk chunk)
{
    call_begin();
    composite++;
    const int status = __real_allocman_configure_mspace_reserve(alloc, chunk);
    composite--;
    call_end(alloc, status, true, NULL);
    return status;
}

REAL(int, allocman_configure_utspace_reserve, allocman_t *alloc,
     struct allocman_utspace_chunk chunk)
{
    call_begin();
    composite++;
    const int status = __real_allocman_configure_utspace_reserve(alloc, chunk);
    composite--;
    call_end(alloc, status, true, NULL);
    return status;
}

REAL(int, allocman_configure_cspace_reserve, allocman_t *alloc, size_t num)
{
    call_begin();
    composite++;
    const int status = __real_allocman_configure_cspace_reserve(alloc, num);
    composite--;
    call_end(alloc, status, true, NULL);
    return status;
}

REAL(void, bootstrap_configure_virtual_pool, allocman_t *alloc, void *vstart, size_t vsize,
     seL4_CPtr pd)
{
    call_begin();
    ledger_pool(vstart, vsize);
    composite++;
    __real_bootstrap_configure_virtual_pool(alloc, vstart, vsize, pd);
    composite--;
    call_end(alloc, ALLOCMAN_OK, true, NULL);
}

REAL(int, cspace_two_level_create, allocman_t *alloc, cspace_two_level_t *cspace,
     struct cspace_two_level_config config)
{
    call_begin();
    composite++;
    const int status = __real_cspace_two_level_create(alloc, cspace, config);
    composite--;
    call_end(alloc, status, true, NULL);
    return status;
}

// The starts. Those that tell no reason cannot be asked for it.

REAL(bootstrap_info_t *, bootstrap_create_info, size_t bytes, void *pool)
{
    call_begin();
    composite++;
    bootstrap_info_t *const info = __real_bootstrap_create_info(bytes, pool);
    composite--;
    call_end(NULL, info ? ALLOCMAN_OK : ALLOCMAN_NO_BOOK, false, NULL);
    return info;
}

REAL(int, bootstrap_add_untypeds, bootstrap_info_t *info, size_t num, const cspacepath_t *uts,
     size_t *size_bits, uintptr_t *paddr, bool is_device)
{
    call_begin();
    composite++;
    const int status = __real_bootstrap_add_untypeds(info, num, uts, size_bits, paddr, is_device);
    composite--;
    call_end(NULL, status, false, NULL);
    return status;
}

REAL(int, bootstrap_add_untypeds_from_bootinfo, bootstrap_info_t *info, seL4_BootInfo *bi)
{
    call_begin();
    composite++;
    const int status = __real_bootstrap_add_untypeds_from_bootinfo(info, bi);
    composite--;
    call_end(NULL, status, false, NULL);
    return status;
}

REAL(allocman_t *, bootstrap_use_bootinfo, seL4_BootInfo *bi, size_t bytes, void *pool)
{
    call_begin();
    composite++;
    allocman_t *const alloc = __real_bootstrap_use_bootinfo(bi, bytes, pool);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    call_end(alloc, ALLOCMAN_OK, false, NULL);
    return alloc;
}

REAL(allocman_t *, bootstrap_use_bootinfo_why, seL4_BootInfo *bi, size_t bytes, void *pool,
     struct allocman_failure *why)
{
    call_begin();
    struct allocman_failure reason = {.status = ALLOCMAN_OK};
    composite++;
    allocman_t *const alloc = __real_bootstrap_use_bootinfo_why(bi, bytes, pool, &reason);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    if (!alloc && why) {
        *why = reason;
    }
    call_end(alloc, alloc ? ALLOCMAN_OK : (int)reason.status, false, &reason);
    return alloc;
}

REAL(allocman_t *, bootstrap_new_1level_bootinfo, seL4_BootInfo *bi, size_t radix, size_t bytes,
     void *pool, cspace_simple1level_t **old)
{
    call_begin();
    composite++;
    allocman_t *const alloc = __real_bootstrap_new_1level_bootinfo(bi, radix, bytes, pool, old);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    call_end(alloc, ALLOCMAN_OK, false, NULL);
    return alloc;
}

REAL(allocman_t *, bootstrap_new_1level_bootinfo_why, seL4_BootInfo *bi, size_t radix, size_t bytes,
     void *pool, cspace_simple1level_t **old, struct allocman_failure *why)
{
    call_begin();
    struct allocman_failure reason = {.status = ALLOCMAN_OK};
    composite++;
    allocman_t *const alloc =
        __real_bootstrap_new_1level_bootinfo_why(bi, radix, bytes, pool, old, &reason);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    if (!alloc && why) {
        *why = reason;
    }
    call_end(alloc, alloc ? ALLOCMAN_OK : (int)reason.status, false, &reason);
    return alloc;
}

REAL(allocman_t *, bootstrap_new_2level_bootinfo, seL4_BootInfo *bi, size_t one, size_t two,
     size_t bytes, void *pool, cspace_simple1level_t **old)
{
    call_begin();
    composite++;
    allocman_t *const alloc = __real_bootstrap_new_2level_bootinfo(bi, one, two, bytes, pool, old);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    call_end(alloc, ALLOCMAN_OK, false, NULL);
    return alloc;
}

REAL(allocman_t *, bootstrap_new_2level_bootinfo_why, seL4_BootInfo *bi, size_t one, size_t two,
     size_t bytes, void *pool, cspace_simple1level_t **old, struct allocman_failure *why)
{
    call_begin();
    struct allocman_failure reason = {.status = ALLOCMAN_OK};
    composite++;
    allocman_t *const alloc =
        __real_bootstrap_new_2level_bootinfo_why(bi, one, two, bytes, pool, old, &reason);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    if (!alloc && why) {
        *why = reason;
    }
    call_end(alloc, alloc ? ALLOCMAN_OK : (int)reason.status, false, &reason);
    return alloc;
}

REAL(allocman_t *, bootstrap_use_current_1level, seL4_CPtr root, size_t radix, seL4_CPtr first,
     seL4_CPtr end, size_t bytes, void *pool)
{
    call_begin();
    composite++;
    allocman_t *const alloc =
        __real_bootstrap_use_current_1level(root, radix, first, end, bytes, pool);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    call_end(alloc, ALLOCMAN_OK, false, NULL);
    return alloc;
}

REAL(allocman_t *, bootstrap_use_current_1level_why, seL4_CPtr root, size_t radix, seL4_CPtr first,
     seL4_CPtr end, size_t bytes, void *pool, struct allocman_failure *why)
{
    call_begin();
    struct allocman_failure reason = {.status = ALLOCMAN_OK};
    composite++;
    allocman_t *const alloc =
        __real_bootstrap_use_current_1level_why(root, radix, first, end, bytes, pool, &reason);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    if (!alloc && why) {
        *why = reason;
    }
    call_end(alloc, alloc ? ALLOCMAN_OK : (int)reason.status, false, &reason);
    return alloc;
}

REAL(allocman_t *, bootstrap_new_1level, bootstrap_info_t *info, size_t radix, cspacepath_t tcb,
     cspacepath_t pd, cspacepath_t *old)
{
    call_begin();
    composite++;
    allocman_t *const alloc = __real_bootstrap_new_1level(info, radix, tcb, pd, old);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    call_end(alloc, ALLOCMAN_OK, false, NULL);
    return alloc;
}

REAL(allocman_t *, bootstrap_new_1level_why, bootstrap_info_t *info, size_t radix, cspacepath_t tcb,
     cspacepath_t pd, cspacepath_t *old, struct allocman_failure *why)
{
    call_begin();
    struct allocman_failure reason = {.status = ALLOCMAN_OK};
    composite++;
    allocman_t *const alloc = __real_bootstrap_new_1level_why(info, radix, tcb, pd, old, &reason);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    if (!alloc && why) {
        *why = reason;
    }
    call_end(alloc, alloc ? ALLOCMAN_OK : (int)reason.status, false, &reason);
    return alloc;
}

REAL(allocman_t *, bootstrap_new_2level, bootstrap_info_t *info, size_t one, size_t two,
     cspacepath_t tcb, cspacepath_t pd, cspacepath_t *old)
{
    call_begin();
    composite++;
    allocman_t *const alloc = __real_bootstrap_new_2level(info, one, two, tcb, pd, old);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    call_end(alloc, ALLOCMAN_OK, false, NULL);
    return alloc;
}

REAL(allocman_t *, bootstrap_new_2level_why, bootstrap_info_t *info, size_t one, size_t two,
     cspacepath_t tcb, cspacepath_t pd, cspacepath_t *old, struct allocman_failure *why)
{
    call_begin();
    struct allocman_failure reason = {.status = ALLOCMAN_OK};
    composite++;
    allocman_t *const alloc =
        __real_bootstrap_new_2level_why(info, one, two, tcb, pd, old, &reason);
    composite--;
    if (alloc && run.inside == 1) {
        ledger_adopt(alloc);
    }
    if (!alloc && why) {
        *why = reason;
    }
    call_end(alloc, alloc ? ALLOCMAN_OK : (int)reason.status, false, &reason);
    return alloc;
}

// Another machine: what was live there is gone. A boot takes its time, so the same one again is the
// last one as it was when it had booted.

static struct {
    char record[300];
    struct sel4model_options options;
    struct sel4model_snapshot *snapshot;
    seL4_BootInfo *bootinfo;
} last;

REAL(void, sel4model_shutdown, void)
{
    ledger_clear();
    ledger_booted(false);
    composite = 0;
    if (!last.snapshot) {
        __real_sel4model_shutdown();
    }
}

void boot_forget(void)
{
    sel4model_snapshot_free(last.snapshot);
    last.snapshot = NULL;
    __real_sel4model_shutdown();
}

REAL(seL4_BootInfo *, sel4model_boot_with, const char *record,
     const struct sel4model_options *options)
{
    const struct sel4model_options asked = options ? *options : (struct sel4model_options){0};
    ledger_clear();
    ledger_booted(true);
    composite = 0;
    if (last.snapshot && strcmp(record, last.record) == 0 &&
        asked.root_cnode_bits == last.options.root_cnode_bits &&
        asked.empty_end == last.options.empty_end && sel4model_snapshot_restore(last.snapshot)) {
        return last.bootinfo;
    }
    boot_forget();
    last.bootinfo = __real_sel4model_boot_with(record, options);
    if (last.bootinfo) {
        (void)snprintf(last.record, sizeof(last.record), "%s", record);
        last.options = asked;
        last.snapshot = sel4model_snapshot_take();
    }
    return last.bootinfo;
}

seL4_BootInfo *__wrap_sel4model_boot(const char *record);

seL4_BootInfo *__wrap_sel4model_boot(const char *record)
{
    return __wrap_sel4model_boot_with(record, NULL);
}

// A test that has something refused of its own: that is a reason too.

REAL(void, sel4model_refuse, unsigned long nth, seL4_Error error)
{
    run.refuses |= nth > 0;
    __real_sel4model_refuse(nth, error);
}

REAL(void, sel4model_refuse_kind, enum sel4model_invocation kind, unsigned long nth,
     seL4_Error error)
{
    run.refuses |= nth > 0;
    __real_sel4model_refuse_kind(kind, nth, error);
}

// Requests for book memory.

static bool lacks_book(int *error)
{
    const bool lacks = book_is_refused();
    if (lacks && error) {
        *error = ALLOCMAN_NO_BOOK;
    }
    return lacks;
}

REAL(void *, _mspace_fixed_pool_alloc, allocman_t *alloc, void *pool, size_t bytes, int *error)
{
    return lacks_book(error) ? NULL : __real__mspace_fixed_pool_alloc(alloc, pool, bytes, error);
}

REAL(void *, _mspace_dual_pool_alloc, allocman_t *alloc, void *pool, size_t bytes, int *error)
{
    return lacks_book(error) ? NULL : __real__mspace_dual_pool_alloc(alloc, pool, bytes, error);
}

REAL(void *, _mspace_virtual_pool_alloc, allocman_t *alloc, void *pool, size_t bytes, int *error)
{
    return lacks_book(error) ? NULL : __real__mspace_virtual_pool_alloc(alloc, pool, bytes, error);
}
