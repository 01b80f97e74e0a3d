/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* State of the modelled kernel that both modes of Arm have. */
#pragma once

#include <stdbool.h>

struct slot;

enum { MODEL_IRQ_RADIX_BITS = 8 }; /* slots for interrupts, as a CNode of no capability */

struct arch_state {
    bool irq_is_active[ARM_IRQ_MAX + 1];
    struct slot *irq_slots; /* the notification of each interrupt */
};
