/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* Counting on the host: the processor traps after each instruction. */

#define _GNU_SOURCE /* REG_RIP */

#include "steps.h"

#include <sel4/sel4.h>
#include <signal.h>
#include <string.h>

const bool steps_cheap = false;

#if defined(__x86_64__)

#include <ucontext.h>

#define TRAP_FLAG 0x100

/* What the allocator calls of the kernel's interface: src/kernel.h. */
static const uintptr_t kernel_entries[] = {
    (uintptr_t)seL4_Untyped_Retype,    (uintptr_t)seL4_CNode_Delete,
    (uintptr_t)seL4_CNode_Revoke,      (uintptr_t)seL4_CNode_Mint,
    (uintptr_t)seL4_CNode_Copy,        (uintptr_t)seL4_CNode_Move,
#if defined(CONFIG_ARCH_X86)
    (uintptr_t)seL4_X86_Page_Map,      (uintptr_t)seL4_X86_Page_Unmap,
    (uintptr_t)seL4_X86_PageTable_Map,
#if defined(CONFIG_ARCH_X86_64)
    (uintptr_t)seL4_X86_PDPT_Map,      (uintptr_t)seL4_X86_PageDirectory_Map,
#endif
#elif defined(CONFIG_ARCH_RISCV)
    (uintptr_t)seL4_RISCV_Page_Map,      (uintptr_t)seL4_RISCV_Page_Unmap,
    (uintptr_t)seL4_RISCV_PageTable_Map,
#else
    (uintptr_t)seL4_ARM_Page_Map,      (uintptr_t)seL4_ARM_Page_Unmap,
    (uintptr_t)seL4_ARM_PageTable_Map,
#endif
};

/* Where a call of the kernel that is not counted returns to. */
uintptr_t steps_return __attribute__((visibility("hidden")));

void steps_on(void);
void steps_off(void);
void steps_resume(void);

/* The flag takes effect one instruction after it is set: with the `ret`. */
__asm__(".text\n"
        "steps_on:\n"
        "    pushfq\n"
        "    orq $0x100, (%rsp)\n"
        "    popfq\n"
        "    ret\n"
        "steps_off:\n"
        "    pushfq\n"
        "    andq $~0x100, (%rsp)\n"
        "    popfq\n"
        "    ret\n"
        "steps_resume:\n"
        "    pushq steps_return(%rip)\n"
        "    pushfq\n"
        "    orq $0x100, (%rsp)\n"
        "    popfq\n"
        "    ret\n");

static uint32_t counted;
static uint32_t counted_empty; /* what an empty piece of code counts */
static uintptr_t last_at;
static bool returning; /* from the kernel: that return is not counted */

static bool is_kernel(uintptr_t at)
{
    for (size_t i = 0; i < sizeof(kernel_entries) / sizeof(kernel_entries[0]); i++) {
        if (kernel_entries[i] == at) {
            return true;
        }
    }
    return false;
}

/* After each instruction. A call of the kernel runs on without traps, and returns to
 * steps_resume. */
static void on_trap(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    greg_t *const registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const uintptr_t at = (uintptr_t)registers[REG_RIP];
    if (at == last_at) {
        return; /* one repeated string instruction, which goes on */
    }
    last_at = at;
    counted += returning ? 0 : 1;
    returning = is_kernel(at);
    if (returning) {
        uintptr_t *const top = (uintptr_t *)registers[REG_RSP];
        steps_return = *top;
        *top = (uintptr_t)steps_resume;
        registers[REG_EFL] &= ~(greg_t)TRAP_FLAG;
    }
}

bool steps_prepare(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = on_trap;
    action.sa_flags = SA_SIGINFO;
    if (sigaction(SIGTRAP, &action, NULL) != 0) {
        return false;
    }
    steps_begin();
    counted_empty = steps_end();
    return counted_empty > 0;
}

void steps_begin(void)
{
    counted = 0;
    last_at = 0;
    steps_on();
}

uint32_t steps_end(void)
{
    steps_off();
    return counted - counted_empty;
}

#else

bool steps_prepare(void)
{
    return false;
}

void steps_begin(void)
{
}

uint32_t steps_end(void)
{
    return 0;
}

#endif

struct kernel_steps steps_kernel(void)
{
    return (struct kernel_steps){0};
}
