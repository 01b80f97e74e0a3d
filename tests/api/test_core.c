/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Making an allocman and attaching managers; what a call says when something lacks; failure texts.

#include "outsiders.h"

#include <allocman/extensions.h>

static struct outsider_world outside;

static allocman_t *book_only(void)
{
    heap_release(&outside.heap);
    assert_int_equal(allocman_create(&outside.alloc, heap_interface(&outside.heap)), 0);
    return &outside.alloc;
}

static void expect_last(const allocman_t *alloc, enum allocman_status status)
{
    const struct allocman_failure *const why = allocman_last_failure(alloc);
    assert_int_equal(why->status, status);
    if (status == ALLOCMAN_NOT_ATTACHED || status == ALLOCMAN_INVALID_ARGUMENT ||
        status == ALLOCMAN_ALREADY_ATTACHED) { // nothing has an amount
        assert_int_equal(why->needed, 0);
        assert_int_equal(why->available, 0);
    }
}

// --- create and attach ---------------------------------------------------------------------------

static void create_refuses_missing_functions(void **state)
{
    (void)state;
    allocman_t alloc;
    allocman_t before;
    memset(&alloc, 0x5a, sizeof(alloc));
    memset(&before, 0x5a, sizeof(before));
    struct mspace_interface mspace = heap_interface(&outside.heap);
    assert_int_equal(allocman_create(NULL, mspace), ALLOCMAN_INVALID_ARGUMENT);
    mspace.alloc = NULL;
    assert_int_equal(allocman_create(&alloc, mspace), ALLOCMAN_INVALID_ARGUMENT);
    mspace = heap_interface(&outside.heap);
    mspace.free = NULL;
    assert_int_equal(allocman_create(&alloc, mspace), ALLOCMAN_INVALID_ARGUMENT);
    assert_memory_equal(&alloc, &before, sizeof(alloc));
}

static void a_new_allocman_has_book_memory_only(void **state)
{
    (void)state;
    allocman_t *const alloc = book_only();
    expect_last(alloc, ALLOCMAN_OK);
    int error = -1;
    void *const block = allocman_mspace_alloc(alloc, 100, &error);
    assert_non_null(block);
    assert_int_equal(error, 0);
    allocman_mspace_free(alloc, block, 100);
    assert_int_equal(outside.heap.live_bytes, 0);

    cspacepath_t path;
    memset(&path, 0x5a, sizeof(path));
    const cspacepath_t untouched = path;
    assert_int_equal(allocman_cspace_alloc(alloc, &path), ALLOCMAN_NOT_ATTACHED);
    assert_memory_equal(&path, &untouched, sizeof(path));
    const cspacepath_t zero = {0};
    path = allocman_cspace_make_path(alloc, 77);
    assert_memory_equal(&path, &zero, sizeof(path));
    assert_int_equal(allocman_utspace_alloc(alloc, 12, FRAME, &path, false, &error), 0);
    assert_int_equal(error, ALLOCMAN_NOT_ATTACHED);
    size_t bits = 12;
    assert_int_equal(allocman_utspace_add_uts(alloc, 1, &path, &bits, NULL, ALLOCMAN_UT_KERNEL),
                     ALLOCMAN_NOT_ATTACHED);
    assert_int_equal(allocman_utspace_paddr(alloc, 0x100, 12), ALLOCMAN_NO_PADDR);
    expect_last(alloc, ALLOCMAN_NOT_ATTACHED);
}

static void frees_without_a_manager_are_misuse(void **state)
{
    (void)state;
    allocman_t *const alloc = book_only();
    const cspacepath_t path = {.capPtr = 77};
    allocman_cspace_free(alloc, &path);
    assert_int_equal(alloc->counts.misuse, 1);
    expect_last(alloc, ALLOCMAN_NOT_ATTACHED);
    allocman_utspace_free(alloc, 0x100, 12);
    assert_int_equal(alloc->counts.misuse, 2);
    expect_last(alloc, ALLOCMAN_NOT_ATTACHED);
}

