/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// sel4model/sel4model.h on a real kernel: a "boot" brings the root task's world back to what it was
// when the kernel started it.
//
// The boot untypeds move once, to the end of the boot CNode, out of the tests' way. What a boot puts
// in their place are copies: whatever a test made of them or did with them, one Revoke of each
// original undoes it all, and mapped frames and paging structures go with it. Then everything else
// that was put into a slot is deleted.

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <sel4model/sel4model.h>
#include <vka/object.h>

#include "arch.h"
#include "invoke.h"
#include "root_task.h"
#include "slots.h"

#undef seL4_CNode_Copy
#undef seL4_CNode_Move
#undef seL4_CNode_Delete
#undef seL4_CNode_Revoke
#undef seL4_TCB_SetSpace

enum {
    CNODE = seL4_CapInitThreadCNode,
    DEPTH = seL4_WordBits,
    SWITCHES_MAX = 8, // of CSpace, in one test
    MINTED_MAX = 64,  // remembered at a time
    // What a boot takes of the recorded machine's CNode. A root task with tests in it is larger than
    // the recorded one, so that a small CNode, when one is asked for, would have no slot left.
    SLOTS_OF_A_BOOT = 409,
};

// Above what the kernel and start-up code have mapped, in another entry of the top-level table. Guests'
// addresses may end at 2^40.
#if defined(CONFIG_ARCH_RISCV) || defined(CONFIG_ARM_HYPERVISOR_SUPPORT)
#define FREE_VADDR ((seL4_Word)1 << 37)
#else
#define FREE_VADDR ((seL4_Word)1 << 40)
#endif

static struct {
    const seL4_BootInfo *given;                           // the kernel's
    _Alignas(16) char shown[1 << seL4_BootInfoFrameBits]; // the tests' copy of it
    struct rig_slot slot[RIG_SLOTS_OF_BOOT_CNODE];
    seL4_Word top; // one past the last slot that was used since boot
    seL4_Word changes;
    seL4_Word end;     // of the slots that tests can have
    seL4_Word masters; // first of the boot untypeds
    struct {
        seL4_CPtr slot;
        seL4_Word data;
    } minted[MINTED_MAX];
    unsigned mints;
    seL4_Word new_root_guard;
    bool elsewhere;
    seL4_Word next_vaddr;
    struct sel4model_counters counters;
    struct {
        bool pending;
        enum sel4model_invocation kind;
        unsigned long left;
        seL4_Error error, last;
    } refusal;
} rig;

struct rig_slot *rig_slot(seL4_CPtr slot)
{
    return slot < RIG_SLOTS_OF_BOOT_CNODE ? &rig.slot[slot] : NULL;
}

seL4_Word rig_top(void)
{
    return rig.top;
}

seL4_Word rig_changes(void)
{
    return rig.changes;
}

static void set_slot(seL4_CPtr slot, struct rig_slot content)
{
    rig.slot[slot] = content;
    rig.top = slot >= rig.top ? slot + 1 : rig.top;
}

bool rig_elsewhere(void)
{
    return rig.elsewhere;
}

const seL4_BootInfo *rig_bootinfo(void)
{
    return rig.given;
}

seL4_CPtr rig_scratch(void)
{
    return rig.elsewhere ? 0 : rig.end; // nobody has anything at 0
}

// --- what invoke.h tells

bool rig_refused(enum sel4model_invocation kind)
{
    rig.counters.invocations[kind]++;
    rig.changes++;
    if (!rig.refusal.pending ||
        (rig.refusal.kind != SEL4MODEL_ANY_INVOCATION && rig.refusal.kind != kind) ||
        --rig.refusal.left > 0) {
        return false;
    }
    rig.refusal.pending = false;
    rig.refusal.last = rig.refusal.error;
    rig.counters.refused[kind]++;
    rig.counters.injected++;
    for (int word = 0; word < 4; word++) {
        seL4_SetMR(word, 0);
    }
    if (rig.refusal.error == seL4_FailedLookup) {
        seL4_SetMR(1, seL4_InvalidRoot);
    }
    return true;
}

seL4_Error rig_refusal(void)
{
    return rig.refusal.last;
}

void rig_note_retype(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits, seL4_CPtr root,
                     seL4_Word depth, seL4_Word offset, seL4_Word count)
{
    if (rig.elsewhere || root != CNODE || depth != 0) {
        return;
    }
    // Objects that fill an untyped lie in it from its start; where others lie, only the kernel knows.
    const struct rig_slot *const from = rig_slot(untyped);
    const unsigned bits = (unsigned)vka_get_object_size(type, size_bits);
    const bool fill = from && from->paddr && from->type == seL4_UntypedObject &&
                      count << bits == (seL4_Word)1 << from->size_bits;
    const uint64_t paddr = fill ? from->paddr : 0;
    for (seL4_Word i = offset; i < offset + count && i < RIG_SLOTS_OF_BOOT_CNODE; i++) {
        set_slot(i, (struct rig_slot){.used = true,
                                      .known = true,
                                      .is_device = from && from->is_device,
                                      .paddr = fill ? paddr + ((i - offset) << bits) : 0,
                                      .type = (uint8_t)type,
                                      .size_bits = (uint8_t)size_bits});
    }
}

