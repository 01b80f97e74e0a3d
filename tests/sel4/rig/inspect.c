/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// sel4model/inspect.h as far as a real kernel answers: the kind of a capability by the debug call,
// a frame's address, a CNode's size by an error's limits. Type, size, badge, guard, whether it is device
// memory and other objects' addresses follow from what the kernel accepted when the slot was filled.
// The rest of struct sel4model_cap stays zero.

#include <string.h>

#include <sel4model/inspect.h>
#include <vka/object.h>

#include "arch.h"
#include "invoke.h"
#include "slots.h"

#undef seL4_Untyped_Retype
#undef seL4_CNode_Copy
#undef seL4_CNode_Delete

enum { CNODE = seL4_CapInitThreadCNode, DEPTH = seL4_WordBits };

// By the kernel's type tags (its object/structures.bf): even ones are generic, odd ones the
// architecture's, so nearly the same everywhere.
static enum sel4model_cap_kind kind_of(seL4_CPtr slot)
{
    static const enum sel4model_cap_kind generic[] = {
        SEL4MODEL_CAP_NULL,          SEL4MODEL_CAP_UNTYPED,     SEL4MODEL_CAP_ENDPOINT,
        SEL4MODEL_CAP_NOTIFICATION,  SEL4MODEL_CAP_REPLY,       SEL4MODEL_CAP_CNODE,
        SEL4MODEL_CAP_TCB,           SEL4MODEL_CAP_IRQ_CONTROL, SEL4MODEL_CAP_IRQ_HANDLER,
        SEL4MODEL_CAP_ZOMBIE,        SEL4MODEL_CAP_DOMAIN,      SEL4MODEL_CAP_SCHED_CONTEXT,
        SEL4MODEL_CAP_SCHED_CONTROL,
    };
    static const enum sel4model_cap_kind of_arch[] = {
        SEL4MODEL_CAP_FRAME,      SEL4MODEL_CAP_PAGE_TABLE, SEL4MODEL_CAP_PAGE_TABLE,
        SEL4MODEL_CAP_PAGE_TABLE, SEL4MODEL_CAP_VSPACE,     SEL4MODEL_CAP_ASID_CONTROL,
        SEL4MODEL_CAP_ASID_POOL,
    };
    const seL4_Word tag = seL4_DebugCapIdentify((seL4_Word)slot);
    const seL4_Word i = tag / 2;
    if (tag % 2 == 0) {
        return i < sizeof(generic) / sizeof(generic[0]) ? generic[i] : SEL4MODEL_CAP_KIND_COUNT;
    }
#ifdef CONFIG_ARCH_X86
    if (tag == 31) {
        return SEL4MODEL_CAP_IO_PORT_CONTROL;
    }
#endif
    return i < sizeof(of_arch) / sizeof(of_arch[0]) ? of_arch[i] : SEL4MODEL_CAP_KIND_COUNT;
}

// Retype's offset is checked before all that would let it succeed (SEL4_FACTS section 3), and what
// is refused changes nothing. Any untyped will do.
static unsigned radix_of(seL4_CPtr cnode)
{
    seL4_CPtr untyped = 0;
    for (seL4_CPtr slot = 1; untyped == 0 && slot < RIG_SLOTS_OF_BOOT_CNODE; slot++) {
        untyped = kind_of(slot) == SEL4MODEL_CAP_UNTYPED ? slot : 0;
    }
    if (untyped == 0 || seL4_Untyped_Retype(untyped, seL4_EndpointObject, 0, cnode, 0, 0,
                                            ~(seL4_Word)0, 1) != seL4_RangeError) {
        return 0;
    }
    return (unsigned)__builtin_ctzl(seL4_GetMR(1) + 1);
}

// Only an untyped refuses to be copied when it has children.
static bool untyped_has_children(seL4_CPtr slot)
{
    const seL4_CPtr copy = rig_scratch();
    const seL4_Error error =
        seL4_CNode_Copy(CNODE, copy, DEPTH, CNODE, slot, DEPTH, seL4_AllRights);
    if (!error) {
        (void)seL4_CNode_Delete(CNODE, copy, DEPTH);
    }
    return error == seL4_RevokeFirst;
}

