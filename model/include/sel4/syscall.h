/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Numbers of the system calls. */
#pragma once

#include <sel4/config.h>
#include <sel4/macros.h>

typedef enum {
    seL4_SysCall = -1,
    seL4_SysReplyRecv = -2,
#if defined(CONFIG_KERNEL_MCS)
    seL4_SysNBSendRecv = -3,
    seL4_SysNBSendWait = -4,
    seL4_SysSend = -5,
    seL4_SysNBSend = -6,
    seL4_SysRecv = -7,
    seL4_SysNBRecv = -8,
    seL4_SysWait = -9,
    seL4_SysNBWait = -10,
    seL4_SysYield = -11,
#define SEL4MODEL_FIRST_DEBUG_SYSCALL (-12)
#else
    seL4_SysSend = -3,
    seL4_SysNBSend = -4,
    seL4_SysRecv = -5,
    seL4_SysReply = -6,
    seL4_SysYield = -7,
    seL4_SysNBRecv = -8,
#define SEL4MODEL_FIRST_DEBUG_SYSCALL (-9)
#endif
#if defined(CONFIG_PRINTING)
    seL4_SysDebugPutChar = SEL4MODEL_FIRST_DEBUG_SYSCALL,
    seL4_SysDebugDumpScheduler = SEL4MODEL_FIRST_DEBUG_SYSCALL - 1,
#endif
#if defined(CONFIG_DEBUG_BUILD)
    seL4_SysDebugHalt = SEL4MODEL_FIRST_DEBUG_SYSCALL - 2,
    seL4_SysDebugCapIdentify = SEL4MODEL_FIRST_DEBUG_SYSCALL - 3,
    seL4_SysDebugSnapshot = SEL4MODEL_FIRST_DEBUG_SYSCALL - 4,
    seL4_SysDebugNameThread = SEL4MODEL_FIRST_DEBUG_SYSCALL - 5,
#endif
#if defined(CONFIG_SET_TLS_BASE_SELF)
    seL4_SysSetTLSBase = SEL4MODEL_FIRST_DEBUG_SYSCALL - 21,
#endif
    SEL4_FORCE_LONG_ENUM(seL4_Syscall_ID)
} seL4_Syscall_ID;
