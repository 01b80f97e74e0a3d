/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The invocations as functions, where MCS kernels have others. */
#include "invocation.h"

#define MESSAGE(name, word_count, extra_caps)                                                      \
    .kind = SEL4MODEL_##name, .service = _service, .length = (word_count), .cap_count = (extra_caps)

seL4_Error seL4_TCB_Configure(seL4_TCB _service, seL4_CNode cspace_root, seL4_Word cspace_root_data,
                              seL4_CPtr vspace_root, seL4_Word vspace_root_data, seL4_Word buffer,
                              seL4_CPtr bufferFrame)
{
    struct invocation call = {MESSAGE(TCB_Configure, 3, 3),
                              .mr = {cspace_root_data, vspace_root_data, buffer},
                              .caps = {cspace_root, vspace_root, bufferFrame}};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_SetSchedParams(seL4_TCB _service, seL4_TCB authority, seL4_Word mcp,
                                   seL4_Word priority, seL4_CPtr sched_context, seL4_CPtr fault_ep)
{
    struct invocation call = {MESSAGE(TCB_SetSchedParams, 2, 3), .mr = {mcp, priority},
                              .caps = {authority, sched_context, fault_ep}};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_SetTimeoutEndpoint(seL4_TCB _service, seL4_CPtr timeout_fault_ep)
{
    struct invocation call = {MESSAGE(TCB_SetTimeoutEndpoint, 0, 1), .caps = {timeout_fault_ep}};
    return model_invoke(&call);
}

seL4_Error seL4_TCB_SetSpace(seL4_TCB _service, seL4_CPtr fault_ep, seL4_CNode cspace_root,
                             seL4_Word cspace_root_data, seL4_CPtr vspace_root,
                             seL4_Word vspace_root_data)
{
    struct invocation call = {MESSAGE(TCB_SetSpace, 2, 3),
                              .mr = {cspace_root_data, vspace_root_data},
                              .caps = {fault_ep, cspace_root, vspace_root}};
    return model_invoke(&call);
}

seL4_Error seL4_SchedControl_ConfigureFlags(seL4_SchedControl _service,
                                            seL4_SchedContext schedcontext, seL4_Time budget,
                                            seL4_Time period, seL4_Word extra_refills,
                                            seL4_Word badge, seL4_Word flags)
{
    enum { REST = 2 * MODEL_TIME_WORDS };
    struct invocation call = {
        MESSAGE(SchedControl_ConfigureFlags, REST + 3, 1),
        .mr = {[REST] = extra_refills, [REST + 1] = badge, [REST + 2] = flags},
        .caps = {schedcontext}};
    model_time_put(&call, 0, budget);
    model_time_put(&call, MODEL_TIME_WORDS, period);
    return model_invoke(&call);
}

seL4_Error seL4_SchedContext_Bind(seL4_SchedContext _service, seL4_CPtr cap)
{
    struct invocation call = {MESSAGE(SchedContext_Bind, 0, 1), .caps = {cap}};
    return model_invoke(&call);
}

seL4_Error seL4_SchedContext_Unbind(seL4_SchedContext _service)
{
    struct invocation call = {MESSAGE(SchedContext_Unbind, 0, 0)};
    return model_invoke(&call);
}

seL4_Error seL4_SchedContext_UnbindObject(seL4_SchedContext _service, seL4_CPtr cap)
{
    struct invocation call = {MESSAGE(SchedContext_UnbindObject, 0, 1), .caps = {cap}};
    return model_invoke(&call);
}

seL4_SchedContext_Consumed_t seL4_SchedContext_Consumed(seL4_SchedContext _service)
{
    struct invocation call = {MESSAGE(SchedContext_Consumed, 0, 0)};
    seL4_SchedContext_Consumed_t result = {.error = (int)model_invoke(&call)};
    result.consumed = model_time_get(&call, 0);
    return result;
}

seL4_SchedContext_YieldTo_t seL4_SchedContext_YieldTo(seL4_SchedContext _service)
{
    struct invocation call = {MESSAGE(SchedContext_YieldTo, 0, 0)};
    seL4_SchedContext_YieldTo_t result = {.error = (int)model_invoke(&call)};
    result.consumed = model_time_get(&call, 0);
    return result;
}
