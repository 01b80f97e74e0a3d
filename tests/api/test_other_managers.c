/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Managers beside the usual ones: over somebody else's vka, twinkle, malloc, null, and the K&R heap.

#include "outsiders.h"

#include <allocman/cspace/vka.h>
#include <allocman/mspace/k_r_malloc.h>
#include <allocman/mspace/malloc.h>
#include <allocman/mspace/null.h>
#include <allocman/utspace/twinkle.h>
#include <allocman/utspace/vka.h>

// --- an allocman over a vka ----------------------------------------------------------------------

static allocman_t over;

static int start_over(void **state)
{
    start_roomy(state);
    return allocman_make_from_vka(&world.vka, &over);
}

#define over_test(name) cmocka_unit_test_setup_teardown(name, start_over, stop)

static void objects_come_from_the_vka(void **state)
{
    (void)state;
    const struct ledger before = ledger_now();
    static const struct {
        seL4_Word type;
        size_t bits;
    } kinds[] = {{seL4_EndpointObject, 4},
                 {seL4_TCBObject, seL4_TCBBits},
                 {seL4_CapTableObject, 9 + seL4_SlotBits},
                 {FRAME, 12},
                 {seL4_UntypedObject, 16},
                 {LARGE_FRAME, seL4_LargePageBits}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        cspacepath_t path;
        int error = -1;
        assert_int_equal(allocman_cspace_alloc(&over, &path), 0);
        const cspacepath_t again = allocman_cspace_make_path(&over, path.capPtr);
        assert_memory_equal(&again, &path, sizeof(path));
        const seL4_Word cookie =
            allocman_utspace_alloc(&over, kinds[i].bits, kinds[i].type, &path, false, &error);
        assert_int_equal(error, 0);
        assert_true(cookie != 0 && cookie != ~(seL4_Word)0);
        const struct sel4model_cap cap = cap_at(path.capPtr);
        assert_int_equal(cap.object_type, kinds[i].type);
        assert_int_equal(cap.size_bits, kinds[i].bits);
        assert_int_equal(allocman_utspace_paddr(&over, cookie, kinds[i].bits), cap.paddr);
        assert_int_equal(allocman_utspace_paddr(&over, cookie, kinds[i].bits + 1),
                         ALLOCMAN_NO_PADDR);
        allocman_utspace_free(&over, cookie, kinds[i].bits + 1); // another size: nothing happens
        assert_int_equal(allocman_last_failure(&over)->status, ALLOCMAN_WRONG_SIZE);
        assert_int_equal(vka_cnode_delete(&path), 0);
        allocman_utspace_free(&over, cookie, kinds[i].bits);
        allocman_cspace_free(&over, &path);
    }
    assert_int_equal(over.counts.misuse, sizeof(kinds) / sizeof(kinds[0]));
    assert_int_equal(world.alloc->counts.misuse, 0); // the vka was told the right thing
    allocman_reclaim(world.alloc);
    assert_same_resources(before);
}

static void the_vka_at_an_address(void **state)
{
    (void)state;
    const uintptr_t paddr = boot_untyped_paddr(boot_untyped(12, true, 0));
    cspacepath_t path;
    int error = -1;
    assert_int_equal(allocman_cspace_alloc(&over, &path), 0);
    const seL4_Word cookie =
        allocman_utspace_alloc_at(&over, 12, FRAME, &path, paddr, true, &error);
    assert_int_equal(error, 0);
    assert_int_equal(cap_at(path.capPtr).paddr, paddr);
    assert_int_equal(allocman_utspace_alloc_at(&over, 12, FRAME, &path, paddr, true, &error), 0);
    assert_int_equal(error, ALLOCMAN_NO_UNTYPED);
    assert_int_equal(vka_cnode_delete(&path), 0);
    allocman_utspace_free(&over, cookie, 12);
}