static void attaching_needs_book_memory_first(void **state)
{
    (void)state;
    allocman_t alloc;
    memset(&alloc, 0, sizeof(alloc));
    assert_int_equal(allocman_attach_cspace(&alloc, scatter_interface(&outside.scatter)),
                     ALLOCMAN_NOT_ATTACHED);
    assert_int_equal(
        allocman_attach_utspace(&alloc, utspace_split_make_interface(&outside.utspace)),
        ALLOCMAN_NOT_ATTACHED);
    assert_false(alloc.have_cspace || alloc.have_utspace);
    int error = -1;
    assert_null(allocman_mspace_alloc(&alloc, 16, &error));
    assert_int_equal(error, ALLOCMAN_NOT_ATTACHED);
    expect_last(&alloc, ALLOCMAN_NOT_ATTACHED);
    allocman_mspace_free(&alloc, &error, sizeof(error));
    assert_int_equal(alloc.counts.misuse, 1);
}

static void a_cspace_is_attached_once_and_whole(void **state)
{
    (void)state;
    allocman_t *const alloc = book_only();
    const struct cspace_interface good = scatter_interface(&outside.scatter);
    struct cspace_interface bad = good;
    bad.alloc = NULL;
    assert_int_equal(allocman_attach_cspace(alloc, bad), ALLOCMAN_INVALID_ARGUMENT);
    bad = good;
    bad.free = NULL;
    assert_int_equal(allocman_attach_cspace(alloc, bad), ALLOCMAN_INVALID_ARGUMENT);
    bad = good;
    bad.make_path = NULL;
    assert_int_equal(allocman_attach_cspace(alloc, bad), ALLOCMAN_INVALID_ARGUMENT);
    expect_last(alloc, ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(allocman_attach_cspace(alloc, good), ALLOCMAN_OK);
    assert_ptr_equal(alloc->cspace.cspace, &outside.scatter);
    struct cspace_interface second = good;
    second.cspace = NULL;
    assert_int_equal(allocman_attach_cspace(alloc, second), ALLOCMAN_ALREADY_ATTACHED);
    assert_ptr_equal(alloc->cspace.cspace, &outside.scatter);
    expect_last(alloc, ALLOCMAN_ALREADY_ATTACHED);
}

static void a_utspace_is_attached_once_and_whole(void **state)
{
    (void)state;
    allocman_t *const alloc = book_only();
    const struct utspace_interface good = utspace_split_make_interface(&outside.utspace);
    struct utspace_interface bad = good;
    bad.alloc = NULL;
    assert_int_equal(allocman_attach_utspace(alloc, bad), ALLOCMAN_INVALID_ARGUMENT);
    bad = good;
    bad.free = NULL;
    assert_int_equal(allocman_attach_utspace(alloc, bad), ALLOCMAN_INVALID_ARGUMENT);
    bad = good;
    bad.add_uts = NULL;
    assert_int_equal(allocman_attach_utspace(alloc, bad), ALLOCMAN_INVALID_ARGUMENT);
    bad = good;
    bad.paddr = NULL;
    assert_int_equal(allocman_attach_utspace(alloc, bad), ALLOCMAN_INVALID_ARGUMENT);
    assert_int_equal(allocman_attach_utspace(alloc, good), ALLOCMAN_OK);
    struct utspace_interface second = good;
    second.utspace = NULL;
    assert_int_equal(allocman_attach_utspace(alloc, second), ALLOCMAN_ALREADY_ATTACHED);
    assert_ptr_equal(alloc->utspace.utspace, &outside.utspace);
}

static void extensions_need_their_manager(void **state)
{
    (void)state;
    allocman_t *const alloc = book_only();
    assert_int_equal(allocman_register_slot_runs(alloc, &cspace_single_level_runs),
                     ALLOCMAN_NOT_ATTACHED);
    expect_last(alloc, ALLOCMAN_NOT_ATTACHED);
    assert_int_equal(allocman_register_slot_growth(alloc, &cspace_two_level_growth),
                     ALLOCMAN_NOT_ATTACHED);
    expect_last(alloc, ALLOCMAN_NOT_ATTACHED);
    assert_int_equal(allocman_register_untyped_reclaim(alloc, &utspace_split_reclaim),
                     ALLOCMAN_NOT_ATTACHED);
    expect_last(alloc, ALLOCMAN_NOT_ATTACHED);
    assert_int_equal(allocman_register_book_growth(alloc, &mspace_dual_pool_growth),
                     ALLOCMAN_NOT_ATTACHED);
    expect_last(alloc, ALLOCMAN_NOT_ATTACHED);
    assert_int_equal(allocman_attach_cspace(alloc, scatter_interface(&outside.scatter)),
                     ALLOCMAN_OK);
    assert_int_equal(allocman_register_book_growth(alloc, &mspace_dual_pool_growth),
                     ALLOCMAN_NOT_ATTACHED);
    expect_last(alloc, ALLOCMAN_NOT_ATTACHED);
    allocman_t *const slotless = book_only();
    assert_int_equal(
        allocman_attach_utspace(slotless, utspace_split_make_interface(&outside.utspace)),
        ALLOCMAN_OK);
    assert_int_equal(allocman_register_book_growth(slotless, &mspace_dual_pool_growth),
                     ALLOCMAN_NOT_ATTACHED);
    expect_last(slotless, ALLOCMAN_NOT_ATTACHED);
}

static void reserves_need_their_manager(void **state)
{
    (void)state;
    allocman_t *const alloc = book_only();
    assert_int_equal(allocman_configure_cspace_reserve(alloc, 3), ALLOCMAN_NOT_ATTACHED);
    expect_last(alloc, ALLOCMAN_NOT_ATTACHED);
    const struct allocman_utspace_chunk chunk = {.size_bits = 12, .type = FRAME, .count = 1};
    assert_int_equal(allocman_configure_utspace_reserve(alloc, chunk), ALLOCMAN_NOT_ATTACHED);
    expect_last(alloc, ALLOCMAN_NOT_ATTACHED);
    assert_int_equal(outside.heap.live_bytes, 0);
}

static void queue_lengths_are_accepted(void **state)
{
    (void)state;
    allocman_t *const alloc = book_only();
    assert_int_equal(allocman_configure_max_freed_slots(alloc, 1000), 0);
    assert_int_equal(allocman_configure_max_freed_memory_chunks(alloc, 0), 0);
    assert_int_equal(allocman_configure_max_freed_untyped_chunks(alloc, ~(size_t)0), 0);
    assert_int_equal(allocman_fill_reserves(alloc), 0);
    allocman_reclaim(alloc);
    assert_int_equal(outside.heap.live_bytes, 0);
}

// --- the last failure ----------------------------------------------------------------------------

static void the_last_failure_stays_after_successes(void **state)
{
    (void)state;
    expect_last(world.alloc, ALLOCMAN_OK);
    struct object object;
    assert_int_equal(object_try(FRAME, 13, ALLOCMAN_NO_PADDR, false, &object),
                     ALLOCMAN_INVALID_SIZE);
    expect_last(world.alloc, ALLOCMAN_INVALID_SIZE);
    object = frame_make();
    object_free(&object);
    expect_last(world.alloc, ALLOCMAN_INVALID_SIZE);
    const seL4_Word freed = object.cookie;
    allocman_utspace_free(world.alloc, freed, FRAME_BITS);
    object = frame_make();
    expect_last(world.alloc, ALLOCMAN_DOUBLE_FREE);
    assert_int_equal(allocman_last_failure(world.alloc)->needed, freed);
}

static void a_request_for_nothing_is_told_too(void **state)
{
    (void)state;
    int error = -1;
    assert_null(allocman_mspace_alloc(world.alloc, 0, &error));
    assert_int_equal(error, ALLOCMAN_INVALID_SIZE);
    expect_last(world.alloc, ALLOCMAN_INVALID_SIZE);
}

// --- words ---------------------------------------------------------------------------------------

static void every_status_has_its_own_text(void **state)
{
    (void)state;
    for (int i = 0; i < ALLOCMAN_STATUS_COUNT; i++) {
        const char *const text = allocman_status_text((enum allocman_status)i);
        assert_true(strlen(text) > 3 && strlen(text) < 80);
        assert_string_not_equal(text, "unknown status");
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(text, allocman_status_text((enum allocman_status)j));
        }
    }
    assert_string_equal(allocman_status_text(ALLOCMAN_STATUS_COUNT), "unknown status");
    assert_string_equal(allocman_status_text((enum allocman_status)1000), "unknown status");
}

