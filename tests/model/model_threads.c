/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Several host threads as threads of one model: each with its CSpace and IPC buffer, behind one lock.
#include "model_test.h"

#include <sel4model/threads.h>

#include <pthread.h>
#include <stdatomic.h>

enum {
    THREADS = 4,
    ROUNDS = 2000,
    CNODE_BITS = 6,
    // Slots of a worker's CNode.
    OWN_CNODE = 1,
    OWN_UNTYPED = 2,
    OWN_TCB = 3,
    OWN_EMPTY = 4,
    // Slots of the root task, from first_slot on: so many a worker.
    SLOTS_EACH = 16,
};

struct worker {
    pthread_t host_thread;
    seL4_CPtr tcb;     // in the root task's CSpace
    seL4_CPtr cnode;   // its CSpace
    seL4_CPtr untyped; // its memory
    seL4_CPtr buffer;  // frame of its IPC buffer
    seL4_Word buffer_vaddr;
    unsigned long done;
    unsigned long refused;
    atomic_bool is_attached;
    atomic_bool start_late;
    atomic_bool has_finished;
    atomic_bool is_enough;
};

static struct worker workers[THREADS];

// The data of a guard that fills a worker's CPtrs up.
static seL4_Word guard(void)
{
    return seL4_CNode_CapData_new(0, seL4_WordBits - CNODE_BITS).words[0];
}

#ifdef CONFIG_KERNEL_MCS
static seL4_Error configure(const struct worker *worker)
{
    return seL4_TCB_Configure(worker->tcb, worker->cnode, guard(), VSPACE, 0, worker->buffer_vaddr,
                              worker->buffer);
}

static seL4_Error give_time(const struct worker *worker, seL4_CPtr context)
{
    const seL4_Error error =
        retype(ram(19), seL4_SchedContextObject, seL4_MinSchedContextBits, context);
    return error != seL4_NoError ? error : seL4_SchedContext_Bind(context, worker->tcb);
}
#else
static seL4_Error configure(const struct worker *worker)
{
    return seL4_TCB_Configure(worker->tcb, 0, worker->cnode, guard(), VSPACE, 0,
                              worker->buffer_vaddr, worker->buffer);
}

static seL4_Error give_time(const struct worker *worker, seL4_CPtr context)
{
    (void)worker;
    (void)context;
    return seL4_NoError;
}
#endif

// A TCB with a CSpace of its own, in which it finds that CSpace, 4 KiB of memory and itself.
static void make_worker(struct worker *worker, size_t index, seL4_Word buffers)
{
    const seL4_Word slot = first_slot + index * SLOTS_EACH;
    *worker = (struct worker){.tcb = slot,
                              .cnode = slot + 1,
                              .untyped = slot + 2,
                              .buffer = slot + 3,
                              .buffer_vaddr = buffers + index * 4096};
    expect_ok(retype(ram(19), seL4_UntypedObject, 12, worker->untyped));
    expect_ok(retype(ram(19), SMALL_FRAME, 0, worker->buffer));
    expect_ok(retype(ram(19), seL4_TCBObject, 0, worker->tcb));
    expect_ok(retype(ram(19), seL4_CapTableObject, CNODE_BITS, worker->cnode));
    expect_ok(page_map(worker->buffer, VSPACE, worker->buffer_vaddr, seL4_ReadWrite));
    expect_ok(seL4_CNode_Mint(worker->cnode, OWN_CNODE, CNODE_BITS, ROOT, worker->cnode, DEPTH,
                              seL4_AllRights, guard()));
    expect_ok(
        seL4_CNode_Move(worker->cnode, OWN_UNTYPED, CNODE_BITS, ROOT, worker->untyped, DEPTH));
    expect_ok(seL4_CNode_Copy(worker->cnode, OWN_TCB, CNODE_BITS, ROOT, worker->tcb, DEPTH,
                              seL4_AllRights));
    expect_ok(configure(worker));
    expect_ok(give_time(worker, slot + 4));
}

static void make_workers(void)
{
    // Behind the boot information, where the image's page table reaches.
    const seL4_Word buffers = (seL4_Word)(uintptr_t)bootinfo + 8192;
    for (size_t i = 0; i < THREADS; i++) {
        make_worker(&workers[i], i, buffers);
    }
}

