/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/// \file
/// Looking into the modelled kernel: what no invocation tells.
///
/// For validators, which compare an allocator's books with the truth. Nothing here changes state or
/// counters, and nothing here exists on a real kernel.
#pragma once

#include <sel4model/sel4model.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What a capability is to.
enum sel4model_cap_kind {
    SEL4MODEL_CAP_NULL = 0,
    SEL4MODEL_CAP_UNTYPED,
    SEL4MODEL_CAP_ENDPOINT,
    SEL4MODEL_CAP_NOTIFICATION,
    SEL4MODEL_CAP_REPLY,
    SEL4MODEL_CAP_CNODE,
    SEL4MODEL_CAP_TCB,
    SEL4MODEL_CAP_IRQ_CONTROL,
    SEL4MODEL_CAP_IRQ_HANDLER,
    SEL4MODEL_CAP_ZOMBIE, ///< a CNode or TCB whose deletion is under way
    SEL4MODEL_CAP_DOMAIN,
    SEL4MODEL_CAP_SCHED_CONTEXT,
    SEL4MODEL_CAP_SCHED_CONTROL,
    SEL4MODEL_CAP_FRAME,
    SEL4MODEL_CAP_PAGE_TABLE, ///< a paging structure of any level below the top; RISC-V: of any
    SEL4MODEL_CAP_VSPACE,     ///< a top-level paging structure; none on RISC-V
    SEL4MODEL_CAP_ASID_CONTROL,
    SEL4MODEL_CAP_ASID_POOL,
    SEL4MODEL_CAP_IO_PORT_CONTROL,
    SEL4MODEL_CAP_IO_PORT,
    SEL4MODEL_CAP_SGI_SIGNAL, ///< Arm
    SEL4MODEL_CAP_VCPU,       ///< a virtual CPU; Arm, hypervisors only
    SEL4MODEL_CAP_KIND_COUNT
};

/// The object type of a capability that no Retype makes.
#define SEL4MODEL_NO_OBJECT_TYPE (~(seL4_Word)0)

/// What a capability says. Fields that a kind lacks are zero.
struct sel4model_cap {
    enum sel4model_cap_kind kind;
    seL4_Word object_type; ///< what Retype was told to make, or SEL4MODEL_NO_OBJECT_TYPE
    unsigned size_bits;    ///< log2 bytes of the object's memory
    unsigned radix_bits;   ///< CNode: log2 slots
    uint64_t paddr;        ///< physical address of the object; IRQ handler: the interrupt; IO
                           ///< port: the first port
    bool is_device;        ///< untyped and frame
    uint64_t free_offset;  ///< untyped: bytes from its start to its free index
    uint64_t free_bytes;   ///< untyped: what the next Retype can use; all of it if childless
    bool has_children;     ///< the next capability in the derivation order is a child
    bool is_final;         ///< no other capability to the same object
    bool is_revocable;     ///< the kernel's bit: may be a parent at all
    seL4_Word badge;       ///< endpoint, notification
    unsigned guard_bits;   ///< CNode: length of the guard
    seL4_Word guard;       ///< CNode
    seL4_CapRights_t rights;
    bool is_mapped; ///< frame, paging structure; VSpace: has an ASID
    seL4_Word mapped_vaddr;
    seL4_Word mapped_asid;
};

/// How a slot is named: `depth` bits of `index` from the CNode capability `root`, as in CNode
/// invocations. `depth` 0: `index` is a full CPtr in the calling thread's CSpace and may stop
/// early, as in invocations; `root` is ignored.
struct sel4model_path {
    seL4_CPtr root;
    seL4_Word index;
    seL4_Word depth;
};

/// Name a slot by a CPtr of the calling thread.
///
/// Errors:  none
/// Kernel:  none
static inline struct sel4model_path sel4model_path_of(seL4_CPtr cptr)
{
    const struct sel4model_path path = {0, cptr, 0};
    return path;
}

/// Read a slot.
///
/// Shape:   *cap is overwritten, also for an empty slot (SEL4MODEL_CAP_NULL); untouched if the path
///          leads to no slot.
/// Needs:   a booted kernel
/// Errors:  false iff the path leads to no slot.
/// Cost:    constant, plus one step a level of the CSpace
/// Kernel:  none
bool sel4model_inspect(struct sel4model_path path, struct sel4model_cap *cap);

/// Read the capability that a slot's capability was derived from.
///
/// Shape:   *parent is overwritten iff the result is true.
/// Needs:   a booted kernel
/// Errors:  false iff the path leads to no slot, the slot is empty, or its capability has no
///          parent.
/// Cost:    linear in the capabilities between the two in the derivation order
/// Kernel:  none
bool sel4model_inspect_parent(struct sel4model_path path, struct sel4model_cap *parent);

/// Called once a capability; answers whether to go on. `place` depends on who calls.
typedef bool (*sel4model_visitor)(void *context, seL4_Word place, const struct sel4model_cap *cap);

/// Visit the non-empty slots of a CNode in ascending order.
///
/// Shape:   `cnode` leads to a slot with a CNode capability. `place` is the slot's number. The
///          visitor may not invoke anything.
/// Needs:   a booted kernel
/// Errors:  false iff the path leads to no CNode capability or the visitor answered false.
/// Cost:    linear in the slots of the CNode
/// Kernel:  none
bool sel4model_visit_cnode(struct sel4model_path cnode, sel4model_visitor visitor, void *context);

/// Visit all capabilities derived from one, in the kernel's derivation order.
///
/// Shape:   `place` is the generation: 1 for children, 2 for their children, and so on; a parent
///          comes before its children. The visitor may not invoke anything.
/// Needs:   a booted kernel
/// Errors:  false iff the path leads to no slot, the host is out of memory, or the visitor answered
///          false.
/// Cost:    linear in the number of descendants; host memory in the depth of the tree
/// Kernel:  none
bool sel4model_visit_descendants(struct sel4model_path path, sel4model_visitor visitor,
                                 void *context);

/// Count the capabilities in all slots of all CNodes and TCBs.
///
/// Needs:   a booted kernel
/// Errors:  none
/// Cost:    constant
/// Kernel:  none
unsigned long sel4model_live_caps(void);

/// Read what memory holds at a physical address, mapped or not.
///
/// Shape:   copies `bytes` bytes to `buffer`; memory nobody wrote to is zero.
/// Needs:   a booted kernel
/// Errors:  false iff the range reaches beyond the machine's physical addresses, or the host fails.
/// Cost:    linear in `bytes`, a system call
/// Kernel:  none
bool sel4model_read_memory(uint64_t paddr, void *buffer, size_t bytes);

#ifdef __cplusplus
}
#endif
