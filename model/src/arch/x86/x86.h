/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* What the x86 parts of the model share. */
#pragma once

#include "arch.h"
#include "paging.h"

/* Levels of paging structures; 1 holds small frames. */
enum {
    X86_LEVEL_PT = 1,
    X86_LEVEL_PD = 2,
    X86_LEVEL_PDPT = 3,
    X86_LEVEL_PML4 = 4,
};

/* what both modes have */
seL4_Error x86_decode(struct invocation *call);

/* paging */
seL4_Error x86_decode_frame(struct invocation *call);
seL4_Error x86_decode_table(struct invocation *call);

/* IO ports */
seL4_Error x86_decode_io_port_control(struct invocation *call);
seL4_Error x86_decode_io_port(struct invocation *call);
void x86_io_ports_set(unsigned first, unsigned last, bool used);
