/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Debug registers of the core of sabre, and where its user addresses end. */
#pragma once

#include <sel4/config.h>
#include <sel4/arch/constants_cortex_a9.h>

#define seL4_UserTop 0xe0000000
#define seL4_UserVSpaceTop (seL4_UserTop - 1)
