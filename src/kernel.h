/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
#pragma once

/* Every seL4 invocation that this library makes; nothing else in src/ calls the kernel. */

#include <stdbool.h>
#include <sel4/sel4.h>
#include <sel4/sel4_arch/mapping.h>
#include <vka/cspacepath_t.h>

#if defined(CONFIG_ARCH_RISCV)
#define KERNEL_SMALL_PAGE seL4_RISCV_4K_Page
#elif defined(CONFIG_ARCH_X86)
#define KERNEL_SMALL_PAGE seL4_X86_4K
#else
#define KERNEL_SMALL_PAGE seL4_ARM_SmallPageObject
#endif

/* Paging structures below the top-level table, lowest first: what one small page can lack. Their
 * sizes and the log2 of the range that each covers are libsel4's (SEL4 manual, "Address
 * Spaces"). */
struct kernel_table {
    seL4_Word type;
    unsigned size_bits;
    unsigned range_bits; /* == seL4_MappingFailedLookupLevel() where it is missing */
};

#if defined(CONFIG_ARCH_X86_64)
#define KERNEL_TABLE_LEVELS 3
#define KERNEL_TABLES                                                                              \
    {                                                                                              \
        {seL4_X86_PageTableObject, seL4_PageTableBits, SEL4_MAPPING_LOOKUP_NO_PT},                 \
            {seL4_X86_PageDirectoryObject, seL4_PageDirBits, SEL4_MAPPING_LOOKUP_NO_PD},           \
        {                                                                                          \
            seL4_X86_PDPTObject, seL4_PDPTBits, SEL4_MAPPING_LOOKUP_NO_PDPT                        \
        }                                                                                          \
    }
#elif defined(CONFIG_ARCH_IA32)
#define KERNEL_TABLE_LEVELS 1
#define KERNEL_TABLES                                                                              \
    {                                                                                              \
        {                                                                                          \
            seL4_X86_PageTableObject, seL4_PageTableBits, SEL4_MAPPING_LOOKUP_NO_PT                \
        }                                                                                          \
    }
#elif defined(CONFIG_ARCH_AARCH64) && defined(CONFIG_ARM_HYPERVISOR_SUPPORT) &&                    \
    defined(CONFIG_ARM_PA_SIZE_BITS_40)
/* Guests' addresses of 40 bits: no upper directory below the top (libsel4, seL4_VSpaceIndexBits). */
#define KERNEL_TABLE_LEVELS 2
#define KERNEL_TABLES                                                                              \
    {                                                                                              \
        {seL4_ARM_PageTableObject, seL4_PageTableBits, SEL4_MAPPING_LOOKUP_NO_PT},                 \
        {                                                                                          \
            seL4_ARM_PageTableObject, seL4_PageTableBits, SEL4_MAPPING_LOOKUP_NO_PD                \
        }                                                                                          \
    }
#elif defined(CONFIG_ARCH_AARCH64)
#define KERNEL_TABLE_LEVELS 3
#define KERNEL_TABLES                                                                              \
    {                                                                                              \
        {seL4_ARM_PageTableObject, seL4_PageTableBits, SEL4_MAPPING_LOOKUP_NO_PT},                 \
            {seL4_ARM_PageTableObject, seL4_PageTableBits, SEL4_MAPPING_LOOKUP_NO_PD},             \
        {                                                                                          \
            seL4_ARM_PageTableObject, seL4_PageTableBits, SEL4_MAPPING_LOOKUP_NO_PUD               \
        }                                                                                          \
    }
#elif defined(CONFIG_ARCH_AARCH32)
#define KERNEL_TABLE_LEVELS 1
#define KERNEL_TABLES                                                                              \
    {                                                                                              \
        {                                                                                          \
            seL4_ARM_PageTableObject, seL4_PageTableBits, SEL4_MAPPING_LOOKUP_NO_PT                \
        }                                                                                          \
    }
