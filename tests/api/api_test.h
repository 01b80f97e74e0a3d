/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What the black-box tests of allocman share: a booted model with an allocator on it, objects, and
// a ledger of all that a failed call may not change.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <allocman/allocman.h>
#include <allocman/bootstrap.h>
#include <allocman/check.h>
#include <allocman/cspaceops.h>
#include <allocman/vka.h>
#include <sel4model/inspect.h>
#include <sel4model/sel4model.h>
#include <vka/capops.h>
#include <vka/object.h>

#include "arch.h"

#define RECORD(name) RECORD_DIR "/" name ".json"

#ifndef API_CNODE_BITS
#define API_CNODE_BITS 19 // a build whose tests look at all slots has fewer
#endif

enum {
    ROOT_CNODE = seL4_CapInitThreadCNode,
    VSPACE = seL4_CapInitThreadVSpace,
    FRAME = SMALL_FRAME,
    FRAME_BITS = seL4_PageBits,
    POOL_BYTES = 1 << 20,
    CNODE_BITS = API_CNODE_BITS, // of the root CNode, unless a test wants another
};

// The system under test.
struct world {
    _Alignas(16) char pool[POOL_BYTES];
    seL4_BootInfo *bootinfo;
    allocman_t *alloc;
    struct bootstrap_managers *managers; // what the bootstrap put in the pool
    vka_t vka;
};

static struct world world;

// How to boot; all zero is MACHINE with 2^CNODE_BITS slots and the smallest pool that the header
// promises. A record that is named boots as it was recorded.
struct start {
    const char *record;
    unsigned cnode_bits;
    seL4_Word empty_slots; // 0: all that the CNode has
    size_t pool_bytes;
    bool without_untypeds; // bootstrap_use_current_1level instead of bootstrap_use_bootinfo
    uint64_t ram_bytes;    // hand over no more RAM than this, untyped by untyped; 0: all at once
};

static inline void boot(const struct start *how)
{
    const char *const record = how->record ? how->record : RECORD(MACHINE);
    struct sel4model_options options = {.root_cnode_bits = how->cnode_bits};
    if (!how->record && !how->cnode_bits) {
        options.root_cnode_bits = CNODE_BITS;
    }
    world.bootinfo = sel4model_boot_with(record, &options);
    assert_non_null(world.bootinfo);
    if (how->empty_slots) {
        options.empty_end = world.bootinfo->empty.start + how->empty_slots;
        world.bootinfo = sel4model_boot_with(record, &options);
        assert_non_null(world.bootinfo);
    }
}

static inline void adopt(allocman_t *alloc)
{
    assert_non_null(alloc);
    world.alloc = alloc;
    world.managers = (struct bootstrap_managers *)alloc;
    allocman_make_vka(&world.vka, alloc);
}

static inline int boot_untyped_add(size_t index, int kind, uintptr_t paddr);

// Hand over all boot untypeds of devices, and of RAM those that are not too much together.
static inline void boot_untypeds_add(uint64_t ram_bytes)
{
    const seL4_BootInfo *const bi = world.bootinfo;
    for (size_t i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
        const seL4_UntypedDesc *const ut = &bi->untypedList[i];
        const uint64_t bytes = (uint64_t)1 << ut->sizeBits;
        if (ut->isDevice || bytes <= ram_bytes) {
            ram_bytes -= ut->isDevice ? 0 : bytes;
            assert_int_equal(
                boot_untyped_add(i, ut->isDevice ? ALLOCMAN_UT_DEV : ALLOCMAN_UT_KERNEL, ut->paddr),
                ALLOCMAN_OK);
        }
    }
}

static inline void start(struct start how)
{
    boot(&how);
    seL4_BootInfo *const bi = world.bootinfo;
    const size_t bytes = how.pool_bytes ? how.pool_bytes : bootstrap_pool_bytes(bi);
    assert_true(bytes <= POOL_BYTES);
    memset(world.pool, 0xa5, sizeof(world.pool));
    adopt(how.without_untypeds || how.ram_bytes
              ? bootstrap_use_current_1level(ROOT_CNODE, bi->initThreadCNodeSizeBits,
                                             bi->empty.start, bi->empty.end, bytes, world.pool)
              : bootstrap_use_bootinfo(bi, bytes, world.pool));
    if (how.ram_bytes) {
        boot_untypeds_add(how.ram_bytes);
    }
}