void rig_note_copy(seL4_CPtr root, seL4_Word index, seL4_CPtr from_root, seL4_Word from_index,
                   bool moved)
{
    if (rig.elsewhere || root != CNODE || index >= RIG_SLOTS_OF_BOOT_CNODE) {
        return;
    }
    set_slot(index, (struct rig_slot){.used = true});
    struct rig_slot *const to = &rig.slot[index];
    if (from_root != CNODE || from_index >= RIG_SLOTS_OF_BOOT_CNODE) {
        return;
    }
    const struct rig_slot *const from = &rig.slot[from_index];
    to->known = from->known;
    to->is_device = from->is_device;
    to->type = from->type;
    to->size_bits = from->size_bits;
    to->paddr = from->paddr;
    if (moved) {
        to->origin = from->origin                       ? from->origin
                     : from_index < seL4_NumInitialCaps ? (uint8_t)from_index
                                                        : 0;
    }
    rig_note_data(root, index, rig_data(from_index));
}

void rig_note_data(seL4_CPtr root, seL4_Word index, seL4_Word data)
{
    if (root != CNODE && index == CNODE) {
        rig.new_root_guard = data; // a new CSpace is being made
    }
    if (!rig.elsewhere && root == CNODE && (data || rig_data(index))) {
        rig.minted[rig.mints % MINTED_MAX].slot = index;
        rig.minted[rig.mints % MINTED_MAX].data = data;
        rig.mints++;
    }
}

seL4_Word rig_data(seL4_CPtr slot)
{
    if (rig.elsewhere) {
        return slot == CNODE ? rig.new_root_guard : 0;
    }
    for (unsigned i = rig.mints; i > 0 && i + MINTED_MAX > rig.mints; i--) {
        if (rig.minted[(i - 1) % MINTED_MAX].slot == slot) {
            return rig.minted[(i - 1) % MINTED_MAX].data;
        }
    }
    return 0;
}

void rig_note_space(seL4_CPtr tcb)
{
    rig.elsewhere = rig.elsewhere || tcb == seL4_CapInitThreadTCB;
}

// --- boot

static bool there(seL4_CPtr slot)
{
    return seL4_DebugCapIdentify((seL4_Word)slot) != 0;
}

// Out of a new CSpace, where bootstrap.h tells what stands: the old root is the first CNode behind the
// initial capabilities. Of these, the ones that the kernel does not copy are taken along; for the
// others the place is taken, or there is none.
static bool go_back_once(void)
{
    enum { CNODE_TAG = 10, SEARCHED = 2 * seL4_NumInitialCaps };
    seL4_CPtr old_root = seL4_NumInitialCaps;
    while (old_root < SEARCHED && seL4_DebugCapIdentify(old_root) != CNODE_TAG) {
        old_root++;
    }
    for (seL4_Word slot = 1; slot < seL4_NumInitialCaps; slot++) {
        (void)seL4_CNode_Move(old_root, slot, DEPTH, CNODE, slot, DEPTH);
    }
    return seL4_TCB_SetSpace(seL4_CapInitThreadTCB, 0, old_root, 0, seL4_CapInitThreadVSpace, 0) ==
           seL4_NoError;
}

static void go_back(void)
{
    bool back = true;
    for (int i = 0; i < SWITCHES_MAX && back && rig.elsewhere && !there(rig.masters); i++) {
        back = go_back_once();
    }
    rig.elsewhere = false;
    assert_true(there(rig.masters));
}

static void take_boot_untypeds(void)
{
    rig.given = root_task_bootinfo;
    const seL4_Word count = rig.given->untyped.end - rig.given->untyped.start;
    rig.masters = rig.given->empty.end - count;
    rig.end = rig.masters - 1;
    for (seL4_Word i = 0; i < count; i++) {
        assert_int_equal(seL4_CNode_Move(CNODE, rig.masters + i, DEPTH, CNODE,
                                         rig.given->untyped.start + i, DEPTH),
                         seL4_NoError);
    }
}

