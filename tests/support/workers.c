/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#include "workers.h"

#include <pthread.h>

#include <allocman/vka.h>
#include <sel4model/threads.h>
#include <vka/object.h>

#include "arch.h"

struct worker {
    pthread_t host_thread;
    pthread_barrier_t *all;
    seL4_CPtr tcb;
    unsigned number;
    void (*body)(void *context, unsigned number);
    void *context;
    bool attached;
};

static seL4_Error tcb_configure(seL4_CPtr tcb, seL4_Word guard, seL4_Word buffer_vaddr,
                                seL4_CPtr buffer)
{
#ifdef CONFIG_KERNEL_MCS
    return seL4_TCB_Configure(tcb, seL4_CapInitThreadCNode, guard, seL4_CapInitThreadVSpace, 0,
                              buffer_vaddr, buffer);
#else
    return seL4_TCB_Configure(tcb, 0, seL4_CapInitThreadCNode, guard, seL4_CapInitThreadVSpace, 0,
                              buffer_vaddr, buffer);
#endif
}

// MCS: a thread runs only with a scheduling context.
static bool give_time(vka_t *vka, seL4_CPtr tcb)
{
#ifdef CONFIG_KERNEL_MCS
    vka_object_t context;
    return !vka_alloc_sched_context(vka, &context) && !seL4_SchedContext_Bind(context.cptr, tcb);
#else
    (void)vka;
    (void)tcb;
    return true;
#endif
}

static bool worker_make(vka_t *vka, const seL4_BootInfo *bootinfo, struct worker *worker)
{
    // Behind the boot information, where the image's page table reaches.
    const seL4_Word vaddr = (seL4_Word)(uintptr_t)bootinfo + 8192 + worker->number * 4096;
    const seL4_Word guard =
        seL4_CNode_CapData_new(0, seL4_WordBits - bootinfo->initThreadCNodeSizeBits).words[0];
    vka_object_t tcb, buffer;
    if (vka_alloc_tcb(vka, &tcb) || vka_alloc_frame(vka, seL4_PageBits, &buffer)) {
        return false;
    }
    worker->tcb = tcb.cptr;
    return !page_map(buffer.cptr, seL4_CapInitThreadVSpace, vaddr, seL4_ReadWrite) &&
           !tcb_configure(tcb.cptr, guard, vaddr, buffer.cptr) && give_time(vka, tcb.cptr) &&
           !seL4_TCB_Resume(tcb.cptr);
}

static void *worker_work(void *argument)
{
    struct worker *const worker = argument;
    worker->attached = sel4model_thread_attach(worker->tcb);
    (void)pthread_barrier_wait(worker->all);
    if (worker->attached) {
        worker->body(worker->context, worker->number);
        sel4model_thread_detach();
    }
    return NULL;
}

bool workers_run(allocman_t *alloc, const seL4_BootInfo *bootinfo, unsigned count,
                 void (*body)(void *context, unsigned number), void *context)
{
    struct worker workers[WORKERS_MAX];
    pthread_barrier_t all;
    vka_t vka;
    allocman_make_vka(&vka, alloc);
    if (count > WORKERS_MAX || pthread_barrier_init(&all, NULL, count)) {
        return false;
    }
    bool good = true;
    for (unsigned i = 0; i < count && good; i++) {
        workers[i] = (struct worker){.all = &all, .number = i, .body = body, .context = context};
        good = worker_make(&vka, bootinfo, &workers[i]);
    }
    for (unsigned i = 0; i < count && good; i++) {
        good = !pthread_create(&workers[i].host_thread, NULL, worker_work, &workers[i]);
    }
    for (unsigned i = 0; i < count && good; i++) {
        good = !pthread_join(workers[i].host_thread, NULL) && workers[i].attached;
    }
    (void)pthread_barrier_destroy(&all);
    return good;
}
