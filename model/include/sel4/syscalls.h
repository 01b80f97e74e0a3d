/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* System calls. The model has no other threads: all but the debug calls stop the program with a
 * message that names the call. */
#pragma once

#include <sel4/config.h>

#include <sel4/functions.h>

#ifdef CONFIG_KERNEL_MCS
#include <sel4/syscalls_mcs.h>
#else
#include <sel4/syscalls_master.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifdef CONFIG_PRINTING
/* Writes one character to standard output. */
void seL4_DebugPutChar(char c);
void seL4_DebugPutString(char *str);
void seL4_DebugDumpScheduler(void);
#endif

#if CONFIG_DEBUG_BUILD
void seL4_DebugHalt(void);
void seL4_DebugSnapshot(void);
/* The kernel's number for the kind of capability in a slot; 0 if there is none. */
seL4_Uint32 seL4_DebugCapIdentify(seL4_CPtr cap);
void seL4_DebugNameThread(seL4_CPtr tcb, const char *name);
#endif

#ifdef CONFIG_SET_TLS_BASE_SELF
void seL4_SetTLSBase(seL4_Word tls_base);
#endif

#ifdef __cplusplus
}
#endif