static void the_vka_runs_dry(void **state)
{
    (void)state;
    cspacepath_t path;
    int error = -1;
    assert_int_equal(allocman_cspace_alloc(&over, &path), 0);
    assert_int_equal(allocman_utspace_alloc(&over, seL4_MaxUntypedBits, seL4_UntypedObject, &path,
                                            false, &error),
                     0);
    assert_int_equal(error, ALLOCMAN_NO_UNTYPED);
    assert_int_equal(allocman_last_failure(&over)->needed, seL4_MaxUntypedBits);
    assert_int_equal(allocman_utspace_alloc(&over, 13, FRAME, &path, false, &error), 0);
    assert_int_equal(error, ALLOCMAN_INVALID_SIZE);
    size_t bits = 12;
    assert_int_equal(allocman_utspace_add_uts(&over, 1, &path, &bits, NULL, ALLOCMAN_UT_KERNEL),
                     ALLOCMAN_INVALID_ARGUMENT);
    allocman_utspace_free(&over, 0, 12);
    assert_int_equal(allocman_last_failure(&over)->status, ALLOCMAN_BAD_COOKIE);
    while (allocman_cspace_alloc(world.alloc, &path) == 0) {
    }
    assert_int_equal(allocman_cspace_alloc(&over, &path), ALLOCMAN_NO_SLOT);
    assert_int_equal(allocman_make_from_vka(NULL, &over), ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(allocman_make_from_vka(&world.vka, NULL), ALLOCMAN_INVALID_ARGUMENT);
}

static void a_vka_over_an_allocman_over_a_vka(void **state)
{
    (void)state;
    vka_t top;
    allocman_make_vka(&top, &over);
    const struct ledger before = ledger_now();
    static vka_object_t objects[500];
    for (int i = 0; i < 500; i++) {
        assert_int_equal(i % 2 ? vka_alloc_cnode_object(&top, 4, &objects[i])
                               : vka_alloc_frame(&top, 12, &objects[i]),
                         0);
    }
    for (int i = 0; i < 500; i++) {
        vka_free_object(&top, &objects[i * 7 % 500]);
    }
    assert_int_equal(over.counts.misuse + world.alloc->counts.misuse, 0);
    allocman_reclaim(world.alloc);
    assert_same_resources(before);
}

// --- twinkle -------------------------------------------------------------------------------------

static struct heap heap;
static struct scatter scatter;
static allocman_t small;
static utspace_twinkle_t twinkle;

static int start_twinkle(void **state)
{
    (void)state;
    boot(&(struct start){0});
    heap = (struct heap){0};
    scatter = (struct scatter){.first = world.bootinfo->empty.start, .count = SCATTER_SLOTS};
    assert_int_equal(allocman_create(&small, heap_interface(&heap)), 0);
    assert_int_equal(allocman_attach_cspace(&small, scatter_interface(&scatter)), 0);
    utspace_twinkle_create(&twinkle);
    return allocman_attach_utspace(&small, utspace_twinkle_make_interface(&twinkle));
}

static int stop_twinkle(void **state)
{
    for (struct utspace_twinkle_ut *ut = twinkle.first; ut;) { // twinkle gives nothing back
        struct utspace_twinkle_ut *const next = ut->next;
        heap_free(&small, &heap, ut, sizeof(*ut));
        ut = next;
    }
    assert_int_equal(heap.live_blocks, 0);
    return stop(state);
}

#define twinkle_test(name) cmocka_unit_test_setup_teardown(name, start_twinkle, stop_twinkle)

static int twinkle_add(size_t index, int kind)
{
    const seL4_UntypedDesc *const ut = &world.bootinfo->untypedList[index];
    const cspacepath_t path =
        allocman_cspace_make_path(&small, world.bootinfo->untyped.start + index);
    size_t bits = ut->sizeBits;
    uintptr_t paddr = ut->paddr;
    return allocman_utspace_add_uts(&small, 1, &path, &bits, &paddr, kind);
}

static int twinkle_alloc(size_t bits, seL4_Word type, uintptr_t paddr, bool device,
                         struct sel4model_cap *cap)
{
    cspacepath_t path;
    int error = -1;
    assert_int_equal(allocman_cspace_alloc(&small, &path), 0);
    const seL4_Word cookie =
        allocman_utspace_alloc_at(&small, bits, type, &path, paddr, device, &error);
    assert_int_equal(cookie != 0, error == 0);
    assert_true(cookie != ~(seL4_Word)0);
    if (error) {
        allocman_cspace_free(&small, &path);
    } else {
        *cap = cap_at(path.capPtr);
        assert_int_equal(allocman_utspace_paddr(&small, cookie, bits), cap->paddr);
        allocman_utspace_free(&small, cookie, bits); // does nothing
    }
    return error;
}

static void twinkle_fills_an_untyped_from_its_start(void **state)
{
    (void)state;
    const size_t index = boot_untyped(16, false, 0);
    const uintptr_t base = boot_untyped_paddr(index);
    const unsigned size_bits = world.bootinfo->untypedList[index].sizeBits;
    assert_int_equal(twinkle_add(index, ALLOCMAN_UT_KERNEL), 0);
    assert_int_equal(twinkle.num_uts, 1);
    struct sel4model_cap cap;
    assert_int_equal(twinkle_alloc(4, seL4_EndpointObject, ALLOCMAN_NO_PADDR, false, &cap), 0);
    assert_int_equal(cap.paddr, base);
    assert_int_equal(twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, false, &cap), 0);
    assert_int_equal(cap.paddr, base + 4096); // aligned as the kernel does
    assert_int_equal(twinkle_alloc(12, FRAME, base + 8192, true, &cap), 0);
    assert_int_equal(twinkle_alloc(12, FRAME, base, true, &cap), ALLOCMAN_ADDRESS_OCCUPIED);
    assert_int_equal(twinkle_alloc(12, FRAME, base + (1u << size_bits), true, &cap),
                     ALLOCMAN_ADDRESS_UNKNOWN);
    size_t count = 3;
    while (twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, false, &cap) == 0) {
        count++;
    }
    assert_int_equal(count, (size_t)1 << (size_bits - 12));
    assert_int_equal(allocman_last_failure(&small)->status, ALLOCMAN_NO_UNTYPED);
    assert_int_equal(small.counts.misuse, 0);
}

