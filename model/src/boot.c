/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Booting (src/kernel/boot.c and src/arch/x86/kernel/boot.c): the initial objects, the
 * capabilities to them, and the boot information. */
#include "boot.h"
#include "arch.h"
#include "environment.h"
#include "memory.h"
#include "stop.h"
#include "task.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>

static int compare_untypeds(const void *a, const void *b)
{
    const struct record_untyped *const first = a;
    const struct record_untyped *const second = b;
    return (first->paddr > second->paddr) - (first->paddr < second->paddr);
}

static void add_gap(struct boot *boot, uint64_t start, uint64_t end)
{
    if (start < end) {
        boot->gaps[boot->gap_count] = (struct gap){start, end};
        boot->gap_count++;
    }
}

/* What lies between the untypeds, and last a region beyond all physical addresses, where everything
 * fits. */
static void find_gaps(struct boot *boot)
{
    struct record_untyped sorted[CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS];
    const size_t count = boot->record->untyped_count;
    uint64_t next = 0;
    memcpy(sorted, boot->record->untypeds, sizeof(sorted));
    qsort(sorted, count, sizeof(sorted[0]), compare_untypeds);
    for (size_t i = 0; i < count; i++) {
        add_gap(boot, next, sorted[i].paddr < MODEL_RAM_BYTES ? sorted[i].paddr : MODEL_RAM_BYTES);
        next = sorted[i].paddr + low_bits(sorted[i].size_bits) + 1;
    }
    add_gap(boot, next, MODEL_RAM_BYTES);
    add_gap(boot, (uint64_t)1 << MODEL_PADDR_BITS, MODEL_MEMORY_BYTES);
}

uint64_t model_boot_place(struct boot *boot, uint64_t bytes)
{
    const uint64_t page = (uint64_t)1 << seL4_PageBits;
    const bool is_power = (bytes & (bytes - 1)) == 0;
    const uint64_t mask = (is_power ? bytes : page) - 1;
    for (size_t i = 0; i < boot->gap_count; i++) {
        struct gap *const gap = &boot->gaps[i];
        const uint64_t address = (gap->start + MODEL_KERNEL_OFFSET + mask) & ~mask;
        const uint64_t start = address - MODEL_KERNEL_OFFSET;
        if (start >= gap->start && start < gap->end && gap->end - start >= bytes) {
            gap->start = start + bytes;
            return address;
        }
    }
    model_stop("boot: no physical addresses for an object of %llu bytes",
               (unsigned long long)bytes);
}

static void make_root_cnode(struct boot *boot)
{
    const unsigned radix_bits = (unsigned)boot->record->init_thread_cnode_size_bits;
    const uint64_t address = model_boot_place(boot, (uint64_t)1 << (radix_bits + seL4_SlotBits));
    struct cnode *const cnode = model_cnode_new(address, radix_bits);
    struct cap cap = {.kind = CAP_CNODE,
                      .size_bits = (uint8_t)(radix_bits + seL4_SlotBits),
                      .guard_bits = (uint32_t)(seL4_WordBits - radix_bits)};
    cap.u.object = &cnode->header;
    boot->slots = cnode->slots;
    model_insert_root(&boot->slots[seL4_CapInitThreadCNode], &cap);
}

/* The calling thread: holds copies of the root CNode's, VSpace's and IPC buffer's capabilities. */
static void make_thread(struct boot *boot, uintptr_t buffer_vaddr)
{
    static const struct {
        unsigned tcb_slot;
        seL4_Word source;
    } copies[] = {{TCB_CTABLE, seL4_CapInitThreadCNode},
                  {TCB_VTABLE, seL4_CapInitThreadVSpace},
                  {TCB_BUFFER, seL4_CapInitThreadIPCBuffer}};
    struct tcb *const tcb = model_tcb_new(model_boot_place(boot, (uint64_t)1 << seL4_TCBBits));
    for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
        struct slot *const source = &boot->slots[copies[i].source];
        struct cap cap = source->cap;
        (void)model_derive(source, &cap);
        model_insert_derived(&cap, source, &tcb->slots[copies[i].tcb_slot]);
    }
    tcb->buffer_vaddr = buffer_vaddr;
    tcb->priority = seL4_MaxPrio;
    tcb->max_priority = seL4_MaxPrio;
    tcb->is_running = true;
    model_tcb_setup_reply(tcb);
    model_task_boot(tcb);

    struct cap cap = {.kind = CAP_TCB, .size_bits = seL4_TCBBits};
    cap.u.object = &tcb->header;
    model_insert_root(&boot->slots[seL4_CapInitThreadTCB], &cap);
}

