/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What MCS adds: scheduling contexts and replies as objects, fault endpoints as capabilities.
#include "model_test.h"

enum { TCB = 0, CONTEXT = 2, NOTIFICATION = 4, ENDPOINT = 6, REPLY = 7 }; // offsets from first_slot

#define CONTROL bootinfo->schedcontrol.start

static void make_objects(void)
{
    const seL4_CPtr untyped = ram(21);
    expect_ok(retype_many(untyped, seL4_TCBObject, 0, first_slot + TCB, 2));
    expect_ok(retype_many(untyped, seL4_SchedContextObject, 8, first_slot + CONTEXT, 2));
    expect_ok(retype_many(untyped, seL4_NotificationObject, 0, first_slot + NOTIFICATION, 2));
    expect_ok(retype(untyped, seL4_EndpointObject, 0, first_slot + ENDPOINT));
    expect_ok(retype(untyped, seL4_ReplyObject, 0, first_slot + REPLY));
}

static seL4_Error set_params(seL4_CPtr tcb, seL4_CPtr context, seL4_CPtr fault)
{
    return seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 1, 1, context, fault);
}

static void objects(void **state)
{
    (void)state;
    const seL4_CPtr untyped = ram(19);
    assert_int_equal(kind_at(seL4_CapInitThreadSC), SEL4MODEL_CAP_SCHED_CONTEXT);
    assert_int_equal(kind_at(CONTROL), SEL4MODEL_CAP_SCHED_CONTROL);
    expect_argument(retype(untyped, seL4_SchedContextObject, 6, first_slot), 1);
    expect_ok(retype(untyped, seL4_SchedContextObject, 7, first_slot));
    assert_int_equal(cap_at(first_slot).size_bits, 7);
    assert_int_equal(cap_at(first_slot).object_type, seL4_SchedContextObject);
    expect_ok(retype(untyped, seL4_ReplyObject, 0, first_slot + 1));
    assert_int_equal(cap_at(first_slot + 1).size_bits, seL4_ReplyBits);
    assert_int_equal(cap_at(first_slot + 1).object_type, seL4_ReplyObject);
    assert_int_equal(cap_at(first_slot + 1).paddr, cap_at(untyped).paddr + 128);
    expect_ok(seL4_TCB_Resume(first_slot + 1)); // nobody waits for the reply
    // Copies are the same object.
    expect_ok(copy_cap(first_slot + 2, first_slot));
    expect_ok(copy_cap(first_slot + 3, first_slot + 1));
    assert_false(cap_at(first_slot).is_final);
    assert_false(cap_at(first_slot + 1).is_final);
    expect_ok(revoke_cap(untyped));
    for (seL4_Word i = 0; i < 4; i++) {
        expect_empty(first_slot + i);
    }
}

static seL4_Error configure(seL4_Time budget, seL4_Time period, seL4_Word extra)
{
    return seL4_SchedControl_Configure(CONTROL, first_slot + CONTEXT, budget, period, extra, 0);
}

static void configuring(void **state)
{
    (void)state;
    make_objects();
    expect_ok(configure(1000, 1000, 0));
    expect_ok(configure(20, 1000, seL4_MaxExtraRefills(8)));
    expect_range(configure(20, 1000, seL4_MaxExtraRefills(8) + 1), 0, seL4_MaxExtraRefills(8));
    expect_error(configure(19, 1000, 0), seL4_RangeError);
    expect_mr(0, 20);
    expect_range(configure(1001, 1000, 0), 20, 1000);
    expect_error(configure(~(seL4_Time)0, ~(seL4_Time)0, 0), seL4_RangeError);
    expect_capability(seL4_SchedControl_Configure(CONTROL, first_slot + TCB, 20, 20, 0, 0), 1);
    expect_error(seL4_SchedContext_Unbind(CONTROL), seL4_IllegalOperation);
}

static void binding(void **state)
{
    (void)state;
    const seL4_CPtr context = first_slot + CONTEXT;
    make_objects();
    expect_capability(seL4_SchedContext_Bind(context, first_slot + ENDPOINT), 1);
    expect_ok(seL4_SchedContext_Bind(context, first_slot + TCB));
    expect_error(seL4_SchedContext_Bind(context, first_slot + TCB + 1), seL4_IllegalOperation);
    expect_error(seL4_SchedContext_Bind(context + 1, first_slot + TCB), seL4_IllegalOperation);
    expect_ok(seL4_SchedContext_Bind(context, first_slot + NOTIFICATION));
    expect_error(seL4_SchedContext_Bind(context + 1, first_slot + NOTIFICATION),
                 seL4_IllegalOperation);
    expect_error(seL4_SchedContext_UnbindObject(context, first_slot + TCB + 1),
                 seL4_IllegalOperation);
    expect_ok(seL4_SchedContext_UnbindObject(context, first_slot + TCB));
    expect_ok(seL4_SchedContext_Bind(context + 1, first_slot + TCB));
    expect_ok(delete_cap(first_slot + NOTIFICATION)); // unbinds
    expect_ok(seL4_SchedContext_Bind(context, first_slot + NOTIFICATION + 1));
    expect_ok(delete_cap(first_slot + TCB)); // unbinds
    expect_ok(seL4_SchedContext_Bind(context + 1, first_slot + TCB + 1));
    expect_ok(delete_cap(context + 1)); // unbinds
    expect_ok(seL4_SchedContext_Bind(context, first_slot + TCB + 1));
    expect_ok(seL4_SchedContext_Unbind(context));
    expect_ok(seL4_SchedContext_Bind(context, first_slot + NOTIFICATION + 1));
    assert_int_equal(seL4_SchedContext_Consumed(context).error, seL4_NoError);
    assert_int_equal(seL4_SchedContext_YieldTo(context).error, seL4_IllegalOperation); // no thread
    // The calling thread keeps its own.
    expect_error(seL4_SchedContext_Unbind(seL4_CapInitThreadSC), seL4_IllegalOperation);
    expect_error(set_params(seL4_CapInitThreadTCB, 0, 0), seL4_IllegalOperation);
}