static void twinkle_keeps_kinds_apart(void **state)
{
    (void)state;
    struct sel4model_cap cap;
    const size_t device = boot_untyped(20, true, 0);
    const size_t device_ram = boot_untyped(20, true, 1);
    assert_int_equal(twinkle_add(device, ALLOCMAN_UT_DEV), 0);
    assert_int_equal(twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, true, &cap), ALLOCMAN_NO_UNTYPED);
    assert_int_equal(twinkle_alloc(12, FRAME, boot_untyped_paddr(device), false, &cap),
                     ALLOCMAN_ADDRESS_OCCUPIED);
    assert_int_equal(twinkle_alloc(4, seL4_EndpointObject, boot_untyped_paddr(device), true, &cap),
                     ALLOCMAN_ADDRESS_OCCUPIED);
    assert_int_equal(twinkle_alloc(12, FRAME, boot_untyped_paddr(device), true, &cap), 0);
    assert_true(cap.is_device);
    assert_int_equal(twinkle_add(device_ram, ALLOCMAN_UT_DEV_MEM), 0);
    assert_int_equal(twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, false, &cap), ALLOCMAN_NO_UNTYPED);
    assert_int_equal(twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, true, &cap), 0);
    assert_int_equal(twinkle_alloc(12, seL4_EndpointObject, ALLOCMAN_NO_PADDR, true, &cap),
                     ALLOCMAN_INVALID_SIZE);
    assert_int_equal(twinkle_alloc(12, FRAME, 4097, true, &cap), ALLOCMAN_UNALIGNED);
}

static void twinkle_goes_on_after_a_used_untyped(void **state)
{
    (void)state;
    const size_t first = boot_untyped(14, false, 0);
    const size_t second = boot_untyped(14, false, 1);
    assert_int_equal(seL4_Untyped_Retype(world.bootinfo->untyped.start + first, seL4_UntypedObject,
                                         world.bootinfo->untypedList[first].sizeBits, ROOT_CNODE, 0,
                                         0, world.bootinfo->empty.end - 1, 1),
                     0);
    assert_int_equal(twinkle_add(first, ALLOCMAN_UT_KERNEL), 0);
    assert_int_equal(twinkle_add(second, ALLOCMAN_UT_KERNEL), 0);
    struct sel4model_cap cap;
    assert_int_equal(twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, false, &cap), 0);
    assert_int_equal(cap.paddr, boot_untyped_paddr(second));
    assert_true(small.counts.misuse <= 1);
    const size_t book = heap.live_bytes;
    heap.limit = book;
    assert_int_equal(twinkle_add(boot_untyped(14, false, 2), ALLOCMAN_UT_KERNEL), ALLOCMAN_NO_BOOK);
    assert_int_equal(heap.live_bytes, book);
    assert_int_equal(twinkle.num_uts, 2);
    assert_int_equal(twinkle_add(second, 7), ALLOCMAN_INVALID_ARGUMENT);
}

