/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// Picks the allocation functions that only this architecture has.

#pragma once

#include <vka/object.h>
#include <vka/sel4_arch/object.h>

#if defined(CONFIG_ARCH_X86)
#include <vka/arch/x86/object.h>
#elif defined(CONFIG_ARCH_ARM)
#include <vka/arch/arm/object.h>
#endif
