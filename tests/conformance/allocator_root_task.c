/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The allocator's load as root task. main() is called by a start-up that has set the IPC buffer.
#include "allocator.h"

int main(seL4_BootInfo *bootinfo);

void conformance_print(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        seL4_DebugPutChar(*at);
    }
}

void *conformance_addresses(size_t bytes)
{
    (void)bytes;
    return (void *)(((seL4_Word)seL4_UserTop >> 1) & ~(seL4_Word)0x3fffffff);
}

int main(seL4_BootInfo *bootinfo)
{
    return conformance_allocator(bootinfo);
}
