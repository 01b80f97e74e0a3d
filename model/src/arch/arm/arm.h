/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* What the Arm parts of the model share. */
#pragma once

#include "arch.h"
#include "paging.h"

/* paging: Map, and what else only this mode of Arm has */
seL4_Error arm_decode_frame(struct invocation *call);
seL4_Error arm_decode_table(struct invocation *call);

#ifdef CONFIG_ARM_HYPERVISOR_SUPPORT
/* virtual CPUs */
struct vcpu *arm_vcpu_create(uint64_t address);
seL4_Error arm_decode_vcpu(struct invocation *call);
#endif

/* cache maintenance: the caches of the model are always clean, so only the checks remain */
bool arm_is_frame_flush(enum sel4model_invocation kind);
bool arm_is_vspace_flush(enum sel4model_invocation kind);
seL4_Error arm_flush_frame(struct invocation *call);
seL4_Error arm_flush_vspace(struct invocation *call);