static void failure_texts_keep_within_their_buffer(void **state)
{
    (void)state;
    for (int status = 0; status <= ALLOCMAN_STATUS_COUNT; status++) {
        const struct allocman_failure failure = {.status = (enum allocman_status)status,
                                                 .needed = ~(seL4_Word)0,
                                                 .available = ~(seL4_Word)0,
                                                 .kernel_error = seL4_TruncatedMessage};
        char whole[400];
        memset(whole, '#', sizeof(whole));
        assert_ptr_equal(allocman_failure_text(&failure, whole, 160), whole);
        assert_true(strlen(whole) < 159); // the longest there can be is whole, not cut
        for (size_t bytes = 0; bytes <= 160; bytes++) {
            char part[200];
            memset(part, '#', sizeof(part));
            assert_ptr_equal(allocman_failure_text(&failure, part, bytes), part);
            const size_t used = bytes == 0 ? 0 : strlen(whole) < bytes ? strlen(whole) + 1 : bytes;
            assert_memory_equal(part, whole, used ? used - 1 : 0);
            assert_true(used == 0 || part[used - 1] == '\0');
            for (size_t i = bytes; i < sizeof(part); i++) {
                assert_int_equal(part[i], '#');
            }
        }
    }
}

// Every status with the amounts 12 and 21: what is needed, and what there is.
static void failure_texts_give_the_amounts(void **state)
{
    (void)state;
    static const char *const sentence[ALLOCMAN_STATUS_COUNT] = {
        [ALLOCMAN_OK] = "no failure",
        [ALLOCMAN_INVALID_ARGUMENT] = "invalid argument",
        [ALLOCMAN_INVALID_SIZE] = "impossible size: 2^12 bytes",
        [ALLOCMAN_INVALID_TYPE] = "object type not possible here",
        [ALLOCMAN_UNALIGNED] = "physical address is no multiple of the size: 2^12 bytes at 0x15",
        [ALLOCMAN_NO_SLOT] = "out of capability slots: 12 needed, 21 free",
        [ALLOCMAN_NO_UNTYPED] = "out of untyped memory: 2^12 bytes needed, largest free block 2^21",
        [ALLOCMAN_OVER_LIMIT] =
            "free only in blocks above the limit: 2^12 bytes needed, limit 2^21",
        [ALLOCMAN_NO_BOOK] = "out of book memory: 12 bytes needed, 21 free in all",
        [ALLOCMAN_NO_VIRTUAL] = "no free range in the virtual pool: 12 bytes needed, 21 left",
        [ALLOCMAN_ADDRESS_UNKNOWN] = "no untyped covers that physical address: 2^12 bytes at 0x15",
        [ALLOCMAN_ADDRESS_OCCUPIED] = "physical address occupied: 2^12 bytes at 0x15",
        [ALLOCMAN_SLOT_OCCUPIED] = "slot occupied: slot 0xc",
        [ALLOCMAN_SLOT_NOT_ALLOCATED] = "slot is not allocated: slot 0xc",
        [ALLOCMAN_BAD_COOKIE] = "cookie is not live: cookie 0xc",
        [ALLOCMAN_DOUBLE_FREE] = "freed twice: cookie 0xc",
        [ALLOCMAN_WRONG_SIZE] = "freed with another size: 2^21 bytes given, the block has 2^12",
        [ALLOCMAN_STILL_IN_USE] = "freed while capabilities to it were alive",
        [ALLOCMAN_BAD_POINTER] = "no block of book memory, or written to while free",
        [ALLOCMAN_ALREADY_ADDED] = "untyped was handed in before",
        [ALLOCMAN_PARTLY_USED] = "untyped holds somebody else's objects: 2^12 bytes",
        [ALLOCMAN_NOT_UNTYPED] = "handed in, but no untyped of that kind: slot 0xc",
        [ALLOCMAN_OVERLAPS] = "overlaps memory that was handed in before: 0xc",
        [ALLOCMAN_POOL_TOO_SMALL] = "static pool too small: 21 bytes given, 12 needed",
        [ALLOCMAN_NO_RAM] = "no RAM untyped",
        [ALLOCMAN_NOT_ATTACHED] = "manager not attached",
        [ALLOCMAN_ALREADY_ATTACHED] = "manager attached already",
        [ALLOCMAN_KERNEL_REFUSED] = "refused by the kernel",
    };
    char text[160];
    for (int status = 0; status < ALLOCMAN_STATUS_COUNT; status++) {
        struct allocman_failure failure = {
            .status = (enum allocman_status)status, .needed = 12, .available = 21};
        assert_non_null(sentence[status]);
        assert_string_equal(allocman_failure_text(&failure, text, sizeof(text)), sentence[status]);
    }
    const struct allocman_failure nothing = {.status = ALLOCMAN_NO_UNTYPED, .needed = 12};
    assert_string_equal(allocman_failure_text(&nothing, text, sizeof(text)),
                        "out of untyped memory: 2^12 bytes needed, nothing free");
}

