/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// Included before everything else in the library and in the tests: the invocations that they make
// are counted, and refused on demand, as the model does it; those that move capabilities about are
// noted. Then libsel4's own function makes the invocation.
#pragma once

#include <stdbool.h>

#include <sel4/sel4.h>
#include <sel4model/invocations.h>

// Count one. True: it is to be refused, and the message words are as sel4model_refuse() says.
bool rig_refused(enum sel4model_invocation kind);
seL4_Error rig_refusal(void); // the error of the last one refused

// What an invocation that succeeded has done. Slots of other CNodes than the boot CNode are ignored.
void rig_note_retype(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits, seL4_CPtr root,
                     seL4_Word depth, seL4_Word offset, seL4_Word count);
void rig_note_copy(seL4_CPtr root, seL4_Word index, seL4_CPtr from_root, seL4_Word from_index,
                   bool moved);
void rig_note_data(seL4_CPtr root, seL4_Word index, seL4_Word data); // badge or guard
void rig_note_space(seL4_CPtr tcb);

static inline seL4_Error rig_Untyped_Retype(seL4_CPtr untyped, seL4_Word type, seL4_Word size_bits,
                                            seL4_CPtr root, seL4_Word index, seL4_Word depth,
                                            seL4_Word offset, seL4_Word count)
{
    if (rig_refused(SEL4MODEL_Untyped_Retype)) {
        return rig_refusal();
    }
    const seL4_Error error =
        seL4_Untyped_Retype(untyped, type, size_bits, root, index, depth, offset, count);
    if (!error) {
        rig_note_retype(untyped, type, size_bits, root, depth, offset, count);
    }
    return error;
}

#define RIG_COPY(name, moved, note_data, parameters, arguments)                                    \
    static inline seL4_Error rig_CNode_##name parameters                                           \
    {                                                                                              \
        if (rig_refused(SEL4MODEL_CNode_##name)) {                                                 \
            return rig_refusal();                                                                  \
        }                                                                                          \
        const seL4_Error error = seL4_CNode_##name arguments;                                      \
        if (!error) {                                                                              \
            rig_note_copy(root, index, from_root, from_index, moved);                              \
            note_data;                                                                             \
        }                                                                                          \
        return error;                                                                              \
    }
#define RIG_SLOTS                                                                                  \
    seL4_CPtr root, seL4_Word index, seL4_Uint8 depth, seL4_CPtr from_root, seL4_Word from_index,  \
        seL4_Uint8 from_depth
#define RIG_SLOT_NAMES root, index, depth, from_root, from_index, from_depth

RIG_COPY(Copy, false, (void)0, (RIG_SLOTS, seL4_CapRights_t rights), (RIG_SLOT_NAMES, rights))
RIG_COPY(Mint, false, rig_note_data(root, index, data),
         (RIG_SLOTS, seL4_CapRights_t rights, seL4_Word data), (RIG_SLOT_NAMES, rights, data))
RIG_COPY(Move, true, (void)0, (RIG_SLOTS), (RIG_SLOT_NAMES))
RIG_COPY(Mutate, true, rig_note_data(root, index, data), (RIG_SLOTS, seL4_Word data),
         (RIG_SLOT_NAMES, data))

static inline seL4_Error rig_TCB_SetSpace(seL4_CPtr tcb, seL4_Word fault_handler, seL4_CPtr root,
                                          seL4_Word root_data, seL4_CPtr vspace,
                                          seL4_Word vspace_data)
{
    if (rig_refused(SEL4MODEL_TCB_SetSpace)) {
        return rig_refusal();
    }
    const seL4_Error error =
        seL4_TCB_SetSpace(tcb, fault_handler, root, root_data, vspace, vspace_data);
    if (!error) {
        rig_note_space(tcb);
    }
    return error;
}

// Below here the names are macros, which do not expand inside themselves.
#define RIG_COUNTED(name, ...)                                                                     \
    (rig_refused(SEL4MODEL_##name) ? rig_refusal() : (seL4_Error)seL4_##name(__VA_ARGS__))

#define seL4_Untyped_Retype(...)          rig_Untyped_Retype(__VA_ARGS__)
#define seL4_CNode_Copy(...)              rig_CNode_Copy(__VA_ARGS__)
#define seL4_CNode_Mint(...)              rig_CNode_Mint(__VA_ARGS__)
#define seL4_CNode_Move(...)              rig_CNode_Move(__VA_ARGS__)
#define seL4_CNode_Mutate(...)            rig_CNode_Mutate(__VA_ARGS__)
#define seL4_TCB_SetSpace(...)            rig_TCB_SetSpace(__VA_ARGS__)
#define seL4_CNode_Revoke(...)            RIG_COUNTED(CNode_Revoke, __VA_ARGS__)
#define seL4_CNode_Delete(...)            RIG_COUNTED(CNode_Delete, __VA_ARGS__)
#define seL4_CNode_CancelBadgedSends(...) RIG_COUNTED(CNode_CancelBadgedSends, __VA_ARGS__)
#define seL4_CNode_Rotate(...)            RIG_COUNTED(CNode_Rotate, __VA_ARGS__)
#ifndef CONFIG_KERNEL_MCS
#define seL4_CNode_SaveCaller(...) RIG_COUNTED(CNode_SaveCaller, __VA_ARGS__)
#endif
#if defined(CONFIG_ARCH_X86)
#define seL4_X86_Page_Map(...)            RIG_COUNTED(X86_Page_Map, __VA_ARGS__)
#define seL4_X86_Page_Unmap(...)          RIG_COUNTED(X86_Page_Unmap, __VA_ARGS__)
#define seL4_X86_PageTable_Map(...)       RIG_COUNTED(X86_PageTable_Map, __VA_ARGS__)
#define seL4_X86_PageTable_Unmap(...)     RIG_COUNTED(X86_PageTable_Unmap, __VA_ARGS__)
#define seL4_X86_PageDirectory_Map(...)   RIG_COUNTED(X86_PageDirectory_Map, __VA_ARGS__)
#define seL4_X86_PageDirectory_Unmap(...) RIG_COUNTED(X86_PageDirectory_Unmap, __VA_ARGS__)
#define seL4_X86_PDPT_Map(...)            RIG_COUNTED(X86_PDPT_Map, __VA_ARGS__)
#define seL4_X86_PDPT_Unmap(...)          RIG_COUNTED(X86_PDPT_Unmap, __VA_ARGS__)
#elif defined(CONFIG_ARCH_ARM)
#define seL4_ARM_Page_Map(...)        RIG_COUNTED(ARM_Page_Map, __VA_ARGS__)
#define seL4_ARM_Page_Unmap(...)      RIG_COUNTED(ARM_Page_Unmap, __VA_ARGS__)
#define seL4_ARM_PageTable_Map(...)   RIG_COUNTED(ARM_PageTable_Map, __VA_ARGS__)
#define seL4_ARM_PageTable_Unmap(...) RIG_COUNTED(ARM_PageTable_Unmap, __VA_ARGS__)
#else
#define seL4_RISCV_Page_Map(...)        RIG_COUNTED(RISCV_Page_Map, __VA_ARGS__)
#define seL4_RISCV_Page_Unmap(...)      RIG_COUNTED(RISCV_Page_Unmap, __VA_ARGS__)
#define seL4_RISCV_PageTable_Map(...)   RIG_COUNTED(RISCV_PageTable_Map, __VA_ARGS__)
#define seL4_RISCV_PageTable_Unmap(...) RIG_COUNTED(RISCV_PageTable_Unmap, __VA_ARGS__)
#endif
