/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The invocations of Arm as functions. */
#include "invocation.h"

#define MESSAGE(name, word_count, extra_caps)                                                      \
    .kind = SEL4MODEL_##name, .service = _service, .length = (word_count), .cap_count = (extra_caps)

static seL4_Error invoke_plain(enum sel4model_invocation kind, seL4_CPtr service)
{
    struct invocation call = {.kind = kind, .service = service};
    return model_invoke(&call);
}

static seL4_Error invoke_range(enum sel4model_invocation kind, seL4_CPtr service, seL4_Word start,
                               seL4_Word end)
{
    struct invocation call = {.kind = kind, .service = service, .length = 2, .mr = {start, end}};
    return model_invoke(&call);
}

seL4_Error seL4_ARM_PageTable_Map(seL4_ARM_PageTable _service, seL4_CPtr vspace, seL4_Word vaddr,
                                  seL4_ARM_VMAttributes attr)
{
    struct invocation call = {MESSAGE(ARM_PageTable_Map, 2, 1), .mr = {vaddr, (seL4_Word)attr},
                              .caps = {vspace}};
    return model_invoke(&call);
}

seL4_Error seL4_ARM_PageTable_Unmap(seL4_ARM_PageTable _service)
{
    return invoke_plain(SEL4MODEL_ARM_PageTable_Unmap, _service);
}

seL4_Error seL4_ARM_Page_Map(seL4_ARM_Page _service, seL4_CPtr vspace, seL4_Word vaddr,
                             seL4_CapRights_t rights, seL4_ARM_VMAttributes attr)
{
    struct invocation call = {MESSAGE(ARM_Page_Map, 3, 1),
                              .mr = {vaddr, rights.words[0], (seL4_Word)attr}, .caps = {vspace}};
    return model_invoke(&call);
}

seL4_Error seL4_ARM_Page_Unmap(seL4_ARM_Page _service)
{
    return invoke_plain(SEL4MODEL_ARM_Page_Unmap, _service);
}

seL4_Error seL4_ARM_Page_Clean_Data(seL4_ARM_Page _service, seL4_Word start_offset,
                                    seL4_Word end_offset)
{
    return invoke_range(SEL4MODEL_ARM_Page_Clean_Data, _service, start_offset, end_offset);
}

seL4_Error seL4_ARM_Page_Invalidate_Data(seL4_ARM_Page _service, seL4_Word start_offset,
                                         seL4_Word end_offset)
{
    return invoke_range(SEL4MODEL_ARM_Page_Invalidate_Data, _service, start_offset, end_offset);
}

seL4_Error seL4_ARM_Page_CleanInvalidate_Data(seL4_ARM_Page _service, seL4_Word start_offset,
                                              seL4_Word end_offset)
{
    return invoke_range(SEL4MODEL_ARM_Page_CleanInvalidate_Data, _service, start_offset,
                        end_offset);
}

seL4_Error seL4_ARM_Page_Unify_Instruction(seL4_ARM_Page _service, seL4_Word start_offset,
                                           seL4_Word end_offset)
{
    return invoke_range(SEL4MODEL_ARM_Page_Unify_Instruction, _service, start_offset, end_offset);
}

seL4_ARM_Page_GetAddress_t seL4_ARM_Page_GetAddress(seL4_ARM_Page _service)
{
    struct invocation call = {MESSAGE(ARM_Page_GetAddress, 0, 0)};
    seL4_ARM_Page_GetAddress_t result = {.error = (int)model_invoke(&call)};
    result.paddr = call.mr[0];
    return result;
}

seL4_Error seL4_ARM_ASIDControl_MakePool(seL4_ARM_ASIDControl _service, seL4_Untyped untyped,
                                         seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(ARM_ASIDControl_MakePool, 2, 2), .mr = {index, depth},
                              .caps = {untyped, root}};
    return model_invoke(&call);
}

seL4_Error seL4_ARM_ASIDPool_Assign(seL4_ARM_ASIDPool _service, seL4_CPtr vspace)
{
    struct invocation call = {MESSAGE(ARM_ASIDPool_Assign, 0, 1), .caps = {vspace}};
    return model_invoke(&call);
}

