/* SPDX-License-Identifier: BSD-2-Clause */
/* Copyright 2026, the allocman authors */

/// x86_64: vka_alloc_pml4() makes a top-level page table; of the family of VKA_FIXED_OBJECT.

#pragma once

#include <vka/object.h>

VKA_FIXED_OBJECT(pml4, seL4_X64_PML4Object);