static inline int start_default(void **state)
{
    (void)state;
    start((struct start){0});
    return 0;
}

static inline int start_roomy(void **state)
{
    (void)state;
    start((struct start){.pool_bytes = POOL_BYTES});
    return 0;
}

static inline int start_without_untypeds(void **state)
{
    (void)state;
    start((struct start){.pool_bytes = POOL_BYTES, .without_untypeds = true});
    return 0;
}

// The laws hold after every test, whatever it did.
static inline void assert_laws(void)
{
    struct allocman_violation violation = {0};
    if (!allocman_check(world.alloc, &violation)) {
        fail_msg("%s: %s (%#lx)", allocman_law_text(violation.law), violation.what,
                 (unsigned long)violation.where);
    }
}

static inline int stop(void **state)
{
    (void)state;
    if (world.alloc != NULL && world.managers != NULL && world.alloc->have_utspace) {
        assert_laws();
    }
    world.managers = NULL;
    sel4model_shutdown();
    world.alloc = NULL;
    return 0;
}

#define api_test(name)     cmocka_unit_test_setup_teardown(name, start_default, stop)
#define roomy_test(name)   cmocka_unit_test_setup_teardown(name, start_roomy, stop)
#define bare_test(name)    cmocka_unit_test_setup_teardown(name, start_without_untypeds, stop)
#define booting_test(name) cmocka_unit_test_teardown(name, stop)

// Everything that a failed call leaves as it was.
struct ledger {
    uint64_t free_bytes[3];
    size_t free_slots, book_used, allocated, own_slots;
    unsigned long caps;
};

static inline size_t free_slots(void)
{
    return cspace_single_level_runs.free_slots(&world.managers->cspace);
}

static inline size_t book_used(void)
{
    const mspace_dual_pool_t *const book = &world.managers->mspace;
    return book->fixed_pool.pages.used_bytes +
           (book->have_virtual_pool ? book->virtual_pool.pages.used_bytes : 0);
}

static inline const struct split_totals *totals(void)
{
    return &world.managers->utspace.totals;
}

static inline struct ledger ledger_now(void)
{
    struct ledger ledger = {.free_slots = free_slots(),
                            .book_used = book_used(),
                            .allocated = totals()->allocated,
                            .own_slots = totals()->own_slots,
                            .caps = sel4model_live_caps()};
    memcpy(ledger.free_bytes, totals()->free_bytes, sizeof(ledger.free_bytes));
    return ledger;
}

static inline void assert_same_resources(struct ledger before)
{
    const struct ledger now = ledger_now();
    assert_int_equal(now.free_bytes[ALLOCMAN_UT_KERNEL], before.free_bytes[ALLOCMAN_UT_KERNEL]);
    assert_int_equal(now.free_bytes[ALLOCMAN_UT_DEV], before.free_bytes[ALLOCMAN_UT_DEV]);
    assert_int_equal(now.free_bytes[ALLOCMAN_UT_DEV_MEM], before.free_bytes[ALLOCMAN_UT_DEV_MEM]);
    assert_int_equal(now.free_slots, before.free_slots);
    assert_int_equal(now.own_slots, before.own_slots);
    assert_int_equal(now.allocated, before.allocated);
    assert_int_equal(now.caps, before.caps);
}

static inline void assert_nothing_changed(struct ledger before)
{
    assert_same_resources(before);
    assert_int_equal(book_used(), before.book_used);
}

// The kernel was not asked for anything since the counters were reset.
static inline void assert_no_invocations(void)
{
    assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), 0);
}

static inline void assert_failure(int status)
{
    const struct allocman_failure *const failure = allocman_last_failure(world.alloc);
    assert_int_equal(failure->status, status);
    switch (failure->status) { // those that have no amounts tell of none
    case ALLOCMAN_NOT_ATTACHED:
    case ALLOCMAN_ALREADY_ATTACHED:
    case ALLOCMAN_NO_RAM:
        assert_int_equal(failure->needed, 0);
        assert_int_equal(failure->available, 0);
        assert_int_equal(failure->kernel_error, seL4_NoError);
        break;
    default:
        break;
    }
}

