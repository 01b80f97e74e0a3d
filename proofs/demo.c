/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* What the demonstration does, small, for Frama-C's Eva: a start on a static pool, book memory that grows, objects of several
 * sizes taken and freed, and an allocation by address. The kernel below does all that it is asked. Not compiled into anything:
 * see make proofs.
 *
 * The pools lie at addresses that are numbers, so that Eva computes with the addresses in them exactly. */

#include <allocman/bootstrap.h>
#include <allocman/vka.h>
#include <vka/object.h>

#define POOL   ((char *)0x100000)
#define WINDOW ((char *)0x200000)
enum { POOL_BYTES = 0x4000, WINDOW_BYTES = 0x10000, ROUNDS = 3 };

static seL4_IPCBuffer buffer;
seL4_IPCBuffer *__sel4_ipc_buffer = &buffer;

static seL4_Error answer(void)
{
    return seL4_NoError;
}

seL4_Error seL4_Untyped_Retype(seL4_Untyped untyped, seL4_Word type, seL4_Word size_bits,
                               seL4_CNode root, seL4_Word node_index, seL4_Word node_depth,
                               seL4_Word node_offset, seL4_Word num_objects)
{
    return answer();
}

seL4_Error seL4_CNode_Revoke(seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    return answer();
}

seL4_Error seL4_CNode_Delete(seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    return answer();
}

seL4_Error seL4_CNode_Copy(seL4_CNode root, seL4_Word dest_index, seL4_Uint8 dest_depth,
                           seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth,
                           seL4_CapRights_t rights)
{
    return answer();
}

seL4_Error seL4_CNode_Mint(seL4_CNode root, seL4_Word dest_index, seL4_Uint8 dest_depth,
                           seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth,
                           seL4_CapRights_t rights, seL4_Word badge)
{
    return answer();
}

seL4_Error seL4_CNode_Move(seL4_CNode root, seL4_Word dest_index, seL4_Uint8 dest_depth,
                           seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth)
{
    return seL4_FailedLookup; /* of a slot to itself: how an empty one is told */
}

seL4_Error seL4_X86_PDPT_Map(seL4_X86_PDPT pdpt, seL4_X64_PML4 pml4, seL4_Word vaddr,
                             seL4_X86_VMAttributes attr)
{
    return answer();
}

seL4_Error seL4_X86_PageDirectory_Map(seL4_X86_PageDirectory pd, seL4_CPtr vspace, seL4_Word vaddr,
                                      seL4_X86_VMAttributes attr)
{
    return answer();
}

seL4_Error seL4_X86_PageTable_Map(seL4_X86_PageTable pt, seL4_CPtr vspace, seL4_Word vaddr,
                                  seL4_X86_VMAttributes attr)
{
    return answer();
}

seL4_Error seL4_X86_Page_Map(seL4_X86_Page page, seL4_CPtr vspace, seL4_Word vaddr,
                             seL4_CapRights_t rights, seL4_X86_VMAttributes attr)
{
    return answer();
}

seL4_Error seL4_TCB_SetSpace(seL4_TCB tcb, seL4_Word fault_ep, seL4_CNode cspace_root,
                             seL4_Word cspace_root_data, seL4_CPtr vspace_root,
                             seL4_Word vspace_root_data)
{
    return answer();
}

void seL4_DebugPutChar(char c)
{
    (void)c;
}

static seL4_BootInfo info = {
    .ipcBuffer = &buffer,
    .empty = {409, 524288},
    .initThreadCNodeSizeBits = 19,
    .untyped = {313, 319},
    .untypedList = {{.paddr = 0x0, .sizeBits = 20, .isDevice = 1},
                    {.paddr = 0x100000, .sizeBits = 20},
                    {.paddr = 0x200000, .sizeBits = 21},
                    {.paddr = 0x400000, .sizeBits = 22},
                    {.paddr = 0x3000, .sizeBits = 12},
                    {.paddr = 0x2800, .sizeBits = 11}},
};

static int taken(vka_t *vka, vka_object_t *object, unsigned kind)
{
    switch (kind) {
    case 0:
        return vka_alloc_endpoint(vka, object);
    case 1:
        return vka_alloc_frame(vka, seL4_PageBits, object);
    case 2:
        return vka_alloc_tcb(vka, object);
    case 3:
        return vka_alloc_cnode_object(vka, 4, object);
    default:
        return vka_alloc_object_at_maybe_dev(vka, seL4_X86_4K, seL4_PageBits, 0x9000, true, object);
    }
}

int main(void)
{
    enum { KINDS = 5, OBJECTS = ROUNDS * KINDS };
    allocman_t *const alloc = bootstrap_use_bootinfo(&info, POOL_BYTES, POOL);
    if (!alloc) {
        return 1;
    }
    vka_t vka;
    allocman_make_vka(&vka, alloc);
    bootstrap_configure_virtual_pool(alloc, WINDOW, WINDOW_BYTES, seL4_CapInitThreadVSpace);
    vka_object_t object[OBJECTS];
    unsigned count = 0;
    for (unsigned i = 0; i < OBJECTS; i++) {
        count += taken(&vka, &object[count], i % KINDS) == 0;
    }
    for (unsigned i = 0; i < count; i++) {
        vka_free_object(&vka, &object[i]);
    }
    return 0;
}
