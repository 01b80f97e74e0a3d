/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "process.h"

#include <vka/capops.h>

#include "demo.h"
#include "mapping.h"
#include "report.h"

#define CNODE_RADIX_BITS 8 /* log2 slots of a process's CNode */
#define THREADS 2
#define ENDPOINTS 4
#define NOTIFICATIONS 2
#define SMALL_FRAMES 24
#define IMAGE_VADDR 0x400000ul   /* a process's 4 KiB frames, the first of them for IPC buffers, */
#define LARGE_VADDR 0x40000000ul /* and its 2 MiB frame */

/* What the steps of building have to know of each other. */
struct process {
    vka_object_t cnode;
    vka_object_t vspace;
    vka_object_t ipc_buffer;
    seL4_Word next_slot; /* of the CNode */
};

static bool make_spaces(struct demo *demo, struct process *process)
{
    int error = vka_alloc_cnode_object(&demo->vka, CNODE_RADIX_BITS, &process->cnode);
    if (!objects_add(demo, error, "a CNode", (struct object){process->cnode, .is_shared = true})) {
        return false;
    }
    error = vka_alloc_vspace_root(&demo->vka, &process->vspace);
    if (!objects_add(demo, error, "a PML4", (struct object){process->vspace, .is_shared = true})) {
        return false;
    }
    error = (int)seL4_X86_ASIDPool_Assign(seL4_CapInitThreadASIDPool, process->vspace.cptr);
    return error == seL4_NoError || report_kernel("giving a PML4 its ASID", error);
}

/* Put a badged capability to an endpoint or a notification into the process's CNode. */
static bool give(struct demo *demo, struct process *process, const vka_object_t *object)
{
    cspacepath_t from;
    vka_cspace_make_path(&demo->vka, object->cptr, &from);
    const cspacepath_t to = {
        .root = process->cnode.cptr, .capPtr = ++process->next_slot, .capDepth = CNODE_RADIX_BITS};
    const int error = vka_cnode_mint(&to, &from, seL4_AllRights, process->next_slot);
    return error == seL4_NoError || report_kernel("filling a process's CNode", error);
}

static bool make_channels(struct demo *demo, struct process *process)
{
    for (unsigned i = 0; i < ENDPOINTS + NOTIFICATIONS; i++) {
        struct object object = {.is_shared = true};
        const int error = i < ENDPOINTS ? vka_alloc_endpoint(&demo->vka, &object.vka)
                                        : vka_alloc_notification(&demo->vka, &object.vka);
        if (!objects_add(demo, error, "an endpoint or a notification", object) ||
            !give(demo, process, &object.vka)) {
            return false;
        }
    }
    return true;
}

/* A frame that both the process and the root task have mapped; the second mapping takes a second
 * capability. */
static bool make_frame(struct demo *demo, struct process *process, unsigned size_bits,
                       uintptr_t vaddr)
{
    struct object frame = {.is_shared = true};
    int error = vka_alloc_frame(&demo->vka, size_bits, &frame.vka);
    if (error) {
        return report_allocator(demo->alloc, "a frame");
    }
    cspacepath_t from;
    cspacepath_t copy = {.capPtr = 0};
    vka_cspace_make_path(&demo->vka, frame.vka.cptr, &from);
    error = vka_cspace_alloc_path(&demo->vka, &copy);
    frame.copy = copy.capPtr;
    if (!objects_add(demo, error, "a slot for a frame's second capability", frame)) {
        return false;
    }
    error = vka_cnode_copy(&copy, &from, seL4_AllRights);
    if (error) {
        return report_kernel("copying a frame's capability", error);
    }
    const size_t index = demo->objects.count - 1; /* mapping adds paging structures behind it */
    uint64_t *const contents = map_into_window(demo, frame.vka.cptr, size_bits);
    if (!contents || !map_frame(demo, process->vspace.cptr, copy.capPtr, vaddr, false)) {
        return false;
    }
    demo->objects.at[index].contents = contents;
    object_fill(&demo->objects.at[index]);
    if (vaddr == IMAGE_VADDR) {
        process->ipc_buffer = frame.vka;
    }
    return true;
}

static bool make_frames(struct demo *demo, struct process *process)
{
    for (unsigned i = 0; i < SMALL_FRAMES; i++) {
        const uintptr_t vaddr = IMAGE_VADDR + ((uintptr_t)i << seL4_PageBits);
        if (!make_frame(demo, process, seL4_PageBits, vaddr)) {
            return false;
        }
    }
    return make_frame(demo, process, seL4_LargePageBits, LARGE_VADDR);
}

static bool make_threads(struct demo *demo, const struct process *process)
{
    const seL4_Word guard =
        seL4_CNode_CapData_new(0, seL4_WordBits - CNODE_RADIX_BITS).words[0];
    for (unsigned i = 0; i < THREADS; i++) {
        struct object tcb = {.is_shared = false};
        int error = vka_alloc_tcb(&demo->vka, &tcb.vka);
        if (!objects_add(demo, error, "a TCB", tcb)) {
            return false;
        }
        const seL4_Word buffer = IMAGE_VADDR + (uintptr_t)i * (1u << seL4_IPCBufferSizeBits);
        error = (int)seL4_TCB_Configure(tcb.vka.cptr, 1, process->cnode.cptr, guard,
                                        process->vspace.cptr, 0, buffer, process->ipc_buffer.cptr);
        if (error) {
            return report_kernel("configuring a thread", error);
        }
    }
    return true;
}

bool process_build(struct demo *demo, unsigned number)
{
    struct process process = {.next_slot = 0};
    return (make_spaces(demo, &process) && make_channels(demo, &process) &&
            make_frames(demo, &process) && make_threads(demo, &process)) ||
           report("process %u could not be built", number);
}
