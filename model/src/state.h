/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The modelled kernel's state: capabilities, slots, host objects, and the one struct that holds it
 * all.
 *
 * A slot is 40 bytes: what its capability says (24) and its two neighbours in the mapping database,
 * the kernel's list of all capabilities in derivation order (16). Objects without inner state
 * (endpoints, notifications, frames, untypeds) exist only as the address in their capabilities.
 * CNodes, TCBs, VCPUs, paging structures and ASID pools have a host object, and their capabilities
 * point to it.
 *
 * Addresses of objects are kernel addresses, that is physical addresses plus
 * MODEL_KERNEL_OFFSET: the kernel aligns and compares those, and above the offset's alignment
 * the two differ. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sel4/sel4.h>
#include <sel4model/inspect.h>

#include "arch_state.h"

enum cap_kind {
    CAP_NULL = SEL4MODEL_CAP_NULL,
    CAP_UNTYPED = SEL4MODEL_CAP_UNTYPED,
    CAP_ENDPOINT = SEL4MODEL_CAP_ENDPOINT,
    CAP_NOTIFICATION = SEL4MODEL_CAP_NOTIFICATION,
    CAP_REPLY = SEL4MODEL_CAP_REPLY,
    CAP_CNODE = SEL4MODEL_CAP_CNODE,
    CAP_TCB = SEL4MODEL_CAP_TCB,
    CAP_IRQ_CONTROL = SEL4MODEL_CAP_IRQ_CONTROL,
    CAP_IRQ_HANDLER = SEL4MODEL_CAP_IRQ_HANDLER,
    CAP_ZOMBIE = SEL4MODEL_CAP_ZOMBIE,
    CAP_DOMAIN = SEL4MODEL_CAP_DOMAIN,
    CAP_SCHED_CONTEXT = SEL4MODEL_CAP_SCHED_CONTEXT,
    CAP_SCHED_CONTROL = SEL4MODEL_CAP_SCHED_CONTROL,
    CAP_FRAME = SEL4MODEL_CAP_FRAME,
    CAP_PAGE_TABLE = SEL4MODEL_CAP_PAGE_TABLE,
    CAP_VSPACE = SEL4MODEL_CAP_VSPACE,
    CAP_ASID_CONTROL = SEL4MODEL_CAP_ASID_CONTROL,
    CAP_ASID_POOL = SEL4MODEL_CAP_ASID_POOL,
    CAP_IO_PORT_CONTROL = SEL4MODEL_CAP_IO_PORT_CONTROL,
    CAP_IO_PORT = SEL4MODEL_CAP_IO_PORT,
    CAP_SGI_SIGNAL = SEL4MODEL_CAP_SGI_SIGNAL,
    CAP_VCPU = SEL4MODEL_CAP_VCPU,
    CAP_KIND_COUNT = SEL4MODEL_CAP_KIND_COUNT,
};

enum {
    CAP_DEVICE = 1, /* untyped, frame */
    CAP_MAPPED = 2, /* frame, page table; VSpace: has an ASID */
    CAP_MASTER = 4, /* reply: the one that is never invoked */
};

/* Rights, in the bits of seL4_CapRights_t. For frames only read and write count. */
enum {
    RIGHT_WRITE = 1,
    RIGHT_READ = 2,
    RIGHT_GRANT = 4,
    RIGHT_GRANT_REPLY = 8,
    RIGHTS_ALL = 15,
};

struct object;

struct cap {
    union {
        uint64_t address;      /* kernel address; IRQ handler, SGI: IRQ; IO port: first port */
        struct object *object; /* CNode, TCB, zombie, page table, VSpace, ASID pool, VCPU;
                                * scheduling context; a reply of a kernel without MCS */
    } u;
    uint64_t data; /* untyped: free offset in bytes; endpoint, notification: badge; CNode:
                        * guard; zombie: slots left; frame, page table: virtual address; ASID pool:
                        * first ASID; IO port: last port; SGI: target */
    union {
        uint32_t asid;       /* frame, page table, VSpace */
        uint32_t guard_bits; /* CNode */
    };
    uint8_t kind;      /* enum cap_kind */
    uint8_t size_bits; /* log2 bytes of the object's memory */
    uint8_t rights;
    uint8_t flags;
};

/* `links` is the next slot's address with the database's two bits in its low end, which the address
 * leaves free. */
struct slot {
    struct cap cap;
    uintptr_t links;
    struct slot *prev;
};

_Static_assert(sizeof(struct cap) == 24, "a capability is three 64-bit words");
_Static_assert(sizeof(struct slot) <= 40, "10^7 slots fit in 400 MB");

enum {
    MDB_FIRST_BADGED = 1,
    MDB_REVOCABLE = 2,
    MDB_FLAGS = 3,
};

/* A kernel object that needs host memory. All are in one list, so that shutdown finds them. */
struct object {
    struct object *next;
    struct object *prev;
    uint64_t address;
    uint8_t kind; /* enum cap_kind */
    uint8_t size_bits;
    uint8_t level;    /* paging structure: 1 is the last level before frames */
    bool is_kept;     /* dead, but in a snapshot */
    bool is_wanted;   /* while a snapshot is restored: it has the object */
    unsigned holders; /* snapshots that have the object */
};

