/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The invocations of x86 as functions. */
#include "invocation.h"

#define MESSAGE(name, word_count, extra_caps)                                                      \
    .kind = SEL4MODEL_##name, .service = _service, .length = (word_count), .cap_count = (extra_caps)

static seL4_Error map_table(enum sel4model_invocation kind, seL4_CPtr service, seL4_CPtr vspace,
                            seL4_Word vaddr, seL4_X86_VMAttributes attr)
{
    struct invocation call = {.kind = kind,
                              .service = service,
                              .length = 2,
                              .cap_count = 1,
                              .mr = {vaddr, (seL4_Word)attr},
                              .caps = {vspace}};
    return model_invoke(&call);
}

static seL4_Error invoke_plain(enum sel4model_invocation kind, seL4_CPtr service)
{
    struct invocation call = {.kind = kind, .service = service};
    return model_invoke(&call);
}

#ifdef CONFIG_ARCH_X86_64
seL4_Error seL4_X86_PDPT_Map(seL4_X86_PDPT _service, seL4_X64_PML4 pml4, seL4_Word vaddr,
                             seL4_X86_VMAttributes attr)
{
    return map_table(SEL4MODEL_X86_PDPT_Map, _service, pml4, vaddr, attr);
}

seL4_Error seL4_X86_PDPT_Unmap(seL4_X86_PDPT _service)
{
    return invoke_plain(SEL4MODEL_X86_PDPT_Unmap, _service);
}
#else
seL4_X86_PageDirectory_GetStatusBits_t
seL4_X86_PageDirectory_GetStatusBits(seL4_X86_PageDirectory _service, seL4_Word vaddr)
{
    struct invocation call = {MESSAGE(X86_PageDirectory_GetStatusBits, 1, 0), .mr = {vaddr}};
    seL4_X86_PageDirectory_GetStatusBits_t result = {.error = (int)model_invoke(&call)};
    result.accessed = call.mr[0];
    result.dirty = call.mr[1];
    return result;
}
#endif

seL4_Error seL4_X86_PageDirectory_Map(seL4_X86_PageDirectory _service, seL4_CPtr vspace,
                                      seL4_Word vaddr, seL4_X86_VMAttributes attr)
{
    return map_table(SEL4MODEL_X86_PageDirectory_Map, _service, vspace, vaddr, attr);
}

seL4_Error seL4_X86_PageDirectory_Unmap(seL4_X86_PageDirectory _service)
{
    return invoke_plain(SEL4MODEL_X86_PageDirectory_Unmap, _service);
}

seL4_Error seL4_X86_PageTable_Map(seL4_X86_PageTable _service, seL4_CPtr vspace, seL4_Word vaddr,
                                  seL4_X86_VMAttributes attr)
{
    return map_table(SEL4MODEL_X86_PageTable_Map, _service, vspace, vaddr, attr);
}

seL4_Error seL4_X86_PageTable_Unmap(seL4_X86_PageTable _service)
{
    return invoke_plain(SEL4MODEL_X86_PageTable_Unmap, _service);
}

seL4_Error seL4_X86_Page_Map(seL4_X86_Page _service, seL4_CPtr vspace, seL4_Word vaddr,
                             seL4_CapRights_t rights, seL4_X86_VMAttributes attr)
{
    struct invocation call = {MESSAGE(X86_Page_Map, 3, 1),
                              .mr = {vaddr, rights.words[0], (seL4_Word)attr}, .caps = {vspace}};
    return model_invoke(&call);
}

seL4_Error seL4_X86_Page_Unmap(seL4_X86_Page _service)
{
    return invoke_plain(SEL4MODEL_X86_Page_Unmap, _service);
}

seL4_X86_Page_GetAddress_t seL4_X86_Page_GetAddress(seL4_X86_Page _service)
{
    struct invocation call = {MESSAGE(X86_Page_GetAddress, 0, 0)};
    seL4_X86_Page_GetAddress_t result = {.error = (int)model_invoke(&call)};
    result.paddr = call.mr[0];
    return result;
}

seL4_Error seL4_X86_ASIDControl_MakePool(seL4_X86_ASIDControl _service, seL4_Untyped untyped,
                                         seL4_CNode root, seL4_Word index, seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(X86_ASIDControl_MakePool, 2, 2), .mr = {index, depth},
                              .caps = {untyped, root}};
    return model_invoke(&call);
}

