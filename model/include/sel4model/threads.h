/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// Several host threads as threads of one model.
///
/// The thread that boots is the root task. Another host thread becomes the thread of a TCB: it
/// invokes with that TCB's CSpace and IPC buffer. All of the model is behind one lock, as the kernel
/// is: each invocation happens as a whole before or after each other one. Host threads run at the
/// same time; priorities do not count.
///
/// What stops a thread in the kernel stops the host thread at its next invocation: suspended, it
/// waits until it is resumed (on MCS: and has a scheduling context); deleted, it ends
/// (pthread_exit()). Only where nobody is left to go on does the program stop with a message.
#pragma once

#include <sel4model/sel4model.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Make the calling host thread the thread of a TCB.
///
/// Sets the host thread's IPC buffer (seL4_SetIPCBuffer()) to the TCB's if that is mapped, as a
/// thread's start-up code would; else to NULL. A TCB that has not been resumed may be attached: the
/// first invocation then waits. The TCB's registers are books only: they are not what runs.
///
/// Shape:   `tcb` is a CPtr in the CSpace of the root task, not the calling thread's: that has none
///          yet. The host thread stays the TCB's until it detaches, ends, or the TCB is deleted.
/// Needs:   a booted kernel
/// Errors:  false iff there is no TCB there, another host thread is its, its VSpace is not the root
///          task's, or the calling host thread is one of the model already; which of these is
///          written to standard error.
/// Cost:    constant
/// Kernel:  none
bool sel4model_thread_attach(seL4_CPtr tcb);

/// Make the calling host thread no thread of the model any more.
///
/// Shape:   without effect on a host thread that is none. The TCB stays as it is and may be attached
///          again. A host thread that ends is detached by itself.
/// Needs:   not called by the root task
/// Errors:  none
/// Cost:    constant
/// Kernel:  none
void sel4model_thread_detach(void);

#ifdef __cplusplus
}
#endif
