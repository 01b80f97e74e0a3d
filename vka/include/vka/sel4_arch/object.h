/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// Picks the allocation functions that only this mode of the architecture has.

#pragma once

#include <vka/object.h>

#if defined(CONFIG_ARCH_X86_64)
#include <vka/sel4_arch/x86_64/object.h>
#elif defined(CONFIG_ARCH_AARCH64)
#include <vka/sel4_arch/aarch64/object.h>
#endif