static void start(struct worker *worker, void *(*body)(void *))
{
    assert_int_equal(pthread_create(&worker->host_thread, NULL, body, worker), 0);
}

static void wait_for(const struct worker *worker)
{
    assert_int_equal(pthread_join(worker->host_thread, NULL), 0);
}

// Endpoints made and deleted in the worker's own CSpace; words of errors in its own IPC buffer.
static void *work_in_own_cspace(void *argument)
{
    struct worker *const worker = argument;
    worker->is_attached = sel4model_thread_attach(worker->tcb);
    for (int i = 0; worker->is_attached && i < ROUNDS; i++) {
        worker->refused += seL4_Untyped_Retype(OWN_UNTYPED, seL4_EndpointObject, 0, OWN_CNODE, 0, 0,
                                               OWN_EMPTY, 4) != seL4_NoError;
        // Each asks for a different size, so that answers of others would be seen.
        const seL4_Word bits = 20 + (seL4_Word)(worker - workers);
        worker->refused += seL4_Untyped_Retype(OWN_UNTYPED, seL4_UntypedObject, bits, OWN_CNODE, 0,
                                               0, OWN_EMPTY + 4, 1) != seL4_NotEnoughMemory;
        worker->refused += seL4_GetMR(0) != 4096 - (4 << seL4_EndpointBits);
        worker->refused += seL4_CNode_Revoke(OWN_CNODE, OWN_UNTYPED, seL4_WordBits) != seL4_NoError;
        worker->done++;
    }
    worker->refused += (seL4_Word)(uintptr_t)seL4_GetIPCBuffer() != worker->buffer_vaddr;
    return NULL;
}

static void each_thread_has_its_own_space(void **state)
{
    (void)state;
    make_workers();
    for (size_t i = 0; i < THREADS; i++) {
        expect_ok(seL4_TCB_Resume(workers[i].tcb));
    }
    const unsigned long caps = sel4model_live_caps();
    sel4model_counters_reset();
    for (size_t i = 0; i < THREADS; i++) {
        start(&workers[i], work_in_own_cspace);
    }
    for (size_t i = 0; i < THREADS; i++) {
        wait_for(&workers[i]);
        assert_true(workers[i].is_attached);
        assert_int_equal(workers[i].done, ROUNDS);
        assert_int_equal(workers[i].refused, 0);
    }
    assert_int_equal(sel4model_live_caps(), caps);
    assert_int_equal(sel4model_invocations(SEL4MODEL_CNode_Revoke), THREADS * ROUNDS);
    assert_int_equal(sel4model_invocations(SEL4MODEL_ANY_INVOCATION), THREADS * 3 * ROUNDS);
}

// All move one capability to and fro between two slots of one CNode, which only one at a time can.
static void *fight_over_a_slot(void *argument)
{
    struct worker *const worker = argument;
    worker->is_attached = sel4model_thread_attach(worker->tcb);
    for (int i = 0; worker->is_attached && i < ROUNDS; i++) {
        const seL4_Error error = i % 2 == 0 ? seL4_CNode_Move(1, 2, CNODE_BITS, 1, 3, CNODE_BITS)
                                            : seL4_CNode_Move(1, 3, CNODE_BITS, 1, 2, CNODE_BITS);
        worker->done += error == seL4_NoError;
        worker->refused += error == seL4_DeleteFirst || error == seL4_FailedLookup;
    }
    return NULL;
}

