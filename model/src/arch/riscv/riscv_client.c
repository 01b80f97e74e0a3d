/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The invocations of RISC-V as functions. */
#include "invocation.h"

#define MESSAGE(name, word_count, extra_caps)                                                      \
    .kind = SEL4MODEL_##name, .service = _service, .length = (word_count), .cap_count = (extra_caps)

seL4_Error seL4_RISCV_PageTable_Map(seL4_RISCV_PageTable _service, seL4_RISCV_PageTable vspace,
                                    seL4_Word vaddr, seL4_RISCV_VMAttributes attr)
{
    struct invocation call = {MESSAGE(RISCV_PageTable_Map, 2, 1), .mr = {vaddr, (seL4_Word)attr},
                              .caps = {vspace}};
    return model_invoke(&call);
}

seL4_Error seL4_RISCV_PageTable_Unmap(seL4_RISCV_PageTable _service)
{
    struct invocation call = {MESSAGE(RISCV_PageTable_Unmap, 0, 0)};
    return model_invoke(&call);
}

seL4_Error seL4_RISCV_Page_Map(seL4_RISCV_Page _service, seL4_RISCV_PageTable vspace,
                               seL4_Word vaddr, seL4_CapRights_t rights,
                               seL4_RISCV_VMAttributes attr)
{
    struct invocation call = {MESSAGE(RISCV_Page_Map, 3, 1),
                              .mr = {vaddr, rights.words[0], (seL4_Word)attr}, .caps = {vspace}};
    return model_invoke(&call);
}

seL4_Error seL4_RISCV_Page_Unmap(seL4_RISCV_Page _service)
{
    struct invocation call = {MESSAGE(RISCV_Page_Unmap, 0, 0)};
    return model_invoke(&call);
}

seL4_RISCV_Page_GetAddress_t seL4_RISCV_Page_GetAddress(seL4_RISCV_Page _service)
{
    struct invocation call = {MESSAGE(RISCV_Page_GetAddress, 0, 0)};
    seL4_RISCV_Page_GetAddress_t result = {.error = (int)model_invoke(&call)};
    result.paddr = call.mr[0];
    return result;
}

seL4_Error seL4_RISCV_ASIDControl_MakePool(seL4_RISCV_ASIDControl _service, seL4_Untyped untyped,
                                           seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(RISCV_ASIDControl_MakePool, 2, 2), .mr = {index, depth},
                              .caps = {untyped, root}};
    return model_invoke(&call);
}

seL4_Error seL4_RISCV_ASIDPool_Assign(seL4_RISCV_ASIDPool _service, seL4_CPtr vspace)
{
    struct invocation call = {MESSAGE(RISCV_ASIDPool_Assign, 0, 1), .caps = {vspace}};
    return model_invoke(&call);
}

seL4_Error seL4_IRQControl_GetTrigger(seL4_IRQControl _service, seL4_Word irq, seL4_Word trigger,
                                      seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(IRQControl_GetTrigger, 4, 1),
                              .mr = {irq, trigger, index, depth}, .caps = {root}};
    return model_invoke(&call);
}
