/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// From the kernel's entry to main(): thread-local storage, the IPC buffer, the boot information.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "root_task.h"

int main(void);
void root_task_start(seL4_BootInfo *bootinfo); // called by entry.S

extern char root_task_tls_start[], root_task_tls_end[]; // root_task.lds

__thread seL4_IPCBuffer *__sel4_ipc_buffer; // libsel4 declares it and leaves it to the program
seL4_BootInfo *root_task_bootinfo;

enum { TLS_BYTES = 256, TLS_HEADER_BYTES = 16 };

// The thread pointer's block as each ABI lays it out: x86_64 has the variables below the pointer
// and the pointer's own value at it; aarch64 has two words between pointer and variables; riscv64
// has none.
static void thread_local_storage(void)
{
    static _Alignas(64) char block[TLS_BYTES + 2 * TLS_HEADER_BYTES];
    const size_t bytes = (size_t)(root_task_tls_end - root_task_tls_start);
    if (bytes > TLS_BYTES) {
        abort();
    }
#if defined(__x86_64__)
    char *const pointer = block + TLS_BYTES;
    memcpy(pointer - bytes, root_task_tls_start, bytes);
    memcpy(pointer, &pointer, sizeof(pointer));
#ifdef CONFIG_SET_TLS_BASE_SELF
    seL4_SetTLSBase((seL4_Word)(uintptr_t)pointer);
#else
    __asm__ volatile("wrfsbase %0" : : "r"(pointer) : "memory");
#endif
#elif defined(__aarch64__)
    memcpy(block + TLS_HEADER_BYTES, root_task_tls_start, bytes);
    __asm__ volatile("msr tpidr_el0, %0" : : "r"(block) : "memory");
#else
    memcpy(block, root_task_tls_start, bytes);
    __asm__ volatile("mv tp, %0" : : "r"(block) : "memory");
#endif
}

// What boot.py waits for. Then the thread leaves the stage; nothing else is there to run.
_Noreturn void exit(int status)
{
    printf("\nROOT TASK ENDS: %d\n", status);
    for (;;) {
        (void)seL4_TCB_Suspend(seL4_CapInitThreadTCB);
    }
}

_Noreturn void abort(void)
{
    exit(134);
}

// What libsel4's assertions call.
void __assert_fail(const char *text, const char *file, int line, const char *function)
{
    printf("%s:%d: %s: assertion fails: %s\n", file, line, function, text);
    abort();
}

void root_task_start(seL4_BootInfo *bootinfo)
{
    thread_local_storage();
    seL4_SetIPCBuffer(bootinfo->ipcBuffer);
    root_task_bootinfo = bootinfo;
    printf("ROOT TASK STARTS\n");
    exit(main());
}