static void an_invocation_is_one_step(void **state)
{
    (void)state;
    make_workers();
    const seL4_Word arena = first_slot + (THREADS + 1) * SLOTS_EACH;
    expect_ok(retype(ram(19), seL4_CapTableObject, CNODE_BITS, arena));
    for (size_t i = 0; i < THREADS; i++) {
        // In every worker's CSpace slot 1 is the arena.
        expect_ok(seL4_CNode_Delete(workers[i].cnode, OWN_CNODE, CNODE_BITS));
        expect_ok(seL4_CNode_Copy(workers[i].cnode, OWN_CNODE, CNODE_BITS, ROOT, arena, DEPTH,
                                  seL4_AllRights));
        expect_ok(seL4_TCB_Resume(workers[i].tcb));
    }
    expect_ok(seL4_Untyped_Retype(ram(19), seL4_EndpointObject, 0, arena, 0, 0, 3, 1));
    const unsigned long caps = sel4model_live_caps();
    for (size_t i = 0; i < THREADS; i++) {
        start(&workers[i], fight_over_a_slot);
    }
    for (size_t i = 0; i < THREADS; i++) {
        wait_for(&workers[i]);
        assert_true(workers[i].is_attached);
        assert_int_equal(workers[i].done + workers[i].refused, ROUNDS);
    }
    struct sel4model_cap cap;
    unsigned found = 0;
    for (seL4_Word slot = 2; slot <= 3; slot++) {
        const struct sel4model_path path = {arena, slot, CNODE_BITS};
        assert_true(sel4model_inspect(path, &cap));
        found += cap.kind == SEL4MODEL_CAP_ENDPOINT;
    }
    assert_int_equal(found, 1);
    assert_int_equal(sel4model_live_caps(), caps);
}

static void *invoke_once(void *argument)
{
    struct worker *const worker = argument;
    worker->is_attached = sel4model_thread_attach(worker->tcb);
    worker->refused = seL4_CNode_Delete(OWN_CNODE, OWN_EMPTY, seL4_WordBits);
    worker->has_finished = true;
    return NULL;
}

static void a_thread_runs_when_it_is_resumed(void **state)
{
    (void)state;
    make_workers();
    start(&workers[0], invoke_once);
    usleep(20000);
    assert_false(workers[0].has_finished);
    expect_ok(seL4_TCB_Resume(workers[0].tcb));
    wait_for(&workers[0]);
    assert_true(workers[0].has_finished);
    assert_int_equal(workers[0].refused, 0);
}

static void *suspend_oneself(void *argument)
{
    struct worker *const worker = argument;
    worker->is_attached = sel4model_thread_attach(worker->tcb);
    worker->refused = seL4_TCB_Suspend(OWN_TCB);
    worker->has_finished = true;
    return NULL;
}

static void a_suspended_thread_waits(void **state)
{
    (void)state;
    make_workers();
    expect_ok(seL4_TCB_Resume(workers[0].tcb));
    start(&workers[0], suspend_oneself);
    while (sel4model_invocations(SEL4MODEL_TCB_Suspend) == 0) {
        usleep(1000);
    }
    usleep(20000);
    assert_false(workers[0].has_finished);
    expect_ok(seL4_TCB_Resume(workers[0].tcb));
    wait_for(&workers[0]);
    assert_true(workers[0].has_finished);
    assert_int_equal(workers[0].refused, 0);
}

static void *work_until_told(void *argument)
{
    struct worker *const worker = argument;
    worker->is_attached = sel4model_thread_attach(worker->tcb);
    while (!worker->is_enough) {
        (void)seL4_CNode_Delete(OWN_CNODE, OWN_EMPTY, seL4_WordBits);
    }
    worker->has_finished = true;
    return NULL;
}

static void reading_registers_suspends_if_wanted(void **state)
{
    (void)state;
    seL4_UserContext context;
    make_workers();
    expect_ok(seL4_TCB_Resume(workers[0].tcb));
    start(&workers[0], work_until_told);
    unsigned long calls = 0;
    for (seL4_Bool suspends = 0; suspends <= 1; suspends++) {
        const unsigned long before = sel4model_invocations(SEL4MODEL_CNode_Delete);
        while (sel4model_invocations(SEL4MODEL_CNode_Delete) == before) {
            usleep(1000);
        }
        expect_ok(seL4_TCB_ReadRegisters(workers[0].tcb, suspends, 0, 1, &context));
        calls = sel4model_invocations(SEL4MODEL_CNode_Delete);
    }
    usleep(20000);
    assert_int_equal(sel4model_invocations(SEL4MODEL_CNode_Delete), calls);
    workers[0].is_enough = true;
    expect_ok(seL4_TCB_Resume(workers[0].tcb));
    wait_for(&workers[0]);
    assert_true(workers[0].has_finished);
}

static void *work_for_ever(void *argument)
{
    struct worker *const worker = argument;
    worker->is_attached = sel4model_thread_attach(worker->tcb);
    for (;;) {
        (void)seL4_CNode_Delete(OWN_CNODE, OWN_EMPTY, seL4_WordBits);
    }
    return NULL;
}