static inline struct sel4model_cap cap_at(seL4_CPtr slot)
{
    struct sel4model_cap cap;
    assert_true(sel4model_inspect(sel4model_path_of(slot), &cap));
    return cap;
}

static inline bool is_empty(seL4_CPtr slot)
{
    return cap_at(slot).kind == SEL4MODEL_CAP_NULL;
}

static inline cspacepath_t slot_make(void)
{
    cspacepath_t path;
    assert_int_equal(allocman_cspace_alloc(world.alloc, &path), ALLOCMAN_OK);
    assert_true(is_empty(path.capPtr));
    return path;
}

// An object with all that is needed to free it.
struct object {
    cspacepath_t path;
    seL4_Word cookie;
    seL4_Word type;
    size_t size_bits; // log2 bytes in memory
};

static inline int object_try(seL4_Word type, size_t size_bits, uintptr_t paddr, bool may_be_device,
                             struct object *object)
{
    int error = allocman_cspace_alloc(world.alloc, &object->path);
    if (error) {
        return error;
    }
    error = -1;
    object->type = type;
    object->size_bits = size_bits;
    object->cookie = allocman_utspace_alloc_at(world.alloc, size_bits, type, &object->path, paddr,
                                               may_be_device, &error);
    assert_int_equal(error == ALLOCMAN_OK, object->cookie != 0);
    if (error) {
        allocman_cspace_free(world.alloc, &object->path);
    } else {
        assert_true(object->cookie != ~(seL4_Word)0);
    }
    return error;
}

static inline struct object object_at(seL4_Word type, size_t size_bits, uintptr_t paddr)
{
    struct object object;
    assert_int_equal(object_try(type, size_bits, paddr, true, &object), ALLOCMAN_OK);
    return object;
}

static inline struct object object_make(seL4_Word type, size_t size_bits)
{
    struct object object;
    assert_int_equal(object_try(type, size_bits, ALLOCMAN_NO_PADDR, false, &object), ALLOCMAN_OK);
    return object;
}

static inline struct object frame_make(void)
{
    return object_make(FRAME, FRAME_BITS);
}

static inline void object_free(const struct object *object)
{
    assert_int_equal(vka_cnode_delete(&object->path), seL4_NoError);
    allocman_cspace_free(world.alloc, &object->path);
    allocman_utspace_free(world.alloc, object->cookie, object->size_bits);
}

static inline uintptr_t object_paddr(const struct object *object)
{
    return allocman_utspace_paddr(world.alloc, object->cookie, object->size_bits);
}

// Requests the object in that slot and expects refusal: that status, and nothing changed.
static inline void expect_refusal(size_t size_bits, seL4_Word type, const cspacepath_t *path,
                                  uintptr_t paddr, bool may_be_device, int status)
{
    const struct ledger before = ledger_now();
    int error = -1;
    assert_int_equal(
        allocman_utspace_alloc_at(world.alloc, size_bits, type, path, paddr, may_be_device, &error),
        0);
    assert_int_equal(error, status);
    assert_failure(status);
    assert_nothing_changed(before);
    assert_int_equal(
        allocman_utspace_alloc_at(world.alloc, size_bits, type, path, paddr, may_be_device, NULL),
        0);
    assert_nothing_changed(before);
}

// A free that is misuse: counted once, told, and nothing changed.
static inline void expect_bad_free(seL4_Word cookie, size_t size_bits, int status)
{
    const struct ledger before = ledger_now();
    const size_t misuse = world.alloc->counts.misuse;
    allocman_utspace_free(world.alloc, cookie, size_bits);
    assert_int_equal(world.alloc->counts.misuse, misuse + 1);
    assert_failure(status);
    assert_nothing_changed(before);
}

