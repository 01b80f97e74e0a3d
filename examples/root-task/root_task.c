/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* A root task in plain libsel4, written as for a real x86_64 kernel: nothing in it knows of the kernel
 * model. Compiled for the one or the other it prints the same; printed.txt is what a real kernel
 * made of it. docs/model.md runs it. */

#include <sel4/sel4.h>
#include <stdio.h>

#define ROOT        seL4_CapInitThreadCNode
#define VSPACE      seL4_CapInitThreadVSpace
#define DEPTH       seL4_WordBits
#define POOL_BITS   18 /* memory for all of this: 256 KiB */
#define CNODE_BITS  6
#define WINDOW      0x280000000000ul /* an address range that nobody uses */
#define SECOND_PAGE (WINDOW + (1ul << seL4_PageBits))

/* Slots, from the first free one on. */
enum { POOL, CNODE, ENDPOINT, TCB, FRAME, FRAME_COPY, BUFFER, TABLES };

static seL4_Word first_slot;
static seL4_Word table_count;

static seL4_CPtr slot(seL4_Word number)
{
    return first_slot + number;
}

static const char *name_of(seL4_Error error)
{
    static const char *const names[] = {
        "ok",           "invalid argument", "invalid capability", "illegal operation",
        "range error",  "alignment error",  "failed lookup",      "truncated message",
        "delete first", "revoke first",     "not enough memory"};
    return error < seL4_NumErrors ? names[error] : "?";
}

static seL4_Error make(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits, seL4_Word number)
{
    return seL4_Untyped_Retype(untyped, type, size_bits, ROOT, 0, 0, slot(number), 1);
}

/* The smallest untyped of RAM that holds 2^size_bits bytes. */
static seL4_CPtr find_untyped(const seL4_BootInfo *info, seL4_Word size_bits)
{
    seL4_CPtr best = seL4_CapNull;
    seL4_Word best_bits = seL4_WordBits;
    for (seL4_Word i = 0; i < info->untyped.end - info->untyped.start; i++) {
        const seL4_UntypedDesc *const untyped = &info->untypedList[i];
        if (!untyped->isDevice && untyped->sizeBits >= size_bits && untyped->sizeBits < best_bits) {
            best = info->untyped.start + i;
            best_bits = untyped->sizeBits;
        }
    }
    return best;
}

static void memory(const seL4_BootInfo *info)
{
    const seL4_CPtr untyped = find_untyped(info, POOL_BITS);
    printf("256 KiB of memory: %s\n", name_of(make(untyped, seL4_UntypedObject, POOL_BITS, POOL)));
    printf("an untyped of 3 bits: %s", name_of(make(slot(POOL), seL4_UntypedObject, 3, CNODE)));
    printf(", number %d\n", (int)seL4_GetMR(0));
    printf("an untyped of 19 bits: %s", name_of(make(slot(POOL), seL4_UntypedObject, 19, CNODE)));
    printf(", %d bytes left\n", (int)seL4_GetMR(0));
    printf("an untyped of 48 bits: %s", name_of(make(slot(POOL), seL4_UntypedObject, 48, CNODE)));
    printf(", from %d to %d\n", (int)seL4_GetMR(0), (int)seL4_GetMR(1));
}

static void capabilities(void)
{
    printf("a CNode: %s\n", name_of(make(slot(POOL), seL4_CapTableObject, CNODE_BITS, CNODE)));
    printf("an endpoint: %s\n", name_of(make(slot(POOL), seL4_EndpointObject, 0, ENDPOINT)));
    printf("badged, into the CNode: %s\n",
           name_of(seL4_CNode_Mint(slot(CNODE), 5, CNODE_BITS, ROOT, slot(ENDPOINT), DEPTH,
                                   seL4_CanWrite, 77)));
    printf("once more: %s\n", name_of(seL4_CNode_Copy(slot(CNODE), 5, CNODE_BITS, ROOT,
                                                      slot(ENDPOINT), DEPTH, seL4_AllRights)));
    printf("from an empty slot: %s",
           name_of(seL4_CNode_Move(slot(CNODE), 6, CNODE_BITS, slot(CNODE), 7, CNODE_BITS)));
    printf(", source %d, failure %d, %d bits left\n", (int)seL4_GetMR(0), (int)seL4_GetMR(1),
           (int)seL4_GetMR(2));
    printf("a badge is not replaced: %s\n",
           name_of(seL4_CNode_Mint(slot(CNODE), 6, CNODE_BITS, slot(CNODE), 5, CNODE_BITS,
                                   seL4_AllRights, 78)));
}

static seL4_Error map_table(seL4_Word level_bits, seL4_CPtr table)
{
    switch (level_bits) {
    case 39:
        return seL4_X86_PDPT_Map(table, VSPACE, WINDOW, seL4_X86_Default_VMAttributes);
    case 30:
        return seL4_X86_PageDirectory_Map(table, VSPACE, WINDOW, seL4_X86_Default_VMAttributes);
    default:
        return seL4_X86_PageTable_Map(table, VSPACE, WINDOW, seL4_X86_Default_VMAttributes);
    }
}

