/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Calls outside the model: they exist so that code compiles and links, and stop when reached. */
#include "stop.h"

#include <sel4/sel4.h>

#pragma GCC diagnostic ignored "-Wunused-parameter"

void seL4_Send(seL4_CPtr dest, seL4_MessageInfo_t msgInfo)
{
    model_unsupported(__func__);
}

void seL4_NBSend(seL4_CPtr dest, seL4_MessageInfo_t msgInfo)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_Call(seL4_CPtr dest, seL4_MessageInfo_t msgInfo)
{
    model_unsupported(__func__);
}

void seL4_Yield(void)
{
    model_unsupported(__func__);
}

void seL4_Signal(seL4_CPtr dest)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_Poll(seL4_CPtr src, seL4_Word *sender)
{
    model_unsupported(__func__);
}

#ifdef CONFIG_KERNEL_MCS
seL4_MessageInfo_t seL4_Recv(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_NBRecv(seL4_CPtr src, seL4_Word *sender, seL4_CPtr reply)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_ReplyRecv(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *sender,
                                  seL4_CPtr reply)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_NBSendRecv(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_CPtr src,
                                   seL4_Word *sender, seL4_CPtr reply)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_NBSendWait(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_CPtr src,
                                   seL4_Word *sender)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_Wait(seL4_CPtr src, seL4_Word *sender)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_NBWait(seL4_CPtr src, seL4_Word *sender)
{
    model_unsupported(__func__);
}
#else
seL4_MessageInfo_t seL4_Recv(seL4_CPtr src, seL4_Word *sender)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_NBRecv(seL4_CPtr src, seL4_Word *sender)
{
    model_unsupported(__func__);
}

void seL4_Reply(seL4_MessageInfo_t msgInfo)
{
    model_unsupported(__func__);
}

seL4_MessageInfo_t seL4_ReplyRecv(seL4_CPtr dest, seL4_MessageInfo_t msgInfo, seL4_Word *sender)
{
    model_unsupported(__func__);
}

void seL4_Wait(seL4_CPtr src, seL4_Word *sender)
{
    model_unsupported(__func__);
}
#endif

#ifdef CONFIG_SET_TLS_BASE_SELF
void seL4_SetTLSBase(seL4_Word tls_base)
{
    model_unsupported(__func__);
}
#endif