#ifdef CONFIG_KERNEL_MCS
/* The calling thread's scheduling context, and what configures others. */
static void make_scheduling(struct boot *boot)
{
    const seL4_SlotRegion region = boot->record->schedcontrol;
    const uint64_t address = model_boot_place(boot, (uint64_t)1 << seL4_MinSchedContextBits);
    struct sched_context *const context =
        model_sched_context_new(address, seL4_MinSchedContextBits);
    struct cap cap = {.kind = CAP_SCHED_CONTEXT, .size_bits = seL4_MinSchedContextBits};
    cap.u.object = &context->header;
    context->is_active = true;
    model_sched_bind(context, model.current);
    model_insert_root(&boot->slots[seL4_CapInitThreadSC], &cap);
    for (seL4_Word slot = region.start; slot < region.end; slot++) {
        const struct cap control = {.kind = CAP_SCHED_CONTROL};
        model_insert_root(&boot->slots[slot], &control);
    }
}
#endif

static void make_frame(struct boot *boot, seL4_Word slot, seL4_Word vaddr, uint64_t address)
{
    const struct cap cap = model_boot_frame(vaddr, address);
    model_insert_root(&boot->slots[slot], &cap);
}

/* The frames of a region of slots, one behind the other in memory and in the VSpace; where they
 * end. */
static uintptr_t make_frames(struct boot *boot, seL4_SlotRegion region, uintptr_t vaddr)
{
    const seL4_Word count = region.end - region.start;
    const uint64_t page = (uint64_t)1 << seL4_PageBits;
    uint64_t address = count == 0 ? 0 : model_boot_place(boot, (uint64_t)count * page);
    uintptr_t at = vaddr;
    for (seL4_Word slot = region.start; slot < region.end; slot++) {
        make_frame(boot, slot, at, address);
        address += page;
        at += (uintptr_t)page;
    }
    return at;
}

static void make_untypeds(struct boot *boot)
{
    for (size_t i = 0; i < boot->record->untyped_count; i++) {
        const struct record_untyped *const untyped = &boot->record->untypeds[i];
        struct cap cap = {.kind = CAP_UNTYPED,
                          .size_bits = (uint8_t)untyped->size_bits,
                          .flags = untyped->is_device ? CAP_DEVICE : 0,
                          .data = (uint64_t)1 << untyped->size_bits};
        cap.u.address = untyped->paddr + MODEL_KERNEL_OFFSET;
        model_insert_root(&boot->slots[boot->record->untyped.start + i], &cap);
    }
}

static void fill_bootinfo(const struct boot *boot, seL4_BootInfo *bootinfo, uintptr_t buffer_vaddr)
{
    const struct record *const record = boot->record;
    bootinfo->extraLen = record->extra_len;
    bootinfo->nodeID = record->node_id;
    bootinfo->numNodes = record->num_nodes;
    bootinfo->numIOPTLevels = arch_boot_io_levels();
    bootinfo->ipcBuffer = (seL4_IPCBuffer *)buffer_vaddr;
    bootinfo->empty = record->empty;
    bootinfo->sharedFrames = record->shared_frames;
    bootinfo->userImageFrames = record->user_image_frames;
    bootinfo->userImagePaging = record->user_image_paging;
    bootinfo->ioSpaceCaps = record->io_space_caps;
    bootinfo->extraBIPages = record->extra_bi_pages;
    bootinfo->initThreadCNodeSizeBits = record->init_thread_cnode_size_bits;
    bootinfo->initThreadDomain = record->init_thread_domain;
#ifdef CONFIG_KERNEL_MCS
    bootinfo->schedcontrol = record->schedcontrol;
#endif
    bootinfo->untyped = record->untyped;
    for (size_t i = 0; i < record->untyped_count; i++) {
        bootinfo->untypedList[i].paddr = (seL4_Word)record->untypeds[i].paddr;
        bootinfo->untypedList[i].sizeBits = (seL4_Uint8)record->untypeds[i].size_bits;
        bootinfo->untypedList[i].isDevice = record->untypeds[i].is_device;
    }
}