/* Map a frame, and whatever paging structure the kernel says is missing. At most three rounds. */
static seL4_Error map_frame(seL4_CPtr frame, seL4_Word vaddr, seL4_CapRights_t rights)
{
    seL4_Error error =
        seL4_X86_Page_Map(frame, VSPACE, vaddr, rights, seL4_X86_Default_VMAttributes);
    while (error == seL4_FailedLookup) {
        const seL4_Word level_bits = seL4_GetMR(2);
        const seL4_Word type = level_bits == 39   ? seL4_X86_PDPTObject
                               : level_bits == 30 ? seL4_X86_PageDirectoryObject
                                                  : seL4_X86_PageTableObject;
        const seL4_Word number = TABLES + table_count++;
        printf("  nothing covers these 2^%d bytes", (int)level_bits);
        error = make(slot(POOL), type, 0, number);
        if (error == seL4_NoError) {
            error = map_table(level_bits, slot(number));
        }
        printf(": a paging structure: %s\n", name_of(error));
        if (error == seL4_NoError) {
            error = seL4_X86_Page_Map(frame, VSPACE, vaddr, rights, seL4_X86_Default_VMAttributes);
        }
    }
    return error;
}

static void mappings(void)
{
    volatile unsigned long *const first = (volatile unsigned long *)WINDOW;
    volatile unsigned long *const second = (volatile unsigned long *)SECOND_PAGE;
    printf("a frame: %s\n", name_of(make(slot(POOL), seL4_X86_4K, 0, FRAME)));
    const seL4_Error error = map_frame(slot(FRAME), WINDOW, seL4_ReadWrite);
    printf("mapped: %s\n", name_of(error));
    if (error != seL4_NoError) {
        return;
    }
    printf("it holds %lu", *first);
    *first = 4711;
    printf(", then %lu\n", *first);
    printf("a copy: %s\n", name_of(seL4_CNode_Copy(ROOT, slot(FRAME_COPY), DEPTH, ROOT, slot(FRAME),
                                                   DEPTH, seL4_AllRights)));
    printf("mapped beside it: %s\n",
           name_of(map_frame(slot(FRAME_COPY), SECOND_PAGE, seL4_CanRead)));
    printf("there it holds %lu\n", *second);
    const seL4_X86_Page_GetAddress_t one = seL4_X86_Page_GetAddress(slot(FRAME));
    const seL4_X86_Page_GetAddress_t other = seL4_X86_Page_GetAddress(slot(FRAME_COPY));
    printf("both lie at one address: %s\n", one.paddr == other.paddr ? "yes" : "no");
    printf("unmapped: %s\n", name_of((seL4_Error)seL4_X86_Page_Unmap(slot(FRAME_COPY))));
}

static void thread(void)
{
    seL4_UserContext registers = {0};
    printf("a TCB: %s\n", name_of(make(slot(POOL), seL4_TCBObject, 0, TCB)));
    printf("a buffer: %s\n", name_of(make(slot(POOL), seL4_X86_4K, 0, BUFFER)));
    printf("mapped: %s\n", name_of(map_frame(slot(BUFFER), SECOND_PAGE, seL4_ReadWrite)));
    printf("configured, buffer not aligned: %s\n",
           name_of((seL4_Error)seL4_TCB_Configure(slot(TCB), seL4_CapNull, slot(CNODE),
                                                  DEPTH - CNODE_BITS, VSPACE, 0, SECOND_PAGE + 8,
                                                  slot(BUFFER))));
    printf("configured: %s\n", name_of((seL4_Error)seL4_TCB_Configure(
                                   slot(TCB), seL4_CapNull, slot(CNODE), DEPTH - CNODE_BITS, VSPACE,
                                   0, SECOND_PAGE, slot(BUFFER))));
    printf("priority: %s\n",
           name_of((seL4_Error)seL4_TCB_SetPriority(slot(TCB), seL4_CapInitThreadTCB, 100)));
    registers.rip = 0x400000;
    printf("registers: %s\n",
           name_of((seL4_Error)seL4_TCB_WriteRegisters(
               slot(TCB), 0, 0, sizeof(registers) / sizeof(seL4_Word), &registers)));
}

static void all_back(void)
{
    printf("all taken back: %s\n", name_of(seL4_CNode_Revoke(ROOT, slot(POOL), DEPTH)));
    printf("the memory is whole: %s\n",
           name_of(make(slot(POOL), seL4_UntypedObject, POOL_BITS, CNODE)));
    printf("and gone: %s\n", name_of(seL4_CNode_Delete(ROOT, slot(CNODE), DEPTH)));
}

int main(void)
{
#pragma GCC diagnostic ignored "-Wdeprecated-declarations" /* as the start-up code leaves it */
    const seL4_BootInfo *const info = seL4_GetBootInfo();
    first_slot = info->empty.start;
    printf("%d node, root CNode of 2^%d slots, %s\n", (int)info->numNodes,
           (int)info->initThreadCNodeSizeBits,
           info->untyped.end > info->untyped.start ? "memory" : "no memory");
    memory(info);
    capabilities();
    mappings();
    thread();
    all_back();
    return 0;
}