static void scheduling_parameters(void **state)
{
    (void)state;
    const seL4_CPtr tcb = first_slot + TCB;
    make_objects();
    expect_capability(set_params(tcb, first_slot + ENDPOINT, 0), 2);
    expect_capability(set_params(tcb, 0, first_slot + NOTIFICATION), 3);
    expect_ok(set_params(tcb, first_slot + CONTEXT, first_slot + ENDPOINT));
    assert_false(cap_at(first_slot + ENDPOINT).is_final); // the TCB has a copy
    expect_error(set_params(tcb + 1, first_slot + CONTEXT, 0), seL4_IllegalOperation);
    expect_error(set_params(tcb, first_slot + CONTEXT + 1, 0), seL4_IllegalOperation);
    expect_ok(set_params(tcb, first_slot + CONTEXT, 0));
    assert_true(cap_at(first_slot + ENDPOINT).is_final);
    expect_ok(set_params(tcb, 0, 0));
    expect_ok(set_params(tcb + 1, first_slot + CONTEXT, 0));
}

static void fault_endpoints(void **state)
{
    (void)state;
    const seL4_CPtr tcb = first_slot + TCB;
    const seL4_CPtr weak = first_slot + 20;
    make_objects();
    expect_ok(
        seL4_CNode_Copy(ROOT, weak, DEPTH, ROOT, first_slot + ENDPOINT, DEPTH, seL4_ReadWrite));
    expect_capability(seL4_TCB_SetTimeoutEndpoint(tcb, weak), 1); // needs a way to answer
    expect_capability(seL4_TCB_SetTimeoutEndpoint(tcb, first_slot + REPLY), 1);
    expect_ok(seL4_TCB_SetTimeoutEndpoint(tcb, first_slot + ENDPOINT));
    expect_capability(seL4_TCB_SetSpace(tcb, weak, ROOT, 0, VSPACE, 0), 1);
    expect_error(seL4_TCB_SetSpace(tcb, weak, VSPACE, 0, VSPACE, 0), seL4_IllegalOperation);
    expect_ok(seL4_TCB_SetSpace(tcb, first_slot + ENDPOINT, ROOT, 0, VSPACE, 0));
    expect_ok(revoke_cap(first_slot + ENDPOINT));
}

// The machine's record, but for the end of its scheduling controls.
static void write_without_controls(const char *path)
{
    static char text[16384];
    unsigned long start = 0;
    FILE *file = fopen(RECORD(MACHINE), "r");
    assert_non_null(file);
    text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
    fclose(file);
    const char *const place = strstr(text, "\"schedcontrol\": [");
    assert_non_null(place);
    assert_int_equal(sscanf(place, "\"schedcontrol\": [%lu", &start), 1);
    file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%.*s\"schedcontrol\": [%lu, %lu%s", (int)(place - text), text, start, start,
            strchr(place, ']'));
    fclose(file);
}

static void boot_without_controls(void)
{
    char path[] = "sel4model-scheduling-XXXXXX";
    close(mkstemp(path));
    write_without_controls(path);
    const bool is_booted = sel4model_boot(path) != NULL;
    unlink(path);
    if (!is_booted) {
        abort();
    }
}

static void every_node_has_a_control(void **state)
{
    (void)state;
    expect_stop(boot_without_controls, "schedcontrol: 0 slots, but there is 1 node");
}

static void delete_own_context(void)
{
    (void)delete_cap(seL4_CapInitThreadSC);
}

static void the_own_context_stays(void **state)
{
    (void)state;
    expect_stop(delete_own_context, "the thread stops here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(objects),
        model_test(configuring),
        model_test(binding),
        model_test(scheduling_parameters),
        model_test(fault_endpoints),
        model_test(the_own_context_stays),
        model_test(every_node_has_a_control),
    };
    return cmocka_run_group_tests_name("model: scheduling", tests, NULL, NULL);
}
