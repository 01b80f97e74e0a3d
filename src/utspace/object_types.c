/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */

#include "object_types.h"

#include <sel4/sel4.h>
/* The frames of each architecture: SEL4_FACTS section 2. */
static const seL4_Word frame_types[] = {
#if defined(CONFIG_ARCH_X86)
    seL4_X86_4K,
    seL4_X86_LargePageObject,
#if defined(CONFIG_ARCH_X86_64)
    seL4_X64_HugePageObject,
#endif
#elif defined(CONFIG_ARCH_RISCV)
    seL4_RISCV_4K_Page,
    seL4_RISCV_Mega_Page,
#if defined(CONFIG_ARCH_RISCV64)
    seL4_RISCV_Giga_Page,
#endif
#else
    seL4_ARM_SmallPageObject,
    seL4_ARM_LargePageObject,
#if defined(CONFIG_ARCH_AARCH64)
    seL4_ARM_HugePageObject,
#else
    seL4_ARM_SectionObject,
    seL4_ARM_SuperSectionObject,
#endif
#endif
};

bool am_type_is_frame(seL4_Word type)
{
    for (size_t i = 0; i < sizeof(frame_types) / sizeof(frame_types[0]); i++) {
        if (frame_types[i] == type) {
            return true;
        }
    }
    return false;
}
