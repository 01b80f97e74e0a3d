/* SPDX-License-Identifier: BSD-2-Clause */
#include <stdio.h>
#include <allocman/bootstrap.h>
#include <allocman/vka.h>
#include <sel4model/sel4model.h>

static char pool[32 * 1024]; /* the ordinary memory that the allocator starts with */

int main(int argc, char **argv)
{
    seL4_BootInfo *const bi = argc == 2 ? sel4model_boot(argv[1]) : NULL;
    allocman_t *const alloc = bi ? bootstrap_use_bootinfo(bi, sizeof(pool), pool) : NULL;
    if (!alloc) {
        fputs("usage: hello RECORD, such as data/bootinfo/pc99-512m.json\n", stderr);
        return 1;
    }
    vka_t vka;
    vka_object_t endpoint, frame;
    allocman_make_vka(&vka, alloc);
    if (vka_alloc_endpoint(&vka, &endpoint) || vka_alloc_frame(&vka, seL4_PageBits, &frame)) {
        return 1;
    }
    printf("the frame lies at 0x%lx\n", (unsigned long)vka_object_paddr(&vka, &frame));
    vka_free_object(&vka, &frame);
    vka_free_object(&vka, &endpoint);
    return 0;
}
