/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* State of the modelled kernel that both modes of RISC-V have. */
#pragma once

#include <stdbool.h>

struct slot;

enum {
    RISCV_IRQ_TIMER = 1,
    RISCV_IRQ_MAX = 1,
    MODEL_IRQ_RADIX_BITS = 1, /* slots for them, as a CNode of no capability */
};

struct arch_state {
    bool irq_is_active[RISCV_IRQ_MAX + 1];
    struct slot *irq_slots; /* the notification of each interrupt */
};
