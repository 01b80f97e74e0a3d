/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* State of the modelled kernel that both modes of x86 have. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct slot;

/* include/plat/pc99/plat/machine.h: interrupts 0-15 are the PIC's, 16-123 the user's, the last
 * is the kernel's timer. */
enum {
    X86_IRQ_ISA_MAX = 15,
    X86_IRQ_USER_MIN = 16,
    X86_IRQ_USER_MAX = 123,
    X86_IRQ_TIMER = 125,
    X86_IRQ_COUNT = 126,
    MODEL_IRQ_RADIX_BITS = 7, /* slots for them, as a CNode of no capability */
    X86_IO_PORT_COUNT = 1 << 16,
};

struct arch_state {
    bool irq_is_active[X86_IRQ_COUNT];
    struct slot *irq_slots; /* the notification of each interrupt */
    uint64_t io_ports_used[X86_IO_PORT_COUNT / 64];
};
