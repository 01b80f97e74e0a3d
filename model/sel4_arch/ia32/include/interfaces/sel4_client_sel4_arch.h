/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Invocations that only ia32 has; included by sel4_client.h. */
#pragma once

struct seL4_X86_PageDirectory_GetStatusBits {
    int error;
    seL4_Word accessed;
    seL4_Word dirty;
};
typedef struct seL4_X86_PageDirectory_GetStatusBits seL4_X86_PageDirectory_GetStatusBits_t;

seL4_X86_PageDirectory_GetStatusBits_t
seL4_X86_PageDirectory_GetStatusBits(seL4_X86_PageDirectory _service, seL4_Word vaddr);
