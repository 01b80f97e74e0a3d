/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* What a copy of a capability becomes (src/object/objecttype.c: deriveCap, maskCapRights,
 * updateCapData, and the architectures' parts of them, which are alike). A null result means that
 * there can be no copy. */
#include "slot.h"

seL4_Error model_derive(const struct slot *slot, struct cap *cap)
{
    switch ((enum cap_kind)cap->kind) {
    case CAP_PAGE_TABLE:
    case CAP_VSPACE:
        return (cap->flags & CAP_MAPPED) != 0 ? seL4_NoError : seL4_IllegalOperation;
    case CAP_FRAME:
        cap->flags &= (uint8_t)~CAP_MAPPED;
        cap->asid = 0;
        return seL4_NoError;
    case CAP_ZOMBIE:
    case CAP_IRQ_CONTROL:
    case CAP_IO_PORT_CONTROL:
#ifndef CONFIG_KERNEL_MCS
    case CAP_REPLY:
#endif
        *cap = cap_null();
        return seL4_NoError;
    case CAP_UNTYPED:
        return model_has_children(slot) ? seL4_RevokeFirst : seL4_NoError;
    default:
        return seL4_NoError;
    }
}

/* A mapping can be read-only but not write-only (src/arch/x86/kernel/vspace.c: maskVMRights, and
 * alike elsewhere). */
static uint8_t mask_frame_rights(uint8_t have, uint8_t mask)
{
    const uint8_t kept = have & mask & (RIGHT_READ | RIGHT_WRITE);
    return (kept & RIGHT_READ) != 0 ? kept : 0;
}

struct cap model_mask_rights(seL4_CapRights_t rights, struct cap cap)
{
    const uint8_t mask = (uint8_t)(rights.words[0] & RIGHTS_ALL);
    switch ((enum cap_kind)cap.kind) {
    case CAP_ENDPOINT:
        cap.rights &= mask;
        break;
    case CAP_NOTIFICATION:
        cap.rights &= mask & (RIGHT_READ | RIGHT_WRITE);
        break;
    case CAP_REPLY:
        cap.rights &= mask & RIGHT_GRANT;
        break;
    case CAP_FRAME:
        cap.rights = mask_frame_rights(cap.rights, mask);
        break;
    default:
        break;
    }
    return cap;
}

/* A new guard; none if guard and radix together exceed a word. */
static struct cap set_guard(struct cap cap, seL4_Word data)
{
    const seL4_CNode_CapData_t fields = {{data}};
    const unsigned bits = (unsigned)seL4_CNode_CapData_get_guardSize(fields);
    if (bits + cap_cnode(&cap)->radix_bits > seL4_WordBits) {
        return cap_null();
    }
    cap.guard_bits = bits;
    cap.data = seL4_CNode_CapData_get_guard(fields) & low_bits(bits);
    return cap;
}

/* The capability's field is narrower than a word where words have 32 bits. (There, a kernel with
 * assertions halts instead.) */
static seL4_Word cut_badge(seL4_Word badge)
{
    const unsigned unused = (unsigned)(seL4_WordBits - seL4_BadgeBits);
    return badge << unused >> unused;
}

struct cap model_update_data(bool preserve, seL4_Word data, struct cap cap)
{
    switch ((enum cap_kind)cap.kind) {
    case CAP_ENDPOINT:
    case CAP_NOTIFICATION:
        if (preserve || cap.data != 0) {
            return cap_null();
        }
        cap.data = cut_badge(data);
        return cap;
    case CAP_CNODE:
        return set_guard(cap, data);
    default:
        return cap;
    }
}
