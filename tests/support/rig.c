/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The course of a run: boot, operations, the laws after each, and the end.

#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <allocman/check.h>
#include <allocman/limits.h>
#include <allocman/vka.h>

#include "agree.h"

__attribute__((noreturn)) void rig_fail(const struct rig *rig, const char *format, ...)
{
    char text[400];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    if (rig->trace) {
        (void)fflush(rig->trace);
    }
    fail_msg("ALLOCMAN_SEED=%#llx ALLOCMAN_STEPS=%u, %s, step %u (%s): %s",
             (unsigned long long)rig->seed, rig->steps, rig->config->name, rig->step,
             rig->operation, text);
    abort(); // not reached
}

// --- things --------------------------------------------------------------------------------------

struct thing *rig_find(struct rig *rig, enum thing_kind kind, uint32_t number)
{
    for (size_t i = 0; i < rig->room && rig->things > 0; i++) {
        struct thing *const thing = &rig->thing[(number % rig->room + i) % rig->room];
        if (thing->kind == kind && !thing->pinned) {
            return thing;
        }
    }
    return NULL;
}

// Some numbers are kept for what one operation makes beside its own.
bool rig_has_room(const struct rig *rig)
{
    return rig->things + 4 < rig->room;
}

struct thing *rig_add(struct rig *rig, uint32_t number, const struct thing *thing)
{
    size_t at = number % rig->room;
    assert_true(rig->things < rig->room);
    while (rig->thing[at].kind != THING_NONE) {
        at = (at + 1) % rig->room;
    }
    rig->thing[at] = *thing;
    rig->things++;
    return &rig->thing[at];
}

// --- what must hold ------------------------------------------------------------------------------

// Has the rig kept a capability to what lies in a block that the books call free?
static bool leaked(const void *context, uintptr_t paddr, unsigned size_bits)
{
    const struct rig *const rig = context;
    for (size_t i = 0; i < rig->room; i++) {
        const struct thing *const t = &rig->thing[i];
        if (t->kind == THING_LEAK && t->paddr - paddr < (uintptr_t)1 << size_bits) {
            return true;
        }
    }
    return false;
}

// Every misuse is reported.
static void reported(void *context, const struct allocman_misuse *misuse)
{
    struct rig *const rig = context;
    RIG_EXPECT(rig, misuse->status < ALLOCMAN_STATUS_COUNT && misuse->where != NULL,
               "misuse of no kind was reported");
    rig->reported[misuse->status]++;
}

static void check_reports(const struct rig *rig)
{
    size_t sum = 0;
    for (unsigned s = 0; s < ALLOCMAN_STATUS_COUNT; s++) {
        sum += rig->reported[s];
    }
    RIG_EXPECT(rig, sum == rig->world.alloc->counts.misuse, "%zu times misuse, %zu reported",
               rig->world.alloc->counts.misuse, sum);
}

// A merge that the kernel refuses leaves one group more than the policy keeps; headroom that it
// refuses is had as soon as may be.
static const char *wrong_after_fault(const struct rig *rig, bool deep, char *text, size_t bytes)
{
    struct allocman_violation v;
    if (allocman_check(rig->world.alloc, &v) || v.law == ALLOCMAN_LAW_L7_BOUNDS ||
        v.law == ALLOCMAN_LAW_L5_HEADROOM) {
        return deep ? agree_wrong(&rig->world, leaked, rig, text, bytes) : NULL;
    }
    (void)snprintf(text, bytes, "%s (%s, at %#lx)", allocman_law_text(v.law), v.what,
                   (unsigned long)v.where);
    return text;
}

static void check(struct rig *rig, bool deep)
{
    char text[300];
    const char *const wrong = rig->faulted
                                  ? wrong_after_fault(rig, deep, text, sizeof(text))
                                  : world_wrong(&rig->world, deep, leaked, rig, text, sizeof(text));
    RIG_EXPECT(rig, !wrong, "%s", wrong);
    check_reports(rig);
}

// --- one operation -------------------------------------------------------------------------------

static void give_back_one(struct rig *rig, enum thing_kind kind, uint32_t number)
{
    struct thing *const t = rig_find(rig, kind, number);
    if (t) {
        rig_give_back(rig, t);
    }
}

