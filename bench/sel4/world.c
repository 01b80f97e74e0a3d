/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

/* sel4model/sel4model.h on a real kernel, as far as the benchmark asks: a "boot" brings the root
 * task's world back to what it was at its first instruction.
 *
 * The boot untypeds move once, to the end of the boot CNode. What a boot puts in their place are
 * copies: whatever was made of them, one Revoke of each original undoes it all, and mapped frames go
 * with it. The kernel takes a copied untyped for full, as it does one of boot: the first Retype
 * clears all of it. Nothing that the benchmark does leaves a capability that is not made of an
 * untyped. */

#include <sel4model/sel4model.h>
#include <stdio.h>
#include <string.h>

#include "meter.h"
#include "root_task.h"

#define CNODE seL4_CapInitThreadCNode
#define DEPTH seL4_WordBits

/* Above what the kernel and the start-up code have mapped, in another entry of the top-level table. */
#if defined(CONFIG_ARCH_RISCV) || defined(CONFIG_ARM_HYPERVISOR_SUPPORT)
#define FREE_VADDR ((seL4_Word)1 << 37)
#else
#define FREE_VADDR ((seL4_Word)1 << 40)
#endif

static struct {
    _Alignas(16) char shown[1 << seL4_BootInfoFrameBits]; /* the kernel's, with fewer empty slots */
    seL4_CPtr originals; /* the first of the boot untypeds; 0: not moved yet */
    seL4_Word next_vaddr;
} world;

static bool is_good(seL4_Error error, const char *what)
{
    if (error != seL4_NoError) {
        printf("bench: %s of a boot untyped: seL4 error %d\n", what, (int)error);
    }
    return error == seL4_NoError;
}

static bool originals_move(const seL4_BootInfo *given)
{
    const seL4_Word count = given->untyped.end - given->untyped.start;
    const seL4_CPtr first = given->empty.end - count;
    bool good = true;
    for (seL4_Word i = 0; i < count && good; i++) {
        good = is_good((seL4_Error)seL4_CNode_Move(CNODE, first + i, DEPTH, CNODE,
                                                   given->untyped.start + i, DEPTH),
                       "Move");
    }
    world.originals = first;
    return good;
}

seL4_BootInfo *sel4model_boot_with(const char *record, const struct sel4model_options *options)
{
    (void)record;
    const seL4_BootInfo *const given = root_task_bootinfo;
    const seL4_Word count = given->untyped.end - given->untyped.start;
    if (options->root_cnode_bits || options->empty_end) {
        printf("bench: this kernel's root CNode is as large as it is\n");
        return NULL;
    }
    bool good = world.originals || originals_move(given);
    for (seL4_Word i = 0; i < count && good; i++) {
        const seL4_CPtr original = world.originals + i;
        good = is_good((seL4_Error)seL4_CNode_Revoke(CNODE, original, DEPTH), "Revoke") &&
               is_good((seL4_Error)seL4_CNode_Copy(CNODE, given->untyped.start + i, DEPTH, CNODE,
                                                   original, DEPTH, seL4_AllRights),
                       "Copy");
    }
    seL4_BootInfo *const shown = (seL4_BootInfo *)(void *)world.shown;
    memcpy(shown, given, sizeof(world.shown));
    shown->empty.end = world.originals;
    world.next_vaddr = FREE_VADDR;
    memset(&meter, 0, sizeof(meter));
    return good ? shown : NULL;
}

/* The next boot cleans up. */
void sel4model_shutdown(void)
{
}

void *sel4model_free_vaddr(size_t bytes)
{
    const seL4_Word table = (seL4_Word)1 << seL4_LargePageBits;
    const seL4_Word start = world.next_vaddr;
    world.next_vaddr += (bytes + table - 1) & ~(table - 1);
    return (void *)start;
}

/* Of what no invocation tells, nothing is counted. */
void sel4model_counters_get(struct sel4model_counters *counters)
{
    memset(counters, 0, sizeof(*counters));
    for (int kind = 0; kind < SEL4MODEL_INVOCATION_COUNT; kind++) {
        counters->invocations[kind] = meter.count[kind];
        counters->refused[kind] = meter.refused[kind];
    }
}

const char *sel4model_invocation_name(enum sel4model_invocation kind)
{
    static const char *const names[] = {
#define NAME_OF_INVOCATION(name) [SEL4MODEL_##name] = #name,
        SEL4MODEL_INVOCATIONS(NAME_OF_INVOCATION)
#undef NAME_OF_INVOCATION
    };
    return kind >= 0 && kind < SEL4MODEL_INVOCATION_COUNT ? names[kind] : "?";
}