// Several at once: all of them or none.
static void twinkle_adds_all_or_nothing(void **state)
{
    (void)state;
    const size_t book = heap.live_bytes;
    cspacepath_t paths[3] = {{.capPtr = 0}};
    size_t bits[3] = {14, 14, seL4_MinUntypedBits - 1};
    assert_int_equal(allocman_utspace_add_uts(&small, 3, paths, bits, NULL, ALLOCMAN_UT_KERNEL),
                     ALLOCMAN_INVALID_SIZE);
    assert_int_equal(twinkle.num_uts, 0);
    assert_null(twinkle.first);
    assert_int_equal(heap.live_bytes, book);
    const size_t first = boot_untyped(14, false, 0);
    assert_int_equal(twinkle_add(first, ALLOCMAN_UT_KERNEL), 0);
    bits[2] = seL4_MaxUntypedBits + 1;
    assert_int_equal(allocman_utspace_add_uts(&small, 3, paths, bits, NULL, ALLOCMAN_UT_KERNEL),
                     ALLOCMAN_INVALID_SIZE);
    assert_int_equal(twinkle.num_uts, 1);
    assert_ptr_equal(twinkle.first, twinkle.last);
    assert_null(twinkle.last->next);
    assert_int_equal(
        _utspace_twinkle_add_uts(&small, &twinkle, 1, NULL, bits, NULL, ALLOCMAN_UT_KERNEL),
        ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(
        _utspace_twinkle_add_uts(&small, &twinkle, 1, paths, NULL, NULL, ALLOCMAN_UT_KERNEL),
        ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(
        _utspace_twinkle_add_uts(&small, &twinkle, 0, NULL, NULL, NULL, ALLOCMAN_UT_KERNEL), 0);
    assert_int_equal(twinkle.num_uts, 1);
    struct sel4model_cap cap; // and what was there still serves
    assert_int_equal(twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, false, &cap), 0);
    assert_int_equal(cap.paddr, boot_untyped_paddr(first));
}

// An address that cannot be, or none: objects come from it, and their addresses are not known.
static void twinkle_without_addresses(void **state)
{
    (void)state;
    const size_t index = boot_untyped(14, false, 0);
    const uintptr_t nonsense[] = {ALLOCMAN_NO_PADDR, 8, UINTPTR_MAX & ~(uintptr_t)15};
    for (size_t i = 0; i < 3; i++) {
        const size_t other = boot_untyped(14, false, (unsigned)i);
        const cspacepath_t path =
            allocman_cspace_make_path(&small, world.bootinfo->untyped.start + other);
        size_t bits = world.bootinfo->untypedList[other].sizeBits;
        uintptr_t paddr = nonsense[i];
        assert_int_equal(
            allocman_utspace_add_uts(&small, 1, &path, &bits, &paddr, ALLOCMAN_UT_KERNEL), 0);
        cspacepath_t slot;
        int error = -1;
        assert_int_equal(allocman_cspace_alloc(&small, &slot), 0);
        const seL4_Word cookie = allocman_utspace_alloc(&small, 12, FRAME, &slot, false, &error);
        assert_int_equal(error, 0);
        assert_int_equal(allocman_utspace_paddr(&small, cookie, 12), ALLOCMAN_NO_PADDR);
        assert_int_equal(allocman_utspace_alloc_at(&small, 12, FRAME, &slot,
                                                   boot_untyped_paddr(index), false, &error),
                         0);
        assert_int_equal(error, ALLOCMAN_ADDRESS_UNKNOWN);
    }
}

// The untyped with the least room left serves, so that large ones stay whole.
static void twinkle_takes_the_smallest_room(void **state)
{
    (void)state;
    const seL4_UntypedDesc *const list = world.bootinfo->untypedList;
    size_t large = boot_untyped(14, false, 0);
    size_t little = large;
    for (unsigned i = 0; list[large].sizeBits <= list[little].sizeBits;
         i++) { // there are several sizes
        const size_t at = boot_untyped(14, false, i);
        large = list[at].sizeBits > list[large].sizeBits ? at : large;
        little = list[at].sizeBits < list[little].sizeBits ? at : little;
    }
    struct sel4model_cap cap;
    assert_int_equal(twinkle_add(large, ALLOCMAN_UT_KERNEL), 0);
    assert_int_equal(twinkle_add(little, ALLOCMAN_UT_KERNEL), 0);
    const size_t half = world.bootinfo->untypedList[little].sizeBits - 1u;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(twinkle_alloc(half, seL4_UntypedObject, ALLOCMAN_NO_PADDR, false, &cap),
                         0);
        assert_int_equal(cap.paddr, boot_untyped_paddr(little) + (i << half));
    }
    assert_int_equal(twinkle_alloc(half, seL4_UntypedObject, ALLOCMAN_NO_PADDR, false, &cap), 0);
    assert_int_equal(cap.paddr, boot_untyped_paddr(large));
}

