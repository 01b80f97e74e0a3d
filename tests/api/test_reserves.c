/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Reserves: what is held for the requests that a manager makes while it serves a call, when there
// is one, and that nobody else gets it.

#include "api_test.h"

// Book memory as somebody would write it on top of a vspace manager: to serve a request it asks the
// same allocman for an object and for book memory.
static struct {
    struct mspace_interface below; // serves in the end
    bool armed;                    // the next alloc asks back
    size_t book_bytes;             // 0: asks for none
    seL4_Word type, size_bits;     // as vka takes them
    void *book;
    vka_object_t object;
    int object_error;
} nester;

static void *nester_alloc(allocman_t *alloc, void *cookie, size_t bytes, int *error)
{
    if (nester.armed) {
        nester.armed = false;
        nester.book =
            nester.book_bytes ? allocman_mspace_alloc(alloc, nester.book_bytes, NULL) : NULL;
        nester.object_error =
            vka_alloc_object(&world.vka, nester.type, nester.size_bits, &nester.object);
    }
    return nester.below.alloc(alloc, cookie, bytes, error);
}

static void nester_free(allocman_t *alloc, void *cookie, void *block, size_t bytes)
{
    nester.below.free(alloc, cookie, block, bytes);
}

enum { SLOTS = 60 };

// Hands over an untyped of exactly that size, made of a boot untyped; where initial capabilities lack.
static int untyped_make(unsigned bits)
{
    const seL4_CPtr slot = bits == 12 ? seL4_CapIOSpace : seL4_CapSMMUSIDControl;
    assert_true(is_empty(slot));
    assert_int_equal(seL4_Untyped_Retype(world.bootinfo->untyped.start + boot_ram_largest(),
                                         seL4_UntypedObject, bits, ROOT_CNODE, 0, 0, slot, 1),
                     seL4_NoError);
    const cspacepath_t path = allocman_cspace_make_path(world.alloc, slot);
    size_t size_bits = bits;
    return allocman_utspace_add_uts(world.alloc, 1, &path, &size_bits, NULL, ALLOCMAN_UT_KERNEL);
}

// 60 slots and three pages of untyped memory; the nester in front of the static pool.
static int start_nested(void **state)
{
    (void)state;
    start((struct start){.empty_slots = SLOTS,
                         .without_untypeds = true,
                         .pool_bytes = ALLOCMAN_STATIC_POOL_BYTES(0)});
    assert_int_equal(free_slots(), SLOTS);
    for (unsigned bits = 12; bits < 14; bits++) {
        assert_int_equal(untyped_make(bits), 0);
    }
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_KERNEL], 3 * 4096);
    memset(&nester, 0, sizeof(nester));
    nester.below = world.alloc->mspace;
    world.alloc->mspace.alloc = nester_alloc;
    world.alloc->mspace.free = nester_free;
    world.alloc->mspace.properties = (struct allocman_properties){1, 1, 1, 1};
    return 0;
}

#define nested_test(name) cmocka_unit_test_setup_teardown(name, start_nested, stop)

static void configure_all(void)
{
    assert_int_equal(allocman_configure_cspace_reserve(world.alloc, 2), ALLOCMAN_OK);
    const struct allocman_utspace_chunk untyped = {.size_bits = 12, .type = FRAME, .count = 2};
    assert_int_equal(allocman_configure_utspace_reserve(world.alloc, untyped), ALLOCMAN_OK);
    const struct allocman_mspace_chunk book = {.size = 256, .count = 2};
    assert_int_equal(allocman_configure_mspace_reserve(world.alloc, book), ALLOCMAN_OK);
}

// Take every slot, all memory and all book memory that can be had.
static void take_all(void)
{
    struct object object;
    for (size_t bits = 30; bits >= 4; bits--) {
        while (object_try(seL4_UntypedObject, bits, ALLOCMAN_NO_PADDR, false, &object) ==
               ALLOCMAN_OK) {
        }
    }
    cspacepath_t path;
    while (allocman_cspace_alloc(world.alloc, &path) == ALLOCMAN_OK) {
    }
    assert_failure(ALLOCMAN_NO_SLOT);
    for (size_t bytes = 2048; bytes >= 16; bytes /= 2) {
        while (allocman_mspace_alloc(world.alloc, bytes, NULL) != NULL) {
        }
    }
    assert_failure(ALLOCMAN_NO_BOOK);
}

