/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

// What vka's headers have the kernel do: capops.h, object_capops.h, ipcbuffer.h, vka_free_object();
// and debug-vka, as long as nothing is wrong.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sel4model/inspect.h>
#include <sel4model/sel4model.h>
#include <vka/capops.h>
#include <vka/debug-vka.h>
#include <vka/ipcbuffer.h>
#include <vka/object_capops.h>

#include "arch.h"
#include "fake_vka.h"

enum { UNTYPED_BITS = 16, BADGE = 0x5A };

// A booted kernel, an untyped of its own, and a fake vka whose slots are the kernel's empty ones.
struct fixture {
    seL4_CPtr first_empty;
    vka_object_t untyped;
    struct fake_vka fake;
};

static cspacepath_t path_to(seL4_CPtr slot)
{
    return (cspacepath_t){.capPtr = slot,
                          .capDepth = seL4_WordBits,
                          .root = seL4_CapInitThreadCNode,
                          .offset = slot,
                          .window = 1};
}

static void root_make_path(void *data, seL4_CPtr slot, cspacepath_t *res)
{
    (void)data;
    *res = path_to(slot);
}

static enum sel4model_cap_kind kind_in(seL4_CPtr slot)
{
    struct sel4model_cap cap;
    assert_true(sel4model_inspect(sel4model_path_of(slot), &cap));
    return cap.kind;
}

static seL4_Word badge_in(seL4_CPtr slot)
{
    struct sel4model_cap cap;
    assert_true(sel4model_inspect(sel4model_path_of(slot), &cap));
    return cap.badge;
}

static int boot(void **state)
{
    static struct fixture fixture;
    const seL4_BootInfo *bootinfo = sel4model_boot(RECORD_DIR "/" MACHINE ".json");
    if (bootinfo == NULL) {
        return -1;
    }
    fixture.first_empty = bootinfo->empty.start;
    fake_vka_init(&fixture.fake);
    fixture.fake.vka.cspace_make_path = root_make_path;
    fixture.fake.next_slot = bootinfo->empty.start + 1;

    // Bound: the untypeds of the record.
    for (seL4_Word i = 0; i < bootinfo->untyped.end - bootinfo->untyped.start; i++) {
        const seL4_UntypedDesc *description = &bootinfo->untypedList[i];
        if (!description->isDevice && description->sizeBits >= UNTYPED_BITS) {
            fixture.untyped = (vka_object_t){.cptr = bootinfo->untyped.start + i};
            *state = &fixture;
            return 0;
        }
    }
    return -1;
}

static int shut_down(void **state)
{
    (void)state;
    sel4model_shutdown();
    return 0;
}

// Makes one object of the fixture's untyped, in a slot that its vka hands out.
static seL4_CPtr make_object(struct fixture *fixture, seL4_Word type, int size_bits)
{
    cspacepath_t path;
    assert_int_equal(vka_cspace_alloc_path(&fixture->fake.vka, &path), 0);
    assert_int_equal(vka_untyped_retype(&fixture->untyped, (int)type, size_bits, 1, &path),
                     seL4_NoError);
    return path.capPtr;
}

// --- capops.h

static void retype_takes_the_size_as_the_kernel_does(void **state)
{
    struct fixture *fixture = *state;
    const cspacepath_t first = path_to(fixture->first_empty);
    struct sel4model_cap cap;

    assert_int_equal(vka_untyped_retype(&fixture->untyped, seL4_CapTableObject, 4, 2, &first),
                     seL4_NoError);
    for (seL4_CPtr slot = first.capPtr; slot < first.capPtr + 2; slot++) {
        assert_true(sel4model_inspect(sel4model_path_of(slot), &cap));
        assert_int_equal(cap.kind, SEL4MODEL_CAP_CNODE);
        assert_int_equal(cap.radix_bits, 4);
    }
    assert_int_equal(kind_in(first.capPtr + 2), SEL4MODEL_CAP_NULL);

    assert_int_equal(vka_untyped_retype(&fixture->untyped, seL4_EndpointObject, 0, 1, &first),
                     seL4_DeleteFirst);
    const cspacepath_t third = path_to(fixture->first_empty + 2);
    assert_int_equal(vka_untyped_retype(&fixture->untyped, seL4_EndpointObject, 0, 0, &third),
                     seL4_RangeError);
    assert_int_equal(vka_untyped_retype(&fixture->untyped, seL4_EndpointObject, 0, -1, &third),
                     seL4_RangeError);
}

