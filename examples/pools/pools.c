/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// How small the pools can be on a recorded machine: the static pool that a start takes, and what of
// a virtual pool is in use at most while memory is taken as objects. The table in docs/porting.md.

#include <stdio.h>
#include <stdlib.h>

#include <allocman/bootstrap.h>
#include <allocman/vka.h>
#include <sel4model/sel4model.h>

enum { VIRTUAL_BYTES = 64 << 20, FEW = 10000 };

// Pages of the virtual pool that are mapped.
static size_t pages_mapped(const allocman_t *alloc)
{
    return ((const struct bootstrap_managers *)alloc)->mspace.virtual_pool.frames_mapped;
}

// Take small frames, a number of them or until there are none; how many there were.
static size_t take_frames(vka_t *vka, size_t most)
{
    size_t count = 0;
    vka_object_t frame;
    while (count < most && vka_alloc_frame(vka, seL4_PageBits, &frame) == 0) {
        count++;
    }
    return count;
}

static const char *limit_text(const allocman_t *alloc)
{
    const enum allocman_status status = allocman_last_failure(alloc)->status;
    return status == ALLOCMAN_NO_SLOT ? "slots" : status == ALLOCMAN_NO_UNTYPED ? "memory" : "?";
}

int main(int argc, char **argv)
{
    seL4_BootInfo *const bi = argc == 2 ? sel4model_boot(argv[1]) : NULL;
    const size_t bytes = bi ? bootstrap_pool_bytes(bi) : 0;
    char *const pool = malloc(bytes ? bytes : 1);
    allocman_t *const alloc = bi ? bootstrap_use_bootinfo(bi, bytes, pool) : NULL;
    if (!alloc) {
        fputs("usage: pools RECORD, such as data/bootinfo/pc99-512m.json\n", stderr);
        return 1;
    }
    printf("untypeds                                  %10lu\n",
           (unsigned long)(bi->untyped.end - bi->untyped.start));
    printf("static pool, boot CSpace                  %10zu bytes\n", bytes);
    printf("static pool, new CSpace of 2^17 slots     %10zu bytes\n",
           bootstrap_new_pool_bytes(bi, 17, 0));
    printf("static pool, new CSpace of 2^10 x 2^10    %10zu bytes\n",
           bootstrap_new_pool_bytes(bi, 10, 10));

    vka_t vka;
    allocman_make_vka(&vka, alloc);
    bootstrap_configure_virtual_pool(alloc, sel4model_free_vaddr(VIRTUAL_BYTES), VIRTUAL_BYTES,
                                     seL4_CapInitThreadVSpace);
    printf("virtual pool, at the start                %10zu pages\n", pages_mapped(alloc));
    const size_t few = take_frames(&vka, FEW);
    printf("virtual pool, %6zu frames of 4 KiB       %10zu pages\n", few, pages_mapped(alloc));
    const size_t more = take_frames(&vka, ~(size_t)0);
    printf("virtual pool, %6zu frames, no more %-6s %10zu pages\n", few + more, limit_text(alloc),
           pages_mapped(alloc));
    free(pool);
    return 0;
}
