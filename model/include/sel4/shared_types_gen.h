/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Words shared with the kernel whose bits are fields: message tags, rights, CNode guards.
 * Layouts: libsel4/mode_include/<bits>/sel4/shared_types.bf of the kernel. */
#pragma once

#include <sel4/config.h>
#include <sel4/debug_assert.h>
#include <sel4/simple_types.h>
#include <sel4/mode/shared_layout.h>
#include <sel4/sel4_arch/types_gen.h>

/* Defines the four accessors of a field of `bits` bits at bit `shift` of a one-word type. */
#define SEL4MODEL_WORD_FIELD(type, field, shift, bits)                                           \
    LIBSEL4_INLINE_FUNC CONST seL4_Word type##_get_##field(type##_t value)                       \
    {                                                                                            \
        return (value.words[0] >> (shift)) & (~(seL4_Word)0 >> (seL4_WordBits - (bits)));                   \
    }                                                                                            \
    LIBSEL4_INLINE_FUNC CONST type##_t type##_set_##field(type##_t value, seL4_Word to)          \
    {                                                                                            \
        const seL4_Word mask = (~(seL4_Word)0 >> (seL4_WordBits - (bits))) << (shift);                      \
        value.words[0] = (value.words[0] & ~mask) | ((to << (shift)) & mask);                    \
        return value;                                                                            \
    }                                                                                            \
    LIBSEL4_INLINE_FUNC PURE seL4_Word type##_ptr_get_##field(type##_t *value)                   \
    {                                                                                            \
        return type##_get_##field(*value);                                                       \
    }                                                                                            \
    LIBSEL4_INLINE_FUNC void type##_ptr_set_##field(type##_t *value, seL4_Word to)               \
    {                                                                                            \
        *value = type##_set_##field(*value, to);                                                 \
    }

struct seL4_MessageInfo {
    seL4_Word words[1];
};
typedef struct seL4_MessageInfo seL4_MessageInfo_t;

SEL4MODEL_WORD_FIELD(seL4_MessageInfo, label, 12, seL4_WordBits - 12)
SEL4MODEL_WORD_FIELD(seL4_MessageInfo, capsUnwrapped, 9, 3)
SEL4MODEL_WORD_FIELD(seL4_MessageInfo, extraCaps, 7, 2)
SEL4MODEL_WORD_FIELD(seL4_MessageInfo, length, 0, 7)

LIBSEL4_INLINE_FUNC CONST seL4_MessageInfo_t seL4_MessageInfo_new(seL4_Word label,
                                                                  seL4_Word capsUnwrapped,
                                                                  seL4_Word extraCaps,
                                                                  seL4_Word length)
{
    const seL4_MessageInfo_t info = {{label << 12 | (capsUnwrapped & 7u) << 9 |
                                      (extraCaps & 3u) << 7 | (length & 0x7fu)}};
    return info;
}

LIBSEL4_INLINE_FUNC void seL4_MessageInfo_ptr_new(seL4_MessageInfo_t *info, seL4_Word label,
                                                  seL4_Word capsUnwrapped,
                                                  seL4_Word extraCaps, seL4_Word length)
{
    *info = seL4_MessageInfo_new(label, capsUnwrapped, extraCaps, length);
}

struct seL4_CapRights {
    seL4_Word words[1];
};
typedef struct seL4_CapRights seL4_CapRights_t;

SEL4MODEL_WORD_FIELD(seL4_CapRights, capAllowGrantReply, 3, 1)
SEL4MODEL_WORD_FIELD(seL4_CapRights, capAllowGrant, 2, 1)
SEL4MODEL_WORD_FIELD(seL4_CapRights, capAllowRead, 1, 1)
SEL4MODEL_WORD_FIELD(seL4_CapRights, capAllowWrite, 0, 1)

LIBSEL4_INLINE_FUNC CONST seL4_CapRights_t seL4_CapRights_new(seL4_Word capAllowGrantReply,
                                                              seL4_Word capAllowGrant,
                                                              seL4_Word capAllowRead,
                                                              seL4_Word capAllowWrite)
{
    const seL4_CapRights_t rights = {{(capAllowGrantReply & 1u) << 3 | (capAllowGrant & 1u) << 2 |
                                      (capAllowRead & 1u) << 1 | (capAllowWrite & 1u)}};
    return rights;
}

LIBSEL4_INLINE_FUNC void seL4_CapRights_ptr_new(seL4_CapRights_t *rights,
                                                seL4_Word capAllowGrantReply,
                                                seL4_Word capAllowGrant,
                                                seL4_Word capAllowRead,
                                                seL4_Word capAllowWrite)
{
    *rights = seL4_CapRights_new(capAllowGrantReply, capAllowGrant, capAllowRead, capAllowWrite);
}

struct seL4_CNode_CapData {
    seL4_Word words[1];
};
typedef struct seL4_CNode_CapData seL4_CNode_CapData_t;

SEL4MODEL_WORD_FIELD(seL4_CNode_CapData, guard, SEL4MODEL_GUARD_SHIFT, seL4_GuardBits)
SEL4MODEL_WORD_FIELD(seL4_CNode_CapData, guardSize, SEL4MODEL_GUARD_SIZE_SHIFT, seL4_GuardSizeBits)

LIBSEL4_INLINE_FUNC CONST seL4_CNode_CapData_t seL4_CNode_CapData_new(seL4_Word guard,
                                                                      seL4_Word guardSize)
{
    const seL4_CNode_CapData_t none = {{0}};
    return seL4_CNode_CapData_set_guardSize(seL4_CNode_CapData_set_guard(none, guard), guardSize);
}

LIBSEL4_INLINE_FUNC void seL4_CNode_CapData_ptr_new(seL4_CNode_CapData_t *data, seL4_Word guard,
                                                    seL4_Word guardSize)
{
    *data = seL4_CNode_CapData_new(guard, guardSize);
}