// For capabilities that no Retype of a test has made.
static seL4_Word type_of(enum sel4model_cap_kind kind)
{
    switch (kind) {
    case SEL4MODEL_CAP_UNTYPED:
        return seL4_UntypedObject;
    case SEL4MODEL_CAP_ENDPOINT:
        return seL4_EndpointObject;
    case SEL4MODEL_CAP_NOTIFICATION:
        return seL4_NotificationObject;
    case SEL4MODEL_CAP_CNODE:
        return seL4_CapTableObject;
    case SEL4MODEL_CAP_TCB:
        return seL4_TCBObject;
    case SEL4MODEL_CAP_VSPACE:
        return VSPACE_ROOT;
    default:
        return SEL4MODEL_NO_OBJECT_TYPE;
    }
}

static void inspect(seL4_CPtr slot, struct sel4model_cap *cap)
{
    *cap = (struct sel4model_cap){.kind = kind_of(slot), .object_type = type_of(kind_of(slot))};
    const struct rig_slot *const known = rig_elsewhere() ? NULL : rig_slot(slot);
    const seL4_Word data = rig_data(slot);
    const seL4_CNode_CapData_t guard = {{data}};
    if (cap->kind != SEL4MODEL_CAP_NULL && known && known->known) {
        cap->object_type = known->type;
        cap->is_device = known->is_device;
        cap->paddr = known->paddr;
        cap->size_bits = (unsigned)vka_get_object_size(known->type, known->size_bits);
    }
    if (cap->kind == SEL4MODEL_CAP_FRAME) {
        cap->paddr = page_address(slot).paddr;
    } else if (cap->kind == SEL4MODEL_CAP_CNODE) {
        cap->radix_bits = known && known->known ? known->size_bits : radix_of(slot);
        cap->size_bits = cap->radix_bits + seL4_SlotBits;
        cap->guard_bits = (unsigned)guard.words[0] & 0x3f; // seL4_CNode_CapData_t, 64-bit
        cap->guard = guard.words[0] >> 6;
    } else if (cap->kind == SEL4MODEL_CAP_ENDPOINT || cap->kind == SEL4MODEL_CAP_NOTIFICATION) {
        cap->badge = data;
    } else if (cap->kind == SEL4MODEL_CAP_UNTYPED) {
        cap->has_children = untyped_has_children(slot);
    }
}

// A slot of a CNode that no CPtr leads to is looked at through a copy.
bool sel4model_inspect(struct sel4model_path path, struct sel4model_cap *cap)
{
    if (path.depth == 0 || (path.root == CNODE && path.depth == DEPTH)) {
        inspect(path.index, cap);
        return true;
    }
    const seL4_CPtr copy = rig_scratch();
    const seL4_Error error = seL4_CNode_Copy(CNODE, copy, DEPTH, path.root, path.index,
                                             (seL4_Uint8)path.depth, seL4_AllRights);
    if (error == seL4_FailedLookup && seL4_GetMR(1) != seL4_MissingCapability) {
        return false;
    }
    inspect(copy, cap);
    if (error == seL4_RevokeFirst) {
        cap->kind = SEL4MODEL_CAP_UNTYPED;
        cap->has_children = true;
    } else if (!error) {
        (void)seL4_CNode_Delete(CNODE, copy, DEPTH);
    }
    return true;
}

// Of the boot CNode only: what is in others stays out of every comparison of before and after.
unsigned long sel4model_live_caps(void)
{
    static unsigned long count;
    static seL4_Word counted_at;
    if (counted_at == rig_changes()) {
        return count;
    }
    counted_at = rig_changes();
    count = 0;
    for (seL4_CPtr slot = 0; slot < rig_top(); slot++) {
        struct rig_slot *const s = rig_slot(slot);
        if (s->used) {
            s->used = kind_of(slot) != SEL4MODEL_CAP_NULL || slot < rig_bootinfo()->empty.start;
            count += kind_of(slot) != SEL4MODEL_CAP_NULL;
        }
    }
    return count;
}
