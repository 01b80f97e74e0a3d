/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Debug system calls, and libsel4's place for the boot information. */
#include "arch.h"
#include "stop.h"
#include "task.h"

#include <stdio.h>
#include <string.h>

LIBSEL4_THREAD_LOCAL seL4_IPCBuffer *__sel4_ipc_buffer;

static seL4_BootInfo *kept_bootinfo;

void seL4_InitBootInfo(seL4_BootInfo *bi)
{
    kept_bootinfo = bi;
}

/* A root task that was not written for the model begins with this: its start-up code would have
 * been told where the boot information is. */
seL4_BootInfo *seL4_GetBootInfo(void)
{
    MODEL_ENTER_BLOCK();
    if (kept_bootinfo == NULL && !model.is_booted && sel4model_boot(NULL) == NULL) {
        model_stop("%s before sel4model_boot(), and booting failed", __func__);
    }
    return kept_bootinfo != NULL ? kept_bootinfo : model.bootinfo;
}

void seL4_DebugPutChar(char c)
{
    putchar(c);
}

void seL4_DebugPutString(char *str)
{
    fputs(str, stdout);
}

void seL4_DebugDumpScheduler(void)
{
    puts("sel4model: one thread, the calling one");
}

void seL4_DebugHalt(void)
{
    model_stop("seL4_DebugHalt: the kernel halts");
}

void seL4_DebugSnapshot(void)
{
    puts("sel4model: no snapshot");
}

static const struct cap *find_cap(seL4_CPtr cptr, const char *call)
{
    if (!model.is_booted) {
        model_stop("%s before sel4model_boot()", call);
    }
    const struct slot *const slot =
        model_resolve(&model.current->slots[TCB_CTABLE].cap, cptr, seL4_WordBits).slot;
    return slot == NULL ? NULL : &slot->cap;
}

seL4_Uint32 seL4_DebugCapIdentify(seL4_CPtr cap)
{
    MODEL_ENTER_BLOCK();
    const struct cap *const found = find_cap(cap, __func__);
    return found == NULL ? 0 : arch_cap_number(found);
}

/* The kernel halts where it finds no TCB; the stub writes the name into the message registers. */
void seL4_DebugNameThread(seL4_CPtr tcb, const char *name)
{
    MODEL_ENTER_BLOCK();
    const struct cap *const found = find_cap(tcb, __func__);
    if (found == NULL || found->kind != CAP_TCB) {
        model_stop("%s: CPtr 0x%llx is no TCB: the kernel halts", __func__,
                   (unsigned long long)tcb);
    }
    if (strlen(name) >= sizeof(seL4_GetIPCBuffer()->msg)) {
        model_stop("%s: the name does not fit into the message registers", __func__);
    }
    memcpy(seL4_GetIPCBuffer()->msg, name, strlen(name) + 1);
}
