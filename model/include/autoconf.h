/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* The configuration of kernel and library in one include, as an installed libsel4 has it. */
#pragma once

#include <kernel/gen_config.h>
#include <sel4/gen_config.h>
