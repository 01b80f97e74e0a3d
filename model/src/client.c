/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The invocations as functions: each fills in a message and sends it (libsel4's generated
 * stubs). */
#include "invocation.h"
#include "stop.h"

/* The parts of a message that every stub has. */
#define MESSAGE(name, word_count, extra_caps)                                                      \
    .kind = SEL4MODEL_##name, .service = _service, .length = (word_count), .cap_count = (extra_caps)

seL4_Error seL4_Untyped_Retype(seL4_Untyped _service, seL4_Word type, seL4_Word size_bits,
                               seL4_CNode root, seL4_Word node_index, seL4_Word node_depth,
                               seL4_Word node_offset, seL4_Word num_objects)
{
    struct invocation call = {
        MESSAGE(Untyped_Retype, 6, 1),
        .mr = {type, size_bits, node_index, node_depth, node_offset, num_objects}, .caps = {root}};
    return model_invoke(&call);
}

seL4_Error seL4_CNode_Revoke(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(CNode_Revoke, 2, 0), .mr = {index, depth}};
    return model_invoke(&call);
}

seL4_Error seL4_CNode_Delete(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(CNode_Delete, 2, 0), .mr = {index, depth}};
    return model_invoke(&call);
}

seL4_Error seL4_CNode_CancelBadgedSends(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(CNode_CancelBadgedSends, 2, 0), .mr = {index, depth}};
    return model_invoke(&call);
}

seL4_Error seL4_CNode_Copy(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth,
                           seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth,
                           seL4_CapRights_t rights)
{
    struct invocation call = {MESSAGE(CNode_Copy, 5, 1),
                              .mr = {dest_index, dest_depth, src_index, src_depth, rights.words[0]},
                              .caps = {src_root}};
    return model_invoke(&call);
}

seL4_Error seL4_CNode_Mint(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth,
                           seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth,
                           seL4_CapRights_t rights, seL4_Word badge)
{
    struct invocation call = {
        MESSAGE(CNode_Mint, 6, 1),
        .mr = {dest_index, dest_depth, src_index, src_depth, rights.words[0], badge},
        .caps = {src_root}};
    return model_invoke(&call);
}

seL4_Error seL4_CNode_Move(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth,
                           seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth)
{
    struct invocation call = {MESSAGE(CNode_Move, 4, 1),
                              .mr = {dest_index, dest_depth, src_index, src_depth},
                              .caps = {src_root}};
    return model_invoke(&call);
}

seL4_Error seL4_CNode_Mutate(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth,
                             seL4_CNode src_root, seL4_Word src_index, seL4_Uint8 src_depth,
                             seL4_Word badge)
{
    struct invocation call = {MESSAGE(CNode_Mutate, 5, 1),
                              .mr = {dest_index, dest_depth, src_index, src_depth, badge},
                              .caps = {src_root}};
    return model_invoke(&call);
}

seL4_Error seL4_CNode_Rotate(seL4_CNode _service, seL4_Word dest_index, seL4_Uint8 dest_depth,
                             seL4_Word dest_badge, seL4_CNode pivot_root, seL4_Word pivot_index,
                             seL4_Uint8 pivot_depth, seL4_Word pivot_badge, seL4_CNode src_root,
                             seL4_Word src_index, seL4_Uint8 src_depth)
{
    struct invocation call = {MESSAGE(CNode_Rotate, 8, 2),
                              .mr = {dest_index, dest_depth, dest_badge, pivot_index, pivot_depth,
                                     pivot_badge, src_index, src_depth},
                              .caps = {pivot_root, src_root}};
    return model_invoke(&call);
}

#ifndef CONFIG_KERNEL_MCS
seL4_Error seL4_CNode_SaveCaller(seL4_CNode _service, seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(CNode_SaveCaller, 2, 0), .mr = {index, depth}};
    return model_invoke(&call);
}
#endif

/* A truth value at its bit of a message word: the stubs keep the lowest bit. */
static seL4_Word flag_bit(seL4_Bool value, unsigned bit)
{
    return ((seL4_Word)value & 1u) << bit;
}