// The nth boot untyped of a kind that has at least that size; its index in the list.
static inline size_t boot_untyped(unsigned size_bits, bool is_device, unsigned nth)
{
    const seL4_BootInfo *const bi = world.bootinfo;
    const size_t count = bi->untyped.end - bi->untyped.start;
    for (size_t i = 0; i < count; i++) {
        const seL4_UntypedDesc *const ut = &bi->untypedList[i];
        if (ut->sizeBits >= size_bits && (ut->isDevice != 0) == is_device && nth-- == 0) {
            return i;
        }
    }
    fail_msg("no such boot untyped");
    return 0;
}

// How many boot untypeds of a kind have at least that size.
static inline unsigned boot_untyped_count(unsigned size_bits, bool is_device)
{
    const seL4_BootInfo *const bi = world.bootinfo;
    unsigned count = 0;
    for (size_t i = 0; i < bi->untyped.end - bi->untyped.start; i++) {
        count += bi->untypedList[i].sizeBits >= size_bits &&
                 (bi->untypedList[i].isDevice != 0) == is_device;
    }
    return count;
}

static inline unsigned boot_untyped_bits(size_t index)
{
    return world.bootinfo->untypedList[index].sizeBits;
}

// The smallest boot untyped of RAM of at least that size.
static inline size_t boot_ram_above(unsigned size_bits)
{
    size_t best = boot_untyped(size_bits, false, 0);
    for (unsigned nth = 1; nth < boot_untyped_count(size_bits, false); nth++) {
        const size_t index = boot_untyped(size_bits, false, nth);
        best = boot_untyped_bits(index) < boot_untyped_bits(best) ? index : best;
    }
    return best;
}

// The largest boot untyped of RAM, the first of them.
static inline size_t boot_ram_largest(void)
{
    unsigned bits = seL4_MaxUntypedBits;
    while (boot_untyped_count(bits, false) == 0) {
        bits--;
    }
    return boot_untyped(bits, false, 0);
}

// Takes the boot untypeds of RAM that have the smallest size, on most machines none: a further block of seL4_MinUntypedBits
// takes a split. How many objects that made.
static inline size_t smallest_roots_take(void)
{
    const size_t count = boot_untyped_count(seL4_MinUntypedBits, false) -
                         boot_untyped_count(seL4_MinUntypedBits + 1, false);
    for (size_t i = 0; i < count; i++) {
        object_make(seL4_UntypedObject, seL4_MinUntypedBits);
    }
    return count;
}

// Is an address in one of the boot untypeds?
static inline bool boot_knows(uintptr_t paddr)
{
    for (size_t i = 0; i < world.bootinfo->untyped.end - world.bootinfo->untyped.start; i++) {
        const seL4_UntypedDesc *const ut = &world.bootinfo->untypedList[i];
        if (paddr >= ut->paddr && (paddr - ut->paddr) >> ut->sizeBits == 0) {
            return true;
        }
    }
    return false;
}

// The address of a page that is in no boot untyped: behind one of them.
static inline uintptr_t boot_gap(void)
{
    for (size_t i = 0; i < world.bootinfo->untyped.end - world.bootinfo->untyped.start; i++) {
        const seL4_UntypedDesc *const ut = &world.bootinfo->untypedList[i];
        const uintptr_t end = ut->paddr + ((uintptr_t)1 << ut->sizeBits);
        if (end % 4096 == 0 && !boot_knows(end)) {
            return end;
        }
    }
    fail_msg("the untypeds leave no gap");
    return 0;
}

// The address of the nth page of device registers.
static inline uintptr_t boot_device_page(unsigned nth)
{
    return world.bootinfo->untypedList[boot_untyped(20, true, 0)].paddr + nth * 4096;
}

// Hand one boot untyped over.
static inline int boot_untyped_add(size_t index, int kind, uintptr_t paddr)
{
    const seL4_BootInfo *const bi = world.bootinfo;
    const cspacepath_t path = allocman_cspace_make_path(world.alloc, bi->untyped.start + index);
    size_t size_bits = bi->untypedList[index].sizeBits;
    return allocman_utspace_add_uts(world.alloc, 1, &path, &size_bits, &paddr, kind);
}

static inline uintptr_t boot_untyped_paddr(size_t index)
{
    return world.bootinfo->untypedList[index].paddr;
}
