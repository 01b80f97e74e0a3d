/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Which table a mapping lacked. */
#pragma once

#include <sel4/sel4_arch/mapping.h>