// Its capability in its own CSpace keeps the TCB alive until that goes, too.
static void a_deleted_thread_ends(void **state)
{
    (void)state;
    make_workers();
    expect_ok(seL4_TCB_Resume(workers[0].tcb));
    start(&workers[0], work_for_ever);
    while (sel4model_invocations(SEL4MODEL_CNode_Delete) == 0) {
        usleep(1000);
    }
    expect_ok(delete_cap(workers[0].tcb));
    expect_ok(seL4_CNode_Delete(workers[0].cnode, OWN_TCB, CNODE_BITS));
    wait_for(&workers[0]); // or the test never ends
}

static void *delete_oneself(void *argument)
{
    struct worker *const worker = argument;
    worker->is_attached = sel4model_thread_attach(worker->tcb);
    while (worker->start_late) {
        usleep(1000);
    }
    (void)seL4_CNode_Delete(OWN_CNODE, OWN_TCB, seL4_WordBits);
    worker->has_finished = true;
    return NULL;
}

// The root task's capability goes first: the thread then holds the last one to itself.
static void a_thread_that_deletes_itself_ends(void **state)
{
    (void)state;
    make_workers();
    expect_ok(seL4_TCB_Resume(workers[0].tcb));
    start(&workers[0], delete_oneself);
    wait_for(&workers[0]);
    assert_true(workers[0].has_finished); // the root task's was left

    expect_ok(seL4_TCB_Resume(workers[1].tcb));
    workers[1].start_late = true;
    start(&workers[1], delete_oneself);
    while (!workers[1].is_attached) {
        usleep(1000);
    }
    expect_ok(delete_cap(workers[1].tcb));
    workers[1].start_late = false;
    wait_for(&workers[1]);
    assert_false(workers[1].has_finished);
}

static void *attach_only(void *argument)
{
    struct worker *const worker = argument;
    worker->is_attached = sel4model_thread_attach(worker->tcb);
    return NULL;
}

static bool can_attach(seL4_CPtr tcb)
{
    struct worker worker = {.tcb = tcb};
    start(&worker, attach_only);
    wait_for(&worker);
    return worker.is_attached;
}

static void attaching_is_checked(void **state)
{
    (void)state;
    make_workers();
    fflush(NULL);
    const int saved = dup(STDERR_FILENO); // the messages are expected
    assert_non_null(freopen("/dev/null", "w", stderr));
    assert_false(sel4model_thread_attach(workers[0].tcb)); // one is the root task already
    assert_false(can_attach(seL4_CapInitThreadTCB));       // somebody is that one
    assert_false(can_attach(first_slot + SLOTS_EACH - 1)); // empty
    assert_false(can_attach(ROOT));                        // no TCB
    expect_ok(retype(ram(19), seL4_TCBObject, 0, first_slot + SLOTS_EACH - 1));
    assert_false(can_attach(first_slot + SLOTS_EACH - 1)); // has no VSpace
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    assert_true(can_attach(workers[0].tcb));
    assert_true(can_attach(workers[0].tcb)); // the host thread before ended
}

static void *invoke_unattached(void *unused)
{
    (void)seL4_TCB_Resume(seL4_CapInitThreadTCB);
    return unused;
}

static void invoke_in_a_foreign_thread(void)
{
    pthread_t host_thread;
    (void)pthread_create(&host_thread, NULL, invoke_unattached, NULL);
    (void)pthread_join(host_thread, NULL);
}

static void leave_as_root(void)
{
    sel4model_thread_detach();
}

static void foreign_threads_are_told(void **state)
{
    (void)state;
    expect_stop(invoke_in_a_foreign_thread,
                "seL4_TCB_Resume: the calling host thread is no thread");
    expect_stop(leave_as_root, "the root task cannot leave");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        model_test(each_thread_has_its_own_space),
        model_test(an_invocation_is_one_step),
        model_test(a_thread_runs_when_it_is_resumed),
        model_test(a_suspended_thread_waits),
        model_test(reading_registers_suspends_if_wanted),
        model_test(a_deleted_thread_ends),
        model_test(a_thread_that_deletes_itself_ends),
        model_test(attaching_is_checked),
        model_test(foreign_threads_are_told),
    };
    return cmocka_run_group_tests_name("model: threads", tests, NULL, NULL);
}