/* Flags of the register invocations: bit 0 and up, and the architecture's from bit 8. */
static seL4_Word register_flags(seL4_Word flags, seL4_Uint8 arch_flags)
{
    return flags | (seL4_Word)arch_flags << 8;
}

seL4_Error seL4_TCB_ReadRegisters(seL4_TCB _service, seL4_Bool suspend_source,
                                  seL4_Uint8 arch_flags, seL4_Word count, seL4_UserContext *regs)
{
    const seL4_Word flags = register_flags(flag_bit(suspend_source, 0), arch_flags);
    struct invocation call = {MESSAGE(TCB_ReadRegisters, 2, 0), .mr = {flags, count}};
    const seL4_Error error = model_invoke(&call);
    seL4_Word *const words = (seL4_Word *)(void *)regs;
    /* As the stub does: the first words even after an error. */
    for (unsigned i = 0; i < MODEL_MESSAGE_REGISTERS; i++) {
        words[i] = call.mr[i];
    }
    for (unsigned i = MODEL_MESSAGE_REGISTERS; i < count && i < MODEL_REGISTER_COUNT; i++) {
        words[i] = seL4_GetMR((int)i);
    }
    return error;
}

seL4_Error seL4_TCB_WriteRegisters(seL4_TCB _service, seL4_Bool resume_target,
                                   seL4_Uint8 arch_flags, seL4_Word count, seL4_UserContext *regs)
{
    const seL4_Word *const words = (const seL4_Word *)(const void *)regs;
    const seL4_Word flags = register_flags(flag_bit(resume_target, 0), arch_flags);
    struct invocation call = {MESSAGE(TCB_WriteRegisters, MODEL_REGISTER_COUNT + 2, 0),
                              .mr = {flags, count}, .is_buffered = true};
    if (count > MODEL_REGISTER_COUNT) {
        model_stop("seL4_TCB_WriteRegisters: %llu registers, but a context has %d",
                   (unsigned long long)count, MODEL_REGISTER_COUNT);
    }
    if (MODEL_MESSAGE_REGISTERS < 2) {
        seL4_SetMR(1, count);
    }
    for (unsigned i = 0; i < count; i++) {
        if (i + 2 < MODEL_MESSAGE_REGISTERS) {
            call.mr[i + 2] = words[i];
        } else {
            seL4_SetMR((int)i + 2, words[i]);
        }
    }
    return model_invoke(&call);
}

seL4_Error seL4_TCB_CopyRegisters(seL4_TCB _service, seL4_TCB source, seL4_Bool suspend_source,
                                  seL4_Bool resume_target, seL4_Bool transfer_frame,
                                  seL4_Bool transfer_integer, seL4_Uint8 arch_flags)
{
    const seL4_Word flags = flag_bit(suspend_source, 0) | flag_bit(resume_target, 1) |
                            flag_bit(transfer_frame, 2) | flag_bit(transfer_integer, 3);
    struct invocation call = {MESSAGE(TCB_CopyRegisters, 1, 1),
                              .mr = {register_flags(flags, arch_flags)}, .caps = {source}};
    return model_invoke(&call);
}