static void capabilities_are_copied_moved_and_deleted(void **state)
{
    struct fixture *fixture = *state;
    const seL4_CPtr base = make_object(fixture, seL4_EndpointObject, 0);
    const cspacepath_t original = path_to(base), copy = path_to(base + 1),
                       other = path_to(base + 2);

    assert_int_equal(vka_cnode_copy(&copy, &original, seL4_AllRights), seL4_NoError);
    assert_int_equal(kind_in(copy.capPtr), SEL4MODEL_CAP_ENDPOINT);
    assert_int_equal(vka_cnode_copy(&copy, &original, seL4_AllRights), seL4_DeleteFirst);
    assert_int_equal(vka_cnode_move(&other, &copy), seL4_NoError);
    assert_int_equal(kind_in(copy.capPtr), SEL4MODEL_CAP_NULL);
    assert_int_equal(kind_in(other.capPtr), SEL4MODEL_CAP_ENDPOINT);
    assert_int_equal(vka_cnode_mint(&copy, &original, seL4_CanRead, BADGE), seL4_NoError);
    assert_int_equal(badge_in(copy.capPtr), BADGE);

    struct sel4model_cap cap;
    assert_true(sel4model_inspect(sel4model_path_of(copy.capPtr), &cap));
    assert_false(seL4_CapRights_get_capAllowWrite(cap.rights));
    assert_true(seL4_CapRights_get_capAllowRead(cap.rights));

    assert_int_equal(vka_cnode_delete(&other), seL4_NoError);
    assert_int_equal(kind_in(other.capPtr), SEL4MODEL_CAP_NULL);
    assert_int_equal(vka_cnode_delete(&other), seL4_NoError);
    assert_int_equal(vka_cnode_revoke(&original), seL4_NoError);
    assert_int_equal(kind_in(copy.capPtr), SEL4MODEL_CAP_NULL);
    assert_int_equal(kind_in(original.capPtr), SEL4MODEL_CAP_ENDPOINT);
}

static void capabilities_are_guarded_on_the_way(void **state)
{
    struct fixture *fixture = *state;
    const seL4_CPtr base = make_object(fixture, seL4_TCBObject, 0);
    const seL4_CPtr cnode = make_object(fixture, seL4_CapTableObject, 4);
    const cspacepath_t thread = path_to(base), table = path_to(cnode);
    const cspacepath_t dest = path_to(cnode + 1), empty = path_to(cnode + 2);
    const seL4_Word guard = seL4_CNode_CapData_new(0, seL4_WordBits - 4).words[0];
    struct sel4model_cap cap;

    assert_int_equal(vka_cnode_mutate(&dest, &table, guard), seL4_NoError);
    assert_int_equal(kind_in(table.capPtr), SEL4MODEL_CAP_NULL);
    assert_true(sel4model_inspect(sel4model_path_of(dest.capPtr), &cap));
    assert_int_equal(cap.guard_bits, seL4_WordBits - 4);

    // the thread to `empty`, the CNode to where the thread was
    assert_int_equal(vka_cnode_rotate(&empty, 0, &thread, 0, &dest), seL4_NoError);
    assert_int_equal(kind_in(empty.capPtr), SEL4MODEL_CAP_TCB);
    assert_int_equal(kind_in(thread.capPtr), SEL4MODEL_CAP_CNODE);
    assert_int_equal(kind_in(dest.capPtr), SEL4MODEL_CAP_NULL);
}

