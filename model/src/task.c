/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Host threads that are threads of the model.
 *
 * As in the kernel, one lock covers everything, and who holds it is in the kernel. A thread that
 * the kernel would not run - suspended, or on MCS without scheduling context - waits where it
 * enters or leaves. */
#include "task.h"
#include "paging.h"
#include "stop.h"

#include <pthread.h>
#include <stdio.h>

#include <sel4model/threads.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t somebody_may_run = PTHREAD_COND_INITIALIZER;
static pthread_once_t key_is_made = PTHREAD_ONCE_INIT;
static pthread_key_t key; /* its destructor detaches a host thread that ends */

static _Thread_local struct task self;
static _Thread_local unsigned depth; /* how often this host thread has entered */

/* Those that wait for a change; guarded by the lock. */
static unsigned long waiting;

void model_enter(void)
{
    if (depth == 0) {
        pthread_mutex_lock(&lock);
        model.current = self.tcb != NULL ? self.tcb : model.root;
    }
    depth++;
}

void model_leave(void)
{
    depth--;
    if (depth == 0) {
        pthread_mutex_unlock(&lock);
    }
}

static bool is_to_run(const struct tcb *tcb)
{
#ifdef CONFIG_KERNEL_MCS
    return tcb->is_running && tcb->sched_context != NULL;
#else
    return tcb->is_running;
#endif
}

/* As a thread whose TCB was deleted: it never runs again. */
static void __attribute__((noreturn)) end_thread(void)
{
    model_leave();
    pthread_exit(NULL);
}

static void wait_until_running(void)
{
    while (self.tcb != NULL && !is_to_run(self.tcb)) {
        waiting++;
        pthread_cond_wait(&somebody_may_run, &lock);
        waiting--;
    }
    if (self.tcb == NULL) {
        end_thread();
    }
    model.current = self.tcb;
}

void model_enter_call(const struct invocation *call)
{
    model_enter();
    if (self.has_ended) {
        end_thread();
    }
    if (!model.is_booted) {
        model_stop("%s before sel4model_boot()", model_call_name(call));
    }
    if (self.tcb == NULL) {
        model_stop("%s: the calling host thread is no thread of the model "
                   "(sel4model_thread_attach)",
                   model_call_name(call));
    }
    if (!is_to_run(self.tcb)) {
        wait_until_running();
    }
}

void model_leave_call(void)
{
    model_task_look_again();
    if (self.tcb == NULL || !is_to_run(self.tcb)) {
        wait_until_running();
    }
    model_leave();
}

void model_task_boot(struct tcb *tcb)
{
    self = (struct task){.tcb = tcb};
    tcb->task = &self;
    model.root = tcb;
    model.current = tcb;
    model.tasks_attached = 1;
    model.task_numbers = 1;
}

void model_task_end(struct tcb *tcb)
{
    if (tcb->task == NULL) {
        return;
    }
    tcb->task->tcb = NULL;
    tcb->task->has_ended = tcb != model.root;
    tcb->task = NULL;
    model.tasks_attached--;
    model_task_look_again();
}

void model_task_look_again(void)
{
    if (waiting != 0) {
        pthread_cond_broadcast(&somebody_may_run);
    }
}

bool model_task_has_company(void)
{
    return model.tasks_attached > 1;
}

unsigned model_task_number(void)
{
    return self.number;
}

static void detach(void)
{
    if (self.tcb != NULL) {
        model_task_end(self.tcb);
    }
    self = (struct task){0};
}

static void detach_at_exit(void *unused)
{
    (void)unused;
    model_enter();
    detach();
    model_leave();
}

static void make_key(void)
{
    if (pthread_key_create(&key, detach_at_exit) != 0) {
        model_stop("the host has no key for the storage of threads");
    }
}

/* Why the calling host thread cannot become this TCB's; null: it can. */
static const char *obstacle(const struct slot *slot)
{
    if (self.tcb != NULL) {
        return "the calling host thread is a thread of the model already";
    }
    if (slot == NULL || slot->cap.kind != CAP_TCB) {
        return "the root task has no TCB there";
    }
    const struct tcb *const tcb = cap_tcb(&slot->cap);
    const struct cap *const vspace = &tcb->slots[TCB_VTABLE].cap;
    if (tcb->task != NULL) {
        return "another host thread is this TCB's";
    }
    if (vspace->kind != MODEL_VSPACE_KIND || cap_paging(vspace) != model.host_vspace) {
        return "its VSpace is not the root task's, which is the host process";
    }
    return NULL;
}

/* Where the thread's IPC buffer is, if its TCB has one that is mapped there. */
static seL4_IPCBuffer *ipc_buffer(const struct tcb *tcb)
{
    if (!model_has_ipc_buffer(tcb)) {
        return NULL;
    }
    const struct cap *const frame = &tcb->slots[TCB_BUFFER].cap;
    const unsigned level = paging_frame_level(frame->size_bits);
    const struct paging_place place =
        model_paging_find(model.host_vspace, tcb->buffer_vaddr, level);
    const bool is_there = place.level == level && paging_is_frame(*place.entry) &&
                          paging_frame_address(*place.entry) == frame->u.address;
    return is_there ? (seL4_IPCBuffer *)tcb->buffer_vaddr : NULL;
}

bool sel4model_thread_attach(seL4_CPtr cptr)
{
    model_enter();
    if (!model.is_booted) {
        model_stop("sel4model_thread_attach() before sel4model_boot()");
    }
    const struct slot *const slot =
        model_resolve(&model.root->slots[TCB_CTABLE].cap, cptr, seL4_WordBits).slot;
    const char *const reason = obstacle(slot);
    if (reason == NULL) {
        struct tcb *const tcb = cap_tcb(&slot->cap);
        self = (struct task){.tcb = tcb, .number = model.task_numbers};
        tcb->task = &self;
        model.task_numbers++;
        model.tasks_attached++;
        seL4_SetIPCBuffer(ipc_buffer(tcb));
        pthread_once(&key_is_made, make_key);
        pthread_setspecific(key, &self);
    } else {
        fprintf(stderr, "sel4model: sel4model_thread_attach(0x%llx): %s\n",
                (unsigned long long)cptr, reason);
    }
    model_leave();
    return reason == NULL;
}

void sel4model_thread_detach(void)
{
    model_enter();
    if (self.tcb != NULL && self.tcb == model.root) {
        model_stop("sel4model_thread_detach(): the root task cannot leave "
                   "(sel4model_shutdown takes the kernel down)");
    }
    detach();
    model_leave();
}