// One call during which the manager asks back.
static void nest(size_t book_bytes, seL4_Word type, seL4_Word size_bits)
{
    nester.armed = true;
    nester.book_bytes = book_bytes;
    nester.type = type;
    nester.size_bits = size_bits;
    void *const block = allocman_mspace_alloc(world.alloc, 16, NULL);
    assert_false(nester.armed);
    if (block != NULL) {
        allocman_mspace_free(world.alloc, block, 16);
    }
}

static void give_nested_back(void)
{
    vka_free_object(&world.vka, &nester.object);
    allocman_mspace_free(world.alloc, nester.book, nester.book_bytes);
}

static void without_reserves_nested_requests_fail(void **state)
{
    (void)state;
    take_all();
    nest(100, FRAME, FRAME_BITS);
    assert_null(nester.book);
    assert_int_not_equal(nester.object_error, 0);
    assert_int_equal(nester.object.cptr, 0);
    assert_int_equal(world.alloc->counts.reserve_pieces, 0);
}

static void nested_requests_are_served_when_all_else_is_gone(void **state)
{
    (void)state;
    configure_all();
    take_all();
    static const size_t bytes[] = {1, 16, 17, 100, 255, 256};
    static const struct {
        seL4_Word type, size_bits;
    } objects[] = {
        {FRAME, 12},     {seL4_EndpointObject, 0}, {seL4_TCBObject, 0},    {seL4_CapTableObject, 5},
        {PAGE_TABLE, 0}, {seL4_UntypedObject, 12}, {seL4_UntypedObject, 7}};
    for (int round = 0; round < 100; round++) {
        const size_t o = (size_t)round % 7;
        const unsigned long caps = sel4model_live_caps();
        const size_t pieces = world.alloc->counts.reserve_pieces;
        nest(bytes[round % 6], objects[o].type, objects[o].size_bits);
        assert_non_null(nester.book);
        assert_int_equal((uintptr_t)nester.book % 16, 0);
        memset(nester.book, round, nester.book_bytes);
        assert_int_equal(nester.object_error, 0);
        assert_int_equal(cap_at(nester.object.cptr).object_type, objects[o].type);
        assert_int_equal(sel4model_live_caps(), caps + 1);
        assert_int_equal(world.alloc->counts.reserve_pieces,
                         pieces + 3); // a slot, a block, book memory
        give_nested_back();
        assert_int_equal(sel4model_live_caps(), caps);
        assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK); // full again
    }
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void a_reserve_lends_as_many_pieces_as_it_has(void **state)
{
    (void)state;
    configure_all();
    take_all();
    nest(200, FRAME, FRAME_BITS);
    assert_int_equal(nester.object_error, 0);
    vka_object_t first = nester.object;
    void *const first_book = nester.book;
    nest(200, seL4_EndpointObject, 0);
    assert_int_equal(nester.object_error, 0);
    assert_true(nester.book != NULL && nester.book != first_book);
    vka_object_t second = nester.object;
    void *const second_book = nester.book;
    nest(200, seL4_EndpointObject, 0); // there are two of each
    assert_null(nester.book);
    assert_int_not_equal(nester.object_error, 0);
    vka_free_object(&world.vka, &first);
    allocman_mspace_free(world.alloc, second_book, 200);
    nest(200, FRAME, FRAME_BITS);
    assert_int_equal(nester.object_error, 0);
    assert_ptr_equal(nester.book, second_book);
    give_nested_back();
    vka_free_object(&world.vka, &second);
    allocman_mspace_free(world.alloc, first_book, 200);
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
    assert_int_equal(world.alloc->counts.misuse, 0);
}

