/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Nothing about spike. */
#pragma once

#include <sel4/config.h>