/* One piece of padding: a record has only the length. */
static void fill_extra(const struct record *record, uintptr_t vaddr)
{
    if (record->extra_len != 0) {
        seL4_BootInfoHeader *const header = (seL4_BootInfoHeader *)vaddr;
        header->id = SEL4_BOOTINFO_HEADER_PADDING;
        header->len = record->extra_len;
    }
}

/* The image, then the IPC buffer, then the boot information, then its extra pages. */
static seL4_BootInfo *make_everything(struct boot *boot)
{
    const struct record *const record = boot->record;
    const uintptr_t page = (uintptr_t)1 << seL4_PageBits;
    make_root_cnode(boot);
    const struct cap domain = {.kind = CAP_DOMAIN};
    model_insert_root(&boot->slots[seL4_CapDomain], &domain);
    model_boot_vspace(boot);

    const uintptr_t buffer_vaddr = make_frames(boot, record->user_image_frames, boot->image_vaddr);
    const uintptr_t info_vaddr = buffer_vaddr + page;
    const uintptr_t extra_vaddr = info_vaddr + seL4_BootInfoFrameSize;
    make_frame(boot, seL4_CapInitThreadIPCBuffer, buffer_vaddr, model_boot_place(boot, page));
    make_frame(boot, seL4_CapBootInfoFrame, info_vaddr,
               model_boot_place(boot, seL4_BootInfoFrameSize));
    (void)make_frames(boot, record->extra_bi_pages, extra_vaddr);
    fill_extra(record, extra_vaddr);

    arch_boot_caps(boot);
    make_thread(boot, buffer_vaddr);
#ifdef CONFIG_KERNEL_MCS
    make_scheduling(boot);
#endif
    make_untypeds(boot);
    seL4_BootInfo *const bootinfo = (seL4_BootInfo *)info_vaddr;
    fill_bootinfo(boot, bootinfo, buffer_vaddr);
    seL4_SetIPCBuffer(bootinfo->ipcBuffer);
    return bootinfo;
}

static size_t region_size(seL4_SlotRegion region)
{
    return region.end - region.start;
}

static uintptr_t place_image(const struct record *record)
{
    const size_t pages =
        region_size(record->user_image_frames) + region_size(record->extra_bi_pages) + 2;
    const unsigned bits = model_boot_image_bits(region_size(record->user_image_paging), pages);
    return model_memory_reserve((size_t)1 << bits, (size_t)1 << bits);
}

/* Boots so far: tells snapshots of one kernel from those of another. Guarded by the lock. */
static unsigned long boots;

seL4_BootInfo *sel4model_boot_with(const char *path, const struct sel4model_options *options)
{
    MODEL_ENTER_BLOCK();
    struct record *const record = malloc(sizeof(*record));
    struct boot *const boot = calloc(1, sizeof(*boot));
    seL4_BootInfo *bootinfo = NULL;
    if (record == NULL || boot == NULL) {
        model_stop("boot: the host has no memory");
    }
    const char *const named = path != NULL ? path : model_environment_record();
    const bool is_good = named != NULL ? model_record_read(record, named, options)
                                       : model_record_reject("environment", "SEL4MODEL_RECORD",
                                                             "names no record to boot from");
    if (is_good && model_environment_check() && model_environment_start()) {
        sel4model_shutdown();
        if (!model_memory_open()) {
            model_stop("boot: the host cannot make a memory file (memfd_create)");
        }
        model.is_booted = true;
        model.boot_number = ++boots;
        boot->record = record;
        boot->image_vaddr = place_image(record);
        if (boot->image_vaddr == 0) {
            model_stop("boot: the host has no free addresses for the image");
        }
        find_gaps(boot);
        bootinfo = make_everything(boot);
        model.bootinfo = bootinfo;
        model_environment_apply();
        model_trace_mark(TRACE_BOOT);
    }
    free(boot);
    free(record);
    return bootinfo;
}

seL4_BootInfo *sel4model_boot(const char *path)
{
    return sel4model_boot_with(path, NULL);
}

/* Frames mapped at addresses outside the reservations go, too. */
void sel4model_shutdown(void)
{
    MODEL_ENTER_BLOCK();
    if (!model.is_booted) {
        return;
    }
    model_environment_report();
    model_paging_shutdown();
    model_objects_free_all();
    model_memory_close();
    memset(&model, 0, sizeof(model));
    seL4_SetIPCBuffer(NULL);
}