seL4_Error seL4_IRQControl_GetTrigger(seL4_IRQControl _service, seL4_Word irq, seL4_Word trigger,
                                      seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(IRQControl_GetTrigger, 4, 1),
                              .mr = {irq, trigger, index, depth}, .caps = {root}};
    return model_invoke(&call);
}

seL4_Error seL4_IRQControl_IssueSGISignal(seL4_IRQControl _service, seL4_Word irq, seL4_Word target,
                                          seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(IRQControl_IssueSGISignal, 4, 1),
                              .mr = {irq, target, index, depth}, .caps = {root}};
    return model_invoke(&call);
}

#ifdef CONFIG_ARCH_AARCH64
seL4_Error seL4_ARM_VSpace_Clean_Data(seL4_ARM_VSpace _service, seL4_Word start, seL4_Word end)
{
    return invoke_range(SEL4MODEL_ARM_VSpace_Clean_Data, _service, start, end);
}

seL4_Error seL4_ARM_VSpace_Invalidate_Data(seL4_ARM_VSpace _service, seL4_Word start, seL4_Word end)
{
    return invoke_range(SEL4MODEL_ARM_VSpace_Invalidate_Data, _service, start, end);
}

seL4_Error seL4_ARM_VSpace_CleanInvalidate_Data(seL4_ARM_VSpace _service, seL4_Word start,
                                                seL4_Word end)
{
    return invoke_range(SEL4MODEL_ARM_VSpace_CleanInvalidate_Data, _service, start, end);
}

seL4_Error seL4_ARM_VSpace_Unify_Instruction(seL4_ARM_VSpace _service, seL4_Word start,
                                             seL4_Word end)
{
    return invoke_range(SEL4MODEL_ARM_VSpace_Unify_Instruction, _service, start, end);
}

/* The arguments travel like those of TCB_WriteRegisters. Without SMC capabilities it always fails;
 * the first words of the response are what came back in registers. */
seL4_Error seL4_ARM_SMC_Call(seL4_ARM_SMC _service, seL4_ARM_SMCContext *smc_args,
                             seL4_ARM_SMCContext *smc_response)
{
    struct invocation call = {MESSAGE(ARM_SMC_Call, 8, 0),
                              .mr = {smc_args->x0, smc_args->x1, smc_args->x2, smc_args->x3,
                                     smc_args->x4, smc_args->x5, smc_args->x6, smc_args->x7}};
    const seL4_Error error = model_invoke(&call);
    *smc_response = (seL4_ARM_SMCContext){call.mr[0], call.mr[1], call.mr[2], call.mr[3],
                                          call.mr[4], call.mr[5], call.mr[6], call.mr[7]};
    return error;
}
#else
seL4_Error seL4_ARM_PageDirectory_Clean_Data(seL4_ARM_PageDirectory _service, seL4_Word start,
                                             seL4_Word end)
{
    return invoke_range(SEL4MODEL_ARM_PageDirectory_Clean_Data, _service, start, end);
}

seL4_Error seL4_ARM_PageDirectory_Invalidate_Data(seL4_ARM_PageDirectory _service, seL4_Word start,
                                                  seL4_Word end)
{
    return invoke_range(SEL4MODEL_ARM_PageDirectory_Invalidate_Data, _service, start, end);
}

seL4_Error seL4_ARM_PageDirectory_CleanInvalidate_Data(seL4_ARM_PageDirectory _service,
                                                       seL4_Word start, seL4_Word end)
{
    return invoke_range(SEL4MODEL_ARM_PageDirectory_CleanInvalidate_Data, _service, start, end);
}

seL4_Error seL4_ARM_PageDirectory_Unify_Instruction(seL4_ARM_PageDirectory _service,
                                                    seL4_Word start, seL4_Word end)
{
    return invoke_range(SEL4MODEL_ARM_PageDirectory_Unify_Instruction, _service, start, end);
}
#endif
