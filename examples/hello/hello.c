// examples/hello/hello.c
#include <stdio.h>
#include <allocman/bootstrap.h>
#include <allocman/vka.h>
#include <sel4model/sel4model.h>

static char pool[32 * 1024]; /* all the memory that allocman starts with */

int main(int argc, char **argv)
{
    seL4_BootInfo *const bi = argc == 2 ? sel4model_boot(argv[1]) : NULL; /* a real root task: seL4_GetBootInfo() */
    allocman_t *const alloc = bi ? bootstrap_use_bootinfo(bi, sizeof(pool), pool) : NULL;
    vka_t vka;
    vka_object_t endpoint, frame;
    if (!alloc || (allocman_make_vka(&vka, alloc), vka_alloc_endpoint(&vka, &endpoint)) ||
        vka_alloc_frame(&vka, seL4_PageBits, &frame)) {
        return 1;
    }
    printf("a frame at physical address 0x%lx\n", (unsigned long)vka_object_paddr(&vka, &frame));
    vka_free_object(&vka, &frame);
    vka_free_object(&vka, &endpoint);
    return 0;
}