#ifndef CONFIG_KERNEL_MCS
seL4_Error seL4_TCB_Configure(seL4_TCB _service, seL4_Word fault_ep, seL4_CNode cspace_root,
                              seL4_Word cspace_root_data, seL4_CPtr vspace_root,
                              seL4_Word vspace_root_data, seL4_Word buffer, seL4_CPtr bufferFrame)
{
    struct invocation call = {MESSAGE(TCB_Configure, 4, 3),
                              .mr = {fault_ep, cspace_root_data, vspace_root_data, buffer},
                              .caps = {cspace_root, vspace_root, bufferFrame}};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_SetSchedParams(seL4_TCB _service, seL4_TCB authority, seL4_Word mcp,
                                   seL4_Word priority)
{
    struct invocation call = {MESSAGE(TCB_SetSchedParams, 2, 1), .mr = {mcp, priority},
                              .caps = {authority}};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_SetSpace(seL4_TCB _service, seL4_Word fault_ep, seL4_CNode cspace_root,
                             seL4_Word cspace_root_data, seL4_CPtr vspace_root,
                             seL4_Word vspace_root_data)
{
    struct invocation call = {MESSAGE(TCB_SetSpace, 3, 2),
                              .mr = {fault_ep, cspace_root_data, vspace_root_data},
                              .caps = {cspace_root, vspace_root}};
    return model_invoke(&call);
}
#endif

seL4_Error seL4_TCB_SetPriority(seL4_TCB _service, seL4_TCB authority, seL4_Word priority)
{
    struct invocation call = {MESSAGE(TCB_SetPriority, 1, 1), .mr = {priority},
                              .caps = {authority}};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_SetMCPriority(seL4_TCB _service, seL4_TCB authority, seL4_Word mcp)
{
    struct invocation call = {MESSAGE(TCB_SetMCPriority, 1, 1), .mr = {mcp}, .caps = {authority}};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_SetIPCBuffer(seL4_TCB _service, seL4_Word buffer, seL4_CPtr bufferFrame)
{
    struct invocation call = {MESSAGE(TCB_SetIPCBuffer, 1, 1), .mr = {buffer},
                              .caps = {bufferFrame}};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_Suspend(seL4_TCB _service)
{
    struct invocation call = {MESSAGE(TCB_Suspend, 0, 0)};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_Resume(seL4_TCB _service)
{
    struct invocation call = {MESSAGE(TCB_Resume, 0, 0)};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_BindNotification(seL4_TCB _service, seL4_CPtr notification)
{
    struct invocation call = {MESSAGE(TCB_BindNotification, 0, 1), .caps = {notification}};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_UnbindNotification(seL4_TCB _service)
{
    struct invocation call = {MESSAGE(TCB_UnbindNotification, 0, 0)};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_SetTLSBase(seL4_TCB _service, seL4_Word tls_base)
{
    struct invocation call = {MESSAGE(TCB_SetTLSBase, 1, 0), .mr = {tls_base}};
    return model_invoke(&call);
}

seL4_TCB_SetFlags_t seL4_TCB_SetFlags(seL4_TCB _service, seL4_Word clear, seL4_Word set)
{
    struct invocation call = {MESSAGE(TCB_SetFlags, 2, 0), .mr = {clear, set}};
    seL4_TCB_SetFlags_t result = {.error = (int)model_invoke(&call)};
    result.flags = call.mr[0];
    return result;
}

seL4_Error seL4_IRQControl_Get(seL4_IRQControl _service, seL4_Word irq, seL4_CNode root,
                               seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(IRQControl_Get, 3, 1), .mr = {irq, index, depth},
                              .caps = {root}};
    return model_invoke(&call);
}

seL4_Error seL4_IRQHandler_Ack(seL4_IRQHandler _service)
{
    struct invocation call = {MESSAGE(IRQHandler_Ack, 0, 0)};
    return model_invoke(&call);
}

seL4_Error seL4_IRQHandler_SetNotification(seL4_IRQHandler _service, seL4_CPtr notification)
{
    struct invocation call = {MESSAGE(IRQHandler_SetNotification, 0, 1), .caps = {notification}};
    return model_invoke(&call);
}

seL4_Error seL4_IRQHandler_Clear(seL4_IRQHandler _service)
{
    struct invocation call = {MESSAGE(IRQHandler_Clear, 0, 0)};
    return model_invoke(&call);
}

seL4_Error seL4_DomainSet_Set(seL4_DomainSet _service, seL4_Uint8 domain, seL4_TCB thread)
{
    struct invocation call = {MESSAGE(DomainSet_Set, 1, 1), .mr = {domain}, .caps = {thread}};
    return model_invoke(&call);
}

seL4_Error seL4_DomainSet_ScheduleConfigure(seL4_DomainSet _service, seL4_Word index,
                                            seL4_Uint8 domain, seL4_Time duration)
{
    struct invocation call = {MESSAGE(DomainSet_ScheduleConfigure, 2 + MODEL_TIME_WORDS, 0),
                              .mr = {index, domain}};
    model_time_put(&call, 2, duration);
    return model_invoke(&call);
}

seL4_Error seL4_DomainSet_ScheduleSetStart(seL4_DomainSet _service, seL4_Word index)
{
    struct invocation call = {MESSAGE(DomainSet_ScheduleSetStart, 1, 0), .mr = {index}};
    return model_invoke(&call);
}
