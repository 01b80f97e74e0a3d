/* SPDX-License-Identifier: BSD-2-Clause
 * Copyright 2026, the allocman authors */
/* Debug registers of pc99. The modelled kernel has no debug API. */
#pragma once

#include <sel4/config.h>