#elif defined(CONFIG_ARCH_RISCV)
#if defined(CONFIG_ARCH_RISCV64)
#define KERNEL_TABLE_LEVELS 2
#define KERNEL_TABLES                                                                              \
    {                                                                                              \
        {seL4_RISCV_PageTableObject, seL4_PageTableBits, 21},                                      \
        {                                                                                          \
            seL4_RISCV_PageTableObject, seL4_PageTableBits, 30                                     \
        }                                                                                          \
    }
#else
#define KERNEL_TABLE_LEVELS 1
#define KERNEL_TABLES                                                                              \
    {                                                                                              \
        {                                                                                          \
            seL4_RISCV_PageTableObject, seL4_PageTableBits, 22                                     \
        }                                                                                          \
    }
#endif
#else
#error "no such architecture"
#endif

static const struct kernel_table kernel_tables[KERNEL_TABLE_LEVELS] = KERNEL_TABLES;

/* A word that is another one for each thread, and never 0: buffers are aligned. */
static inline seL4_Word kernel_this_thread(void)
{
    return (seL4_Word)(uintptr_t)seL4_GetIPCBuffer() | 1;
}

/* Make `count` objects from `untyped` in consecutive slots, the first of them `path`. */
static inline seL4_Error kernel_retype(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits,
                                       const cspacepath_t *path, seL4_Word count)
{
    return (seL4_Error)seL4_Untyped_Retype(untyped, type, size_bits, path->root, path->dest,
                                           path->destDepth, path->offset, count);
}

static inline seL4_Error kernel_delete(const cspacepath_t *path)
{
    return (seL4_Error)seL4_CNode_Delete(path->root, path->capPtr, (seL4_Uint8)path->capDepth);
}

static inline seL4_Error kernel_revoke(const cspacepath_t *path)
{
    return (seL4_Error)seL4_CNode_Revoke(path->root, path->capPtr, (seL4_Uint8)path->capDepth);
}

/* Copy, with a guard of `guard_bits` zero bits if it is a CNode and that is not 0. */
static inline seL4_Error kernel_copy(const cspacepath_t *to, const cspacepath_t *from,
                                     unsigned guard_bits)
{
    const seL4_Word data = guard_bits ? seL4_CNode_CapData_new(0, guard_bits).words[0] : 0;
    return (seL4_Error)(guard_bits
                            ? seL4_CNode_Mint(to->root, to->capPtr, (seL4_Uint8)to->capDepth,
                                              from->root, from->capPtr, (seL4_Uint8)from->capDepth,
                                              seL4_AllRights, data)
                            : seL4_CNode_Copy(to->root, to->capPtr, (seL4_Uint8)to->capDepth,
                                              from->root, from->capPtr, (seL4_Uint8)from->capDepth,
                                              seL4_AllRights));
}

static inline seL4_Error kernel_move(const cspacepath_t *to, const cspacepath_t *from)
{
    return (seL4_Error)seL4_CNode_Move(to->root, to->capPtr, (seL4_Uint8)to->capDepth, from->root,
                                       from->capPtr, (seL4_Uint8)from->capDepth);
}

/* Give a thread another CSpace, whose root gets a guard of `guard_bits` zero bits; 0: the root's
 * own. The kernel wants the VSpace with it; the fault handler is reset. */
static inline seL4_Error kernel_set_space(seL4_CPtr tcb, seL4_CPtr root, unsigned guard_bits,
                                          seL4_CPtr vspace)
{
    const seL4_Word data = guard_bits ? seL4_CNode_CapData_new(0, guard_bits).words[0] : 0;
    return (seL4_Error)seL4_TCB_SetSpace(tcb, 0, root, data, vspace, 0);
}

/* Does a slot hold a capability? Moves it onto itself: the kernel looks at the destination
 * first, so that an occupied slot answers DeleteFirst and an empty one FailedLookup, and nothing
 * moves. */
static inline bool kernel_slot_occupied(const cspacepath_t *path)
{
    return seL4_CNode_Move(path->root, path->capPtr, (seL4_Uint8)path->capDepth, path->root,
                           path->capPtr, (seL4_Uint8)path->capDepth) == seL4_DeleteFirst;
}