static void slot_alloc(struct rig *rig, const struct api_record *r)
{
    const seL4_CPtr slot = rig_has_room(rig) ? rig_slot(rig, r->flags & API_VKA) : 0;
    if (slot) {
        (void)rig_add(
            rig, r->number,
            &(struct thing){.kind = THING_SLOT, .slot = slot, .by_vka = (r->flags & API_VKA) != 0});
    }
}

static void fill_reserves(struct rig *rig)
{
    const int error = allocman_fill_reserves(rig->world.alloc);
    if (error && !rig_fault_came(rig)) {
        rig_refused(rig, error);
    }
}

static void operate(struct rig *rig, const struct api_record *r)
{
    switch (r->operation) {
    case API_SLOT_ALLOC:
        slot_alloc(rig, r);
        break;
    case API_SLOT_FREE:
        give_back_one(rig, THING_SLOT, r->number);
        break;
    case API_OBJECT_ALLOC:
        rig_object_alloc(rig, r);
        break;
    case API_OBJECT_FREE:
        give_back_one(rig, THING_OBJECT, r->number);
        break;
    case API_BOOK_ALLOC:
        rig_book(rig, r->number, (size_t)r->operand);
        break;
    case API_BOOK_FREE:
        give_back_one(rig, THING_BOOK, r->number);
        break;
    case API_ADD_UNTYPED:
        rig_add_untyped(rig, r);
        break;
    case API_RECLAIM:
        allocman_reclaim(rig->world.alloc);
        break;
    case API_FILL_RESERVES:
        fill_reserves(rig);
        break;
    case API_RESERVE_SLOTS:
    case API_RESERVE_OBJECT:
    case API_RESERVE_BOOK:
        rig_reserve(rig, r);
        break;
    case API_SET_LIMITS:
        rig_set_limits(rig, r);
        break;
    case API_PREPARE:
        rig_prepare(rig);
        break;
    case API_REFUSE:
        rig_fault(rig, r);
        break;
    case API_MAP:
        rig_map(rig, r);
        break;
    case API_LEAK:
        rig_leak(rig, r);
        break;
    case API_LEAK_END:
        give_back_one(rig, THING_LEAK, r->number);
        break;
    case API_OCCUPIED:
        rig_occupied(rig, r);
        break;
    case API_WRONG_SIZE:
        rig_wrong_size(rig, r);
        break;
    case API_STALE:
        rig_stale(rig, r);
        break;
    case API_BAD_COOKIE:
        rig_bad_cookie(rig, r);
        break;
    case API_BAD_SLOT:
        rig_bad_slot(rig, r);
        break;
    case API_BAD_BOOK:
        rig_bad_book(rig, r);
        break;
    case API_DOUBLE_SLOT:
        rig_double_slot(rig);
        break;
    case API_DOUBLE_BOOK:
        rig_double_book(rig, r);
        break;
    case API_NONSENSE:
        rig_nonsense(rig, r);
        break;
    case API_NEST:
        rig_nest(rig, r);
        break;
    default: // others mean nothing here
        break;
    }
}

void rig_execute(struct rig *rig, const struct api_record *record)
{
    struct sel4model_counters counters;
    rig->step++;
    rig->operation = api_operation_name(record->operation);
    if (rig->trace) {
        uint8_t bytes[API_TRACE_RECORD_BYTES];
        api_trace_put(record, bytes);
        (void)fwrite(bytes, sizeof(bytes), 1, rig->trace);
    }
    sel4model_counters_get(&counters);
    rig->injected = counters.injected;
    operate(rig, record);
    rig->faulted = rig->faulted || rig_fault_came(rig);
    const unsigned every = rig->config->check_every ? rig->config->check_every : 1;
    if (rig->step % every == 0) {
        check(rig, rig->step % rig->config->deep_every == 0);
    }
}

// --- start and end -------------------------------------------------------------------------------

// Map the paging structures that the rig's own frames need: objects like all others, kept to the
// end.
static void window_open(struct rig *rig)
{
    rig->window = sel4model_free_vaddr(RIG_WINDOW_PAGES << seL4_PageBits);
    assert_non_null(rig->window);
    for (unsigned i = 0; i < TABLE_LEVELS; i++) {
        struct thing *const table =
            rig_object(rig, &(struct api_record){.type = (uint8_t)table_type(i),
                                                 .size_bits = seL4_PageTableBits});
        assert_non_null(table);
        table->pinned = true;
        const seL4_Word at = (seL4_Word)(uintptr_t)rig->window;
        const int error = (int)map_table(i, table->slot, seL4_CapInitThreadVSpace, at);
        // Where the address range has a structure already, the object is just kept.
        assert_true(error == seL4_NoError || error == seL4_DeleteFirst);
    }
}