static void kernel_errors_are_named(void **state)
{
    (void)state;
    static const char *const named[seL4_NumErrors + 1] = {
        "",
        " (kernel: invalid argument)",
        " (kernel: invalid capability)",
        " (kernel: illegal operation)",
        " (kernel: range error)",
        " (kernel: alignment error)",
        " (kernel: failed lookup)",
        " (kernel: truncated message)",
        " (kernel: delete first)",
        " (kernel: revoke first)",
        " (kernel: not enough memory)",
        " (kernel: unknown error)",
    };
    for (int error = 0; error <= seL4_NumErrors; error++) {
        const struct allocman_failure failure = {.status = ALLOCMAN_KERNEL_REFUSED,
                                                 .kernel_error = (seL4_Error)error};
        char text[160];
        char expected[160] = "refused by the kernel";
        strcat(expected, named[error]);
        assert_string_equal(allocman_failure_text(&failure, text, sizeof(text)), expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(create_refuses_missing_functions),
        cmocka_unit_test(a_new_allocman_has_book_memory_only),
        cmocka_unit_test(frees_without_a_manager_are_misuse),
        cmocka_unit_test(attaching_needs_book_memory_first),
        cmocka_unit_test(a_cspace_is_attached_once_and_whole),
        cmocka_unit_test(a_utspace_is_attached_once_and_whole),
        cmocka_unit_test(extensions_need_their_manager),
        cmocka_unit_test(reserves_need_their_manager),
        cmocka_unit_test(queue_lengths_are_accepted),
        api_test(the_last_failure_stays_after_successes),
        api_test(a_request_for_nothing_is_told_too),
        cmocka_unit_test(every_status_has_its_own_text),
        cmocka_unit_test(failure_texts_keep_within_their_buffer),
        cmocka_unit_test(failure_texts_give_the_amounts),
        cmocka_unit_test(kernel_errors_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