static void twinkle_says_why_the_kernel_refused(void **state)
{
    (void)state;
    const size_t index = boot_untyped(16, false, 0);
    struct sel4model_cap cap;
    int error = -1;
    cspacepath_t slot;
    assert_int_equal(twinkle_add(index, ALLOCMAN_UT_KERNEL), 0);
    assert_int_equal(allocman_cspace_alloc(&small, &slot), 0);
    assert_true(allocman_utspace_alloc(&small, 12, FRAME, &slot, false, &error) != 0);
    assert_int_equal(allocman_utspace_alloc(&small, 12, FRAME, &slot, false, &error), 0);
    assert_int_equal(error, ALLOCMAN_SLOT_OCCUPIED);
    assert_int_equal(allocman_last_failure(&small)->needed, slot.capPtr);
    sel4model_refuse(1, seL4_RangeError);
    assert_int_equal(twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, false, &cap),
                     ALLOCMAN_KERNEL_REFUSED);
    assert_int_equal(allocman_last_failure(&small)->kernel_error, seL4_RangeError);
    assert_int_equal(allocman_last_failure(&small)->available, 0);
    assert_int_equal(twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, false, &cap), 0);
    assert_int_equal(cap.paddr, boot_untyped_paddr(index) + 4096); // nothing was lost
    assert_int_equal(
        _utspace_twinkle_alloc(&small, &twinkle, 12, FRAME, NULL, ALLOCMAN_NO_PADDR, false, &error),
        0);
    assert_int_equal(error, ALLOCMAN_INVALID_ARGUMENT);
}

static void twinkle_meets_what_is_no_untyped(void **state)
{
    (void)state;
    const cspacepath_t path = allocman_cspace_make_path(&small, seL4_CapInitThreadTCB);
    size_t bits = 14;
    assert_int_equal(allocman_utspace_add_uts(&small, 1, &path, &bits, NULL, ALLOCMAN_UT_KERNEL),
                     0);
    struct sel4model_cap cap;
    assert_int_equal(twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, false, &cap), ALLOCMAN_NO_UNTYPED);
    assert_int_equal(small.counts.misuse, 1);
    assert_int_equal(twinkle_alloc(12, FRAME, ALLOCMAN_NO_PADDR, false, &cap), ALLOCMAN_NO_UNTYPED);
    assert_int_equal(small.counts.misuse, 1); // it is not asked again
}

// --- book memory ---------------------------------------------------------------------------------

static void malloc_and_null(void **state)
{
    (void)state;
    allocman_t alloc;
    int error = -1;
    assert_int_equal(allocman_create(&alloc, mspace_malloc_interface), 0);
    void *const block = allocman_mspace_alloc(&alloc, 100000, &error);
    assert_int_equal(error, 0);
    assert_int_equal((uintptr_t)block % 16, 0);
    memset(block, 1, 100000);
    allocman_mspace_free(&alloc, block, 100000);
    assert_null(_mspace_malloc_alloc(NULL, NULL, 0, &error));
    assert_int_equal(error, ALLOCMAN_INVALID_SIZE);
    assert_int_equal(allocman_create(&alloc, mspace_null_interface), 0);
    assert_null(allocman_mspace_alloc(&alloc, 16, &error));
    assert_int_equal(error, ALLOCMAN_NO_BOOK);
    assert_int_equal(allocman_last_failure(&alloc)->status, ALLOCMAN_NO_BOOK);
    allocman_mspace_free(&alloc, &alloc, 16);
}