void rig_start(struct rig *rig, const struct rig_config *config)
{
    rig->config = config;
    rig->operation = "start";
    rig->room = config->things_max + 8;
    rig->thing = calloc(rig->room, sizeof(*rig->thing));
    assert_non_null(rig->thing);
    world_start(&rig->world, &config->world);
    allocman_make_vka(&rig->vka, rig->world.alloc);
    allocman_set_report(rig->world.alloc, reported, rig);
    check(rig, true);
    rig_nest_prepare(rig);
    window_open(rig);
}

// Blocks of book memory that may keep a large root: where others have used up the root that is book
// memory's own, a page or a paging structure comes from another (DESIGN section 11).
enum { PINNING_MAX = 4 };

// What is left when all is given back: book memory's own blocks, nearly all in small roots, and the
// ways to them.
static void blocks_left(struct rig *rig)
{
    struct utspace_split_cursor cursor = {.started = false};
    struct utspace_split_block block;
    size_t left = 0;
    size_t pinning = 0;
    uint64_t left_bytes = 0;
    while (utspace_split_next_block(&rig->world.managers->utspace, &cursor, &block)) {
        const bool held = block.allocated && !block.set_aside;
        left += held;
        left_bytes += held ? UINT64_C(1) << block.size_bits : 0;
        // Second levels and the pieces of reserves lie where there was room.
        const bool small =
            rig->world.managers->two_level || rig->reserves || rig->faulted || rig->limited;
        pinning += held && block.root_bits > 21 && !small;
        RIG_EXPECT(rig, pinning <= PINNING_MAX,
                   "%zu blocks of book memory keep large roots, the last of 2^%u bytes", pinning,
                   block.root_bits);
        RIG_EXPECT(rig, block.root_bits == block.size_bits || rig->world.vsize != 0 || small,
                   "a root of 2^%u bytes is in pieces", block.root_bits);
    }
    const size_t expected = world_known_blocks(&rig->world);
    RIG_EXPECT(rig, left == expected, "%zu blocks left, book memory and others have %zu", left,
               expected);
    RIG_EXPECT(rig, world_free_bytes(&rig->world) + left_bytes == rig->world.bytes || rig->faulted,
               "memory was lost");
}

// Nothing was set aside unless something was refused that the kernel refuses in need only.
static void all_is_there(struct rig *rig)
{
    char text[200];
    const struct split_totals *const t = &rig->world.managers->utspace.totals;
    RIG_EXPECT(rig, world_slots_known(&rig->world, text, sizeof(text)), "%s", text);
    RIG_EXPECT(rig, world_is_whole(&rig->world, text, sizeof(text)), "%s", text);
    RIG_EXPECT(rig, rig->world.vsize || rig->reserves || rig->faulted || t->groups == t->roots,
               "groups are left");
    RIG_EXPECT(rig, rig->faulted || (t->slots_quarantined == 0 && t->roots_set_aside == 0),
               "something was set aside");
}

void rig_finish(struct rig *rig)
{
    rig->operation = "the end";
    sel4model_refuse(0, seL4_NoError);
    for (size_t i = rig->room; i-- > 0;) {
        if (rig->thing[i].kind != THING_NONE) {
            rig_give_back(rig, &rig->thing[i]);
            rig->step++;
            check(rig, rig->step % rig->config->deep_every == 0);
        }
    }
    RIG_EXPECT(rig, allocman_set_limits(rig->world.alloc, NULL) == ALLOCMAN_OK,
               "the limits cannot be lifted");
    (void)allocman_fill_reserves(rig->world.alloc);
    allocman_reclaim(rig->world.alloc);
    check(rig, true);
    blocks_left(rig);
    all_is_there(rig);
    const int error = allocman_fill_reserves(rig->world.alloc);
    RIG_EXPECT(rig, error == ALLOCMAN_OK || rig->reserves || rig->faulted,
               "the headroom cannot be filled: %s",
               allocman_status_text((enum allocman_status)error));
    check(rig, true);
    world_stop(&rig->world);
    free(rig->thing);
}