struct cnode {
    struct object header;
    struct slot *slots;
    unsigned radix_bits;
    bool slots_are_mapped; /* from mmap, not calloc */
};

/* Slots inside a TCB (include/object/structures.h of the kernel: tcb_cnode_index). */
enum {
    TCB_CTABLE = 0,
    TCB_VTABLE = 1,
#ifdef CONFIG_KERNEL_MCS
    TCB_BUFFER = 2,
    TCB_FAULT_HANDLER = 3,
    TCB_TIMEOUT_HANDLER = 4,
#else
    TCB_REPLY = 2,
    TCB_CALLER = 3,
    TCB_BUFFER = 4,
#endif
    TCB_SLOT_COUNT = 5,
};

enum { MODEL_REGISTER_COUNT = sizeof(seL4_UserContext) / sizeof(seL4_Word) };

struct task;

struct tcb {
    struct object header;
    struct slot slots[TCB_SLOT_COUNT];
    struct sched_context *sched_context; /* MCS; null: none */
    struct task *task;                   /* the host thread that is this TCB's; null: none */
#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
    struct vcpu *vcpu; /* null: none */
#endif
    seL4_Word buffer_vaddr;
    seL4_Word fault_endpoint;
    seL4_Word flags;
    uint64_t bound_notification; /* kernel address, 0: none */
    uint8_t priority;
    uint8_t max_priority;
    uint8_t domain;
    bool is_running;
    seL4_Word registers[MODEL_REGISTER_COUNT];
};

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
/* What a guest has beside a thread: never loaded into a core, as its thread never runs. */
struct vcpu {
    struct object header;
    struct tcb *tcb; /* null: none */
    seL4_Word registers[seL4_VCPUReg_Num];
};
#endif

/* MCS: what gives a thread time. */
struct sched_context {
    struct object header;
    struct tcb *tcb;       /* who is bound; null: nobody */
    uint64_t notification; /* kernel address of the one that is bound, 0: none */
    bool is_active;        /* has been configured */
};

/* An entry of a paging structure: nothing, a lower structure, or a frame. Frames' addresses and
 * host pointers leave the low bits free. */
typedef uint64_t page_entry;

enum {
    PAGE_ENTRY_NONE = 0,
    PAGE_ENTRY_TABLE = 1,
    PAGE_ENTRY_FRAME = 2,
    PAGE_ENTRY_KIND = 3,
    PAGE_ENTRY_WRITABLE = 4, /* a frame, mapped for writing */
    PAGE_ENTRY_READABLE = 8, /* a frame, mapped for reading */
    PAGE_ENTRY_GROUP = 16,   /* one of several entries of a frame that one does not cover */
    PAGE_ENTRY_BITS = 0xfff,
};

struct paging {
    struct object header;
    page_entry *entries; /* null while the structure was never used */
};

struct asid_pool {
    struct object header;
    struct paging *vspaces[1u << seL4_ASIDPoolIndexBits];
};

/* Ranges of host addresses that nothing but the model uses. */
enum { MODEL_RESERVATION_MAX = 128 };

struct reservation {
    uintptr_t start;
    size_t bytes;
};

/* Which pages of RAM may differ from zero: one bit a page, in leaves of 1 GiB. */
enum {
    DIRTY_LEAF_BITS = 30,
    DIRTY_LEAF_PAGES = 1 << (DIRTY_LEAF_BITS - seL4_PageBits),
    DIRTY_LEAF_COUNT = 1 << (MODEL_PADDR_BITS - DIRTY_LEAF_BITS),
};

struct dirty_leaf {
    uint64_t bits[DIRTY_LEAF_PAGES / 64];
    unsigned long count;
};

struct memory {
    int file;                   /* memfd; offset = physical address */
    struct dirty_leaf **leaves; /* DIRTY_LEAF_COUNT pointers, mapped on demand */
    struct reservation reservations[MODEL_RESERVATION_MAX];
    size_t reservation_count;
};

struct refusal {
    enum sel4model_invocation kind;
    unsigned long left; /* 0: none pending */
    seL4_Error error;
};

struct model {
    bool is_booted;
    seL4_BootInfo *bootinfo;
    struct tcb *root;    /* the root task */
    struct tcb *current; /* whose host thread holds the lock */
    unsigned long tasks_attached;
    unsigned task_numbers;  /* given out so far */
    struct object *objects; /* a list without head node */
    struct object *dead;    /* freed at the end of the invocation: somebody may still look at a slot
                             * in them */
    struct object *kept;    /* dead ones that a snapshot has, a list as `objects` */
    unsigned long boot_number;
    struct asid_pool *asid_pools[1u << seL4_NumASIDPoolsBits];
    struct paging *host_vspace; /* the address space that is the host process */
    unsigned long bound_notifications;
    unsigned long sched_notifications; /* bound to scheduling contexts */
    unsigned long live_caps;
    struct memory memory;
    struct arch_state arch;
    struct sel4model_counters counters;
    struct refusal refusal;
};

extern struct model model;
