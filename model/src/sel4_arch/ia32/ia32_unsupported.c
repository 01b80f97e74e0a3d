/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* IPC calls in the forms that pass message words by pointer: outside the model. */
#include "stop.h"

#include <sel4/sel4.h>

#pragma GCC diagnostic ignored "-Wunused-parameter"

#ifdef CONFIG_KERNEL_MCS
void seL4_SendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *mr0)
{
    model_unsupported(__func__);
}

void seL4_NBSendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *mr0)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_CallWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *mr0)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_RecvWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_Word *mr0,
                                    seL4_CPtr reply)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_ReplyRecvWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                         seL4_Word *sender, seL4_Word *mr0, seL4_CPtr reply)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_WaitWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_Word *mr0)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_NBSendRecvWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word src,
                                          seL4_Word *sender, seL4_Word *mr0, seL4_CPtr reply)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_NBSendWaitWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word src,
                                          seL4_Word *sender, seL4_Word *mr0)
{
    model_unsupported(__func__);
}
#else
void seL4_SendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *mr0, seL4_Word *mr1)
{
    model_unsupported(__func__);
}

void seL4_NBSendWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *mr0, seL4_Word *mr1)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_CallWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *mr0,
                                    seL4_Word *mr1)
{
    model_unsupported(__func__);
}

void seL4_ReplyWithMRs(seL4_MessageInfo_t msgInfo, seL4_Word *mr0, seL4_Word *mr1)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_RecvWithMRs(seL4_CPtr src, seL4_Word *sender, seL4_Word *mr0,
                                    seL4_Word *mr1)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_ReplyRecvWithMRs(seL4_CPtr dest, seL4_MessageInfo_t msgInfo,
                                         seL4_Word *sender, seL4_Word *mr0, seL4_Word *mr1)
{
    model_unsupported(__func__);
}
#endif