static void the_other_invocations_name_the_slot(void **state)
{
    struct fixture *fixture = *state;
    const cspacepath_t empty = path_to(fixture->first_empty);
    assert_int_equal(vka_cnode_cancelBadgedSends(&empty), seL4_IllegalOperation);
    assert_int_equal(sel4model_invocations(SEL4MODEL_CNode_CancelBadgedSends), 1);
#ifndef CONFIG_KERNEL_MCS
    const cspacepath_t used = path_to(fixture->untyped.cptr);
    assert_int_equal(vka_cnode_saveCaller(&used), seL4_DeleteFirst);
    assert_int_equal(sel4model_invocations(SEL4MODEL_CNode_SaveCaller), 1);
#endif
}

static void the_receive_slot_is_in_the_ipc_buffer(void **state)
{
    (void)state;
    const cspacepath_t slot = {.root = 2, .capPtr = 0x77, .capDepth = 33};
    vka_set_cap_receive_path(&slot);
    assert_int_equal(seL4_GetIPCBuffer()->receiveCNode, 2);
    assert_int_equal(seL4_GetIPCBuffer()->receiveIndex, 0x77);
    assert_int_equal(seL4_GetIPCBuffer()->receiveDepth, 33);
}

// --- object.h, object_capops.h

static void check_slot_is_empty(void *data, seL4_CPtr slot)
{
    struct fake_vka *fake = data;
    assert_int_equal(kind_in(slot), SEL4MODEL_CAP_NULL); // deleted before it is given back
    assert_int_equal(fake->memory_given_back, 0);
    fake->slots_given_back++;
    fake->last_freed_slot = slot;
}

static void freeing_deletes_then_gives_back(void **state)
{
    struct fixture *fixture = *state;
    struct fake_vka *fake = &fixture->fake;
    fake->vka.cspace_free = check_slot_is_empty;
    vka_object_t object = {.cptr = make_object(fixture, seL4_TCBObject, 0),
                           .ut = 0x99,
                           .type = seL4_TCBObject,
                           .size_bits = seL4_TCBBits};

    vka_free_object(&fake->vka, &object);
    assert_int_equal(fake->last_freed_slot, object.cptr);
    assert_int_equal(fake->slots_given_back, 1);
    assert_int_equal(fake->memory_given_back, 1);
    assert_int_equal(fake->last_target, 0x99);
    assert_int_equal(fake->last_type, seL4_TCBObject);
    assert_int_equal(fake->last_size_bits, seL4_TCBBits);
}

static void freeing_what_is_not_deleted_gives_nothing_back(void **state)
{
    struct fixture *fixture = *state;
    struct fake_vka *fake = &fixture->fake;
    vka_object_t object = {.cptr = make_object(fixture, seL4_EndpointObject, 0)};
    sel4model_refuse(1, seL4_IllegalOperation);
    vka_free_object(&fake->vka, &object);
    assert_int_equal(kind_in(object.cptr), SEL4MODEL_CAP_ENDPOINT);

    vka_object_t none = {.cptr = 0};
    const unsigned long deletes = sel4model_invocations(SEL4MODEL_CNode_Delete);
    vka_free_object(&fake->vka, &none);
    assert_int_equal(sel4model_invocations(SEL4MODEL_CNode_Delete), deletes);
    assert_int_equal(fake->slots_given_back, 0);
    assert_int_equal(fake->memory_given_back, 0);
}

static void minting_an_object_takes_a_slot(void **state)
{
    struct fixture *fixture = *state;
    vka_t *const vka = &fixture->fake.vka;
    vka_object_t object = {.cptr = make_object(fixture, seL4_EndpointObject, 0)};
    cspacepath_t minted;

    assert_int_equal(vka_mint_object(vka, &object, &minted, seL4_AllRights, BADGE), 0);
    assert_int_equal(minted.capPtr, object.cptr + 1);
    assert_int_equal(badge_in(minted.capPtr), BADGE);

    struct fake_vka other;
    fake_vka_init(&other);
    other.vka.cspace_make_path = root_make_path;
    other.next_slot = object.cptr + 8;
    assert_int_equal(
        vka_mint_object_inter_cspace(vka, &object, &other.vka, &minted, seL4_AllRights, BADGE), 0);
    assert_int_equal(minted.capPtr, object.cptr + 8);
    assert_int_equal(kind_in(minted.capPtr), SEL4MODEL_CAP_ENDPOINT);
}