seL4_Error seL4_X86_ASIDPool_Assign(seL4_X86_ASIDPool _service, seL4_CPtr vspace)
{
    struct invocation call = {MESSAGE(X86_ASIDPool_Assign, 0, 1), .caps = {vspace}};
    return model_invoke(&call);
}

seL4_Error seL4_X86_IOPortControl_Issue(seL4_X86_IOPortControl _service, seL4_Word first_port,
                                        seL4_Word last_port, seL4_CNode root, seL4_Word index,
                                        seL4_Uint8 depth)
{
    struct invocation call = {MESSAGE(X86_IOPortControl_Issue, 4, 1),
                              .mr = {first_port, last_port, index, depth}, .caps = {root}};
    return model_invoke(&call);
}

seL4_X86_IOPort_In8_t seL4_X86_IOPort_In8(seL4_X86_IOPort _service, seL4_Uint16 port)
{
    struct invocation call = {MESSAGE(X86_IOPort_In8, 1, 0), .mr = {port}};
    seL4_X86_IOPort_In8_t result = {.error = (int)model_invoke(&call)};
    result.result = (seL4_Uint8)call.mr[0];
    return result;
}

seL4_X86_IOPort_In16_t seL4_X86_IOPort_In16(seL4_X86_IOPort _service, seL4_Uint16 port)
{
    struct invocation call = {MESSAGE(X86_IOPort_In16, 1, 0), .mr = {port}};
    seL4_X86_IOPort_In16_t result = {.error = (int)model_invoke(&call)};
    result.result = (seL4_Uint16)call.mr[0];
    return result;
}

seL4_X86_IOPort_In32_t seL4_X86_IOPort_In32(seL4_X86_IOPort _service, seL4_Uint16 port)
{
    struct invocation call = {MESSAGE(X86_IOPort_In32, 1, 0), .mr = {port}};
    seL4_X86_IOPort_In32_t result = {.error = (int)model_invoke(&call)};
    result.result = (seL4_Uint32)call.mr[0];
    return result;
}

static seL4_Error port_out(enum sel4model_invocation kind, seL4_CPtr service, seL4_Word port,
                           seL4_Word data)
{
    struct invocation call = {.kind = kind, .service = service, .length = 2, .mr = {port, data}};
    return model_invoke(&call);
}

seL4_Error seL4_X86_IOPort_Out8(seL4_X86_IOPort _service, seL4_Word port, seL4_Word data)
{
    return port_out(SEL4MODEL_X86_IOPort_Out8, _service, port, data);
}

seL4_Error seL4_X86_IOPort_Out16(seL4_X86_IOPort _service, seL4_Word port, seL4_Word data)
{
    return port_out(SEL4MODEL_X86_IOPort_Out16, _service, port, data);
}

seL4_Error seL4_X86_IOPort_Out32(seL4_X86_IOPort _service, seL4_Word port, seL4_Word data)
{
    return port_out(SEL4MODEL_X86_IOPort_Out32, _service, port, data);
}

seL4_Error seL4_IRQControl_GetIOAPIC(seL4_IRQControl _service, seL4_CNode root, seL4_Word index,
                                     seL4_Uint8 depth, seL4_Word ioapic, seL4_Word pin,
                                     seL4_Word level, seL4_Word polarity, seL4_Word vector)
{
    struct invocation call = {MESSAGE(IRQControl_GetIOAPIC, 7, 1),
                              .mr = {index, depth, ioapic, pin, level, polarity, vector},
                              .caps = {root}};
    return model_invoke(&call);
}

seL4_Error seL4_IRQControl_GetMSI(seL4_IRQControl _service, seL4_CNode root, seL4_Word index,
                                  seL4_Uint8 depth, seL4_Word pci_bus, seL4_Word pci_dev,
                                  seL4_Word pci_func, seL4_Word handle, seL4_Word vector)
{
    struct invocation call = {MESSAGE(IRQControl_GetMSI, 7, 1),
                              .mr = {index, depth, pci_bus, pci_dev, pci_func, handle, vector},
                              .caps = {root}};
    return model_invoke(&call);
}