static void larger_requests_are_not_served(void **state)
{
    (void)state;
    configure_all();
    take_all();
    const struct ledger before = ledger_now();
    nest(257, seL4_UntypedObject, 13);
    assert_null(nester.book);
    assert_int_not_equal(nester.object_error, 0);
    assert_same_resources(before);
    nest(0, seL4_CapTableObject, 13 - seL4_SlotBits); // 2^13 bytes
    assert_int_not_equal(nester.object_error, 0);
    nest(0, FRAME, 13 + 100);
    assert_int_equal(nester.object_error, 0); // a frame has one size, whatever vka is told
}

static void others_do_not_get_the_reserve(void **state)
{
    (void)state;
    configure_all();
    take_all();
    cspacepath_t path;
    int error = 0;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(allocman_cspace_alloc(world.alloc, &path), ALLOCMAN_NO_SLOT);
        assert_null(allocman_mspace_alloc(world.alloc, 16, &error));
        assert_int_equal(error, ALLOCMAN_NO_BOOK);
    }
    assert_int_equal(world.alloc->counts.reserve_pieces, 0);
    nest(256, FRAME, 12);
    assert_int_equal(nester.object_error, 0);
}

// A piece that went back to the reserve is not the borrower's any more.
static void a_loan_is_returned_once(void **state)
{
    (void)state;
    configure_all();
    take_all();
    nest(256, FRAME, 12);
    assert_int_equal(nester.object_error, 0);
    const vka_object_t object = nester.object;
    void *const book = nester.book;
    give_nested_back();
    const size_t misuse = world.alloc->counts.misuse;
    const struct ledger before = ledger_now();
    assert_int_equal(allocman_utspace_paddr(world.alloc, object.ut, 12), ALLOCMAN_NO_PADDR);
    allocman_utspace_free(world.alloc, object.ut, 12);
    assert_int_equal(world.alloc->counts.misuse, misuse + 1);
    assert_failure(ALLOCMAN_DOUBLE_FREE);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, object.ut);
    allocman_mspace_free(world.alloc, book, 256);
    assert_int_equal(world.alloc->counts.misuse, misuse + 2);
    assert_failure(ALLOCMAN_BAD_POINTER);
    assert_nothing_changed(before);
}

// A piece that stays out is made up for when there is memory again; fill_reserves tells no sooner that all is well.
// A piece is out, another was taken for it, the kernel does not delete the first when it comes back: it
// is kept, lent again, and given back then.
static void a_piece_that_is_not_deleted_is_kept(void **state)
{
    (void)state;
    configure_all();
    const size_t held = totals()->allocated;
    nest(0, FRAME, FRAME_BITS);
    assert_int_equal(nester.object_error, 0);
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
    assert_int_equal(totals()->allocated, held + 1);
    sel4model_refuse_kind(SEL4MODEL_CNode_Delete, 2, seL4_IllegalOperation); // 1: the object's own
    vka_free_object(&world.vka, &nester.object);
    assert_int_equal(totals()->allocated, held + 1);
    assert_int_equal(world.alloc->reserves_short, 0);
    nest(0, FRAME, FRAME_BITS);
    assert_int_equal(nester.object_error, 0);
    assert_int_equal(world.alloc->reserves_short, 0);
    assert_int_equal(totals()->allocated, held + 1);
    vka_free_object(&world.vka, &nester.object);
    assert_int_equal(totals()->allocated, held);
    assert_int_equal(world.alloc->reserves_short, 0);
}

