/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
// What the rig remembers of the boot CNode's slots.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <sel4/sel4.h>

enum { RIG_SLOTS_OF_BOOT_CNODE = 1 << CONFIG_ROOT_CNODE_SIZE_BITS };

// What was put there last, by what the kernel was asked for; whether it is still there, only the
// kernel knows.
struct rig_slot {
    bool used;  // something may be there
    bool known; // type, size and is_device are known
    bool is_device;
    uint8_t type;      // object type
    uint8_t size_bits; // what Retype was told: log2 bytes of an untyped, log2 slots of a CNode
    uint64_t paddr;    // 0: unknown
    uint8_t origin;    // the initial capability that was moved here; 0: none
};

struct rig_slot *rig_slot(seL4_CPtr slot); // NULL: no slot of the boot CNode

seL4_Word rig_top(void);     // one past the last slot that was used
seL4_Word rig_changes(void); // differs when there was an invocation or a boot meanwhile

// The badge or guard with which the capability there was minted; 0: none.
seL4_Word rig_data(seL4_CPtr slot);

// Is the boot CNode not this thread's CSpace now?
bool rig_elsewhere(void);

// A slot of this thread's CSpace for moments; it is empty.
seL4_CPtr rig_scratch(void);

const seL4_BootInfo *rig_bootinfo(void);
