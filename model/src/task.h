/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Host threads that are threads of the model, and the one lock that they all take. */
#pragma once

#include "invocation.h"

/* What a host thread is in the model. One a host thread, in its own storage. */
struct task {
    struct tcb *tcb; /* null: it is no thread of the model, or not any more */
    unsigned number; /* in the order of attaching; 0 is the root task */
    bool has_ended;  /* its TCB was deleted, or its kernel shut down */
};

/* Take the lock, and let it go. May be nested. Whoever is no thread of the model looks at it as the
 * root task would. */
void model_enter(void);
void model_leave(void);

/* Hold the lock until the end of the block. */
static inline void model_leave_block(const int *unused)
{
    (void)unused;
    model_leave();
}

#define MODEL_ENTER_BLOCK()                                                                        \
    __attribute__((cleanup(model_leave_block))) const int model_block = (model_enter(), 0);        \
    (void)model_block

/* The same around an invocation: the calling host thread must be a thread of the model, and waits
 * until that is to run. One whose TCB was deleted ends here. */
void model_enter_call(const struct invocation *call);
void model_leave_call(void);

/* The calling host thread is the root task from now on. */
void model_task_boot(struct tcb *tcb);
/* Nobody is this TCB's thread any more. */
void model_task_end(struct tcb *tcb);
/* Threads that wait look whether they may run now. */
void model_task_look_again(void);
/* Whether another thread of the model could go on while the calling one does not. */
bool model_task_has_company(void);
/* The calling host thread's number. */
unsigned model_task_number(void);