static void a_reserve_is_filled_while_pieces_are_out(void **state)
{
    (void)state;
    configure_all();
    const struct object page = object_make(FRAME, FRAME_BITS); // what comes back in between
    void *const block = allocman_mspace_alloc(world.alloc, 700, NULL);
    cspacepath_t slot[4];
    for (int i = 0; i < 4; i++) {
        slot[i] = slot_make();
    }
    take_all();
    nest(200, FRAME, FRAME_BITS);
    assert_int_equal(nester.object_error, 0);
    vka_object_t object = nester.object;
    void *const book = nester.book;
    assert_int_not_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
    object_free(&page);
    allocman_mspace_free(world.alloc, block, 700);
    assert_int_not_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK); // slots lack
    for (int i = 0; i < 4; i++) {
        allocman_cspace_free(world.alloc, &slot[i]);
    }
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
    take_all();
    vka_object_t others[2];
    void *books[2];
    for (int i = 0; i < 2; i++) { // as many as were configured
        nest(200, FRAME, FRAME_BITS);
        assert_int_equal(nester.object_error, 0);
        assert_non_null(nester.book);
        assert_true(nester.book != book);
        others[i] = nester.object;
        books[i] = nester.book;
    }
    nest(200, FRAME, FRAME_BITS);
    assert_int_not_equal(nester.object_error, 0);
    assert_null(nester.book);
    vka_free_object(&world.vka, &object);
    allocman_mspace_free(world.alloc, book, 200);
    for (int i = 0; i < 2; i++) {
        vka_free_object(&world.vka, &others[i]);
        allocman_mspace_free(world.alloc, books[i], 200);
    }
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
    // Three came back and two are kept: the third can be had by anybody.
    assert_true(totals()->free_bytes[ALLOCMAN_UT_KERNEL] >= 4096);
    const struct object again = object_make(FRAME, FRAME_BITS);
    object_free(&again);
    assert_non_null(allocman_mspace_alloc(world.alloc, 200, NULL));
    assert_int_equal(world.alloc->counts.misuse, 0);
}

// A piece may come back while somebody still has a capability to what was in it.
static void a_piece_that_is_still_in_use_is_repaired(void **state)
{
    (void)state;
    const cspacepath_t copy = slot_make();
    configure_all();
    take_all();
    // As large as the piece, which the kernel refuses; smaller, which it would make beside the first.
    static const struct {
        seL4_Word type;
        size_t found;
    } next[] = {{FRAME, 1}, {seL4_TCBObject, 0}, {FRAME, 1}, {seL4_EndpointObject, 0}};
    for (int i = 0; i < 4; i++) {
        nest(0, i < 2 ? FRAME : seL4_CapTableObject, i < 2 ? FRAME_BITS : 3);
        assert_int_equal(nester.object_error, 0);
        const cspacepath_t frame = allocman_cspace_make_path(world.alloc, nester.object.cptr);
        assert_int_equal(vka_cnode_copy(&copy, &frame, seL4_AllRights), seL4_NoError);
        vka_free_object(&world.vka, &nester.object);
        assert_false(is_empty(copy.capPtr));
        const size_t misuse = world.alloc->counts.misuse;
        nest(0, next[i].type, 0);
        assert_int_equal(nester.object_error, 0);
        const struct sel4model_cap cap = cap_at(nester.object.cptr);
        assert_int_equal(cap.object_type, next[i].type);
        assert_int_equal(cap.paddr % 4096, 0); // where the piece begins
        assert_true(is_empty(copy.capPtr));
        assert_int_equal(world.alloc->counts.misuse, misuse + next[i].found);
        vka_free_object(&world.vka, &nester.object);
    }
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
}

// --- configuring ---------------------------------------------------------------------------------

static void the_number_of_slots_may_rise_and_fall(void **state)
{
    (void)state;
    const size_t slots = free_slots();
    static const size_t numbers[] = {5, 2, 2, 40, 0, 1, 0};
    const size_t used = book_used();
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        assert_int_equal(allocman_configure_cspace_reserve(world.alloc, numbers[i]), ALLOCMAN_OK);
        assert_int_equal(free_slots(), slots - numbers[i]);
    }
    assert_int_equal(book_used(), used);
}

static void pieces_are_taken_at_once(void **state)
{
    (void)state;
    const struct ledger before = ledger_now();
    const struct allocman_mspace_chunk book = {.size = 1000, .count = 3};
    assert_int_equal(allocman_configure_mspace_reserve(world.alloc, book), ALLOCMAN_OK);
    assert_true(book_used() >= before.book_used + 3000);
    const struct allocman_utspace_chunk untyped = {
        .size_bits = seL4_TCBBits, .type = seL4_TCBObject, .count = 4};
    assert_int_equal(allocman_configure_utspace_reserve(world.alloc, untyped), ALLOCMAN_OK);
    assert_int_equal(totals()->free_bytes[ALLOCMAN_UT_KERNEL],
                     before.free_bytes[ALLOCMAN_UT_KERNEL] - (4u << seL4_TCBBits));
    assert_int_equal(totals()->allocated, 4);
    sel4model_counters_reset();
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
    assert_no_invocations();
}