static void assert_no_path(const cspacepath_t *path)
{
    const cspacepath_t none = {.capPtr = 0};
    assert_memory_equal(path, &none, sizeof(none));
}

static void failed_minting_takes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct fake_vka *fake = &fixture->fake;
    vka_object_t object = {.cptr = make_object(fixture, seL4_EndpointObject, 0)};
    cspacepath_t minted = path_to(1);

    sel4model_refuse(1, seL4_InvalidCapability);
    assert_int_equal(vka_mint_object(&fake->vka, &object, &minted, seL4_AllRights, 0),
                     seL4_InvalidCapability);
    assert_no_path(&minted);
    assert_int_equal(fake->slots_given_back, 1);
    assert_int_equal(fake->last_freed_slot, object.cptr + 1);

    fake->slot_error = 7;
    minted = path_to(1);
    assert_int_equal(vka_mint_object(&fake->vka, &object, &minted, seL4_AllRights, 0), 7);
    assert_no_path(&minted);
    assert_int_equal(vka_mint_object(NULL, &object, &minted, seL4_AllRights, 0), -1);
    assert_int_equal(vka_mint_object(&fake->vka, NULL, &minted, seL4_AllRights, 0), -1);
    assert_int_equal(vka_mint_object(&fake->vka, &object, NULL, seL4_AllRights, 0), -1);
    assert_int_equal(fake->slots_given_back, 1);
}

// --- debug-vka.h

static void the_debug_vka_passes_calls_on(void **state)
{
    struct fixture *fixture = *state;
    struct fake_vka *fake = &fixture->fake;
    vka_t vka;
    assert_int_equal(vka_init_debugvka(NULL, &fake->vka), -1);
    assert_int_equal(vka_init_debugvka(&vka, NULL), -1);
    assert_int_equal(vka_init_debugvka(&fake->vka, &fake->vka), -1);
    assert_int_equal(vka_init_debugvka(&vka, &fake->vka), 0);

    vka_object_t object;
    const seL4_CPtr slot = fake->next_slot;
    assert_int_equal(vka_alloc_tcb(&vka, &object), 0);
    assert_int_equal(object.cptr, slot);
    assert_int_equal(object.ut, FAKE_FIRST_COOKIE);
    assert_int_equal(vka_object_paddr(&vka, &object),
                     fake_vka_paddr(object.ut, object.type, object.size_bits));
    vka_free_object(&vka, &object);
    assert_int_equal(fake->slots_given_back, 1);
    assert_int_equal(fake->last_target, FAKE_FIRST_COOKIE);

    fake->memory_error = -12;
    assert_int_equal(vka_alloc_untyped_at(&vka, 12, 0x1000, &object), -12);
    assert_int_equal(fake->last_paddr, 0x1000);
    const cspacepath_t path = path_to(slot);
    seL4_Word cookie;
    assert_int_equal(vka_utspace_alloc(&vka, &path, seL4_TCBObject, 0, &cookie), -12);
    fake->slot_error = 7;
    assert_int_equal(vka_alloc_tcb(&vka, &object), 7);
}

#define BOOTED(test) cmocka_unit_test_setup_teardown(test, boot, shut_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOTED(retype_takes_the_size_as_the_kernel_does),
        BOOTED(capabilities_are_copied_moved_and_deleted),
        BOOTED(capabilities_are_guarded_on_the_way),
        BOOTED(the_other_invocations_name_the_slot),
        BOOTED(the_receive_slot_is_in_the_ipc_buffer),
        BOOTED(freeing_deletes_then_gives_back),
        BOOTED(freeing_what_is_not_deleted_gives_nothing_back),
        BOOTED(minting_an_object_takes_a_slot),
        BOOTED(failed_minting_takes_nothing),
        BOOTED(the_debug_vka_passes_calls_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
