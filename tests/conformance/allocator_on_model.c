/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// The allocator's load on the kernel model: allocator_on_model RECORD
#include <stdio.h>

#include <sel4model/sel4model.h>

#include "allocator.h"

void conformance_print(const char *text)
{
    fputs(text, stdout);
}

void *conformance_addresses(size_t bytes)
{
    return sel4model_free_vaddr(bytes);
}

int main(int argc, char **argv)
{
    seL4_BootInfo *const bootinfo = argc == 2 ? sel4model_boot(argv[1]) : NULL;
    if (bootinfo == NULL) {
        fprintf(stderr, "usage: %s RECORD: %s\n", argv[0], argc == 2 ? sel4model_error() : "");
        return 2;
    }
    const int result = conformance_allocator(bootinfo);
    sel4model_shutdown();
    return result;
}