static void impossible_reserves_are_refused(void **state)
{
    (void)state;
    const struct ledger before = ledger_now();
    static const struct {
        struct allocman_utspace_chunk chunk;
        int status;
    } bad[] = {{{13, FRAME, 1}, ALLOCMAN_INVALID_SIZE},
               {{0, seL4_UntypedObject, 1}, ALLOCMAN_INVALID_SIZE},
               {{64, seL4_UntypedObject, 1}, ALLOCMAN_INVALID_SIZE},
               {{12, seL4_ObjectTypeCount, 1}, ALLOCMAN_INVALID_TYPE}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(allocman_configure_utspace_reserve(world.alloc, bad[i].chunk),
                         bad[i].status);
        assert_failure(bad[i].status);
        assert_nothing_changed(before);
    }
    // The records of so many pieces are more than book memory holds.
    assert_int_equal(allocman_configure_cspace_reserve(world.alloc, 1u << 20), ALLOCMAN_NO_BOOK);
    assert_failure(ALLOCMAN_NO_BOOK);
    assert_nothing_changed(before);
    const struct allocman_mspace_chunk nothing = {.size = 0, .count = 1};
    assert_int_equal(allocman_configure_mspace_reserve(world.alloc, nothing),
                     ALLOCMAN_INVALID_SIZE);
    assert_nothing_changed(before);
}

static void a_short_reserve_stands_and_is_filled_later(void **state)
{
    (void)state;
    start((struct start){.empty_slots = 100, .pool_bytes = POOL_BYTES});
    cspacepath_t path[100];
    for (int i = 0; i < 95; i++) {
        assert_int_equal(allocman_cspace_alloc(world.alloc, &path[i]), ALLOCMAN_OK);
    }
    assert_int_equal(allocman_configure_cspace_reserve(world.alloc, 20), ALLOCMAN_NO_SLOT);
    assert_failure(ALLOCMAN_NO_SLOT);
    assert_int_equal(free_slots(), 0);
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_NO_SLOT);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, 1);
    assert_int_equal(allocman_last_failure(world.alloc)->available, 0);
    for (int i = 0; i < 14; i++) { // 19 are held
        allocman_cspace_free(world.alloc, &path[i]);
        assert_int_equal(free_slots(), 0);
    }
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_NO_SLOT);
    allocman_cspace_free(world.alloc, &path[14]);
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_OK);
    allocman_cspace_free(world.alloc, &path[15]);
    assert_int_equal(free_slots(), 1);
    const struct allocman_utspace_chunk untyped = {.size_bits =
                                                       boot_untyped_bits(boot_ram_largest()) + 1,
                                                   .type = seL4_UntypedObject,
                                                   .count = 1};
    assert_int_equal(allocman_configure_cspace_reserve(world.alloc, 0), ALLOCMAN_OK);
    assert_int_equal(free_slots(), 21);
    assert_int_equal(allocman_configure_utspace_reserve(world.alloc, untyped), ALLOCMAN_NO_UNTYPED);
    assert_int_equal(allocman_fill_reserves(world.alloc), ALLOCMAN_NO_UNTYPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        nested_test(without_reserves_nested_requests_fail),
        nested_test(nested_requests_are_served_when_all_else_is_gone),
        nested_test(a_reserve_lends_as_many_pieces_as_it_has),
        nested_test(larger_requests_are_not_served),
        nested_test(others_do_not_get_the_reserve),
        nested_test(a_loan_is_returned_once),
        nested_test(a_piece_that_is_not_deleted_is_kept),
        nested_test(a_reserve_is_filled_while_pieces_are_out),
        nested_test(a_piece_that_is_still_in_use_is_repaired),
        roomy_test(the_number_of_slots_may_rise_and_fall),
        roomy_test(pieces_are_taken_at_once),
        roomy_test(impossible_reserves_are_refused),
        booting_test(a_short_reserve_stands_and_is_filled_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