enum { ARENA_UNITS = 4096 };

static k_r_malloc_header_t arena[ARENA_UNITS];
static size_t arena_used;

static k_r_malloc_header_t *more(size_t cookie, mspace_k_r_malloc_t *k_r_malloc, size_t units)
{
    assert_int_equal(cookie, 77);
    units = units < 64 ? 64 : units;
    if (units > ARENA_UNITS - arena_used) {
        return NULL;
    }
    k_r_malloc_header_t *const header = &arena[arena_used];
    header->s.size = units;
    arena_used += units;
    mspace_k_r_malloc_free(k_r_malloc, header + 1);
    return k_r_malloc->freep;
}

static void the_k_r_heap(void **state)
{
    (void)state;
    static struct {
        unsigned char *at;
        size_t bytes;
    } live[256];
    mspace_k_r_malloc_t k_r;
    arena_used = 0;
    mspace_k_r_malloc_init(&k_r, 77, more);
    assert_null(mspace_k_r_malloc_alloc(&k_r, 0));
    assert_null(mspace_k_r_malloc_alloc(&k_r, ~(size_t)0));
    assert_null(mspace_k_r_malloc_alloc(&k_r, sizeof(arena)));
    mspace_k_r_malloc_free(&k_r, NULL);
    unsigned random = 1;
    for (int step = 0; step < 200000; step++) {
        random = random * 1103515245u + 12345u;
        const size_t i = (random >> 16) % 256;
        if (live[i].at) {
            for (size_t b = 0; b < live[i].bytes; b++) {
                assert_int_equal(live[i].at[b], (unsigned char)i);
            }
            mspace_k_r_malloc_free(&k_r, live[i].at);
            if (step % 16 == 0) {
                mspace_k_r_malloc_free(&k_r, live[i].at); // twice: let pass
            }
            live[i].at = NULL;
        } else {
            live[i].bytes = 1 + (random >> 8) % 300;
            live[i].at = mspace_k_r_malloc_alloc(&k_r, live[i].bytes);
            assert_int_equal((uintptr_t)live[i].at % sizeof(k_r_malloc_header_t),
                             (uintptr_t)arena % sizeof(k_r_malloc_header_t));
            if (live[i].at) {
                memset(live[i].at, (int)i, live[i].bytes);
            }
        }
    }
    for (size_t i = 0; i < 256; i++) {
        mspace_k_r_malloc_free(&k_r, live[i].at);
    }
    // All of it is one block again.
    void *const whole = mspace_k_r_malloc_alloc(&k_r, (arena_used - 1) * sizeof(arena[0]));
    assert_non_null(whole);
    assert_null(mspace_k_r_malloc_alloc(&k_r, sizeof(arena)));
    // A block whose header is gone is let pass, too.
    const k_r_malloc_header_t before = *k_r.freep;
    const k_r_malloc_header_t *const at = k_r.freep;
    memset((k_r_malloc_header_t *)whole - 1, 0, sizeof(k_r_malloc_header_t));
    mspace_k_r_malloc_free(&k_r, whole);
    assert_ptr_equal(k_r.freep, at);
    assert_memory_equal(k_r.freep, &before, sizeof(before));
    mspace_k_r_malloc_init(&k_r, 0, NULL);
    assert_null(mspace_k_r_malloc_alloc(&k_r, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        over_test(objects_come_from_the_vka),
        over_test(the_vka_at_an_address),
        over_test(the_vka_runs_dry),
        over_test(a_vka_over_an_allocman_over_a_vka),
        twinkle_test(twinkle_fills_an_untyped_from_its_start),
        twinkle_test(twinkle_keeps_kinds_apart),
        twinkle_test(twinkle_goes_on_after_a_used_untyped),
        twinkle_test(twinkle_adds_all_or_nothing),
        twinkle_test(twinkle_without_addresses),
        twinkle_test(twinkle_takes_the_smallest_room),
        twinkle_test(twinkle_says_why_the_kernel_refused),
        twinkle_test(twinkle_meets_what_is_no_untyped),
        cmocka_unit_test(malloc_and_null),
        cmocka_unit_test(the_k_r_heap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