static void clean_up(void)
{
    const seL4_Word count = rig.given->untyped.end - rig.given->untyped.start;
    for (seL4_Word i = 0; i < count; i++) {
        assert_int_equal(seL4_CNode_Revoke(CNODE, rig.masters + i, DEPTH), seL4_NoError);
    }
    for (seL4_Word slot = 0; slot < rig.top; slot++) {
        const struct rig_slot *const s = &rig.slot[slot];
        if (!s->used || !there(slot)) {
            continue;
        }
        if (s->origin && !there(s->origin)) {
            assert_int_equal(seL4_CNode_Move(CNODE, s->origin, DEPTH, CNODE, slot, DEPTH),
                             seL4_NoError);
        } else if (slot >= rig.given->empty.start) {
            assert_int_equal(seL4_CNode_Delete(CNODE, slot, DEPTH), seL4_NoError);
        }
    }
    // Between these and the untypeds is what the image consists of, which nobody touches.
    memset(rig.slot, 0, rig.top * sizeof(rig.slot[0]));
    rig.top = 0;
    for (seL4_Word slot = 0; slot < seL4_NumInitialCaps; slot++) {
        set_slot(slot, (struct rig_slot){.used = true});
    }
}

static void show_untypeds(void)
{
    const seL4_Word first = rig.given->untyped.start;
    for (seL4_Word i = 0; i < rig.given->untyped.end - first; i++) {
        assert_int_equal(
            seL4_CNode_Copy(CNODE, first + i, DEPTH, CNODE, rig.masters + i, DEPTH, seL4_AllRights),
            seL4_NoError);
        const seL4_UntypedDesc *const given = &rig.given->untypedList[i];
        set_slot(first + i, (struct rig_slot){.used = true,
                                              .known = true,
                                              .is_device = given->isDevice,
                                              .paddr = given->paddr,
                                              .type = seL4_UntypedObject,
                                              .size_bits = (uint8_t)given->sizeBits});
    }
}

// One past the last slot that the tests are told of. The CNode is as large as it is; of one that is
// smaller they see as many slots as it would have.
static seL4_Word last_slot(const struct sel4model_options *options)
{
    seL4_Word end = rig.end;
    if (options && options->empty_end) {
        end = options->empty_end;
    } else if (options && options->root_cnode_bits &&
               options->root_cnode_bits < rig.given->initThreadCNodeSizeBits) {
        end = rig.given->empty.start + ((seL4_Word)1 << options->root_cnode_bits) - SLOTS_OF_A_BOOT;
    }
    if (end > rig.end) {
        root_task_skip("the kernel's CNode has not so many slots");
    }
    return end;
}

seL4_BootInfo *sel4model_boot_with(const char *record, const struct sel4model_options *options)
{
    if (strcmp(record, RECORD_DIR "/" MACHINE ".json") != 0) {
        root_task_skip("it is of another machine");
    }
    if (rig.given == NULL) {
        take_boot_untypeds();
    }
    go_back();
    clean_up();
    show_untypeds();
    rig.mints = 0;
    rig.changes++;
    rig.next_vaddr = FREE_VADDR;
    rig.refusal.pending = false;
    memset(&rig.counters, 0, sizeof(rig.counters));

    seL4_BootInfo *const bi = (seL4_BootInfo *)(void *)rig.shown;
    memcpy(bi, rig.given, sizeof(rig.shown));
    bi->empty.end = last_slot(options);
    return bi;
}

seL4_BootInfo *sel4model_boot(const char *record)
{
    return sel4model_boot_with(record, NULL);
}

// The next boot cleans up, also after a test that came to no end.
void sel4model_shutdown(void)
{
    rig.refusal.pending = false;
}

void *sel4model_free_vaddr(size_t bytes)
{
    const seL4_Word table = (seL4_Word)1 << seL4_LargePageBits;
    const seL4_Word start = rig.next_vaddr;
    rig.next_vaddr += (bytes + table - 1) & ~(table - 1);
    return (void *)start;
}

// --- counters and refusals

void sel4model_counters_get(struct sel4model_counters *counters)
{
    *counters = rig.counters;
}

void sel4model_counters_reset(void)
{
    memset(&rig.counters, 0, sizeof(rig.counters));
}

unsigned long sel4model_invocations(enum sel4model_invocation kind)
{
    if (kind != SEL4MODEL_ANY_INVOCATION) {
        return rig.counters.invocations[kind];
    }
    unsigned long sum = 0;
    for (int i = 0; i < SEL4MODEL_INVOCATION_COUNT; i++) {
        sum += rig.counters.invocations[i];
    }
    return sum;
}

void sel4model_refuse_kind(enum sel4model_invocation kind, unsigned long nth, seL4_Error error)
{
    rig.refusal.pending = nth != 0;
    rig.refusal.kind = kind;
    rig.refusal.left = nth;
    rig.refusal.error = error;
}

void sel4model_refuse(unsigned long nth, seL4_Error error)
{
    sel4model_refuse_kind(SEL4MODEL_ANY_INVOCATION, nth, error);
}
