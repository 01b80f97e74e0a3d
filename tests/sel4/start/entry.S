/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The first instructions of a root task: a stack, then C. The kernel leaves the address of the boot information where
 * each architecture's calling convention has the first argument. */

    .section .text.entry, "ax"
    .global _start
_start:
#if defined(__x86_64__)
    leaq    root_task_stack_end(%rip), %rsp
    xorl    %ebp, %ebp
    call    root_task_start
#elif defined(__aarch64__)
    adrp    x1, root_task_stack_end
    add     x1, x1, :lo12:root_task_stack_end
    mov     sp, x1
    mov     x29, xzr
    bl      root_task_start
#elif defined(__riscv)
    .option push
    .option norelax
    la      gp, __global_pointer$
    .option pop
    la      sp, root_task_stack_end
    call    root_task_start
#else
#error "no start-up code for this architecture"
#endif

    .section .bss.stack, "aw", %nobits
    .balign 4096
    .space 512 * 1024
root_task_stack_end:

    .section .note.GNU-stack, "", %progbits
