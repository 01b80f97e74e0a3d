/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// A vka whose answers are known in advance, that records its calls and fails on demand.

#pragma once

#include <vka/object.h>
#include <vka/vka.h>

enum {
    FAKE_FIRST_SLOT = 0x40,     ///< the first slot handed out; then upwards
    FAKE_FIRST_COOKIE = 0x1000, ///< the first cookie handed out; then upwards
};

/// The vka and what happened to it. Every member of `last_` is what the last call was given.
struct fake_vka {
    vka_t vka;
    int slot_error;                      ///< what taking a slot fails with; 0: it succeeds
    int memory_error;                    ///< what making an object fails with; 0: it succeeds
    int slots_taken, slots_given_back;   ///< counts of calls that succeeded
    int memory_taken, memory_given_back; ///< counts of calls that succeeded
    seL4_CPtr next_slot, last_freed_slot;
    cspacepath_t last_dest;
    seL4_Word last_type, last_size_bits, last_target;
    uintptr_t last_paddr; ///< VKA_NO_PADDR: the call had none
    int last_can_use_dev; ///< -1: the call did not say
};

/// Fill in a fake in its first state; fake->vka is the vka.
///
/// Errors:  none.
/// Kernel:  none.
void fake_vka_init(struct fake_vka *fake);

/// What the fake says is the physical address of an object.
///
/// Errors:  none.
/// Kernel:  none.
uintptr_t fake_vka_paddr(seL4_Word target, seL4_Word type, seL4_Word size_bits);