/* Was a Retype refused because what it was to be made from is no untyped? Asks for an object type
 * that there is not: an untyped answers InvalidArgument before it looks at anything else, and no
 * other capability does. */
static inline bool kernel_refused_source(seL4_Error refused, seL4_CPtr source,
                                         const cspacepath_t *path)
{
    return (refused == seL4_InvalidCapability || refused == seL4_IllegalOperation) &&
           kernel_retype(source, seL4_ObjectTypeCount, 0, path, 1) != seL4_InvalidArgument;
}

/* Was a Copy or a Move refused because there is nothing at its source? To be asked before the next
 * invocation. */
static inline bool kernel_refused_empty(seL4_Error refused)
{
    const seL4_Word lookup_was_source = 1;
    return refused == seL4_FailedLookup && seL4_GetMR(0) == lookup_was_source &&
           seL4_GetMR(1) == seL4_MissingCapability;
}

/* Was a Retype of an object that RAM becomes refused because it was to be made from device memory?
 * To be asked before the next invocation. */
static inline bool kernel_refused_device(seL4_Error refused)
{
    return refused == seL4_InvalidArgument && seL4_GetMR(0) == 1;
}

/* Map a small frame, readable and writable. *missing is the index in kernel_tables of the lowest
 * paging structure that lacks, or KERNEL_TABLE_LEVELS when that is not what is wrong. */
static inline seL4_Error kernel_map_page(seL4_CPtr frame, seL4_CPtr vspace, seL4_Word address,
                                         unsigned *missing)
{
#if defined(CONFIG_ARCH_X86)
    const seL4_Error error = (seL4_Error)seL4_X86_Page_Map(frame, vspace, address, seL4_ReadWrite,
                                                           seL4_X86_Default_VMAttributes);
#elif defined(CONFIG_ARCH_RISCV)
    const seL4_Error error = (seL4_Error)seL4_RISCV_Page_Map(frame, vspace, address, seL4_ReadWrite,
                                                             seL4_RISCV_Default_VMAttributes);
#else
    const seL4_Error error = (seL4_Error)seL4_ARM_Page_Map(frame, vspace, address, seL4_ReadWrite,
                                                           seL4_ARM_Default_VMAttributes);
#endif
    *missing = KERNEL_TABLE_LEVELS;
    /* Only MissingCapability makes the level (the next word) meaningful: SEL4_FACTS section 9. */
    if (error == seL4_FailedLookup && seL4_GetMR(1) == seL4_MissingCapability) {
        const seL4_Word level = seL4_MappingFailedLookupLevel();
        for (unsigned i = 0; i < KERNEL_TABLE_LEVELS; i++) {
            if (level == kernel_tables[i].range_bits) {
                *missing = i;
            }
        }
    }
    return error;
}

/* Map the paging structure kernel_tables[level] where it lacks for `address`. */
static inline seL4_Error kernel_map_table(unsigned level, seL4_CPtr table, seL4_CPtr vspace,
                                          seL4_Word address)
{
#if defined(CONFIG_ARCH_X86)
    switch (level) {
    case 0:
        return (seL4_Error)seL4_X86_PageTable_Map(table, vspace, address,
                                                  seL4_X86_Default_VMAttributes);
#if defined(CONFIG_ARCH_X86_64)
    case 1:
        return (seL4_Error)seL4_X86_PageDirectory_Map(table, vspace, address,
                                                      seL4_X86_Default_VMAttributes);
    case 2:
        return (seL4_Error)seL4_X86_PDPT_Map(table, vspace, address, seL4_X86_Default_VMAttributes);
#endif
    default:
        return seL4_InvalidArgument;
    }
#elif defined(CONFIG_ARCH_RISCV)
    (void)level;
    return (seL4_Error)seL4_RISCV_PageTable_Map(table, vspace, address,
                                                seL4_RISCV_Default_VMAttributes);
#else
    (void)level;
    return (seL4_Error)seL4_ARM_PageTable_Map(table, vspace, address,
                                              seL4_ARM_Default_VMAttributes);
#endif
}
