/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The two ELF files that the loader puts in place, and the loader's own entry. */

    .section .text.entry, "ax"
    .global _start
_start:
#if defined(__aarch64__)
    adrp    x1, loader_stack_end
    add     sp, x1, :lo12:loader_stack_end
    bl      loader_main
#else
    la      sp, loader_stack_end
    call    loader_main
#endif

    .section .rodata.payload, "a"
    .global loader_kernel, loader_root_task
    .balign 8
loader_kernel:
    .incbin KERNEL_ELF
    .balign 8
loader_root_task:
    .incbin ROOT_TASK_ELF

    .section .bss.stack, "aw", %nobits
    .balign 16
    .space 16 * 1024
loader_stack_end:

    .section .note.GNU-stack, "", %progbits
